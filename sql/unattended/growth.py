"""How large a store was, run by run, and how fast it grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from .. import space, state
from ..store import Store
from ..words import DAY, HOUR

WINDOW = 30 * DAY      # how far back the rate looks: far enough for weekends, not so far as to miss a change of habits
SHORTEST = 12 * HOUR   # from a shorter span no rate of a day is told
THINNED = 365 * DAY    # older samples are thinned to one a week
WEEK = 7 * DAY
MONDAY = 4 * DAY       # the first one after the beginning of 1970


@dataclass(frozen=True)
class Week:
    """A week with a sample, from Monday at midnight UTC: the size at its last one, and what came since the week before.

    All are bytes; `came` counts like the rate, and is None for the first week.
    """

    since: int
    file_bytes: int
    free_bytes: int
    came: int | None


@dataclass(frozen=True)
class Growth:
    """Bytes of content that come in a day, None where too little was seen; since when, and from how many samples."""

    per_day: float | None
    since: int | None
    samples: int

    @property
    def per_week(self) -> float | None:
        return None if self.per_day is None else self.per_day * 7

    def facts(self) -> dict[str, Any]:
        return {"per_day": self.per_day, "per_week": self.per_week, "since": self.since, "samples": self.samples}


def figures(store: Store) -> dict[str, int]:
    """What a sample holds of a store: octets of the file, of its WAL, free inside, and in use.

    A server packs what it stores, fills again what was removed, and knows only roughly what it holds: there the octets
    of content are counted, which is what `max_size` speaks of.
    """
    found = space.facts(store)
    used = found["bytes"] - found["free_bytes"] if store.path else int(store.one("unattended/content")[0] or 0)
    return {"file_bytes": found["bytes"], "wal_bytes": found["wal_bytes"], "free_bytes": found["free_bytes"],
            "used_bytes": used}


def sample(store: str, now: int, figures: Mapping[str, int], apart: int = 0) -> bool:
    """Remember how large a store is; whether it was, for none is where another is less than `apart` ms older.

    Samples of over a year ago are thinned to the last of each week. Raises `Refusal` 1 where our state is unusable.
    """
    if any(now - apart < row["moment"] <= now for row in state.looked_up("sizes", store)):
        return False  # nothing has to be written, and what writes takes a while to load
    with state.held() as db:
        sizes = db.table("sizes")
        sizes.upsert({"store": store, "moment": now, **figures}, pk=("store", "moment"))
        old = [row["moment"] for row in sizes.rows_where("store = ? and moment < ?", [store, now - THINNED],
                                                         order_by="moment")]
        last_of = {moment // WEEK: moment for moment in old}
        for moment in set(old) - set(last_of.values()):
            sizes.delete((store, moment))
    return True


def sizes(store: str) -> list[dict[str, Any]]:
    """Every sample of a store, the oldest first: {moment, file_bytes, wal_bytes, free_bytes, used_bytes}."""
    return [{name: value for name, value in row.items() if name != "store"}
            for row in sorted(state.looked_up("sizes", store), key=lambda row: row["moment"])]


def stores() -> list[str]:
    """The stores of which a size is known, where they lie."""
    found = {row["store"] for row in state.looked_up("sizes", None)}
    return sorted(store for store in found if state.ASIDE not in store)


def growth(store: str, now: int) -> Growth:
    """The rate of the last 30 days up to `now`. Where nothing is known, nothing of ours is made."""
    return rate([row for row in sizes(store) if now - WINDOW <= row["moment"] <= now])


def rate(samples: Iterable[dict[str, Any]]) -> Growth:
    """What came between each two samples, over the time from the first to the last.

    What counts is what is in use, not the file: a vacuum is no shrinking, and room that is used again is growth. What
    went between two samples was removed, and is not taken off: the rate says what comes, if nobody removes anything.
    """
    found = list(samples)
    if not found:
        return Growth(None, None, 0)
    since, until = found[0]["moment"], found[-1]["moment"]
    if until - since < SHORTEST:
        return Growth(None, since, len(found))
    return Growth(_came(found) * DAY / (until - since), since, len(found))


def _came(samples: list[dict[str, Any]]) -> int:
    used = [_used(row) for row in samples]
    return sum(max(0, after - before) for before, after in pairwise(used))


def _used(row: Mapping[str, Any]) -> int:
    used = row.get("used_bytes")  # versions before knew the file alone
    return int(row["file_bytes"] - row["free_bytes"] if used is None else used)


def weeks(samples: Iterable[dict[str, Any]]) -> list[Week]:
    """The weeks in which there was a sample, the oldest first."""
    found: list[Week] = []
    before: list[dict[str, Any]] = []
    for number, grouped in groupby(samples, lambda row: (row["moment"] - MONDAY) // WEEK):
        rows = list(grouped)
        last = rows[-1]
        found.append(Week(number * WEEK + MONDAY, last["file_bytes"], last["free_bytes"],
                          _came(before + rows) if before else None))
        before = [last]
    return found


def curve(samples: Iterable[dict[str, Any]], columns: int) -> list[int]:
    """The size of the file over time, in so many columns or fewer: in each the largest, or what it was before."""
    found = list(samples)
    if len(found) < 2:
        return [row["file_bytes"] for row in found]
    since, length = found[0]["moment"], max(1, found[-1]["moment"] - found[0]["moment"])
    columns = min(columns, max(2, length // HOUR))
    largest: dict[int, int] = {}
    last: dict[int, int] = {}
    for row in found:
        at = (row["moment"] - since) * (columns - 1) // length
        largest[at], last[at] = max(largest.get(at, 0), row["file_bytes"]), row["file_bytes"]
    shown, size = [], found[0]["file_bytes"]
    for at in range(columns):
        shown.append(largest.get(at, size))
        size = last.get(at, size)
    return shown
