"""Which store a file is, wherever it lies: pins, what was brought back and the history follow one that moved.

What we remember is kept by path. Marks from inside the store (nothing is written there) tell that a file known by
another path is the same: then what protects it comes along, so that there is never less of it than by path alone. Of
a file that is still there under its old path, this one is a copy, which has its own history. Where another store lies
under a path that is known, what was announced of the old one was not announced of this.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import state
from .compiler.statements import engine_sql
from .files import file_number
from .refusal import Refusal
from .store import Store

TABLES = {"migration": "time_completed", "project": "time_created", "session": "time_created",
          "session_v2": "time_created"}


def settle(store: Store) -> None:
    """Take over what we know of this file by another path. Where our state cannot be used, whoever needs it says so."""
    if store.path is None:
        return
    marks = _marks(store)
    if marks:
        with suppress(Refusal):
            state.known_as(store.name, file_number(store.path), marks,
                           lambda row: _same(json.loads(row["marks"]), marks), _is_there,
                           lambda row: _another(json.loads(row["marks"]), marks))


def _is_there(row: dict[str, Any]) -> bool:
    """Whether a file is still where it was; another in its place is not it."""
    try:
        return bool(row["file"] == file_number(Path(row["path"])))
    except (OSError, ValueError):
        return False


def _same(old: dict[str, list[str]], new: dict[str, list[str]]) -> bool:
    """Whether marks are of one store, perhaps at two times."""
    if old.get("migration") and new.get("migration"):
        return old["migration"] == new["migration"]
    return any(set(old.get(table, ())) & set(found) for table, found in new.items())


def _another(old: dict[str, list[str]], new: dict[str, list[str]]) -> bool:
    """Whether marks are surely of two stores. Sessions alone do not say it: a busy day has others at both ends."""
    lasting = any(old.get(table) and new.get(table) for table in ("migration", "project"))
    return lasting and not _same(old, new)


def _marks(store: Store) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, moment in TABLES.items():
        if store.catalog.has(table, "id") and store.catalog.has(table, moment):
            (statement,) = engine_sql("sqlite", f"marks_{table}")
            with suppress(store.on.Error):  # a damaged store has fewer
                rows = sorted({repr(tuple(row)) for row in store.on.rows(store.connection, statement.sql)})
                found[table] = [hashlib.sha256(row.encode("utf-8", "surrogateescape")).hexdigest()[:16]
                                for row in rows]
    return {table: marks for table, marks in found.items() if marks}
