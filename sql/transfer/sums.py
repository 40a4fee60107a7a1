"""Rows and the sum of their digests: what a session holds, whatever the order in which its rows come."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

WORD = 1 << 128


@dataclass
class Sum:
    """Rows and the sum of their digests."""

    rows: int = 0
    digest: int = 0

    def add(self, row: bytes) -> None:
        self.rows += 1
        self.digest = (self.digest + int.from_bytes(row, "big")) % WORD

    def take(self, row: bytes) -> None:
        self.rows -= 1
        self.digest = (self.digest - int.from_bytes(row, "big")) % WORD

    def __str__(self) -> str:
        return f"{self.rows:x}.{self.digest:032x}"


def row_digest(table: str, row: Iterable[object]) -> bytes:
    """Sixteen octets for a row: its table, and type and octets of each value; a text is the same as its octets."""
    found = hashlib.blake2b(table.encode(), digest_size=16)
    for value in row:
        if isinstance(value, bytearray):
            found.update(b"s%d:" % len(value))
            found.update(value)
            continue
        octets = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else repr(value).encode()
        found.update(b"%c%d:" % (type(value).__name__[0].encode(), len(octets)))
        found.update(octets)
    return found.digest()
