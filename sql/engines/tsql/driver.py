"""SQL Server through pymssql, for reading only: stats, explain, and plans that the administrator's own tool runs.

No SQL Server was at hand to run this on. So every statement is looked at before it is sent: it may read, and fill
temporary tables of this connection. What could change a table of the store is refused (78).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from ...catalog import Catalog, sessions
from ...compiler.dialects import own_file
from ...compiler.statements import engine_sql
from ...refusal import BAD_VALUE, BUSY, FAILED, NO_STORE, UNSUPPORTED, Refusal, refused
from ...side_effects import SideEffect, statements
from ...words import program
from .. import TextLimits, server
from ..server import Address, Connection
from ..server import address as address_of

try:
    import pymssql
except ImportError:
    raise Refusal("The driver for SQL Server is not installed: pip install 'opencode-lifecycle[mssql]' "
                  "(in a checkout: pip install -e '.[mssql]').", UNSUPPORTED) from None

Error = pymssql.Error
Conflict = pymssql.IntegrityError
WAIT = 10                 # seconds for a connection, unless the URL says otherwise
JSON_LEVEL = 130          # the compatibility level of SQL Server 2016, the first one with JSON
ROW_COST = 450            # see size_facts
PAGE = 8_192
ENCRYPTION = ("off", "request", "require", "strict")
LITERAL = re.compile(r"N?'(?:[^']|'')*'|\[(?!#lc_\w+\])(?:[^\]]|\]\])*\]|--[^\n]*|/\*.*?\*/", re.DOTALL)
READS = re.compile(r"(?:SELECT|WITH|SET (?:XACT_ABORT|NOCOUNT|LOCK_TIMEOUT)|CREATE|INSERT|UPDATE|DELETE)\b",
                   re.IGNORECASE)
# What could change anything but a work table, an expression a line.
CHANGED = re.compile("|".join(own_file("tsql", "changes.txt").read_text().splitlines()), re.IGNORECASE)


# What a server has no need of.
octets, changes, damaged, interrupted = server.octets, server.changes, server.damaged, server.interrupted
sliceable, slices, overwrite = server.sliceable, server.slices, server.overwrite
slow_writes = server.slow_writes
rewrite, run_to_end = server.rewrite, server.run_to_end
collided, resume = server.collided, server.resume


def dialect(connection: Connection) -> str:
    return "tsql"


def keeps_procedures(connection: Connection) -> bool:
    """Whether a procedure of the connection's own can hold what every batch of a plan does."""
    return True


def is_modern() -> bool:
    return False


def connect(where: str, write: bool) -> Connection:
    """Connect by URL; its query may name a timeout and the encryption.

    Raises `Refusal`: 64 for a URL that cannot be read, 69 for a server or database that does not answer or lets
    nobody in, 78 for a database without JSON.
    """
    to = address_of(where, "mssql")
    with explained(where):
        connection = Connection(pymssql.connect(server=to.host or "localhost", port=str(to.port or 1433), user=to.user,
                                    password=to.password, database=to.database, charset="UTF-8", autocommit=True,
                                    appname="opencode-lifecycle", read_only=True,
                                    **{"login_timeout": WAIT} | _options(to)))
        for statement in engine_sql("tsql", "prelude"):
            execute(connection, statement.sql)
        ((_, level),) = list(rows(connection, engine_sql("tsql", "facts")[0].sql))
    if level < JSON_LEVEL:
        close(connection)
        raise Refusal(f"The database {to.shown()} has compatibility level {level}, which knows no JSON; "
                      f"{JSON_LEVEL} (SQL Server 2016) is the least.", UNSUPPORTED)
    return connection


def _options(to: Address) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word, value in to.options.items():
        if word == "encryption" and value in ENCRYPTION:
            found["encryption"] = value
        elif word == "connect_timeout" and value.isdigit():
            found["login_timeout"] = int(value)
        else:
            shown = word if re.fullmatch(r"[\w-]{1,40}", word) else "A word"
            raise Refusal(f"{shown} in the URL of {to.shown()} is not known, or its value is not; known are "
                          f"connect_timeout and encryption ({', '.join(ENCRYPTION)}); the schema is the user's "
                          "default one.", BAD_VALUE)
    return found


def close(connection: Connection) -> None:
    connection.raw.close()


def display(where: str) -> str:
    return address_of(where, "mssql").shown()


def path(where: str) -> None:
    return None


def catalog(connection: Connection) -> Catalog:
    columns: dict[str, tuple[str, ...]] = {}
    for table, column, *_ in definitions(connection):
        columns[table] = (*columns.get(table, ()), column)
    (references,) = engine_sql("tsql", "references")
    referring = frozenset(name for (name,) in rows(connection, references.sql))
    (moved,) = statements("tsql", sessions(), columns)
    return Catalog(columns, referring, tuple(SideEffect(*row[:5]) for row in rows(connection, moved.sql)))


def definitions(connection: Connection) -> Iterator[tuple[str, str, str, int, str | None, int]]:
    """Table, column, type as the server calls it, required (0, 1), default, place in the primary key (from 1)."""
    (tables,) = engine_sql("tsql", "tables")
    return rows(connection, tables.sql)


def indexes(connection: Connection) -> set[str]:
    return {name for (name,) in rows(connection, engine_sql("tsql", "indexes")[0].sql)}


def execute(connection: Connection, sql: str) -> int:
    """Run one statement that reads or fills a work table; the rows it touched are not counted (NOCOUNT)."""
    refuse_change(sql)
    connection.buffer_rest()
    with connection.raw.cursor() as cursor:
        cursor.execute(sql)
    return 0


def execute_all(connection: Connection, statements: Iterable[str]) -> None:
    for sql in statements:
        execute(connection, sql)


def rows(connection: Connection, sql: str) -> Iterator[tuple[Any, ...]]:
    refuse_change(sql)
    return connection.stream(_streamed(connection, sql))


def _streamed(connection: Connection, sql: str) -> Iterator[tuple[Any, ...]]:
    with connection.raw.cursor() as cursor:
        cursor.execute(sql)
        while (row := cursor.fetchone()) is not None:
            yield row


def write(connection: Connection, table: str, columns: Sequence[str], found: Iterable[Sequence[object]]) -> int:
    """Exports and copies send their ids and rows through here: none was ever read back from SQL Server."""
    raise Refusal(f"On SQL Server nothing is copied or exported: {INSTEAD}", UNSUPPORTED)


def limits(connection: Connection) -> TextLimits:
    return TextLimits()  # nothing is written


def refuse_change(sql: str) -> None:
    """Raise `Refusal` 78 for a statement that is not known to leave every table of the store as it is."""
    plain = " ".join(LITERAL.sub("''", sql).split()) + " "
    if not READS.match(plain) or CHANGED.search(plain):
        raise Refusal(f"On SQL Server nothing is changed from here: {INSTEAD}", UNSUPPORTED)


INSTEAD = (f"`{program()} plan --out=plan.sql` writes the script and `{program()} migrate --dry-run` the tables, for "
           "sqlcmd or a tool of yours to run.")


def in_transaction(connection: Connection) -> bool:
    return False  # none is ever begun


def alive(connection: Connection) -> bool:
    return True  # nothing is left to undo when it is not


def only_run(connection: Connection, name: str) -> AbstractContextManager[None]:
    """Every verb that changes a store asks for this first."""
    raise Refusal(f"{name} is only read: {INSTEAD}", UNSUPPORTED)


# Numbers of the server (sys.messages) and of the driver (from 20000 on), the exit code, the sentence after the name.
CAUSES = (
    ((18456, 18452, 18470, 18486, 18487, 18488, 916), NO_STORE,
     "refused the user or the password of the URL, or the user may not enter it"),
    ((4060, 911), NO_STORE, "is not there, or the user may not enter it"),
    ((1222,), BUSY, "is busy: another session holds a row or table for longer than LOCK_TIMEOUT; try again later"),
    ((1205,), BUSY, "is busy: the transaction met another one; try again"),
    ((1105, 9002), FAILED, "has no room left in its files or in tempdb"),
    ((20003,), BUSY, "did not answer in time; try again later"),
    ((20004, 20006, 20017, 20019, 20047), BUSY, "hung up: the connection was lost, try again when it is back"),
    ((20002, 20009), NO_STORE, "does not answer"),
)
DENIED = re.compile(r"The (\w[\w ]*) permission was denied on the (?:object|column) '([^']+)'")


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what SQL Server raises for the user's circumstances into a sentence."""
    try:
        yield
    except pymssql.Error as error:
        name = display(where) if "@" in where or "?" in where else where
        number, said = _number(error)
        if number in (229, 230, 262, 297, 300):
            found = DENIED.search(said)
            needed = f"{found[1]} on {found[2]}" if found else "that this needs"
            raise Refusal(f"The user lacks the privilege {needed} of {name}; nothing was changed.", FAILED) from error
        for numbers, code, sentence in CAUSES:
            if number in numbers:
                raise Refusal(f"The store {name} {sentence}.", code) from error
        raise refused(name, said) from error


def _number(error: pymssql.Error) -> tuple[int, str]:
    """The number and the text of an error; the driver wraps the pair once or twice."""
    found = error.args
    while found and isinstance(found[0], tuple):
        found = found[0]
    number, said = (*found, -1, b"")[:2] if len(found) > 1 else (-1, b"")
    return number, said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def sizes(connection: Connection) -> list[tuple[str, int, int, int, int]]:
    """Table, bytes on the disk, rows, 0, free bytes inside."""
    return list(rows(connection, engine_sql("tsql", "sizes")[0].sql))


def file_facts(connection: Connection, where: Path | None) -> dict[str, Any]:
    """Sizes in bytes: of the client's tables with their indexes, and what is free inside them."""
    found = sizes(connection)
    total, free = sum(row[1] for row in found), sum(row[4] for row in found)
    return {"bytes": total, "wal_bytes": 0, "free_bytes": free, "auto_vacuum": "server", "used_bytes": total - free,
            "tables": {name: {"bytes": octets, "rows": living, "dead_rows": gone, "dead_bytes": held}
                       for name, octets, living, gone, held in found}}


def size_facts(connection: Connection, where: Path | None, known: Catalog) -> dict[str, int]:
    """What the size of a tree in the store is reckoned with, from the schema alone, so that a verdict never moves.

    Characters take two octets: two or three keys of 60, two entries of secondary indexes that repeat the primary key,
    a header of 20 and a pointer of 24 to each large text (learn.microsoft.com, Pages and extents architecture guide).
    """
    return {"row_cost": ROW_COST, "fixed_size": PAGE * 4 * len(known.columns)}


def vacuum(connection: Connection, table: str, full: bool) -> None:
    raise Refusal(f"On SQL Server no space is given back from here: {INSTEAD}", UNSUPPORTED)


def drop(connection: Connection, table: str) -> None:
    raise Refusal(f"On SQL Server nothing is dropped from here: {INSTEAD}", UNSUPPORTED)


def analyze(connection: Connection, table: str) -> None:
    raise Refusal(f"On SQL Server nothing is counted anew from here: {INSTEAD}", UNSUPPORTED)
