"""A cold store: an SQLite file of ours that holds copies, beside the client's own. It has the tables of the store that
it was made for, as that store's own statements make them, so that a row is the same to the last octet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from .. import files
from ..catalog import manifest
from ..compiler.statements import engine_sql
from ..engines.sqlite import birth, driver, synced
from ..refusal import BAD_VALUE, UNSUPPORTED, Refusal
from ..store import Store, locate, reached
from ..words import printable
from .client import built

FLAG = "--to"
SESSION = ("id", "parent_id", "project_id", "directory", "title", "time_created", "time_updated")  # of every client


@contextmanager
def target(location: str, source: Store | None = None, *, flag: str = FLAG, dry: bool = False) -> Iterator[Store]:
    """What holds copies, open to be written: a server by its URL, or a cold file, made where there is none.

    The file gets the tables of `source` that it lacks, as they are made there; without a source, the client's own.
    With `dry` a new file stands in a folder for the time being. Raises `Refusal`: 64 for a file that cannot be one, or
    in a synced folder, 78 for one that holds other tables, or a source that is none of the client's, and what opening a
    store raises.
    """
    if source:
        _refuse_unknown(source)
    engine, where = locate(location)
    with ExitStack() as stack:
        if engine != "sqlite":
            yield stack.enter_context(reached(engine, where))
            return
        path = _place(where, source, flag)
        if not path.exists():
            if dry:
                path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / path.name
            birth.create(path, getattr(source.connection, "wide", None) if source and source.path else None)
        found = stack.enter_context(reached(engine, str(path)))
        _refuse_others(found)
        found.engine_ready("cold_open")
        for sql in _definitions(found, source):
            found.on.execute(found.connection, sql)
        found.catalog = found.on.catalog(found.connection)
        yield found


def _refuse_unknown(source: Store) -> None:
    """Before a table is made anywhere as the source has it."""
    for root in source.catalog.roots:
        if missing := [column for column in SESSION if not source.catalog.has(root, column)]:
            raise Refusal(f"{source.name} has a table {root} without {', '.join(missing)}, which is none of the "
                          "client's; name a store of OpenCode.", UNSUPPORTED)


def _place(where: str, source: Store | None, flag: str) -> Path:
    path = Path(where).expanduser().absolute()
    if path.suffix not in files.DATABASES:
        raise Refusal(f"{flag}={printable(where, 200)}: neither the URL of a server nor a file that ends in "
                      f"{', '.join(files.DATABASES)}.", BAD_VALUE)
    synced.refuse(path, flag)
    if source and source.path and path.exists() and files.file_number(path) == files.file_number(source.path):
        raise Refusal(f"{flag}={printable(where, 200)} is the store itself; name another file.", BAD_VALUE)
    return path


def _refuse_others(found: Store) -> None:
    """Raise `Refusal` 78 for a database of somebody else's: it has tables, and none of a session or of ours."""
    ours = any(name.startswith("lifecycle_") for name in found.catalog.columns)
    if found.catalog.columns and not found.catalog.roots and not ours:
        raise Refusal(f"{found.name} holds other tables ({printable(next(iter(found.catalog.columns)))}) and none of a "
                      "session; name a new file.", UNSUPPORTED)


def _definitions(found: Store, source: Store | None) -> list[str]:
    """The statements that make what the file lacks of the source's tables, their indexes among them.

    A server's tables are made by `migrate`: the client's own would refuse rows of a client that lacked a column.
    """
    if source and not source.path:
        return []
    (made,) = engine_sql("sqlite", "made")
    connection: Any = source.connection if source else built("v1")
    known = {name for name, *_ in driver.definitions(connection)}
    skipped = {*manifest()["secrets"]["tables"], *found.catalog.columns}
    return [sql for table, sql in connection.execute(made.sql).fetchall()
            if table in known and table not in skipped and not table.startswith("lifecycle_")]
