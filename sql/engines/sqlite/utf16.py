"""Stores whose texts are UTF-16: SQLite would make UTF-8 of them on the way, and lose what is half a surrogate pair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...compiler.statements import engine_sql
from .library import FileConnection


def wide(connection: FileConnection) -> str | None:
    """The codec of a store in UTF-16; None for UTF-8, and for what is no store."""
    return getattr(connection, "wide", None)


def wide_rows(connection: FileConnection, sql: str, codec: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query on a UTF-16 store. SQLite would make UTF-8 of its texts, and of half a surrogate pair another
    letter: so they are read as octets, and such a half becomes the three octets that UTF-8 would give it, which are
    no UTF-8 and so pass through an export and back as they are."""
    (peek, whole) = engine_sql("sqlite", "wide")
    width = len(connection.execute(peek.sql.replace("source", sql, 1)).description)
    names = ", ".join(f"c{at}" for at in range(width))
    start, text, end = parts(r"(.*?)<(.*)>(.*)", whole.sql)
    shown = ", ".join(text.replace("field", f"c{at}") for at in range(width))
    asked = start.replace("names", names, 1).replace("source", sql, 1) + shown + end
    make = connection.text_factory
    for row in connection.execute(asked):
        yield tuple(make(_narrow(value, codec)) if len(kind) == 4 and kind in ("text", b"text") else value
                    for value, kind in zip(row[::2], row[1::2], strict=True))


def parts(pattern: str, sql: str) -> tuple[str, ...]:
    """The groups of a pattern that a statement of our own is known to fit."""
    found = re.match(pattern, sql, re.DOTALL)
    assert found, sql
    return found.groups()


def _narrow(octets: bytes, codec: str) -> bytes:
    return octets.decode(codec, "surrogatepass").encode("utf-8", "surrogatepass")


def _widened(octets: bytes | bytearray, codec: str) -> bytes:
    """A text on its way into a UTF-16 store; an octet that is no UTF-8 becomes half a surrogate pair of its own."""
    try:
        return octets.decode("utf-8", "surrogatepass").encode(codec, "surrogatepass")
    except UnicodeDecodeError:
        return octets.decode("utf-8", "surrogateescape").encode(codec, "surrogatepass")


def bound(value: object, codec: str | None) -> Any:
    """A value as it is bound: texts as octets, which the statement makes texts of again."""
    if not isinstance(value, (str, bytearray)):
        return value
    octets = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    return octets if codec is None else _widened(octets, codec) or ""
