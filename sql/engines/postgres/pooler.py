"""A pooler between us and the server (PgBouncer and its like). One that gives each transaction another connection of
the server cannot be used, since work tables, settings and the lock of a run belong to a connection."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing, suppress
from select import select
from typing import Any

import psycopg

from ...compiler.statements import engine_sql
from ...refusal import UNSUPPORTED, Refusal

PROBES = 3
WAIT = 5.0  # seconds in which a second connection gets a process of the server, or there is none left for it


def refuse_shared(raw: Any, words: Mapping[str, Any], name: str) -> None:
    """Raise `Refusal` 78 behind a pooler that pools by transaction or statement. `words` are libpq's for this store.

    A pooler answers with a number of its own in place of the server process's. How it pools shows when a second
    connection, with a transaction open, is given the process of the first, or the first one's changes meanwhile.
    """
    first = _process(raw)
    if first != raw.info.backend_pid and not _kept(raw, words, first):
        raise Refusal(f"{name} is reached through a pooler that gives each transaction another connection of the "
                      "server, where no work table would last; use its session mode (PgBouncer: pool_mode = session), "
                      "or name the server itself.", UNSUPPORTED)


def _kept(raw: Any, words: Mapping[str, Any], first: int) -> bool:
    with suppress(psycopg.Error), closing(psycopg.connect(**words, autocommit=True)) as beside:
        other = _beside(beside.pgconn)
        return other != str(first) and {_process(raw) for _ in range(PROBES)} == {first}
    return False


def _beside(connection: Any) -> str:
    """The process that a second connection is given for a transaction; empty where it has to wait for one, which is
    because all are kept for others. Raises `Error` where it may have no transaction."""
    connection.send_query(b"BEGIN;" + engine_sql("postgres", "process")[0].sql.encode())
    until = time.monotonic() + WAIT
    while connection.is_busy():
        if time.monotonic() > until:
            return ""
        if select([connection.socket], [], [], 0.1)[0]:
            connection.consume_input()
    result = None
    while found := connection.get_result():
        result = found
    if result is None or result.status != psycopg.pq.ExecStatus.TUPLES_OK:
        raise psycopg.OperationalError("no transaction")
    return bytes(result.get_value(0, 0)).decode()


def _process(raw: Any) -> int:
    (number,) = raw.execute(engine_sql("postgres", "process")[0].sql).fetchone()
    return int(number)
