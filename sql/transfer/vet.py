"""What a file may bring into a store: looked at from front to end before the first row is written.

A row belongs to the session that its element names, a part to a message of that element (or to none), and a session
comes once. Nothing but tables of sessions, and the row of the session's own project.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..catalog import ROOTS, manifest
from ..refusal import FAILED, Refusal
from ..store import Store, text_of
from ..words import printable, whole
from .reader import Opened, Sealed, Stored

NUMBERS = range(-(1 << 63), 1 << 63)
PROJECT = "project"
Owner = Callable[[object], Iterable[object]]


def vetted(items: Iterable[Any], path: object, keys: Mapping[str, str] | None = None,
           owner: Owner = lambda id: ()) -> Iterator[Any]:
    """The items of a file, each once it is known to keep to the rules above.

    `keys` are the tables of the store at hand that may be written, with the column of each that holds the session;
    without them any table may be listed. `owner` gives the sessions that own a message of the store.
    Raises `Refusal` 1 that names the file, the session and what is wrong.
    """
    check = _ElementCheck(path, keys, owner)
    for item in items:
        check.look(item)
        yield item
        del item  # before the next is read: a row may be huge


def writable(store: Store, tables: Mapping[str, Any]) -> dict[str, str]:
    """The tables that a file may write, by name, with the column that holds the session: those of the manifest, and
    tables of the store with a session key that the manifest does not know."""
    known = manifest()
    closed = {*known["others"]["tables"], *known["secrets"]["tables"]}
    return {name: one["key"] for name, one in known["sessions"].items()} | {
        name: owned.key for name, owned in tables.items() if name not in closed}


def harmless(project: Mapping[str, Any]) -> dict[str, Any]:
    """A project's row of a file that is not in our own folder: without its commands, which the client runs."""
    return {name: value for name, value in project.items() if name != "commands"}


def owner_in(store: Store) -> Owner:
    """Looks up whose message an id is in a store."""
    if not store.catalog.has("message", "session_id"):
        return lambda id: ()
    return lambda id: [found for (found,) in store.rows("transfer/message_owner", {"id": str(id)})]


class _ElementCheck:
    """Remembers of a file what tells one element from another."""

    def __init__(self, path: object, keys: Mapping[str, str] | None, owner: Owner):
        self.path, self.keys, self.owner = path, keys, owner
        self.seen: set[Any] = set()
        self.waiting: object = None
        self.head: Any = None
        self.message: tuple[str, object] | None = None
        self.project: tuple[str, object] | None = None
        self.roots: dict[str, Any] = {}
        self.wanted: set[Any] = set()

    def look(self, item: Opened | Stored | Sealed) -> None:
        if isinstance(item, Opened):
            self.head, self.roots, self.message, self.project, self.wanted = item, {}, None, None, set()
        elif self.head.redacted:
            return
        elif isinstance(item, Stored):
            self._row(item.table, item.values)
        else:
            self._end()

    def _row(self, table: str, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if not _storable(value):
                raise self.fault(f"{table}.{name} holds what no column can hold")
        if table == PROJECT:
            self._project(values)
        elif table in ROOTS:
            self._root(table, values)
        else:
            self._owned(table, values)

    def _project(self, values: Mapping[str, Any]) -> None:
        if self.project is not None or self.roots:
            raise self.fault("more than one project comes with it")
        self.project = told(self._of(PROJECT, values, "id"))

    def _root(self, table: str, values: Mapping[str, Any]) -> None:
        id = told(self._of(table, values, "id"))
        if values["id"] is None:
            raise self.fault("it has no id")
        if self.head.session is not None and id != told(self.head.session):
            raise self.fault(f"its row in {table} is of session {_named(values['id'])}")
        if table in self.roots or any(id != other for other in self.roots.values()):
            raise self.fault(f"it has more than one row in {table}")
        if not self.roots and id in self.seen:
            raise self.fault("it comes twice in the file")
        self.seen.add(id)
        self.roots[table] = id
        self.wanted.add(told(values.get("project_id")))

    def _owned(self, table: str, values: Mapping[str, Any]) -> None:
        if not self.roots:
            raise self.fault(f"a row of {table} comes before a row of the session itself")
        if self.keys is not None and table not in self.keys:
            raise self.fault(f"it brings a row of table {table}, which is no table of sessions")
        (own,) = set(self.roots.values())
        if table == "message":
            self.message = told(self._of(table, values, "id"))
        nested = table == "part" and self.message is not None
        if nested:
            if told(self._of(table, values, "message_id")) != self.message:
                raise self.fault(f"its part {_named(values.get('id'))} belongs to another message")
            return
        key = (self.keys or {}).get(table) or manifest()["sessions"].get(table, {}).get("key")
        if key and told(self._of(table, values, key)) != own:
            raise self.fault(f"a row of {table} belongs to session {_named(values[key])}")
        if table == "part":
            self._stray(values, own)
        if table == "event_sequence" and type(values.get("seq")) is not int:
            raise self.fault("event_sequence.seq is no number")

    def _stray(self, values: Mapping[str, Any], own: object) -> None:
        """A part whose message is gone; where the store has that message, it is the session's own."""
        id = text_of(self._of("part", values, "message_id"))
        if isinstance(id, str) and any(told(one) != own for one in self.owner(id)):
            raise self.fault(f"its part {_named(values.get('id'))} belongs to a message of another session")

    def _end(self) -> None:
        if not self.roots:
            raise self.fault("it has no row of its own")
        if self.project is not None and self.project not in self.wanted:
            raise self.fault("the project that comes with it is not its own")

    def _of(self, table: str, values: Mapping[str, Any], name: str) -> object:
        if name not in values:
            raise self.fault(f"a row of {table} has no {name}")
        return values[name]

    def fault(self, what: str) -> Refusal:
        return Refusal(f"{printable(self.path, 500)} holds what no export of ours does: of session "
                       f"{_named(self.head.session)}, {printable(what, 200)}; nothing of it was restored.", FAILED)


def _storable(value: Any) -> bool:
    """Whether a database can hold a value: NULL, a whole number of 64 bits, a real, a text, a BLOB."""
    kind = type(value)
    if kind is str:
        return value.isascii() or whole(value)  # what is no UTF-8 stands in an export as base64
    if kind is int:
        return value in NUMBERS
    return value is None or kind in (bytes, bytearray) or kind is float and not math.isnan(value)


def told(value: object) -> tuple[str, object]:
    """A value as it can be compared: a text by its octets, whichever way it was read."""
    if isinstance(value, (str, bytearray)):
        return "text", value.encode("utf-8", "surrogateescape") if isinstance(value, str) else bytes(value)
    return type(value).__name__, value


def _named(id: object) -> str:
    return printable(text_of(id) if isinstance(id, (str, bytearray)) else repr(id))
