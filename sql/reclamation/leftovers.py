"""Rows of 1.x that the client's move to 2.x has left behind: found, removed, exported whole and brought back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..compiler.render import Value
from ..store import Store
from ..words import printable
from . import whole

TABLES = ("session", "message", "part", "todo")  # in the order in which they come back
EDITED = ("summary_diffs", "revert", "time_archived")  # of a session that came back: may have changed since
NEEDED = ("session", "session_v2", "session_message", "kv")


def find(store: Store, values: Mapping[str, Value]) -> None:
    """Fill the list of sessions, once it is decided what protects their trees."""
    if all(store.catalog.has(table) for table in NEEDED):
        store.run("reclamation/find_leftovers", values)


def counted(store: Store) -> tuple[int, int]:
    """Sessions on the list: how many 2.x has taken over, and how many it has removed."""
    taken, removed = store.one("reclamation/count_leftovers")
    return int(taken), int(removed)


def remove(store: Store, values: Mapping[str, Value]) -> tuple[dict[str, int], int]:
    """Remove the rows of a batch, inside the transaction at hand: rows by table, and octets."""
    store.run("reclamation/choose_leftovers", values)
    _, octets = store.one("reclamation/batch_leftovers")
    return {table: store.run("reclamation/leftovers", table=table) for table in reversed(there(store))}, int(octets)


def session_of(table: str, row: Mapping[str, Any]) -> object:
    """The session that a row of a file belongs to."""
    return row.get("id" if table == "session" else "session_id")


class LeftoverVet(whole.RowVet):
    """Each row belongs to a session that comes with it."""

    def __init__(self, store: Store, path: Path):
        super().__init__(store, path, TABLES)
        self.sessions: dict[str, whole.Row] = {}
        self.messages: dict[str, str] = {}
        self.seen: set[int] = set()
        self.wanting = ""                # why the store cannot take the row at hand
        self.apart: dict[str, str] = {}  # sessions that have such rows

    def look(self, table: str, text: bytes | bytearray) -> whole.Row:
        self.wanting = ""
        row = super().look(table, text)
        place = hash((table, row["id"]) if type(row.get("id")) is str else (table, repr(row)))
        if place in self.seen:
            raise self.fault(f"a row of {table} comes twice")
        self.seen.add(place)
        self._owned(table, row)
        if self.wanting:
            self.apart.setdefault(str(session_of(table, row)), f"has {self.wanting}")
        return row

    def lacks(self, table: str, column: str) -> None:
        """Sessions without such a row can come back; without its own row none can."""
        if table == "session":
            super().lacks(table, column)
        self.wanting = f"rows of {table} without {printable(column)}, which the store wants"

    def end(self) -> dict[str, str]:
        """Once all rows were seen: sessions of which nothing comes back, each with the reason, '' where the store has
        another row of it, but for what may be edited."""
        others = dict(self.apart)
        held = self.columns.get("session", ())
        names = [name for name in self.shapes["session"].names if name in held] if held else []
        for values in self.store.rows("reclamation/sessions_there", columns=names) if names else ():
            row: whole.Row = {name: whole.spelled(value) for name, value in zip(names, values, strict=True)}
            said = self.sessions.get(row["id"])
            if said and any(row[name] != said[name] for name in names if name not in EDITED):
                others.setdefault(row["id"], "")
        return others

    def _owned(self, table: str, row: Mapping[str, Any]) -> None:
        own = session_of(table, row)
        if type(own) is not str or (table != "session" and own not in self.sessions):
            raise self.fault(f"a row of {table} belongs to session {own}, which does not come with it")
        if table == "session":
            self.sessions[own] = {name: value for name, value in row.items() if name not in EDITED}
        elif table == "message" and type(row.get("id")) is str:
            self.messages[row["id"]] = own
        elif table == "message" or table == "part" and self.messages.get(str(row.get("message_id"))) != own:
            raise self.fault(f"a row of {table} of session {own} belongs to a message that does not come with it")


def there(store: Store) -> list[str]:
    """The tables of 1.x that the store has, in the order in which they come back."""
    return [table for table in TABLES if store.catalog.has(table)]
