"""What goes is exported first: no export, no removal."""

import json
import random
import sys
import time
from pathlib import Path

import command
import forests
import moments
import odd_values
import oracle
import pytest
from command import dump, invoked, judge_by, refused
from exports_at_hand import *  # noqa: F403
from exports_at_hand import PRUNE, exported
from forests import LONG_AGO, NOW, Recipe, Row, Session
from opencode_lifecycle.sql.cascade import removal as prune
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.store import opened
from opencode_lifecycle.sql.transfer import packing, restore
from product import question_of, told
from size import sized


def test_a_prune_exports_what_it_removes_and_undo_brings_it_back(grove):
    before = dump(grove)
    done = invoked(*PRUNE, f"--store={grove}").json["applied"]
    assert done["sessions"] == 15 and len(restore.contents(Path(done["export"]))) == 15
    assert len(command.sessions_of(grove)) == 3
    invoked("undo", f"--store={grove}")
    assert dump(grove) == before
    command.sound(grove)
    tomorrow = int(time.time() * 1000) + moments.DAY
    ran = invoked("prune", "--days=30", judge_by(tomorrow), "--yes", "--json", f"--store={grove}")
    assert ran.json["remove"] == []
    assert [run["verb"] for run in invoked("history", "--json", f"--store={grove}").json["runs"]] == ["prune", "undo"]


def test_a_restored_tree_without_a_pin_may_go_again(grove):
    invoked(*PRUNE, f"--store={grove}")
    invoked("undo", "--no-pin", f"--store={grove}")
    assert invoked(*PRUNE, f"--store={grove}").json["applied"]["sessions"] == 15


def test_no_export_leaves_none_and_cannot_be_undone(grove):
    done = invoked(*PRUNE, "--no-export", f"--store={grove}")
    assert done.json["applied"]["export"] is None
    assert invoked("exports", "--json").json["exports"] == []
    refused(64, "undo", f"--store={grove}", says="without an export")


def test_the_head_of_a_plan_says_whether_an_export_is_made(grove):
    ran = invoked("plan", "--days=30", judge_by(), f"--store={grove}")
    assert "-- Export:    made by `apply` before the first batch, unless --no-export" in ran.out.splitlines()


@pytest.mark.parametrize("where", ["folder", "suffix", "there", "both"])
def test_an_export_that_cannot_be_written_stops_the_run_before_the_first_row(grove, tmp_path, where):
    before = dump(grove)
    (tmp_path / "there.json").touch()
    flags, code, said = {
        "folder": ([f"--export={tmp_path}/none/e.json"], 1, "does not exist"),
        "suffix": ([f"--export={tmp_path}/e.txt"], 64, ".json.zst"),
        "there": ([f"--export={tmp_path}/there.json"], 64, "exists already"),
        "both": ([f"--export={tmp_path}/e.json", "--no-export"], 64, "exclude each other"),
    }[where]
    refused(code, *PRUNE, *flags, f"--store={grove}", says=said, alone=False)
    assert dump(grove) == before


def test_a_full_disk_stops_the_run_before_the_first_row(tmp_path):
    (tmp_path / "store").mkdir()
    store = forests.build(Recipe(
        [Session("ses_a")],
        rows=[Row("message", {"id": "msg_a", "session_id": "ses_a", "data": odd_values.DONE})] + [
            Row("part", {"id": f"prt_{n}", "message_id": "msg_a", "session_id": "ses_a",
                         "data": json.dumps({"type": "text", "text": random.Random(n).randbytes(40_000).hex()})})
            for n in range(60)]), tmp_path / "store" / "opencode.db", "1.18.33")
    before = dump(store)
    with command.small_disk(tmp_path / "disk", "1m") as disk:
        refused(1, *PRUNE, f"--export={disk}/e.json.zst", f"--store={store}", says="the disk is full", alone=False)
        assert list(disk.iterdir()) == []
        refused(1, *PRUNE, f"--export={disk}/e.json", f"--store={store}", says="needs about", alone=False)
    assert dump(store) == before


def test_a_folder_that_cannot_be_written_stops_the_run_before_the_first_row(grove, tmp_path):
    before, folder = dump(grove), tmp_path / "closed"
    folder.mkdir()
    with command.read_only(folder):
        refused(1, *PRUNE, f"--export={folder}/e.json", f"--store={grove}", says=str(folder), alone=False)
    assert dump(grove) == before


def test_an_export_that_reads_back_otherwise_stops_the_run(grove, monkeypatch, tmp_path):
    def spoiled(handle):
        path = Path(f"/proc/self/fd/{handle}").readlink()
        octets = bytearray(path.read_bytes())
        octets[len(octets) // 2] ^= 4
        path.write_bytes(octets)

    if not sys.platform.startswith("linux"):
        pytest.skip("asks /proc for the file's name")
    monkeypatch.setattr(packing, "drop_page_cache", spoiled)
    with pytest.raises(Refusal, match="is damaged"):
        exported(grove, tmp_path / "e.json")
    assert list(tmp_path.glob("*e.json*")) == [] and list(tmp_path.glob(".*")) == []


def test_a_tree_that_changed_between_plan_and_export_is_spared(grove, tmp_path):
    plan = tmp_path / "plan.sql"
    invoked("plan", "--days=30", judge_by(), f"--out={plan}", f"--store={grove}")
    with command.opened(grove) as con:
        con.execute("UPDATE part SET time_updated = ? WHERE id = 'prt_ses_0002_b_0'", [NOW])
        con.execute("DELETE FROM todo WHERE session_id = 'ses_0003_c'")
    done = invoked("apply", plan, "--yes", "--json", f"--store={grove}").json["applied"]
    assert done["spared_why"] == {"ses_0002_a": "changed", "ses_0003_a": "changed"}
    assert done["sessions"] == 9


def test_a_tree_that_was_otherwise_only_while_it_was_exported_is_spared(grove, tmp_path, monkeypatch):
    """Changed before its export and changed back after it: the guard sees what the plan saw, the export did not."""
    asked = oracle.Policy(max_age_ms=30 * moments.DAY)
    export_plan = prune.export_plan

    def disturbed(store, script, path, progress):
        with command.opened(grove) as con:
            con.execute("UPDATE part SET time_updated = ? WHERE id = 'prt_ses_0001_a_0'", [NOW])
            try:
                return export_plan(store, script, path, progress)
            finally:
                con.execute("UPDATE part SET time_updated = ? WHERE id = 'prt_ses_0001_a_0'", [LONG_AGO])

    monkeypatch.setattr(prune, "export_plan", disturbed)
    with opened(str(grove)) as place, told(asked):
        _, script = prune.plan(place, question_of(asked, NOW))
        done = prune.run(place, script, None, "prune", "", lambda batch: None, tmp_path / "e.json")
    assert done.outcome.spared == {"ses_0001_a": "changed"}
    assert {id for id in command.sessions_of(grove) if id.startswith("ses_0001")} == {
        "ses_0001_a", "ses_0001_b", "ses_0001_c"}


def test_a_prompt_that_lands_after_its_tree_was_exported_spares_the_tree(grove, tmp_path, monkeypatch):
    asked, export_plan = oracle.Policy(max_age_ms=30 * moments.DAY), prune.export_plan

    def then_prompted(*words):
        found = export_plan(*words)
        with command.opened(grove) as con:
            con.execute("INSERT INTO message VALUES ('msg_new', 'ses_0004_b', ?, ?, '{}')", [NOW, NOW])
        return found

    monkeypatch.setattr(prune, "export_plan", then_prompted)
    with opened(str(grove)) as place, told(asked):
        _, script = prune.plan(place, question_of(asked, NOW))
        done = prune.run(place, script, None, "prune", "", lambda batch: None, tmp_path / "e.json")
    assert done.outcome.spared == {"ses_0004_a": "changed"}


KILLS = sized(2, 5, 30)


def test_a_prune_killed_at_any_moment_has_removed_nothing_or_can_be_undone(tmp_path):
    (tmp_path / "store").mkdir()
    original = command.planted(tmp_path / "store" / "opencode.db", trees=60, parts=20, pad=4_000)
    before, chance, exporting, removing = dump(original), random.Random(4), 0, 0
    for number in range(KILLS):
        store, file = command.copy(original), tmp_path / f"{number}.json.zst"
        run = command.Stepped(tmp_path / f"marks-{number}", *PRUNE, f"--export={file}", f"--store={store}", rows=90)
        if number % 3:
            run.reached(chance.randint(2, 50))
        else:
            ends = time.monotonic() + 60
            while not list(tmp_path.glob(f".{number}.json*")) and not file.exists() and time.monotonic() < ends:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.1))
        run.kill()
        gone = command.whole_trees(original, store)
        exporting, removing = exporting + (not gone), removing + bool(gone)
        if gone:
            assert gone <= {one.session for one in restore.contents(file)}
            invoked("undo", f"--store={store}")
            assert dump(store) == before
        else:
            assert dump(store) == before
    print(f"{removing} of {KILLS} kills fell after the first batch, {exporting} before it.")
    assert removing and exporting
