"""Statements on one line, and their values: how an engine spells them, and how they are read back from a plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

import sqlglot
from sqlglot import exp

from ..compiler.lower import DIALECTS, lower
from ..compiler.render import Value, literal, source

NUMBER_OR_NULL = r"-?\d{1,19}|NULL"
PLAIN = re.compile(r"[\w./-]*", re.ASCII)  # text that every engine quotes in the same way
Speller = Callable[[Mapping[str, Value]], str]
LITERALS = {  # MySQL alone reads a backslash inside quotes as an escape
    **dict.fromkeys(("mysql", "mysql8"), rf"'(?:[^'\\]++|''|\\.)*+'|{NUMBER_OR_NULL}"),
    **dict.fromkeys(("sqlite", "postgres", "tsql"), rf"N?'(?:[^']++|'')*+'|{NUMBER_OR_NULL}"),
}


def speller(name: str, engine: str, columns: tuple[str, ...]) -> Speller:
    """A function that writes the INSERT of template `name` on one line; the parsing is done once."""
    tree = sqlglot.parse_one(source(name, {}), read="sqlite")
    tree.comments = None
    for slot in list(tree.find_all(exp.Placeholder)):
        slot.replace(exp.column(f"slot_{slot.name}"))
    line = lower(tree, engine).sql(dialect=DIALECTS[engine])
    pattern = re.compile(r"\bslot_(\w+)\b")

    def spell(values: Mapping[str, Value]) -> str:
        return pattern.sub(lambda slot: _spelled(values[slot[1]], engine), line) + ";"

    return spell


def _spelled(value: Value, engine: str) -> str:
    return str(value) if isinstance(value, int) else "NULL" if value is None else _quoted(value, engine)


@cache
def _quoted(value: str, engine: str) -> str:
    if PLAIN.fullmatch(value):  # as nearly all ids are: sqlglot would take longer than all the rest of a line
        return f"'{value}'"
    return lower(literal(value), engine).sql(dialect=DIALECTS[engine])


def end_of_values(text: str, start: int, engine: str) -> int:
    """Where the values of a line end: at the first semicolon outside quotes."""
    found = re.compile(rf"(?:{LITERALS[engine]}|[^;']++)*+").match(text, start)
    return found.end() if found else start


def value_of(token: str, engine: str) -> Value:
    if token == "NULL":
        return None
    if token[-1] != "'":
        return int(token)
    if DIALECTS[engine] == "mysql":
        return sqlglot.parse_one(token, read="mysql").this
    return token[token.index("'") + 1:-1].replace("''", "'")


def without_comment(text: str, engine: str) -> str:
    return text[:end_of_values(text, 0, engine)]
