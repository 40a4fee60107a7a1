"""What a text column of a server can hold: a NUL, octets that are no UTF-8, a BLOB or a word where a number belongs
stay out, with the whole session, by name."""

from __future__ import annotations

import re

from ..engines import TextLimits
from ..schema.migrate import ID_LENGTH, Column

ESCAPED = "\n\r\x1a\"'\\"  # take two octets in a literal of the engine that has a longest statement (MariaDB)
STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
BRACKET = re.compile(r"[\[\]{}]")
ID = Column("id", "varchar", ID_LENGTH)


def unfit(column: Column, value: object, limits: TextLimits) -> str:
    """Why a server's column cannot hold a value, in words; empty when it can."""
    if value is None:
        return "is missing" if column.name == "id" and column.kind == "varchar" else ""
    if column.kind in ("bigint", "double"):
        number = isinstance(value, int) and -(1 << 63) <= value < 1 << 63
        if number or column.kind == "double" and isinstance(value, float) and abs(value) <= 1.7976931348623157e308:
            return ""
        return f"holds {type(value).__name__} where a number belongs"
    if not isinstance(value, str):
        return "holds a BLOB" if isinstance(value, bytes) else "holds a number where text belongs"
    if "\0" in value:
        return "holds a NUL character"
    try:
        octets = len(value) if value.isascii() else len(value.encode("utf-8"))
    except UnicodeEncodeError:
        return "holds octets that are no UTF-8"
    if column.length and len(value) > column.length:
        return f"has {len(value)} characters, more than {column.length}"
    longest = limits.octets
    if longest and octets * 2 > longest and octets + sum(map(value.count, ESCAPED)) > longest:
        return f"has {octets} octets, more than the server's max_allowed_packet takes"
    if limits.levels and value.count("[") + value.count("{") > limits.levels < levels(value):
        return f"is nested deeper than the {limits.levels} levels of JSON that the server reads"
    return ""


def levels(text: str) -> int:
    """How deep a JSON text is nested; brackets in its strings do not count."""
    level = deepest = 0
    for mark in BRACKET.findall(STRING.sub("", text)):
        level += 1 if mark in "[{" else -1
        deepest = max(deepest, level)
    return deepest
