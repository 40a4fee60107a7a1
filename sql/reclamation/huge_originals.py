"""Original values that are huge on their way back: compared and written a slice at a time, and held by their skeletons
against what a reclamation made of them."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from ..engines import Slices
from ..engines.spooled import Spooled
from ..pace import TooLong
from ..store import Store
from ..transfer.spool import HOPELESS, seconds
from . import skeletons
from .originals_file import Original

ALSO = {"mark": skeletons.MARK}


class NotInSlices(Exception):
    """A value is more than its skeleton can stand for: it has to be handed over whole."""


def is_one(store: Store, group: list[Original]) -> bool:
    """Whether a group is a single huge value for a store that takes it in slices."""
    return len(group) == 1 and isinstance(group[0].value, Spooled) and skeletons.can(store, group[0].table)


def put_back(store: Store, one: Original, rule: str) -> tuple[bool, int]:
    """Inside the transaction at hand: whether the row has the value already, and in how many rows it is put back, none
    where the row is not what the reclamation made of it. Raises `NotInSlices` before anything is changed, and `TooLong`
    where a client would wait."""
    place = {"table": one.table, "field": one.column}
    if _stands(store, one):
        return True, 0
    _hand_over(store, one, rule)
    rows = store.run("reclamation/undo_chosen", ALSO, edit=rule, sliced=True, **place)
    if rows and not store.on.overwrite(store.connection, one.table, one.column, one.id, one.value):
        raise NotInSlices
    return False, rows


def shrink(store: Store, one: Original, rule: str) -> int:
    """Inside the transaction at hand: the row becomes what the reclamation had made of it, if it still has the value;
    how many did. Raises as `put_back` does."""
    if not _stands(store, one):
        return 0
    _hand_over(store, one, rule)
    store.run("reclamation/redo_huge", table=one.table, field=one.column, edit=rule)
    return 1


def _stands(store: Store, one: Original) -> bool:
    """Whether the row has the value."""
    if store.pace.client() and seconds(0, 1, len(one.value)) > HOPELESS:
        raise TooLong
    octets = store.on.slices(store.connection, one.table, one.column, one.id)
    return octets is not None and _same(octets, one.value)


def _same(one: Slices, other: Any) -> bool:
    return one.is_text and len(one) == len(other) and all(a == b for a, b in zip_longest(one, other))


def _hand_over(store: Store, one: Original, rule: str) -> None:
    """Leave the skeleton in the value's place; raises `NotInSlices` where it cannot stand for it."""
    store.run("reclamation/undo_none")
    if rule == "moved":
        raise NotInSlices
    value = skeletons.of(one.value).value if rule else b""
    if value is None:
        raise NotInSlices
    store.on.write(store.connection, "lc_original", ("id", "value"), [(one.id, bytearray(value))])
    if rule and not store.one("reclamation/undo_whole", ALSO, edit=rule)[0]:
        raise NotInSlices
