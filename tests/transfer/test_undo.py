"""Undo is a history: any run is taken back, in any order, as far as nobody wrote to its rows since."""

import hashlib
import json
import sqlite3
from functools import partial
from pathlib import Path

import command
import forests
import pytest
import zstandard
from command import dump, judge_by
from opencode_lifecycle.sql import state

invoked, refused = (partial(run, inside=True) for run in (command.invoked, command.refused))
PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--json")
OUTPUT = {"type": "tool", "tool": "bash", "callID": "c", "state": {
    "status": "completed", "input": {}, "output": "O" * 5000, "title": "t", "metadata": {"exit": 0},
    "time": {"start": 1, "end": 2, "compacted": 1_600_000_000_000}}}
DIFFS = {"role": "user", "summary": {"diffs": [{"file": "a", "before": "B" * 4000}]}}


@pytest.fixture
def grove(tmp_path):
    """Five old trees and a fresh one, with a cleared output and a list of diffs in the fresh one."""
    (tmp_path / "store").mkdir()
    store = command.planted(tmp_path / "store" / "opencode.db", trees=6, parts=2, pad=100)
    change(store, "UPDATE part SET data = ? WHERE id = 'prt_ses_0005_a_0'", json.dumps(OUTPUT, separators=(",", ":")))
    change(store, "UPDATE message SET data = ? WHERE id = 'msg_ses_0005_b'", json.dumps(DIFFS, separators=(",", ":")))
    return store


def change(store, statement, *values):
    with command.opened(store) as con:
        con.execute(statement, values)


def reclaim(store, kind, *more):
    ran = invoked("reclaim", f"--only={kind}", "--older-than=0d", judge_by(), "--yes", "--json", *more,
                  f"--store={store}")
    assert ran.json["applied"]["rows"]
    return ran.json["applied"]["export"]


def undo(store, *more, code=0):
    return invoked("undo", *more, "--json", f"--store={store}", code=code)


def history(store):
    return {run["id"]: run for run in invoked("history", "--json", f"--store={store}").json["runs"]}


def rows(path):
    """Rows by table in an order of their own: one that comes back has a new rowid."""
    return {table: sorted(found, key=repr) for table, found in dump(path).items()}


# --- which run -----------------------------------------------------------------------------------


def test_undo_takes_the_last_run_that_changed_something_and_no_older_one_in_its_place(grove):
    invoked(*PRUNE, f"--store={grove}")
    reclaim(grove, "compacted", "--no-export")
    after = dump(grove)
    refused(64, "undo", f"--store={grove}", says=("Run 2 (reclaim", "cannot be undone", "--run=N"))
    assert dump(grove) == after
    undo(grove, "--run=1")
    assert len(command.sessions_of(grove)) == 18


def test_undo_again_and_again_goes_back_to_the_beginning(grove):
    before = rows(grove)
    reclaim(grove, "compacted")
    reclaim(grove, "diffs")
    invoked(*PRUNE, f"--store={grove}")
    for _ in range(3):
        undo(grove)
    assert rows(grove) == before
    refused(64, "undo", f"--store={grove}", says="nothing to undo")


@pytest.mark.parametrize("order", [(1, 2, 3), (2, 3, 1), (3, 1, 2), (1, 3, 2)])
def test_runs_are_taken_back_in_any_order(grove, order):
    before = rows(grove)
    reclaim(grove, "compacted")
    reclaim(grove, "diffs")
    invoked(*PRUNE, f"--store={grove}")
    for number in order:
        undo(grove, f"--run={number}")
    assert rows(grove) == before
    assert [run["undone_by"] for run in history(grove).values()] == [
        3 + order.index(number) + 1 for number in (1, 2, 3)] + [None] * 3


def test_a_run_that_was_taken_back_is_not_taken_back_twice(grove):
    invoked(*PRUNE, f"--store={grove}")
    undo(grove)
    refused(64, "undo", "--run=1", f"--store={grove}", says=("run 2 took it back", "--run=2"))
    refused(64, "undo", "--run=9", f"--store={grove}", says="--run=9")
    refused(64, "undo", "--run=x", f"--store={grove}", says="--run=x")


def test_a_run_that_changed_nothing_is_passed_over(grove):
    invoked(*PRUNE, f"--store={grove}")
    invoked("restore", history(grove)[1]["export"], f"--store={grove}")
    invoked("restore", history(grove)[1]["export"], f"--store={grove}")
    assert [run["can_undo"] for run in history(grove).values()] == [True, True, False]
    refused(2, "undo", f"--store={grove}", says="Run 2 (restore")


# --- undo of an undo -----------------------------------------------------------------------------


def test_an_undo_of_a_removal_can_be_taken_back_and_so_on(grove):
    before = rows(grove)
    invoked(*PRUNE, f"--store={grove}")
    pruned = rows(grove)
    undo(grove)
    refused(2, "undo", "--run=2", f"--store={grove}", says="--yes")
    assert rows(grove) == before
    removed = undo(grove, "--run=2", "--yes").json
    assert removed["removed"] == 15 and Path(removed["export"]).is_file()
    assert rows(grove) == pruned
    undo(grove, "--run=3")
    assert rows(grove) == before
    assert [run["undone_by"] for run in history(grove).values()] == [None, None, 4, None] or \
        [run["undone_by"] for run in history(grove).values()][2] == 4


def test_a_tree_that_somebody_wrote_to_since_it_came_back_stays(grove):
    invoked(*PRUNE, f"--store={grove}")
    undo(grove)
    change(grove, "UPDATE session SET title = 'mine' WHERE id = 'ses_0001_b'")
    ran = undo(grove, "--run=2", "--yes", code=3)
    assert ran.json["removed"] == 12 and list(ran.json["stayed"]) == ["ses_0001_a"]
    assert command.sessions_of(grove) == {f"ses_{n}_{c}" for n in ("0001", "0005") for c in "abc"}


def test_only_what_the_undo_brought_back_goes_again(grove):
    invoked(*PRUNE, f"--store={grove}")
    invoked("restore", history(grove)[1]["export"], "--session=ses_0002_a", f"--store={grove}")
    undo(grove, "--run=1")
    undo(grove, "--run=3", "--yes")
    assert command.sessions_of(grove) == {f"ses_{n}_{c}" for n in ("0002", "0005") for c in "abc"}


def test_an_undo_of_a_reclamation_can_be_taken_back(grove):
    before = rows(grove)
    reclaim(grove, "compacted,diffs")
    small = rows(grove)
    undo(grove)
    assert rows(grove) == before
    undo(grove, "--run=2", "--yes")
    assert rows(grove) == small
    undo(grove, "--run=3")
    assert rows(grove) == before


def test_values_that_somebody_wrote_since_stay_and_are_told(grove):
    reclaim(grove, "compacted,diffs")
    change(grove, "UPDATE part SET data = '{\"type\":\"text\"}' WHERE id = 'prt_ses_0005_a_0'")
    assert undo(grove).json == {"rows": {"message": 1, "part": 0}, "there": 0, "changed": 1, "apart": {}, "stopped": ""}
    assert history(grove)[2]["outcome"] == "in part" and history(grove)[1]["can_undo"]


# --- trees that are there again ------------------------------------------------------------------


def test_one_tree_that_is_there_again_stops_no_other_and_each_is_protected(grove):
    invoked(*PRUNE, f"--store={grove}")
    change(grove, "INSERT INTO session (id, project_id, slug, directory, title, version, time_created, time_updated)"
                  " VALUES ('ses_0002_a', 'prj_a', '', '', 'made again', '', 1, 1)")
    ran = undo(grove, code=3)
    assert ran.json["trees"] == 4 and list(ran.json["stayed"]) == ["ses_0002_a"] and "ses_0002_a" in ran.err
    there = {f"ses_{n:04}_{c}" for n in (0, 1, 3, 4, 5) for c in "abc"} | {"ses_0002_a"}
    assert command.sessions_of(grove) == there
    again = invoked("prune", "--days=30", "--yes", "--json", f"--store={grove}").json
    assert again["remove"] == [] and again["protected"]["restored"] == 4
    change(grove, "DELETE FROM session WHERE id = 'ses_0002_a'")
    undo(grove)
    assert len(command.sessions_of(grove)) == 18


def test_a_tree_that_was_spared_is_not_asked_back(grove):
    export = invoked(*PRUNE, f"--store={grove}").json["applied"]["export"]
    with sqlite3.connect(state.folder() / "state.db") as con:
        con.execute("UPDATE runs SET facts = ?", (json.dumps({"kind": "removed", "spared": ["ses_0003_a"]}),))
    undo(grove)
    assert Path(export).is_file()
    assert not {id for id in command.sessions_of(grove) if id.startswith("ses_0003")}


# --- replace -------------------------------------------------------------------------------------


@pytest.fixture
def gone_on(grove, tmp_path):
    """An export of the grove, which goes on afterwards."""
    file = tmp_path / "e.json"
    invoked("export", f"--output={file}", f"--store={grove}")
    change(grove, "INSERT INTO message VALUES ('msg_new', 'ses_0005_a', 1, 1, '{}')")
    change(grove, "INSERT INTO part VALUES ('prt_new', 'msg_new', 'ses_0005_a', 1, 1, '{\"text\":\"a day of work\"}')")
    change(grove, "UPDATE session SET title = 'renamed' WHERE id = 'ses_0005_a'")
    return file


def test_a_replacement_is_planned_shown_asked_for_exported_and_undone(grove, gone_on):
    before = rows(grove)
    planned = {one["session"]: one for one in invoked(
        "restore", gone_on, "--replace", "--dry-run", "--json", f"--store={grove}").json["sessions"]}
    assert planned["ses_0005_a"]["replaced"] and planned["ses_0005_a"]["only_in_store"] == {
        "session": 1, "message": 1, "part": 1}
    assert [id for id, one in planned.items() if not one["same"]] == ["ses_0005_a"]
    shown = invoked("restore", gone_on, "--replace", f"--store={grove}", code=2)
    assert "ses_0005_a" in shown.out and "1 message" in shown.out and "--yes" in shown.sentence
    assert rows(grove) == before
    ran = invoked("restore", gone_on, "--replace", "--yes", "--json", f"--store={grove}").json
    assert ran["replaced"] == ["ses_0005_a", "ses_0005_b", "ses_0005_c"]
    replaced = rows(grove)
    assert replaced != before and "renamed" not in repr(replaced)
    refused(2, "undo", f"--store={grove}", says="--yes")
    undo(grove, "--yes")
    assert rows(grove) == before
    undo(grove, "--run=2", "--yes")
    assert rows(grove) == replaced


def test_a_replaced_tree_that_went_on_stays_when_the_replacement_is_undone(grove, gone_on):
    invoked("restore", gone_on, "--replace", "--yes", f"--store={grove}")
    change(grove, "UPDATE session SET title = 'again' WHERE id = 'ses_0005_b'")
    after = rows(grove)
    assert list(undo(grove, "--yes", code=3).json["stayed"]) == ["ses_0005_a"]
    assert rows(grove) == after


def test_a_dry_run_of_a_restore_says_what_would_come(grove, gone_on):
    invoked(*PRUNE, f"--store={grove}")
    before = dump(grove)
    found = invoked("restore", gone_on, "--dry-run", "--json", f"--store={grove}").json["sessions"]
    assert sum(not one["there"] for one in found) == 15 and not any(one["replaced"] for one in found)
    assert dump(grove) == before


# --- files of every kind -------------------------------------------------------------------------


def test_a_file_of_original_values_is_listed_and_restored(grove):
    before = rows(grove)
    file = reclaim(grove, "compacted")
    reclaim(grove, "diffs")
    listed = invoked("restore", file, "--list", "--json").json
    assert [(one["kind"], one["table"], one["values"]) for one in listed] == [("compacted", "part", 1)]
    assert "compacted" in invoked("restore", file, "--list").out
    assert invoked("restore", file, "--json", f"--store={grove}").json["rows"] == {"part": 1}
    undo(grove, "--run=2")
    assert rows(grove) == before
    refused(64, "restore", file, "--replace", f"--store={grove}", says="--replace")
    refused(64, "restore", file, "--list", "--session=ses_0005_a", says="--session")


def test_a_file_of_original_values_of_release_0_1_is_listed_and_restored(grove, tmp_path):
    before, file = rows(grove), tmp_path / "reclaim-20260101-000000-000.jsonl.zst"
    with command.opened(grove) as con:
        (value,) = con.execute("SELECT data FROM part WHERE id = 'prt_ses_0005_a_0'").fetchone()
    reclaim(grove, "compacted", "--no-export")
    as_of_0_1(file, {"kind": "compacted", "table": "part", "column": "data", "id": "prt_ses_0005_a_0", "value": value})
    assert invoked("restore", file, "--list", "--json").json[0]["values"] == 1
    invoked("restore", file, f"--store={grove}")
    assert rows(grove) == before
    spoiled = zstandard.ZstdDecompressor().decompressobj().decompress(file.read_bytes()).replace(b"OOO", b"OOP", 1)
    file.write_bytes(zstandard.compress(spoiled))
    refused(1, "restore", file, f"--store={grove}", says="damaged")


def as_of_0_1(path, *originals):
    """A file as release 0.1 wrote it: a JSON object a line."""
    def line(facts):
        return json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"

    lines = [line(one | {"digest": hashlib.sha256(one["value"].encode("utf-8", "surrogateescape")).hexdigest()})
             for one in originals]
    head = line({"format": "opencode-lifecycle originals", "version": 1, "store": "", "layout": "v1", "kinds": []})
    end = line({"values": len(lines), "digest": hashlib.sha256(b"".join(lines)).hexdigest()})
    path.write_bytes(zstandard.compress(b"".join([head, *lines, end])))


# --- the client's flag ---------------------------------------------------------------------------


def test_archiving_is_a_run_that_can_be_undone_and_that_too(grove):
    change(grove, "UPDATE session SET time_archived = 77 WHERE id = 'ses_0001_a'")
    before = rows(grove)
    invoked("archive", "--older-than=30d", judge_by(), "--yes", f"--store={grove}")
    archived = rows(grove)
    undo(grove)
    assert rows(grove) == before != archived
    undo(grove, "--run=2")
    assert rows(grove) == archived
    invoked("unarchive", "--session=ses_0001_a", f"--store={grove}")
    undo(grove)
    assert rows(grove) == archived


def test_a_flag_that_was_changed_since_stays(grove):
    invoked("archive", "--session=ses_0001_a", f"--store={grove}")
    change(grove, "UPDATE session SET time_archived = 5 WHERE id = 'ses_0001_a'")
    assert list(undo(grove, code=3).json["stayed"]) == ["ses_0001_a"]


# --- what is said --------------------------------------------------------------------------------


def test_history_says_of_every_run_whether_it_can_be_undone_and_which_run_took_it_back(grove):
    reclaim(grove, "compacted", "--no-export")
    export = invoked(*PRUNE, f"--store={grove}").json["applied"]["export"]
    undo(grove)
    said = history(grove)
    assert [(run["can_undo"], run["undone_by"]) for run in said.values()] == [(False, None), (False, 3), (True, None)]
    assert "exported to no file" in said[1]["why"] and "run 3 took it back" in said[2]["why"]
    shown = invoked("history", f"--store={grove}").out
    assert "undone by 3" in shown
    Path(export).unlink()
    assert export in history(grove)[3]["why"]


def test_a_history_of_an_older_version_is_read_and_its_runs_are_undone(grove):
    before = rows(grove)
    invoked(*PRUNE, f"--store={grove}")
    with sqlite3.connect(state.folder() / "state.db") as con:
        for column in ("source", "undoes", "facts"):
            con.execute(f"ALTER TABLE runs DROP COLUMN {column}")
    assert history(grove)[1]["can_undo"]
    undo(grove)
    assert rows(grove) == before


def test_reclaim_says_the_moment_that_it_judged_by(grove):
    ran = invoked("reclaim", "--only=diffs", f"--now={forests.NOW}", "--dry-run", "--json", f"--store={grove}").json
    assert ran["now"] == forests.NOW


def test_vacuum_is_not_proposed_after_a_run_that_removed_nothing(grove):
    assert "vacuum" not in invoked("prune", "--days=3000", "--yes", judge_by(), f"--store={grove}").err
