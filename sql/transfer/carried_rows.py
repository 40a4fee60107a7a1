"""The rows of sessions that are carried into a copy, as a store has them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from ..catalog import Owned
from ..engines.spooled import whole
from ..refusal import FAILED, Refusal
from ..store import Store
from ..words import printable
from .session_rows import in_slices
from .sums import HUGE


def carried_rows(store: Store, owned: Owned, columns: Sequence[str], by_itself: bool, huge: bool, apart: bool = False,
                 digested: Collection[str] = ()) -> Iterator[Sequence[Any]]:
    """Session and values of each row of a table, of the sessions at hand.

    Where one of those is `huge`, a long text of a file is read by itself, once its row is asked for: a driver holds the
    next row while one is worked on, and SQLite that one once more.
    """
    by_slices = huge and "id" in columns and in_slices(store, owned)
    long = [name for name in columns if name in owned.bytes] if by_slices else []
    found = store.rows("transfer/mirror_rows", {"huge": HUGE}, owned=owned, by_itself=by_itself, columns=columns,
                       apart=apart, digested=digested, long=long)
    return _read(store, owned, columns, long, found) if long else found


def _read(store: Store, owned: Owned, columns: Sequence[str], long: Collection[str],
          found: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The same rows with their long texts. Raises `Refusal` 1 for a row that cannot be told from others."""
    for owner, *said in found:
        values, row = iter(said), [owner]
        waiting = {}
        for at, column in enumerate(columns, 1):
            row.append(next(values))
            if column in long and next(values):
                waiting[at] = column
        id = row[columns.index("id") + 1]
        for at, column in waiting.items():
            octets = store.on.slices(store.connection, owned.name, column, id)
            if octets is None:
                raise Refusal(f"A row of {owned.name} with a huge text has the id {printable(id)}, which is not "
                              "its own alone: it cannot be read.", FAILED)
            row[at] = whole(octets)
        yield row
        del row  # before the next is read: a row may be huge
