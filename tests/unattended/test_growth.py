"""How large a store was and how fast it grows, and the marks that are told of once."""

import json

import pytest
from command import invoked, planted
from opencode_lifecycle.sql import state
from opencode_lifecycle.sql.unattended import growth, marks
from opencode_lifecycle.sql.words import DAY, HOUR

NOW = 1_800_000_000_000
MB = 10**6
MARKS = (100 * MB, 500 * MB, 1000 * MB)


def file(octets, free=0):
    return {"file_bytes": octets, "wal_bytes": 0, "free_bytes": free}


def samples(*megabytes, since=NOW, step=DAY, free=()):
    for n, size in enumerate(megabytes):
        growth.sample("s.db", since + n * step, file(size * MB, (free[n] if n < len(free) else 0) * MB))
    return since + (len(megabytes) - 1) * step


def test_the_rate_is_what_came_by_the_day():
    now = samples(100, 110, 130)
    assert growth.growth("s.db", now) == growth.Growth(15 * MB, NOW, 3)
    assert growth.growth("s.db", now).per_week == 105 * MB


def test_what_was_removed_is_no_shrinking_and_room_that_is_used_again_is_growth():
    now = samples(100, 110, 110, 60, 70, free=(0, 0, 50, 0, 0))
    assert growth.growth("s.db", now).per_day == 5 * MB
    assert growth.rate([{"moment": n * DAY, "file_bytes": 100, "free_bytes": free}
                        for n, free in enumerate((50, 30, 10))]).per_day == 20


def test_from_one_sample_or_an_hour_no_rate_of_a_day_is_told():
    assert growth.growth("s.db", NOW) == growth.Growth(None, None, 0)
    assert growth.growth("s.db", samples(1, 90, step=HOUR)).per_day is None


def test_the_rate_is_that_of_the_last_thirty_days_and_of_nothing_to_come():
    samples(100, 900, since=NOW - 100 * DAY)
    now = samples(910, 912)
    samples(5000, since=now + DAY)
    assert growth.growth("s.db", now).per_day == 2 * MB


def test_of_each_week_of_more_than_a_year_ago_one_sample_stays():
    days = [{"store": "s.db", "moment": NOW + n * DAY, "file_bytes": n, "wal_bytes": 0, "free_bytes": 0}
            for n in range(799)]
    with state.opened() as db:
        db.table("sizes").insert_all(days)
    now = samples(799, since=NOW + 799 * DAY)
    kept = [row["moment"] for row in growth.sizes("s.db")]
    old = [moment for moment in kept if moment < now - 365 * DAY]
    assert len(kept) - len(old) == 366 and kept[-1] == now
    assert [moment // (7 * DAY) for moment in old] == sorted({moment // (7 * DAY) for moment in old})
    assert 62 <= len(old) <= 64 and all(b - a == 7 * DAY for a, b in zip(old[:-2], old[1:-1], strict=True))


def test_samples_may_be_held_apart_and_a_clock_that_jumps_back_holds_none_up():
    assert growth.sample("s.db", NOW, file(1), apart=HOUR)
    assert not growth.sample("s.db", NOW + HOUR - 1, file(2), apart=HOUR)
    assert growth.sample("s.db", NOW - DAY, file(3), apart=HOUR)
    assert growth.sample("s.db", NOW + HOUR, file(4), apart=HOUR)
    assert growth.sample("other.db", NOW, file(1), apart=HOUR)
    assert [row["file_bytes"] for row in growth.sizes("s.db")] == [3, 1, 4]


def test_whoever_only_looks_makes_no_database_of_ours(own_folders):
    assert growth.sizes("s.db") == [] and marks.standing("s.db", NOW, 600 * MB, MARKS).mark == 500 * MB
    assert not list(own_folders.rglob("*"))


def test_a_mark_is_told_of_once_for_each_time_it_is_passed_upward():
    told = [[one.mark // MB for one in marks.crossed("s.db", NOW + n, size * MB, MARKS)]
            for n, size in enumerate((40, 100, 120, 99, 101, 50, 130, 600, 700, 1200))]
    assert told == [[], [100], [], [], [], [], [100], [500], [], [1000]]


def test_of_several_marks_at_once_the_highest_is_told_of():
    assert [one.mark for one in marks.crossed("s.db", NOW, 1200 * MB, MARKS)] == [1000 * MB]
    assert not marks.crossed("s.db", NOW, 1200 * MB, MARKS)


def test_a_mark_that_is_set_below_one_told_of_is_not_news_and_one_above_is():
    marks.crossed("s.db", NOW, 600 * MB, MARKS)
    assert not marks.crossed("s.db", NOW, 600 * MB, (200 * MB, *MARKS))
    assert [one.mark for one in marks.crossed("s.db", NOW, 600 * MB, (550 * MB, *MARKS))] == [550 * MB]


def test_a_mark_of_nothing_is_none():
    assert not marks.crossed("s.db", NOW, 5, (0,)) and not marks.standing("s.db", NOW, 5, (0,))


def test_a_crossing_says_size_growth_the_day_of_the_next_mark_and_what_helps():
    now = samples(400, 420, 440)
    (one,) = marks.crossed("s.db", now, 600 * MB, MARKS)
    assert one.next_mark == 1000 * MB and one.next_day == "2027-02-06"  # twenty days on
    assert one.text == ("The store takes 600.0 MB, over the mark of 500.0 MB; it grows by 20.0 MB a day, and reaches "
                        "1.0 GB about 2027-02-06: see what goes with `invoke prune --days=90 --vacuum --dry-run`.")
    assert json.loads(json.dumps(one.facts()))["text"] == one.text


def test_over_the_last_mark_the_next_is_its_double_and_without_a_rate_no_day_is_told():
    (one,) = marks.crossed("s.db", NOW, 2500 * MB, MARKS, "invoke enforce")
    assert (one.next_mark, one.next_day, one.facts()["next_day"]) == (4000 * MB, "", None)
    assert one.text == "The store takes 2.5 GB, over the mark of 1.0 GB: see what goes with `invoke enforce`."


def test_a_rate_of_next_to_nothing_forecasts_no_day():
    growth.sample("s.db", NOW - DAY, file(100))
    growth.sample("s.db", NOW, file(101))
    (one,) = marks.crossed("s.db", NOW, 600 * MB, MARKS)
    assert one.next_day == "" and "reaches" not in one.text


# --- the verbs -------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path):
    planted(tmp_path / "s.db")
    return tmp_path / "s.db"


def test_a_run_that_changes_a_store_notes_its_size_before_at_most_once_an_hour(store):
    before = store.stat().st_size
    invoked("prune", "--days=90", f"--store={store}", "--yes")
    invoked("vacuum", f"--store={store}")
    (row,) = growth.sizes(str(store))
    assert row["file_bytes"] == before and set(row) == {"moment", "file_bytes", "wal_bytes", "free_bytes",
                                                             "used_bytes"}


def test_a_dry_run_notes_nothing_and_a_full_state_folder_stops_no_run(store, own_folders, monkeypatch):
    invoked("vacuum", f"--store={store}")
    assert len(growth.sizes(str(store))) == 1
    monkeypatch.setattr(growth, "sample", lambda *_, **__: refused_by_state())
    invoked("vacuum", f"--store={store}", inside=True)
    invoked("prune", "--days=90", "--dry-run", f"--store={store}")
    assert len(growth.sizes(str(store))) == 1


def refused_by_state():
    raise state.Refusal("Our own state cannot be used.")


def test_stats_tells_of_a_mark_every_time_and_takes_it_from_nobody(store, tmp_path):
    policy = tmp_path / "p.toml"
    policy.write_text('[warn]\nsizes = ["1kb"]\n')
    for _ in range(2):
        found = invoked("stats", f"--store={store}", f"--policy={policy}", "--json").json
        assert [text for text in found["warnings"] if "over the mark of 1.0 kB" in text]
    assert marks.crossed(str(store), NOW, store.stat().st_size, (1000,))


def test_what_is_known_of_a_store_that_moved_comes_along(store, tmp_path):
    invoked("vacuum", f"--store={store}")
    moved = store.rename(tmp_path / "moved.db")
    invoked("vacuum", f"--store={moved}")
    assert growth.sizes(str(store)) == [] and len(growth.sizes(str(moved))) == 1
