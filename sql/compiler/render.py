"""From a template to an engine's SQL: Jinja for structure, a check, the lowering, the printer; then values as literals.

A template's path under `sql/`, without its ending, is its name: `retention/verdict`. Jinja decides which tables and
columns are there to speak of; it never inserts a value. Values are `:name` placeholders: each is written where the
printed statement has it open, as sqlglot quotes it for the engine.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from ..refusal import FAILED, Refusal
from . import dialects, kept
from .statements import OPEN, Statement

Value = str | int | None
OPENED = re.compile(rf"\b{OPEN}(\w+)\b")
PLAIN = re.compile(r"[ -&(-\[\]-~]*")  # text that every engine quotes in the same way: no quote, no backslash


def names() -> list[str]:
    """All templates that pass through sqlglot; files that begin with an underscore hold macros."""
    found = (path.relative_to(dialects.HERE) for path in dialects.HERE.glob("*/*.sql"))
    return sorted(str(path.with_suffix("")) for path in found if not path.name.startswith(("_", "client")))


def render(name: str, dialect: str, structure: Mapping[str, object], values: Mapping[str, Value],
           modern: bool = False) -> list[Statement]:
    """Render a template for `dialect`; every placeholder must have a value in `values`.

    Raises `Refusal` for an unknown name, for SQL outside the portable subset, and for a value no literal can hold.
    """
    def value(slot: re.Match[str]) -> str:
        if slot[1] not in values:
            raise Refusal(f"{name}.sql needs a value for :{slot[1]}.", FAILED)
        return literal(values[slot[1]], dialect)

    return [Statement(OPENED.sub(value, one.sql), one.comment) if OPEN in one.sql else one
            for one in kept.printed(name, dialect, structure, modern)]


def open_lines(name: str, dialect: str) -> list[Statement]:
    """The statements of a template each on one line, with `OPENED` where values are to come."""
    return kept.printed(name, dialect, {}, False, pretty=False)


@functools.lru_cache(maxsize=4096)
def literal(value: Value, dialect: str) -> str:
    """A value as an engine's literal; raises `Refusal` 64 for a NUL character."""
    if not isinstance(value, str):
        return "NULL" if value is None else str(int(value))
    if PLAIN.fullmatch(value):  # as nearly all ids are: sqlglot would take longer than all the rest of a statement
        return f"'{value}'"
    from .portable import quoted  # only here: it takes a while to load

    return quoted(value, dialect)
