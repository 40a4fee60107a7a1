"""Statements on one line, and their values: how an engine spells them, and how they are read back from a plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..compiler.dialects import DIALECTS
from ..compiler.render import OPENED, Value, literal, open_lines

NUMBER_OR_NULL = r"-?\d{1,19}|NULL"
Speller = Callable[[Mapping[str, Value]], str]
LITERALS = {  # MySQL alone reads a backslash inside quotes as an escape
    **dict.fromkeys(("mysql", "mysql8"), rf"'(?:[^'\\]++|''|\\.)*+'|{NUMBER_OR_NULL}"),
    **dict.fromkeys(("sqlite", "postgres", "tsql"), rf"N?'(?:[^']++|'')*+'|{NUMBER_OR_NULL}"),
}


def speller(name: str, engine: str) -> Speller:
    """A function that writes the INSERT of template `name` on one line."""
    (line,) = open_lines(name, engine)
    texts = OPENED.split(line.sql + ";")  # and between them the names of values
    form, slots = "%s".join(one.replace("%", "%%") for one in texts[::2]), texts[1::2]

    def spell(values: Mapping[str, Value]) -> str:
        return form % tuple([value if type(value) is int else literal(value, engine)
                             for value in map(values.__getitem__, slots)])

    return spell


def end_of_values(text: str, start: int, engine: str) -> int:
    """Where the values of a line end: at the first semicolon outside quotes."""
    found = re.compile(rf"(?:{LITERALS[engine]}|[^;']++)*+").match(text, start)
    return found.end() if found else start


def value_of(token: str, engine: str) -> Value:
    """The value of a literal as it stands in a plan."""
    if token == "NULL":
        return None
    if token[-1] != "'":
        return int(token)
    if DIALECTS[engine] == "mysql" and "\\" in token:
        from ..compiler.portable import unquoted  # only here: it takes a while to load

        return unquoted(token, engine)
    return token[token.index("'") + 1:-1].replace("''", "'")


def without_comment(text: str, engine: str) -> str:
    """A line of the list up to the end of its statement, without the semicolon."""
    return text[:end_of_values(text, 0, engine)]
