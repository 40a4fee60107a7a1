"""The folder of attachments: what is missing, in the way, changed, half written or killed there."""

import base64
import errno
import hashlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import attached
import pytest
from attached import MOVES, PICTURE, file, tool, url
from attachments_at_hand import KIND, WEEK, changed, kept, put_back, run, texts
from forests import NOW
from opencode_lifecycle.sql.reclamation import attachment_files, execute, standin
from opencode_lifecycle.sql.refusal import Refusal
from places import ROOT
from reclaim_oracle import differences, read


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
