"""Rows and the sum of their digests: what a session holds, whatever the order in which its rows come."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

WORD = 1 << 128
HUGE = 1 << 22            # octets from which a text counts by its length and MD5, which a server can tell without it


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


class Huge(NamedTuple):
    """A huge text as a server tells it: its octets, and their MD5."""

    octets: int
    digest: str


def row_digest(table: str, row: Iterable[object]) -> bytes:
    """Sixteen octets for a row: its table, and type and octets of each value; a text is the same as its octets."""
    said: list[bytes | bytearray] = [table.encode()]
    for value in row:
        if isinstance(value, (str, bytearray)):
            octets = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
            if len(octets) <= HUGE:
                said += (b"s%d:" % len(octets), octets)
                continue
            value = Huge(len(octets), hashlib.md5(octets, usedforsecurity=False).hexdigest())
        if isinstance(value, Huge):
            said.append(b"m%d:%s" % (value.octets, value.digest.encode()))
            continue
        octets = repr(value).encode()
        said += (b"%c%d:" % (type(value).__name__[0].encode(), len(octets)), octets)
    return hashlib.blake2b(b"".join(said), digest_size=16).digest()


def joined(row: Iterable[object], columns: Iterable[str], digested: Collection[str]) -> Iterator[object]:
    """The values of a row in which a text of some columns comes as itself, or as its length and digest."""
    values = iter(row)
    for column in columns:
        value = next(values)
        if column in digested:
            octets, digest = next(values), next(values)
            value = value if octets is None else Huge(int(str(octets)), str(digest))
        yield value
