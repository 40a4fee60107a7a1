"""Attachments leave the store for a folder, each file once, and come back to the last octet."""

import base64
import errno
import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
import zlib
from pathlib import Path

import attached
import forests
import moments
import pytest
from attached import BROKEN, MOVES, NASTY, PICTURE, STAYS, file, tool, url
from command import invoked
from forests import NOW
from hypothesis import given
from hypothesis import strategies as st
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import attachment_files, attachments, execute, originals, standin
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from opencode_lifecycle.sql.refusal import Refusal
from places import ROOT
from reclaim_oracle import differences, read
from reclaimed import to_reclaim

WEEK = 7 * moments.DAY
KIND = ("attachments",)


def run(path, kinds=KIND, export=None):
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(kinds, NOW, WEEK))
        if export:
            originals.write(place, plan, export)
        return plan, execute.run(place, plan, export, "", lambda _: None)


def put_back(path, session=None, dry_run=False):
    with store.opened(str(path)) as place:
        return attachments.put_back(place, session, dry_run)


def kept():
    return sorted(one for one in attachment_files.folder().rglob("*") if one.is_file())


def texts(path, table="part"):
    return {row["id"]: row["data"] for row in read(path)[table].values()}


def changed(before, after, table):
    """What moved out of a table, held against the rules of the kind: every other octet of the JSON is the same, and
    what stands there says which file lies in the folder."""
    moved = 0
    for id, old in before.items():
        if old == after[id]:
            continue
        (rest, left), (still, standing) = attached.places(table, old), attached.places(table, after[id])
        assert rest == still and len(left) == len(standing)
        for (mime, was), (kind, bare) in zip(left, standing, strict=True):
            assert mime == kind
            if was != bare:
                digest = standin.digest_of(mime, base64.b64decode(bare, validate=True))
                assert attachment_files.path_of(digest).read_bytes() == base64.b64decode(was)
                moved += 1
    return moved


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


def change(path, statement, *values):
    con = sqlite3.connect(path)
    with con:
        con.execute(statement, values)
    con.close()


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


# --- the folder ----------------------------------------------------------------------------------


def test_a_missing_and_a_changed_file_are_named_and_the_others_come_back(tmp_path):
    path = attached.store(tmp_path / "s.db", {"a": tool(url(), url()), "b": file(url()), "c": file(url())},
                          messages=False)
    before = texts(path)
    run(path)
    moved = texts(path)
    digest = {id: [standin.digest_of(mime, base64.b64decode(bare)) for mime, bare in attached.places("part", data)[1]]
              for id, data in moved.items()}
    attachment_files.path_of(digest["prt_a"][0]).unlink()
    lost = attachment_files.path_of(digest["prt_b"][0])
    lost.write_bytes(lost.read_bytes()[:-1])
    back = put_back(path)
    assert (back.missing, back.changed) == ({digest["prt_a"][0]}, {digest["prt_b"][0]})
    found = texts(path)
    assert found["prt_c"] == before["prt_c"] and found["prt_b"] == moved["prt_b"]
    assert attached.places("part", found["prt_a"])[1][1] == attached.places("part", before["prt_a"])[1][1]
    assert attached.places("part", found["prt_a"])[1][0] == attached.places("part", moved["prt_a"])[1][0]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to(path)],
                         ids=["folder", "pipe", "circle"])
def test_what_is_no_file_in_the_folder_keeps_no_other_from_coming_back(tmp_path, make):
    path = attached.store(tmp_path / "s.db", {"a": file(url()), "b": file(url())}, messages=False)
    before = texts(path)
    run(path)
    moved = texts(path)
    ((mime, bare),) = attached.places("part", moved["prt_a"])[1]
    digest = standin.digest_of(mime, base64.b64decode(bare))
    attachment_files.path_of(digest).unlink()
    make(attachment_files.path_of(digest))
    back = put_back(path)
    assert (back.missing, back.changed) == (set(), {digest})
    assert texts(path) == {"prt_a": moved["prt_a"], "prt_b": before["prt_b"]}


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_stands_where_a_file_is_to_be_written_is_put_aside(tmp_path, make):
    path = attached.store(tmp_path / "s.db", {"a": MOVES["a picture"]}, messages=False)
    place = attachment_files.path_of(hashlib.sha256(PICTURE).hexdigest())
    place.parent.mkdir(parents=True)
    make(place)
    run(path)
    assert place.read_bytes() == PICTURE


@pytest.mark.parametrize("left", [PICTURE[:-1], b"", b"x" * len(PICTURE)])
def test_a_file_that_a_killed_run_left_is_not_believed(tmp_path, left):
    path = attached.store(tmp_path / "s.db", {"a": MOVES["a picture"]}, messages=False)
    place = attachment_files.path_of(hashlib.sha256(PICTURE).hexdigest())
    place.parent.mkdir(parents=True)
    place.write_bytes(left)
    run(path)
    assert place.read_bytes() == PICTURE


def test_a_file_that_is_there_whole_is_not_written_again(tmp_path):
    path = attached.store(tmp_path / "s.db", {"a": MOVES["a picture"]}, messages=False)
    run(path)
    (before,) = kept()
    inode = before.stat().st_ino
    put_back(path)
    run(path)
    assert before.stat().st_ino == inode


def test_what_a_killed_run_did_not_finish_is_cleared_up_after_a_day(tmp_path):
    path = attached.store(tmp_path / "s.db", {"a": MOVES["a picture"]}, messages=False)
    place = attachment_files.path_of(hashlib.sha256(PICTURE).hexdigest())
    place.parent.mkdir(parents=True)
    for name, age in (("old", 90_000), ("new", 0)):
        left = place.with_name(f".{place.name}.{name}.part")
        left.write_bytes(b"half")
        os.utime(left, (time.time() - age,) * 2)
    run(path)
    assert [one.name for one in kept()] == [f".{place.name}.new.part", place.name]


def test_every_file_and_its_folder_are_flushed_before_a_row_changes(tmp_path, monkeypatch):
    path = attached.store(tmp_path / "s.db", MOVES, messages=False)
    flushed, begun = set(), []
    fsync, shrink = os.fsync, execute._shrink

    def noted(handle):
        flushed.add(os.fstat(handle).st_ino)
        fsync(handle)

    def watched(*args):
        begun.append({one.stat().st_ino for one in [*kept(), *(one.parent for one in kept())]} <= flushed)
        return shrink(*args)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(execute, "_shrink", watched)
    run(path)
    put_back(path)
    flushed.clear()
    run(path)
    assert begun == [True, True]


def test_a_full_disk_stops_before_a_row_changes(tmp_path, monkeypatch):
    path = attached.store(tmp_path / "s.db", MOVES)
    before = read(path)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(attachment_files.os, "fsync", full)
    with pytest.raises(Refusal, match="the disk is full"):
        run(path)
    assert differences(before, read(path)) == [] and not kept()


CHILD = f"""
import sys
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import execute
from opencode_lifecycle.sql.reclamation import forecast as reclaim
reclaim.BATCH_ROWS = 10
with store.opened(sys.argv[1]) as place:
    plan = reclaim.forecast(place, reclaim.ReclaimRequest({KIND}, {NOW}, {WEEK}))
    print(len(plan.batches), flush=True)
    execute.run(place, plan, None, "", lambda number: print(number, flush=True))
"""


def killed(path, rng):
    """Kill a run somewhere in its batches; whether some were committed and some were not."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    batches = int(child.stdout.readline())
    for _ in range(rng.randrange(batches)):
        child.stdout.readline()
    time.sleep(rng.random() * 0.01)
    child.kill()
    rest = child.communicate()[0].split()
    return not rest or int(rest[-1]) < batches


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.full)])
def test_whenever_a_run_is_killed_every_file_is_in_its_row_or_in_the_folder(tmp_path, kills):
    rng, counted = random.Random(kills), 0
    for number in range(kills):
        path = attached.store(tmp_path / f"{number}.db", {f"{n:03}": file(url()) for n in range(200)}, messages=False)
        before = read(path)
        counted += killed(path, rng)
        changed({row["id"]: row["data"] for row in before["part"].values()}, texts(path), "part")
        run(path)
        assert run(path)[0].empty
        put_back(path)
        assert differences(before, read(path)) == []
    assert counted * 3 >= kills * 2


# --- stand-ins -----------------------------------------------------------------------------------

DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize("mime", [*standin.MAKERS, "text/plain", "text/x-c"])
def test_a_stand_in_is_a_file_of_its_type_that_says_which_file_it_stands_for(mime):
    made = standin.stand_in(mime, DIGEST)
    assert f"{mime}, sha256 {DIGEST}, moved".encode() in made
    assert standin.digest_of(mime, made) == DIGEST
    assert len(made) == len(standin.stand_in(mime, "f" * 64)) < 1_000
    assert standin.digest_of(mime, made + b" ") is None and standin.digest_of("image/avif", made) is None
    starts = {"image/png": b"\x89PNG\r\n\x1a\n", "image/gif": b"GIF89a", "image/jpeg": b"\xff\xd8\xff\xe0",
              "image/webp": b"RIFF", "application/pdf": b"%PDF-1.4\n", "image/svg+xml": b"<svg "}
    assert made.startswith(starts.get(mime, made[:1]))


def test_the_chunks_of_the_picture_hold_their_checksums():
    made, at, names = standin.stand_in("image/png", DIGEST), 8, []
    while at < len(made):
        size = int.from_bytes(made[at: at + 4], "big")
        chunk = made[at + 4: at + 8 + size]
        assert zlib.crc32(chunk) == int.from_bytes(made[at + 8 + size: at + 12 + size], "big")
        names.append(chunk[:4])
        at += 12 + size
    assert names[0] == b"IHDR" and b"tEXt" in names and names[-1] == b"IEND"


def test_the_table_of_the_document_says_where_its_objects_are():
    made = standin.stand_in("application/pdf", DIGEST)
    start = int(made.rsplit(b"startxref\n", 1)[1].split()[0])
    assert made[start:].startswith(b"xref\n")
    places = [int(line[:10]) for line in made[start:].splitlines()[3:8]]
    assert [made[place:].split(b" ", 1)[0] for place in places] == [b"1", b"2", b"3", b"4", b"5"]


@pytest.mark.parametrize("mime", ["video/mp4", "audio/mpeg", "application/zip", "image/avif", "", "text/", "TEXT/x",
                                  "text/x\n", "text/ü"])
def test_for_other_types_nothing_stands(mime):
    assert standin.stand_in(mime, DIGEST) is None


def test_a_quote_that_stands_behind_a_shorter_file_by_chance_does_not_make_it_a_longer_one(tmp_path):
    """Two files that begin alike, one as much shorter as a quote of the row stands behind it."""
    links = [url("image/svg+xml", bytes([2]) * size) for size in (1609, 1571)] + [url("text/plain", bytes(4633))]
    path = attached.store(tmp_path / "s.db", {"tool": tool(*links)}, messages=False)
    plan, _ = run(path)
    assert not plan.stays
    assert run(path)[0].empty


# --- generated -----------------------------------------------------------------------------------


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


# --- verbs ---------------------------------------------------------------------------------------


def test_the_verbs_move_attachments_out_and_put_them_back(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES, STAYS)
    before = read(path)
    found = invoked("reclaim", "--only=attachments", f"--store={path}", f"--now={NOW}", "--yes", "--json").json
    assert found["kinds"]["attachments"]["rows"] == found["applied"]["rows"]["part"] + 3
    assert found["stays"]["nothing can stand for video/mp4"] == 1
    assert invoked("restore", "--attachments", f"--store={path}", "--dry-run", "--json").json["rows"] == \
        found["applied"]["rows"]
    told = invoked("restore", "--attachments", f"--store={path}")
    assert "Came back: 17 attachments" in told.out
    assert differences(before, read(path)) == []


def test_without_an_export_nothing_is_lost_and_nobody_says_so(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES)
    told = invoked("reclaim", "--only=attachments", "--no-export", "--yes", f"--store={path}", f"--now={NOW}")
    assert "gone" not in told.err and "invoke restore --attachments" in told.err


def test_a_missing_file_is_named_and_the_exit_code_says_that_work_is_left(tmp_path):
    path = attached.store(tmp_path / "s.db", {"a": file(url())}, messages=False)
    run(path)
    (lost,) = kept()
    lost.unlink()
    told = invoked("restore", "--attachments", f"--store={path}", code=3)
    assert lost.name in told.err and "1 attachment cannot come back" in told.sentence
    told = invoked("restore", "--attachments", f"--store={path}", "--json", code=3)
    assert told.json["missing"] == [lost.name]


@pytest.mark.parametrize("words", [("x.json", "--attachments"), ("--attachments", "--replace"),
                                   ("x.json", "--dry-run"), ("--attachments", "--session=ses_9")])
def test_flags_that_do_not_go_together_are_refused(tmp_path, words):
    path = attached.store(tmp_path / "s.db", MOVES)
    invoked("restore", *words, f"--store={path}", code=64)


def test_a_session_that_was_pruned_and_restored_can_still_have_its_attachments_back(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES)
    before = read(path)
    run(path)
    words = (f"--store={path}", f"--now={NOW}")
    invoked("prune", "--days=7", "--yes", *words)
    assert not texts(path) and kept()
    invoked("undo", f"--store={path}", "--no-pin")
    put_back(path)
    assert {id: row["data"] for row in before["part"].values() for id in [row["id"]]} == texts(path)


def test_stats_foresees_what_a_policy_switches_on(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES)
    policy = tmp_path / "policy.toml"
    policy.write_text("[reclaim]\nattachments = true\n")
    foreseen = run_forecast(path)
    found = invoked("stats", f"--store={path}", f"--policy={policy}", f"--now={NOW}", "--json").json["reclaimable"]
    assert found["attachments"] == foreseen.gains["attachments"]
    assert "attachments" not in invoked("stats", f"--store={path}", f"--now={NOW}", "--json").json["reclaimable"]


def run_forecast(path):
    with store.opened(str(path)) as place:
        return reclaim.forecast(place, to_reclaim(KIND, NOW, WEEK))


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
