"""The store written anew without what goes, and put in its place whole: the same end as batch after batch, or none."""

import json
import os
import shutil
import signal
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import command
import drawn
import forests
import oracle
import product
import pytest
import store_rows
from command import dump, invoked, judge_by
from forests import NOW
from hypothesis import given
from judged import POLICIES
from moments import DAY
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.cascade import anew, plan_file, removal
from opencode_lifecycle.sql.engines.sqlite import anew as file
from opencode_lifecycle.sql.engines.sqlite import client_probe

PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--no-export", "--vacuum", "--json")



@pytest.fixture
def store(tmp_path, monkeypatch):
    """A small store, of which nothing says that batches would be quicker; temporary files have a folder of theirs."""
    (tmp_path / "store").mkdir()
    (tmp_path / "scratch").mkdir()
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path / "scratch"))
    monkeypatch.setitem(anew.COSTS, "anew_fixed", 0)
    yield command.planted(tmp_path / "store" / "opencode.db", trees=20)
    assert not list((tmp_path / "scratch").iterdir())


def pruned(store, way="anew", code=0, words=PRUNE, **more):
    ran = invoked(*words, f"--store={store}", code=code, inside=True, **more)
    assert ran.json["applied"]["way"] == way, ran
    return ran


def content(path):
    """Everything that is in a file: what its schema and its header say, and every row under its number."""
    with closing(sqlite3.connect(path)) as con:
        con.text_factory = bytes
        schema = sorted(con.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall(), key=repr)
        header = [con.execute(f"PRAGMA {name}").fetchone() for name in (
            "user_version", "application_id", "page_size", "auto_vacuum", "encoding", "journal_mode")]
        tables = [name.decode() for kind, name, *_ in schema if kind == b"table"]
        rows = {name: sorted(con.execute(f"SELECT rowid, * FROM {store_rows.quoted(name)}").fetchall(), key=repr)
                for name in tables}
    return schema, header, rows


def both_ways(path, asked):
    """The content after each way, and what the second did."""
    found, other = [], path.with_name("other.db")
    with closing(sqlite3.connect(path)) as con:
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("PRAGMA user_version = -7")
        con.execute("PRAGMA application_id = 77")
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(path, other)
    for whole, place in ((False, path), (True, other)):
        with stores.opened(str(place)) as opened, product.told(asked), client_probe.watching(place) as probe:
            _, script = removal.plan(opened, product.question_of(asked, NOW))
            done = removal.run(opened, script, probe, "prune", "", lambda _: None, whole=whole).outcome
        assert not done.spared
        found.append((content(place), done.rows, done.sessions))
    return found, done, other


@given(recipe=drawn.forests(), asked=POLICIES, schema=drawn.schemas())
def test_both_ways_leave_the_same_to_the_octet_and_to_the_number_of_each_row(tmp_path_factory, recipe, asked, schema):
    path = forests.build(recipe, tmp_path_factory.mktemp("s") / "s.db", schema)
    (one, other), done, there = both_ways(path, asked)
    assert one == other
    assert done.anew or not done.sessions and done.instead == "nothing of it may go", done
    assert sqlite3.connect(there).execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_what_the_client_does_not_know_stays_as_it_is(store):
    """Tables, columns, indexes, views, triggers and figures of the planner; numbers that SQLite counts."""
    with command.opened(store) as con:
        con.executescript("""
            CREATE TABLE "o'd ""d" (id INTEGER PRIMARY KEY AUTOINCREMENT, a, b GENERATED ALWAYS AS (a || 'x') STORED);
            INSERT INTO "o'd ""d" (id, a) VALUES (70, x'00ff'), (9, 1.5), (-4, NULL);
            DELETE FROM "o'd ""d" WHERE id = 70;
            CREATE TABLE plain (a TEXT COLLATE NOCASE DEFAULT 'q', b CHECK (b > 5));
            PRAGMA ignore_check_constraints = ON;
            INSERT INTO plain VALUES (CAST(x'ff41' AS TEXT), 1), ('A', 9);
            DELETE FROM plain WHERE rowid = 1;
            INSERT INTO plain (rowid, b) VALUES (9223372036854775807, 3);
            ALTER TABLE plain ADD COLUMN later TEXT DEFAULT 'd';
            CREATE UNIQUE INDEX "partly" ON plain (a, lower(b)) WHERE b > 2;
            CREATE VIEW seen AS SELECT * FROM plain;
            CREATE TRIGGER told AFTER INSERT ON plain BEGIN DELETE FROM plain; END;
            ALTER TABLE part ADD COLUMN more TEXT;
            UPDATE part SET more = id;
            ANALYZE;
        """)
    with command.opened(command.copy(store)) as con:
        removed = oracle.removed_ids(oracle.judge(con, oracle.Policy(max_age_ms=30 * DAY), NOW))
        wanted = store_rows.survivors(con, removed)
        checked = con.execute("PRAGMA integrity_check").fetchall()  # rows that break a rule of their table may stay
    before = content(store)
    pruned(store)
    after = content(store)
    assert after[:2] == before[:2]
    known = {"session", "message", "part", "todo", "event", "event_sequence"}
    assert {name: rows for name, rows in after[2].items() if name not in known} \
        == {name: rows for name, rows in before[2].items() if name not in known}
    assert dump(store) == wanted
    with command.opened(store) as con:
        assert con.execute("PRAGMA integrity_check").fetchall() == checked


HINDERED = {
    "its journal is no WAL": "PRAGMA journal_mode = DELETE",
    "it has a table that a module makes": "CREATE VIRTUAL TABLE found USING fts5(a)",
    "it has a table without row numbers of its own": "CREATE TABLE odd (a PRIMARY KEY) WITHOUT ROWID",
    "without row numbers": "CREATE TABLE odd (OID TEXT)",
    "sets something in motion": "CREATE TRIGGER t AFTER DELETE ON part BEGIN SELECT 1; END",
}


@pytest.mark.parametrize("why", HINDERED)
def test_a_store_that_cannot_be_written_anew_goes_batch_after_batch(store, why):
    with command.opened(store) as con:
        con.execute(HINDERED[why])
    ran = pruned(store, "batches", words=(*PRUNE, "--ignore-table=t"))
    assert why in ran.err and ran.json["applied"]["sessions"] == 57 and ran.json["applied"]["returned_bytes"] > 0


def test_what_is_to_be_overwritten_is_not_left_where_the_file_ended(store, tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text("[limits]\nmax_age = 30\n[space]\noverwrite = true\n")
    ran = invoked("prune", f"--policy={policy}", *PRUNE[2:], f"--store={store}", inside=True)
    assert ran.json["applied"]["way"] == "batches" and "overwritten with zeros" in ran.err


def test_the_way_is_told_before_anything_is_asked(store):
    said = invoked("prune", "--days=30", judge_by(), "--dry-run", "--vacuum", f"--store={store}", inside=True).err
    assert "Way: what stays is written anew, once (about " in said and "batch after batch and a vacuum: " in said


# --- what comes in between -----------------------------------------------------------------------


def at(monkeypatch, place, name, do, after=True):
    """Do something once, after or before a step."""
    step, done = getattr(place, name), []

    def stepped(*words, **more):
        if not after and not done:
            done.append(do())
        found = step(*words, **more)
        if after and not done:
            done.append(do())
        return found

    monkeypatch.setattr(place, name, stepped)


STEPS = ((anew, "_choose"), (anew, "_copy"), (file, "finish"))


@pytest.mark.parametrize(("place", "name"), STEPS)
def test_a_tree_that_is_written_to_meanwhile_is_spared(store, monkeypatch, place, name):
    def write():
        with command.another(store, "UPDATE session SET time_updated = time_updated + 1 WHERE id = 'ses_0003_b'"):
            pass

    at(monkeypatch, place, name, write)
    ran = pruned(store, "batches")
    assert ran.json["applied"]["spared"] == ["ses_0003_a"] and ran.json["applied"]["sessions"] == 54
    assert "was changed meanwhile" in ran.err
    command.sound(store)


@pytest.mark.parametrize(("place", "name"), STEPS)
def test_what_is_written_meanwhile_to_what_stays_is_not_lost(store, monkeypatch, place, name):
    def write():
        with command.another(store, "UPDATE session SET title = 'new' WHERE id = 'ses_0019_a'"):
            pass

    at(monkeypatch, place, name, write)
    pruned(store, "batches")
    with command.opened(store) as con:
        assert con.execute("SELECT title FROM session WHERE id = 'ses_0019_a'").fetchone() == ("new",)


def test_a_session_that_is_pinned_meanwhile_is_spared(store, monkeypatch):
    at(monkeypatch, file, "finish", lambda: command.invoke("pin", "ses_0004_c", f"--store={store}"))
    ran = pruned(store, "batches")
    assert ran.json["applied"]["spared_why"] == {"ses_0004_a": "pinned"} and "was pinned meanwhile" in ran.err


def test_a_client_that_opens_the_store_meanwhile_gets_it_in_short_transactions(store, monkeypatch):
    with ExitStack() as stack:
        at(monkeypatch, file, "finish", lambda: stack.enter_context(command.client(store)))
        ran = pruned(store, "batches", code=75)  # and space does not come back as long as it has it open
        assert "another program has opened it" in ran.err and ran.json["applied"]["sessions"] == 57


def test_a_client_that_comes_while_the_file_is_switched_waits_for_a_few_pages_alone(store, monkeypatch):
    """The lock is let go of, and the batches go on."""
    monkeypatch.setattr(file, "PAGES", 4)
    looks, client = [], client_probe.Probe.client

    def seen(probe):
        looks.append(1)
        return 4711 if len(looks) == 6 else client(probe)

    monkeypatch.setattr(client_probe.Probe, "client", seen)
    ran = pruned(store, "batches")
    assert "another program has opened it" in ran.err and ran.json["applied"]["sessions"] == 57
    command.sound(store)


def test_the_locks_of_the_first_connection_are_held_while_a_second_one_is_opened(store, monkeypatch):
    """To open the file by other means, and close it, would let go of them."""
    monkeypatch.setattr(file, "PAGES", 4)
    locks, client, inode = [], client_probe.Probe.client, store.stat().st_ino

    def seen(probe):
        lines = Path("/proc/locks").read_text().splitlines()
        locks.append(any(words[4] == str(os.getpid()) and words[5].endswith(f":{inode}")
                         for words in map(str.split, lines)))
        return client(probe)

    monkeypatch.setattr(client_probe.Probe, "client", seen)
    pruned(store)
    assert len(locks) > 6 and all(locks[2:])


def test_another_writer_is_waited_for_and_then_given_way_to(store, monkeypatch):
    monkeypatch.setattr(file, "WAIT", 0.1)
    with ExitStack() as stack:
        at(monkeypatch, anew, "_switch", lambda: stack.enter_context(command.writer(store)), after=False)
        monkeypatch.setattr(client_probe.Probe, "client", lambda probe: 0)
        ran = command.invoke(*PRUNE, f"--store={store}", inside=True)
        assert ran.code == 75 and "locked" in ran.sentence
    assert len(command.sessions_of(store)) == 60


@pytest.mark.parametrize("harm", [
    "DELETE FROM anew.session WHERE id = 'ses_0019_c'", "UPDATE anew.part SET data = data || ' '",
    "UPDATE anew.session SET title = upper(title)", "INSERT INTO anew.todo SELECT * FROM main.todo LIMIT 1",
])
def test_a_new_file_that_is_not_what_it_has_to_be_takes_no_place(store, monkeypatch, harm):
    fill = file.fill

    def harmed(connection, *words):
        fill(connection, *words)
        connection.execute(harm)

    monkeypatch.setattr(file, "fill", harmed)
    original = command.copy(store)
    ran = pruned(store, "batches")
    assert "were to go and" in ran.err and len(command.whole_trees(original, store)) == 57
    command.sound(store)


def test_a_schema_that_does_not_come_out_the_same_takes_no_place(store, monkeypatch):
    make = file._make
    monkeypatch.setattr(file, "_make", lambda old, new, kinds: make(old, new, set(kinds) - {"index"}))
    assert "letter by letter" in pruned(store, "batches").err


# --- kills and full disks ------------------------------------------------------------------------


KILLED = """
import json, os, signal, sys
from opencode_lifecycle import tasks
from opencode_lifecycle.sql import space
from opencode_lifecycle.sql.cascade import anew
from opencode_lifecycle.sql.engines.sqlite import anew as file, client_probe
anew.COSTS["anew_fixed"] = 0
file.PAGES = 4
place, name, number = json.loads(sys.argv[1])
holder = {"anew": anew, "file": file, "space": space, "probe": client_probe.Probe}[place]
step, seen = getattr(holder, name), []
def killed(*words, **more):
    seen.append(1)
    if len(seen) == abs(number) and number < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    found = step(*words, **more)
    if len(seen) == number:
        os.kill(os.getpid(), signal.SIGKILL)
    return found
setattr(holder, name, killed)
tasks.program.run(["invoke", *sys.argv[2:]])
"""
MOMENTS = {  # a step of a module, its number; below zero: before it
    "before anything": ("anew", "_choose", -1), "chosen": ("anew", "_choose", 1), "copied": ("file", "fill", 1),
    "held against the store": ("anew", "_copy", 1), "finished": ("file", "finish", 1),
    "the lock just taken": ("probe", "client", 4), "half switched": ("probe", "client", 8),
    "nearly switched": ("probe", "client", 12),
    "switched": ("file", "switch", 1), "before the WAL came in": ("space", "checkpoint", -1),
    "after it came in": ("space", "checkpoint", 1),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_that_is_killed_leaves_the_old_store_or_the_new_one(store, tmp_path, moment):
    before = dump(store)
    ran = command.invoke(json.dumps(MOMENTS[moment]), *PRUNE, f"--store={store}", program=("-c", KILLED))
    assert ran.code == -signal.SIGKILL, ran
    assert not list((tmp_path / "scratch").iterdir())
    switched = moment in ("switched", "before the WAL came in", "after it came in")
    assert (dump(store) == before) != switched
    assert len(command.sessions_of(store)) == (3 if switched else 60)
    command.sound(store)
    again = invoked(*PRUNE, f"--store={store}", inside=True)
    assert len(command.sessions_of(store)) == 3
    assert again.json["totals"]["sessions"] == (0 if switched else 57)
    command.sound(store)


def test_a_run_that_is_interrupted_while_the_file_is_switched_leaves_it_as_it_was(store, monkeypatch):
    monkeypatch.setattr(file, "PAGES", 4)
    before, looks, client = dump(store), [], client_probe.Probe.client

    def pressed(probe):
        looks.append(1)
        if len(looks) == 6:
            raise KeyboardInterrupt
        return client(probe)

    monkeypatch.setattr(client_probe.Probe, "client", pressed)
    ran = command.invoke(*PRUNE, f"--store={store}", inside=True)
    assert ran.code == 130 and dump(store) == before, ran
    command.sound(store)


@pytest.mark.parametrize("full", ["scratch", "store"])
def test_a_disk_that_fills_meanwhile_leaves_whole_trees(tmp_path, monkeypatch, full):
    """The new file does not fit any more, or the WAL does not: the store is as it was, and the batches go on, if there
    is room for them."""
    monkeypatch.setattr(anew.Ways, "chosen", True)
    for name in ("scratch", "store"):
        (tmp_path / name).mkdir()
    with command.small_disk(tmp_path / full, "8m"):
        store = command.planted(tmp_path / "store" / "opencode.db", trees=40, fresh=20, pad=2_000)
        original = shutil.copy(store, tmp_path / "original.db")
        monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path / "scratch"))
        at(monkeypatch, anew, "_choose" if full == "scratch" else "_copy",
           lambda: command.fill(tmp_path / full, leave=100_000))
        ran = command.invoke(*PRUNE, f"--store={store}", inside=True)
        assert "full" in ran.err and "Traceback" not in ran.err and (ran.code or "not written anew" in ran.err), ran
        (tmp_path / full / "filler").unlink()
        assert command.whole_trees(original, store) in (set(), {f"ses_{n:04}_{x}" for n in range(20) for x in "abc"})
        command.sound(store)


# --- with an export ------------------------------------------------------------------------------


EXPORTED = tuple(word for word in PRUNE if word != "--no-export")


def test_what_goes_is_held_against_the_export_and_comes_back_whole(store):
    before = dump(store)
    ran = pruned(store, words=EXPORTED)
    assert ran.json["applied"]["export"] and ran.json["applied"]["sessions"] == 57
    invoked("undo", "--yes", f"--store={store}", inside=True)
    assert dump(store) == before


@pytest.mark.parametrize("sliced", [False, True])
def test_a_row_that_is_written_anew_between_export_and_guard_spares_its_tree(store, monkeypatch, sliced):
    """Of the same length and with the same time: only what was exported tells."""
    if sliced:
        monkeypatch.setattr(plan_file, "BATCH_BYTES", 500)
        monkeypatch.setattr(plan_file, "SLICE_BYTES", 300)

    def write():
        statement = "UPDATE event SET data = replace(data, 'x', 'y') WHERE aggregate_id = 'ses_0002_b'"
        with command.another(store, statement):
            pass

    at(monkeypatch, removal, "export_plan", write)
    ran = pruned(store, words=EXPORTED)
    assert ran.json["applied"]["spared_why"] == {"ses_0002_a": "changed"} and ran.json["applied"]["sessions"] == 54


