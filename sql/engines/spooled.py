"""Huge values that are in no row yet: in a temporary file, and written from there a slice at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

SLICE = 4 << 20  # octets that are held at once


@dataclass(frozen=True)
class Spooled:
    """The octets `start` to `end` of a temporary file, which are a text or a BLOB. The file is gone with the last
    value in it."""

    file: BinaryIO
    is_text: bool
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[bytes]:
        for at in range(self.start, self.end, SLICE):
            self.file.seek(at)
            yield self.file.read(min(SLICE, self.end - at))

    def part(self, start: int, end: int) -> Spooled:
        """Without so many octets at its beginning and its end."""
        return replace(self, start=self.start + start, end=self.end - end)


def spooled(file: BinaryIO, value: Any) -> Spooled:
    """A value, put at the end of a temporary file."""
    start = file.seek(0, 2)
    for piece in pieces(value):
        file.write(piece)
    return Spooled(file, is_text(value), start, file.tell())


def is_text(value: object) -> bool:
    """Whether a value is a text, as against a BLOB or a number."""
    return isinstance(value, (str, bytearray)) or bool(getattr(value, "is_text", False))


def pieces(value: Any) -> Iterator[bytes | memoryview]:
    """A text or BLOB in slices."""
    if not isinstance(value, (bytes, bytearray)):
        yield from value
        return
    with memoryview(value) as view:
        for start in range(0, len(view), SLICE):
            yield view[start:start + SLICE]


def whole(value: Any) -> Any:
    """A value as one, for those who take no slices."""
    if not hasattr(value, "is_text"):
        return value
    found = bytearray(len(value))
    at = 0
    for piece in value:
        found[at:at + len(piece)] = piece
        at += len(piece)
    return found if value.is_text else bytes(found)
