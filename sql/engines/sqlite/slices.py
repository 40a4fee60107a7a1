"""Huge values of a file, read a slice at a time: a text of half a gigabyte is never in memory as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ...compiler.statements import engine_sql
from .library import FileConnection

SLICE = 4 << 20  # octets that are held at once


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
        open_blob = getattr(self.connection, "open_blob", None)  # as pysqlite3 calls it
        blob = open_blob(self.table, self.column, self.rowid, True) if open_blob else \
            self.connection.blobopen(self.table, self.column, self.rowid, readonly=True)
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
