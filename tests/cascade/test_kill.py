"""A prune that is killed leaves whole trees, nothing of ours, and work that a second run finishes."""

import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import command
import moments
import oracle
import pytest
import store_rows
from command import Stepped, invoked, judge_by
from forests import NOW
from size import sized

PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--no-export", "--json")
KILLS = sized(1, 5, 30)
ROWS = 150  # of a batch: a tree of the grove, so that there is one batch to a tree
BATCHES = 59


@pytest.fixture
def original(tmp_path):
    (tmp_path / "original").mkdir()
    return command.planted(tmp_path / "original" / "opencode.db", trees=60, parts=40, pad=400)


def pruned(store, marks):
    return Stepped(marks, *PRUNE, f"--store={store}", rows=ROWS)


def seconds_of_a_batch(original, tmp_path):
    """In an undisturbed run."""
    run = pruned(command.copy(original), tmp_path / "undisturbed")
    run.reached(1)
    started = time.monotonic()
    run.reached(BATCHES)
    seconds = time.monotonic() - started
    assert run.ended().code == 0
    return seconds / BATCHES


def wanted(original):
    with command.opened(original) as con:
        judged = oracle.judge(con, oracle.Policy(max_age_ms=30 * moments.DAY), NOW)
        removed = oracle.removed_ids(judged)
        return removed, store_rows.survivors(con, removed)


def test_a_prune_killed_at_any_moment_leaves_whole_trees_and_a_second_run_finishes(original, tmp_path):
    seconds = seconds_of_a_batch(original, tmp_path)
    removed, left = wanted(original)
    chance, counted = random.Random(20), 0
    for number in range(KILLS):
        store = command.copy(original)
        run = pruned(store, tmp_path / f"marks-{number}")
        run.reached(chance.randint(1, BATCHES - 10))  # the machine may be quicker by then than it was undisturbed
        time.sleep(chance.uniform(0, 2 * seconds))
        run.kill()
        command.sound(store)
        gone = command.whole_trees(original, store)
        assert gone <= removed
        counted += bool(gone) and gone != removed
        again = invoked(*PRUNE, f"--store={store}")
        assert {id for tree in again.json["remove"] for id in tree["sessions"]} == removed - gone
        assert command.dump(store) == left
        command.sound(store)
    print(f"{counted} of {KILLS} kills fell between the first batch and the last.")
    assert counted * 3 >= KILLS * 2


def test_an_interrupt_between_batches_leaves_whole_trees_and_exits_130(original, tmp_path):
    store = command.copy(original)
    run = Stepped(tmp_path / "marks", *PRUNE, f"--store={store}", rows=ROWS, wait=[5])
    run.reached(5)
    ran = run.kill(signal.SIGINT)
    assert ran.code == 130 and "Traceback" not in ran.err and "interrupted" in ran.sentence
    assert ran.json["applied"]["sessions"] == 12
    assert len(command.whole_trees(original, store)) == 12
    command.sound(store)


def grown(wal):
    """Whether a WAL, which comes and goes, has half a megabyte."""
    with suppress(FileNotFoundError):
        return wal.stat().st_size > 500_000
    return False


def test_a_killed_vacuum_leaves_the_store_as_it_was(original, tmp_path):
    """SQLite's own promise; ours is that nothing of ours is in its way."""
    store = command.copy(original)
    before, wal = command.dump(store), Path(f"{store}-wal")
    for verb in (("vacuum", "--method=full"), ("convert",)):
        child = subprocess.Popen(
            command.line(*verb, f"--store={store}"),
            cwd=command.ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while child.poll() is None and not grown(wal):
            time.sleep(0.0005)
        child.kill()
        assert child.wait() == -signal.SIGKILL
        assert command.dump(store) == before
        command.sound(store)
    ran = invoked("convert", "--json", f"--store={store}")
    assert ran.json["free_bytes"] == 0
    assert command.dump(store) == before
    command.sound(store)
