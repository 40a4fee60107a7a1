"""What `migrate` made on a server, by its own record: how its tables are told from those of anybody else."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from typing import TYPE_CHECKING

from ..compiler.statements import own_sql
from ..refusal import UNSUPPORTED, Refusal
from ..store import Store
from ..words import printable

if TYPE_CHECKING:
    from .migrate import Table

RECORD = "lifecycle_change"
MADE = re.compile(r'\s*CREATE\s+TABLE\s+(?:"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|\[((?:[^\]]|\]\])+)\]|(\w+))')


def table_of(statement: str) -> str:
    """The table that a statement makes; empty for any other statement."""
    found = MADE.match(statement)
    return next(filter(None, found.groups())).replace('""', '"').replace("``", "`") if found else ""


def made(store: Store) -> list[str]:
    """The tables that are there and that `migrate` made: the client's, then ours, the record of it last."""
    if not store.catalog.has(RECORD):
        return []
    found = dict.fromkeys(table_of(statement) for (statement,) in store.rows("schema/made"))
    return sorted((name for name in found if store.catalog.has(name)),
                  key=lambda name: (name.startswith("lifecycle_"), name == RECORD))


def refuse_strangers(store: Store, wanted: Mapping[str, Table]) -> None:
    """Raise `Refusal` 78 before anything is written where a name of the client's is somebody else's: a view, or a table
    that `migrate` did not make and that lacks a column."""
    if store.path is not None:
        return  # a file holds one client's tables, or a copy of them
    views = {name for statement in own_sql(store.engine, "views")
             for (name,) in store.on.rows(store.connection, statement.sql)}
    own = set(made(store))
    for name, table in wanted.items():
        missing = [] if name in own or not store.catalog.has(name) else \
            [column for column in table.names if not store.catalog.has(name, column)]
        if missing or name in views:
            what = f"has no column {printable(missing[0])}" if missing else "is a view, or the like"
            raise Refusal(f"{store.name} has a {printable(name)} of somebody else's, which {what}; nothing was "
                          "written. Give the store a database or a schema of its own.", UNSUPPORTED)


def remember(store: Store, statement: str) -> int:
    """Write down a statement that is made, or about to be: so a kill leaves nothing that is not known as ours. The
    number of the entry."""
    _, last = store.one("schema/changes")
    store.run("schema/change", {"number": last + 1, "moment": int(time.time() * 1000),
                                "version": version("opencode-lifecycle"), "statement": statement})
    return int(last) + 1


def run(store: Store, statement: str) -> None:
    """Run a statement that is written down first; a refused one is struck out again."""
    number = remember(store, statement)
    try:
        store.on.execute(store.connection, statement)
    except store.on.Error:
        with suppress(store.on.Error):
            store.run("schema/unchange", {"number": number})
        raise
