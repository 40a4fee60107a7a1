"""Reading session after session, message after message, also of a store with damaged pages: what those do not give is
noted, and the rest is read on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .session_rows import Source

Row = Sequence[Any]


class Salvage:
    """Goes through the queue of a source; `lost` are the tables that the session at hand is not whole in."""

    def __init__(self, source: Source):
        self._source, self.store, self.tables = source, source.store, source.tables
        self.lost: list[str] = []

    @contextmanager
    def together(self, number: int) -> Iterator[None]:
        """Inside, the next so many sessions are read, in one state of the store."""
        self._source.begin()
        try:
            yield
            self.store.engine_run("commit")
        except BaseException:
            self.store.roll_back()
            raise

    def next(self) -> None:
        """On to the next session."""
        self.lost = []
        self._source.next()

    def rows(self, table: str) -> Iterator[Row]:
        """The session's rows of a table; of a message's rows only those whose message does not exist."""
        return self._readable(table, self._source.rows(table))

    def messages(self) -> Iterator[tuple[Row, Iterator[Row]]]:
        """The session's messages, each with its parts."""
        for _ in range(self._count_messages()):
            self._source.next_message()
            for row in list(self._readable("message", self._source.below("message"))):
                yield row, self._readable("part", self._source.below("part"))

    def _count_messages(self) -> int:
        try:
            return self._source.list_messages()
        except self.store.on.Error as error:
            self._note("message", error)
            return 0

    def _readable(self, table: str, rows: Iterable[Row]) -> Iterator[Row]:
        try:
            yield from rows
        except self.store.on.Error as error:
            self._note(table, error)

    def _note(self, table: str, error: Exception) -> None:
        if not self.store.on.damaged(error):
            raise error
        self.lost.append(table)
        self._source.mend()
