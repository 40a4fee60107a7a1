"""What an export's rows came to is looked up in little memory, and never taken for another session's."""

import random

import pytest
from opencode_lifecycle.sql.cascade import witness
from opencode_lifecycle.sql.cascade.witness import Totals
from opencode_lifecycle.sql.transfer.read_back import ROUND


def test_each_sum_is_found_by_its_session_and_slice_in_whatever_order_they_came():
    chance = random.Random(7)
    sums = [(f"ses_{one}", number, chance.randrange(ROUND)) for one in range(300) for number in range(one % 3 + 1)]
    chance.shuffle(sums)
    totals = Totals(iter(sums))
    assert all(totals.of(id, (number,)) == total for id, number, total in sums)


def test_slices_of_a_session_add_up_and_one_that_has_no_rows_counts_for_nothing():
    totals = Totals([("a", 0, ROUND - 1), ("a", 2, 3), ("b", 0, 5)])
    assert totals.of("a", (0, 1, 2)) == 2
    assert totals.of("a", (2,)) == 3
    assert totals.of("b", (0, 1)) == 5


@pytest.mark.parametrize(("id", "numbers"), [("c", (0,)), ("a", (1,)), ("a", ()), ("a0", (0,)), ("", (0,))])
def test_what_is_not_known_is_none_which_no_row_comes_to(id, numbers):
    assert Totals([("a", 0, 1), ("b", 1, 2)]).of(id, numbers) is None


def test_two_sessions_with_one_key_have_a_sum_that_neither_comes_to(monkeypatch):
    monkeypatch.setattr(witness, "_key", lambda id, number: 7)
    totals = Totals([("a", 0, 10), ("b", 0, 20)])
    assert totals.of("a", (0,)) not in (10, 20)


def test_ids_that_are_no_utf_8_are_told_apart():
    totals = Totals([("ses_\udcff", 0, 1), ("ses_\ud800", 0, 2)])
    assert (totals.of("ses_\udcff", (0,)), totals.of("ses_\ud800", (0,))) == (1, 2)
