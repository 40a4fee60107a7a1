"""Rows on their way into a table: LOAD DATA, fed from the rows at hand, else INSERTs of many rows.

The server answers LOAD DATA LOCAL by asking for the file that the statement names. No file is opened here, whatever it
asks for: it gets the rows at hand, in answer to our own statement alone. Anywhere else the driver refuses
(`local_infile` is off).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import pymysql
from pymysql.constants import CLIENT, COMMAND
from pymysql.protocol import OKPacketWrapper

from ...compiler.statements import engine_sql
from .. import server
from . import cluster

FLAG = CLIENT.LOCAL_FILES  # without it a server refuses LOAD DATA LOCAL
INSERT_OCTETS = 500_000   # of the rows that one INSERT carries
# Numbers of the server: LOAD DATA LOCAL is not to be had; a row that is there already, or that its table refuses.
REFUSED = frozenset({1148, 1227, 3948, 3950, 4166})
CONFLICTS = frozenset({1022, 1048, 1062, 1216, 1263, 1452, 4025})
ESCAPES = ((b"\\", b"\\\\"), (b"\0", b"\\0"), (b"\n", b"\\n"), (b"\r", b"\\r"), (b"\x1a", b"\\Z"), (b"'", b"\\'"),
           (b'"', b'\\"'))


def loads(raw: Any) -> bool:
    """Whether the server takes LOAD DATA LOCAL, and all of it in the transaction at hand: a cluster may be set to
    commit it a few thousand rows at a time."""
    (statement,) = engine_sql("mysql", "load_settings")
    with raw.cursor() as cursor:
        cursor.execute(statement.sql)
        said = {str(name).lower(): str(value).upper() for name, value in cursor.fetchall()}
    return said.get("local_infile") == "ON" and said.get("wsrep_load_data_splitting", "OFF") == "OFF"


def load(raw: Any, table: str, columns: str, found: Iterable[Sequence[object]], longest: int) -> int | None:
    """Load rows; their number. None, and no row was read, where the server refuses to."""
    (statement,) = engine_sql("mysql", "load")
    sql = statement.sql.replace("target", table, 1).replace("columns", columns, 1)
    try:
        raw._execute_command(COMMAND.COM_QUERY, sql)
        asked = raw._read_packet()
    except pymysql.MySQLError as error:
        if cluster.number_of(error) in REFUSED:
            return None
        raise
    if not asked.is_load_local_packet():
        raise pymysql.InternalError("LOAD DATA was answered by something else than a wish for its rows")
    rows = server.Counted(found)
    _stream(raw, server.lines(rows, longest))
    done = OKPacketWrapper(raw._read_packet())
    raw.server_status = done.server_status
    if done.warning_count or done.affected_rows != rows.number:
        _refuse(raw, rows.number - done.affected_rows)
    return rows.number


def _stream(raw: Any, pieces: Iterator[bytes]) -> None:
    """Send the rows. Where they break off, the connection goes on being of use, unless it was cut in a packet."""
    sending = False
    try:
        for piece in filter(None, pieces):  # an empty packet ends the rows
            sending = True
            raw.write_packet(piece)
            sending = False
    except BaseException:
        if sending and raw.open:
            raw._force_close()
        elif raw.open:
            with suppress(pymysql.MySQLError):
                raw.write_packet(b"")
                raw._read_packet()
        raise
    raw.write_packet(b"")


def _refuse(raw: Any, lacking: int) -> None:
    """What the server would have refused of an INSERT it only warns of here, and changes, or leaves out: raised."""
    (statement,) = engine_sql("mysql", "load_warnings")
    with raw.cursor() as cursor:
        cursor.execute(statement.sql)
        _, number, said = cursor.fetchone() or ("", 0, f"{lacking} rows were left out")
    raise (pymysql.IntegrityError if number in CONFLICTS else pymysql.DataError)(number, said)


def insert(raw: Any, table: str, columns: str, found: Iterable[Sequence[object]]) -> int:
    """Insert rows, many to a statement; their number."""
    (statement,) = engine_sql("mysql", "insert")
    head = statement.sql.replace("target", table, 1).replace("columns", columns, 1).encode() + b" "
    rows = server.Counted(found)
    with raw.cursor() as cursor:
        for group in _groups(rows):
            cursor.execute(head + b", ".join(group))
    return rows.number


def _groups(found: Iterable[Sequence[object]]) -> Iterator[list[bytes]]:
    size, waiting = 0, list[bytes]()
    for row in found:
        said = b"(" + b", ".join(map(_literal, row)) + b")"
        if waiting and size + len(said) > INSERT_OCTETS:
            yield waiting
            size, waiting = 0, []
        waiting.append(said)
        size += len(said)
    if waiting:
        yield waiting


def _literal(value: object) -> bytes:
    octets = server.octets_of(value)
    if octets is None:
        return b"NULL"
    if not isinstance(value, (str, bytearray)):
        return bytes(octets)
    for plain, escaped in ESCAPES:
        octets = octets.replace(plain, escaped)
    return b"'" + octets + b"'"
