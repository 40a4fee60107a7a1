"""What the verb history does and says: the runs on a store, its size over time, and how fast it grows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import history as runs
from .. import identity, space
from ..history import Past
from ..refusal import BAD_VALUE, Refusal
from ..retention import selection
from ..unattended import growth
from ..words import human, plain, printable, stamp
from . import common, console

BLOCKS = "▁▂▃▄▅▆▇█"
PLAIN = ".:-=+*%@"     # for a terminal, or a file, that takes ASCII alone
WIDEST = 60            # columns of the curve
WEEKS = 12             # of the last ones, in the table


def history(store: str | None, every: bool, origin: str | None, json: bool) -> None:
    """The runs on a store, or on all with `every`, the sizes that they noted, and what each origin brought, or one."""
    if every and origin is not None:
        raise Refusal("--all and --origin exclude each other; give one of them.", BAD_VALUE)
    if every:
        _show_every(json)
        return
    with common.opened(store, write=False) as (place, _):
        identity.settle(place)
        found, name, now = runs.past(place.name), place.name, space.facts(place)
        if origin is not None:
            selection.known_origin(place, origin)
        brought = [one for one in selection.origins(place) if origin in (None, one["origin"])]
    sizes = growth.sizes(name)
    rate = growth.growth(name, common.moment())
    if json:
        console.as_json({"store": name, "runs": [one.facts() for one in found], "sizes": sizes,
                         "growth": rate.facts(), "origins": brought})
        return
    _show_runs(found)
    if brought:
        console.table("Copies", ("origin", "sessions", "vanished", "outdone", "bytes", "newest row", "seen"),
                      ((printable(one["origin"]), one["sessions"], one["vanished"], one["outdone"],
                        console.Size(one["bytes"]), stamp(one["newest"]) if one["newest"] else "", stamp(one["seen"]))
                       for one in brought))
    _show_sizes(name, sizes)
    rests = f", {human(now['free_bytes'])} of it free inside" if now["free_bytes"] else ""
    console.out.print(f"Now {human(now['bytes'])}{rests}. {_rate(rate)}")


def _show_every(json: bool) -> None:
    """Runs on every store, and for each store that was measured where it stands."""
    found = runs.past(None)
    stores = {name: (growth.sizes(name), growth.growth(name, common.moment())) for name in growth.stores()}
    if json:
        console.as_json({"runs": [one.facts() for one in found],
                         "stores": [{"store": name, "sizes": sizes, "growth": rate.facts()}
                                    for name, (sizes, rate) in stores.items()]})
        return
    _show_runs(found)
    if stores:
        console.table("Stores", ("store", "measured", "size", "a week"),
                      ((name, stamp(sizes[-1]["moment"]), console.Size(sizes[-1]["file_bytes"]), _weekly(rate.per_week))
                       for name, (sizes, rate) in stores.items()))


def _show_runs(found: list[Past]) -> None:
    """Runs, the oldest first."""
    if not found:
        console.talk.print("No run yet.")
        return
    console.table("Runs", ("run", "when", "verb", "sessions", "rows", "freed", "outcome", "undo", "export"),
                  ((str(one.number), stamp(one.run["started"]), one.run["verb"], one.run["sessions"],
                    sum(one.run["rows"].values()), console.Size(one.run["freed_bytes"] or 0), one.run["outcome"],
                    _undo(one), Path(one.run["export"]).name if one.run["export"] else "none") for one in found))


def _undo(one: Past) -> str:
    if one.undone_by:
        return f"undone by {one.undone_by}"
    return "no" if one.hindrance else "yes"


def _show_sizes(name: str, sizes: list[dict[str, Any]]) -> None:
    """The curve of a store's size, and its last weeks."""
    if len(sizes) < 2:
        return
    largest = max(row["file_bytes"] for row in sizes)
    console.out.print(f"Size of {plain(name)}", style="bold")
    drawn = spark(growth.curve(sizes, WIDEST), sys.stdout.encoding or "utf-8")
    console.out.print(f"{drawn}  {_day(sizes[0]['moment'])} to "
                      f"{_day(sizes[-1]['moment'])}, at most {human(largest)}\n")
    weeks = growth.weeks(sizes)
    if len(weeks) > 1:
        console.table("By week", ("week of", "size", "free inside", "came"),
                      ((_day(week.since), console.Size(week.file_bytes), console.Size(week.free_bytes),
                        "" if week.came is None else human(week.came)) for week in weeks[-WEEKS:]))


def _rate(rate: growth.Growth) -> str:
    if rate.per_day is None:
        return "How fast it grows is not known yet: each run that changes it, or enforces a policy, notes its size."
    if not rate.per_day:
        return "Nothing has come in the last weeks."
    return f"{_weekly(rate.per_week)} come in a week, {human(round(rate.per_day))} in a day."


def _weekly(per_week: float | None) -> str:
    return "" if per_week is None else human(round(per_week))


def spark(sizes: Sequence[int], encoding: str) -> str:
    """Sizes as a line of blocks, from nothing to the largest; in ASCII where the encoding has no blocks."""
    try:
        BLOCKS.encode(encoding)
        blocks = BLOCKS
    except (UnicodeEncodeError, LookupError):
        blocks = PLAIN
    largest = max(sizes, default=0) or 1
    return "".join(blocks[min(len(blocks) - 1, size * len(blocks) // largest)] for size in sizes)


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%d")
