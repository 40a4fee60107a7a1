"""Reading sessions row by row: the rows of every table that belong to one, by index, as they are stored."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..catalog import ROOTS, SESSION_KEYS, Owned
from ..engines import Slices
from ..refusal import FAILED, Refusal
from ..retention.selection import climb
from ..spill import Spilled
from ..store import Store
from ..words import printable
from .huge import looked_at

BELOW = ("message", "part")
HUGE = 16 << 20           # octets from which on a value is dealt with apart,
IN_SLICES = 8 << 20       # and read in slices where rows of many tables are at hand


class Source:
    """Goes through a queue of sessions on one store; of two on one connection, only one may be amid its queue.

    Inside `raw` texts come as bytearray where the engine can (SQLite), as str elsewhere; BLOBs come as bytes. With
    `sound` each row ends in whether its JSON columns hold JSON; with `sliced` as well the huge ones of a file come as
    `HugeValue`, unless they are of the session's own row.
    """

    def __init__(self, store: Store, sound: bool = True, sliced: bool = True):
        self.store, self.sound = store, sound
        self._sliced = sound and sliced and store.on.sliceable(store.connection)
        store.once("transfer/export_work")
        self.tables = tables(store)
        self._session = self._message = self._placed = 0
        self._listed = False
        self._steps = {name: [s.sql for s in store.render(f"transfer/export_{name}")]
                       for name in ("clear", "next", "list", "next_message")}
        self._count_messages = self.text("count_messages")
        self._rows = {name: self.text("export_rows", owned=owned, sound=sound, sliced=self.in_slices(name))
                      for name, owned in self.tables.items() if name != "project"}
        if "project" in self.tables:
            self._rows["project"] = self.text("export_project")
        self.below_by = {name: field for name, field in (("message", "id"), ("part", "message_id"))
                         if self._has_below(name, field)}
        self._below = {name: self.text("export_message", owned=self.tables[name], field=field, sound=sound,
                                       sliced=self.in_slices(name)) for name, field in self.below_by.items()}

    def in_slices(self, table: str) -> bool:
        """Whether huge values of a table are read in slices."""
        return self._sliced and in_slices(self.store, self.tables[table])

    def _has_below(self, name: str, field: str) -> bool:
        return "message" in self.tables and name in self.tables and field in self.tables[name].columns

    def text(self, template: str, **structure: Any) -> str:
        """The only statement of a template that reads rows."""
        (statement,) = self.store.render(f"transfer/{template}", {"huge": IN_SLICES}, **structure)
        return statement.sql

    def queue(self, ids: Iterable[object]) -> None:
        """Begin anew with these sessions; `next` goes to the first."""
        self._do("clear")
        self._session = self._message = self._placed = 0
        self.store.on.write(self.store.connection, "lc_queue", ("place", "id"), enumerate(ids, 1))

    def size(self, sessions: int) -> tuple[int, array[int]]:
        """Rows that the queue's sessions have, and the octets of each of them."""
        rows, octets = 0, array("q", bytes(8 * sessions))
        for name, owned in self.tables.items():
            if name != "project":
                for place, tally, size in self.store.rows("transfer/export_octets", owned=owned):
                    rows += tally
                    octets[place - 1] += int(size)
        return rows, octets

    def begin(self) -> None:
        """From here on all is read in one state of the store."""
        self.store.engine_run("begin_read")
        self._placed = self._session

    def mend(self) -> None:
        """After a damaged page: SQLite refuses all but reading until the transaction ends, so begin anew and go back
        to the same place, now without a list of messages where that was what failed."""
        self.store.engine_run("rollback")
        self.store.engine_run("begin_read")
        for _ in range(self._session - self._placed):
            self._do("next")
        if self._listed:
            self._do("list")
            for _ in range(self._message):
                self._do("next_message")

    def next(self) -> None:
        """On to the next session; its messages are not known yet."""
        self._session, self._message, self._listed = self._session + 1, 0, False
        self._do("next")

    def list_messages(self) -> int:
        """How many messages the session has; `next_message` goes to the first."""
        if not self._below:
            return 0
        self._do("list")
        self._listed = True
        ((number,),) = self.store.on.rows(self.store.connection, self._count_messages)
        return int(number)

    def rows(self, table: str) -> Iterator[Sequence[object]]:
        """The session's rows of a table; of a message's rows only those whose message does not exist."""
        return self.read(table, self.store.on.rows(self.store.connection, self._rows[table]))

    def read(self, table: str, rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """The same rows, those with a huge value with something to read it by."""
        if table == "project" or not self.in_slices(table):
            return rows
        return with_huge(self.store, self.tables[table], rows, looked_at)

    def next_message(self) -> None:
        self._message += 1
        self._do("next_message")

    def below(self, table: str) -> Iterator[Sequence[object]]:
        """The message at hand, or its parts."""
        if table in self._below:
            return self.read(table, self.store.on.rows(self.store.connection, self._below[table]))
        return iter(())

    def _do(self, step: str) -> None:
        for sql in self._steps[step]:
            self.store.on.execute(self.store.connection, sql)


def in_slices(store: Store, owned: Owned) -> bool:
    """Whether huge values of a table are read in slices: of a file, and not of the session's own row."""
    return store.on.sliceable(store.connection) and bool(owned.bytes) and owned.name not in ROOTS \
        and "id" in owned.columns


def as_it_is(octets: Slices) -> Slices:
    """For `with_huge`: nothing of a huge value is known beforehand."""
    return octets


def with_huge(store: Store, owned: Owned, rows: Iterable[Sequence[Any]],
              known: Callable[[Slices], Any]) -> Iterator[Sequence[Any]]:
    """The rows of a table, where a mark of 2 after the columns says that a value is huge with something to read it by,
    as `known` makes it; the mark then is whether it is JSON. Raises `Refusal` 1 for a row that cannot be told from
    others."""
    first, last, id_at = len(owned.columns), len(owned.columns) + len(owned.bytes), owned.columns.index("id")
    for row in rows:
        if 2 not in row[first:last]:
            yield row
            continue
        found = list(row)
        for at, column in enumerate(owned.bytes, first):
            if row[at] == 2:
                octets = store.on.slices(store.connection, owned.name, column, row[id_at])
                if octets is None:
                    raise Refusal(f"A row of {owned.name} with a huge text has the id {printable(row[id_at])}, which "
                                  "is not its own alone: it cannot be read.", FAILED)
                value = known(octets)
                found[owned.columns.index(column)], found[at] = value, int(getattr(value, "valid", False))
        yield found


def tables(store: Store) -> dict[str, Owned]:
    """The tables with rows of a session in the order in which they can be put back: parents before children.

    A table that the manifest does not know goes along when it has a session key: a deletion may reach its rows.
    """
    known = {owned.name: owned for owned in reversed(store.catalog.owned)}
    order = [name for name in (*ROOTS, "event_sequence", *known) if name in known]
    found = {name: known[name] for name in order}
    if store.catalog.has("project"):
        found = {"project": Owned("project", "id", store.catalog.columns["project"])} | found
    for name in store.catalog.strangers:
        columns = store.catalog.columns[name]
        key = next((key for key in SESSION_KEYS if key in columns), None)
        if key:
            found[name] = Owned(name, key, columns)
    return found


def find_trees(store: Store) -> None:
    """Leave the root of every session in the work tables; nothing but the session rows is read."""
    store.run("schema/work")
    store.run("transfer/export_forest")
    store.run("retention/climb_roots")
    climb(store)
    store.run("retention/root")


def trees(store: Store, root: str | None = None, project: str | None = None,
          idle_since: int | None = None) -> Spilled[tuple[object, list[Any]]]:
    """Root and sessions of each chosen tree, parents before children, from what the work tables know."""
    store.run("transfer/export_homes")
    rows = store.rows("transfer/export_trees", {"root": root, "project": project, "idle_since": idle_since})
    together = groupby(rows, key=itemgetter(0))
    return Spilled(((top, downwards(top, [row[1:] for row in tree])) for top, tree in together), tuple, tuple)


def downwards(top: object, members: Sequence[tuple[object, object]]) -> list[Any]:
    """Sessions of a tree from its root downwards, in the order given among siblings."""
    children: dict[object, list[Any]] = {}
    for id, parent in members:
        if id != top:
            children.setdefault(parent, []).append(id)
    found, waiting = [], [top]
    while waiting:
        id = waiting.pop(0)
        found.append(id)
        waiting += children.pop(id, [])
    return found + [id for left in children.values() for id in left]
