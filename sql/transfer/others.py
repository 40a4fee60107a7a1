"""Rows that belong to no session, such as folders and permissions of projects: where a store lacks them they come from
a copy that is brought back whole. What the client notes of its own upgrades is left to the client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..schema import migrate
from ..schema.migrate import Table
from ..store import Store
from .copies import Copy, nullable
from .vet import told

TABLES = ("project", "project_directory", "workspace", "worktree", "permission", "instruction_blob")


def bring(copy: Copy, store: Store) -> dict[str, int]:
    """Put the copy's rows of these tables into the store, those whose key it does not have; rows by table. One that is
    there stays as it is."""
    here, there, takes = migrate.tables(store), migrate.tables(copy.store), nullable(store)
    done: dict[str, int] = {}
    for name in TABLES:
        if name in here and name in there and here[name].key and set(here[name].key) <= set(there[name].names):
            found = [copy.home(name, row) for row in _missing(copy.store, store, here[name], there[name])]
            with store.transaction():
                for row in found:
                    values = {column: value for column, value in row.items()
                              if value is not None or column in takes.get(name, ())}
                    store.on.write(store.connection, name, tuple(values), [tuple(values.values())])
            if found:
                done[name] = len(found)
    return done


def _missing(copy: Store, store: Store, here: Table, there: Table) -> Iterator[dict[str, Any]]:
    with store.octets():
        known = {tuple(map(told, row)) for row in store.rows("transfer/merge_rows", shape=here, columns=here.key)}
    columns = [column for column in here.names if column in there.names]
    with copy.octets():
        for row in copy.rows("transfer/merge_rows", shape=there, columns=columns):
            values = dict(zip(columns, row, strict=True))
            if tuple(told(values[column]) for column in here.key) not in known:
                yield values
