"""Rows that a kind removes whole: written as JSON, and put back where nothing of the store stands against it."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engines.spooled import whole as entire
from ..refusal import FAILED, UNSUPPORTED, Refusal
from ..store import Store
from ..transfer.required import lacking, required
from ..words import printable
from .listed import key_of
from .originals_file import Original

if TYPE_CHECKING:
    from ..schema.migrate import Table
    from .forecast import ReclaimRequest

Row = dict[str, Any]  # of a table, by column, as JSON has it


def original(kind: str, table: str, key: object, names: Collection[str], row: Collection[object]) -> Original:
    """A row as a value of an export."""
    held = {name: spelled(value) for name, value in zip(names, row, strict=True)}
    return Original(kind, table, "", key if isinstance(key, (str, bytes)) else str(key), json.dumps(held).encode())


def row_of(one: Original) -> Row:
    """The row that a value of an export is."""
    row: Row = json.loads(bytes(entire(one.value)))
    return row


def orphans(store: Store, request: ReclaimRequest, table: str) -> Iterator[tuple[object, Original]]:
    """Every row of a table on the list of orphans, each after the key by which the list names it."""
    names, values = _columns(store, table), request.values | {"name": table}
    at = names.index(key_of(store, table))
    for listed, *row in store.rows("reclamation/originals_orphans", values, table=table, columns=names):
        yield listed, original("orphans", table, row[at], names, row)


def events(store: Store) -> Iterator[tuple[int, object, Original]]:
    """Every event on the list at hand, after the number of its log and the id that the list has."""
    names = _columns(store, "event")
    at = names.index("id")
    for log, listed, *row in store.rows("reclamation/originals_events", columns=names):
        yield log, listed, original("events", "event", row[at], names, row)


def leftovers(store: Store, table: str) -> Iterator[tuple[object, Original]]:
    """The rows of a table that go with all they hold, each with its key."""
    names = _columns(store, table)
    at = names.index(key_of(store, table))
    for row in store.rows("reclamation/originals_leftovers", table=table, columns=names):
        yield row[at], original("leftovers", table, row[at], names, row)


def _columns(store: Store, table: str) -> list[str]:
    return next(list(one.columns) for one in store.catalog.owned if one.name == table)


def tables(store: Store, kind: str) -> list[str]:
    """The tables whose rows a kind may remove."""
    owned = [one.name for one in store.catalog.owned if one.name not in store.catalog.roots]
    return ["event"] if kind == "events" else owned


class RowVet:
    """Holds the rows of a file against what such a file can hold, before the first of them is put back."""

    def __init__(self, store: Store, path: Path, tables: Collection[str]):
        from ..schema import migrate

        self.store, self.path, self.shapes, self.tables = store, path, migrate.tables(store), tables
        self.required = required(store)
        self.columns: dict[str, set[str]] = {}

    def look(self, table: str, text: bytes | bytearray) -> Row:
        """The row; raises `Refusal`: 1 for one that no reclamation has taken, 78 for one that lacks a column that the
        store wants."""
        if table not in self.tables or table not in self.shapes:
            raise Refusal(f"The export holds rows of {printable(table)}, and this store has no such table to put them "
                          "in.", FAILED)
        row = _row(text)
        if row is None or self.columns.get(table, set(row)) != set(row):
            raise self.fault(f"a row of {table} is none")
        self._columns(table, row)
        for name, value in row.items():
            if value is not None and name not in self.shapes[table].names:
                raise self.fault(f"a row of {table} has a value of {name}, a column that this store does not have")
        return row

    def _columns(self, table: str, row: Row) -> None:
        """All rows of a table have the same columns, and each has what the store wants."""
        self.columns[table] = set(row)
        if column := lacking(self.required, table, (name for name, value in row.items() if value is not None)):
            self.lacks(table, column)
        if missing := [name for name in self.shapes[table].key if name not in row]:
            raise self.fault(f"a row of {table} has no {missing[0]}")

    def lacks(self, table: str, column: str) -> None:
        """No row of a table can come back without a column that the store wants."""
        raise Refusal(f"{printable(self.path, 500)} holds rows of {table} without {printable(column)}, which "
                      f"{self.store.name} wants; put them back into a store of the client version that they came "
                      "from.", UNSUPPORTED)

    def fault(self, what: str) -> Refusal:
        return Refusal(f"{printable(self.path, 500)} holds what no reclamation has taken: {printable(what, 300)}; "
                       "nothing of it was put back.", FAILED)


def _row(text: bytes | bytearray) -> Row | None:
    try:
        row = json.loads(bytes(text))
        fine = type(row) is dict and all(map(_storable, row.values()))
    except (ValueError, RecursionError):
        fine = False
    return row if fine else None


def _storable(value: object) -> bool:
    """Whether a database can hold a value as `original` tells it; raises `ValueError` for half a surrogate pair."""
    if type(value) is dict:
        return list(value) == ["base64"] and type(value["base64"]) is str and base64.b64decode(
            value["base64"], validate=True) is not None
    if type(value) is str:
        value.encode("utf-8", "surrogateescape")
    if type(value) is int:
        return -(1 << 63) <= value < 1 << 63
    return value is None or type(value) is str or type(value) is float and not math.isnan(value)


@dataclass
class MergeTables:
    """The work tables that rows come back through: those made so far, and the shapes of the store's tables."""

    made: set[str] = field(default_factory=set)
    shapes: dict[str, Table] = field(default_factory=dict)

    def shape(self, store: Store, table: str) -> Table:
        from ..schema import migrate  # a large one, for the few who need it

        if not self.shapes:
            self.shapes = migrate.tables(store)
        return self.shapes[table]


def put_back(store: Store, kind: str, table: str, rows: Collection[bytes | bytearray],
             work: MergeTables) -> tuple[int, int]:
    """Rows of a table that are not there, inside the transaction at hand: how many came, and how many were there
    already. Orphans and events stay out where the store has gone on without them.
    """
    shape = work.shape(store, table)
    found = [json.loads(bytes(row)) for row in rows]
    names = [name for name in shape.names if name in found[0]]
    if table in work.made:
        store.run("reclamation/put_back_none", shape=shape)
    else:
        store.run("transfer/merge_work", shape=shape, columns=names)
        work.made.add(table)
    store.on.write(store.connection, f"lc_in_{table}", names, ([told(row[name]) for name in names] for row in found))
    (there,) = store.one("reclamation/put_back_there", shape=shape, columns=names)
    name = "put_back" if kind == "leftovers" else f"put_back_{kind}"
    return store.run(f"reclamation/{name}", shape=shape, columns=names), int(there)


def spelled(value: object) -> object:
    """A value as JSON has it."""
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def told(value: object) -> object:
    """A value as the store has it, of what the file has of it."""
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value
