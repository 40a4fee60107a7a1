"""Rows of 1.x that the client's move to 2.x has left behind: found, removed, exported whole and brought back."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ...policies.policy import SECTIONS, Policy
from ..cascade.removal import Question, decide
from ..compiler.render import Value
from ..refusal import FAILED, Refusal
from ..store import Store
from ..words import printable

TABLES = ("session", "message", "part", "todo")  # in the order in which they come back
EDITED = ("summary_diffs", "revert", "time_archived")  # of a session that came back: may have changed since
NEEDED = ("session", "session_v2", "session_message", "kv")


def judge(store: Store, rules: Policy, now: int) -> None:
    """Leave in the work tables all that is known of sessions, and what protects their trees: no limit counts."""
    unlimited = replace(rules, **dict.fromkeys(SECTIONS["limits"], 0))
    decide(store, Question("", now, unlimited.values(now), unlimited.wishes()))


def find(store: Store, values: Mapping[str, Value]) -> None:
    """Fill the list of sessions, once `judge` has run."""
    if all(store.catalog.has(table) for table in NEEDED):
        store.run("reclamation/find_leftovers", values)


def counted(store: Store) -> tuple[int, int]:
    """Sessions on the list: how many 2.x has taken over, and how many it has removed."""
    taken, removed = store.one("reclamation/count_leftovers")
    return int(taken), int(removed)


def remove(store: Store, values: Mapping[str, Value]) -> tuple[dict[str, int], int]:
    """Remove the rows of a batch, inside the transaction at hand: rows by table, and octets."""
    store.run("reclamation/choose_leftovers", values)
    _, octets = store.one("reclamation/left_leftovers")
    return {table: store.run("reclamation/leftovers", table=table) for table in reversed(_there(store))}, int(octets)


def originals(store: Store) -> Iterator[tuple[str, str, str, str]]:
    """Every row that goes: its table, no column, its id (of a row without one: its session's), itself as JSON."""
    columns = {one.name: one for one in store.catalog.owned}
    for table in _there(store):
        names, key = columns[table].columns, "id" if "id" in columns[table].columns else columns[table].key
        for row in store.rows("reclamation/originals_leftovers", table=table):
            held = dict(zip(names, row, strict=True))
            yield table, "", held[key], json.dumps({name: _told(value) for name, value in held.items()})


class Vet:
    """Holds the rows of a file against what `originals` writes, before the first of them is put back: each of a session
    that comes with it, and that the store does not have, or has as the file says."""

    def __init__(self, store: Store, path: Path):
        from ..schema import migrate

        self.store, self.path, self.shapes = store, path, migrate.tables(store)
        self.sessions: dict[str, dict] = {}
        self.letters: dict[str, str] = {}
        self.columns: dict[str, set[str]] = {}
        self.seen: set[int] = set()

    def look(self, table: str, text: bytes | bytearray) -> None:
        """Raises `Refusal` 1 for a row that no reclamation has taken."""
        if table not in TABLES or table not in self.shapes:
            raise Refusal(f"The export holds rows of {printable(table)}, and this store has no such table to put them "
                          "in.", FAILED)
        row = self._row(text)
        if row is None or self.columns.setdefault(table, set(row)) != set(row):
            raise self._fault(f"a row of {table} is none")
        for name, value in row.items():
            if value is not None and name not in self.shapes[table].names:
                raise self._fault(f"a row of {table} has a value of {name}, a column that this store does not have")
        place = hash((table, row["id"]) if type(row.get("id")) is str else (table, repr(row)))
        if place in self.seen:
            raise self._fault(f"a row of {table} comes twice")
        self.seen.add(place)
        self._owned(table, row)

    def end(self) -> None:
        """Once all rows were seen: sessions that the store has are those of the file, but for what may be edited."""
        held = self.columns.get("session", ())
        names = [name for name in self.shapes["session"].names if name in held] if held else []
        for values in self.store.rows("reclamation/sessions_there", columns=names) if names else ():
            row = {name: _told(value) for name, value in zip(names, values, strict=True)}
            said = self.sessions.get(row["id"])
            if said and any(row[name] != said[name] for name in names if name not in EDITED):
                raise self._fault(f"the store has another session {row['id']}")

    def _row(self, text: bytes | bytearray) -> dict | None:
        try:
            row = json.loads(bytes(text))
            fine = type(row) is dict and all(map(_storable, row.values()))
        except (ValueError, RecursionError):
            fine = False
        return row if fine else None

    def _owned(self, table: str, row: Mapping) -> None:
        own = row.get("id" if table == "session" else "session_id")
        if type(own) is not str or (table != "session" and own not in self.sessions):
            raise self._fault(f"a row of {table} belongs to session {own}, which does not come with it")
        if table == "session":
            self.sessions[own] = {name: value for name, value in row.items() if name not in EDITED}
        elif table == "message" and type(row.get("id")) is str:
            self.letters[row["id"]] = own
        elif table == "message" or table == "part" and self.letters.get(str(row.get("message_id"))) != own:
            raise self._fault(f"a row of {table} of session {own} belongs to a message that does not come with it")

    def _fault(self, what: str) -> Refusal:
        return Refusal(f"{printable(self.path, 500)} holds what no reclamation has taken: {printable(what, 300)}; "
                       "nothing of it was put back.", FAILED)


def _storable(value: object) -> bool:
    """Whether a database can hold a value as `originals` tells it; raises `ValueError` for half a surrogate pair."""
    if type(value) is dict:
        return list(value) == ["base64"] and type(value["base64"]) is str and base64.b64decode(
            value["base64"], validate=True) is not None
    if type(value) is str:
        value.encode("utf-8", "surrogateescape")
    if type(value) is int:
        return -(1 << 63) <= value < 1 << 63
    return value is None or type(value) is str or type(value) is float and not math.isnan(value)


def put_back(store: Store, table: str, rows: Collection[str], made: set[str]) -> int:
    """Rows of a table that are not there, inside the transaction at hand; `made` are work tables made so far."""
    from ..schema import migrate  # a large one, for the few who need it

    shape = migrate.tables(store)[table]
    found = [json.loads(row) for row in rows]
    names = [name for name in shape.names if name in found[0]]
    if table in made:
        store.run("reclamation/put_back_none", shape=shape)
    else:
        store.run("transfer/merge_work", shape=shape, columns=names)
        made.add(table)
    store.on.write(store.connection, f"lc_in_{table}", names, ([_read(row[name]) for name in names] for row in found))
    return store.run("reclamation/put_back", shape=shape, columns=names)


def _there(store: Store) -> list[str]:
    return [table for table in TABLES if store.catalog.has(table)]


def _told(value: object) -> object:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _read(value: object) -> object:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value
