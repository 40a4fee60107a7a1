"""A store that is used and mirrored: the client's steps on it, and a shadow that knows what the copy should hold."""

import contextlib
import shutil
import sqlite3
import time

import by_url
import store_rows
import worlds
from command import invoked, judge_by
from forests import NOW

OUTPUT = '{"type":"tool","tool":"bash","state":{"status":"completed","input":{},"output":"%s","metadata":{},' \
         '"title":"t","time":{"start":1,"end":2,"compacted":1700000000000}}}'
KINDS = ("prompt", "prompt", "child", "begin", "delete", "reclaim", "undo", "archive", "prune", "rename")


def mirror(store, url, *flags, code=0, inside=True):
    """A run of the verb; what it says as JSON."""
    return invoked("mirror", f"--to={url}", f"--store={store}", "--json", *flags, inside=inside, code=code).json


@contextlib.contextmanager
def counting(url):
    """Inside, how many rows of each table of the server are written is counted; a dict, filled at the end."""
    found = {}
    if by_url.is_postgres(url):
        by_url.run_sql(url, "SELECT pg_stat_reset()")
        sql = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE schemaname = 'public'"
    else:
        by_url.run_sql(url, "SET GLOBAL userstat = 1", "FLUSH TABLE_STATISTICS")
        sql = "SELECT table_name, rows_changed FROM information_schema.table_statistics " \
              "WHERE table_schema = database() AND table_name NOT LIKE 'lc\\_%' AND table_name NOT LIKE '#sql%'"
    yield found
    time.sleep(0.6)  # a server counts what a connection did once it is gone
    found |= {name: int(n) for name, n in by_url.run_sql(url, sql) if n}


def rows_of(store, sessions):
    """How many rows of each table the sessions have."""
    with contextlib.closing(sqlite3.connect(store)) as con:
        marks = ", ".join("?" * len(sessions))
        keys = {"session": "id", "message": "session_id", "part": "session_id", "todo": "session_id",
                "event": "aggregate_id", "event_sequence": "aggregate_id"}
        return {table: con.execute(f"SELECT COUNT(*) FROM {table} WHERE {key} IN ({marks})", sessions).fetchone()[0]
                for table, key in keys.items()}


class Used:
    """A store and its shadow: what everything would be had nothing been deleted or reclaimed."""

    def __init__(self, path, chance):
        self.path, self.chance, self.number, self.moment = path, chance, 0, NOW - 10**9
        self.shadow = path.parent / "shadow.db"
        shutil.copy(path, self.shadow)

    def both(self, *statements):
        for place in (self.path, self.shadow):
            with contextlib.closing(sqlite3.connect(place)) as con, con:
                for statement in statements:
                    con.execute(statement)

    def ids(self):
        with contextlib.closing(sqlite3.connect(self.path)) as con:
            return sorted(id for (id,) in con.execute("SELECT id FROM session"))

    def step(self):
        """One step of a client or a person, drawn by chance; its name."""
        self.number, self.moment = self.number + 1, self.moment + 1000
        kind = self.chance.choice(KINDS)
        if not self.ids():
            kind = "begin"
        getattr(self, kind)()
        self.follow()
        return kind

    def prompt(self, id=None):
        id, n, at = id or self.chance.choice(self.ids()), self.number, self.moment
        text = OUTPUT % ("output " * self.chance.randrange(1, 60))
        seq = f"(SELECT COALESCE(MAX(seq), -1) + 1 FROM event WHERE aggregate_id = '{id}')"
        upto = f"(SELECT seq + 1 FROM event_sequence WHERE aggregate_id = '{id}')"
        self.both(
            f"INSERT INTO message (id, session_id, time_created, time_updated, data) VALUES "
            f"('msg_{n}', '{id}', {at}, {at}, '{{\"role\":\"user\",\"summary\":{{\"diffs\":[{{\"file\":\"a\"}}]}}}}')",
            f"INSERT INTO part (id, message_id, session_id, time_created, time_updated, data) VALUES "
            f"('prt_{n}', 'msg_{n}', '{id}', {at}, {at}, '{text}')",
            f"INSERT OR IGNORE INTO event_sequence (aggregate_id, seq) VALUES ('{id}', -1)",
            f"INSERT INTO event (id, aggregate_id, seq, type, data) SELECT 'evt_{n}', '{id}', COALESCE({upto}, {seq}), "
            "'message.updated.1', '{}'",
            f"UPDATE event_sequence SET seq = seq + 1 WHERE aggregate_id = '{id}'",
            f"UPDATE session SET time_updated = {at} WHERE id = '{id}'")

    def begin(self, parent="NULL"):
        id = f"ses_{self.number:03}"
        with contextlib.closing(sqlite3.connect(self.path)) as con:
            columns = [row[1] for row in con.execute("PRAGMA table_info(session)")]
            needed = [row[1] for row in con.execute("PRAGMA table_info(session)") if row[3] and row[1] != "id"]
        values = dict.fromkeys(needed, "'x'")
        values |= {"id": f"'{id}'", "parent_id": parent, "project_id": "'prj_a'", "title": f"'new {self.number}'"}
        values |= {name: str(self.moment) if name.startswith("time_") else "0" for name in needed
                   if name.startswith(("time_", "tokens_", "cost"))}
        names = [name for name in columns if name in values]
        self.both(f"INSERT INTO session ({', '.join(names)}) VALUES ({', '.join(values[name] for name in names)})")
        self.prompt(id)

    def child(self):
        self.begin(f"'{self.chance.choice(self.ids())}'")

    def rename(self):
        self.both(f"UPDATE session SET title = 'named {self.number}', time_updated = {self.moment} "
                  f"WHERE id = '{self.chance.choice(self.ids())}'")

    def delete(self):
        """As the client deletes a session, and its children with it: at the source alone."""
        going, ids = {self.chance.choice(self.ids())}, ()
        with contextlib.closing(sqlite3.connect(self.path)) as con, con:
            while len(ids) < len(going):
                ids = tuple(going)
                marks = ", ".join("?" * len(ids))
                going |= {id for (id,) in con.execute(f"SELECT id FROM session WHERE parent_id IN ({marks})", ids)}
            con.execute("PRAGMA foreign_keys = ON")
            for id in going:
                con.execute("DELETE FROM session WHERE id = ?", [id])
                con.execute("DELETE FROM event WHERE aggregate_id = ?", [id])
                con.execute("DELETE FROM event_sequence WHERE aggregate_id = ?", [id])

    def _verb(self, *words):
        from command import invoke

        ran = invoke(*words, f"--store={self.path}", "--yes", inside=True)
        assert "Traceback" not in ran.err, ran.err

    def reclaim(self):
        self._verb("reclaim", "--only=events,compacted,diffs", "--all-events", "--older-than=0d", judge_by())

    def prune(self):
        self._verb("prune", f"--keep={max(1, len(self.ids()) - 2)}", judge_by(NOW + 10**10))

    def undo(self):
        self._verb("undo")

    def archive(self):
        self._verb("archive", f"--session={self.chance.choice(self.ids())}")

    def follow(self):
        """The shadow has the archive flags of the source; whatever else our own verbs take, it keeps."""
        with contextlib.closing(sqlite3.connect(self.shadow)) as con, con:
            con.execute("ATTACH ? AS source", [str(self.path)])
            con.execute("UPDATE session SET time_archived = (SELECT s.time_archived FROM source.session AS s "
                        "WHERE s.id = session.id) WHERE id IN (SELECT id FROM source.session)")

    def expected(self):
        """What the copy should hold, as `worlds.dump` gives it."""
        return sessions_only(worlds.file_dump(self.shadow))


def sessions_only(found):
    """The tables with rows of sessions."""
    return {name: found[name] for name in ("session", "message", "part", "todo", "event", "event_sequence")}


def copied(url):
    return sessions_only(worlds.dump(url))


def held(store):
    with contextlib.closing(sqlite3.connect(store)) as con:
        return sessions_only(worlds.public(store_rows.dump(con)))
