"""Huge values of a file, read a slice at a time: a text of half a gigabyte is never in memory as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...compiler.statements import engine_sql
from ..spooled import SLICE, is_text, pieces
from .library import FileConnection, sqlite3
from .utf16 import bound

HUGE = 16 << 20  # from which on a value is not bound: a statement would keep a copy of it


@dataclass(frozen=True)
class FileSlices:
    """The octets `start` to `end` of a text or BLOB; whoever goes through it has the row in sight all the while."""

    connection: Any
    table: str
    column: str
    rowid: int
    is_text: bool
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[bytes]:
        blob = _opened(self.connection, self.table, self.column, self.rowid, readonly=True)
        try:
            blob.seek(self.start)
            left = len(self)
            while left:
                piece: bytes = blob.read(min(SLICE, left))
                left -= len(piece)
                yield piece
        finally:
            blob.close()

    def part(self, start: int, end: int) -> FileSlices:
        """Without so many octets at its beginning and its end."""
        return replace(self, start=self.start + start, end=self.end - end)


def slices(connection: FileConnection, table: str, column: str, id: object) -> FileSlices | None:
    """The value of a column of the row with this id (a text as bytearray or str); None where not one row has it."""
    (statement,) = engine_sql("sqlite", "place" if isinstance(id, (str, bytearray)) else "place_by_other")
    sql = statement.sql.replace(":id", "?")
    for word, name in (("target", table), ("field", column)):
        sql = sql.replace(word, _quoted(name))
    found = connection.execute(sql, [id.encode("utf-8", "surrogateescape") if isinstance(id, str) else id]).fetchall()
    if len(found) != 1:
        return None
    rowid, kind, octets = found[0]
    return FileSlices(connection, table, column, rowid, kind in ("text", b"text"), 0, octets or 0)


def _opened(connection: Any, table: str, column: str, rowid: int, readonly: bool) -> Any:
    open_blob = getattr(connection, "open_blob", None)  # as pysqlite3 calls it
    return open_blob(table, column, rowid, readonly) if open_blob else \
        connection.blobopen(table, column, rowid, readonly=readonly)


def is_huge(value: Any) -> bool:
    """Whether a value is put into its row slice by slice."""
    return (isinstance(value, (bytes, bytearray)) or hasattr(value, "is_text")) and len(value) >= HUGE


def insert(connection: FileConnection, table: str, columns: Sequence[str], row: Sequence[Any], opening: str,
           marks: Mapping[bool, str]) -> bool:
    """Put in a row with huge values, inside of the transaction at hand: with as many zeros in their place at first.

    SQLite holds the record that it makes of them meanwhile. False, and nothing is put in, where the table does not let
    values be written so: one with a check of them, an index, or a trigger.
    """
    huge = [at for at, value in enumerate(row) if is_huge(value)]
    shape = ", ".join(_zeros(connection, value) if at in huge else marks[is_text(value)]
                      for at, value in enumerate(row))
    values = [len(value) if at in huge else bound(value, None) for at, value in enumerate(row)]
    if _watched(connection, table):
        return False
    try:
        rowid = connection.execute(f"{opening}({shape})", values).lastrowid
    except sqlite3.DatabaseError:
        return False
    finally:
        _let_go(connection)
    try:
        for at in huge:
            _fill(connection, table, columns[at], rowid or 0, row[at])
    except sqlite3.DatabaseError:
        undo = engine_sql("sqlite", "zeros")[4].sql
        connection.execute(undo.replace("target", _quoted(table)).replace(":rowid", "?"), [rowid])
        return False
    return True


def overwrite(connection: FileConnection, table: str, column: str, rowid: int, value: Any) -> bool:
    """Put a huge value into a row that is there, inside of the transaction at hand, in the same way. False where the
    table does not let it be; the column's value is of no use then."""
    update = engine_sql("sqlite", "zeros")[3].sql
    update = update.replace("target", _quoted(table)).replace("field", _quoted(column)).replace(":rowid", "?")
    if _watched(connection, table):
        return False
    try:
        connection.execute(update.replace("zeros", _zeros(connection, value)), [len(value), rowid])
        _let_go(connection)
        _fill(connection, table, column, rowid, value)
    except sqlite3.DatabaseError:
        return False
    return True


def _zeros(connection: FileConnection, value: Any) -> str:
    """The expression of as many zeros as a value has octets."""
    blob, copied, mapped, *_ = engine_sql("sqlite", "zeros")
    if not is_text(value):
        chosen = blob
    else:
        from . import zeros  # ctypes, which few need

        chosen = mapped if zeros.of(connection).made else copied
    return chosen.sql.removeprefix("SELECT ").replace(":octets", "?")


def _let_go(connection: FileConnection) -> None:
    if connection.zeros is not None:
        connection.zeros.let_go()


def _watched(connection: FileConnection, table: str) -> bool:
    asked = engine_sql("sqlite", "zeros")[5].sql.replace(":table", "?")
    return bool(connection.execute(asked, [table]).fetchone()[0])


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _fill(connection: FileConnection, table: str, column: str, rowid: int, value: Any) -> None:
    blob = _opened(connection, table, column, rowid, readonly=False)
    try:
        for piece in pieces(value):
            blob.write(piece)
    finally:
        blob.close()
