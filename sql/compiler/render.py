"""From a template to an engine's SQL: Jinja for structure, a check, values as literals, the lowering, the printer.

A template's path under this folder, without its ending, is its name: `retention/verdict`. Jinja decides which
tables and columns are there to speak of; it never inserts a value. Values are `:name` placeholders, replaced in
the tree by literals that sqlglot quotes for the engine.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2
import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError

from ..refusal import BAD_VALUE, FAILED, Refusal
from ..words import printable, program
from . import check
from .lower import DIALECTS, lower, own_file

HERE = Path(__file__).parents[1]
SLOT = re.compile(r"(?<![:\w]):([a-z_]+)\b")
Value = str | int | None


@dataclass(frozen=True)
class Statement:
    """One statement as an engine reads it, without its semicolon, and the comment a reviewer reads above it."""

    sql: str
    comment: str = ""

    def text(self) -> str:
        lines = [f"-- {line}".rstrip() for line in self.comment.splitlines()]
        return "\n".join([*lines, self.sql + ";"])


@functools.cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), undefined=jinja2.StrictUndefined, autoescape=False,
        block_start_string="<%", block_end_string="%>", variable_start_string="<<", variable_end_string=">>",
        comment_start_string="<#", comment_end_string="#>", line_comment_prefix=None, keep_trailing_newline=True,
    )


def names() -> list[str]:
    """All templates that pass through sqlglot; files that begin with an underscore hold macros."""
    found = (path.relative_to(HERE) for path in HERE.glob("*/*.sql"))
    return sorted(str(path.with_suffix("")) for path in found if not path.name.startswith(("_", "client")))


def render(name: str, dialect: str, structure: Mapping[str, object], values: Mapping[str, Value],
           modern: bool = False) -> list[Statement]:
    """Render a template for `dialect`; every placeholder must have a value in `values`.

    Raises `Refusal` for an unknown name, for SQL outside the portable subset, and for a value no literal can hold.
    """
    text = source(name, structure)
    return [
        fixed or Statement(_print(lower(_bind(tree.copy(), name, values), dialect, modern), dialect), comment)
        for (tree, comment), fixed in zip(_checked(name, text), _without_values(name, text, dialect, modern),
                                          strict=True)
    ]


def inspect(name: str, structure: Mapping[str, object]) -> list[str]:
    """Every fault of a template against the portable subset, as `name.sql:line: why`; empty when there is none."""
    try:
        _checked(name, source(name, structure))
    except Refusal as refusal:
        return str(refusal).splitlines()
    return []


@functools.lru_cache(maxsize=512)
def _without_values(name: str, text: str, dialect: str, modern: bool) -> list[Statement | None]:
    """Statements that need no value, printed once for the process; None where one is needed."""
    return [None if tree.find(exp.Placeholder) else
            Statement(_print(lower(tree.copy(), dialect, modern), dialect), comment)
            for tree, comment in _checked(name, text)]


def source(name: str, structure: Mapping[str, object]) -> str:
    """A template's portable SQL, with its structure decided; raises `Refusal` 64 for an unknown name."""
    try:
        return _templates().get_template(f"{name}.sql").render(structure)
    except jinja2.TemplateNotFound:
        raise Refusal(f"No template is called {printable(name)}; `{program()} render list` names all.",
                      BAD_VALUE) from None


@functools.lru_cache(maxsize=512)
def _checked(name: str, text: str) -> list[tuple[exp.Expr, str]]:
    trees, faults = [], []
    for line, comment, body in split(text):
        try:
            tree = sqlglot.parse_one(body, read="sqlite")
        except ParseError as error:
            faults.append(f"{name}.sql:{line}: sqlglot cannot parse this: {error.errors[0]['description']}")
            continue
        faults += [f"{name}.sql:{line + _line(node)}: {why}" for node, why in check.faults(tree)]
        for node in tree.walk():
            node.comments = None
        trees.append((tree, comment))
    if faults:
        raise Refusal("\n".join(faults), FAILED)
    return trees


def _line(node: exp.Expr) -> int:
    """Lines below the statement's first at which a node stands, as far as its identifiers tell."""
    for child in node.walk():
        if "line" in child.meta:
            return int(child.meta["line"]) - 1
    return 0


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


def _bind(tree: exp.Expr, name: str, values: Mapping[str, Value]) -> exp.Expr:
    for slot in list(tree.find_all(exp.Placeholder)):
        if slot.name not in values:
            raise Refusal(f"{name}.sql needs a value for :{slot.name}.", FAILED)
        slot.replace(literal(values[slot.name]))
    return tree


def literal(value: Value) -> exp.Expr:
    """A value as a node that sqlglot quotes for each engine; raises `Refusal` for a NUL character."""
    if value is None:
        return exp.null()
    if isinstance(value, int):
        return exp.Literal.number(int(value))
    if "\0" in value:
        raise Refusal(f"The value {value!r} holds a NUL character, which no engine takes in a literal.", BAD_VALUE)
    return exp.Literal.string(value)


def _print(tree: exp.Expr, dialect: str) -> str:
    return tree.sql(dialect=DIALECTS[dialect], pretty=True, unsupported_level=ErrorLevel.RAISE, max_text_width=110,
                    copy=False)


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
