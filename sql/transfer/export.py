"""Exports: whole trees of sessions, losslessly, in a file that is read back before anything relies on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import islice
from json.encoder import encode_basestring as quote
from pathlib import Path
from typing import Any, BinaryIO

from ..files import new_file
from ..refusal import FAILED, Refusal
from ..store import Store
from ..words import human, printable
from .format import FORMAT, dumps, encoder, info
from .packing import Sink, packed
from .read_back import NOTHING, ReadBack, Summed, Total, begun
from .redact import Redactor
from .salvage import Salvage
from .session_rows import BELOW, Source
from .streams import Streams, spans

Row = Sequence[Any]
ROW_OCTETS = 250          # what a row takes in the file beside its text
PACKED = 8                # packed files are seldom larger than an eighth of what is in them; a hint, not a promise
CLEAN_TIME = 10**12       # older numbers are no milliseconds of these days


@dataclass
class Written:
    """What an export holds: sessions, rows by table, octets of the file; ids that could not be read in full; the sums
    that were asked for."""

    path: Path
    sessions: int = 0
    trees: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    octets: int = 0
    lost: dict[str, list[str]] = field(default_factory=dict)
    sums: Iterable[Total] = ()


@dataclass(frozen=True)
class Seen:
    """What was exported of a session, to be held against the plan: rows without its event log, newest time, seq."""

    tally: int
    newest: int
    seq: int


def write(store: Store, trees: Iterable[tuple[object, Sequence[object]]], path: Path, progress: Callable[..., object],
          check: Callable[[object, Seen], object] = lambda id, seen: None, verify: bool = True,
          asked: Summed = NOTHING, redact: Redactor | None = None) -> Written:
    """Export `trees` (root, sessions with parents before children), which are gone through more than once, to a file of
    that name, made anew.

    Each tree is read in one transaction. `check` hears what was seen of each session, once more where a page turns out
    to be damaged and all is read anew; `progress` the octets done and in all. With `verify` the file is read back from
    the disk, every session's digest held against the one taken from the store's rows, and what is `asked` summed up.
    Raises `Refusal` 1 for a disk that is full or does not take it, and for a file that reads back otherwise; nothing is
    left under that name then.
    """
    source = Source(store, sliced=redact is None)
    source.queue(id for _, ids in trees for id in ids)
    rows, octets = _measured(source, sum(len(ids) for _, ids in trees))
    total = sum(octets)
    refuse_without_room(path, total + rows * ROW_OCTETS, "removed")

    def fill(file: BinaryIO, reader: Streams | Salvage) -> Written:
        written = Written(path)
        with ExitStack() as stack:
            back = stack.enter_context(begun(file, total, asked)) if verify else None
            with packed(file, path, back.reaches if back else None) as sink:
                writer = _Writer(reader, sink, written, lambda done: progress(min(done, total), max(total, 1)), redact)
                _put_trees(writer, trees, spans(trees, octets), check)
            if back:
                written.sums = _held(back.end(_counted(store, rows)), written, sink.chain)
        written.octets = os.fstat(file.fileno()).st_size
        return written

    with new_file(path, "The export") as file:
        if not store.path:
            return fill(file, Salvage(source))
        try:
            return fill(file, Streams(source))
        except store.on.Error as error:
            if not damaged(store, error):
                raise
        file.truncate(0)
        file.seek(0)
        source.queue(id for _, ids in trees for id in ids)
        return fill(file, Salvage(source))


def _put_trees(writer: _Writer, trees: Iterable[tuple[object, Sequence[object]]], together: Iterable[Sequence[int]],
               check: Callable[[object, Seen], object]) -> None:
    """Trees that are read together in one transaction, so that each is of one moment."""
    writer.sink.put([b"[\n"])
    waiting = iter(trees)
    for span in together:
        with writer.reader.together(sum(span)):
            for root, ids in islice(waiting, len(span)):
                found = [writer.session(root, id, check) for id in ids]
                writer.written.trees += any(found)
    writer.sink.put([b"\n]\n" if writer.written.sessions else b"]\n"])


def _measured(source: Source, sessions: int) -> tuple[int, Sequence[int]]:
    """Rows to come, and octets by session, 0 where a damaged store does not tell."""
    try:
        return source.size(sessions)
    except source.store.on.Error as error:
        if not damaged(source.store, error):
            raise
        return 0, [0] * sessions


def _counted(store: Store, rows: int) -> Callable[[int], object]:
    """Whoever waits is told how far the reading back is, by the rows that it hears of."""
    done = 0

    def heard(number: int) -> None:
        nonlocal done
        done = number

    store.told("Reading the export back", share=lambda: done / max(rows, 1))
    return heard


def damaged(store: Store, error: Exception) -> bool:
    """Whether the engine says that the store itself is damaged."""
    return store.on.damaged(error)


def refuse_without_room(path: Path, octets: int, done: str) -> None:
    """Stop before writing what the disk cannot hold."""
    needed = octets if path.name.endswith(".json") else octets // PACKED
    with suppress(OSError):
        free = shutil.disk_usage(path.parent).free
        if free < needed:
            raise Refusal(f"The export needs about {human(needed)} in {path.parent}, and {human(free)} are free; "
                          f"nothing was {done}. Choose another place with --export=FILE.", FAILED)


def _held(found: ReadBack, written: Written, expected: str) -> Iterable[Total]:
    """Hold what was read back against what the store gave; the sums of it."""
    if (found.sessions, found.rows, found.chain) != (written.sessions, written.rows, expected):
        raise Refusal(f"The export {written.path} reads back otherwise than it was written; nothing was removed.",
                      FAILED)
    return found.sums


class _Writer:
    """Writes session after session of the reader's queue into a sink."""

    def __init__(self, reader: Streams | Salvage, sink: Sink, written: Written, progress: Callable[[int], object],
                 redact: Redactor | None):
        self.reader, self.sink, self.written, self.progress, self.redact = reader, sink, written, progress, redact
        self.store, self.tables, self.roots = reader.store, reader.tables, reader.store.catalog.roots
        self.encode = {name: self._encoder(name, name in BELOW) for name in self.tables}
        # A part whose message is gone stands in a list of its own, in full.
        self.in_list = self.encode | ({"part": self._encoder("part", merging=False)} if "part" in self.tables else {})
        # What a plan counts of a session: neither its log nor tables that the manifest does not know.
        self.pinned = {owned.name for owned in self.store.catalog.owned if not owned.log}
        self.id_at = {name: owned.columns.index("id") for name, owned in self.tables.items() if name in BELOW}
        self.moment_at = {name: owned.columns.index(owned.updated) for name, owned in self.tables.items()
                          if name in self.pinned and owned.updated}
        self.done = 0

    def _encoder(self, name: str, merging: bool) -> Callable[..., list[Any]]:
        encode, redact = encoder(self.tables[name], merging, self._unsound), self.redact
        return (lambda row, keys=b"": encode(redact(name, list(row)), keys)) if redact else encode

    def _unsound(self) -> None:
        self.sound = False

    def session(self, root: object, id: object, check: Callable[[object, Seen], object]) -> bool:
        """Write one session, unless the store has none of that id any more; whether it did."""
        self.counts: dict[str, int] = {}
        self.sound, self.newest, self.seq = True, 0, -1
        self.reader.next()
        with self.store.octets():
            there = self._session(root, id)
        if there:
            check(id, Seen(sum(n for name, n in self.counts.items() if name in self.pinned), self.newest, self.seq))
        if self.reader.lost:
            self.written.lost[printable(id)] = list(self.reader.lost)
        self.written.sessions += there
        for table, number in self.counts.items():
            self.written.rows[table] = self.written.rows.get(table, 0) + number
        self.progress(self.done)
        return there

    def _session(self, root: object, id: object) -> bool:
        rows = self.reader.rows
        own = {name: list(rows(name)) for name in self.roots}
        if not any(own.values()):
            return False
        self._head(root, id)
        between = self._table("project", rows("project"), "") if "project" in self.tables else ""
        for name in self.tables:
            if name == "event_sequence":
                between = self._table(name, self._numbered(rows(name)), between)
            elif name not in ("project", "message"):
                between = self._table(name, own[name] if name in own else rows(name), between)
        self._info(own, between)
        self._messages(id)
        self._seal(own)
        return True

    def _note(self, moment: object) -> None:
        if type(moment) is int and CLEAN_TIME <= moment > self.newest:
            self.newest = moment

    def _numbered(self, rows: Iterable[Row]) -> list[Row]:
        """The same rows, of whose log the last number is noted."""
        found, at = list(rows), self.tables["event_sequence"].columns.index("seq")
        self.seq = max([self.seq, *(row[at] for row in found if type(row[at]) is int)])
        return found

    def _head(self, root: object, id: object) -> None:
        start = ",\n" if self.written.sessions else ""
        head = {"format": FORMAT, "layout": self.store.catalog.layout, "unit": self._named(root),
                "session": self._named(id), "redacted": self.redact is not None}
        self.sink.put([f'{start}{{"lifecycle":{dumps(head)[:-1]},"rows":{{\n'.encode()])

    def _named(self, id: object) -> object:
        """An id as the file spells it."""
        told = shown(id)
        return self.redact.id(told) if self.redact and isinstance(told, str) else told

    def _table(self, name: str, rows: Iterable[Row], between: str) -> str:
        """A list of rows, if there are any; what stands before the next list."""
        put, encode, at = self.sink.put, self.in_list[name], self.moment_at.get(name, -1)
        opening, number, done = f"{between}{quote(name)}:[\n".encode(), 0, 0
        for number, row in enumerate(rows, 1):  # noqa: B007
            if at >= 0:
                self._note(row[at])
            done += put([opening, *encode(row)])
            opening = b",\n"
        if not number:
            return between
        self.done += done
        self._count(name, number)
        put([b"\n]"])
        return ",\n"

    def _count(self, name: str, number: int) -> None:
        if number:
            self.counts[name] = self.counts.get(name, 0) + number

    def _info(self, own: dict[str, list[Row]], between: str) -> None:
        name = next(name for name in reversed(self.roots) if own[name])
        name = "session" if own.get("session") else name
        row = self.redact(name, list(own[name][0])) if self.redact else own[name][0]
        said = info(dict(zip(self.tables[name].columns, row, strict=False)))
        text = said.encode("utf-8", "backslashreplace")  # half a pair of surrogates stands as JSON spells it
        self.sink.put([("\n" if between else "").encode(), b'}},\n"info":', text, b',\n"messages":[\n'])

    def _messages(self, id: object) -> None:
        owner, opening = f'"sessionID":{dumps(self._named(id))}', b'{"info":'
        at = self.moment_at.get("message", -1)
        for row, parts in self.reader.messages():
            if at >= 0:
                self._note(row[at])
            name = self._id("message", row)
            made = self.encode["message"](row, f'"id":{name},{owner}'.encode())
            self.done += self.sink.put([opening, *made, b',"parts":[\n'])
            self._count("message", 1)
            self._parts(parts, f'"messageID":{name},{owner}'.encode())
            opening = b',\n{"info":'
        self.sink.put([b"\n" if self.counts.get("message") else b"", b"],\n"])

    def _parts(self, rows: Iterable[Row], keys: bytes) -> None:
        put, encode, at = self.sink.put, self.encode["part"], self.moment_at.get("part", -1)
        opening, number, done = b"", 0, 0
        for number, row in enumerate(rows, 1):  # noqa: B007
            if at >= 0:
                self._note(row[at])
            done += put([opening, *encode(row, b'"id":%b,%b' % (self._id("part", row).encode(), keys))])
            opening = b",\n"
        self.done += done
        self._count("part", number)
        self.sink.put([b"\n]}" if number else b"]}"])

    def _id(self, name: str, row: Row) -> str:
        id = row[self.id_at[name]]
        if isinstance(id, (bytes, bytearray)):
            id = id.decode("utf-8", "replace")
        id = self._named(id) if self.redact else id
        return quote(id) if isinstance(id, str) else dumps(id)

    def _seal(self, own: dict[str, list[Row]]) -> None:
        lost = list(self.reader.lost)
        importable = self.sound and not lost and not self.redact and bool(own.get("session"))
        seal = dumps({"rows": self.counts, "importable": importable, "lost": lost})[:-1]
        self.sink.put([f'"seal":{seal},"digest":"'.encode()])
        self.sink.seal()
        self.sink.put([b'"}}'])


def shown(id: object) -> str | None:
    """An id as the client's JSON has it; None for what is no text."""
    if isinstance(id, str) and (id.isascii() or not any("\ud800" <= c <= "\udfff" for c in id)):
        return id
    return None
