"""`history` shows how large a store was over time, and what comes in a week."""

import time

import pytest
from command import invoked, planted
from opencode_lifecycle.sql.unattended import growth
from opencode_lifecycle.sql.verbs import history
from opencode_lifecycle.sql.words import DAY

MB = 10**6


@pytest.fixture
def store(tmp_path):
    planted(tmp_path / "s.db")
    return str(tmp_path / "s.db")


def seen(store, *megabytes, step=DAY):
    now = int(time.time() * 1000)
    for n, size in enumerate(reversed(megabytes)):
        growth.sample(store, now - n * step,
                      {"file_bytes": size * MB, "wal_bytes": 5, "free_bytes": 0, "used_bytes": size * MB})
    return now


def test_the_json_has_the_runs_the_sizes_and_the_growth(store):
    now = seen(store, 100, 110, 120)
    invoked("prune", "--days=90", "--yes", f"--store={store}")
    found = invoked("history", f"--store={store}", "--json").json
    assert set(found) == {"store", "runs", "sizes", "growth", "origins"} and found["store"] == store
    assert [run["verb"] for run in found["runs"]] == ["prune"]
    assert found["sizes"][-1] == {"moment": now, "file_bytes": 120 * MB, "wal_bytes": 5, "free_bytes": 0,
                                  "used_bytes": 120 * MB}
    assert found["growth"] == {"per_day": 10 * MB, "per_week": 70 * MB, "since": now - 2 * DAY, "samples": 3}


def test_of_a_store_that_nobody_measured_nothing_is_known(store):
    found = invoked("history", f"--store={store}", "--json").json
    assert (found["runs"], found["sizes"], found["growth"]["per_week"]) == ([], [], None)
    ran = invoked("history", f"--store={store}")
    assert "No run yet." in ran.err and "is not known yet" in ran.out


def test_people_see_a_curve_the_weeks_and_what_comes_in_one(store):
    seen(store, *range(100, 130))
    shown = invoked("history", f"--store={store}").out
    (curve,) = [line for line in shown.splitlines() if "█" in line]
    assert "▇" in curve and "at most 129.0 MB" in curve and len(curve.split()[0]) == history.WIDEST
    assert "7.0 MB come in a week, 1.0 MB in a day." in shown
    weeks = shown.split("By week")[1].split("\n\n")[0].strip().splitlines()[1:]
    assert 5 <= len(weeks) <= 6 and all(week.endswith("MB") for week in weeks[1:])


def test_on_every_store_each_has_its_own_sizes(store):
    seen(store, 100, 107)
    seen("other.db", 1)
    found = invoked("history", "--all", "--json").json
    assert [(one["store"], len(one["sizes"])) for one in found["stores"]] == sorted([(store, 2), ("other.db", 1)])
    shown = invoked("history", "--all").out
    assert "other.db" in shown and "49.0 MB" in shown


@pytest.mark.parametrize("sizes, encoding, line", [
    ((0, 50, 100), "utf-8", "▁▅█"), ((0, 50, 100), "ascii", ".+@"), ((7,), "utf-8", "█"), ((), "utf-8", ""),
    ((0, 0), "utf-8", "▁▁"), ((100, 99), "utf-8", "██"),
])
def test_a_curve_goes_from_nothing_to_the_largest_in_what_the_terminal_can_write(sizes, encoding, line):
    assert history.spark(sizes, encoding) == line


def test_a_column_has_the_largest_of_its_time_and_a_gap_what_was_before_it():
    rows = [{"moment": day * DAY, "file_bytes": size} for day, size in ((0, 5), (1, 9), (2, 3), (50, 4), (100, 8))]
    assert growth.curve(rows, 11) == [9, 3, 3, 3, 3, 4, 4, 4, 4, 4, 8]
    assert growth.curve(rows[:1], 11) == [5] and growth.curve([], 11) == []


def test_a_week_begins_on_monday_and_tells_what_came_since_the_one_before():
    monday = 1_767_571_200_000  # 2026-01-05
    rows = [{"moment": monday + hours * 3_600_000, "file_bytes": size, "free_bytes": 0}
            for hours, size in ((-1, 10), (0, 12), (167, 20), (168, 15), (200, 16))]
    assert [(week.since, week.file_bytes, week.came) for week in growth.weeks(rows)] == [
        (monday - 7 * DAY, 10, None), (monday, 20, 10), (monday + 7 * DAY, 16, 1)]
