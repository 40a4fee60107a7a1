"""Huge values of a file, read a slice at a time: a text of half a gigabyte is never in memory as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...compiler.statements import engine_sql
from .library import FileConnection, sqlite3
from .utf16 import bound

SLICE = 4 << 20  # octets that are held at once
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
        sql = sql.replace(word, '"{}"'.format(name.replace('"', '""')))
    found = connection.execute(sql, [id.encode("utf-8", "surrogateescape") if isinstance(id, str) else id]).fetchall()
    if len(found) != 1:
        return None
    rowid, kind, octets = found[0]
    return FileSlices(connection, table, column, rowid, kind in ("text", b"text"), 0, octets)


def _opened(connection: Any, table: str, column: str, rowid: int, readonly: bool) -> Any:
    open_blob = getattr(connection, "open_blob", None)  # as pysqlite3 calls it
    return open_blob(table, column, rowid, readonly) if open_blob else \
        connection.blobopen(table, column, rowid, readonly=readonly)


def is_huge(value: object) -> bool:
    """Whether a value is put into its row slice by slice."""
    return isinstance(value, (bytes, bytearray)) and len(value) >= HUGE


def insert(connection: FileConnection, table: str, columns: Sequence[str], row: Sequence[Any], opening: str,
           marks: Mapping[bool, str]) -> bool:
    """Put in a row with huge values, inside of the transaction at hand: with as many zeros in their place at first.

    SQLite holds a text twice meanwhile: the zeros, and the record that it makes of them. False, and nothing is put in,
    where the table does not let values be written so: one with a check of them, or an index.
    """
    zeros, undo = engine_sql("sqlite", "zeros")
    zero = zeros.sql.removeprefix("SELECT ").replace(":octets", "?")
    huge = [at for at, value in enumerate(row) if is_huge(value)]
    shape = ", ".join(marks[isinstance(value, (str, bytearray))].replace("?", zero if at in huge else "?")
                      for at, value in enumerate(row))
    values = [len(value) if at in huge else bound(value, None) for at, value in enumerate(row)]
    try:
        rowid = connection.execute(f"{opening}({shape})", values).lastrowid
    except sqlite3.DatabaseError:
        return False
    try:
        for at in huge:
            _fill(connection, table, columns[at], rowid or 0, row[at])
    except sqlite3.DatabaseError:
        name = '"{}"'.format(table.replace('"', '""'))
        connection.execute(undo.sql.replace("target", name).replace(":rowid", "?"), [rowid])
        return False
    return True


def _fill(connection: FileConnection, table: str, column: str, rowid: int, value: bytes | bytearray) -> None:
    blob = _opened(connection, table, column, rowid, readonly=False)
    try:
        with memoryview(value) as view:
            for start in range(0, len(view), SLICE):
                blob.write(view[start:start + SLICE])
    finally:
        blob.close()
