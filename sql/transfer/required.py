"""Columns that a store wants a value for and knows none of its own: an export of an older client may not have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..store import Store


def required(store: Store) -> dict[str, frozenset[str]]:
    """By table, the columns that are NOT NULL without a default; those of a key are left out."""
    found: dict[str, set[str]] = {}
    for table, column, _, needed, fallback, place in store.on.definitions(store.connection):
        if needed and fallback is None and not place:
            found.setdefault(table, set()).add(column)
    return {table: frozenset(columns) for table, columns in found.items()}


def lacking(wanted: Mapping[str, frozenset[str]], table: str, columns: Iterable[str]) -> str:
    """The first column that a row with these columns would need as well; '' if there is none."""
    return min(wanted.get(table, frozenset()).difference(columns), default="")
