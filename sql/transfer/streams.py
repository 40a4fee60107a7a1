"""Reading many sessions of a file at once: each table in one pass, the rows taken session by session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .session_rows import Source

Row = Sequence[Any]       # its columns, whether each JSON column holds JSON, and last the place by which it is taken
SPAN = 8 << 20            # octets of sessions that are read together, and more only of one tree: what has no index in
MOST = 1_000              # the order of an export is sorted in memory; and how many sessions


class Streams:
    """Goes through the queue of a source, many sessions at a time: a statement for each table, whose rows come in the
    order of the sessions. Raises what the engine does, also where a page is damaged."""

    lost: Sequence[str] = ()

    def __init__(self, source: Source):
        self._source, self.store, self.tables = source, source.store, source.tables
        self.store.once("transfer/streams_work")
        self._place = 0
        self._own = {name: self._text(name, "streams_rows") for name in self.tables if name != "project"}
        if "project" in self.tables:
            self._own["project"] = self._text("project", "streams_project")
        self._below = {name: self._text(name, "streams_below", field=field) for name, field in source.below_by.items()}
        self._end()

    def _text(self, table: str, template: str, **structure: Any) -> str:
        source = self._source
        return source.text(template, owned=self.tables[table], sound=source.sound, sliced=source.in_slices(table),
                           **structure)

    @contextmanager
    def together(self, number: int) -> Iterator[None]:
        """Inside, the next so many sessions are read, in one state of the store."""
        self.store.engine_run("begin_read")
        span = {"first": self._place + 1, "last": self._place + number}
        try:
            self.store.run("transfer/streams_span", span)
            self._rows = {name: _Stream(self._read(name, sql)) for name, sql in self._own.items()}
            self._messages = {name: _Stream(self._read(name, sql)) for name, sql in self._below.items()}
            yield
            self._end()
            self.store.engine_run("commit")
        except BaseException:
            self._end()
            self.store.roll_back()
            raise

    def _end(self) -> None:
        """Let go of statements that were not read to their end, while their connection is open."""
        self._rows, self._messages = dict[str, _Stream](), dict[str, _Stream]()

    def _read(self, table: str, sql: str) -> Iterator[Row]:
        """The statement begins with the first row that is asked for."""
        return self._source.read(table, self.store.on.rows(self.store.connection, sql))

    def next(self) -> None:
        """On to the next session."""
        self._place += 1

    def rows(self, table: str) -> Iterator[Row]:
        """The session's rows of a table; of a message's rows only those whose message does not exist."""
        return self._rows[table].of(self._place)

    def messages(self) -> Iterator[tuple[Row, Iterator[Row]]]:
        """The session's messages, each with its parts."""
        if "message" in self._messages:
            parts = self._messages.get("part") or _Stream(iter(()))
            for row in self._messages["message"].of(self._place):
                yield row, parts.of(row[-2])


class _Stream:
    """Rows in the order of their last value, by which they are taken."""

    def __init__(self, rows: Iterator[Row]):
        self._rows = rows
        self._ahead: Row | None = None

    def of(self, place: int) -> Iterator[Row]:
        """The rows of a place; those of places before it are passed over."""
        row = self._ahead or next(self._rows, None)
        while row is not None and row[-1] < place:
            row = next(self._rows, None)
        while row is not None and row[-1] == place:
            self._ahead = None
            yield row
            del row  # before the next is read: a row may be large
            row = next(self._rows, None)
        self._ahead = row


def spans(trees: Iterable[tuple[object, Sequence[object]]], octets: Sequence[int]) -> Iterator[list[int]]:
    """How many trees are read together: so many numbers of sessions, given the octets of each session in the queue."""
    span: list[int] = []
    sessions = held = place = 0
    for _, ids in trees:
        size = sum(octets[place:place + len(ids)])
        if span and (held + size > SPAN or sessions + len(ids) > MOST):
            yield span
            span, sessions, held = [], 0, 0
        span.append(len(ids))
        sessions, held, place = sessions + len(ids), held + size, place + len(ids)
    if span:
        yield span
