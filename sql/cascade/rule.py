"""What every batch of a plan does, said once: its guard and its deletions as procedures of the connection, and the
line that calls them. An engine that keeps no procedure for a connection has each batch written in full."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..catalog import Catalog
from ..compiler.dialects import own_file
from ..compiler.layout import folded
from ..compiler.render import render
from ..compiler.statements import Statement, engine_sql, own_sql

GUARD, REMOVE, REMOVE_LOG = "lc_guard", "lc_remove", "lc_remove_log"
DELETION = re.compile(r"DELETE\s+(?:\w+\s+)?FROM\s+(?!lc_|#)(\w+)")


@dataclass(frozen=True)
class Step:
    """A piece of the script: its text, and the statement in it if there is one.

    `listed` is a line of the list, which may be struck out.
    """

    text: str
    sql: str | None = None
    listed: bool = False


@dataclass(frozen=True)
class Transaction:
    """A transaction in three parts: up to what may go, the deletions, the end. `text` is how it stands in the plan."""

    batch: int
    slice: int
    guard: tuple[str, ...]
    removal: tuple[str, ...]
    end: tuple[str, ...]
    text: str


class Rule:
    """The rule of one plan. `whole`: each batch is written in full; `modern`: for the library at hand, which may
    spell a function in a quicker way than every shell does."""

    def __init__(self, engine: str, catalog: Catalog, whole: bool, modern: bool = False):
        def rendered(name: str) -> list[Statement]:
            return [laid(one) for one in render(name, engine, {"store": catalog}, {}, modern)]

        self.engine, self.whole = engine, whole
        self.begin, self.commit = engine_sql(engine, "begin"), engine_sql(engine, "commit")
        # A server locks rows, not the whole store: those of the batch's sessions, before the guard looks at them.
        locked = [*own_sql(engine, "ready_marker"), *(
            statement for table in catalog.roots for statement in own_sql(engine, f"lock_{table}"))]
        self.bodies = {
            GUARD: [*locked, *rendered("cascade/guard"), *own_sql(engine, "ready_batch")],
            REMOVE: [*self._counting(rendered("cascade/delete")), *rendered("cascade/batch_none")],
        }
        if catalog.has("event"):
            self.bodies[REMOVE_LOG] = [*self._counting(rendered("cascade/delete_log")), *rendered("cascade/batch_none")]

    def _counting(self, statements: Iterable[Statement]) -> Iterator[Statement]:
        """After each deletion from a table of the client, the rows that went."""
        for statement in statements:
            yield statement
            if deletion := DELETION.match(statement.sql):
                yield from (Statement(one.sql.replace("target", deletion[1]), one.comment)
                            for one in engine_sql(self.engine, "counted"))

    def procedures(self) -> Iterator[Step]:
        """The statements that make the procedures, in their order; none where each batch is written in full."""
        for one in () if self.whole else own_sql(self.engine, "ready_calls"):
            yield Step(one.text() + "\n", one.sql)
        shape = own_file(self.engine, "procedure.sql").read_text()
        for name, statements in () if self.whole else self.bodies.items():
            body = "".join(f"\n\n{one.text()}" if one.comment else f"\n{one.text()}" for one in statements)
            if shape.rstrip().endswith('";'):  # the body stands in a literal
                body = body.replace("\\", "\\\\").replace('"', '""')
            body = "\n".join(f"  {line}".rstrip() for line in body.split("\n")).strip()
            text = shape.replace("step_name", name).replace("step_body", body, 1)
            yield Step(text, text.strip().removesuffix(";"))

    def transaction(self, batch: int, slice: int, choose: str) -> Transaction:
        """The transaction of a batch, or of a slice of its event log; `choose` is the statement that says which."""
        removal = REMOVE_LOG if slice else REMOVE
        guard, remove = (self.bodies[name] if self.whole else self._call(name) for name in (GUARD, removal))
        parts = ([*self.begin, Statement(choose), *guard], remove, self.commit)
        if self.whole:
            what = f"slice {slice} of its event log" if slice else "whole trees and subtrees"
            text = "\n".join(one.text() + "\n" for part in parts for one in part)
            text = f"-- Batch {batch}: {what}.\n{text}"
        else:
            text = " ".join(f"{one.sql};" for part in parts for one in part)
        guarded, removed, ended = (tuple(one.sql for one in part) for part in parts)
        return Transaction(batch, slice, guarded, removed, ended, text)

    def _call(self, name: str) -> list[Statement]:
        return [Statement(one.sql.replace("step_name", name)) for one in engine_sql(self.engine, "call")]


def opening_of(engine: str, whole: bool) -> str:
    """What stands before the statement that says which batch it is, on the batch's own line."""
    return "" if whole else "".join(f"{one.sql}; " for one in engine_sql(engine, "begin"))


def laid(statement: Statement) -> Statement:
    """The same statement, laid out in as few lines as fit."""
    return Statement(folded(statement.sql), statement.comment)
