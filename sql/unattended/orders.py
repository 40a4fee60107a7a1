"""What a run is asked, and how a step reports: plain values, of which a look that changes nothing needs no more."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..words import DAY

if TYPE_CHECKING:
    from ..reclamation.forecast import ReclaimRequest
    from ..retention.selection import Question
    from ..store import Store

DONE, NOTHING, ANNOUNCED, SKIPPED, FAILED, PLANNED = "done", "nothing", "announced", "skipped", "failed", "planned"
STEPS = ("warn", "archive", "reclaim", "evict", "space", "exports")


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What a policy asks of a run at a moment, in plain values; None is a step that it does not ask for.

    `policy` and `eviction` are digests: of all of the policy, and of what decides what goes. Times are milliseconds,
    sizes octets, `free` is a share of the file from 0 to 1.
    """

    now: int
    policy: str
    eviction: str
    marks: tuple[int, ...] = ()
    archiving: Question | None = None
    reclaims: bool = False
    reclaiming: ReclaimRequest | None = None
    export_reclaimed: bool = True
    evicting: Question | None = None
    announce: int = DAY
    min_interval: int = 0
    method: str = "auto"
    free: float = 0.1
    exports_max_age: int = 0
    exports_max_size: int = 0
    keep: Callable[[Store], AbstractContextManager[Any]] | None = None  # the store of copies, in place of a file
    ignored: tuple[str, ...] = ()
    undo: str = ""           # the command that takes a run back, but for its number
    helps: str = ""          # the command that helps where a mark of size was passed
    fresh: tuple[str, ...] = ()  # exports that this run has made, which it does not let go of again
    at_once: bool = False    # without an announcement
    dry: bool = False        # say what would be done


@dataclass(frozen=True)
class StepReport:
    """What a step did, in one sentence and in figures; `code` is what it adds to the exit code of the run."""

    step: str
    status: str
    why: str
    figures: dict[str, Any] = field(default_factory=dict)
    code: int = 0

    def facts(self) -> dict[str, Any]:
        return {"step": self.step, "status": self.status, "why": self.why} | self.figures


def worth(orders: Orders, found: dict[str, Any]) -> bool:
    """Whether free pages are given back: enough of them, or any where the file is larger than it may be."""
    free, size = found["free_bytes"], orders.evicting.values["max_size"] if orders.evicting else None
    return bool(free) and (free >= orders.free * found["bytes"] or bool(size and found["bytes"] > size))
