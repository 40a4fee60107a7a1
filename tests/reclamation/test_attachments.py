"""Attachments leave the store for a folder, each file once, and come back to the last octet."""

import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path

import attached
import forests
import pytest
from attached import BROKEN, MOVES, NASTY, PICTURE, STAYS, file, tool, url
from attachments_at_hand import KIND, WEEK, changed, kept, put_back, run, texts
from forests import NOW
from hypothesis import given
from hypothesis import strategies as st
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import attachment_files, attachments, execute, originals, standin
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from places import ROOT
from reclaim_oracle import differences, read
from reclaimed import change, to_reclaim


def test_files_leave_the_rows_for_a_folder_and_nothing_else_changes(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES, NASTY, STAYS, BROKEN)
    before = read(path)
    was = {table: texts(path, table) for table in ("part", "session_message")}
    plan, done = run(path)
    assert done.gains == plan.gains and plan.gains["attachments"]["rows"] == len(MOVES) + len(NASTY) + 3
    parts = changed(was["part"], texts(path), "part")
    assert parts == len(MOVES) + 2 + len(NASTY)
    assert changed(was["session_message"], texts(path, "session_message"), "session_message") == 4
    still = {f"prt_{name}" for name in (*STAYS, *BROKEN)}
    assert {id for id, data in texts(path).items() if data == was["part"][id]} == still
    freed = sum(len(was[t][id].encode()) - len(data.encode()) for t in was for id, data in texts(path, t).items())
    assert freed == done.gains["attachments"]["bytes"]
    assert plan.stays == {"nothing can stand for video/mp4": 1, "not plain base64": 1,
                          "written in another way, or twice in its row": 3}
    assert plan.broken == {"part": {"rows": 2, "first": "prt_cut short"}}
    wrong = differences(before, read(path))
    assert {column for _, _, column, *_ in wrong} == {"data"}  # no time stamp moves


def test_a_file_lies_in_the_folder_once_whatever_holds_it_and_only_for_its_owner(tmp_path):
    run(attached.store(tmp_path / "s.db", MOVES))
    digest = hashlib.sha256(PICTURE).hexdigest()
    assert [one.name for one in kept()].count(digest) == 1
    assert attachment_files.path_of(digest).read_bytes() == PICTURE
    assert all(hashlib.sha256(one.read_bytes()).hexdigest() == one.name for one in kept())
    assert {one.stat().st_mode & 0o777 for one in kept()} == {0o600}
    folders = {attachment_files.folder().parent, attachment_files.folder(), *(one.parent for one in kept())}
    assert {one.stat().st_mode & 0o777 for one in folders} == {0o700}


def test_a_second_run_changes_nothing(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES, NASTY, STAYS)
    run(path)
    before = read(path)
    plan, done = run(path)
    assert plan.batches == () and done.rows == {} and differences(before, read(path)) == []


def test_everything_comes_back_to_the_last_octet_and_once_is_enough(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES, NASTY, STAYS, BROKEN)
    before = read(path)
    _, done = run(path)
    foreseen = put_back(path, dry_run=True)
    assert differences(before, read(path)) != []
    back = put_back(path)
    assert back == foreseen and differences(before, read(path)) == []
    assert (back.rows, back.bytes) == (done.rows, done.gains["attachments"]["bytes"])
    assert (back.attachments, back.missing, back.changed) == (len(MOVES) + 2 + len(NASTY) + 4, set(), set())
    assert put_back(path) == attachments.AttachmentsRestored()


def test_only_the_session_that_is_asked_for_gets_its_attachments_back(tmp_path):
    recipe = forests.Recipe([forests.Session("ses_1"), forests.Session("ses_2")], rows=attached.rows(MOVES))
    path = forests.build(recipe, tmp_path / "s.db", "1.18.33")
    run(path)
    assert put_back(path, "ses_2").rows == {}
    assert put_back(path, "ses_1").rows == {"part": len(MOVES), "session_message": 3}


def test_octets_that_are_no_utf_8_around_an_attachment_stay(tmp_path):
    odd = json.dumps(file(url())).encode().replace(b'"a"', b'"\xff\xfe\xed\xa0\xbd"')
    path = attached.store(tmp_path / "s.db", {"odd": odd.decode("utf-8", "surrogateescape")})
    before = read(path)
    assert run(path)[1].rows["part"] == 1
    put_back(path)
    assert differences(before, read(path)) == []


def test_attachments_of_a_session_in_use_stay(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES, updated=NOW)
    plan, _ = run(path)
    assert plan.empty and plan.gains["attachments"] == {"rows": 0, "bytes": 0}


def test_a_row_that_changed_since_the_forecast_keeps_its_attachment(tmp_path):
    path = attached.store(tmp_path / "s.db", {"a": file(url()), "b": file(url())})
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(KIND, NOW, WEEK))
        change(path, "UPDATE part SET time_updated = time_updated + 1 WHERE id = 'prt_a'")
        before = texts(path)
        done = execute.run(place, plan, None, "", lambda _: None)
    assert done.gains["attachments"]["rows"] == 4  # prt_b and three messages
    assert [id for id, data in texts(path).items() if data == before[id]] == ["prt_a"]


def test_undo_brings_back_the_rows_from_the_export_without_the_folder(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES, NASTY, STAYS)
    before = read(path)
    _, done = run(path, export=tmp_path / "o.zst")
    for one in kept():
        one.unlink()
    change(path, "UPDATE part SET data = '{}' WHERE id = 'prt_a photo'")
    with store.opened(str(path)) as place:
        back = originals.bring_back(place, tmp_path / "o.zst")
    assert back.rows == done.rows | {"part": done.rows["part"] - 1} and back.changed == 1
    wrong = differences(before, read(path))
    assert [(table, column) for table, _, column, *_ in wrong] == [("part", "data")]


def test_undo_leaves_what_an_earlier_run_moved(tmp_path):
    path = attached.store(tmp_path / "s.db", {"a": tool(url(), "LATER", url())}, messages=False)
    run(path)
    change(path, "UPDATE part SET data = replace(data, 'LATER', ?)", url())
    before = texts(path)
    run(path, export=tmp_path / "o.zst")
    assert texts(path) != before
    with store.opened(str(path)) as place:
        assert originals.bring_back(place, tmp_path / "o.zst").rows == {"part": 1}
    assert texts(path) == before


def test_a_row_that_another_kind_shrinks_counts_once(tmp_path):
    cleared = tool(url(), time={"start": 1, "end": 2, "compacted": 1_700_000_000_000})
    path = attached.store(tmp_path / "s.db", {"a": cleared, "b": file(url())}, messages=False)
    plan, done = run(path, ("compacted", "attachments"))
    assert {kind: gain["rows"] for kind, gain in plan.gains.items()} == {"compacted": 1, "attachments": 1}
    assert done.gains == plan.gains


def test_a_quote_that_stands_behind_a_shorter_file_by_chance_does_not_make_it_a_longer_one(tmp_path):
    """Two files that begin alike, one as much shorter as a quote of the row stands behind it."""
    links = [url("image/svg+xml", bytes([2]) * size) for size in (1609, 1571)] + [url("text/plain", bytes(4633))]
    path = attached.store(tmp_path / "s.db", {"tool": tool(*links)}, messages=False)
    plan, _ = run(path)
    assert not plan.stays
    assert run(path)[0].empty


@given(contents=st.lists(st.tuples(st.sampled_from([*standin.MAKERS, "text/plain", "video/mp4"]),
                                   st.integers(0, 12_000), st.integers(0, 2)), max_size=8),
       schema=st.sampled_from(["1.2.1", "1.3.2", "1.15.13", "1.18.33", "v2.0-mixed-simulated"]))
def test_whatever_is_attached_comes_back(tmp_path_factory, contents, schema):
    links = [url(mime, bytes([seed]) * size) for mime, size, seed in contents]
    parts = {f"{n}": file(link) for n, link in enumerate(links)} | {"tool": tool(*links)}
    folder = tmp_path_factory.mktemp("s")
    path = attached.store(folder / "s.db", parts, messages=schema == "1.18.33", schema=schema)
    before = read(path)
    was = texts(path)
    plan, done = run(path)
    assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    changed(was, texts(path), "part")
    assert run(path)[0].empty
    put_back(path)
    assert differences(before, read(path)) == []


@pytest.mark.full
def test_memory_holds_a_few_times_the_largest_row(tmp_path, say):
    size = 100_000_000
    path = attached.store(tmp_path / "s.db", {"a": file(url(content=random.Random(2).randbytes(size)))},
                          messages=False)
    row = len(texts(path)["prt_a"])
    for words in (("reclaim", "--only=attachments", f"--now={NOW}", "--yes"), ("restore", "--attachments"),
                  ("reclaim", "--only=attachments", f"--now={NOW}", "--yes", "--no-export"), ("undo",)):
        done = subprocess.run(["/usr/bin/env", "time", "-f", "%M", sys.executable, "-m", "invoke", *words,
                               f"--store={path}"], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        peak = int(done.stderr.split()[-1]) * 1_024
        say(f"{words[0]} of a row of {row / 1e6:.0f} MB: {peak / 1e6:.0f} MB")
        assert peak <= 250_000_000 + 5 * row
    assert Path(path).exists()
