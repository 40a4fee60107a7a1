"""Several servers that hold one store: which of them is spoken to, and a lock that all nodes of a Galera cluster keep.

`GET_LOCK` is of one node. A row that a streaming transaction changed is held on every node, and let go by all of them
when its connection ends, its client dies, or its node does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pymysql

from ...compiler.statements import engine_sql
from ...refusal import BUSY, Refusal

# Numbers of the server: the connection is gone, or its node is no part of its cluster any more.
LOST = frozenset({0, 1047, 1053, 1180, 1927, 2006, 2013, 2055})
ABSENT = LOST | {1040, 1129, 1203, 2002, 2003, 2005}  # nobody answers there
READ_ONLY = frozenset({1290, 1792, 1836})
COLLIDED = frozenset({1213})
WAITED = frozenset({1205})
NO_TABLE = 1146
PATIENCE = 60.0           # seconds until another node answers, and until all have let go of what a dead one held


def number_of(error: BaseException) -> int:
    """The number of an error of the server or the driver; -1 for any other."""
    return error.args[0] if error.args and isinstance(error.args[0], int) else -1


def too_large(error: BaseException) -> bool:
    """Whether a transaction, or a row of one that goes in pieces, is more than the cluster takes."""
    said = str(error.args[-1]) if error.args else ""
    return number_of(error) == 1105 and "writeset" in said or number_of(error) == 1180 and "90" in said


def turns(hosts: int, first: int) -> Iterator[int]:
    """The numbers of the hosts, each once, from `first` on."""
    return ((first + step) % hosts for step in range(hosts))


def status(raw: Any) -> str:
    """`Primary` on a node that takes part in its cluster; `Disconnected`, or nothing, on a server by itself."""
    found = _one(raw, "cluster")
    return str(found[0]) if found else ""


def locked(opened: Callable[[], Any], name: str, patience: float = 0) -> Any:
    """A connection that holds the store `name` for one run, on all nodes, until it is closed.

    Raises `Refusal` 75 where another run still holds it after `patience` seconds.
    """
    raw, until = opened(), time.monotonic() + patience
    try:
        while not _taken(raw):
            if time.monotonic() > until:
                raise Refusal(f"Another run of opencode-lifecycle works on {name}, maybe on another node of the "
                              "cluster; try again when it is done.", BUSY)
            time.sleep(0.1)
        return raw
    except BaseException:
        dropped(raw)
        raise


def _taken(raw: Any) -> bool:
    try:
        if _changed(raw):
            return True
        _run(raw, "cluster_table")
        return _changed(raw)
    except pymysql.MySQLError as error:
        if number_of(error) not in COLLIDED | WAITED:
            raise
        raw.rollback()
        return False


def _changed(raw: Any) -> bool:
    """Change the row, if it is there."""
    try:
        if _run(raw, "cluster_lock"):
            return True
    except pymysql.MySQLError as error:
        if number_of(error) != NO_TABLE:
            raise
    raw.rollback()
    return False


def holds(raw: Any) -> bool:
    """Whether the lock is still held: an administrator, or a change of its table, may have ended it."""
    try:
        return bool((_one(raw, "cluster_held") or (0,))[0])
    except pymysql.MySQLError:
        return False


def dropped(raw: Any) -> None:
    """Close a connection that may be lost already."""
    if raw is not None and raw.open:
        raw.close()


def _run(raw: Any, name: str) -> int:
    """Run the statements of a file; the rows that the last one touched."""
    touched = 0
    with raw.cursor() as cursor:
        for statement in engine_sql("mysql", name):
            touched = cursor.execute(statement.sql)
    return touched


def _one(raw: Any, name: str) -> tuple[Any, ...] | None:
    (statement,) = engine_sql("mysql", name)
    with raw.cursor() as cursor:
        cursor.execute(statement.sql)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found
