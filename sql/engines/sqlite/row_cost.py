"""What a row takes of the file beside its text."""

from __future__ import annotations

import sqlite3 as standard
from typing import Any

from ...catalog import Catalog
from ...compiler.statements import engine_sql
from .library import FileConnection

# Octets of a row's text in the scratch store: the spread of real parts and events, from a line to a small file.
SCRATCH_ROWS = (120, 400, 900, 1_800, 3_500, 7_000, 20_000)
SCRATCH_ROUNDS = 40


def measured(connection: FileConnection, catalog: Catalog) -> int:
    """Bytes of file that a row takes beside its text: keys, index entries, unfilled pages.

    Measured on an empty copy of this store's schema, filled with rows of the client's usual shape, so that it
    depends on the schema alone: the same store gives the same verdicts before and after a removal.
    """
    from sqlite_utils import Database  # only here: it takes a while to load

    scratch = Database(memory=True)
    (statement,) = engine_sql("sqlite", "definitions")
    for (definition,) in connection.execute(statement.sql):
        scratch.conn.execute(definition)
    used = [o for o in catalog.owned if o.bytes == ("data",)]
    before = _pages(scratch.conn)
    number = octets = 0
    for table in used:
        for size in SCRATCH_ROWS * SCRATCH_ROUNDS:
            row: dict[str, Any] = {c: f"{number:030d}" for c in table.columns if not c.startswith("time_")}
            row |= {c: 10**12 + number for c in table.columns if c.startswith("time_")} | {"data": "x" * size}
            scratch.table(table.name).insert(row)
            number, octets = number + 1, octets + size
    page_size = 4096
    return max(0, (_pages(scratch.conn) - before) * page_size - octets) // max(number, 1)


def _pages(connection: standard.Connection) -> int:
    (statement,) = engine_sql("sqlite", "file")
    return int(connection.execute(statement.sql).fetchone()[1])
