"""Postgres reads a JSON text anew at each mention: where a SELECT mentions one more than once, it is read once.

The other engines have no use for this: SQLite and MariaDB look for a key in the text itself.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlglot
from sqlglot import exp


def read_once(tree: exp.Expr, shape: str) -> exp.Expr:
    """Where a SELECT reads the same JSON text of a table more than once, read it beside the row, once, if at all.

    `shape` is the text of read_once.sql. What would be read from a text just written, gc_json(gc_text(j, t)), is not
    read at all: it is j.
    """
    for call in reversed(list(tree.find_all(exp.Dot))):
        if _calls(call, "gc_json") and _calls(call.expression.expressions[0], "gc_text"):
            call.replace(call.expression.expressions[0].expression.expressions[0])
        elif _calls(call, "gc_text") and _calls(call.expression.expressions[1], "gc_text"):
            original = call.expression.expressions[1].expression.expressions[1]
            call.expression.set("expressions", [call.expression.expressions[0], original])
    for select in list(tree.find_all(exp.Select)):
        sources = {t.alias_or_name for t in select.find_all(exp.Table) if t.parent_select is select}
        readings: dict[tuple[str, str], list[exp.Expr]] = {}
        for call in select.find_all(exp.Dot):
            text = call.expression.expressions[0] if _calls(call, "gc_json") else None
            if (isinstance(text, exp.Column) and call.parent_select is select and text.table in sources
                    and not _is_last_resort(call)):
                readings.setdefault((text.table, text.name), []).append(call)
        for (table, column), calls in readings.items():
            if len(calls) > 1:
                alias = f"{table}_{column}"
                needed = _any(_needed(part, calls) for part in select.iter_expressions())
                select.append("joins", _reading(shape, table, column, alias, needed))
                for reading in calls:
                    reading.replace(exp.column("document", table=alias))
                for part in select.expressions:
                    _spare_guard(part.unalias(), needed, exp.column("document", table=alias))
    return tree


def _calls(node: exp.Expr, function: str) -> bool:
    return isinstance(node, exp.Dot) and isinstance(node.expression, exp.Anonymous) and \
        node.expression.name == function


def reads(node: exp.Expr) -> bool:
    """Whether a statement reads a text as JSON."""
    return any(_calls(call, "gc_json") for call in node.find_all(exp.Dot))


def _is_last_resort(call: exp.Expr) -> bool:
    """Whether a CASE asks the JSON only after the text itself gave no answer: that is seldom, so it reads by itself."""
    branch = call.find_ancestor(exp.If)
    while branch:
        branches = branch.parent.args["ifs"] if isinstance(branch.parent, exp.Case) else []
        others = [other for other in branches if other is not branch]
        if others and branch is branches[-1] and reads(branch.this) and not any(map(reads, others)):
            return True
        branch = branch.find_ancestor(exp.If)
    return False


def _needed(node: exp.Expr, calls: list[exp.Expr]) -> exp.Expr:
    """The condition on which one of the calls below a node is reached: what each CASE decides before it."""
    if any(node is call for call in calls):
        return exp.true()
    if not isinstance(node, exp.Case) or node.this:
        return _any(_needed(part, calls) for part in node.iter_expressions())
    branches: list[exp.If] = []
    rest = _needed(node.args["default"], calls) if node.args.get("default") else exp.false()
    for branch in reversed(node.args["ifs"]):
        asked, then = _needed(branch.this, calls), _needed(branch.args["true"], calls)
        if asked != exp.false() or branch.this.find(exp.Select):  # which reads by itself, or is not worth asking twice
            rest = exp.true() if _any((asked, then, rest, *(b.args["true"] for b in branches))) != exp.false() else rest
            branches = []
        elif branches or then != rest:
            branches.insert(0, exp.If(this=branch.this.copy(), true=then))
    return exp.Case(ifs=branches, default=rest) if branches else rest


def _spare_guard(node: exp.Expr, needed: exp.Expr, document: exp.Column) -> None:
    """Where the last guard of a CASE has decided already whether there is a document, look for that in its place, and
    in that of the guards before it that say NULL: a long text is not searched twice. Only what is NULL without a
    document has such a guard."""
    from sqlglot.optimizer.simplify import simplify

    if not (isinstance(node, exp.Case) and isinstance(needed, exp.Case)) or node.args.get("default"):
        return
    last, decisive = node.args["ifs"][-1], needed.args["ifs"][-1]
    if last.this != decisive.this or decisive.args["true"] != exp.true() or needed.args["default"] != exp.false():
        return
    without = last.args["true"].copy().transform(lambda n: exp.null() if n == document else n)
    if simplify(without, dialect="postgres") == exp.null():
        last.set("this", exp.Not(this=exp.Is(this=document.copy(), expression=exp.null())))
        others = [branch for branch in node.args["ifs"][:-1] if branch.args["true"] != exp.null()]
        node.set("ifs", [*others, last])


def _any(conditions: Iterable[exp.Expr]) -> exp.Expr:
    found = [condition for condition in dict.fromkeys(conditions) if condition != exp.false()]
    return exp.true() if exp.true() in found else exp.or_(*found) if found else exp.false()


def _reading(shape: str, table: str, column: str, alias: str, needed: exp.Expr) -> exp.Expr:
    """The join of read_once.sql, for a column of a table."""
    names = {"source": table, "field": column, "reading": alias}
    join: exp.Expr = sqlglot.parse_one(shape, read="postgres").args["joins"][0].transform(
        lambda n: exp.to_identifier(names[n.name]) if isinstance(n, exp.Identifier) and n.name in names else n)
    reading = next(join.find_all(exp.Case))
    if needed == exp.true():
        reading.replace(reading.args["ifs"][0].args["true"])
    else:
        next(reading.find_all(exp.Placeholder)).replace(needed)
    return join
