"""Whether a copy goes on from what its source has of a session, as after somebody brought it back on another machine
and wrote to it there: then the copy has all that the source's older state says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ..catalog import ROOTS
from ..store import Store
from . import richer
from .carried_rows import carried_rows
from .carrier import Carrier, text
from .marks import Mark
from .sums import row_digest

# Of these a later row takes the place of an earlier one; every row of all other tables has to be there as it is.
LATER = dict.fromkeys(ROOTS, "time_updated") | {"todo": "time_updated", "event_sequence": "seq"}


def outdone(carrier: Carrier, ids: Mapping[str, Mark]) -> set[str]:
    """Of these sessions, those of which the copy has each row: the same to the octet, or larger where a reclamation at
    the source took something from it; and of the session's own row, its todos and its number of the last event the
    same or a later one. Inside transactions at hand on both sides."""
    if not ids:
        return set()
    kept = richer.find(carrier.source, carrier.target, ids, carrier.owned, carrier.events,
                       lambda store, chosen: carrier.choose(store, {id: ids[id] for id in chosen}))
    carrier.choose(carrier.source, ids)
    carrier.choose(carrier.target, ids)
    there: dict[str, Counter[bytes]] = {id: Counter() for id in ids}
    latest: dict[tuple[str, str], float] = {}
    for owner, table, digest, values in _rows(carrier, carrier.target):
        there[owner][digest] += 1
        if (at := _moment(table, values)) is not None:
            latest[owner, table] = max(at, latest.get((owner, table), at))
    found = set(ids)
    for owner, table, digest, values in _rows(carrier, carrier.source):
        if there[owner][digest] > 0:
            there[owner][digest] -= 1
        elif (table, text(values.get("id"))) not in kept.shrunk and not _later(latest, owner, table, values):
            found.discard(owner)
    return found


def _later(latest: Mapping[tuple[str, str], float], owner: str, table: str, values: Mapping[str, Any]) -> bool:
    own, other = _moment(table, values), latest.get((owner, table))
    return own is not None and other is not None and other > own


def _moment(table: str, values: Mapping[str, Any]) -> float | None:
    at = values.get(LATER[table]) if table in LATER else None
    return at if isinstance(at, (int, float)) else None


def _rows(carrier: Carrier, store: Store) -> Iterator[tuple[str, str, bytes, dict[str, Any]]]:
    """Session, table, digest and values of each row of the sessions at hand."""
    with store.octets():
        for table in carrier.owned:
            columns = [one.name for one in carrier.there[table.name].columns if one.name in table.columns]
            for own in (False, True) if table.via else (False,):
                for owner, *row in carried_rows(store, table, columns, own, huge=True):
                    yield text(owner), table.name, row_digest(table.name, row), dict(zip(columns, row, strict=True))
