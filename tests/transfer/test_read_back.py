"""A long export is read back while it is written, by a process of its own: it notices what the usual way notices."""

import functools
import os
import signal
import subprocess
import sys
from pathlib import Path

import command
import pytest
from command import dump
from exports_at_hand import *  # noqa: F403
from exports_at_hand import PRUNE, SUFFIXES, document, exported
from opencode_lifecycle.sql.cascade import plan_file
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.store import opened
from opencode_lifecycle.sql.transfer import export, packing, read_back, session_rows

invoked = functools.partial(command.invoked, inside=True)
ASKED = read_back.Summed({"part": ["id", "data"], "todo": ["session_id", "content"]})


@pytest.fixture
def behind(monkeypatch):
    """Everything is long, and reaches the disk in small steps."""
    monkeypatch.setattr(read_back, "LONG", 0)
    monkeypatch.setattr(packing, "SPREAD", 1_000)


@pytest.fixture
def children(monkeypatch):
    """The processes that were started to read."""
    found, popen = [], subprocess.Popen

    def started(words, **more):
        child = popen(words, **more)
        found.extend([child] if read_back.__name__ in words else [])
        return child

    monkeypatch.setattr(read_back.subprocess, "Popen", started)
    return found


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_both_readers_find_the_same(grove, tmp_path, monkeypatch, children, suffix):
    usual = exported(grove, tmp_path / f"usual{suffix}", asked=ASKED)
    assert not children and len(list(usual.sums)) == usual.sessions == 18
    monkeypatch.setattr(read_back, "LONG", 0)
    monkeypatch.setattr(packing, "SPREAD", 1_000)
    long = exported(grove, tmp_path / f"long{suffix}", asked=ASKED)
    assert len(children) == 1
    assert (list(long.sums), long.rows) == (list(usual.sums), usual.rows)
    assert document(tmp_path / f"long{suffix}") == document(tmp_path / f"usual{suffix}")


def test_a_prune_whose_export_is_long_spares_nothing_and_can_be_undone(grove, behind, monkeypatch, children):
    """Every row that goes is held against what the other process read, each slice of a log by itself."""
    monkeypatch.setattr(plan_file, "BATCH_BYTES", 500)
    monkeypatch.setattr(plan_file, "SLICE_BYTES", 300)
    slices, end = set(), read_back.Behind.end

    def heard(self, tell):
        found = end(self, tell)
        slices.update(number for _, number, _ in found.sums)
        return found

    monkeypatch.setattr(read_back.Behind, "end", heard)
    with command.opened(grove) as con:
        con.executemany("INSERT INTO event (id, aggregate_id, seq, type, data) VALUES (?, 'ses_0001_a', ?, 'x', '{}')",
                        [(f"evt_{n}", n) for n in range(1_000, 1_400)])
    before = dump(grove)
    done = invoked(*PRUNE, f"--store={grove}").json["applied"]
    assert (done["sessions"], done["spared"], len(children)) == (15, [], 1) and len(slices) > 2
    invoked("undo", f"--store={grove}")
    assert dump(grove) == before


def test_where_no_process_is_to_be_had_the_file_is_read_afterwards(grove, tmp_path, behind, monkeypatch):
    def none(*given):
        raise BlockingIOError("no process")

    monkeypatch.setattr(read_back, "Behind", none)
    assert len(list(exported(grove, tmp_path / "e.json", asked=ASKED).sums)) == 18


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_the_disk_gives_otherwise_stops_the_run(grove, behind, tmp_path, monkeypatch, suffix):
    if not sys.platform.startswith("linux"):
        pytest.skip("asks /proc for the file's name")
    spoiled = []

    def spoil(handle):
        if not spoiled:
            with Path(f"/proc/self/fd/{handle}").readlink().open("r+b") as file:
                file.seek(600)
                spoiled.extend(file.read(1))
                file.seek(600)
                file.write(bytes([spoiled[0] ^ 4]))

    monkeypatch.setattr(read_back, "drop_page_cache", spoil)
    with pytest.raises(Refusal, match="damaged|otherwise"):
        exported(grove, tmp_path / f"e{suffix}", asked=ASKED)
    assert spoiled and list(tmp_path.glob("*e.json*")) == [] and list(tmp_path.glob(".*")) == []


def test_a_reading_process_that_ends_stops_the_run_before_the_first_row(grove, behind, monkeypatch, children):
    before, end = dump(grove), read_back.Behind.end

    def ended(self, tell):
        self._child.kill()
        return end(self, tell)

    monkeypatch.setattr(read_back.Behind, "end", ended)
    said = invoked(*PRUNE, f"--store={grove}", code=1)
    assert "reads" in said.sentence and "ended with -9; nothing was removed" in said.sentence
    assert dump(grove) == before and invoked("exports", "--json").json["exports"] == []


def test_a_disk_that_takes_no_more_stops_the_run_before_the_first_row(grove, behind, monkeypatch, children):
    def full(handle):
        raise OSError(28, os.strerror(28))

    before = dump(grove)
    monkeypatch.setattr(read_back, "drop_page_cache", full)
    assert "disk is full" in invoked(*PRUNE, f"--store={grove}", code=1).sentence
    assert dump(grove) == before and children[0].wait(5) == -signal.SIGKILL


def test_whoever_fails_in_the_midst_leaves_no_process_behind(grove, behind, tmp_path, monkeypatch, children):
    def stopped(done, of):
        raise KeyboardInterrupt

    with opened(str(grove)) as place:
        session_rows.find_trees(place)
        with pytest.raises(KeyboardInterrupt):
            export.write(place, session_rows.trees(place), tmp_path / "e.json", stopped)
    assert children[0].wait(5) == -signal.SIGKILL and list(tmp_path.glob("*e.json*")) == []


def test_once_the_writing_process_is_gone_the_reading_one_ends(tmp_path):
    part = tmp_path / "part"
    part.write_bytes(b"[\n")
    child = subprocess.Popen([sys.executable, "-P", "-m", read_back.__name__], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE)
    child.stdin.write(f'{{"part":"{part}"}}\n1\n'.encode())
    out, _ = child.communicate(timeout=30)
    assert child.returncode == 1 and out == b""
