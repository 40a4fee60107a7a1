"""Reading an export: one pass from front to end, a row at a time; every octet counts into a session's digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from json.encoder import encode_basestring as quote
from pathlib import Path
from types import NoneType
from typing import Any

from ..refusal import BAD_VALUE, FAILED, UNSUPPORTED, Refusal
from ..words import printable
from .format import FORMAT, plain, spans, strictly, take_apart
from .huge import unspan
from .packing import few, reading

LINE = 32 << 20           # no line of an export is longer: long texts stand apart, with their length before them
DIGEST = b'"digest":"'
ITEM = '{"lifecycle":'
LINE_BREAK = ord("\n")
STEP = 4 << 20            # octets that a text is believed to have before they are seen
ROW = 1 << 20             # a first line of a row that is longer is looked at before it is taken apart


@dataclass(frozen=True)
class Opened:
    """A session begins: what its element says of it."""

    layout: str
    unit: str | None
    session: str | None
    redacted: bool


@dataclass(frozen=True)
class Stored:
    """A row as it was stored: a text is str or bytearray, a BLOB bytes."""

    table: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Sealed:
    """A session ended and its digest held: its title, when it was changed (0 if that is not said), rows by table,
    whether the client can import it, what could not be read."""

    title: str
    active: int
    rows: dict[str, int]
    importable: bool
    lost: list[str] = field(default_factory=list)


class Chain:
    """The digest of all digests of a file, as far as it was read."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, digest: bytes) -> None:
        self._hash.update(digest)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


class _Tape:
    def __init__(self, file: Any, name: Path) -> None:
        self.file, self.name, self.digest, self.at, self.session = file, name, hashlib.sha256(), 0, ""

    def line(self) -> bytes:
        line: bytes = self.file.readline(LINE)
        if not line.endswith(b"\n"):
            raise self.fault("is cut short" if len(line) < LINE else "is damaged")
        self.at += len(line)
        self.digest.update(line)
        return line

    def text(self) -> str:
        return self.line().decode()

    def take(self, size: int, around: bool = False) -> bytearray:
        """So many octets and the line break after them; `around` puts them in braces."""
        ends = size + around + 1
        found, done = bytearray(min(ends, STEP)), int(around)
        while done < ends:
            if done == len(found):  # no more memory than what the file has shown to hold
                found.extend(bytes(min(ends - done, STEP)))
            with memoryview(found) as view:
                got = self.file.readinto(view[done:])
                if not got:
                    raise self.fault("is cut short")
                self.digest.update(view[done:done + got])
            done += got
        self.at += size + 1
        if found[-1] != LINE_BREAK:
            raise self.fault("is damaged")
        if around:
            found[0], found[-1] = b"{}"
        else:
            del found[-1]
        return found

    def expect(self, line: bytes) -> None:
        if self.line() != line:
            raise self.fault("is damaged")

    def fault(self, what: str) -> Refusal:
        where = f" in session {printable(self.session)}" if self.session else ""
        return Refusal(f"{self.name} {what} at octet {self.at:,}{where}; nothing of it was used.", FAILED)


def is_export(path: Path) -> bool:
    """Whether a file begins as an export of ours does."""
    with reading(path) as file:
        return file.read(15) in (b'[\n{"lifecycle":', b"[\n]\n")


def read(path: Path, chain: Chain | None = None,
         reading: Callable[[Path], AbstractContextManager[Any]] = reading) -> Iterator[Opened | Stored | Sealed]:
    """Opened, its rows, Sealed, for each session of an export, whose unpacked content `reading` gives.

    Raises `Refusal`: 1 for a file that is damaged or cut short, 64 for one that is no export, 78 for a later format.
    """
    with reading(path) as file:
        tape = _Tape(file, path)
        try:
            if tape.line() != b"[\n":
                raise Refusal(f"{path} is no export of opencode-lifecycle.", BAD_VALUE)
            yield from _sessions(tape, chain)
            if file.read(1):
                raise tape.fault("has something after its end")
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, MemoryError):
            raise tape.fault("is damaged") from None


def _sessions(tape: _Tape, chain: Chain | None) -> Iterator[Opened | Stored | Sealed]:
    line = tape.line()
    while line != b"]\n":
        opened = _opened(line, tape)
        tape.session = opened.session or ""
        yield opened
        counts: dict[str, int] = {}
        yield from _tables(tape, counts)
        info = about(_info(tape.line()))
        tape.expect(b'"messages":[\n')
        yield from _messages(tape, counts)
        sealed, more = _sealed(tape, info, counts, chain)
        yield sealed
        tape.session = ""
        line = tape.line()
        if more == (line == b"]\n"):
            raise tape.fault("is damaged")


def _opened(line: bytes, tape: _Tape) -> Opened:
    start, end = b'{"lifecycle":', b',"rows":{\n'
    if not line.startswith(start) or not line.endswith(end):
        raise tape.fault("is damaged")
    head = _parsed(line[len(start):-len(end)] + b"}")
    for name, kind in (("format", int), ("layout", str), ("redacted", bool)):
        _expect(head[name], kind)
    for name in ("unit", "session"):
        _expect(head[name], str, NoneType)
        (head[name] or "").encode("utf-8", "surrogateescape")  # raises for what no store could have given
    if head["format"] < 1:
        raise ValueError("a format that never was")
    if head["format"] > FORMAT:
        raise Refusal(f"{tape.name} is in format {printable(head['format'])} of a later version, and this one reads up "
                      f"to {FORMAT}; update opencode-lifecycle.", UNSUPPORTED)
    return Opened(head["layout"], head["unit"], head["session"], head["redacted"])


def _info(line: bytes) -> dict[str, Any]:
    """What the client would read of the session: only its title and times are looked at here."""
    opening = b'"info":'
    if not line.startswith(opening) or not line.endswith(b",\n"):
        raise ValueError("info is expected")
    found = _parsed(line[len(opening):-2])
    _expect(found.get("time", {}), dict)
    return found


def about(info: dict[str, Any]) -> tuple[str, int]:
    """Title and last change of a session, all that is kept of what the client would read of it."""
    title, updated = info.get("title"), info.get("time", {}).get("updated")
    return title if type(title) is str else "", updated if type(updated) is int else 0


def _parsed(text: bytes) -> dict[str, Any]:
    """A JSON object, which is not made of so many values that it would take far more memory than its text."""
    if not few(text):
        raise ValueError("too many values")
    found: dict[str, Any] = strictly(text.decode())
    _expect(found, dict)
    return found


def _expect(value: object, *kinds: type) -> None:
    if type(value) not in kinds:
        raise TypeError("another type is expected")


def _tables(tape: _Tape, counts: dict[str, int]) -> Iterator[Stored]:
    line = tape.text()
    while line != "}},\n":
        if not line.endswith(":[\n"):
            raise tape.fault("is damaged")
        table = json.loads(line[:-3])
        if type(table) is not str or table in counts:
            raise ValueError("a table once, by its name")
        line = tape.text()
        while line not in ("]\n", "],\n"):
            values = _row(tape, line, 0)
            counts[table] = counts.get(table, 0) + 1
            yield Stored(table, values)
            del values  # before the next is read: a row may be huge
            line = tape.text()
        line = tape.text()


def _messages(tape: _Tape, counts: dict[str, int]) -> Iterator[Stored]:
    line = tape.text()
    while line != "],\n":
        if not line.startswith('{"info":'):
            raise tape.fault("is damaged")
        counts["message"] = counts.get("message", 0) + 1
        yield Stored("message", _row(tape, line, len('{"info":' + ITEM)))
        line = tape.text()
        while line not in ("]}\n", "]},\n"):
            if not line.startswith(ITEM):
                raise tape.fault("is damaged")
            counts["part"] = counts.get("part", 0) + 1
            yield Stored("part", _row(tape, line, len(ITEM)))
            line = tape.text()
        line = tape.text()


def _row(tape: _Tape, line: str, start: int) -> dict[str, Any]:
    """The values of a row whose first line is at hand, read to its end."""
    if len(line) > ROW and not few(line.encode()):
        raise ValueError("too many values")
    row, octets, merged, rest = take_apart(line, start)
    values = plain(row)
    for name, size in spans(octets):
        if name in values:
            raise ValueError("a column comes twice")
        if not rest.endswith(f"{quote(name)}:\n"):
            raise ValueError("a column is expected")
        values[name] = unspan(tape.take(size))
        rest = tape.text()
    if merged is not None:
        if not rest.endswith("},\n"):
            raise ValueError("members are expected")
        if "data" in values:
            raise ValueError("a column comes twice")
        ((_, size),) = spans({"data": merged})
        values["data"] = tape.take(size, around=True)
        tape.line()
    return values


def _sealed(tape: _Tape, info: tuple[str, int], counts: dict[str, int], chain: Chain | None) -> tuple[Sealed, bool]:
    line = tape.file.readline(LINE)
    at = line.rfind(DIGEST) + len(DIGEST)
    digest, more = line[at:at + 64], line.endswith(b",\n")
    if not line.startswith(b'"seal":') or line[at + 64:] not in (b'"}},\n', b'"}}\n'):
        raise tape.fault("is cut short" if not line.endswith(b"\n") else "is damaged")
    tape.digest.update(line[:at])
    if digest != tape.digest.hexdigest().encode():
        raise tape.fault("is damaged: the digest does not match")
    if chain:
        chain.add(digest)
    tape.digest = hashlib.sha256(line[at + 64:])
    tape.at += len(line)
    seal = _parsed(line[len(b'"seal":'):at] + b'"}')
    _expect(seal["importable"], bool)
    _expect(seal["lost"], list)
    for name in seal["lost"]:
        _expect(name, str)
    if seal["rows"] != counts:
        raise tape.fault("does not hold the rows that it names")
    return Sealed(*info, seal["rows"], seal["importable"], seal["lost"]), more
