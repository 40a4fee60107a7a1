"""A template of the portable subset, checked, lowered and printed for one engine, with its values still open.

The only module that needs Jinja and sqlglot's parser; what it makes is kept (`kept.py`), so most runs never load it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import jinja2
import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError

from ..refusal import BAD_VALUE, FAILED, Refusal
from ..words import printable, program
from . import check, dialects
from .dialects import DIALECTS
from .lower import lower
from .statements import OPEN, Statement, split


@functools.cache
def templates() -> jinja2.Environment:
    """Jinja with marks of its own, since SQL uses braces and percent signs itself."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(dialects.HERE), undefined=jinja2.StrictUndefined, autoescape=False,
        block_start_string="<%", block_end_string="%>", variable_start_string="<<", variable_end_string=">>",
        comment_start_string="<#", comment_end_string="#>", line_comment_prefix=None, keep_trailing_newline=True,
    )


def source(name: str, structure: Mapping[str, object]) -> str:
    """A template's portable SQL, with its structure decided; raises `Refusal` 64 for an unknown name."""
    try:
        return templates().get_template(f"{name}.sql").render(structure)
    except jinja2.TemplateNotFound:
        raise Refusal(f"No template is called {printable(name)}; `{program()} render list` names all.",
                      BAD_VALUE) from None


def inspect(name: str, structure: Mapping[str, object]) -> list[str]:
    """Every fault of a template against the portable subset, as `name.sql:line: why`; empty when there is none."""
    try:
        _checked(name, source(name, structure))
    except Refusal as refusal:
        return str(refusal).splitlines()
    return []


def printed(name: str, dialect: str, structure: Mapping[str, object], modern: bool, pretty: bool) -> list[Statement]:
    """The statements of a template as `dialect` says them; `:name` stands there as a column named `OPEN` + name.

    Raises `Refusal` for an unknown name and for SQL outside the portable subset.
    """
    found = []
    for tree, comment in _checked(name, source(name, structure)):
        tree = tree.copy()
        for slot in list(tree.find_all(exp.Placeholder)):
            slot.replace(exp.column(OPEN + slot.name))
        sql = lower(tree, dialect, modern).sql(dialect=DIALECTS[dialect], pretty=pretty, max_text_width=110, copy=False,
                                               unsupported_level=ErrorLevel.RAISE)
        found.append(Statement(sql, comment))
    return found


def quoted(value: str, dialect: str) -> str:
    """A text as the engine quotes it; raises `Refusal` for a NUL character, which none takes in a literal."""
    if "\0" in value:
        raise Refusal(f"The value {value!r} holds a NUL character, which no engine takes in a literal.", BAD_VALUE)
    return lower(exp.Literal.string(value), dialect).sql(dialect=DIALECTS[dialect])


def identifier(name: str, dialect: str) -> str:
    """A name as the engine quotes it."""
    return exp.to_identifier(name, quoted=True).sql(dialect=DIALECTS[dialect])


def words_of(sql: str) -> list[str]:
    """The words of a statement, without the marks around them."""
    return [token.text for token in sqlglot.tokenize(sql)]


def unquoted(token: str, dialect: str) -> str:
    """A text from the engine's quotes."""
    return str(sqlglot.parse_one(token, read=DIALECTS[dialect]).this)


@functools.lru_cache(maxsize=64)
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
