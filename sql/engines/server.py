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
from urllib.parse import parse_qsl, unquote

from ..compiler.statements import engine_sql
from ..refusal import BAD_VALUE, UNSUPPORTED, Refusal
from ..words import program
from .spooled import whole

Host = tuple[str, int | None]

# One of a URL's hosts, with its port: an address of IPv6 stands in brackets.
HOST = re.compile(r"(?:\[(?P<v6>[^\[\]]+)\]|(?P<name>[^:\[\]]*))(?::(?P<port>\d*))?")
URL = re.compile(r"[\w.+-]+://(?P<place>[^/?#]*)(?:/(?P<path>[^?#]*))?(?:\?(?P<query>[^#]*))?(?:#.*)?", re.DOTALL)


@dataclass(frozen=True)
class Address:
    """A server store's URL, taken apart. `hosts` are tried in their order; `options` are the words of its query."""

    scheme: str
    hosts: tuple[Host, ...]
    user: str
    password: str
    database: str
    options: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return self.hosts[0][0]

    @property
    def port(self) -> int | None:
        return self.hosts[0][1]

    def shown(self) -> str:
        """Where the store is, without user, password or query; a schema of its own stands behind a `#`."""
        hosts = ",".join((f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
                         for host, port in self.hosts)
        schema = re.search(r"search_path\s*=\s*\"?([^\s,\"]+)", self.options.get("options", ""))
        return f"{self.scheme}://{hosts}/{self.database}" + (f"#{schema[1]}" if schema else "")


def address(where: str, scheme: str) -> Address:
    """Take a URL apart; raises `Refusal` 64 when it names no database or cannot be read. Never repeats it."""
    shape = (f"it is {scheme}://HOST:PORT/DATABASE, with a comma between several HOST:PORT; USER:PASSWORD and an at "
             "sign may stand before them.")
    parts = URL.fullmatch(where)
    who, _, place = parts["place"].rpartition("@") if parts else ("", "", "[")
    hosts = tuple(map(_host, place.split(",")))
    if not parts or None in hosts:
        raise Refusal(f"The {scheme}:// URL cannot be read: its host or port is not one; {shape}", BAD_VALUE)
    database = unquote((parts["path"] or "").lstrip("/"))
    if not database or "/" in database:
        raise Refusal(f"The {scheme}:// URL names no database; {shape}", BAD_VALUE)
    user, _, password = who.partition(":")
    return Address(scheme, tuple(host for host in hosts if host), unquote(user), unquote(password), database,
                   dict(parse_qsl(parts["query"] or "", keep_blank_values=True)))


def _host(text: str) -> Host | None:
    """A host and its port; None for what is not one."""
    found = HOST.fullmatch(text)
    port = int(found["port"]) if found and found["port"] else None
    if not found or port is not None and not 0 < port < 1 << 16:
        return None
    return (found["v6"] or found["name"]).lower(), port


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


def lines(found: Iterable[Sequence[object]], piece: int = 1 << 18) -> Iterator[bytes]:
    """Rows as COPY and LOAD DATA both read them, about so many octets at a time: a tab between two values, a backslash
    and an N for NULL. A huge text is cut, so that there is no second one of it."""
    waiting, size = list[bytes](), 0
    for row in found:
        between = b""
        for value in row:
            waiting.append(between)
            between = b"\t"
            octets = octets_of(value)
            if octets is None:
                waiting.append(b"\\N")
            elif len(octets) <= piece:
                waiting.append(_escaped(octets))
                size += len(octets)
            else:
                yield b"".join(waiting)
                waiting, size = [], 0
                with memoryview(octets) as view:
                    yield from (_escaped(view[at:at + piece]) for at in range(0, len(view), piece))
        waiting.append(b"\n")
        if size > piece:
            yield b"".join(waiting)
            waiting, size = [], 0
        del row, value, octets  # before the next is read: a row may be huge
    yield b"".join(waiting)


def _escaped(octets: bytes | bytearray | memoryview) -> bytes:
    return bytes(octets).replace(b"\\", b"\\\\").replace(b"\t", b"\\t").replace(b"\n", b"\\n").replace(b"\r", b"\\r")


def octets_of(value: object) -> bytes | bytearray | None:
    """A text's octets, or a number's digits; None for NULL. Raises `Refusal` 78 for a BLOB."""
    value = whole(value)
    if value is None or isinstance(value, bytearray):
        return value
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        raise Refusal("A row holds a BLOB where a server has a text; bring it back into an SQLite file.", UNSUPPORTED)
    return str(value).encode()


class Counted:
    """Rows, and how many have been taken so far."""

    def __init__(self, found: Iterable[Sequence[object]]):
        self._found, self.number = found, 0

    def __iter__(self) -> Iterator[Sequence[object]]:
        for row in self._found:
            self.number += 1
            yield row
            del row  # before the next is read: a row may be huge


def slow_writes(connection: Connection) -> str:
    return ""


def sliceable(connection: Connection) -> bool:
    return False


def slices(connection: Connection, table: str, column: str, id: object) -> None:
    return None


def overwrite(connection: Connection, table: str, column: str, id: object, value: object) -> bool:
    return False


def changes(connection: Connection) -> None:
    return None


def collided(connection: Any, error: Exception) -> bool:
    return False


def resume(connection: Any, error: Exception) -> bool:
    return False


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
