"""What the server engines share: reading a URL, one stream of rows at a time, identifiers in engine-only SQL."""

from __future__ import annotations

import re
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

from ..compiler.statements import engine_sql
from ..refusal import BAD_VALUE, UNSUPPORTED, Refusal
from ..words import program


@dataclass(frozen=True)
class Address:
    """A server store's URL, taken apart. `options` are the words of its query."""

    scheme: str
    host: str
    port: int | None
    user: str
    password: str
    database: str
    options: dict[str, str] = field(default_factory=dict)

    def shown(self) -> str:
        """Where the store is, without user, password or query; a schema of its own stands behind a `#`."""
        port = f":{self.port}" if self.port else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        schema = re.search(r"search_path\s*=\s*\"?([^\s,\"]+)", self.options.get("options", ""))
        return f"{self.scheme}://{host}{port}/{self.database}" + (f"#{schema[1]}" if schema else "")


def address(where: str, scheme: str) -> Address:
    """Take a URL apart; raises `Refusal` 64 when it names no database or cannot be read. Never repeats it."""
    try:
        parts = urlsplit(where)
        port = parts.port
    except ValueError:
        raise Refusal(f"The {scheme}:// URL cannot be read: its host or port is not one; "
                      f"it is {scheme}://USER:PASSWORD@HOST:PORT/DATABASE.", BAD_VALUE) from None
    database = unquote(parts.path.lstrip("/"))
    if not database or "/" in database:
        raise Refusal(f"The {scheme}:// URL names no database; it is {scheme}://USER:PASSWORD@HOST:PORT/DATABASE.",
                      BAD_VALUE)
    return Address(scheme, parts.hostname or "", port, unquote(parts.username or ""), unquote(parts.password or ""),
                   database, dict(parse_qsl(parts.query, keep_blank_values=True)))


class Connection:
    """A driver's connection, and the result that is still coming in over it, if one is."""

    def __init__(self, raw: Any):
        self.raw = raw
        self._open: Callable[[], Stream | None] = lambda: None

    def stream(self, source: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Rows one by one as the server sends them."""
        self.buffer_rest()
        rows = Stream(source)
        self._open = weakref.ref(rows)
        return rows

    def buffer_rest(self) -> None:
        """Make the connection free for another statement: what is left of an unfinished result is kept in memory."""
        rows = self._open()
        if rows is not None:
            rows.keep()
        self._open = lambda: None


class Stream:
    """An iterator over a result; one that nobody holds any more is closed with its source."""

    def __init__(self, source: Iterator[tuple[Any, ...]]):
        self._source = source
        self._kept: deque[tuple[Any, ...]] | None = None

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> tuple[Any, ...]:
        if self._kept is None:
            return next(self._source)
        if not self._kept:
            raise StopIteration
        return self._kept.popleft()

    def keep(self) -> None:
        if self._kept is None:
            self._kept = deque(self._source)


# --- what the contract asks of every engine, and a server has no need of ---


def octets(connection: Connection) -> AbstractContextManager[None]:
    return nullcontext()  # drivers give texts as str


def texts(found: Iterable[Sequence[object]]) -> Iterator[list[object]]:
    """Rows with their texts as str: those that came from a file of SQLite may be octets."""
    for row in found:
        yield [value.decode("utf-8", "surrogateescape") if isinstance(value, bytearray) else value for value in row]


def changes(connection: Connection) -> None:
    return None


def damaged(error: Exception) -> bool:
    return False  # whose disk it is sees to it


def interrupted(connection: Connection, late: Callable[[], bool], operations: int) -> AbstractContextManager[None]:
    return nullcontext()  # the timeouts of `prelude.sql` break statements off


def rewrite(connection: Connection, where: Path, *names: str) -> NoReturn:
    raise Refusal(f"Only an SQLite file is written anew whole; `{program()} vacuum` looks after a server.", UNSUPPORTED)


def run_to_end(connection: Connection, name: str, **values: int) -> NoReturn:
    raise Refusal(f"Only an SQLite file gives its free pages back in steps; `{program()} vacuum` looks after a server.",
                  UNSUPPORTED)


def named(dialect: str, name: str, table: str) -> str:
    """An engine's statement about one table: the word `target` in it becomes the table's name, quoted."""
    (statement,) = engine_sql(dialect, name)
    return re.sub(r"\btarget\b", lambda _: quoted(dialect, table), statement.sql)


def quoted(dialect: str, name: str) -> str:
    from ..compiler.portable import identifier  # only here: it takes a while to load

    return identifier(name, dialect)


def privilege(sql: str, table: str) -> str:
    """Which privilege a statement that was refused lacks on a table, in the engines' own words."""
    from ..compiler.portable import words_of  # only here: it takes a while to load

    said = words_of(sql)[:6]
    words = [word.upper() for word in said]
    if words[:1] == ["CREATE"] and "TEMPORARY" in words:
        return "TEMPORARY"
    changed = next((word for word in said[1:] if word.lower() == table.lower()), "")
    first = words[0].replace("COPY", "INSERT") if words and changed else "SELECT"
    return "SELECT, UPDATE" if "FOR UPDATE" in sql.upper() else first
