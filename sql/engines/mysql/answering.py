"""A connection to MariaDB or MySQL that notices when nobody answers any more."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import pymysql
from pymysql.constants import CR

from ...compiler.statements import engine_sql
from ..silence import GONE, UNCLEAR, WAITS, WORKS, Silence

PIECE = 1 << 18           # octets that are sent at once
OWN = range(2000, 3000)   # numbers of errors that the driver raises itself


class MariaSilent(pymysql.OperationalError):  # type: ignore[misc]
    """Nobody answered for longer than is borne; the connection is closed."""

    def __init__(self) -> None:
        super().__init__(CR.CR_SERVER_LOST, "no answer")


class MariaAnswering(pymysql.connections.Connection):  # type: ignore[misc]
    """A connection whose silence is not borne for ever, once it is made."""

    silence: Silence | None = None
    given_up = False

    def watch(self, silence: Silence) -> None:
        self.silence = silence
        self._read_timeout = self._write_timeout = silence.seconds or None
        self._rfile = io.BufferedReader(_Heard(self, silence), PIECE)

    def _read_packet(self, *kind: Any) -> Any:
        if self._sock is None:  # a result is read to its end although the connection is lost
            raise MariaSilent() if self.given_up else pymysql.OperationalError(CR.CR_SERVER_LOST, "it is lost")
        return super()._read_packet(*kind)

    def _write_bytes(self, data: bytes) -> None:
        if self.silence is None or self._sock is None:
            super()._write_bytes(data)
            return
        self._sock.settimeout(self._write_timeout)
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._sent(rest[:PIECE], self.silence):]
        except OSError as error:
            self._force_close()
            raise pymysql.OperationalError(CR.CR_SERVER_GONE_ERROR, f"the connection is lost ({error!r})") from None

    def _sent(self, piece: memoryview, silence: Silence) -> int:
        while True:
            try:
                return int(self._sock.send(piece))
            except TimeoutError:
                if not silence.borne():
                    self.given_up = True
                    self._force_close()
                    raise MariaSilent() from None


class _Heard(io.RawIOBase):
    """What the server sends; its silence is told."""

    def __init__(self, raw: MariaAnswering, silence: Silence):
        self.raw, self.silence = raw, silence

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        while True:
            try:
                number = int(self.raw._sock.recv_into(into))
            except TimeoutError:
                if not self.silence.borne():
                    self.raw.given_up = True
                    raise MariaSilent() from None  # the driver closes the connection
            else:
                self.silence.heard()
                return number


def asking(raw: MariaAnswering, again: Callable[[], Any], dialect: str) -> None:
    """Bear a silence while the server works; `again` makes a second connection to the same host."""
    silence = raw.silence or Silence(0)
    with raw.cursor() as cursor:
        cursor.execute(engine_sql(dialect, "process")[0].sql)
        ((process, began),) = cursor.fetchall()
    silence.looked = lambda: _looked(again, dialect, process, began)
    silence.end = lambda: _end(again, dialect, process, began)


def _looked(again: Callable[[], Any], dialect: str, process: int, began: int) -> int:
    try:
        found = _asked(again, dialect, "at_work", process, began)
    except pymysql.MySQLError as error:
        number = error.args[0] if error.args else 0
        return GONE if not number or number in OWN else UNCLEAR
    # Where that process is not known, another server may have answered, as one does behind a balancer.
    return UNCLEAR if not found else WORKS if found[0][0] else WAITS


def _end(again: Callable[[], Any], dialect: str, process: int, began: int) -> None:
    with suppress(pymysql.MySQLError):
        if _asked(again, dialect, "at_work", process, began):
            _asked(again, dialect, "end_process", process, began)


def _asked(again: Callable[[], Any], dialect: str, name: str, process: int, began: int) -> Any:
    """The rows of a statement, over a connection of its own."""
    with closing(again()) as beside, beside.cursor() as cursor:
        cursor.execute(engine_sql(dialect, name, process=process, began=began)[0].sql)
        return cursor.fetchall()
