"""The last deep look at a store, kept with its moment: whoever looks in passing is shown it, and told how old it is."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from .. import state
from ..refusal import Refusal

FIGURES = ("parts", "events", "reclaimable")  # what only a deep look finds

NONE: dict[str, Any] = {"deep": None} | dict.fromkeys(FIGURES)


def keep(store: str, moment: int, found: dict[str, Any]) -> None:
    """Remember what a deep look at a moment (milliseconds) found; where our state cannot be written it is not kept."""
    facts = json.dumps({name: found[name] for name in FIGURES})
    with suppress(Refusal), state.opened() as db:
        db.table("looks").upsert({"store": store, "moment": moment, "facts": facts}, pk="store")


def last(store: str) -> dict[str, Any]:
    """The figures of the last deep look, and its moment as `deep`; each is None where there was none since the last
    run that changed the store."""
    row = None
    with suppress(Refusal):
        row = next(iter(state.looked_up("looks", store)), None)
    kept = state.facts_of(row) if row else {}
    return {"deep": row["moment"] if row and kept else None} | {name: kept.get(name) for name in FIGURES}
