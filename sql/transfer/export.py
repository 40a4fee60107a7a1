"""Exports: whole trees of sessions, losslessly, in a file that is read back before anything relies on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from json.encoder import encode_basestring as quote
from pathlib import Path
from typing import Any

from ..files import new_file
from ..refusal import FAILED, Refusal
from ..store import Store
from ..words import human, printable
from .format import FORMAT, dumps, encoder, info
from .packing import SEAL, Sink, packed
from .read_back import NOTHING, ReadBack, Summed, Sums, begun
from .redact import Redactor
from .session_rows import BELOW, Source

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
    sums: Sums = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """What was exported of a session, to be held against the plan: rows without its event log, newest time, seq."""

    tally: int
    newest: int
    seq: int


def write(store: Store, trees: Sequence[tuple[object, Sequence[object]]], path: Path, progress: Callable[..., object],
          check: Callable[[object, Seen], object] = lambda id, seen: None, verify: bool = True,
          asked: Summed = NOTHING, redact: Redactor | None = None) -> Written:
    """Export `trees` (root, sessions with parents before children) to a file of that name, made anew.

    Each tree is read in one transaction. `check` hears what was seen of each session, `progress` the octets done and
    in all. With `verify` the file is read back from the disk, every session's digest held against the one taken from
    the store's rows, and what is `asked` summed up. Raises `Refusal` 1 for a disk that is full or does not take it, and
    for a file that reads back otherwise; nothing is left under that name then.
    """
    source = Source(store, sliced=redact is None)
    source.queue(id for _, ids in trees for id in ids)
    rows, octets = _measured(source)
    refuse_without_room(path, octets + rows * ROW_OCTETS, "removed")
    written, total = Written(path), max(octets, 1)
    with new_file(path, "The export") as file, ExitStack() as stack:
        back = stack.enter_context(begun(file, octets, asked)) if verify else None
        with packed(file, path, back.reaches if back else None) as sink:
            writer = _Writer(source, sink, written, lambda done: progress(min(done, total), total), redact)
            _put_trees(writer, trees, check)
        if back:
            written.sums = _held(back.end(_counted(store, rows)), written, sink.chain)
        written.octets = os.fstat(file.fileno()).st_size
    return written


def _put_trees(writer: _Writer, trees: Sequence[tuple[object, Sequence[object]]],
               check: Callable[[object, Seen], object]) -> None:
    """Each tree in one transaction, so that it is of one moment."""
    writer.sink.put([b"[\n"])
    for root, ids in trees:
        writer.source.begin()
        try:
            found = [writer.session(root, id, check) for id in ids]
            writer.source.store.engine_run("commit")
        except BaseException:
            writer.source.store.roll_back()
            raise
        writer.written.trees += any(found)
    writer.sink.put([b"\n]\n" if writer.written.sessions else b"]\n"])


def _measured(source: Source) -> tuple[int, int]:
    """Rows and octets to come, 0 where a damaged store does not tell."""
    try:
        return source.size()
    except source.store.on.Error as error:
        if not damaged(source.store, error):
            raise
        return 0, 0


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


def _held(found: ReadBack, written: Written, expected: str) -> Sums:
    """Hold what was read back against what the store gave; the sums of it."""
    if (found.sessions, found.rows, found.chain) != (written.sessions, written.rows, expected):
        raise Refusal(f"The export {written.path} reads back otherwise than it was written; nothing was removed.",
                      FAILED)
    return found.sums


class _Writer:
    """Writes session after session of the source's queue into a sink."""

    def __init__(self, source: Source, sink: Sink, written: Written, progress: Callable[[int], object],
                 redact: Redactor | None):
        self.source, self.sink, self.written, self.progress, self.redact = source, sink, written, progress, redact
        self.encode = {name: self._encoder(name, name in BELOW) for name in source.tables}
        # A part whose message is gone stands in a list of its own, in full.
        self.in_list = self.encode | ({"part": self._encoder("part", merging=False)} if "part" in source.tables else {})
        # What a plan counts of a session: neither its log nor tables that the manifest does not know.
        self.pinned = {owned.name for owned in source.store.catalog.owned if not owned.log}
        self.id_at = {name: owned.columns.index("id") for name, owned in source.tables.items() if name in BELOW}
        self.moment_at = {name: owned.columns.index(owned.updated) for name, owned in source.tables.items()
                          if name in self.pinned and owned.updated}
        self.done = 0

    def _encoder(self, name: str, merging: bool) -> Callable[..., list[Any]]:
        encode, redact = encoder(self.source.tables[name], merging, self._unsound), self.redact
        return (lambda row, keys=b"": encode(redact(name, list(row)), keys)) if redact else encode

    def _unsound(self) -> None:
        self.sound = False

    def session(self, root: object, id: object, check: Callable[[object, Seen], object]) -> bool:
        """Write one session, unless the store has none of that id any more; whether it did."""
        self.counts: dict[str, int] = {}
        self.lost: list[str] = []
        self.sound, self.newest, self.seq = True, 0, -1
        self.source.next()
        with self.source.store.octets():
            own = {name: list(self._read(name, self.source.rows(name))) for name in self.source.store.catalog.roots}
            if not any(own.values()):
                if self.lost:
                    self.written.lost[printable(id)] = self.lost
                return False
            self._head(root, id)
            between = self._table("project", self._read("project", self._rows("project")), "")
            for name in self.source.tables:
                if name in own:
                    between = self._table(name, own[name], between)
                elif name not in ("project", "message"):
                    between = self._table(name, self._read(name, self._rows(name)), between)
            self._info(own, between)
            self._messages(id)
        self._seal(own)
        check(id, Seen(sum(n for name, n in self.counts.items() if name in self.pinned), self.newest, self.seq))
        if self.lost:
            self.written.lost[printable(id)] = self.lost
        self.written.sessions += 1
        for table, number in self.counts.items():
            self.written.rows[table] = self.written.rows.get(table, 0) + number
        self.progress(self.done)
        return True

    def _rows(self, name: str) -> Iterable[Row]:
        return self.source.rows(name) if name in self.source.tables else ()

    def _read(self, name: str, rows: Iterable[Row]) -> Iterable[Row]:
        """The rows as far as the store can be read; what a damaged one does not give is noted."""
        updated = self.moment_at.get(name)
        try:
            if updated is None and name != "event_sequence":
                yield from rows
                return
            for row in rows:
                if updated is None:
                    self._note_seq(row)
                elif type(moment := row[updated]) is int and moment > self.newest and moment >= CLEAN_TIME:
                    self.newest = moment
                yield row
        except self.source.store.on.Error as error:
            if not damaged(self.source.store, error):
                raise
            self.lost.append(name)
            self.source.mend()

    def _note_seq(self, row: Row) -> None:
        seq = row[self.source.tables["event_sequence"].columns.index("seq")]
        self.seq = max(self.seq, seq) if type(seq) is int else self.seq

    def _head(self, root: object, id: object) -> None:
        start = ",\n" if self.written.sessions else ""
        head = {"format": FORMAT, "layout": self.source.store.catalog.layout, "unit": self._named(root),
                "session": self._named(id), "redacted": self.redact is not None}
        self.sink.put([f'{start}{{"lifecycle":{dumps(head)[:-1]},"rows":{{\n'.encode()])

    def _named(self, id: object) -> object:
        """An id as the file spells it."""
        told = shown(id)
        return self.redact.id(told) if self.redact and isinstance(told, str) else told

    def _table(self, name: str, rows: Iterable[Row], between: str) -> str:
        """A list of rows, if there are any; what stands before the next list."""
        put = self.sink.put
        opening, number, done = f"{between}{quote(name)}:[\n".encode(), 0, 0
        for number, row in enumerate(rows, 1):  # noqa: B007
            done += put([opening, *self.in_list[name](row)])
            opening = b",\n"
        self.done += done
        self._count(name, number)
        if not number:
            return between
        put([b"\n]"])
        return ",\n"

    def _count(self, name: str, number: int) -> None:
        if number:
            self.counts[name] = self.counts.get(name, 0) + number

    def _info(self, own: dict[str, list[Row]], between: str) -> None:
        name = next(name for name in reversed(self.source.store.catalog.roots) if own[name])
        name = "session" if own.get("session") else name
        row = self.redact(name, list(own[name][0])) if self.redact else own[name][0]
        said = info(dict(zip(self.source.tables[name].columns, row, strict=False)))
        text = said.encode("utf-8", "backslashreplace")  # half a pair of surrogates stands as JSON spells it
        self.sink.put([("\n" if between else "").encode(), b'}},\n"info":', text, b',\n"messages":[\n'])

    def _messages(self, id: object) -> None:
        owner = f'"sessionID":{dumps(self._named(id))}'
        opening = b'{"info":'
        for _ in range(self._count_messages()):
            self.source.next_message()
            for row in list(self._read("message", self.source.below("message"))):
                name = self._id("message", row)
                made = self.encode["message"](row, f'"id":{name},{owner}'.encode())
                self.done += self.sink.put([opening, *made, b',"parts":[\n'])
                self._count("message", 1)
                self._parts(f'"messageID":{name},{owner}')
                opening = b',\n{"info":'
        self.sink.put([b"\n" if self.counts.get("message") else b"", b"],\n"])

    def _count_messages(self) -> int:
        try:
            return self.source.list_messages()
        except self.source.store.on.Error as error:
            if not damaged(self.source.store, error):
                raise
            self.lost.append("message")
            self.source.mend()
            return 0

    def _parts(self, keys: str) -> None:
        opening, number, done, put, encode = b"", 0, 0, self.sink.put, self.encode["part"]
        for number, row in enumerate(self._read("part", self.source.below("part")), 1):  # noqa: B007
            done += put([opening, *encode(row, f'"id":{self._id("part", row)},{keys}'.encode())])
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
        importable = self.sound and not self.lost and not self.redact and bool(own.get("session"))
        seal = dumps({"rows": self.counts, "importable": importable, "lost": self.lost})[:-1]
        self.sink.put([f'"seal":{seal},"digest":"'.encode(), SEAL, b'"}}'])


def shown(id: object) -> str | None:
    """An id as the client's JSON has it; None for what is no text."""
    return id if isinstance(id, str) and not any("\ud800" <= c <= "\udfff" for c in id) else None
