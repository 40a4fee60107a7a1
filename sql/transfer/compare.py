"""What a store has of a session, held against what a file has of it: row by row, by types and octets."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import Any

from ..catalog import ROOTS
from ..store import Store, text_of
from .reader import Opened, Sealed, Stored
from .session_rows import Source

PLAIN = frozenset((int, float, str, bytes, bytearray, NoneType))  # anything else is huge, and comes in slices
APART = 1 << 16           # octets from which values are not put together
# The store's number of the last event never goes down, so it may be ahead of a file's.
AHEAD = ("event_sequence", "seq")


class Here:
    """What a store has of one session at a time; in a transaction where it has to hold for longer than it is read."""

    def __init__(self, store: Store):
        self.store, self.source = store, Source(store)

    def look(self, key: object) -> None:
        """Turn to the session with this id."""
        self.key = key
        self.source.queue([key])
        self.source.next()

    def rows(self, table: str) -> Iterator[Sequence[Any]]:
        """Its rows of a table, in the order of the table's columns."""
        self.look(self.key)
        if table != "message":
            yield from self.source.rows(table)
        if table in ("message", "part"):
            for _ in range(self.source.list_messages()):
                self.source.next_message()
                yield from list(self.source.below(table))

    def tables(self) -> Iterator[str]:
        return (table for table in self.source.tables if table != "project")

    def there(self) -> bool:
        """Whether the store has a row of it, in whatever table."""
        self.look(self.key)
        return any(True for table in self.tables() for _ in self.source.rows(table)) or \
            bool(self.source.list_messages())

    def digests(self, table: str, columns: Sequence[str]) -> Counter[bytes]:
        """Digests of its rows of a table, by these columns."""
        at = [self.source.tables[table].columns.index(column) for column in columns]
        with self.store.octets():
            return Counter(digest(row[i] for i in at) for row in self.rows(table))

    def fingerprint(self) -> int:
        """What tells two states of the session apart, whatever the order of its rows."""
        with self.store.octets():
            return _sum(mark(table, zip(self.source.tables[table].columns, row, strict=False))
                        for table in self.tables() for row in self.rows(table))

    def last_event(self) -> int:
        """The number of its last event, -1 without one."""
        if "event_sequence" not in self.source.tables:
            return -1
        at = self.source.tables["event_sequence"].columns.index("seq")
        return max([-1, *(int(row[at]) for row in self.rows("event_sequence") if type(row[at]) is int)])


@dataclass
class Facing:
    """A session in a file and in the store: rows by table on either side, how many of them are the same, and how
    many of the file the client's own upgrade removed."""

    session: str | None
    unit: str | None
    title: str = ""
    parent: str | None = None
    file: dict[str, int] = field(default_factory=dict)
    here: dict[str, int] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)

    @property
    def absent(self) -> bool:
        return not self.here

    @property
    def equal(self) -> bool:
        return self.file == self.here == self.same

    @property
    def only_here(self) -> dict[str, int]:
        """Rows that the store has and the file has not, or otherwise."""
        return _less(self.here, self.same)

    @property
    def only_there(self) -> dict[str, int]:
        """Rows that the file has and the store has not, or otherwise."""
        return _less(self.file, self.same)


def _less(all_of: Mapping[str, int], same: Mapping[str, int]) -> dict[str, int]:
    return {table: n - same.get(table, 0) for table, n in all_of.items() if n > same.get(table, 0)}


def faced(store: Store, items: Iterable[Opened | Stored | Sealed],
          shaped: Callable[[str, dict[str, Any]], dict[str, Any] | None],
          wanted: Callable[[Opened], bool] = lambda _: True) -> Iterator[Facing]:
    """Each wanted session of a file against the store; `shaped` makes a row what it becomes in this
    store, None for one that stays in the file."""
    here = Here(store)
    opened: Opened | None = None
    found: dict[tuple[str, tuple[str, ...]], Counter[bytes]] = {}
    left: dict[str, int] = {}
    key: object = None
    parent: Any = None
    for item in items:
        if isinstance(item, Opened):
            opened, found, key, parent, left = item if wanted(item) else None, {}, None, None, {}
        elif opened and isinstance(item, Stored) and item.table != "project":
            if item.table in ROOTS and key is None:
                key, parent = item.values["id"], text_of(item.values.get("parent_id"))
            becomes = shaped(item.table, item.values)
            if becomes is None:
                left[item.table] = left.get(item.table, 0) + 1
                continue
            values = {name: value for name, value in becomes.items() if (item.table, name) != AHEAD}
            found.setdefault((item.table, tuple(values)), Counter())[digest(values.values())] += 1
        elif opened and isinstance(item, Sealed):
            said = Facing(opened.session, opened.unit, item.title, parent, left=left)
            _face(here, said, found, key)
            yield said


def _face(here: Here, said: Facing, found: Mapping[tuple[str, tuple[str, ...]], Counter[bytes]], key: object) -> None:
    for (table, _), rows in found.items():
        said.file[table] = said.file.get(table, 0) + rows.total()
    here.look(key)
    said.here = {table: n for table in here.tables() if (n := sum(1 for _ in here.rows(table)))}
    for (table, columns), rows in found.items():
        same = (rows & here.digests(table, columns)).total() if table in said.here else 0
        if same:
            said.same[table] = said.same.get(table, 0) + same


def fingerprints(items: Iterable[Opened | Stored | Sealed]) -> dict[str, int]:
    """The fingerprint of each session in a file, as `Here` takes it of a store with the same columns."""
    found: dict[str, int] = {}
    for item in items:
        if isinstance(item, Opened):
            session, total = item.session, 0
        elif isinstance(item, Stored):
            total = _sum((total, mark(item.table, item.values.items()) if item.table != "project" else 0))
        elif session is not None:
            found[session] = total
    return found


def mark(table: str, row: Iterable[tuple[str, object]]) -> int:
    """A number for a row; a column that holds nothing counts like one that is not there."""
    held = sorted(((name, value) for name, value in row if value is not None), key=lambda pair: pair[0])
    return int.from_bytes(digest((table, *(part for pair in held for part in pair))), "big")


def _sum(numbers: Iterable[int]) -> int:
    return sum(numbers) % (1 << 128)


def digest(values: Iterable[Any]) -> bytes:
    """What tells two rows apart: types and octets. A text is the same as str and as its octets."""
    found, said = hashlib.sha256(), list[bytes | bytearray]()
    for value in values:
        kind = type(value)
        if kind is int:
            said.append(b"int:%d;" % value)
        elif kind is str or kind is bytearray:
            octets = value.encode("utf-8", "surrogateescape") if kind is str else value
            said += (b"t%d:" % len(octets), octets)
        elif kind is bytes:
            said += (b"b%d:" % len(value), value)
        elif kind in PLAIN:
            said.append(f"{kind.__name__}:{value!r};".encode())
        else:
            found.update(b"".join((*said, b"%c%d:" % (b"bt"[value.is_text], len(value)))))
            said = []
            for octets in value:
                found.update(octets)
    for octets in said if sum(map(len, said)) > APART else (b"".join(said),):
        found.update(octets)
    return found.digest()[:16]
