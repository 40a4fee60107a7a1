"""The closed world: which SQL a template may contain, checked on the parsed tree before anything is printed.

sqlglot prints a good deal of SQL that an engine refuses, or reads otherwise, without a word. So a node that is
not on the list below stops the rendering, with the template's name and line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlglot import exp

# Everything a template may say. A new entry needs a line in the conformance suite that runs it everywhere.
ALLOWED: frozenset[type[exp.Expr]] = frozenset({
    exp.Add, exp.Alias, exp.Alter, exp.And, exp.Anonymous, exp.Between, exp.Case, exp.Coalesce, exp.Column,
    exp.ColumnConstraint, exp.ColumnDef, exp.Count, exp.Create, exp.CTE, exp.DataType, exp.DataTypeParam,
    exp.Delete, exp.DPipe, exp.EQ, exp.Escape, exp.Exists, exp.From, exp.Group, exp.GT, exp.GTE, exp.Having,
    exp.Identifier, exp.If, exp.In, exp.Index, exp.IndexParameters, exp.Insert, exp.Is, exp.Join, exp.JSONExtractScalar,
    exp.JSONPath, exp.JSONPathKey, exp.JSONPathRoot, exp.JSONPathSubscript, exp.JSONRemove, exp.JSONSet,
    exp.Like, exp.Limit, exp.Literal, exp.Lower, exp.LT, exp.LTE, exp.Max, exp.Min, exp.Mul, exp.NEQ, exp.Neg,
    exp.Not, exp.NotNullColumnConstraint, exp.Null, exp.Or, exp.Order, exp.Ordered, exp.Paren, exp.Placeholder,
    exp.PrimaryKey, exp.PrimaryKeyColumnConstraint, exp.Properties, exp.RowNumber, exp.Schema, exp.Select, exp.Star,
    exp.Sub,    exp.Subquery, exp.Substring, exp.Sum, exp.Table, exp.TableAlias, exp.TemporaryProperty, exp.Tuple,
    exp.Union, exp.Update, exp.Values, exp.Where, exp.Window, exp.WindowSpec, exp.With,
})
# Functions beside sqlglot's own; each engine's folder defines every one of them, in functions.sql, content.sql or
# attached.sql.
FUNCTIONS = frozenset({
    "json_valid", "json_has", "octet_length", "clean_time", "checksum_text", "checksum_whole", "checksum_real",
    "worded", "fingerprint", "is_unsafe", "json_tail", "json_empty", "json_links", "json_spent", "json_editable",
    "json_count", "json_results", "json_cleared", "json_burden", "json_lightened", "json_thoughts", "json_unthought",
    "part_files", "message_files",
})
# The lists that a deletion of the client's rows may go by: what the guard of a removal let through, and what a
# reclamation found, each for the tables it may hold rows of (None: any).
LISTS: dict[str, frozenset[str] | None] = {
    "lc_doomed": None, "lc_superseded": frozenset({"event"}), "lc_ownerless": None,
    "lc_leftover_batch": None,
}
WORK_PREFIX = "lc_"
OWN_PREFIX = "lifecycle_"  # tables of ours on a server: pins, and the record of changes to its schema
STATEMENTS = (exp.Select, exp.Union, exp.Insert, exp.Update, exp.Delete, exp.Create, exp.Alter)
PREDICATES = (exp.Predicate, exp.Exists, exp.Not, exp.And, exp.Or, exp.Escape)


def is_work_table(name: str) -> bool:
    """Work tables of ours are temporary and wear a prefix, so that they can never hide a table of the client."""
    return name.startswith(WORK_PREFIX)


def faults(tree: exp.Expr) -> Iterator[tuple[exp.Expr, str]]:
    """Yield every node of a statement that one of the engines would refuse or misread, and why."""
    if not isinstance(tree, STATEMENTS):
        yield tree, f"{type(tree).__name__} is not a statement of the portable subset"
    for node in tree.walk():
        if type(node) not in ALLOWED:
            yield node, f"{type(node).__name__} is not in the portable subset"
        for rule in RULES.get(type(node), ()):
            if why := rule(node):
                yield node, why
    if why := _opens_twice(tree):
        yield tree, why


def _anonymous(node: exp.Anonymous) -> str | None:
    if node.name.lower() not in FUNCTIONS:
        return f"function {node.name} is not in the portable subset"
    return None


def _in(node: exp.In) -> str | None:
    if isinstance(node.this, exp.Tuple):
        return "a row value before IN: SQL Server has none"
    query = node.args.get("query")
    if query and query.find(exp.Limit):
        return "LIMIT inside IN: MySQL and MariaDB refuse it"
    if not query and not node.expressions:
        return "an empty IN: only SQLite reads it"
    return None


def _delete(node: exp.Delete) -> str | None:
    if node.args.get("limit") or node.args.get("order"):
        return "LIMIT or ORDER BY on DELETE: Postgres and SQL Server refuse it"
    if node.args.get("with_"):
        return "WITH before DELETE: MariaDB refuses it"
    if node.args.get("returning"):
        return "RETURNING has no equal on MySQL and SQL Server"
    if node.this.alias:
        return "an alias on the DELETE target: MariaDB and SQL Server refuse it"
    if node.args.get("using"):
        return "USING on DELETE: SQLite and SQL Server have none"
    ours = is_work_table(node.this.name) or node.this.name.startswith(OWN_PREFIX)
    if not ours and not any(_lists(t.name, node.this.name) for t in _listed(node)):
        return f"a DELETE on {node.this.name} that does not go by one of {', '.join(LISTS)}, as a key IN the list"
    return None


def _listed(node: exp.Delete) -> Iterator[exp.Table]:
    """What the `key IN (SELECT .. FROM ..)` conditions that every row to be deleted must meet read from."""
    where = node.args.get("where")
    conditions = where.this.flatten() if where and isinstance(where.this, exp.And) else [where.this] if where else []
    for condition in conditions:
        query = condition.args.get("query") if isinstance(condition, exp.In) else None
        source = query.unnest().args.get("from_") if query else None
        if source and isinstance(source.this, exp.Table):
            yield source.this


def _lists(name: str, target: str) -> bool:
    tables = LISTS.get(name, frozenset())
    return tables is None or target in tables


def _update(node: exp.Update) -> str | None:
    if node.args.get("limit") or node.args.get("order"):
        return "LIMIT or ORDER BY on UPDATE: Postgres and SQL Server refuse it"
    if node.args.get("with_"):
        return "WITH before UPDATE: MariaDB refuses it"
    if node.this.alias:
        return "an alias on the UPDATE target: SQL Server refuses it"
    if not node.args.get("where"):
        return "an UPDATE without WHERE"
    return None


def _insert(node: exp.Insert) -> str | None:
    if node.args.get("alternative") or node.args.get("conflict"):
        return "INSERT OR, ON CONFLICT: MySQL and SQL Server have none"
    if node.args.get("with_"):
        return "WITH before INSERT: MariaDB refuses it; put it after the column list"
    if not isinstance(node.this, exp.Schema) or node.args.get("default"):
        return "an INSERT without column names"
    return None


def _select(node: exp.Select) -> str | None:
    for item in node.selects:
        if isinstance(item.unalias(), PREDICATES):
            return "a predicate in the select list: SQL Server has no booleans; use CASE"
        if item.is_star:
            return "SELECT *: the client changes the order of columns; name them"
    return None


def _case(node: exp.Case) -> str | None:
    if node.args.get("this") is None:
        for branch in node.args["ifs"]:
            if not isinstance(branch.this.unnest(), PREDICATES):
                return "CASE WHEN without a comparison: SQL Server refuses it"
    return None


def _with(node: exp.With) -> str | None:
    return "recursive WITH: capped on SQL Server; use the climb" if node.args.get("recursive") else None


def _cte(node: exp.CTE) -> str | None:
    return "MATERIALIZED: SQLite and Postgres only" if node.args.get("materialized") is not None else None


def _values(node: exp.Values) -> str | None:
    return None if isinstance(node.parent, exp.Insert) else "VALUES as a table: its columns have no names on MySQL"


def _literal(node: exp.Literal) -> str | None:
    if node.is_string and "\0" in node.name:
        return "a NUL character in a literal"
    if node.is_string and "\\\n" in node.name:
        return "backslash and newline in a literal: SQL Server swallows both"
    return None


def _create(node: exp.Create) -> str | None:
    if node.kind not in ("TABLE", "INDEX"):
        return f"a CREATE {node.kind}: only tables and indexes are made"
    if node.args.get("exists"):
        return "IF NOT EXISTS: SQL Server would make the table in a batch of its own"
    if node.args.get("expression"):
        return "a CREATE from a SELECT: each engine gives its columns other types"
    if node.kind == "INDEX":
        return "a partial index: MySQL has none" if node.find(exp.Where) else None
    name = node.this.this.name if isinstance(node.this, exp.Schema) else node.this.name
    temporary = node.find(exp.TemporaryProperty) is not None
    if temporary != is_work_table(name):
        return f"{name}: work tables, and only they, are temporary and begin with {WORK_PREFIX}"
    return None


def _alter(node: exp.Alter) -> str | None:
    if not all(isinstance(action, exp.ColumnDef) for action in node.args["actions"]):
        return "an ALTER TABLE that does more than add a column"
    return None


def _table(node: exp.Table) -> str | None:
    if node.args.get("db"):
        return "a qualified table name"
    return None


def _column(node: exp.Column) -> str | None:
    return "rowid: only SQLite has one" if node.name.lower() in ("rowid", "_rowid_", "oid") else None


def _subquery(node: exp.Subquery) -> str | None:
    if isinstance(node.parent, (exp.From, exp.Join)) and not node.alias:
        return "a derived table without a name: Postgres and MySQL refuse it"
    return None


def _join(node: exp.Join) -> str | None:
    if node.args.get("using") or node.method or node.side.upper() == "FULL":
        return "a NATURAL or FULL join, or one by USING: SQL Server or MySQL has none"
    return None


def _tuple(node: exp.Tuple) -> str | None:
    return "a row value in a comparison: SQL Server has none" if isinstance(node.parent, exp.Binary) else None


def _ordered(node: exp.Ordered) -> str | None:
    if bool(node.args.get("nulls_first")) == bool(node.args.get("desc")):
        return "NULLS FIRST or LAST: MySQL and SQL Server have none"
    return None


def _order(node: exp.Order) -> str | None:
    subquery = node.find_ancestor(exp.In, exp.Exists)
    return "ORDER BY inside IN or EXISTS means nothing" if subquery else None


def _opens_twice(tree: exp.Expr) -> str | None:
    """MySQL cannot open one temporary table twice in a statement."""
    seen: set[str] = set()
    for table in tree.find_all(exp.Table):
        if is_work_table(table.name) and table.name in seen:
            return f"{table.name} is named twice: MySQL opens a temporary table once in a statement"
        seen.add(table.name)
    return None


RULES: dict[type, tuple[Callable[[Any], str | None], ...]] = {
    exp.Alter: (_alter,), exp.Anonymous: (_anonymous,), exp.In: (_in,), exp.Delete: (_delete,), exp.Update: (_update,),
    exp.Insert: (_insert,), exp.Select: (_select,), exp.Case: (_case,), exp.With: (_with,), exp.CTE: (_cte,),
    exp.Values: (_values,), exp.Literal: (_literal,), exp.Create: (_create,), exp.Table: (_table,),
    exp.Order: (_order,), exp.Column: (_column,), exp.Subquery: (_subquery,), exp.Join: (_join,),
    exp.Tuple: (_tuple,), exp.Ordered: (_ordered,),
}
