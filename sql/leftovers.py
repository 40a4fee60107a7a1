"""Rows of 1.x that the client's move to 2.x has left behind: found, removed, exported whole and brought back."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from ..policies.policy import SECTIONS, Policy
from .prune import Question, decide
from .render import Value
from .store import Store

TABLES = ("session", "message", "part", "todo")  # in the order in which they come back
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


def put_back(store: Store, table: str, rows: Collection[str], made: set[str]) -> int:
    """Rows of a table that are not there, inside the transaction at hand; `made` are work tables made so far."""
    from . import migrate  # a large one, for the few who need it

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
