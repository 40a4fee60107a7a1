"""Stores made to be difficult: nothing is torn, nothing runs, nothing is written that was not meant."""

import re
import sqlite3
import subprocess

import command
import forests
import moments
import oracle
import pytest
import store_rows
from command import dump, invoked, judge_by, refused
from forests import NOW, Recipe, Row, Session
from places import SCHEMAS

PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--no-export")


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=4, parts=2, pad=10)


def at(store):
    return f"--store={store}"


def wanted(path):
    with command.opened(path) as con:
        removed = oracle.removed_ids(oracle.judge(con, oracle.Policy(max_age_ms=30 * moments.DAY), NOW))
        return store_rows.survivors(con, removed)


ODD = (
    "",
    "'",
    "''",
    '"',
    "\\",
    "\\'",
    "ses_ü",
    "ses_u\u0308",
    "ses_😀",
    "x" * 100_000,
    "ses_%",
    "ses__",
    "NULL",
    "0",
    "1e3",
    " ses",
    "ses ",
    ":id",
    "?1",
    "$x",
    "<< id >>",
    "{{ id }}",
    "/*",
    "--",
    ";",
    "ses_'); DELETE FROM session; --",
)


def test_ids_of_any_kind_go_with_all_that_is_theirs_and_with_nothing_else(tmp_path):
    sessions, rows = [], []
    for number, id in enumerate(ODD):
        moment = forests.LONG_AGO if number % 2 else NOW - moments.DAY * 2
        sessions.append(Session(id, None, moment))
        sessions.append(Session(f"{id}+child", id, moment))
        rows.append(
            Row("message", {"id": f"msg_{id}", "session_id": id, "time_updated": moment, "data": "{}"})
        )
        rows.append(
            Row("part", {"id": f"prt_{id}", "message_id": f"msg_{id}", "session_id": id, "data": "{}"})
        )
        rows.append(Row("event_sequence", {"aggregate_id": id, "seq": 1}))
    sessions.append(Session(None, None))
    for shell in (False, True):
        (tmp_path / f"{shell}").mkdir()
        path = forests.build(Recipe(sessions, rows=rows), tmp_path / f"{shell}" / "s.db", "1.18.33")
        left = wanted(path)
        if shell:
            plan = tmp_path / "plan.sql"
            invoked("plan", "--days=30", judge_by(), f"--out={plan}", at(path))
            done = subprocess.run(["sqlite3", path], input=plan.read_bytes(), capture_output=True)
            assert done.returncode == 0 and not done.stderr
        else:
            invoked(*PRUNE, at(path))
        assert dump(path) == left


def test_a_view_that_is_called_session_is_no_store(tmp_path):
    path = tmp_path / "view.db"
    with command.opened(path) as con:
        con.execute("CREATE TABLE conversation (id TEXT, parent_id TEXT, time_updated INTEGER)")
        con.execute("CREATE VIEW session AS SELECT * FROM conversation")
    refused(69, *PRUNE, at(path), says="neither a table session")


def test_a_session_table_without_the_clients_columns_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "thin.db"
    for columns in ("id TEXT", "id TEXT, parent_id TEXT", "ID TEXT, time_updated INTEGER", "name TEXT"):
        path.unlink(missing_ok=True)
        with command.opened(path) as con:
            con.execute(f"CREATE TABLE session ({columns})")
            con.execute("INSERT INTO session DEFAULT VALUES")
        before = dump(path)
        for words in (PRUNE, ("stats",)):
            ran = command.invoke(*words, at(path))
            assert ran.code in (1, 69, 78) and "Traceback" not in ran.err and ran.sentence.endswith("."), ran
        assert dump(path) == before


@pytest.mark.parametrize(
    "name",
    (
        'odd "name',
        "odd'; DROP TABLE session; --",
        "odd\n.shell touch OWNED",
        "odd\x1b[31m",
        "select",
        "a b",
        "[odd]",
        "SESSION_X",
    ),
)
def test_a_stranger_of_any_name_stops_a_removal_and_is_named_as_text(store, name):
    with command.opened(store) as con:
        con.execute(f"""CREATE TABLE {store_rows.quoted(name)} (Session_ID TEXT)""")
    before = dump(store)
    ran = refused(78, *PRUNE, at(store), says="unknown to this version")
    stats = invoked("stats", at(store))
    for said in (ran.err, stats.out, stats.err):
        assert not [c for c in said if c != "\n" and not c.isprintable()]
    assert dump(store) == before
    invoked(*PRUNE, at(store), f"--ignore-table={name}")
    assert len(command.sessions_of(store)) == 3


def test_a_reference_to_a_session_counts_in_any_case(store):
    with command.opened(store) as con:
        con.execute("CREATE TABLE mood (owner TEXT REFERENCES SESSION (id))")
    refused(78, *PRUNE, at(store), says="mood")


def test_a_trigger_that_somebody_let_run_runs_and_the_tree_goes_whole(store):
    with command.opened(store) as con:
        con.execute("CREATE TABLE diary (line TEXT)")
        con.execute(
            "CREATE TRIGGER note AFTER DELETE ON session BEGIN INSERT INTO diary VALUES (old.id); END"
        )
    invoked(*PRUNE, "--ignore-table=note", at(store))
    assert len(dump(store)["diary"]) == 9
    command.sound(store)


def test_a_trigger_that_undoes_a_deletion_is_not_reported_as_a_removal(store):
    with command.opened(store) as con:
        con.execute(
            "CREATE TRIGGER stay BEFORE DELETE ON session WHEN old.id LIKE 'ses_0001%' "
            "BEGIN SELECT RAISE(IGNORE); END"
        )
    ran = invoked(*PRUNE, "--json", "--ignore-table=stay", at(store))
    assert ran.json["applied"]["sessions"] == 6


def test_tables_without_rowids_are_pruned_as_others(tmp_path):
    schema = (SCHEMAS / "1.18.33.sql").read_text()
    path = tmp_path / "s.db"
    command.planted(path, trees=3, parts=1, pad=10)
    with command.opened(path) as con:
        con.execute("PRAGMA foreign_keys=OFF")
        for table in ("part", "message", "session"):
            (sql,) = con.execute(
                "SELECT sql FROM sqlite_master WHERE name = ? AND type = 'table'", (table,)
            ).fetchone()
            con.execute(
                re.sub(r"^CREATE TABLE [`\"]?\w+[`\"]?", "CREATE TABLE other", sql) + " WITHOUT ROWID"
            )
            con.execute(f"INSERT INTO other SELECT * FROM {table}")
            con.execute(f"DROP TABLE {table}")
            con.execute(f"ALTER TABLE other RENAME TO {table}")
    assert "WITHOUT ROWID" not in schema
    left = wanted(path)
    invoked(*PRUNE, "--vacuum", at(path))
    assert dump(path) == left
    command.sound(path)


def test_a_plan_is_never_written_in_the_place_of_a_store(store, tmp_path):
    before = dump(store)
    words = ("plan", "--days=30", judge_by(), at(store))
    refused(64, *words, f"--out={store}", says=str(store), alone=False)
    bare = store.rename(store.with_name("store"))
    with command.client(bare):
        refused(64, "plan", "--days=30", judge_by(), at(bare), f"--out={bare}", says=str(bare), alone=False)
    assert dump(bare) == before
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "plan.sql.part").symlink_to(victim)
    invoked("plan", "--days=30", judge_by(), at(bare), f"--out={tmp_path / 'plan.sql'}")
    assert victim.read_text() == "mine"
    for place, code in ((tmp_path, 64), (tmp_path / "plan.sql", 64), (tmp_path / "no" / "plan.sql", 1)):
        refused(code, "plan", "--days=30", judge_by(), at(bare), f"--out={place}", says=str(place), alone=False)
    assert {p.name for p in tmp_path.iterdir()} == {"plan.sql", "plan.sql.part", "store", "victim"}
    assert (tmp_path / "plan.sql").stat().st_mode & 0o777 == 0o600


def test_a_reply_of_invalid_octets_and_blobs_is_counted_and_removed_as_it_is(tmp_path):
    path = tmp_path / "s.db"
    command.planted(path, trees=3, parts=1, pad=10)
    with command.opened(path) as con:
        con.execute("UPDATE part SET data = CAST(x'ff00fe' AS TEXT)")
        con.execute("UPDATE message SET data = x'0001ff'")
        con.execute("UPDATE session SET title = CAST(x'c328' AS TEXT), directory = x'00ff'")
    left = wanted(path)
    for words in (("stats", "--json"), ("stats",), ("explain", "ses_0000_b", "--days=30", judge_by())):
        invoked(*words, at(path))
    invoked(*PRUNE, "--json", at(path))
    assert dump(path) == left


def test_times_at_the_edge_of_what_can_be_said_are_no_traceback(tmp_path):
    moments = (2**63 - 1, -(2**63), 10**12, 10**15, 10**18, 0, 1.5, "soon", b"\xff")
    sessions = [Session(f"ses_{n}", None, moment) for n, moment in enumerate(moments)]
    path = forests.build(Recipe(sessions), tmp_path / "s.db", "1.18.33")
    left = wanted(path)
    invoked("stats", at(path))
    for number in range(len(moments)):
        invoked("explain", f"ses_{number}", "--days=30", judge_by(), at(path))
    invoked(*PRUNE, at(path))
    assert dump(path) == left


def test_a_store_left_by_a_killed_writer_with_a_rollback_journal_is_recovered(store):
    before = dump(store)
    with command.another(
        store,
        "PRAGMA journal_mode=DELETE",
        "PRAGMA cache_size=1",
        "PRAGMA cache_spill=1",
        "BEGIN IMMEDIATE",
        "DELETE FROM part",
        "DELETE FROM event",
        "DELETE FROM message",
    ) as other:
        other.kill()
        other.wait()
    con = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    con.close()
    invoked(*PRUNE, at(store))
    assert len(command.sessions_of(store)) == 3
    assert set(map(repr, dump(store)["part"])) <= set(map(repr, before["part"]))
    command.sound(store)
