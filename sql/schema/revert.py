"""Taking back what `migrate` made on a server, by its own record; nobody else's table is touched."""

from __future__ import annotations

from collections.abc import Iterable

from ..refusal import NO_STORE, Refusal
from ..store import Store
from .migrate import refuse_newer
from .record import made

LOCK = "lifecycle_run"     # made by a run on a cluster, which holds it


def holding(store: Store) -> tuple[list[str], dict[str, int]]:
    """The tables that would go, and the rows of each of the client's that has some.

    Raises `Refusal`: 69 where there are none, 78 where a newer version of this tool made them.
    """
    refuse_newer(store)
    tables = made(store)
    if not tables:
        raise Refusal(f"{store.name} holds no table that migrate made.", NO_STORE)
    rows = {name: int(store.one("schema/tally", table=name)[0]) for name in tables
            if not name.startswith("lifecycle_")}
    return tables, {name: tally for name, tally in rows.items() if tally}


def drop(store: Store, tables: Iterable[str]) -> None:
    """Drop these tables: all or none on Postgres; in their order elsewhere, so that a second run goes on."""
    with store.transaction():
        for name in tables:
            store.on.drop(store.connection, name)
    store.catalog = store.on.catalog(store.connection)


def drop_lock(store: Store) -> None:
    """Drop the table of the lock on a cluster, once nobody holds it any more."""
    if store.catalog.has(LOCK):
        store.on.drop(store.connection, LOCK)
