"""What unattended runs remember of a store from one to the next: what was announced, and what the last one left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from .. import state
from ..refusal import Refusal

# What a run leaves for the next one and for a look; without all of it there is no last run to go by.
KNOWN = {"used", "free", "roots", "over", "next", "left", "headroom", "space"}


@dataclass(frozen=True)
class LastRun:
    """When the last run under a policy ended (milliseconds, by its own `--now`), and what it knew then."""

    moment: int
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Announcement:
    """What the first eviction of a policy will take, and from when on; `done` once it has."""

    moment: int
    due: int
    trees: int
    sessions: int
    bytes: int
    done: bool = False

    def facts(self) -> dict[str, int]:
        """As the status file and `enforce --json` tell it."""
        return {"due": self.due, "trees": self.trees, "sessions": self.sessions, "bytes": self.bytes}


def digest(facts: Mapping[str, Any]) -> str:
    """Of a policy: another for every other value in it."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:16]


def last_run(store: str, policy: str) -> LastRun | None:
    """The last run on a store, if it was under this policy; nothing of ours is made."""
    row = _remembered("enforced", store, policy)
    facts = state.facts_of(row) if row else {}
    return LastRun(row["moment"], facts) if row and facts.keys() >= KNOWN else None


def ran(store: str, policy: str, moment: int, facts: Mapping[str, Any]) -> None:
    """Remember a run that came to its end. Raises `Refusal` 1 where our state cannot be written."""
    with state.opened() as db:
        db.table("enforced").upsert({"store": store, "policy": policy, "moment": moment, "facts": json.dumps(facts)},
                                    pk="store")


def last_number(store: str) -> int | None:
    """The number that the history gave to the latest run on a store."""
    with suppress(Refusal):
        runs = state.runs(store)
        return int(runs[-1]["id"]) if runs else None
    return None


def announced(store: str, policy: str, now: int) -> Announcement | None:
    """What was announced of a policy. One of a moment that is yet to come counts for nothing: the clock went back, and
    nobody can say when it was made."""
    row = _remembered("announced", store, policy)
    if not row or (row["moment"] > now and not row["done"]):
        return None
    return Announcement(row["moment"], row["due"], row["trees"], row["sessions"], row["bytes"], bool(row["done"]))


def announce(store: str, policy: str, told: Announcement) -> None:
    """Remember what a policy will do, or that it has begun to. Raises `Refusal` 1 where our state cannot be written."""
    with state.opened() as db:
        db.table("announced").upsert({"store": store, "policy": policy, "moment": told.moment, "due": told.due,
                                      "trees": told.trees, "sessions": told.sessions, "bytes": told.bytes,
                                      "done": int(told.done)}, pk=("store", "policy"))


def _remembered(table: str, store: str, policy: str) -> dict[str, Any] | None:
    return next((row for row in state.looked_up(table, store) if row["policy"] == policy), None)
