"""Tables whose rows belong to no session, on their way into a copy: row by row, by their keys; and what each origin has
of a project, which may lie in another folder there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..engines import TextLimits
from ..schema.migrate import Column, Table
from ..store import Store
from .fitting import unfit
from .sums import Sum, row_digest

PROJECT = "project"


@dataclass
class Merged:
    """Rows that were written; `left` are those that the copy cannot hold, and why; `projects` were not the same on both
    sides: True for those that the source overwrote."""

    rows: int = 0
    left: dict[str, str] = field(default_factory=dict)
    projects: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Merging:
    """One table on both sides. `alone`: no other origin brings rows here, so that the source's are the only ones."""

    source: Store
    target: Store
    table: Table
    there: Table
    poorer: bool
    alone: bool

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.there.columns if column.name in self.table.names]

    def run(self, template: str) -> int:
        return self.target.run(f"transfer/{template}", shape=self.there, columns=self.names)

    def merge(self) -> Merged:
        """Rows that differ are overwritten, new ones added, others stay.

        A project that differs is overwritten only where the source wrote to it later; so is any row where another
        origin may have brought it, and one without a time stays then. `poorer` lets the source win.
        """
        done = Merged()
        if self._equal():
            return done
        self._send(done)
        self.target.engine_run("begin")
        self.target.engine_ready("unhurried")
        self.run("merge_same")
        if left := self._left():
            if self.table.name == PROJECT:
                self._compare_projects(done)
            if not self.poorer and (self.table.name == PROJECT or not self.alone):
                self.run("merge_without")
                left = self._left()
            self.run("merge")
            self.run("merge_same")
            done.rows = left
            if self._left():
                self.target.engine_run("rollback")
                return Merged(left=done.left | {f"table {self.table.name}": "came back different from the server"})
        self.target.engine_run("commit")
        return done

    def _equal(self) -> bool:
        """Whether both sides have the same rows, as after a run of the only origin."""
        here, there = Sum(), Sum()
        with self._octets():
            for row in self.source.rows("transfer/merge_rows", shape=self.table, columns=self.names):
                here.add(row_digest(self.table.name, row))
            for row in self.target.rows("transfer/merge_rows", shape=self.there, columns=self.names):
                there.add(row_digest(self.table.name, row))
        return here == there

    @contextmanager
    def _octets(self) -> Iterator[None]:
        """From a file to a file texts go as octets, whatever they hold."""
        with ExitStack() as stack:
            for store in (self.source, self.target) if self.target.path else ():
                stack.enter_context(store.octets())
            yield

    def _left(self) -> int:
        return int(self.target.one("transfer/merge_left", shape=self.there)[0])

    def _send(self, done: Merged) -> None:
        """All rows into a work table, read back from there."""
        sent, received, work = Sum(), Sum(), f"lc_in_{self.there.name}"
        if work in self.target.made:
            self.run("merge_none")
        else:
            self.target.made.add(work)
            self.run("merge_work")
        with self._octets():
            self.target.on.write(self.target.connection, work, self.names, self._fitting(done, sent))
            for row in self.target.rows("transfer/merge_came", shape=self.there, columns=self.names):
                received.add(row_digest(self.table.name, row))
        if received != sent:
            done.left[f"table {self.table.name}"] = "came back different from the server"
            self.run("merge_none")

    def _fitting(self, done: Merged, sent: Sum) -> Iterator[tuple[Any, ...]]:
        columns = [column for column in self.there.columns if column.name in self.table.names]
        limits = None if self.target.path else self.target.on.limits(self.target.connection)
        for number, row in enumerate(self.source.rows("transfer/merge_rows", shape=self.table, columns=self.names), 1):
            if limits and (why := _unfit(columns, row, limits)):
                done.left[f"row {number} of {self.table.name}"] = why
                continue
            sent.add(row_digest(self.table.name, row))
            yield row

    def _compare_projects(self, done: Merged) -> None:
        if {"id", "time_updated"} <= set(self.names):
            differing = self.target.rows("transfer/merge_differs", shape=self.there, columns=self.names)
            done.projects = {id: bool(later) or self.poorer for id, later in differing}


def _unfit(columns: list[Column], row: tuple[Any, ...], limits: TextLimits) -> str:
    return next((f"{column.name} {said}" for column, value in zip(columns, row, strict=True)
                 if (said := unfit(column, value, limits))), "")


def projects_of(copy: Store, origin: str | None) -> dict[str, dict[str, Any]]:
    """By id, the rows of projects as an origin has them, without what is NULL there."""
    if origin is None or not copy.catalog.has("lifecycle_project"):
        return {}
    return {id: json.loads(said, object_hook=_again) for id, said in copy.rows("transfer/project_known",
                                                                              {"origin": origin})}


def _octets(value: Any) -> dict[str, str]:
    return {"octets": bytes(value).hex()}


def _again(found: dict[str, Any]) -> Any:
    return bytes.fromhex(found["octets"]) if found.keys() == {"octets"} else found


def note_projects(source: Store, target: Store, table: Table, origin: str, now: int) -> None:
    """Write down the rows of projects as this origin has them, where they are not what is written there."""
    known = dict(target.rows("transfer/project_known", {"origin": origin}))
    names = list(table.names)
    changed = []
    for row in source.rows("transfer/merge_rows", shape=table, columns=names):
        values = dict(zip(names, row, strict=True))
        said = json.dumps({name: value for name, value in values.items() if value is not None}, default=_octets)
        if isinstance(id := values.get("id"), str) and id.isprintable() and len(id) <= 191 and known.get(id) != said:
            folder = values.get("worktree")
            shown = folder if isinstance(folder, str) and folder.isprintable() else None
            changed.append((origin, id, shown, said, now))
    if not changed:
        return
    target.engine_run("begin")
    try:
        for _, id, *_ in changed:
            target.run("transfer/project_forget", {"origin": origin, "project_id": id})
        target.on.write(target.connection, "lifecycle_project",
                        ("origin", "project_id", "worktree", "fields", "seen"), changed)
        target.engine_run("commit")
    except BaseException:
        target.roll_back()
        raise
