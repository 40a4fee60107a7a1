"""The file that keeps original values: written and read one at a time, so that no more than one is in memory.

Compressed with zstandard: a head; for each value a line that says whose it is, its length and digest, then its octets
as they are and a line break; an end with the number of values and the digest of all those lines.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import zstandard

from ..engines.spooled import Spooled, pieces
from ..refusal import FAILED, UNSUPPORTED, Refusal
from ..transfer.packing import reading
from ..transfer.session_rows import HUGE
from ..words import printable

FORMAT = "opencode-lifecycle originals"
VERSION = 2               # version 1, of release 0.1: a value stands in its line, as JSON
LEVEL = 3
LINE = 1 << 20            # no line is longer
LINE_OF_1 = 1 << 30       # of version 1, with the value in it
PIECE = 4 << 20           # octets written or passed over at once
END = b'{"values":'
Facts = Mapping[str, Any]  # a line of the file


class Digest(Protocol):
    """A hash of `hashlib` that is filled as lines are read."""

    def update(self, octets: bytes, /) -> None:
        """Take the next octets in."""

    def hexdigest(self) -> str:
        """What it has come to."""


class Writes(Protocol):
    """What a file's octets are written to."""

    def write(self, octets: bytes | memoryview, /) -> int:
        """Write all of them."""


@dataclass(frozen=True)
class Original:
    """A value as it was, in octets: which kind changed it, and in which column of which row."""

    kind: str
    table: str
    column: str
    id: str | bytes
    value: Any  # bytes, bytearray, or the slices of a huge one


class StoredValue:
    """A value whose turn it is, still in the file; `take` reads it."""

    def __init__(self, file: io.BufferedReader, facts: Facts, path: Path):
        self._file, self._path, self._digest, self._left = file, path, facts["digest"], True
        self.kind, self.table, self.column, self.octets = (facts[n] for n in ("kind", "table", "column", "octets"))
        self.id = facts["id"] if isinstance(facts["id"], str) else base64.b64decode(facts["id"]["base64"])

    def take(self) -> Original:
        """The value, a huge one in a temporary file; raises `Refusal` 1 where it is not the one that was written."""
        if self.octets >= HUGE:
            file = tempfile.TemporaryFile()  # noqa: SIM115  gone with the value
            self._pass(file.write)
            return Original(self.kind, self.table, self.column, self.id, Spooled(file, True, 0, self.octets))
        value = bytearray(self.octets)
        self._read(memoryview(value)[at:at + PIECE] for at in range(0, self.octets, PIECE))
        return Original(self.kind, self.table, self.column, self.id, value)

    def pass_over(self) -> None:
        """Hold a value that nobody took against its digest all the same."""
        if self._left:
            self._pass(lambda piece: None)

    def _pass(self, hear: Callable[[memoryview], object]) -> None:
        piece = memoryview(bytearray(min(self.octets, PIECE)))
        self._read((piece[:self.octets - at] for at in range(0, self.octets, PIECE)), hear)

    def _read(self, pieces: Iterable[memoryview], hear: Callable[[memoryview], object] = lambda piece: None) -> None:
        self._left, digest = False, hashlib.sha256()
        for piece in pieces:
            if self._file.readinto(piece) != len(piece):
                raise _damaged(self._path)
            digest.update(piece)
            hear(piece)
        if self._file.read(1) != b"\n" or digest.hexdigest() != self._digest:
            raise Refusal(f"The value of {printable(self.id)} in {printable(self._path, 500)} is damaged.", FAILED)


class StoredValueInLine:
    """A value of version 1, which is read with its line."""

    def __init__(self, facts: Facts, path: Path):
        self.kind, self.table, self.column = (facts[n] for n in ("kind", "table", "column"))
        self.id = facts["id"] if isinstance(facts["id"], str) else base64.b64decode(facts["id"]["base64"])
        self._value = bytearray(facts["value"].encode("utf-8", "surrogateescape"))
        self.octets = len(self._value)
        if hashlib.sha256(self._value).hexdigest() != facts["digest"]:
            raise Refusal(f"The value of {printable(self.id)} in {printable(path, 500)} is damaged.", FAILED)

    def take(self) -> Original:
        return Original(self.kind, self.table, self.column, self.id, self._value)

    def pass_over(self) -> None:
        """It was held against its digest as it was read."""


def write(raw: BinaryIO, facts: Facts, originals: Iterable[Original]) -> tuple[int, str]:
    """Fill a new file; the number of values and the digest of their lines."""
    chain, number = hashlib.sha256(), 0
    packer = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    with packer.stream_writer(raw, closefd=False) as out:
        out.write(_line({"format": FORMAT, "version": VERSION, **facts}))
        for one in originals:
            chain.update(_put(out, one))
            number += 1
            del one  # before the next is read
        out.write(_line({"values": number, "digest": chain.hexdigest()}))
    return number, chain.hexdigest()


def _put(out: Writes, one: Original) -> bytes:
    """Write a value; the line that stands before it."""
    digest = hashlib.sha256()
    for piece in pieces(one.value):
        digest.update(piece)
    id = {"base64": base64.b64encode(one.id).decode()} if isinstance(one.id, bytes) else one.id
    line = _line({"kind": one.kind, "table": one.table, "column": one.column, "id": id, "octets": len(one.value),
                  "digest": digest.hexdigest()})
    out.write(line)
    for piece in pieces(one.value):
        out.write(piece)
    out.write(b"\n")
    return line


def _line(facts: Facts) -> bytes:
    return json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def is_one(path: Path) -> bool:
    """Whether a file holds original values, by its first line."""
    try:
        with reading(path) as file:
            return bool(json.loads(file.readline(LINE)).get("format") == FORMAT)
    except (ValueError, AttributeError, RecursionError, Refusal):
        return False


def verify(path: Path) -> tuple[int, str]:
    """The number of values and the digest of their lines, once every value is held against its own digest.

    Raises `Refusal` 1 for a file that is damaged or cut short.
    """
    chain = hashlib.sha256()
    return sum(1 for _ in read(path, chain)), chain.hexdigest()


def read(path: Path, chain: Digest | None = None) -> Iterator[StoredValue | StoredValueInLine]:
    """The values in turn; raises `Refusal`: 1 for a damaged file, 78 for one of a newer version."""
    chain, number = chain or hashlib.sha256(), 0
    with reading(path) as file:
        version = _parsed(file.readline(LINE), path).get("version")
        if version not in (1, VERSION):
            raise Refusal(f"{printable(path, 500)} is in format {printable(version)}, and this version reads formats "
                          f"1 and {VERSION}.", UNSUPPORTED)
        longest = LINE if version == VERSION else LINE_OF_1
        line = file.readline(longest)
        while not line.startswith(END):
            chain.update(line)
            held = _held(file if version == VERSION else None, line, path)
            yield held
            held.pass_over()
            number += 1
            line = file.readline(longest)
        if _parsed(line, path) != {"values": number, "digest": chain.hexdigest()} or file.read(1):
            raise _damaged(path)


def _checked(facts: Facts) -> Facts:
    """The facts of a value, each of its type; raises `KeyError` or `ValueError`."""
    id, octets = facts["id"], facts.get("octets", 0)
    texts = [facts[name] for name in ("kind", "table", "column", "digest")]
    named = type(id) is str or type(id) is dict and type(id.get("base64")) is str
    if not all(type(text) is str for text in texts) or not named or type(octets) is not int:
        raise ValueError("a fact of another type")
    if not 0 <= octets < 1 << 31:
        raise ValueError("a length that no value has")
    if type(id) is str:
        id.encode("utf-8", "surrogateescape")
    return facts


def _held(file: io.BufferedReader | None, line: bytes, path: Path) -> StoredValue | StoredValueInLine:
    try:
        facts = _checked(_parsed(line, path))
        return StoredValue(file, facts, path) if file else StoredValueInLine(facts, path)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged(path) from None


def _parsed(line: bytes, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _damaged(path)
    return found


def _damaged(path: Path) -> Refusal:
    return Refusal(f"The export {printable(path, 500)} is cut short or damaged.", FAILED)
