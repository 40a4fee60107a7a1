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
from size import FULL, sized

EACH = sized(15, 15, 1)                                    # a night in so many
A_MONTH = sized(6, 6, 400) * 10**6                         # octets that come in 30 days
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


def in_use(store, place):
    """Octets of the file; on a server, where space is the server's own business, octets of content."""
    if not place.server:
        return Path(store).stat().st_size
    return sum(int(size) for table in ("part", "event", "message")
               for (size,) in place.rows(f"SELECT COALESCE(SUM(LENGTH(data)), 0) FROM {table}"))


@pytest.mark.whole
def test_a_year_of_nights(store, tmp_path, monkeypatch, say):
    place, policy, runs, evicted = Days(store), tmp_path / "policy.toml", {}, 0
    monkeypatch.setitem(enforce.STEPS, "exports", partial(dated, known=set()))
    policy.write_text(POLICY)
    place.begin()
    invoked("pin", "ses_pinned", f"--store={store}", inside=True)
    most, codes = 0, set()
    for day in range(365):
        place.live(day, A_MONTH // 30)
        if day % EACH and day != 364:
            continue
        now = NOW + day * DAY + DAY // 2
        ran = invoke("enforce", f"--store={store}", f"--policy={policy}", f"--now={now}", "--json", inside=True)
        assert ran.code == 0, ran
        steps = {step["step"]: step for step in ran.json["steps"]}
        codes |= {(name, step["status"]) for name, step in steps.items()}
        if steps["evict"]["status"] == "done":
            runs[steps["evict"]["run"]] = now
            evicted += steps["evict"]["sessions"]
        there = place.sessions()
        assert there >= set(PROTECTED), day                              # nothing protected ever goes
        assert {id for id in there if id.startswith(f"ses_{day:04}")}    # nor what is of today
        kept = exports_folder.listing()
        assert sum(one.octets for one in kept) <= EXPORTS
        assert not [one for one in kept[:-1] if one.made < now - 100 * DAY]
        over_by_then = day > 2 * EACH + 1
        assert not over_by_then or in_use(store, place) <= LIMIT, (day, in_use(store, place), LIMIT, steps)
        most = max(most, in_use(store, place)) if over_by_then else most
        undoable = {run["id"]: run for run in state.runs() if run["id"] in runs and runs[run["id"]] > now - 90 * DAY}
        assert all(Path(run["export"]).exists() for run in undoable.values())
    assert evicted > 100 and len(runs) > 5
    per_week = growth.growth(state.runs()[0]["store"], now + 1).per_week
    assert place.server or A_MONTH / 30 * 7 * 0.5 < per_week < A_MONTH / 30 * 7 * 3
    say(f"{len(runs)} nights evicted {evicted} sessions; {most:,} of {LIMIT:,} octets on the worst morning; "
        f"{per_week:,.0f} octets a week; {sorted(codes)}")
    late = [number for number, moment in runs.items() if moment > NOW + 364 * DAY - 90 * DAY]
    before = place.sessions()
    for number in sorted(late, reverse=True) if not FULL else sorted(late, reverse=True)[:20]:
        invoked("undo", f"--run={number}", f"--store={store}", "--yes", inside=True, timeout=600)
    assert len(place.sessions()) > len(before)
