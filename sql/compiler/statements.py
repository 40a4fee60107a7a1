"""SQL texts as they lie in the package: cut into statements, and those that one engine alone knows."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..refusal import FAILED, Refusal
from .dialects import own_file

SLOT = re.compile(r"(?<![:\w]):([a-z_]+)\b")
OPEN = "slot_"            # how a name begins that stands in a printed statement where a value is to come


@dataclass(frozen=True)
class Statement:
    """One statement as an engine reads it, without its semicolon, and the comment a reviewer reads above it."""

    sql: str
    comment: str = ""

    def text(self) -> str:
        lines = [f"-- {line}".rstrip() for line in self.comment.splitlines()]
        return "\n".join([*lines, self.sql + ";"])


def split(text: str) -> Iterator[tuple[int, str, str]]:
    """Cut SQL text into (line number, leading comment, statement).

    A statement ends with a semicolon at the end of a line, outside a `$gc$` body.
    """
    start, in_body = 1, False
    comments: list[str] = []
    body: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not body and stripped.startswith("--"):
            comments.append(stripped[2:].strip())
        elif body or stripped:
            start = start if body else number
            body.append(line)
            in_body ^= line.count("$gc$") % 2 == 1
            if stripped.endswith(";") and not in_body:
                yield start, "\n".join(comments), "\n".join(body).strip()[:-1]
                comments, body = [], []
    if body:
        raise Refusal(f"A statement that begins on line {start} has no semicolon at the end of a line.", FAILED)


def engine_sql(dialect: str, name: str, **values: int) -> list[Statement]:
    """Statements that only one engine knows, from its own folder, untouched but for whole numbers in `:slots`."""
    return [Statement(SLOT.sub(lambda slot: str(int(values[slot[1]])), body) if values else body, comment)
            for _, comment, body in _engine_text(dialect, name)]


def own_sql(dialect: str, name: str) -> list[Statement]:
    """The same of a file that only some engines have; nothing for an engine that declares in `not_needed.txt` that it
    needs none. Raises `Refusal` 1 for one that has neither: a lock that nobody wrote must not pass for none needed."""
    if own_file(dialect, f"{name}.sql").exists():
        return engine_sql(dialect, name)
    if name in not_needed(dialect):
        return []
    raise Refusal(f"The engine {dialect} has no {name}.sql; write it, or declare in its not_needed.txt why it needs "
                  "none.", FAILED)


@functools.cache
def not_needed(dialect: str) -> dict[str, str]:
    """The files of statements that an engine needs none of, by name, and why."""
    lines = own_file(dialect, "not_needed.txt").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)


@functools.lru_cache(maxsize=512)
def _engine_text(dialect: str, name: str) -> list[tuple[int, str, str]]:
    """The file of an engine's statements, read once: some of them begin and end every transaction."""
    return list(split(own_file(dialect, f"{name}.sql").read_text()))
