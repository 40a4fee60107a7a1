"""What was removed comes back byte for byte, a tree at a time, and never over something else."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import command
import drawn
import forests
import moments
import oracle
import pytest
from command import dump, invoked, judge_by, refused
from forests import NOW, Recipe, Row, Session
from hypothesis import given
from hypothesis import strategies as st
from opencode_lifecycle.sql import history
from opencode_lifecycle.sql.cascade import removal as prune
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.store import opened
from opencode_lifecycle.sql.transfer import export, restore
from opencode_lifecycle.sql.transfer import session_rows as source
from places import SCHEMAS
from product import question_of, told

PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--json")
SUFFIXES = (".json", ".json.gz", ".json.zst")


@pytest.fixture
def grove(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=6, parts=3, pad=300)


@pytest.fixture
def file(grove, tmp_path):
    """An export of the whole grove."""
    invoked("export", f"--output={tmp_path}/e.json.zst", f"--store={grove}")
    return tmp_path / "e.json.zst"


def change(store, statement, *values):
    with command.opened(store) as con:
        con.execute(statement, values)


# --- the round trip ------------------------------------------------------------------------------


@given(drawn.forests(), drawn.schemas(), st.sampled_from(SUFFIXES))
def test_sessions_of_any_schema_come_back_byte_for_byte(tmp_path_factory, recipe, schema, suffix):
    folder = tmp_path_factory.mktemp("trip")
    store, file = forests.build(recipe, folder / "opencode.db", schema), folder / f"e{suffix}"
    before = dump(store)
    with opened(str(store)) as place:
        source.find_trees(place)
        trees = source.trees(place)
        done = export.write(place, trees, file, lambda done, of: None)
        remove(place, [id for _, ids in trees for id in ids])
    assert done.lost == {}
    assert not trees or dump(store) != before
    with opened(str(store)) as place:
        back = restore.restore(place, file)
        assert (len(back.sessions), back.stayed) == (done.sessions, {})
    assert dump(store) == before
    with opened(str(store)) as place:
        again = restore.restore(place, file)
        assert again.rows == {} and again.skipped == sum(n for t, n in done.rows.items() if t != "project")
    with opened(str(store)) as place:
        facing = restore.compare(place, file, restore.contents(file))
    assert all(one.equal for one in facing)


NAMELESS = (b"ses_00", b"ses_blob", "ses_\udcff", "ses_\udcfe")


@pytest.mark.parametrize("gone", [(), NAMELESS[:1], NAMELESS[1:3], NAMELESS])
@pytest.mark.parametrize("events", [2, 2_500])  # a log of more than 2,000 comes apart from its tree
def test_sessions_whose_ids_are_no_text_are_told_apart_by_what_is_stored(tmp_path, gone, events):
    """A file names none of them; two of them have the octets of one that it does name."""
    ids = ("ses_00", *NAMELESS)
    rows = [Row("event_sequence", {"aggregate_id": id, "seq": 5_000 + place}) for place, id in enumerate(ids)]
    rows += [Row("event", {"id": f"evt_{place}_{seq:04}", "aggregate_id": id, "seq": seq, "type": "t", "data": "{}"})
             for place, id in enumerate(ids) for seq in range(events)]
    store = forests.build(Recipe([Session(id) for id in ids], rows=rows), tmp_path / "s.db", "1.18.34")
    before, file = dump(store), tmp_path / "e.json"
    with opened(str(store)) as place:
        source.find_trees(place)
        done = export.write(place, source.trees(place), file, lambda done, of: None)
        remove(place, gone)
    with opened(str(store)) as place:
        back = restore.restore(place, file)
        assert (len(back.sessions), len(back.anew), back.stayed) == (len(ids), len(gone), {})
    assert dump(store) == before
    with opened(str(store)) as place:
        again = restore.restore(place, file)
    assert (again.rows, again.stayed, again.skipped) == ({}, {}, sum(done.rows.values()) - done.rows["project"])


def remove(place, ids):
    place.engine_run("restore_open")
    place.run("cascade/work")
    place.on.write(place.connection, "lc_doomed", ("id",), [(id,) for id in ids])
    place.run("cascade/delete")


@given(drawn.forests(), drawn.schemas(), drawn.policies())
def test_a_prune_with_its_export_can_be_undone_to_the_byte(tmp_path_factory, recipe, schema, asked):
    folder = tmp_path_factory.mktemp("prune")
    store, file = forests.build(recipe, folder / "opencode.db", schema), folder / "e.json.zst"
    before, asked = dump(store), replace(asked, project=None)
    with opened(str(store)) as place, told(asked):
        chosen, script = prune.plan(place, question_of(asked, NOW))
        if not chosen.units:
            return
        done = prune.run(place, script, None, "prune", "", lambda batch: None, file)
        assert done.outcome.spared == {}
        assert done.outcome.sessions == len(script.lines)
    with opened(str(store)) as place:
        assert history.chosen(place.name, None).run["export"] == str(file)
        restore.restore(place, file)
    assert dump(store) == before


@pytest.mark.parametrize("schema", sorted(path.stem for path in SCHEMAS.glob("*.sql")))
def test_a_store_of_every_version_is_pruned_and_restored(tmp_path, schema):
    store = forests.build(command.grove(trees=4, parts=2, pad=50), tmp_path / "opencode.db", schema)
    before, asked, file = dump(store), oracle.Policy(max_age_ms=30 * moments.DAY), tmp_path / "e.json"
    with opened(str(store)) as place, told(asked):
        chosen, script = prune.plan(place, question_of(asked, NOW))
        assert len(chosen.units) == 3
        prune.run(place, script, None, "prune", "", lambda batch: None, file)
    assert dump(store) != before
    with opened(str(store)) as place:
        restore.restore(place, file)
    assert dump(store) == before


def test_columns_and_tables_that_nobody_knows_come_back_as_well(tmp_path):
    (tmp_path / "store").mkdir()
    store = command.planted(tmp_path / "store" / "opencode.db", trees=3, parts=1)
    change(store, 'ALTER TABLE part ADD COLUMN "some ""new"" one" TEXT')
    change(store, 'UPDATE part SET "some ""new"" one" = \'{"a": 1}\' WHERE id LIKE \'%_a_0\'')
    change(store, "CREATE TABLE notes (session_id TEXT REFERENCES session (id) ON DELETE CASCADE, note BLOB)")
    change(store, "INSERT INTO notes VALUES ('ses_0000_b', x'00ff')")
    before = dump(store)
    invoked(*PRUNE, "--ignore-table=notes", f"--store={store}")
    assert len(command.sessions_of(store)) == 3
    invoked("undo", f"--store={store}")
    assert dump(store) == before


# --- conflicts -----------------------------------------------------------------------------------


def test_a_session_that_went_on_is_not_overwritten_without_replace(grove, file):
    before = dump(grove)
    change(grove, "UPDATE session SET title = 'renamed' WHERE id = 'ses_0001_b'")
    renamed = dump(grove)
    refused(3, "restore", file, f"--store={grove}", says=("ses_0001_b", "--replace"))
    assert dump(grove) == renamed
    invoked("restore", file, "--replace", "--yes", f"--store={grove}")
    assert dump(grove) == before


def test_rows_that_are_gone_come_back_into_a_session_that_is_still_there(grove, file):
    before = dump(grove)
    change(grove, "DELETE FROM part WHERE id LIKE 'prt_ses_0001_b%'")
    change(grove, "DELETE FROM todo WHERE session_id = 'ses_0002_a'")
    ran = invoked("restore", file, "--json", f"--store={grove}")
    assert ran.json["rows"] == {"part": 3, "todo": 1}
    assert dump(grove) == before


def test_the_number_of_the_last_event_never_goes_down(grove, file):
    change(grove, "UPDATE event_sequence SET seq = 99 WHERE aggregate_id = 'ses_0001_b'")
    invoked("restore", file, f"--store={grove}")
    change(grove, "UPDATE session SET title = 'renamed' WHERE id = 'ses_0001_b'")
    invoked("restore", file, "--replace", "--yes", f"--store={grove}")
    with command.opened(grove) as con:
        assert con.execute("SELECT seq FROM event_sequence WHERE aggregate_id = 'ses_0001_b'").fetchall() == [(99,)]


def test_a_tree_that_cannot_be_put_back_is_not_half_put_back(grove, file):
    """The last row of the last session of a tree is in the way; all others are back whole."""
    with opened(str(grove)) as place:
        remove(place, [f"ses_{n:04}_{c}" for n in range(6) for c in "abc"])
    change(grove, "INSERT INTO session (id, project_id, slug, directory, title, version, time_created, time_updated)"
                  " VALUES ('ses_other', 'prj_a', '', '', '', '', 1, 1)")
    change(grove, "INSERT INTO message VALUES ('msg_ses_0003_c', 'ses_other', 1, 1, '{}')")
    refused(3, "restore", file, f"--store={grove}", says=("ses_0003_c", "message"))
    assert command.sessions_of(grove) == {"ses_other"} | {f"ses_{n:04}_{c}" for n in (0, 1, 2, 4, 5) for c in "abc"}


# --- choosing ------------------------------------------------------------------------------------


def test_one_session_comes_back_with_its_tree(grove, file):
    before = dump(grove)
    with opened(str(grove)) as place:
        remove(place, [f"ses_0002_{c}" for c in "abc"])
    invoked("restore", file, "--session=ses_0002_b", f"--store={grove}")
    assert dump(grove) == before
    refused(64, "restore", file, "--session=ses_none", f"--store={grove}", says="ses_none")


def test_a_list_says_what_is_inside_and_touches_no_store(grove, file):
    ran = invoked("restore", file, "--list", "--json")
    assert [one["session"] for one in ran.json] == sorted(command.sessions_of(grove))
    assert ran.json[1] == {"session": "ses_0000_b", "root": "ses_0000_a", "title": "tree 0",
                           "directory": "/work/a", "last_active": forests.LONG_AGO, "importable": True,
                           "redacted": False, "unreadable": [],
                           "rows": {"project": 1, "session": 1, "event_sequence": 1, "event": 2, "todo": 1,
                                    "message": 1, "part": 3}}


def test_a_missing_project_comes_back_and_another_can_be_named(grove, file):
    before = dump(grove)
    empty = forests.build(Recipe(), grove.parent / "empty.db", "1.18.33")
    change(empty, "DELETE FROM project WHERE id = 'prj_a'")
    invoked("restore", file, f"--store={empty}")
    tables = ("session", "message", "part", "event", "todo")
    assert {table: dump(empty)[table] for table in tables} == {table: before[table] for table in tables}
    with command.opened(empty) as con:
        assert con.execute("SELECT COUNT(*) FROM project WHERE id = 'prj_a'").fetchone() == (1,)
        con.execute("DELETE FROM session")
    other = forests.build(Recipe(), grove.parent / "other.db", "1.18.33")
    invoked("restore", file, "--into-project=prj_b", f"--store={other}")
    with command.opened(other) as con:
        assert con.execute("SELECT DISTINCT project_id FROM session").fetchall() == [("prj_b",)]
    refused(64, "restore", file, "--into-project=nowhere", f"--store={other}", says="nowhere")


# --- other layouts, other files ------------------------------------------------------------------


def test_a_1x_session_reaches_a_2x_store_only_through_the_client(grove, file):
    tables = forests.template("v2.0-mixed-simulated")[1]
    v2 = grove.parent / "v2.db"
    forests.build(Recipe(), v2, "v2.0-mixed-simulated")
    with command.opened(v2) as con:
        con.execute("PRAGMA foreign_keys=OFF")
        for table in ("part", "message", "todo", "session_share", "session"):
            assert table in tables
            con.execute(f"DROP TABLE {table}")
    refused(78, "restore", file, f"--store={v2}", says=("1.x", "opencode import"))


def test_an_older_store_is_restored_into_a_newer_schema(tmp_path):
    old = forests.build(command.grove(trees=2, parts=1), tmp_path / "old.db", "1.2.15")
    new = forests.build(Recipe(), tmp_path / "new.db", "1.18.33")
    invoked("export", f"--output={tmp_path}/e.json", f"--store={old}")
    invoked("restore", f"{tmp_path}/e.json", f"--store={new}")
    assert command.sessions_of(new) == command.sessions_of(old)
    refused(78, "restore", newer(tmp_path), f"--store={old}", says="event")


def newer(tmp_path):
    store = forests.build(command.grove(trees=1, parts=1), tmp_path / "newer.db", "1.18.33")
    invoked("export", f"--output={tmp_path}/newer.json", f"--store={store}")
    return tmp_path / "newer.json"


def test_a_file_of_the_clients_own_export_is_restored(tmp_path):
    """The shape that `opencode export` 1.18.33 prints."""
    store = forests.build(Recipe(), tmp_path / "s.db", "1.18.33")
    made = {"created": 1_795_157_283_107, "updated": 1_795_157_286_668}
    info = {"id": "ses_x", "slug": "s", "projectID": "prj_a", "directory": "/d", "path": "", "title": "é",
            "agent": "build", "model": {"id": "m", "providerID": "mock"}, "version": "1.18.33", "cost": 0.5,
            "summary": {"additions": 1, "deletions": 2, "files": 3},
            "tokens": {"input": 1, "output": 2, "reasoning": 3, "cache": {"read": 4, "write": 5}}, "time": made}
    message = {"role": "user", "time": {"created": 7}, "id": "msg_x", "sessionID": "ses_x"}
    part = {"type": "text", "text": "hi", "id": "prt_x", "sessionID": "ses_x", "messageID": "msg_x"}
    file = tmp_path / "client.json"
    file.write_text(json.dumps({"info": info, "messages": [{"info": message, "parts": [part]}]}))
    invoked("restore", file, f"--store={store}")
    with command.opened(store) as con:
        assert con.execute("SELECT title, cost, tokens_cache_write, summary_files, time_updated, model FROM session"
                           ).fetchall() == [("é", 0.5, 5, 3, made["updated"], '{"id":"m","providerID":"mock"}')]
        assert con.execute("SELECT id, time_created, data FROM message").fetchall() == [
            ("msg_x", 7, '{"role":"user","time":{"created":7}}')]
        assert con.execute("SELECT id, message_id, data FROM part").fetchall() == [
            ("prt_x", "msg_x", '{"type":"text","text":"hi"}')]
    assert export_info(store, tmp_path) == info


def export_info(store, tmp_path):
    invoked("export", f"--output={tmp_path}/again.json", f"--store={store}")
    return json.loads((tmp_path / "again.json").read_text())[0]["info"]


# --- what may go wrong ---------------------------------------------------------------------------


def test_a_store_that_somebody_writes_to_is_left_alone(grove, file):
    before = dump(grove)
    with command.writer(grove):
        refused(75, "restore", file, f"--store={grove}", says="locked")
    assert dump(grove) == before


def test_nothing_to_undo_is_said(grove):
    refused(64, "undo", f"--store={grove}", says="nothing to undo")


def test_an_export_that_is_gone_is_named(grove):
    gone = invoked(*PRUNE, f"--store={grove}").json["applied"]["export"]
    Path(gone).unlink()
    refused(64, "undo", f"--store={grove}", says=gone)


def test_a_restore_waits_while_the_client_migrates(tmp_path):
    store = forests.build(Recipe([Session("ses_a", home="both")], rows=[
        Row("kv", {"key": "migration.v1-v2", "value": '{"phase":"sessions"}'})]), tmp_path / "s.db",
        "v2.0-mixed-simulated")
    file = tmp_path / "e.json"
    invoked("export", f"--output={file}", f"--store={store}")
    refused(75, "restore", file, f"--store={store}", says="moving")


def test_a_name_that_is_no_file_is_refused(grove, tmp_path):
    refused(64, "restore", f"{tmp_path}/none.json", f"--store={grove}", says="none.json")
    with pytest.raises(Refusal):
        restore.contents(tmp_path)


def test_sqlite_alone_can_read_what_came_back(grove, file):
    def loose():
        with sqlite3.connect(grove) as con:
            return sorted(con.execute("PRAGMA foreign_key_check").fetchall())

    before = loose()
    with opened(str(grove)) as place:
        remove(place, sorted(command.sessions_of(grove)))
    invoked("restore", file, f"--store={grove}")
    assert loose() == before
    command.sound(grove)
