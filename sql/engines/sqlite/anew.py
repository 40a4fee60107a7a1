"""A store's file written anew beside itself, without the rows of the sessions that go, and put in its place whole.

SQLite's own backup copies the new file over the old one in one transaction: whoever reads sees the old store or the
new one, and a run that is killed at any moment leaves one of the two. The new file has no name once it is open, so
that a crash leaves nothing of it either.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from ...catalog import Owned
from ...compiler.statements import Statement, engine_sql
from . import driver
from .library import FileConnection, sqlite3
from .utf16 import parts

PAGES = 1_000             # of the new file between two looks at who else is there: 4 MB
WAIT = 5.0                # seconds that another writer is waited for


class Unlike(Exception):
    """The new file cannot be had, or is not what it has to be; says why. The store is as it was."""


class Compared(NamedTuple):
    """Rows of a table: as many as there were, that stay, and of those that are the same in both files."""

    before: int
    after: int
    same: int


def hindrance(connection: FileConnection) -> str:
    """Why a store is not written anew, '' where nothing is in the way: a name is taken from a file that is open, and
    rows come as they are in UTF-8 alone."""
    if os.name != "posix":
        return "this system keeps the name of a file that is open"
    if connection.wide:
        return "its texts are not in UTF-8"
    (statement,) = engine_sql("sqlite", "anew_hindered")
    return next((why for (why,) in connection.execute(statement.sql)), "")


@contextmanager
def beside(connection: FileConnection, folder: Path) -> Iterator[FileConnection]:
    """A new file with the tables of the store, attached to its connection as `anew`; gives a second connection, to that
    file alone. Nothing of it is left afterwards, and from its first row on it has no name."""
    (header,) = connection.execute(engine_sql("sqlite", "anew_file")[0].sql).fetchall()
    handle, name = tempfile.mkstemp(prefix="opencode-lifecycle-", dir=folder)  # for its owner alone
    os.close(handle)
    try:
        new: FileConnection = sqlite3.connect(name, isolation_level=None, factory=FileConnection)
        with closing(new):
            values = dict(zip(("page_size", "auto_vacuum", "user_version", "application_id"), header, strict=False))
            for statement in engine_sql("sqlite", "anew_born", **values):
                new.execute(statement.sql).fetchall()
            _make(connection, new, ("table",))
            attach, *settings = engine_sql("sqlite", "anew_attach")
            connection.execute(attach.sql, {"file": name})
            try:
                Path(name).unlink()
                for statement in settings:
                    connection.execute(statement.sql).fetchall()
                yield new
            finally:
                rollback = engine_sql("sqlite", "rollback") if connection.in_transaction else []
                for statement in (*rollback, *engine_sql("sqlite", "anew_detach")):
                    connection.execute(statement.sql).fetchall()
    finally:
        Path(name).unlink(missing_ok=True)


def _schema(connection: FileConnection) -> list[tuple[str, str, str, str | None]]:
    return connection.execute(engine_sql("sqlite", "anew_made")[0].sql).fetchall()


def _make(connection: FileConnection, new: FileConnection, kinds: Collection[str]) -> None:
    for kind, _, _, sql in _schema(connection):
        if kind in kinds and sql is not None:  # SQLite makes by itself the indexes that have none
            new.execute(sql)


def fill(connection: FileConnection, columns: Mapping[str, Sequence[str]], owned: Collection[Owned]) -> None:
    """Copy all rows but those of the sessions in `lc_leaving`, inside the transaction at hand. SQLite's own tables come
    first: they hold the numbers that it counts for others, and are as they should be once those have their rows."""
    whole, own, via = engine_sql("sqlite", "anew_rows")
    keys = {one.name: one for one in owned}
    for table, names in sorted(columns.items(), key=lambda one: (not one[0].startswith("sqlite_"), one[0])):
        one = keys.get(table)
        words = {"target": _quoted(table), "columns": ", ".join(map(_quoted, names))}
        if one:
            words["own_key"] = _quoted(one.key)
            if one.via:
                words |= {"owner_key": _quoted(one.via["column"]), "owner_table": _quoted(one.via["table"])}
        connection.execute(_worded((via if one.via else own) if one else whole, words))


def _worded(statement: Statement, words: Mapping[str, str]) -> str:
    return re.sub(r"\b(" + "|".join(words) + r")\b", lambda found: words[found[1]], statement.sql)


def kept(connection: FileConnection, table: str, columns: Sequence[str]) -> Compared:
    """Hold the rows of a table in the new file against those of the store."""
    start, same, end = parts(r"(.*)<(.*)>(.*)", engine_sql("sqlite", "anew_same")[0].sql)
    held = " AND ".join(same.replace("field", _quoted(column)) for column in columns)
    (found,) = connection.execute((start + held + end).replace("target", _quoted(table)))
    return Compared(*found)


def finish(connection: FileConnection, new: FileConnection) -> None:
    """Make all that stands on the tables; raises `Unlike` where the two files do not say the same of themselves."""
    _make(connection, new, ("index", "view", "trigger"))
    if _schema(connection) != _schema(new):
        raise Unlike("its tables did not come out letter by letter")
    header = engine_sql("sqlite", "anew_file")[0].sql
    if connection.execute(header).fetchone() != new.execute(header).fetchone():
        raise Unlike("its header did not come out the same")


def switch(new: FileConnection, where: Path, sure: Callable[[bool], object]) -> None:
    """Put the new file in the place of the store, in one transaction. `sure` is asked once the write lock is held, and
    every few pages until it is let go of, whether this is the last time; what it raises takes all back."""
    ends = time.monotonic() + WAIT
    (_, pages, *_) = new.execute(engine_sql("sqlite", "file")[0].sql).fetchone()
    if pages < 2:  # with the last page all is done: there has to be one before
        raise Unlike("it is empty")
    step = max(1, min(PAGES, pages // 2))

    def look(status: int, left: int, total: int) -> None:
        if not total:  # the lock is not ours yet
            if time.monotonic() > ends:
                raise Unlike("another program writes to it")
        elif left:
            sure(left <= step)

    with closing(driver.again(str(where), write=True)) as store:
        for connection in (new, store):
            for statement in engine_sql("sqlite", "anew_switch"):
                connection.execute(statement.sql)
        new.backup(store, pages=step, progress=look, sleep=0.05)


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))
