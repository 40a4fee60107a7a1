"""SQLite: opening a store safely, running statements, reading rows, saying what went wrong."""

from __future__ import annotations

import re
import sqlite3 as standard
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

from ...catalog import Catalog, sessions
from ...compiler.statements import engine_sql
from ...refusal import BUSY, FAILED, NO_STORE, UNSUPPORTED, Refusal, refused
from ...side_effects import SideEffect, statements
from .. import TextLimits
from ..spooled import is_text, whole
from . import row_cost, scratch
from . import slices as sliced
from .library import FileConnection, sqlite3
from .slices import FileSlices
from .utf16 import bound, parts, wide, wide_rows

HEADER = b"SQLite format 3\0"
Error = sqlite3.DatabaseError
ENCODINGS = {"UTF-16le": "utf-16-le", "UTF-16be": "utf-16-be"}
Conflict = sqlite3.IntegrityError  # a row that is there already, or that a rule of its table refuses
TOGETHER = 1_000  # statements of a script
MODERN = (3, 43)  # octet_length() reads the header of a row, not the row


def dialect(connection: FileConnection) -> str:
    return "sqlite"


def keeps_procedures(connection: FileConnection) -> bool:
    """Whether a procedure of the connection's own can hold what every batch of a plan does."""
    return True


def is_modern() -> bool:
    return tuple(sqlite3.sqlite_version_info[:2]) >= MODERN


def connect(where: str, write: bool) -> FileConnection:
    """Open an existing file; never creates one. Transactions are begun and ended by our own statements alone."""
    _look(Path(where))
    connection = again(where, write)
    with explained(where):
        scratch.attach(connection)
    return connection


def again(where: str, write: bool) -> FileConnection:
    """The same for a file that this process may have open: to look at it first would be to let go of the locks that the
    other connection holds, once it is closed."""
    with explained(where):
        uri = f"file:{quote(str(Path(where).resolve()))}?mode={'rw' if write else 'ro'}"
        connection: FileConnection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5,
                                                     factory=FileConnection)
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        for statement in engine_sql("sqlite", "open"):
            connection.execute(statement.sql).fetchall()
        (encoding,) = engine_sql("sqlite", "encoding")
        connection.wide = ENCODINGS.get(connection.execute(encoding.sql).fetchone()[0])
    return connection


def _look(path: Path) -> None:
    """Refuse what is no store before SQLite touches it."""
    if not path.is_file():
        raise Refusal(f"There is no store at {path}; name one with --store=PATH.", NO_STORE)
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise Refusal(f"The store {path} cannot be read: {error.strerror}.", FAILED) from None
    if not head.startswith(HEADER):
        raise Refusal(f"{path} is not an SQLite database.", NO_STORE)
    page_size = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    needed = pages * (65536 if page_size == 1 else page_size)
    change_counter, valid_for = head[24:28], head[92:96]
    wal = path.with_name(path.name + "-wal")
    in_wal = wal.exists() and wal.stat().st_size > 0
    if change_counter == valid_for and path.stat().st_size < needed and not in_wal:
        raise Refusal(f"The store {path} is cut short: {path.stat().st_size} bytes of {needed}; "
                      "restore it from a backup.", FAILED)


def close(connection: FileConnection) -> None:
    connection.close()


def display(where: str) -> str:
    return str(Path(where).resolve())


def path(where: str) -> Path:
    return Path(where).resolve()


def catalog(connection: FileConnection) -> Catalog:
    columns: dict[str, tuple[str, ...]] = {}
    for table, column in (*rows(connection, engine_sql("sqlite", "tables")[0].sql), *_virtual(connection)):
        columns[table] = (*columns.get(table, ()), column)
    (references,) = engine_sql("sqlite", "references")
    referring = frozenset(name for (name,) in rows(connection, references.sql))
    (moved,) = statements("sqlite", sessions(), columns)
    return Catalog(columns, referring, tuple(SideEffect(*row[:5]) for row in rows(connection, moved.sql)))


def _virtual(connection: FileConnection) -> list[tuple[str, str]]:
    """Columns of virtual tables. None of them can be told where a plugin's module is not at hand (sqlite-vec); such a
    table has no foreign key, so nothing of ours reaches its rows."""
    try:
        return list(rows(connection, engine_sql("sqlite", "virtual_tables")[0].sql))
    except (sqlite3.DatabaseError, standard.DatabaseError) as error:
        if "no such module" not in str(error):
            raise
        return []


def definitions(connection: FileConnection) -> Iterator[tuple[str, str, str, int, str | None, int]]:
    """Table, column, declared type, required (0, 1), default, place in the primary key (from 1)."""
    (columns,) = engine_sql("sqlite", "columns")
    return rows(connection, columns.sql)


def indexes(connection: FileConnection) -> set[str]:
    return {name for (name,) in rows(connection, engine_sql("sqlite", "indexes")[0].sql)}


def execute(connection: FileConnection, sql: str) -> int:
    """Run one statement and return the rows it touched (0 for those that touch none)."""
    cursor = connection.execute(scratch.placed(connection, sql))
    cursor.fetchall()
    return max(cursor.rowcount, 0)


def execute_all(connection: FileConnection, statements: Iterable[str]) -> None:
    """Run many statements of which nothing is asked back.

    Outside of a transaction they are run as scripts: one by one they would push what comes again and again out of the
    connection's cache of prepared statements. (A script would end a transaction.)
    """
    statements = iter(statements)
    while not connection.in_transaction and (some := tuple(islice(statements, TOGETHER))):
        connection.executescript(";\n".join(scratch.placed(connection, sql) for sql in some))
    for sql in statements:
        execute(connection, sql)


def rows(connection: FileConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    codec = wide(connection)
    if codec and sql.startswith(("SELECT", "WITH")):
        yield from wide_rows(connection, sql, codec)
    else:
        for row in connection.execute(sql):  # noqa: UP028 - `yield from` closes cursors, of closed connections as well
            yield row


def write(connection: FileConnection, table: str, columns: Sequence[str], found: Iterable[Sequence[object]]) -> int:
    """Insert rows, inside the transaction at hand; texts keep octets that are no UTF-8. The number of rows."""
    codec = wide(connection)
    (statement,) = engine_sql("sqlite", "write_wide" if codec else "write")
    opening, text, other = parts(r"(.*?\) \w+ )\((.*), (.*)\)$", statement.sql)
    names = ", ".join('"{}"'.format(column.replace('"', '""')) for column in columns)
    opening = opening.replace("target", f'"{table}"', 1).replace("columns", names, 1)
    marks = {True: re.sub(r":\w+", "?", text), False: re.sub(r":\w+", "?", other)}
    number = 0
    for number, row in enumerate(found, 1):  # noqa: B007
        if codec is None and not table.startswith("lc_") and any(map(sliced.is_huge, row)) \
                and sliced.insert(connection, table, columns, row, opening, marks):
            continue
        shape = ", ".join(marks[is_text(value)] for value in row)
        connection.execute(f"{opening}({shape})", [bound(whole(value), codec) for value in row])
    return number


def slow_writes(connection: FileConnection) -> str:
    return ""


@contextmanager
def octets(connection: FileConnection) -> Iterator[None]:
    """Read texts as bytearray, which tells them from BLOBs and makes no copy in memory of what is long."""
    usual, connection.text_factory = connection.text_factory, bytearray
    try:
        yield
    finally:
        connection.text_factory = usual


def sliceable(connection: FileConnection) -> bool:
    """Not of a store in UTF-16, whose texts are turned into UTF-8 on the way."""
    return is_modern() and not wide(connection)


def slices(connection: FileConnection, table: str, column: str, id: object) -> FileSlices | None:
    return sliced.slices(connection, table, column, id)


def overwrite(connection: FileConnection, table: str, column: str, id: object, value: object) -> bool:
    place = sliced.slices(connection, table, column, id)
    return place is not None and sliced.overwrite(connection, table, column, place.rowid, value)


def damaged(error: Exception) -> bool:
    """Whether an error says that pages of the file are not what they should be."""
    return any(mark in str(error) for mark in ("malformed", "disk I/O", "not a database"))


def limits(connection: FileConnection) -> TextLimits:
    return TextLimits()  # a file takes whatever another file held


def vacuum(connection: FileConnection, table: str, full: bool) -> None:
    raise Refusal("An SQLite file gives space back as a whole, not by table.", UNSUPPORTED)


def drop(connection: FileConnection, table: str) -> None:
    raise Refusal("The tables of an SQLite file are the client's own.", UNSUPPORTED)


def analyze(connection: FileConnection, table: str) -> None:
    raise Refusal("The figures of an SQLite file's planner are the client's own.", UNSUPPORTED)


def run_to_end(connection: FileConnection, name: str, **values: int) -> None:
    """Run an engine statement to its end: execute() steps `incremental_vacuum` once and frees a single page."""
    (statement,) = engine_sql("sqlite", name, **values)
    connection.executescript(statement.sql)


def rewrite(connection: FileConnection, where: Path, *names: str) -> FileConnection:
    """Run engine statements that write the whole file anew; return a connection in place of the given one.

    The SQLite of pysqlite3 keeps all temporary files in memory (compiled with TEMP_STORE=3), and that of VACUUM is
    as large as the store. So the standard module does it, where that one may use the disk. The connection is
    closed first: two libraries with one file open in a process drop each other's locks.
    """
    library = sqlite3 if _spills(sqlite3) or not _spills(standard) else standard
    connection.close()
    rewriter = library.connect(str(where), isolation_level=None, timeout=5)
    try:
        for name in ("rewrite", *names):
            for statement in engine_sql("sqlite", name):
                rewriter.execute(statement.sql).fetchall()
    finally:
        rewriter.close()
    return connect(str(where), write=True)


def _spills(library: ModuleType) -> bool:
    """Whether a build of SQLite may put temporary files on the disk."""
    scratch = library.connect(":memory:")
    (statement,) = engine_sql("sqlite", "compile_options")
    options = [option for (option,) in scratch.execute(statement.sql)]
    scratch.close()
    return "TEMP_STORE=3" not in options


def changes(connection: FileConnection) -> int:
    """A number that is another one once some other connection has committed to the store."""
    (statement,) = engine_sql("sqlite", "changes")
    return int(connection.execute(statement.sql).fetchone()[0])


def in_transaction(connection: FileConnection) -> bool:
    return connection.in_transaction


def collided(connection: FileConnection, error: Exception) -> bool:
    return False  # one writer at a time


def resume(connection: FileConnection, error: Exception) -> bool:
    return False


@contextmanager
def interrupted(connection: FileConnection, late: Callable[[], bool], operations: int) -> Iterator[None]:
    """Ask `late` every so many operations whether the statement at hand is to be broken off with an error."""
    connection.set_progress_handler(late, operations)
    try:
        yield
    finally:
        connection.set_progress_handler(None, operations)


def alive(connection: FileConnection) -> bool:
    """Always True: a connection to a file cannot be lost."""
    return True


@contextmanager
def only_run(connection: FileConnection, name: str) -> Iterator[None]:
    """Refuse (1) a file that has a second name: its WAL would stand beside the other. Nothing is locked in the file,
    which would lock the client out; the store takes a lock file of ours."""
    path = Path(name)
    names = path.stat().st_nlink
    if names > 1:
        raise Refusal(f"The store {name} has {names} names (hard links), and a program that has it open by "
                      "another would damage it; remove the others, or work on a copy.", FAILED)
    if _mounted(path):
        raise Refusal(f"The store {name} is a single file mounted there, and a program that has it open where it "
                      "comes from would damage it; mount its folder instead.", FAILED)
    yield


def _mounted(path: Path) -> bool:
    """Whether a file alone is mounted at a path, as far as this system tells."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(errors="surrogateescape").splitlines()
    except OSError:
        return False
    spelled = str(path)
    for mark in "\\ \t\n":  # as the kernel writes them
        spelled = spelled.replace(mark, f"\\{ord(mark):03o}")
    return any(line.split(" ")[4] == spelled for line in lines)


CAUSES = (
    ("locked", BUSY, "is locked by another program; try again when it is done"),
    ("readonly", FAILED, "is read-only; nothing was changed"),
    ("full", FAILED, "cannot grow: the disk is full, that of the store or that of temporary files (TMPDIR); free some "
                     "space and try again"),
    ("not a database", NO_STORE, "is not an SQLite database"),
    ("malformed", FAILED, "is damaged; restore it from a backup, nothing more is removed from it"),
    ("unable to open", FAILED, "cannot be opened; check that you may write its folder"),
    ("disk I/O", FAILED, "cannot be read or written (disk I/O error)"),
)


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what SQLite raises for the user's circumstances into a sentence."""
    try:
        yield
    except (sqlite3.DatabaseError, standard.DatabaseError) as error:
        said = str(error)
        for mark, code, sentence in CAUSES:
            if mark in said:
                raise Refusal(f"The store {Path(where).resolve()} {sentence}.", code) from error
        raise refused(str(Path(where).resolve()), said) from error


def file_facts(connection: FileConnection, where: Path) -> dict[str, int | str]:
    """Sizes in bytes: of the file and its WAL on disk, free inside the file, and what its pages in use come to."""
    (statement,) = engine_sql("sqlite", "file")
    page_size, pages, free, auto_vacuum, journal, trees = next(rows(connection, statement.sql))
    wal = where.with_name(where.name + "-wal")
    return {
        "bytes": where.stat().st_size, "wal_bytes": wal.stat().st_size if wal.exists() else 0,
        "free_bytes": free * page_size, "auto_vacuum": ("none", "full", "incremental")[auto_vacuum],
        "page_size": page_size, "used_bytes": (pages - free) * page_size, "journal": journal,
        "fixed_size": trees * page_size,
    }


def size_facts(connection: FileConnection, where: Path, known: Catalog) -> dict[str, int]:
    """What the size of a tree in the file is reckoned with: the cost of a row, and what an empty store takes."""
    return {"row_cost": row_cost.measured(connection, known),
            "fixed_size": int(file_facts(connection, where)["fixed_size"])}
