"""The schema of a server store: the client's tables, derived from an SQLite store or from the client's own DDL.

Only adds: tables, columns, indexes. What is there already stays as it is, and every statement is recorded.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..catalog import SESSION_KEYS, manifest
from ..compiler.statements import Statement
from ..engines.sqlite import driver
from ..refusal import UNSUPPORTED, Refusal
from ..store import Store
from .client import built
from .record import RECORD, refuse_strangers, remember, run, table_of

SCHEMA = 2                # the version of our own tables on a server; 1 had pins and changes only
ID_LENGTH = 191           # characters of four octets that every index takes, and the length of our work tables' ids
KEY_LENGTH = 512          # of other columns in a key: paths, names


@dataclass(frozen=True)
class Column:
    """A column by its portable type: varchar, text, bigint or double. `length` is in characters, 0 without limit."""

    name: str
    kind: str
    length: int = 0

    @property
    def spelled(self) -> str:
        return f"{self.kind.upper()}({self.length})" if self.length else self.kind.upper()


@dataclass(frozen=True)
class Table:
    """A table of the client as a server is to have it; `key` are the columns of its primary key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True)
class Index:
    """An index of ours on a server."""

    table: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        return "_".join(("lifecycle", self.table, *self.columns))[:60]


def tables(store: Store) -> dict[str, Table]:
    """The tables of a store by name, tokens and tables of ours left out."""
    return _tables(store.on.definitions(store.connection))


def client_tables() -> dict[str, Table]:
    """The tables of the newest 1.x client known here."""
    return _tables(driver.definitions(built("v1")))


def _tables(definitions: Iterable[tuple[Any, ...]]) -> dict[str, Table]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table, *column in definitions:
        if table not in manifest()["secrets"]["tables"] and not table.startswith("lifecycle_"):
            found.setdefault(table, []).append(tuple(column))
    return {name: _table(name, columns) for name, columns in found.items()}


def _table(name: str, columns: list[tuple[Any, ...]]) -> Table:
    key = tuple(column for place, column in sorted((c[4], c[0]) for c in columns) if place)
    # A key of a type that is no key elsewhere (SERIAL, whose rows hold NULL) is none.
    kinds = {column: _kind(declared) for column, declared, *_ in columns}
    key = key if all(kinds[column] != "numeric" for column in key) else ()
    return Table(name, tuple(_column(column, declared, column in key) for column, declared, *_ in columns), key)


def _column(name: str, declared: str, in_key: bool) -> Column:
    kind = _kind(declared)
    stated = re.search(r"char[a-z ]*\((\d+)\)", declared, re.IGNORECASE)
    if stated:
        return Column(name, "varchar", int(stated[1]))
    if kind == "text" and (name == "id" or name.endswith("_id")):
        return Column(name, "varchar", ID_LENGTH)
    if kind == "text" and in_key:
        return Column(name, "varchar", KEY_LENGTH)
    return Column(name, "bigint" if kind == "numeric" else kind)


def _kind(declared: str) -> str:
    """SQLite's own rules of affinity (sqlite.org/datatype3.html, section 3.1), which fit the servers' names too."""
    name = declared.upper()
    if "INT" in name:
        return "bigint"
    if any(mark in name for mark in ("CHAR", "CLOB", "TEXT", "BLOB")) or not name:
        return "text"
    if any(mark in name for mark in ("REAL", "FLOA", "DOUB")):
        return "double"
    return "numeric"


def changes(store: Store, wanted: dict[str, Table]) -> list[Statement]:
    """The statements that bring a server store up to `wanted`; none when it is there."""
    return list(_changes(store, wanted))


def _changes(store: Store, wanted: dict[str, Table]) -> Iterator[Statement]:
    refuse_newer(store)
    refuse_strangers(store, wanted)
    yield from store.render("schema/ours")
    for name, table in wanted.items():
        if not store.catalog.has(name):
            yield from store.render("schema/table", shape=table)
            continue
        for column in table.columns:
            if not store.catalog.has(name, column.name):
                yield from store.render("schema/column", shape=table, column=column)
    there = store.on.indexes(store.connection)
    for index in _indexes(wanted):
        if index.name not in there:
            yield from store.render("schema/index", index=index)


def _indexes(wanted: dict[str, Table]) -> Iterator[Index]:
    """By session, by the owning row, by parent, by time: where no key of the table begins with it."""
    for name, table in wanted.items():
        known = manifest()["sessions"].get(name, {})
        looked_up: list[tuple[str, ...]] = [(known["via"]["column"],)] if "via" in known else []
        looked_up += [(key, "seq") if known.get("log") and "seq" in table.names else (key,)
                      for key in (known.get("key"), *SESSION_KEYS) if key in table.names]
        if known.get("key") == "id":
            looked_up += [("parent_id",), ("time_updated",)]
        for columns in dict.fromkeys(looked_up):
            if set(columns) <= set(table.names) and table.key[: len(columns)] != columns:
                yield Index(name, columns)


def migrate(store: Store, wanted: dict[str, Table]) -> list[Statement]:
    """Make the changes one by one, record each, and look at the tables anew; returns what was done."""
    if changes(store, wanted):  # of what was there before the store was held; another run may have made it meanwhile
        store.catalog = store.on.catalog(store.connection)
    before, done = schema_version(store), changes(store, wanted)
    there, early = store.catalog.has(RECORD), []
    for statement in done:
        if there:
            run(store, statement.sql)
            continue
        store.on.execute(store.connection, statement.sql)
        early.append(statement.sql)
        there = table_of(statement.sql) == RECORD
        for sql in early if there else ():
            remember(store, sql)
    store.catalog = store.on.catalog(store.connection)
    if before < SCHEMA:
        store.run("schema/versioned", {"version": SCHEMA, "moment": int(time.time() * 1000)})
    return done


def schema_version(store: Store) -> int:
    """Of which version our own tables on a server are; 0 where there are none that tell it."""
    return int(store.one("schema/version")[0] or 0) if store.catalog.has("lifecycle_schema") else 0


def refuse_newer(store: Store) -> None:
    """Raise `Refusal` 78 where a newer version of this tool made the tables of ours."""
    if (found := schema_version(store)) > SCHEMA:
        raise Refusal(f"{store.name} was made by a newer opencode-lifecycle (our tables of version {found}; this one "
                      f"knows {SCHEMA}); update it.", UNSUPPORTED)
