"""Sessions of a store that holds copies, a server or a cold file: they come back through the elements of an export.

What a copy does not have of a row stands there as NULL, since its tables are those of many clients: where the store
that it comes back to takes no NULL, or has no such column, the column is left out, as it was before the row was copied.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..refusal import BAD_VALUE, Refusal
from ..retention.patterns import fold
from ..retention.selection import project_id
from ..store import Store, text_of
from ..words import printable, program
from . import merging, session_rows
from .export import shown
from .reader import Opened, Sealed, Stored
from .restored import ExportedSession
from .session_rows import BELOW, Source

Item = Opened | Stored | Sealed
ODD = re.compile("[\ud800-\udfff]")
Nullable = Mapping[str, frozenset[str]]


@dataclass
class CopiedSession:
    """A session of a copy: its id and its tree's, title, project, folder, last change in milliseconds (0 if that is
    not clear); rows by table, octets of their counted texts, and how many of those are its event log's."""

    id: Any
    root: Any
    title: str = ""
    project: str | None = None
    folder: str = ""
    updated: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    octets: int = 0
    log_octets: int = 0


class Copy:
    """The trees of an open store that are to come back: all of them, or the one that `only` chose. Projects come as the
    `origin` has them, in its folders, where the copy knows them so."""

    def __init__(self, store: Store, origin: str | None = None):
        self.store, self.whole = store, True
        self.at_home(origin)
        session_rows.find_trees(store)
        self.trees = dict(session_rows.trees(store))
        self.source = Source(store, sound=False)

    def __str__(self) -> str:
        return self.store.name

    def at_home(self, origin: str | None) -> None:
        """Projects come as this origin has them."""
        self.homes = merging.projects_of(self.store, origin)

    def home(self, table: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """A row of the copy as the origin has it."""
        own = self.homes.get(str(text_of(values["id"]))) if table == "project" and self.homes else None
        return values if own is None else {name: _stored(own.get(name)) for name in values}

    def only(self, sessions: Collection[str]) -> None:
        """Only the trees that these sessions are in; raises `Refusal` 64 where there is none of them."""
        self.trees = {top: ids for top, ids in self.trees.items() if not set(sessions).isdisjoint(ids)}
        self.whole = False
        if not self.trees:
            named = printable(next(iter(sessions), ""))
            raise Refusal(f"{named} is not in {self}; `{program()} restore URL --list` shows what is.", BAD_VALUE)

    def take(self, units: Mapping[str, Sequence[str]]) -> None:
        """These sessions and no others, by the tree that they went with; those that are not there are left out."""
        known = {id for ids in self.trees.values() for id in ids}
        self.trees = {top: [id for id in ids if id in known] for top, ids in units.items()}
        self.whole = False

    def search(self, words: str | None, project: str | None, among: Collection[object] | None) -> None:
        """Only trees that have all of these words in the title of one of their sessions, whose root is of the project,
        and that are `among` these sessions. Raises `Refusal` 64 for a project that is not there."""
        self.whole = False
        home = project_id(self.store, project)
        wanted = [fold(word) for word in (words or "").split()]
        found = self._named()
        fitting = {one.root for one in found if all(word in fold(one.title) for word in wanted)
                   and (among is None or one.id in among)}
        homes = {one.id for one in found if home is None or one.project == home}
        self.trees = {top: ids for top, ids in self.trees.items() if top in fitting and top in homes}

    def sessions(self) -> list[CopiedSession]:
        """What is to come back, session by session, measured where it lies."""
        found = self._named()
        for name, owned in self.source.tables.items():
            if name == "project":
                continue
            for by_itself in (False, True) if owned.via else (False,):
                for place, tally, octets in self.store.rows("transfer/copy_sizes", owned=owned, by_itself=by_itself):
                    one = found[int(place) - 1]
                    one.rows[name] = one.rows.get(name, 0) + int(tally)
                    one.octets += int(octets)
                    one.log_octets += int(octets) if owned.log else 0
        return found

    def _named(self) -> list[CopiedSession]:
        """The same by name alone; they stand in the queue then, in this order."""
        found = [CopiedSession(id, top) for top, ids in self.trees.items() for id in ids]
        self.source.queue(one.id for one in found)
        for place, title, project, folder, updated in self.store.rows("transfer/copy_sessions"):
            one = found[int(place) - 1]
            one.title = title if isinstance(title, str) else ""
            one.folder = folder if isinstance(folder, str) else ""
            one.project, one.updated = project, int(updated or 0)
        return found

    def contents(self) -> list[ExportedSession]:
        """The same as a file says it."""
        return [ExportedSession(shown(one.id), shown(one.root), one.title, one.updated, one.rows, True, (), False,
                                one.octets - one.log_octets, one.folder) for one in self.sessions()]

    def items(self, units: Collection[str | None] | None = None, into: Store | None = None) -> Generator[Item]:
        """Opened, its rows, Sealed, for each session of these trees, or of all; each tree is read at one moment.

        The rows are shaped for the store `into`, without what that takes no NULL for.
        """
        trees = {top: ids for top, ids in self.trees.items() if units is None or shown(top) in units}
        self.source.queue(id for ids in trees.values() for id in ids)
        takes = nullable(into) if into else None
        for top, ids in trees.items():
            self.source.begin()
            try:
                for id in ids:
                    yield from self._session(top, id, takes)
                self.store.engine_run("commit")
            except BaseException:
                self.store.roll_back()
                raise

    def _session(self, top: object, id: object, takes: Nullable | None) -> Iterator[Item]:
        source, counts = self.source, dict[str, int]()
        source.next()
        with self.store.octets():
            own = {name: list(source.rows(name)) for name in self.store.catalog.roots}
            if not any(own.values()):
                return
            yield Opened(self.store.catalog.layout, shown(top), shown(id), False)
            for table, row in self._rows(own):
                counts[table] = counts.get(table, 0) + 1
                values = self.home(table, dict(zip(source.tables[table].columns, row, strict=False)))
                yield Stored(table, _values(table, values, takes))
        yield Sealed(self._title(own), 0, {name: n for name, n in counts.items() if name != "project"}, True)

    def _title(self, own: Mapping[str, list[Sequence[Any]]]) -> str:
        name = next(name for name in reversed(self.store.catalog.roots) if own[name])
        said = dict(zip(self.source.tables[name].columns, own[name][0], strict=False)).get("title")
        return str(text_of(said)) if isinstance(said, (str, bytearray)) else ""

    def _rows(self, own: Mapping[str, list[Sequence[Any]]]) -> Iterator[tuple[str, Sequence[Any]]]:
        """The rows of the session at hand in the order of an export: its project, itself, the rest, its messages."""
        source = self.source
        for name in source.tables:
            if name == "message":
                continue
            for row in own[name] if name in own else source.rows(name):
                yield name, row
        for _ in range(source.list_messages()):
            source.next_message()
            for name in BELOW:
                for row in list(source.below(name)):
                    yield name, row


def _stored(value: Any) -> Any:
    """A text of octets that are no UTF-8 as it is read from a file."""
    if isinstance(value, str) and ODD.search(value):
        return bytearray(value.encode("utf-8", "surrogateescape"))
    return value


def _values(table: str, values: Mapping[str, Any], takes: Nullable | None) -> dict[str, Any]:
    if takes is None or None not in values.values():
        return dict(values)
    nullable = takes.get(table, frozenset())
    return {name: value for name, value in values.items() if value is not None or name in nullable}


def nullable(store: Store) -> dict[str, frozenset[str]]:
    """By table, the columns that take NULL."""
    found: dict[str, set[str]] = {}
    for table, column, _, needed, _, _ in store.on.definitions(store.connection):
        if not needed:
            found.setdefault(table, set()).add(column)
    return {table: frozenset(columns) for table, columns in found.items()}
