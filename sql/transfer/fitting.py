"""What a text column of a server can hold: a NUL, octets that are no UTF-8, a BLOB or a word where a number belongs
stay out, with the whole session, by name."""

from __future__ import annotations

import codecs
import re

from ..engines import TextLimits
from ..schema.migrate import ID_LENGTH, Column
from ..store import text_of

ESCAPED = (b"\n", b"\r", b"\x1a", b'"', b"'", b"\\")  # take two octets in a literal of MariaDB's
STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
BRACKET = re.compile(r"[\[\]{}]")
PIECE = 1 << 20
ID = Column("id", "varchar", ID_LENGTH)


def unfit(column: Column, value: object, limits: TextLimits) -> str:
    """Why a server's column cannot hold a value, in words; empty when it can."""
    if value is None:
        return "is missing" if column.name == "id" and column.kind == "varchar" else ""
    if column.kind in ("bigint", "double"):
        number = isinstance(value, int) and -(1 << 63) <= value < 1 << 63
        if number or column.kind == "double" and isinstance(value, float) and abs(value) <= 1.7976931348623157e308:
            return ""
        return f"holds {type(text_of(value)).__name__} where a number belongs"
    if not isinstance(value, (str, bytearray)):
        return "holds a BLOB" if isinstance(value, bytes) else "holds a number where text belongs"
    try:
        octets = value.encode() if isinstance(value, str) else value
        if octets is value and not octets.isascii():
            _refuse_no_utf8(octets)
    except UnicodeError:
        return "holds octets that are no UTF-8"
    if b"\0" in octets:
        return "holds a NUL character"
    if column.length and len(octets) > column.length and (length := len(str(text_of(value)))) > column.length:
        return f"has {length} characters, more than {column.length}"
    longest = limits.octets
    if longest and len(octets) * 2 > longest and len(octets) + sum(map(octets.count, ESCAPED)) > longest:
        return f"has {len(octets)} octets, more than the server's max_allowed_packet takes"
    if limits.levels and octets.count(b"[") + octets.count(b"{") > limits.levels < levels(str(text_of(value))):
        return f"is nested deeper than the {limits.levels} levels of JSON that the server reads"
    return ""


def _refuse_no_utf8(octets: bytearray) -> None:
    """Raise `UnicodeError`; a piece at a time, since a text may be huge."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with memoryview(octets) as view:
        for at in range(0, len(view), PIECE):
            decoder.decode(view[at:at + PIECE])
    decoder.decode(b"", final=True)


def levels(text: str) -> int:
    """How deep a JSON text is nested; brackets in its strings do not count."""
    level = deepest = 0
    for mark in BRACKET.findall(STRING.sub("", text)):
        level += 1 if mark in "[{" else -1
        deepest = max(deepest, level)
    return deepest
