"""The trees of a file, read and checked before the store is locked: a large one waits in a temporary file."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator

from .intake import Opened, Sealed, Stored

IN_MEMORY = 16 << 20      # octets of a tree; what is longer goes to a file without a name
LOG_ROWS = 2_000          # a longer log comes apart from its tree
LOG_OCTETS = 8 << 20


class Tree:
    """What a file holds of one tree, in its order, its event log apart; read again as often as it is needed."""

    def __init__(self, unit: str | None):
        self.unit = unit
        self._rest, self._log = _Tape(), _Tape()
        self._log_rows = self._log_octets = 0
        self.shapes: dict[tuple[str, tuple[str, ...]], None] = {}  # tables, each with the columns that its rows have

    def add(self, item: Opened | Stored | Sealed) -> None:
        if isinstance(item, Stored):
            self.shapes[item.table, tuple(item.values)] = None
        event = isinstance(item, Stored) and item.table == "event"
        if event:
            self._log_rows += 1
            self._log_octets += sum(len(v) for v in item.values.values() if isinstance(v, (str, bytes, bytearray)))
        if event or not isinstance(item, Stored):
            self._log.add(item)
        if not event:
            self._rest.add(item)

    @property
    def long_log(self) -> bool:
        """Whether its log is too much for the transaction that brings the tree."""
        return self._log_rows > LOG_ROWS or self._log_octets > LOG_OCTETS

    def rest(self) -> Iterator[Opened | Stored | Sealed]:
        """Everything but events."""
        return self._rest.items()

    def log(self) -> Iterator[Opened | Stored | Sealed]:
        """The events, between the beginning and the end of their sessions."""
        return self._log.items() if self._log_rows else iter(())

    def close(self) -> None:
        self._rest.file.close()
        self._log.file.close()


class _Tape:
    """Things one after another, in memory or in a file."""

    def __init__(self):
        self.items_in, self.file = 0, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115

    def add(self, item: object) -> None:
        pickle.dump(item, self.file)
        self.items_in += 1

    def items(self) -> Iterator:
        self.file.seek(0)
        for _ in range(self.items_in):
            yield pickle.load(self.file)


def trees(items: Iterable[Opened | Stored | Sealed]) -> Iterator[Tree]:
    """Each tree once it has been read to its end; it is gone when the next is asked for."""
    tree = None
    for item in items:
        if isinstance(item, Opened) and tree and item.unit != tree.unit:
            yield tree
            tree.close()
            tree = None
        tree = tree or Tree(item.unit)
        tree.add(item)
    if tree:
        yield tree
        tree.close()
