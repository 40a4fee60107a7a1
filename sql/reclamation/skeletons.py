"""What a huge part says, without its long texts: as JSON that is small enough to be asked for anything.

SQLite takes six times as much memory as a text has to look into it. A skeleton is read off the file slice by slice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..engines import Slices
from ..store import Store
from ..transfer.huge import AT_ONCE, Grammar, NoJson
from ..transfer.session_rows import HUGE

LONG = 1 << 16            # octets of a text that is left out
MOST = 8 << 20            # octets of a skeleton; what has more is not looked into
STANDIN = b"left out"     # no text that means anything to the client
# What a reclamation replaces whole; the links to other sessions stay.
REPLACED = (b"output", b"metadata", b"attachments")
LINKS = (b"sessionId", b"parentSessionId")


class Skeleton(Grammar):
    """The same text with a stand-in for each long text; `safe` is whether all of those are in what goes anyway, so
    that what is made of the skeleton is what would be made of the text."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = self._plain = self._goes_all = True
        self._made, self._size = [b""], 0
        self._text: list[bytes] = []
        self._length = 0
        self._path: list[bytes] = []      # of each open bracket the key that is at hand; b"" in a list
        self._seen: set[tuple[bytes, bytes]] = set()

    @property
    def safe(self) -> bool:
        """Nothing is left out, or all of it is in what goes, and every key on the way is what it seems."""
        return self._whole or self._plain and self._goes_all

    @property
    def value(self) -> bytes:
        return b"".join(self._made)

    def opened_text(self) -> None:
        self._text, self._length = [], 0

    def inside(self, octets: bytes) -> None:
        self._length += len(octets)
        if self._length <= LONG:
            self._text.append(octets)

    def closed_text(self, is_key: bool) -> None:
        text = b"".join(self._text)
        if self._length > LONG:
            self._whole, self._goes_all = False, self._goes_all and not is_key and self._goes()
            text = STANDIN
        if is_key:
            self._key(text)
        self._put(b'"' + text + b'"')

    def between(self, octets: bytes) -> None:
        if octets in (b"{", b"["):
            self._path.append(b"")
        elif octets in (b"}", b"]") and self._path:
            self._path.pop()
        self._put(octets)

    def _key(self, key: bytes) -> None:
        """A key that comes twice, or in another spelling, is not what it seems: the first of two counts."""
        self._path[-1] = key
        if len(self._path) > 2:
            return
        at = (self._path[0] if len(self._path) == 2 else b"", key)
        self._plain = self._plain and at not in self._seen and b"\\" not in key
        self._seen.add(at)

    def _goes(self) -> bool:
        path = self._path
        return path[:1] == [b"state"] and path[1:2] != [] and path[1] in REPLACED and not (
            path[1] == b"metadata" and len(path) > 2 and (path[2] in LINKS or b"\\" in path[2]))

    def _put(self, octets: bytes) -> None:
        self._made.append(octets)
        self._size += len(octets)
        if self._size > MOST:
            raise NoJson


def of(octets: Slices) -> tuple[bytes | None, bool]:
    """The skeleton of a text, None for what is no JSON or too much of it; and whether it is safe."""
    found = Skeleton()
    if not octets.is_text:
        return None, False
    try:
        for piece in octets:
            for at in range(0, len(piece), AT_ONCE):
                found.feed(piece[at:at + AT_ONCE])
        found.end()
    except NoJson:
        return None, False
    return found.value, found.safe


def note(store: Store) -> bool:
    """Leave the skeletons of all huge parts in the work table; whether huge values can be told apart at all."""
    if not (store.on.sliceable(store.connection) and store.catalog.has("part", "id")):
        return False
    store.on.write(store.connection, "lc_skeleton", ("id", "octets", "safe", "value"), list(_skeletons(store)))
    return True


def _skeletons(store: Store) -> Iterator[tuple[Any, ...]]:
    for (id,) in list(store.rows("stats/huge_parts", {"huge": HUGE})):
        octets = store.on.slices(store.connection, "part", "data", id) if id is not None else None
        if octets is not None:
            value, safe = of(octets)
            yield id, len(octets), int(safe), None if value is None else bytearray(value)
