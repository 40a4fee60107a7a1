"""Sequences that spill to the disk: as many as a store has sessions, read as often as needed."""

import tracemalloc
from itertools import islice

import command
import pytest
from opencode_lifecycle.sql import spill
from opencode_lifecycle.sql.spill import Spilled


def spilled(found):
    return Spilled(found, str, int)


@pytest.mark.parametrize("number", [0, 1, spill.TOGETHER - 1, spill.TOGETHER, spill.TOGETHER + 1, 3 * spill.TOGETHER])
def test_they_give_what_they_were_given_every_time(number):
    held = spilled(range(number))
    assert len(held) == number and bool(held) == bool(number)
    assert list(held) == list(held) == list(range(number))


def test_two_readings_of_one_do_not_disturb_each_other():
    held = spilled(range(5 * spill.TOGETHER))
    one, other = iter(held), iter(held)
    assert list(islice(one, spill.TOGETHER + 7)) == list(range(spill.TOGETHER + 7))
    assert list(other) == list(held)
    assert next(one) == spill.TOGETHER + 7


def test_texts_that_are_no_utf_8_numbers_of_any_size_and_octets_come_back():
    odd = [("\udcff\ud800\0", -(10**30), None, b"\xff", 1.5, ""), ("x" * 9_000_000, 0, None, b"", -0.0, "\n")]
    assert list(Spilled(odd, tuple, tuple)) == odd


def test_a_full_disk_is_said_in_a_sentence_and_nothing_is_changed(tmp_path, monkeypatch):
    (tmp_path / "store").mkdir()
    store = command.planted(tmp_path / "store" / "opencode.db", trees=8, parts=3)
    before = command.dump(store)
    monkeypatch.setattr(spill, "HELD", 1)
    with command.small_disk(tmp_path / "room", "8k") as room:
        command.fill(room)
        monkeypatch.setattr(spill, "temporary_folder", lambda: room)
        command.refused(1, "prune", "--days=30", "--yes", "--no-export", command.judge_by(), f"--store={store}",
                        says=("does not fit", "the disk is full"), inside=True)
    assert command.dump(store) == before


def test_memory_holds_a_few_of_them_at_a_time():
    tracemalloc.start()
    held = Spilled((f"{number:01000}" for number in range(40_000)), str, str)  # 40 MB
    assert sum(map(len, held)) == 40_000_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3 * spill.HELD
