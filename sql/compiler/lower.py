"""From the portable tree to the tree that the stock printer of an engine prints right.

Nothing of sqlglot is subclassed or changed: its compiled build refuses both. Each engine's folder says in
functions.sql, content.sql and attached.sql how it spells the functions of the portable subset, and in types.sql how it
spells the types.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

import sqlglot
from sqlglot import exp, jsonpath

from ..refusal import UNSUPPORTED, Refusal
from .check import is_work_table
from .dialects import DIALECTS, own_file
from .read_once import read_once, reads

FUNCTIONS = ("functions_modern.sql", "functions.sql", "content.sql", "attached.sql")
WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def lower(tree: exp.Expr, dialect: str, modern: bool = False) -> exp.Expr:
    """Return the portable statement as `dialect` says it; `modern` allows what SQLite has since 3.43."""
    spelled = functools.partial(_spelling, dialect, modern)
    for node in reversed(list(tree.walk(bfs=False))):  # children before parents
        new = _step(node, dialect, spelled)
        if new is node:
            continue
        if node is tree:
            tree = new
        else:
            node.replace(new)
    if dialect == "postgres" and reads(tree):
        return read_once(tree, own_file("postgres", "read_once.sql").read_text())
    return tree


def _step(node: exp.Expr, dialect: str, spelled: Callable[[str], exp.Expr | None]) -> exp.Expr:
    if isinstance(node, exp.Anonymous):
        return _call(spelled, node.name.lower(), dialect, *node.expressions)
    if isinstance(node, exp.Lower) and spelled("ascii_lower"):
        return _call(spelled, "ascii_lower", dialect, node.this)
    if isinstance(node, exp.JSONExtractScalar):
        return _call(spelled, "json_text", dialect, node.this, node.expression)
    if isinstance(node, exp.JSONSet):
        new: exp.Expr = node.this
        for path, value in zip(node.expressions[::2], node.expressions[1::2], strict=True):
            new = _call(spelled, "json_put", dialect, new, path, value)
        return new
    if isinstance(node, exp.JSONRemove):
        kept: exp.Expr = node.this
        for path in node.expressions:
            kept = _call(spelled, "json_drop", dialect, kept, path)
        return kept
    if isinstance(node, exp.Ordered) and dialect == "postgres":
        node.set("nulls_first", bool(node.args.get("desc")))  # its own default, so that nothing is printed
    elif isinstance(node, exp.ColumnDef):
        _spell_type(node, dialect)
    elif isinstance(node, exp.Literal) and node.is_string and dialect == "tsql" and not node.name.isascii():
        return exp.National(this=node.name)
    elif isinstance(node, exp.Delete) and DIALECTS[dialect] == "mysql":
        return _delete_by_join(node)
    elif isinstance(node, (exp.Table, exp.Column)) and dialect == "tsql":
        _mark_temporary(node)
    elif isinstance(node, exp.Identifier) and dialect == "tsql" and node.name.upper() in _reserved():
        node.set("quoted", True)
    return node


def _call(spelled: Callable[[str], Any], name: str, dialect: str, *args: exp.Expr) -> exp.Expr:
    """Fill the engine's spelling of a function: `:a` the subject, `:p` a JSON path, `:v` a value."""
    tree: exp.Expr = spelled(name).copy()
    given = {"a": args[0]}
    if len(args) > 1:
        given["p"] = _path(args[1], dialect)
    if len(args) > 2:
        given["v"] = args[2]
    for slot in list(tree.find_all(exp.Placeholder)):
        slot.replace(given[slot.name].copy())
    return tree


def _spelling(dialect: str, modern: bool, name: str) -> Any:
    """How an engine says a function: its files are read in turn, as far as that takes."""
    files = (_functions(dialect, file) for file in FUNCTIONS[0 if modern else 1:])
    return next((spelled[name] for spelled in files if name in spelled), None)


@functools.cache
def _functions(dialect: str, file: str) -> dict[str, exp.Expr]:
    tree: Any = sqlglot.parse_one(own_file(dialect, file).read_text(), read=DIALECTS[dialect])
    return {item.alias: item.unalias() for item in tree.selects}


@functools.cache
def _types(dialect: str) -> dict[str, Any]:
    """The engine's own column definitions, by the portable type's name."""
    tree = sqlglot.parse_one(own_file(dialect, "types.sql").read_text(), read=DIALECTS[dialect])
    return {column.name: column for column in tree.find_all(exp.ColumnDef)}


def _spell_type(column: Any, dialect: str) -> None:
    portable = column.kind.this.value.lower()
    if portable not in _types(dialect):
        raise Refusal(f"column {column.name}: type {portable} is not in sql/engines/{dialect}/types.sql.", UNSUPPORTED)
    model = _types(dialect)[portable]
    kind = model.kind.copy()
    if column.kind.expressions:  # the length is the template's
        kind.set("expressions", [size.copy() for size in column.kind.expressions])
    column.set("kind", kind)
    # A collation stands before NOT NULL and PRIMARY KEY, or SQL Server and MariaDB refuse it.
    column.set("constraints", [c.copy() for c in model.constraints] + list(column.constraints))


def _keys(path: exp.Expr) -> list[str | int]:
    tree = jsonpath.parse(path.name, dialect="sqlite") if isinstance(path, exp.Literal) else path
    keys: list[str | int] = []
    for step in tree.expressions:
        if isinstance(step, (exp.JSONPathKey, exp.JSONPathSubscript)):
            keys.append(step.this)
        elif not isinstance(step, exp.JSONPathRoot):
            raise Refusal(f"JSON path {path.sql('sqlite')}: only keys and positions are portable.", UNSUPPORTED)
    return keys


def _path(path: exp.Expr, dialect: str) -> exp.Expr:
    """The JSON path of a function, as the engine writes paths."""
    keys = _keys(path)
    quoted = ['"' + str(key).replace("\\", "\\\\").replace('"', '\\"') + '"' for key in keys]
    if dialect == "postgres":
        plain = [str(k) if WORD.fullmatch(str(k)) or isinstance(k, int) else q
                 for k, q in zip(keys, quoted, strict=True)]
        return exp.Literal.string("{" + ",".join(plain) + "}")
    steps = [f"[{k}]" if isinstance(k, int) else "." + (k if WORD.fullmatch(k) else q)
             for k, q in zip(keys, quoted, strict=True)]
    return exp.Literal.string("$" + "".join(steps))


def _delete_by_join(node: exp.Delete) -> exp.Expr:
    """MariaDB before 11.1 runs DELETE .. IN (SELECT ..) as a dependent subquery, row by row: join instead."""
    where = node.args.get("where")
    conditions = list(where.this.flatten()) if where and isinstance(where.this, exp.And) else \
        [where.this] if where else []
    chosen = next((c for c in conditions if isinstance(c, exp.In) and c.args.get("query")), None)
    if chosen is None:
        return node
    query = chosen.args["query"].unnest().copy()
    query.selects[0].replace(exp.alias_(query.selects[0].unalias().copy(), "doomed_key"))
    table, column = node.this.name, chosen.this.name
    shape = own_file("mysql", "delete_by_join.sql").read_text()
    new: exp.Expr = sqlglot.parse_one(shape, read="mysql").transform(
        lambda n: exp.to_identifier(table) if isinstance(n, exp.Identifier) and n.name == "target"
        else exp.to_identifier(column) if isinstance(n, exp.Identifier) and n.name == "target_key" else n)
    for part in new.walk():
        part.comments = None  # the file's own explain it to its reader, not to a plan's
    next(new.find_all(exp.Subquery)).this.replace(query.distinct())
    rest = [c.copy() for c in conditions if c is not chosen]
    if rest:
        new.set("where", exp.Where(this=exp.and_(*rest)))
    return new


@functools.cache
def _reserved() -> frozenset[str]:
    """Words that SQL Server takes for no name unless they stand in brackets; `top` and `revert` are columns here."""
    return frozenset(own_file("tsql", "reserved.txt").read_text().split())


def _mark_temporary(node: exp.Table | exp.Column) -> None:
    """SQL Server's temporary tables begin with #, at each mention."""
    identifier = node.this if isinstance(node, exp.Table) else node.args.get("table")
    if isinstance(identifier, exp.Identifier) and is_work_table(identifier.name):
        identifier.set("temporary", True)
