"""MariaDB and MySQL through PyMySQL: one connection that commits by itself, rows as the server sends them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from ...catalog import Catalog, sessions
from ...compiler.statements import engine_sql
from ...refusal import BUSY, FAILED, NO_STORE, UNSUPPORTED, Refusal, refused
from ...side_effects import SideEffect, statements
from .. import TextLimits, server, silence
from ..server import Address, Connection, named, quoted
from ..server import address as address_of

try:
    import pymysql
    from pymysql.constants import CR, FIELD_TYPE, SERVER_STATUS
    from pymysql.converters import conversions
    from pymysql.cursors import SSCursor
except ImportError:
    raise Refusal("The driver for MariaDB and MySQL is not installed: pip install 'opencode-lifecycle[mysql]' "
                  "(in a checkout: pip install -e '.[mysql]').", UNSUPPORTED) from None

from . import bulk, cluster  # noqa: E402, with the driver
from .answering import MariaSilent, asking  # noqa: E402
from .options import asks, beside, opened  # noqa: E402

Error = pymysql.MySQLError
Conflict = pymysql.IntegrityError  # a row that is there already, or that a rule of its table refuses
LOAD_OCTETS = 1 << 18     # of rows that go to the server in one packet
ROW_COST = 300            # see size_facts
PAGE = 16_384
BEGIN = "START TRANSACTION"
PREPARES = (10, 6, 2)     # the first MariaDB that prepares a compound statement


# What a server has no need of.
octets, changes, damaged, interrupted = server.octets, server.changes, server.damaged, server.interrupted
sliceable, slices, overwrite = server.sliceable, server.slices, server.overwrite
rewrite, run_to_end = server.rewrite, server.run_to_end


class MariaConnection(Connection):
    """A connection that knows which of the two servers answers, its version, and the octets of its longest packet."""

    to: Address
    at: int               # which of the hosts it speaks to
    dialect: str
    version: tuple[int, ...]
    longest: int
    writes: bool
    cluster: bool         # the server is a node of a Galera cluster
    held: bool            # against a second run
    loads: bool           # whether it takes rows by LOAD DATA
    holder: Any = None    # the connection that holds the store in all of the cluster


def dialect(connection: MariaConnection) -> str:
    """What is SQL to this server: MariaDB and MySQL name some things otherwise."""
    return connection.dialect


def keeps_procedures(connection: MariaConnection) -> bool:
    """Whether a prepared statement can hold what every batch of a plan does: MariaDB since 10.6.2."""
    return connection.dialect == "mysql" and connection.version >= PREPARES


def is_modern() -> bool:
    return False


def _whole(text: str) -> int | Decimal:
    """Sums of whole numbers are DECIMAL here: they come as whole numbers."""
    return Decimal(text) if "." in text else int(text)


CONVERSIONS = {**conversions, FIELD_TYPE.DECIMAL: _whole, FIELD_TYPE.NEWDECIMAL: _whole}


def connect(where: str, write: bool) -> MariaConnection:
    """Connect by URL; its query may name a socket, a timeout and TLS files.

    Raises `Refusal`: 64 for a URL that cannot be read, 69 for a server or database that does not answer or lets
    nobody in.
    """
    connection = MariaConnection(None)
    connection.to, connection.writes, connection.held = address_of(where, "mysql"), write, False
    with explained(where):
        _reach(connection, 0)
    return connection


def _reach(connection: MariaConnection, first: int) -> None:
    """Speak to the first of the hosts, from one on, that answers and takes part; to one that can be written to where it
    is to be written."""
    hosts = len(connection.to.hosts)
    for tried, at in enumerate(cluster.turns(hosts, first), 1):
        connection.at = at
        try:
            connection.raw = opened(connection.to, connection.at, conv=CONVERSIONS,
                                    client_flag=bulk.FLAG if connection.writes else 0)
            if _settle(connection) or tried == hosts:
                return
        except pymysql.MySQLError as error:
            cluster.dropped(connection.raw)
            if tried == hosts or cluster.number_of(error) not in cluster.ABSENT:
                raise
        else:
            cluster.dropped(connection.raw)


def _settle(connection: MariaConnection) -> bool:
    """Learn what answers, and set the connection up. False for a server that only lets itself be read, where another
    one may be meant."""
    ((connection.longest, version, read_only),) = list(rows(connection, engine_sql("mysql", "facts")[0].sql))
    connection.version = tuple(map(int, re.findall(r"\d+", version.replace("5.5.5-", "", 1))[:3]))
    connection.dialect = "mysql" if "mariadb" in version.lower() else "mysql8"
    if asks(connection.to):
        asking(connection.raw, partial(beside, connection.to, connection.at), connection.dialect)
    connection.cluster = connection.dialect == "mysql" and cluster.status(connection.raw) == "Primary"
    connection.loads = connection.writes and bulk.loads(connection.raw)
    for name in ("open", "prelude", *(["cluster_open"] if connection.cluster else [])):
        for statement in engine_sql(connection.dialect, name):
            execute(connection, statement.sql)
    return not (connection.writes and read_only)


def collided(connection: MariaConnection, error: Exception) -> bool:
    """In a cluster a row that is waited for is another node's transaction, which ends."""
    number = cluster.number_of(error)
    return number in cluster.COLLIDED or connection.cluster and number in cluster.WAITED


def resume(connection: MariaConnection, error: Exception) -> bool:
    """Go on with another host of the URL, with the lock that was held."""
    if len(connection.to.hosts) == 1 or cluster.number_of(error) not in cluster.ABSENT or cluster.too_large(error):
        return False
    until = time.monotonic() + cluster.PATIENCE
    close(connection)
    while True:
        try:
            _reach(connection, connection.at + 1)
            if connection.held:
                _hold(connection, connection.to.shown(), cluster.PATIENCE)
            return True
        except (pymysql.MySQLError, Refusal) as again:  # the lock may still be held for the lost connection
            if time.monotonic() > until or not isinstance(again, Refusal) and \
                    cluster.number_of(again) not in cluster.ABSENT:
                raise
            time.sleep(0.5)


def close(connection: MariaConnection) -> None:
    for raw in (connection.holder, connection.raw):
        cluster.dropped(raw)
    connection.holder = None


def display(where: str) -> str:
    return address_of(where, "mysql").shown()


def path(where: str) -> None:
    return None


def catalog(connection: MariaConnection) -> Catalog:
    columns: dict[str, tuple[str, ...]] = {}
    for table, column, *_ in definitions(connection):
        columns[table] = (*columns.get(table, ()), column)
    (references,) = engine_sql("mysql", "references")
    referring = frozenset(name for (name,) in rows(connection, references.sql))
    (moved,) = statements("mysql", sessions(), columns)
    return Catalog(columns, referring, tuple(SideEffect(*row[:5]) for row in rows(connection, moved.sql)))


def definitions(connection: MariaConnection) -> Iterator[tuple[str, str, str, int, str | None, int]]:
    """Table, column, type as the server calls it, required (0, 1), default, place in the primary key (from 1)."""
    (tables,) = engine_sql("mysql", "tables")
    return rows(connection, tables.sql)


def indexes(connection: MariaConnection) -> set[str]:
    return {name for (name,) in rows(connection, engine_sql("mysql", "indexes")[0].sql)}


def execute(connection: MariaConnection, sql: str) -> int:
    """Run one statement and return the rows it touched (0 for those that touch none)."""
    connection.buffer_rest()
    if connection.holder is not None and sql.startswith(BEGIN) and not cluster.holds(connection.holder):
        raise pymysql.OperationalError(CR.CR_SERVER_LOST, "the lock on the cluster was lost")
    with _attributed(sql), connection.raw.cursor() as cursor:
        return max(int(cursor.execute(sql)), 0)


def execute_all(connection: MariaConnection, statements: Iterable[str]) -> None:
    """Run many statements of which nothing is asked back."""
    for sql in statements:
        execute(connection, sql)


def rows(connection: MariaConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    return connection.stream(_streamed(connection, sql))


def _streamed(connection: MariaConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    with _attributed(sql), closing(connection.raw.cursor(SSCursor)) as cursor:
        cursor.execute(sql)
        yield from cursor.fetchall_unbuffered()


@contextmanager
def _attributed(sql: str) -> Iterator[None]:
    """An error remembers its statement, which tells a refused connection from a refused work table."""
    try:
        yield
    except pymysql.MySQLError as error:
        error.statement = sql
        raise
    except RuntimeError as error:  # of the driver, which gives no file away
        if "LOAD_LOCAL" not in str(error):
            raise
        raise pymysql.InternalError("it asks for a file of this machine, which it does not get") from None


def write(connection: MariaConnection, table: str, columns: Sequence[str], found: Iterable[Sequence[object]]) -> int:
    """Insert rows, many to a statement, inside the transaction at hand; the number of rows."""
    connection.buffer_rest()
    into, names = quoted("mysql", table), ", ".join(quoted("mysql", column) for column in columns)
    with _attributed(f"rows for {into}"):
        if connection.loads:
            number = bulk.load(connection.raw, into, names, found, min(LOAD_OCTETS, connection.longest // 4))
            if number is not None:
                return number
            connection.loads = False
        return bulk.insert(connection.raw, into, names, found)


def slow_writes(connection: MariaConnection) -> str:
    return "" if connection.loads else (
        "Rows went there by INSERT: the server takes no LOAD DATA LOCAL, which is faster (local_infile=ON, and "
        "wsrep_load_data_splitting=OFF in a cluster).")


def limits(connection: MariaConnection) -> TextLimits:
    """An INSERT is one packet, and there is more in it than one text; LOAD DATA comes in many. MySQL fails over JSON of
    more levels."""
    if connection.dialect == "mysql8":
        return TextLimits(connection.longest - bulk.INSERT_OCTETS // 2, 100)
    return TextLimits(0 if connection.loads else connection.longest - bulk.INSERT_OCTETS // 2)


def in_transaction(connection: MariaConnection) -> bool:
    return bool(connection.raw.open and connection.raw.server_status & SERVER_STATUS.SERVER_STATUS_IN_TRANS)


def alive(connection: MariaConnection) -> bool:
    return bool(connection.raw.open)


@contextmanager
def only_run(connection: MariaConnection, name: str) -> Iterator[None]:
    """Hold the store against a second run of ours, from any machine: by a named lock of this connection, and in a
    cluster by one that all nodes keep."""
    _hold(connection, name)
    connection.held = True
    try:
        yield
    finally:
        connection.held = False
        if connection.holder is not None:
            cluster.dropped(connection.holder)
            connection.holder = None
        elif alive(connection) and not in_transaction(connection):
            list(rows(connection, engine_sql("mysql", "only_run_over")[0].sql))


def _hold(connection: MariaConnection, name: str, patience: float = 0) -> None:
    if connection.cluster:
        connection.holder = cluster.locked(lambda: opened(connection.to, connection.at), name, patience)
        return
    ((held,),) = list(rows(connection, engine_sql("mysql", "only_run")[0].sql))
    if held != 1:
        raise Refusal(f"Another run of opencode-lifecycle works on {name}; try again when it is done.", BUSY)


# Numbers of the server (mariadb.com/kb/en/mariadb-error-codes), the exit code, the sentence after the store's name.
CAUSES = (
    ((1045, 1698, 1044), NO_STORE, "refused the user or the password of the URL, or the user may not enter it"),
    ((1049,), NO_STORE, "is not there: the server has no such database"),
    ((1205,), BUSY, "is busy: another session holds a row or table for longer than innodb_lock_wait_timeout or "
                    "lock_wait_timeout; try again later"),
    ((1213,), BUSY, "is busy: the transaction met another one; try again"),
    ((1290, 1792, 1836), UNSUPPORTED, "is read-only; name the primary server"),
    ((1665,), UNSUPPORTED, "has binlog_format=STATEMENT, under which nothing can be removed safely; "
                           "set it to MIXED or ROW"),
    ((1969, 3024, 1317), BUSY, "took longer than max_statement_time, or somebody cancelled the statement; "
                               "try again later"),
    ((1021, 1114, 3, 28), FAILED, "cannot grow: the server's disk is full"),
    ((1040, 1203), BUSY, "has no room for one more connection; try again later"),
    ((1047,), BUSY, "is a node that has lost its cluster; try again when it is back, or name another node"),
    ((1180,), BUSY, "could not commit: the node lost its cluster; try again when it is back, or name another node"),
    ((1053, 1927, 2006, 2013, 2055, 0), BUSY, "hung up: the connection was lost, try again when it is back"),
    ((2002, 2003, 2005, 1129, 1130), NO_STORE, "does not answer"),
    ((1273,), UNSUPPORTED, "is too old: ids are told apart by utf8mb4_nopad_bin, since MariaDB 10.2, or "
                           "utf8mb4_0900_bin, since MySQL 8.0.17"),
    ((3157,), UNSUPPORTED, "holds a JSON text nested deeper than 100 levels, over which MySQL fails; keep it on "
                           "MariaDB, Postgres or SQLite"),
    ((2026,), NO_STORE, "cannot be reached by the TLS settings of its URL"),
)
FULL = re.compile(r"err(?:no|or):? (?:28|135)\b")  # of the disk, or of a table that found no more room
DENIED = re.compile(r"^([\w, ]+?) command denied .* for (?:table|column) .*?(?:`\.)?`?'?(\w+)'?`?$")


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what MariaDB raises for the user's circumstances into a sentence."""
    try:
        yield
    except (pymysql.MySQLError, OSError) as error:
        name = display(where) if "@" in where or "?" in where else where
        number = cluster.number_of(error)
        if isinstance(error, MariaSilent):
            raise silence.given_up(name) from error
        said = str(error.args[-1]) if error.args else ""
        if number in (1142, 1143, 1227):
            found = DENIED.match(said)
            needed = f"{found[1]} on {found[2]}" if found else "that this needs"
            raise Refusal(f"The user lacks the privilege {needed} of {name}; nothing was changed by this statement.",
                          FAILED) from error
        if number == 1044 and hasattr(error, "statement"):
            raise Refusal(f"The user lacks the privilege CREATE TEMPORARY TABLES on {name}, without which nothing can "
                          "be judged.", FAILED) from error
        if FULL.search(said):
            number = 1114
        if cluster.too_large(error):
            raise Refusal(f"The store {name} is a cluster that takes no transaction, or row, of this size; raise "
                          "wsrep_max_ws_size on all of its nodes.", FAILED) from error
        for numbers, code, sentence in CAUSES:
            if number in numbers:
                raise Refusal(f"The store {name} {sentence}.", code,
                              number in cluster.LOST and silence.several(name)) from error
        if isinstance(error, OSError):
            raise Refusal(f"The store {name} cannot be reached: {error.strerror or 'its TLS files cannot be read'}.",
                          NO_STORE) from error
        raise refused(name, said) from error


def sizes(connection: MariaConnection) -> list[tuple[str, int, int, int, int]]:
    """Table, bytes on the disk, rows, 0, free bytes inside; rows and free bytes as the server reckons them."""
    return list(rows(connection, engine_sql("mysql", "sizes")[0].sql))


def file_facts(connection: MariaConnection, where: Path | None) -> dict[str, Any]:
    """Sizes in bytes: of the client's tables with their indexes, and what is free inside them."""
    found = sizes(connection)
    total, free = sum(row[1] for row in found), sum(row[4] for row in found)
    return {"bytes": total + free, "wal_bytes": 0, "free_bytes": free, "auto_vacuum": "server", "used_bytes": total,
            "tables": {name: {"bytes": octets + held, "rows": living, "dead_rows": gone, "dead_bytes": held}
                       for name, octets, living, gone, held in found}}


def size_facts(connection: MariaConnection, where: Path | None, known: Catalog) -> dict[str, int]:
    """What the size of a tree in the store is reckoned with, from the schema alone, so that a verdict never moves.

    A row takes 25 octets of header and system columns, two or three keys of 30, two entries of secondary indexes
    that repeat the primary key, and a fifteenth of each page stays free (mariadb.com/kb, InnoDB file format).
    """
    return {"row_cost": ROW_COST, "fixed_size": PAGE * 4 * len(known.columns)}


def vacuum(connection: MariaConnection, table: str, full: bool) -> None:
    """Write one table anew; raises `Refusal` 1 for what MariaDB says in a row of its answer."""
    if full:
        execute(connection, named("mysql", "vacuum_full", table))
        return
    for _, _, kind, said in list(rows(connection, named("mysql", "vacuum", table))):
        if kind.lower() == "error":
            raise Refusal(f"MariaDB did not optimize {table}: {said}", FAILED)


def analyze(connection: MariaConnection, table: str) -> None:
    for _ in rows(connection, named("mysql", "analyze", table)):
        pass


def drop(connection: MariaConnection, table: str) -> None:
    execute(connection, named("mysql", "drop_table", table))
