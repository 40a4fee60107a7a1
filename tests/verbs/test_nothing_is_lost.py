"""Whatever verbs run in whatever order beside a client that writes: every row is in the store, or in a file of ours
from which a verb brings it back.

A state machine keeps the rows that are owed: those of the beginning, and what the client has written and has not
itself deleted. After every step each is looked for; at the end the verbs bring back all that is not in the store.
`LIFECYCLE_STEPS=50000` runs more of it than CI does.
"""

import io
import os
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from json import loads
from pathlib import Path
from unittest import mock

import command
import forests
import odd_values
import wear
from forests import NOW
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from invoke import Exit
from moments import DAY
from opencode_lifecycle import tasks
from opencode_lifecycle.sql import state
from opencode_lifecycle.sql.reclamation import originals_file as valuefile
from rows_kept import FILE, OF_SESSION, Rows, of_file, of_store, value
from size import sized

STEPS = int(os.environ.get("LIFECYCLE_STEPS", sized(200, 1_000, 2_000)))
LENGTH = 100
SCHEMAS = ("1.18.33", "1.18.33", "v2.0-mixed-simulated")
BELOW = """WITH RECURSIVE down (id) AS (SELECT ? UNION SELECT s.id FROM session AS s JOIN down ON s.parent_id = down.id)
SELECT id FROM down"""
WEIGHTS = {"prune": 8, "prune_for_good": 1, "reclaim": 6, "reclaim_for_good": 1, "undo": 7, "undo_any": 9, "restore": 9,
           "put_attachments_back": 1, "export": 2, "archive": 2, "pin": 2, "client_says": 8, "client_begins": 7,
           "client_renames": 4, "client_edits": 6, "client_deletes": 2}
DONE = Counter()  # verbs by exit code, told at the end
KINDS = ("compacted", "diffs", "outputs", "reasoning", "attachments", "leftovers", "events", "orphans", "files")
WITHOUT_CONTENT = ("events", "orphans", "files")  # of which nobody misses anything in the client
AT = str(NOW)


class Machine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="lost-"))
        self.env = os.environ | {f"XDG_{name}_HOME": str(self.home / name.lower())
                                 for name in ("STATE", "DATA", "CONFIG", "CACHE")}
        self.path, self.files, self.said = self.home / "opencode.db", {}, []
        self.number = self.count = 0

    @initialize(seed=st.integers(0, 500), schema=st.sampled_from(SCHEMAS))
    def plant(self, seed, schema):
        recipe = command.grove(trees=5, parts=1, pad=20, fresh=2)
        forests.build(wear.worn(recipe, seed), self.path, schema)
        self.lay_beside(seed)
        con = self.con()
        self.tables = {name for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        self.owed = of_store(self.path).pieces()
        con.close()

    def lay_beside(self, seed):
        """Diffs of sessions that are there and that are not, and outputs that have expired."""
        for folder in ("storage/session_diff", "tool-output"):
            (self.home / folder).mkdir(parents=True)
        for id in self.sessions()[seed % 2::2]:
            if id.isascii() and id.isprintable():
                (self.home / "storage" / "session_diff" / f"{id}.json").write_text(f'["{id}"]')
        for number in range(3):
            (self.home / "tool-output" / f"tool_{number}").write_text(f"output {number}")

    def teardown(self):
        try:
            if hasattr(self, "owed"):
                self.bring_back_everything()
        finally:
            shutil.rmtree(self.home, ignore_errors=True)

    # --- the verbs ---

    def verb(self, name, *words, codes=(0, 3), json=True, **flags):
        """The body of a verb, without the parsing of a command line; what it printed as JSON."""
        flags |= {"store": str(self.path)} | ({"json": True} if json else {})
        out, code, said = io.StringIO(), 0, ""
        with redirect_stdout(out), redirect_stderr(io.StringIO()), mock.patch.dict(os.environ, self.env):
            try:
                getattr(tasks, name).body(None, *map(str, words), **flags)
            except Exit as end:
                code, said = end.code, end.message
        self.said.append((self.count, name, *words, flags, code, said))
        DONE[name, code] += 1
        assert code in codes, self.told(())
        return loads(out.getvalue()) if out.getvalue().strip() else None

    @rule(dice=st.integers(0, 2**32 - 1))
    def step(self, dice):
        """One of the steps below, drawn from all of them: hypothesis alone would repeat a few."""
        self.count += 1
        self.rng = random.Random(f"{dice} {self.count}")
        name = self.rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        getattr(self, name)()

    def prune(self):
        self.verb("prune", days=self.rng.choice(("1", "30", "300")), children=self.rng.choice((None, "2d")), now=AT,
                  yes=True)

    def prune_for_good(self):
        """What goes without an export was named, and nothing else goes."""
        before = of_store(self.path).pieces()
        ran = self.verb("prune", keep=self.rng.choice("234"), now=AT, yes=True, no_export=True)
        named = {value(id) for one in ran["remove"] for id in one["sessions"]}
        gone = before - of_store(self.path).pieces()
        assert {place[1] for place, _ in gone if place[0] in ("session", "session_v2")} <= named
        self.waive(gone)
        lost = {place[1] for place, _ in gone - self.owed if place[0] in ("session", "session_v2")}
        self.forget(self.logged(lost))

    def reclaim(self):
        kinds = self.rng.sample(KINDS, self.rng.randint(1, 3))
        self.verb("reclaim", only=",".join(kinds), older_than=self.rng.choice(("0d", "7d")), now=AT, yes=True,
                  all_events=self.rng.random() < 0.3)

    def reclaim_for_good(self):
        """Kinds that take what nobody needs: nothing but the log of sessions, rows without one, and files."""
        before, kind = of_store(self.path), self.rng.choice(WITHOUT_CONTENT)
        self.verb("reclaim", only=kind, all_events=self.rng.random() < 0.3, now=AT, yes=True, no_export=True)
        gone = before.pieces() - of_store(self.path).pieces()
        if kind == "events":
            assert {place[0] for place, _ in gone} <= {"event"}
        if kind == "files":
            assert {place[0] for place, _ in gone} <= {FILE}
        assert not {place for place, _ in gone if place[0] in ("session", "session_v2")}
        self.waive(gone)

    def undo(self):
        self.verb("undo", yes=True, no_pin=self.rng.random() < 0.7, codes=(0, 3, 64))

    def undo_any(self):
        runs = [run["id"] for run in self.verb("history")["runs"] if run["can_undo"] or self.rng.random() < 0.1]
        if runs:
            self.verb("undo", run=str(self.rng.choice(runs)), yes=True, no_pin=self.rng.random() < 0.7,
                      codes=(0, 3, 64))

    def restore(self):
        if self.kept():
            file = self.rng.choice(self.kept())
            replace = self.rng.random() < 0.5 and not valuefile.is_one(file)
            self.verb("restore", file, replace=replace, yes=True, no_pin=self.rng.random() < 0.7)

    def put_attachments_back(self):
        self.verb("restore", "", attachments=True)

    def export(self):
        self.number += 1
        self.verb("export", f"{self.home}/of_mine_{self.number}.json.zst", older_than=self.rng.choice(("1d", "300d")),
                  now=AT)

    def archive(self):
        self.verb(self.rng.choice(("archive", "unarchive")), older_than=self.rng.choice(("1d", "300d")), now=AT,
                  yes=True)

    def pin(self):
        if there := self.sessions():
            self.verb(self.rng.choice(("pin", "unpin", "unpin")), self.rng.choice(there), codes=(0, 64), json=False)

    # --- the client ---

    def client_says(self):
        if not (there := self.sessions()):
            return
        id, moment = self.rng.choice(there), NOW - self.rng.choice((0, 2, 40)) * DAY - 1
        self.number += 1
        message, part = f"msg_new_{self.number:04}", f"prt_new_{self.number:04}"
        self.write("message", {"id": message, "session_id": id, "time_created": moment, "time_updated": moment,
                               "data": odd_values.DONE})
        self.write("part", {"id": part, "message_id": message, "session_id": id, "time_created": moment,
                            "time_updated": moment, "data": f'{{"type":"text","text":"said {self.number}"}}'})
        self.edit("session", id, "time_updated", moment)

    def client_begins(self):
        self.number += 1
        moment, there = NOW - self.rng.choice((0, 2, 40, 400)) * DAY - 1, self.sessions()
        parent = self.rng.choice(there) if there and self.rng.random() < 0.5 else None
        self.write("session", {"id": f"ses_new_{self.number:04}", "project_id": "prj_a", "parent_id": parent,
                               "slug": "s", "directory": "/work", "title": f"new {self.number}", "version": "1",
                               "time_created": moment, "time_updated": moment})

    def client_renames(self):
        self.number += 1
        if there := self.sessions():
            self.edit("session", self.rng.choice(there), "title", f"named {self.number}")

    def client_edits(self):
        self.number += 1
        if there := self.ids("part"):
            self.edit("part", self.rng.choice(there), "data", f'{{"type":"text","text":"edited {self.number}"}}')

    def client_deletes(self):
        """A session and all below it, as the client does it."""
        if not (there := self.sessions()):
            return
        before, con = of_store(self.path).pieces(), self.con()
        gone = [one for (one,) in con.execute(BELOW, (self.rng.choice(there),))]
        for one in gone:
            con.execute("DELETE FROM part WHERE message_id IN (SELECT id FROM message WHERE session_id = ?)", (one,))
            for table, key in OF_SESSION.items():
                if table in self.tables:
                    con.execute(f"DELETE FROM {table} WHERE {key} = ?", (one,))
        con.close()
        self.forget({place for place, _ in before - of_store(self.path).pieces()} | self.logged(map(value, gone)))

    def logged(self, sessions):
        """The events of sessions that are owed, in the store or not: they go with their session for good."""
        own = {("aggregate_id", one) for one in sessions}
        return {place for place, held in self.owed if place[0] == "event" and own & set(held)}

    # --- what is owed ---

    @invariant()
    def everything_is_somewhere(self):
        if hasattr(self, "owed"):
            lost = self.missing_from([of_store(self.path), *self.read_files()])
            assert not lost, self.told(lost)

    def told(self, lost):
        return f"{len(lost)} lost: {sorted(lost, key=repr)[:4]}\nafter\n" + "\n".join(map(repr, self.said[-12:]))

    def missing_from(self, kept):
        return {piece for piece in self.owed if not any(piece in rows for rows in kept)}

    def waive(self, gone):
        """What went for good, as its verb had said: owed no more, unless a file has it all the same."""
        kept = [of_store(self.path), *self.read_files()]
        self.owed -= {piece for piece in gone if not any(piece in rows for rows in kept)}
        rows = {place for place, _ in self.owed}
        self.owed = {piece for piece in self.owed if isinstance(piece[1], frozenset) or piece[0][:-1] in rows}

    def forget(self, places):
        """The client has deleted these rows itself: whatever they held."""
        self.owed = {piece for piece in self.owed if not {piece[0], piece[0][:-1]} & places}

    def read_files(self):
        for path in self.kept():
            if path not in self.files:
                self.files[path] = of_file(path)
        self.files = {path: rows for path, rows in self.files.items() if path.exists()}
        return self.files.values()

    def kept(self):
        """The files that a verb brings back from, the oldest first."""
        ours = self.home / "data" / "opencode-lifecycle" / "exports"
        found = [*(ours.iterdir() if ours.exists() else ()), *self.home.glob("of_mine*")]
        return sorted((path for path in found if not path.name.startswith(".")),
                      key=lambda path: (path.stat().st_mtime_ns, path.name))

    def bring_back_everything(self):
        """The proof: verbs alone, the newest file first, bring back whatever is owed."""
        seen = set()
        self.see(seen)
        for wanted, replace in ((True, False), (True, True), (False, True)):  # the last: files of rows seen before
            for path in reversed(self.kept()):
                if not self.owed - seen:
                    return
                if not valuefile.is_one(path) and (self.holds(path, seen) or not wanted):
                    self.verb("restore", path, replace=replace, yes=True)
                    self.see(seen)
                    self.values_back(seen)
            self.values_back(seen, every=replace)
        lost = self.owed - seen
        if lost and "LOST_KEEP" in os.environ:
            shutil.copytree(self.home, os.environ["LOST_KEEP"], dirs_exist_ok=True)
        assert not lost, "not brought back by any verb: " + self.told(lost)

    def values_back(self, seen, every=False):
        """Of the files that have what is missing; of `every` one where a value was shrunk twice."""
        for path in reversed(self.kept()):
            if self.owed - seen and valuefile.is_one(path) and (every or self.holds(path, seen)):
                self.verb("restore", path)
                self.see(seen)

    def holds(self, path, seen):
        self.read_files()
        return any(piece in self.files[path] for piece in self.owed - seen)

    def see(self, seen):
        there = of_store(self.path)
        seen |= {piece for piece in self.owed if piece in there}

    # --- the client's pen ---

    def con(self):
        return sqlite3.connect(self.path, isolation_level=None)

    def ids(self, table):
        con = self.con()
        found = [id for (id,) in con.execute(f"SELECT id FROM {table} WHERE typeof(id) = 'text' ORDER BY id")]
        con.close()
        return found

    def sessions(self):
        return self.ids("session")

    def write(self, table, row):
        con = self.con()
        columns = {name for _, name, *_ in con.execute(f"PRAGMA table_info({table})")}
        row = {name: found for name, found in row.items() if name in columns}
        con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
        con.close()
        self.owe(table, row["id"])

    def edit(self, table, id, column, new):
        con = self.con()
        before = self.held(table, id)
        con.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (new, id))
        con.close()
        after = self.held(table, id)
        # What the client wrote over is its own doing; what a reclamation took of the same row stays owed.
        place = (table, value(id))
        self.owed = {piece for piece in self.owed if piece[0] != place and piece[0] != (*place, column)}
        self.owed |= {piece for piece in after.pieces()
                      if piece[0] == place or piece not in before and piece[0] == (*place, column)}

    def owe(self, table, id):
        self.owed |= self.held(table, id).pieces()

    def held(self, table, id):
        rows, con = Rows(), self.con()
        con.text_factory = bytearray
        cursor = con.execute(f"SELECT * FROM {table} WHERE id = ?", (id,))
        names = [bytes(column[0]).decode() if isinstance(column[0], bytearray) else column[0]
                 for column in cursor.description]
        for row in cursor:
            rows.add(table, dict(zip(names, row, strict=True)))
        con.close()
        return rows


def test_every_row_is_in_the_store_or_in_a_file_that_a_verb_brings_it_back_from(own_folders, say):
    assert state.folder().is_relative_to(own_folders)
    phases = [Phase.generate, *([Phase.shrink] if "LIFECYCLE_SHRINK" in os.environ else [])]
    run_state_machine_as_test(Machine, settings=settings(
        max_examples=max(1, STEPS // LENGTH), stateful_step_count=LENGTH, deadline=None, database=None,
        derandomize=STEPS <= 2_000, phases=phases, suppress_health_check=list(HealthCheck)))
    told = ", ".join(f"{verb} {code}: {n:,}" for (verb, code), n in sorted(DONE.items()))
    say(f"{STEPS:,} steps; verbs by exit code: {told}")
