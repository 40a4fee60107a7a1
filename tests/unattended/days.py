"""A store that somebody works in day after day, in a file or on a server; imports nothing of the product."""

import hashlib
import json
import random
import sqlite3
from contextlib import closing

from by_url import connect
from forests import NOW

DAY = 86_400_000
PART = 4_000               # octets of a part, more or less
# Words that a server cannot pack to nothing; a text is a piece of them.
WORDS = random.Random(1)
SAID = " ".join("".join(WORDS.choices("etaoinshrdlu", k=WORDS.randint(2, 9))) for _ in range(40_000))
PROTECTED = ("ses_shared", "ses_pinned", "ses_release", "ses_running")
TABLES = ("session", "message", "part", "event", "event_sequence", "session_share", "todo")


class Days:
    """Rows of sessions into a store by path or URL."""

    def __init__(self, store):
        self.server = "://" in str(store)
        self.store = str(store)

    def connection(self):
        return connect(self.store) if self.server else sqlite3.connect(self.store)

    def insert(self, con, table, rows):
        mark = "%s" if self.server else "?"
        columns = list(rows[0])
        con.cursor().executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
                                 f"({', '.join([mark] * len(columns))})", [tuple(row.values()) for row in rows])

    def begin(self, protected=PROTECTED):
        """A project, and trees that are old from the first day on and that something protects."""
        with closing(self.connection()) as con:
            self.insert(con, "project", [{"id": "p", "worktree": "/w", "sandboxes": "[]"} | at(NOW)])
            for id in protected:
                self.tree(con, id, NOW - 40 * DAY, 3, title="Release 1.0" if id == "ses_release" else id,
                          share_url="https://example" if id == "ses_shared" else None)
            con.commit()

    def live(self, day, octets):
        """A day's work: trees of a root and a child, half of whose octets are in the log."""
        trees = max(2, min(20, octets // 500_000))
        with closing(self.connection()) as con:
            for n in range(trees):
                self.tree(con, f"ses_{day:04}_{n:02}", NOW + day * DAY + n * 60_000,
                          max(1, octets // trees // PART // 2))
            moment = NOW + day * DAY                        # one goes on running
            con.cursor().execute(f"UPDATE message SET time_updated = {moment}, data = '{{\"role\":\"assistant\"}}' "
                                 "WHERE session_id = 'ses_running'")
            con.cursor().execute(f"UPDATE session SET time_updated = {moment} WHERE id = 'ses_running'")
            con.commit()

    def tree(self, con, id, moment, parts, **more):
        for name, parent in ((id, None), (f"{id}_child", id)):
            self.insert(con, "session", [{"id": name, "parent_id": parent, "project_id": "p", "slug": "s",
                                          "directory": "/w", "title": name, "version": "1"} | more | at(moment)])
            self.insert(con, "message", [{"id": f"msg_{name}", "session_id": name, "data": json.dumps(
                {"role": "assistant", "time": {"created": moment, "completed": moment + 1}})} | at(moment)])
        said = [json.dumps({"type": "text", "text": f"{id} {n} {piece(id, n)}"}) for n in range(parts)]
        self.insert(con, "part", [{"id": f"prt_{id}_{n}", "message_id": f"msg_{id}", "session_id": id, "data": data}
                                  | at(moment) for n, data in enumerate(said)])
        self.insert(con, "event_sequence", [{"aggregate_id": id, "seq": 2 * parts}])
        # What was streamed: each part as it began and as it ended; the client keeps both.
        self.insert(con, "event", [{"id": f"evt_{id}_{n}_{turn}", "aggregate_id": id, "seq": 2 * n + turn,
                                    "type": "message.part.updated.1",
                                    "data": json.dumps({"part": {"id": f"prt_{id}_{n}"} | json.loads(data)})}
                                   for n, data in enumerate(said) for turn in (0, 1)])

    def sessions(self):
        """The ids of all sessions."""
        return {id for (id,) in self.rows("SELECT id FROM session")}

    def rows(self, query):
        with closing(self.connection()) as con:
            cursor = con.cursor()
            cursor.execute(query)
            yield from cursor.fetchall()

    def digest(self, logs=True):
        """Of every row: the same for the same rows."""
        found = hashlib.sha256()
        for table in TABLES if logs else TABLES[:3]:
            with closing(self.connection()) as con:
                cursor = con.cursor()
                cursor.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
                for row in cursor:
                    found.update(repr(tuple(row)).encode())
        return found.hexdigest()


def piece(id, n):
    begin = hash_of(f"{id} {n}") % (len(SAID) - PART)
    return SAID[begin:begin + PART]


def hash_of(text):
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest())


def at(moment):
    return {"time_created": moment, "time_updated": moment}
