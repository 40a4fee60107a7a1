"""The trees of a file, read and checked before the store is locked: a large one waits in a temporary file."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from ..engines.spooled import Spooled, spooled
from ..pace import LONGEST
from .reader import Opened, Sealed, Stored
from .session_rows import HUGE

if TYPE_CHECKING:
    from .restored import ExportedSession

IN_MEMORY = 16 << 20      # octets of a tree; what is longer goes to a file without a name
LOG_ROWS = 2_000          # a longer log comes apart from its tree
LOG_OCTETS = 8 << 20
# What writing rows takes under the lock, in seconds for each session, row and octet.
PER_SESSION, PER_ROW, PER_OCTET = 1e-4, 1.5e-5, 4e-9
TOGETHER = 0.08           # seconds of small trees that come in one transaction
HOPELESS = 2 * LONGEST    # seconds: what is reckoned to take longer is not tried, on a quick machine either


def seconds(sessions: int, rows: int, octets: int) -> float:
    """How long a transaction that brings so much back holds the lock, more or less."""
    return PER_SESSION * sessions + PER_ROW * rows + PER_OCTET * octets


def too_big(held: Iterable[ExportedSession]) -> set[str | None]:
    """Trees of a file that cannot come back at once while a client has the store open: told from what the file says of
    them, without their event logs, before anything is tried."""
    found: dict[str | None, float] = {}
    for one in held:
        rows = sum(one.rows.values()) - one.rows.get("event", 0)
        found[one.unit] = found.get(one.unit, 0.0) + seconds(1, rows, one.octets)
    return {unit for unit, takes in found.items() if takes > HOPELESS}


class Tree:
    """What a file holds of one tree, in its order, its event log apart; read again as often as it is needed."""

    def __init__(self, unit: str | None):
        self.unit = unit
        self._rest, self._log = _Spool(), _Spool()
        self.sessions = self._rows = self._octets = self._log_rows = self._log_octets = 0
        self.huge = False
        self.shapes: dict[tuple[str, tuple[str, ...]], None] = {}  # tables, each with the columns that its rows have

    def add(self, item: Opened | Stored | Sealed) -> None:
        """The next thing of the file: a row goes to the log or to the rest, what begins and ends a session to both."""
        if not isinstance(item, Stored):
            self.sessions += isinstance(item, Sealed)
            self._log.add(item)
            self._rest.add(item)
            return
        self.shapes[item.table, tuple(item.values)] = None
        self.huge = self.huge or is_huge(item)
        if is_event(item):
            self._log_rows += 1
            self._log_octets += octets(item.values)
            self._log.add(item)
        else:
            self._rows += 1
            self._octets += octets(item.values)
            self._rest.add(item)

    @property
    def long_log(self) -> bool:
        """Whether its log is too much for the transaction that brings the tree."""
        return self._log_rows > LOG_ROWS or self._log_octets > LOG_OCTETS

    @property
    def seconds(self) -> float:
        """How long its transaction holds the lock, more or less."""
        if self.long_log:
            return seconds(self.sessions, self._rows, self._octets)
        return seconds(self.sessions, self._rows + self._log_rows, self._octets + self._log_octets)

    def rest(self) -> Iterator[Opened | Stored | Sealed]:
        """Everything but events."""
        return self._rest.items()

    def log(self) -> Iterator[Opened | Stored | Sealed]:
        """The events, between the beginning and the end of their sessions."""
        return self._log.items() if self._log_rows else iter(())

    def close(self) -> None:
        self._rest.close()
        self._log.close()


class _Spool:
    """Things one after another, in memory or in a file; huge values lie by themselves in another file."""

    def __init__(self) -> None:
        self.items_in = 0
        self.file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self._apart: BinaryIO | None = None

    def add(self, item: object) -> None:
        if isinstance(item, Stored) and is_huge(item):
            self._apart = self._apart or tempfile.TemporaryFile()  # noqa: SIM115
            _Pickler(self.file, self._apart).dump(item)
        else:
            pickle.dump(item, self.file)
        self.items_in += 1

    def items(self) -> Iterator[Any]:
        self.file.seek(0)
        for _ in range(self.items_in):
            yield _Unpickler(self.file, self._apart).load() if self._apart else pickle.load(self.file)

    def close(self) -> None:
        self.file.close()
        if self._apart:
            self._apart.close()


class _Pickler(pickle.Pickler):
    """Writes what is huge apart, and only where it lies."""

    def __init__(self, file: Any, apart: BinaryIO):
        super().__init__(file)
        self._apart = apart

    def persistent_id(self, value: Any) -> tuple[bool, int, int] | None:
        if not isinstance(value, (bytes, bytearray)) or len(value) < HUGE:
            return None
        found = spooled(self._apart, value)
        return found.is_text, found.start, found.end


class _Unpickler(pickle.Unpickler):
    """Gives back what is huge as it lies."""

    def __init__(self, file: Any, apart: BinaryIO):
        super().__init__(file)
        self._apart = apart

    def persistent_load(self, place: Any) -> Spooled:
        return Spooled(self._apart, *place)


def is_huge(item: Stored) -> bool:
    """Whether a row has values so large that they are not kept in memory."""
    return any(isinstance(v, (bytes, bytearray)) and len(v) >= HUGE for v in item.values.values())


def is_event(item: Opened | Stored | Sealed) -> bool:
    """Whether it is a row of the event log."""
    return isinstance(item, Stored) and item.table == "event"


def octets(values: Mapping[str, Any]) -> int:
    """Octets of a row's texts and BLOBs; a text that is not there as octets counts its letters."""
    return sum(len(v) for v in values.values() if isinstance(v, (str, bytes, bytearray, Spooled)))


def groups(items: Iterable[Opened | Stored | Sealed]) -> Iterator[list[Tree]]:
    """Trees in their order, as many as a short transaction brings; they are gone when the next are asked for."""
    group: list[Tree] = []
    for tree in trees(items):
        alone = tree.long_log or group and group[-1].long_log
        if group and (alone or sum(one.seconds for one in group) + tree.seconds > TOGETHER):
            yield group
            for one in group:
                one.close()
            group = []
        group.append(tree)
    if group:
        yield group
        for one in group:
            one.close()


def trees(items: Iterable[Opened | Stored | Sealed]) -> Iterator[Tree]:
    """Each tree once it has been read to its end."""
    tree: Tree | None = None
    for item in items:
        if isinstance(item, Opened) and (tree is None or item.unit != tree.unit):
            if tree:
                yield tree
            tree = Tree(item.unit)
        if tree:
            tree.add(item)
        del item
    if tree:
        yield tree
