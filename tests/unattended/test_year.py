"""A year of work, and `enforce` each night, by `--now`: what is promised holds on every morning of it."""

import os
from functools import partial
from pathlib import Path

import pytest
from command import invoke, invoked, planted
from days import DAY, PROTECTED, Days
from forests import NOW
from opencode_lifecycle.sql import state
from opencode_lifecycle.sql.transfer import exports_folder
from opencode_lifecycle.sql.unattended import enforce, growth
from servers import *  # noqa: F403
from size import sized

EACH = sized(30, 30, 1)                                     # a night in so many
ON_A_SERVER = sized(151, 151, 365)                          # days; a server takes longer
A_MONTH = sized(6, 6, 400) * 10**6                          # octets that come in 30 days
LIMIT = A_MONTH * 4 // 5
EXPORTS = A_MONTH * 6
POLICY = f"""
[limits]
max_age = "60d"
max_sessions = 900
max_size = "{LIMIT}B"
[protect]
titles = ["release*"]
[enforce]
announce = "24h"
max_share = "{50 if EACH == 1 else 100}%"
[exports]
max_age = "100d"
max_size = "{EXPORTS}B"
"""


@pytest.fixture(params=["file", "postgres"])
def store(request, tmp_path):
    if request.param == "file":
        (tmp_path / "store").mkdir()
        return planted(tmp_path / "store" / "opencode.db", trees=0, fresh=0)
    url = request.getfixturevalue("postgres_url")
    invoked("migrate", f"--to={url}")
    return url


def dated(store, orders, probe, known, expire=enforce.STEPS["exports"]):
    """The last step, once the files of this night are of its moment, as they would be."""
    for kept in exports_folder.listing():
        if kept.path not in known:
            os.utime(kept.path, (orders.now / 1000, orders.now / 1000))
            known.add(kept.path)
    return expire(store, orders, probe)


class Year:
    """The nights of a store, and what each morning finds."""

    def __init__(self, store, policy):
        self.store, self.place, self.policy = store, Days(store), policy
        self.runs, self.evicted, self.most, self.announced, self.passes, self.codes = {}, 0, 0, 0, set(), set()
        policy.write_text(POLICY)
        self.place.begin()
        invoked("pin", "ses_pinned", f"--store={store}", inside=True)

    def night(self, day):
        self.now = NOW + day * DAY + DAY // 2
        ran = invoke("enforce", f"--store={self.store}", f"--policy={self.policy}", f"--now={self.now}", "--json",
                     inside=True)
        assert ran.code == 0, ran
        steps = {step["step"]: step for step in ran.json["steps"]}
        self.codes |= {(name, step["status"]) for name, step in steps.items()}
        evict = steps["evict"]
        if evict["status"] == "done":
            self.runs |= dict.fromkeys(evict["runs"], self.now)
            self.evicted += evict["sessions"]
            self.passes.add(len(evict["runs"]))
        self.announced += evict["status"] == "announced"
        return steps

    def morning(self, day, steps):
        there = self.place.sessions()
        assert there >= set(PROTECTED), day                              # nothing protected ever goes
        assert {id for id in there if id.startswith(f"ses_{day:04}")}    # nor what is of today
        kept = exports_folder.listing()
        assert sum(one.octets for one in kept) <= EXPORTS
        assert not [one for one in kept[:-1] if one.made < self.now - 100 * DAY]
        if steps["evict"]["status"] != "announced":                      # once: what goes is said a day ahead
            size = self.in_use()
            assert size <= LIMIT, (day, size, LIMIT, steps)
            self.most = max(self.most, size)
        undoable = {run["id"]: run for run in state.runs() if run["id"] in self.undoable()}
        assert all(Path(run["export"]).exists() for run in undoable.values())

    def undoable(self):
        return [number for number, moment in self.runs.items() if moment > self.now - 90 * DAY]

    def in_use(self):
        """Octets of the file; on a server, where space is its own business, content and what a row costs beside it."""
        if not self.place.server:
            return Path(self.store).stat().st_size
        return sum(int(size) + 250 * int(rows) for table in ("part", "event", "message")
                   for (size, rows) in self.place.rows(f"SELECT COALESCE(SUM(LENGTH(data)), 0), COUNT(*) FROM {table}"))


@pytest.mark.whole
def test_a_year_of_nights(store, tmp_path, monkeypatch, say):
    monkeypatch.setitem(enforce.STEPS, "exports", partial(dated, known=set()))
    year = Year(store, tmp_path / "policy.toml")
    days = ON_A_SERVER if year.place.server else 365
    for day in range(days):
        year.place.live(day, A_MONTH // 30)
        if day % EACH == 0 or day == days - 1:
            year.morning(day, year.night(day))
    assert year.evicted > 100 and len(year.runs) >= days // EACH * 2 // 3 and year.announced <= 1
    per_week = growth.growth(state.runs()[0]["store"], year.now + 1).per_week
    assert A_MONTH / 30 * 7 * 0.5 < per_week < A_MONTH / 30 * 7 * 3
    say(f"{len(year.runs)} runs evicted {year.evicted} sessions, in {sorted(year.passes)} passes; {year.most:,} of "
        f"{LIMIT:,} octets on the worst morning; {per_week:,.0f} octets a week; {sorted(year.codes)}")
    before = year.place.sessions()
    for number in sorted(year.undoable(), reverse=True):
        invoked("undo", f"--run={number}", f"--store={store}", "--yes", inside=True, timeout=600)
    assert len(year.place.sessions()) > len(before)
