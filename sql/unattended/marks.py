"""Marks of size: a store that passes one upward is told of once, until it has been well below it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .. import state
from ..words import DAY, human, program
from . import growth as growing
from .growth import Growth

BELOW = 0.9            # a store that swings around a mark is not told of each time: below this share it counts anew
FARTHEST = 3_650       # days; what lies further off is no forecast
HELPS = "prune --days=90 --vacuum --dry-run"


@dataclass(frozen=True)
class Crossing:
    """A mark that a store has passed. Sizes in bytes, `next_day` as 2026-12-31, '' where no rate is known."""

    mark: int
    size: int
    per_day: float | None
    next_mark: int
    next_day: str
    command: str

    @property
    def text(self) -> str:
        grows = f"; it grows by {human(round(self.per_day))} a day" if self.per_day else ""
        reaches = f", and reaches {human(self.next_mark)} about {self.next_day}" if grows and self.next_day else ""
        return (f"The store takes {human(self.size)}, over the mark of {human(self.mark)}{grows}{reaches}: "
                f"see what goes with `{self.command}`.")

    def facts(self) -> dict[str, Any]:
        return {"mark": self.mark, "bytes": self.size, "per_day": self.per_day, "next_mark": self.next_mark,
                "next_day": self.next_day or None, "command": self.command, "text": self.text}


def crossed(store: str, now: int, size: int, marks: Sequence[int], command: str | None = None) -> tuple[Crossing, ...]:
    """The mark that a store of `size` bytes has passed since the last look, and remember it; none most of the time.

    One who passed several at once hears of the highest. For `enforce` alone: whoever only looks asks `standing`.
    """
    reached = {mark for mark in marks if 0 < mark <= size}
    with state.held() as db:
        table = db.table("marks")
        known = {row["mark"] for row in table.rows_where("store = ?", [store])}
        for mark in reached - known:
            table.insert({"store": store, "mark": mark, "moment": now}, pk=("store", "mark"), ignore=True)
        for mark in known - reached:
            if size < mark * BELOW or mark not in marks:
                table.delete((store, mark))
    new = reached - known
    return (_crossing(store, now, size, max(new), marks, command),) if new and max(new) == max(reached) else ()


def standing(store: str, now: int, size: int, marks: Sequence[int], command: str | None = None) -> Crossing | None:
    """The highest mark that a store stands over, told of or not; nothing is remembered, nothing of ours is made."""
    reached = [mark for mark in marks if 0 < mark <= size]
    return _crossing(store, now, size, max(reached), marks, command) if reached else None


def _crossing(store: str, now: int, size: int, mark: int, marks: Sequence[int], command: str | None) -> Crossing:
    following = min((one for one in marks if one > size), default=mark)
    while following <= size:  # over the last mark: its doubles
        following *= 2
    found = growing.growth(store, now)
    return Crossing(mark, size, found.per_day, following, _day(found, now, following - size),
                    command or f"{program()} {HELPS}")


def _day(found: Growth, now: int, left: int) -> str:
    """The day on which so many bytes more will have come, at the rate of the last weeks."""
    days = left / found.per_day if found.per_day else FARTHEST
    return "" if days >= FARTHEST else datetime.fromtimestamp((now + days * DAY) / 1000, UTC).strftime("%Y-%m-%d")
