"""A connection to Postgres that notices when nobody answers any more."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from contextlib import closing, suppress
from typing import Any

import psycopg

from ...compiler.statements import engine_sql
from ..silence import ASKING, GONE, UNCLEAR, WAITS, WORKS, Silence


class PostgresSilent(psycopg.OperationalError):
    """Nobody answered for longer than is borne; the connection is closed."""


class PostgresAnswering(psycopg.Connection[Any]):
    """A connection whose silence is not borne for ever."""

    silence: Silence | None = None
    given_up = False

    def wait(self, gen: Generator[Any, Any, Any], *rest: Any, **more: Any) -> Any:
        if self.given_up:
            raise PostgresSilent("no answer")
        return super().wait(gen if self.silence is None else self._watched(gen, self.silence), *rest, **more)

    def _watched(self, gen: Generator[Any, Any, Any], silence: Silence) -> Generator[Any, Any, Any]:
        """The same, which is told several times in a second that nothing came or could be sent."""
        try:
            state = next(gen)
            since = time.monotonic()
            while True:
                ready = yield state
                if ready:
                    since = time.monotonic()
                    silence.heard()
                elif time.monotonic() - since > silence.seconds:
                    if not silence.borne():
                        self.given_up = True
                        self.pgconn.finish()
                        raise PostgresSilent("no answer")
                    since = time.monotonic()
                state = gen.send(ready)
        except StopIteration as end:
            return end.value


def watched(raw: PostgresAnswering, words: Mapping[str, Any], seconds: float, process: int, began: int) -> None:
    """Bear a silence while the server works. `words` are libpq's for this store; `process` is the server's for this
    connection, and `began` the moment since which it runs (`facts.sql`)."""
    if not seconds:
        raw.silence = None
        return
    # The second connection is made to the same host.
    beside = {**words, "host": raw.info.host, "port": raw.info.port}
    beside |= {"hostaddr": raw.info.hostaddr} if "hostaddr" in words else {}
    raw.silence = Silence(seconds, lambda: _looked(beside, process, began), lambda: _end(beside, process, began))


def _looked(words: Mapping[str, Any], process: int, began: int) -> int:
    try:
        found = _asked(words, "at_work", process, began)
    except psycopg.Error as error:
        return UNCLEAR if error.sqlstate or "FATAL" in str(error) else GONE
    # Where that process is not known, another server may have answered, as one does behind a balancer.
    return UNCLEAR if not found else WORKS if found[0][0] else WAITS


def _end(words: Mapping[str, Any], process: int, began: int) -> None:
    with suppress(psycopg.Error):
        _asked(words, "end_process", process, began)


def _asked(words: Mapping[str, Any], name: str, process: int, began: int) -> list[tuple[Any, ...]]:
    """The rows of a statement, over a connection of its own; nothing of the store's schema is in reach."""
    with closing(PostgresAnswering.connect(**words, autocommit=True)) as beside:
        beside.silence = Silence(float(words.get("connect_timeout") or ASKING))
        for statement in (*engine_sql("postgres", "confine"),
                          *engine_sql("postgres", name, process=process, began=began)):
            cursor = beside.execute(statement.sql)
        return list(cursor)
