"""Postgres through psycopg 3: one connection that commits by itself, rows as the server sends them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...catalog import Catalog, sessions
from ...compiler.statements import engine_sql
from ...refusal import BAD_VALUE, BUSY, FAILED, NO_STORE, UNSUPPORTED, Refusal, refused
from ...side_effects import SideEffect, statements
from .. import TextLimits, server, silence
from ..server import Connection, named, privilege, quoted
from ..silence import Silence

try:
    import psycopg
    from psycopg.types.numeric import NumericLoader
except ImportError:
    raise Refusal("The driver for Postgres is not installed: pip install 'opencode-lifecycle[postgres]' "
                  "(in a checkout: pip install -e '.[postgres]').", UNSUPPORTED) from None

from . import pooler  # noqa: E402, with the driver
from .address import address, for_libpq, patience  # noqa: E402
from .answering import PostgresAnswering, PostgresSilent, watched  # noqa: E402

Error = psycopg.Error
Conflict = psycopg.IntegrityError  # a row that is there already, or that a rule of its table refuses
WAIT = 10                 # seconds for a connection, unless the URL says otherwise
# That a server's machine is gone is noticed within a minute, in seconds. Not by tcp_user_timeout: the kernel gives up a
# server, too, that answers and only takes nothing yet, as one does that works on a huge row.
ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
ROW_COST = 250            # see size_facts
PAGE = 8_192
TOGETHER = 200            # statements in one trip
PATIENCE = 60.0           # seconds until another host answers


# What a server has no need of.
octets, changes, damaged, interrupted = server.octets, server.changes, server.damaged, server.interrupted
sliceable, slices, overwrite = server.sliceable, server.slices, server.overwrite
slow_writes = server.slow_writes
rewrite, run_to_end = server.rewrite, server.run_to_end


class Whole(NumericLoader):
    """Sums of whole numbers are NUMERIC here: they come as whole numbers."""

    def load(self, data: bytes | bytearray | memoryview) -> Any:
        found = super().load(data)
        return int(found) if found == found.to_integral_value() else found


class PostgresConnection(Connection):
    """A connection that knows what the server warned of, and whether it is a standby, which is only read."""

    name: str
    words: dict[str, Any]  # of libpq
    patience: float        # seconds of silence, until the server is asked
    several: bool          # hosts
    held: bool             # against a second run
    warnings: list[str]
    standby: bool


def dialect(connection: PostgresConnection) -> str:
    return "postgres"


def keeps_procedures(connection: PostgresConnection) -> bool:
    """Whether a procedure of the connection's own can hold what every batch of a plan does."""
    return True


def is_modern() -> bool:
    return False


def connect(where: str, write: bool) -> PostgresConnection:
    """Connect by URL; TLS, `options` and every other word of libpq's in the query count.

    Raises `Refusal`: 64 for a URL that cannot be read, 69 for a server or database that does not answer or lets
    nobody in, 78 for a database that is not UTF-8.
    """
    connection = PostgresConnection(None)
    connection.name, connection.several, connection.held = display(where), len(address(where).hosts) > 1, False
    try:
        words: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(for_libpq(where))
    except psycopg.ProgrammingError:
        raise Refusal(f"The URL of {connection.name} has a word in its query that Postgres does not know.",
                      BAD_VALUE) from None
    connection.patience = patience(where)
    connection.words = {"connect_timeout": WAIT, "application_name": "opencode-lifecycle", **ALIVE, **words,
                        "client_encoding": "utf8"}
    try:
        with explained(where):
            try:
                _reach(connection)
            except psycopg.OperationalError:
                if connection.raw is None or not connection.several:
                    raise
                _reach(connection)  # it was lost while it was set up: another host may answer
    except Refusal as refusal:
        refusal.lost = False  # there never was one, to any host
        raise
    return connection


def _reach(connection: PostgresConnection) -> None:
    """Connect, to the first host that answers as it is to, and set the connection up."""
    connection.raw = PostgresAnswering.connect(**connection.words, autocommit=True)
    connection.raw.silence = Silence(float(connection.words["connect_timeout"]) or WAIT)
    connection.raw.prepare_threshold = None
    connection.raw.adapters.register_loader("numeric", Whole)
    connection.warnings = []
    connection.raw.add_notice_handler(lambda said: connection.warnings.append(said.message_primary or ""))
    try:
        pooler.refuse_shared(connection.raw, connection.words, connection.name)
        _confine(connection, "confine")
        ((encoding, standby, schema, process, began),) = list(rows(connection, engine_sql("postgres", "facts")[0].sql))
        if encoding != "UTF8":
            raise Refusal(f"The database {connection.name} is encoded in {encoding}, which cannot hold every text; "
                          "make one with ENCODING 'UTF8'.", UNSUPPORTED)
        if not schema:
            raise Refusal(f"No schema of the search_path exists in {connection.name}; make it, or name another.",
                          NO_STORE)
    except BaseException:
        close(connection)
        raise
    connection.standby = bool(standby)
    watched(connection.raw, connection.words, connection.patience, process, began)
    _confine(connection, "release")
    for name in ("open", *(() if connection.standby else ("prelude", "texts"))):
        for statement in engine_sql("postgres", name):
            execute(connection, statement.sql)


def collided(connection: PostgresConnection, error: Exception) -> bool:
    return str(getattr(error, "sqlstate", None) or "").startswith("40")


def resume(connection: PostgresConnection, error: Exception) -> bool:
    """Go on with another host of the URL, with the lock that was held."""
    if not connection.several or alive(connection) and not str(
            getattr(error, "sqlstate", None) or "").startswith(("57P", "25006")):
        return False
    close(connection)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            _reach(connection)
            if connection.held:
                _hold(connection, connection.name)
            return True
        except (psycopg.Error, Refusal):
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def close(connection: PostgresConnection) -> None:
    connection.raw.close()


def display(where: str) -> str:
    return address(where).shown()


def path(where: str) -> None:
    return None


def catalog(connection: PostgresConnection) -> Catalog:
    """Read with nothing but the system's own functions in reach; `Catalog.side_effects` says if others would be."""
    _confine(connection, "confine")
    columns: dict[str, tuple[str, ...]] = {}
    for table, column, *_ in definitions(connection):
        columns[table] = (*columns.get(table, ()), column)
    (references,) = engine_sql("postgres", "references")
    referring = frozenset(name for (name,) in rows(connection, references.sql))
    (moved,) = statements("postgres", sessions(), columns)
    found = Catalog(columns, referring, tuple(SideEffect(*row[:5]) for row in rows(connection, moved.sql)))
    _confine(connection, "release")
    return found


def _confine(connection: PostgresConnection, name: str) -> None:
    for statement in engine_sql("postgres", name):
        execute(connection, statement.sql)


def definitions(connection: PostgresConnection) -> Iterator[tuple[str, str, str, int, str | None, int]]:
    """Table, column, type as the server calls it, required (0, 1), default, place in the primary key (from 1)."""
    (tables,) = engine_sql("postgres", "tables")
    return rows(connection, tables.sql)


def indexes(connection: PostgresConnection) -> set[str]:
    return {name for (name,) in rows(connection, engine_sql("postgres", "indexes")[0].sql)}


def execute(connection: PostgresConnection, sql: str) -> int:
    """Run one statement and return the rows it touched (0 for those that touch none)."""
    connection.buffer_rest()
    with _attributed(sql):
        return max(int(connection.raw.execute(sql).rowcount), 0)


def execute_all(connection: PostgresConnection, statements: Iterable[str]) -> None:
    """Run many statements of which nothing is asked back, many of them in each trip to the server."""
    waiting: list[str] = []
    for sql in statements:
        waiting.append(sql)
        if len(waiting) == TOGETHER:
            _execute_together(connection, waiting)
            waiting.clear()
    if waiting:
        _execute_together(connection, waiting)


def _execute_together(connection: PostgresConnection, statements: Sequence[str]) -> None:
    connection.buffer_rest()
    with _attributed(*statements):
        connection.raw.execute(";\n".join(statements))


def rows(connection: PostgresConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    return connection.stream(_streamed(connection, sql))


def _streamed(connection: PostgresConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    with _attributed(sql), connection.raw.cursor() as cursor:
        yield from cursor.stream(sql)


def write(connection: PostgresConnection, table: str, columns: Sequence[str], found: Iterable[Sequence[object]]) -> int:
    """Copy rows into a table in one go, inside the transaction at hand; the number of rows."""
    connection.buffer_rest()
    (statement,) = engine_sql("postgres", "copy")
    names = ", ".join(quoted("postgres", column) for column in columns)
    sql = statement.sql.replace("target", quoted("postgres", table), 1).replace("columns", names, 1)
    rows = server.Counted(found)
    with _attributed(sql), connection.raw.cursor() as cursor, cursor.copy(sql) as copy:
        for piece in server.lines(rows):
            copy.write(piece)
    return rows.number


def limits(connection: PostgresConnection) -> TextLimits:
    return TextLimits()  # none is met before the engine's own of 1 GB


@contextmanager
def _attributed(*statements: str) -> Iterator[None]:
    """An error remembers the statements of its trip, so that a missing privilege can be named."""
    try:
        yield
    except psycopg.Error as error:
        error.statements = statements  # type: ignore[attr-defined]
        raise


def in_transaction(connection: PostgresConnection) -> bool:
    status = psycopg.pq.TransactionStatus
    return connection.raw.info.transaction_status in (status.ACTIVE, status.INTRANS, status.INERROR)


def alive(connection: PostgresConnection) -> bool:
    return not (connection.raw.closed or connection.raw.broken)


@contextmanager
def only_run(connection: PostgresConnection, name: str) -> Iterator[None]:
    """Hold the store against a second run of ours, from any machine, by an advisory lock of this connection."""
    _hold(connection, name)
    connection.held = True
    try:
        yield
    finally:
        connection.held = False
        if alive(connection) and not in_transaction(connection):
            list(rows(connection, engine_sql("postgres", "only_run_over")[0].sql))


def _hold(connection: PostgresConnection, name: str) -> None:
    ((held,),) = list(rows(connection, engine_sql("postgres", "only_run")[0].sql))
    if not held:
        raise Refusal(f"Another run of opencode-lifecycle works on {name}; try again when it is done.", BUSY)


# The SQLSTATE an error begins with, the exit code, and the sentence after the store's name.
CAUSES = (
    ("28", NO_STORE, "refused the user or the password of the URL"),
    ("3D000", NO_STORE, "is not there: the server has no such database"),
    ("25006", UNSUPPORTED, "is a read-only standby or session, where no work tables can be made; "
                           "name the primary server"),
    ("55P03", BUSY, "is busy: another session holds a table or row for longer than the lock_timeout; try again later"),
    ("57014", BUSY, "took longer than the statement_timeout, or somebody cancelled the statement; try again later"),
    ("40", BUSY, "is busy: the transaction met another one; try again"),
    ("53100", FAILED, "cannot grow: the server's disk is full"),
    ("53", BUSY, "has no room for one more connection or statement; try again later"),
    ("57P", BUSY, "is shutting down or starting up; the connection was lost, try again when it is back"),
    ("08", NO_STORE, "does not answer"),
)
INSIDE = re.compile(r'SQL statement "(.*?)"\nPL/pgSQL', re.DOTALL)
DENIED = re.compile(r"permission denied (?:for|to) (?:(?:table|relation|schema|sequence|database) )?(.+)")
OWNER = re.compile(r"must be owner of (?:table|relation) (.+)")


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what Postgres raises for the user's circumstances into a sentence."""
    try:
        yield
    except psycopg.Error as error:
        name = display(where) if "@" in where or "?" in where else where
        if isinstance(error, PostgresSilent):
            raise silence.given_up(name) from error
        state, said = error.sqlstate or "", str(error)
        if state == "42501":
            raise Refusal(_denied(name, error), FAILED) from error
        for mark, code, sentence in CAUSES:
            if state.startswith(mark):
                raise Refusal(f"The store {name} {sentence}.", code,
                              mark in ("57P", "08") and silence.several(name)) from error
        if "password" in said and not state:
            raise Refusal(f"The store {name} refused the user or the password of the URL.", NO_STORE) from error
        if "does not exist" in said and "database" in said and not state:
            raise Refusal(f"The store {name} is not there: the server has no such database.", NO_STORE) from error
        if "SSL" in said or "certificate" in said:
            raise Refusal(f"The store {name} cannot be reached by the TLS settings of its URL.", NO_STORE) from error
        if isinstance(error, psycopg.OperationalError):
            raise Refusal(f"The store {name} does not answer, or the connection was lost.", NO_STORE,
                          silence.several(name)) from error
        raise refused(name, error.diag.message_primary or said) from error


def _denied(name: str, error: psycopg.Error) -> str:
    said = error.diag.message_primary or str(error)
    if owned := OWNER.search(said):
        return f"The user lacks the privilege ALTER on {owned[1]} of {name}, which its owner alone has."
    found = DENIED.search(said)
    what = found[1].strip() if found else "it"
    statements = getattr(error, "statements", ("",))
    inside = INSIDE.search(error.diag.context or "")  # of a plan's procedure, which the trip only calls
    sql = inside[1] if inside else next((each for each in statements if re.search(rf"\b{re.escape(what)}\b", each)),
                                        statements[0])
    if what.startswith("create temporary tables") or "pg_temp" in what:
        return (f"The user lacks the privilege TEMPORARY on the database of {name}, without which nothing can be "
                "judged; GRANT TEMPORARY ON DATABASE ... TO the user.")
    needed = "CREATE" if sql.lstrip().upper().startswith(("CREATE", "ALTER")) else privilege(sql, what)
    return f"The user lacks the privilege {needed} on {what} of {name}; nothing was changed by this statement."


def sizes(connection: PostgresConnection) -> list[tuple[str, int, int, int, int]]:
    """Table, bytes on the disk, living rows, dead rows, bytes of dead rows; the last three as the server reckons."""
    return list(rows(connection, engine_sql("postgres", "sizes")[0].sql))


def file_facts(connection: PostgresConnection, where: Path | None) -> dict[str, Any]:
    """Sizes in bytes: of the client's tables with their indexes, and what dead rows hold of it."""
    if not connection.standby:
        execute(connection, engine_sql("postgres", "flush_statistics")[0].sql)
    found = sizes(connection)
    total, dead = sum(row[1] for row in found), sum(row[4] for row in found)
    return {"bytes": total, "wal_bytes": 0, "free_bytes": dead, "auto_vacuum": "server", "used_bytes": total - dead,
            "tables": {name: {"bytes": octets, "rows": living, "dead_rows": gone, "dead_bytes": held}
                       for name, octets, living, gone, held in found}}


def size_facts(connection: PostgresConnection, where: Path | None, known: Catalog) -> dict[str, int]:
    """What the size of a tree in the store is reckoned with, from the schema alone, so that a verdict never moves.

    A row takes a header of 28 octets, two or three keys of 30, two index entries of about 50 and its share of
    unfilled pages; an empty table or index takes a page (postgresql.org/docs, section 73.6).
    """
    return {"row_cost": ROW_COST, "fixed_size": PAGE * 4 * len(known.columns)}


def vacuum(connection: PostgresConnection, table: str, full: bool) -> None:
    """Clean up one table; raises `Refusal` 1 where Postgres would skip it with a mere warning."""
    connection.warnings.clear()
    execute(connection, named("postgres", "vacuum_full" if full else "vacuum", table))
    if any("permission denied" in said or "owner" in said for said in connection.warnings):
        raise Refusal(f"The user lacks the privilege MAINTAIN on {table}, or is not its owner: only that one can "
                      "vacuum it.", FAILED)


def analyze(connection: PostgresConnection, table: str) -> None:
    execute(connection, named("postgres", "analyze", table))


def drop(connection: PostgresConnection, table: str) -> None:
    execute(connection, named("postgres", "drop_table", table))
