"""What a huge text says, without its long texts: as JSON that is small enough to be asked for anything.

SQLite takes six times as much memory as a text has to look into it. A skeleton is read off the file slice by slice. In
the place of each long text stands a word that is in no other text: where a rule makes something of a skeleton in which
no such word is left, it is to the octet what it would make of the text, since no rule looks into what is long.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..engines import Slices
from ..store import Store
from ..transfer.huge import AT_ONCE, Grammar, NoJson
from ..transfer.session_rows import HUGE

LONG = 1 << 16            # octets of a text that is left out
MOST = 8 << 20            # octets of a skeleton; what has more is not looked into
LARGEST = 24 << 20        # octets of a row that is looked into as it is: of another it would take far too much memory
WORD = f"left out {secrets.token_hex(16)}"
MARK = f"%{WORD}%"        # for LIKE
# Where the results of tools stand, of which `outputs` asks the length: in a part of 1.x, and in a message of 2.x.
RESULTS = ([b"state", b"output"], [b"content", b"", b"state", b"content", b"", b"text"],
           [b"content", b"", b"state", b"content", b"", b"uri"])
UNICODE = re.compile(rb"(?:\\u[0-9a-fA-F]{4})+")


class Found(NamedTuple):
    """A skeleton, None for what is no JSON or says too much; and how many octets its results have beyond those that
    stand in it."""

    value: bytes | None
    more: int = 0


class Skeleton(Grammar):
    """The same text with a word for each long text."""

    def __init__(self) -> None:
        super().__init__()
        self.more = 0
        self._made, self._size, self._words = [b""], 0, 0
        self._text: list[bytes] = []
        self._length = self._spoken = 0
        self._path: list[bytes] = []      # of each open bracket the key that is at hand; b"" in a list

    @property
    def value(self) -> bytes:
        return b"".join(self._made)

    def opened_text(self) -> None:
        self._text, self._length, self._spoken = [], 0, 0

    def inside(self, octets: bytes) -> None:
        self._length += len(octets)
        self._spoken += spoken(octets)
        if self._length <= LONG:
            self._text.append(octets)

    def closed_text(self, is_key: bool) -> None:
        text = b"".join(self._text)
        if self._length > LONG:
            self._words += 1
            text = f"{WORD} {self._words}".encode()
            if self._path in RESULTS:
                self.more += self._spoken - len(text)
            elif self._path[:2] == RESULTS[0]:  # an output that is no text counts as it is written
                self.more += self._length - len(text)
        if is_key:
            self._path[-1] = text
        self._put(b'"' + text + b'"')

    def between(self, octets: bytes) -> None:
        if octets in (b"{", b"["):
            self._path.append(b"")
        elif octets in (b"}", b"]") and self._path:
            self._path.pop()
        self._put(octets)

    def _put(self, octets: bytes) -> None:
        self._made.append(octets)
        self._size += len(octets)
        if self._size > MOST:
            raise NoJson


def spoken(octets: bytes) -> int:
    """How many octets the inside of a JSON text stands for."""
    if b"\\" not in octets:
        return len(octets)
    others = octets.replace(b"\\\\", b"/")
    named = UNICODE.findall(others)
    short = others.count(b"\\") - sum(len(one) // 6 for one in named)
    return len(others) - short - sum(
        len(one) - len(json.loads(b'"%b"' % one).encode("utf-8", "surrogatepass")) for one in named)


def of(octets: Slices) -> Found:
    """The skeleton of a text."""
    found = Skeleton()
    if not octets.is_text:
        return Found(None)
    try:
        for piece in octets:
            for at in range(0, len(piece), AT_ONCE):
                found.feed(piece[at:at + AT_ONCE])
        found.end()
    except NoJson:
        return Found(None)
    return Found(found.value, found.more)


def can(store: Store, table: str) -> bool:
    """Whether huge values of a table can be told apart at all."""
    return store.on.sliceable(store.connection) and store.catalog.has(table, "id")


def note(store: Store, table: str = "part") -> bool:
    """Leave the skeletons of all huge rows of a table in the work table; whether they can be told apart."""
    if can(store, table):
        keep(store, table, (id for (id,) in list(store.rows("stats/huge", {"huge": HUGE}, table=table))))
        return True
    return False


def note_pieces(store: Store, marked: bool) -> None:
    """The same of the parts that a reading of all has found huge, and what those come to that may be marked, or all."""
    if can(store, "part"):
        keep(store, "part", (id for (id,) in list(store.rows("stats/huge_pieces", {"huge": HUGE}))))
        store.run("stats/piece_huge", {"huge": HUGE, "mark": MARK}, marked=marked)


def keep(store: Store, table: str, ids: Iterator[Any]) -> None:
    """Leave the skeletons of these rows in the work table."""
    for id in ids:
        octets = store.on.slices(store.connection, table, "data", id) if id is not None else None
        if octets is not None:
            put(store, table, id, octets)


def put(store: Store, table: str, id: Any, octets: Slices) -> None:
    """Leave the skeleton of a value in the work table, as that of a row."""
    value, more = of(octets)
    row = (table, id, len(octets), more, None if value is None else bytearray(value))
    store.on.write(store.connection, "lc_skeleton", ("name", "id", "octets", "more", "value"), [row])


def note_events(store: Store, first: int, last: int, exact: bool) -> None:
    """Note what the events of some logs are about."""
    values, sliced = {"first": first, "last": last, "huge": HUGE}, can(store, "event")
    store.run("stats/note", values, exact=exact, sliced=sliced)
    huge = list(store.rows("stats/huge_notes", {"huge": HUGE})) if sliced else []
    if huge:
        keep(store, "event", (id for (id,) in huge))
        store.run("stats/note_huge", {"huge": HUGE})
