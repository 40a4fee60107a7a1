"""Putting the rows of sessions into a store: whole trees in a transaction, each row as it was."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..catalog import ROOTS
from ..pace import TOO_BIG, TRIES, TooLong, tries
from ..refusal import UNSUPPORTED, Refusal
from ..retention.selection import project_id
from ..schema.upgrade import Upgrade
from ..store import Store
from ..words import printable
from .compare import Here, digest
from .folder import Folder
from .reader import Opened, Sealed, Stored
from .required import lacking, required
from .restored import Lacks, Restored, Stays
from .spool import HOPELESS, Tree, octets
from .vet import harmless

BATCH_ROWS = 500
BATCH_OCTETS = 1 << 20   # handed over at once; then the clock is looked at
LOG_BATCHES = 6           # of the log in a transaction of its own
WAITS = "is too big to come back while a client has the store open; close OpenCode, and run it again"


class Putting:
    """Puts rows back into a store."""

    def __init__(self, store: Store, way: Mapping[str | None, Mapping[str, int]], into: str | None,
                 folder: Folder | None = None):
        self.store, self.way, self.into = store, way, project_id(store, into, "--into-project")
        self.folder = folder
        self.here, self.upgrade = Here(store), Upgrade(store.catalog)
        self.required = required(store)
        self.projects: set[str] = set()
        self.new_projects: set[str] = set()
        self.ours = self.apart = self.present = False
        self.session: str | None = None
        self.key: object = None
        self.seq, self.seqs = -1, dict[str | None, int]()
        # Of each session in its order, since those whose ids are no text have no name: its id, whether it was there.
        self.there: list[tuple[object, bool]] = []
        self.batch: list[Any] = []
        self.octets = 0
        self.ahead: list[tuple[str, tuple[str, ...], list[Any]]] | None = None
        self.known: dict[tuple[str, tuple[str, ...]], Collection[bytes]] = {}
        self.tree = Restored(Path())
        if way:
            store.once("cascade/work")

    def bring(self, group: Sequence[Tree], done: Restored) -> None:
        """Trees in one transaction, which count once it is committed; why one of them stays out is told in `done`.

        A group that would keep a client waiting comes in halves. A long log comes after its tree, a little at a time:
        the client reads none of it, and the number that its next event gets is there with the tree. Whatever stops it
        half way, running it again completes the log.
        """
        parts = [list(group)]
        while parts:
            trees = parts.pop()
            self.at_hand = trees[0]
            try:
                if tries(partial(self._whole, trees), 1 if len(trees) > 1 else TRIES):
                    done.add(self.tree)
                    if trees[0].long_log:  # it comes alone
                        self._log_apart(trees[0], done)
                elif len(trees) == 1:
                    raise Stays(WAITS)
                else:
                    parts += [trees[len(trees) // 2:], trees[:len(trees) // 2]]
            except Stays as why:
                done.stayed[tree_name(self.at_hand.unit)] = str(why)
                done.lacking |= {tree_name(self.at_hand.unit)} if isinstance(why, Lacks) else set()
                trees.remove(self.at_hand)
                parts += [trees] if trees else []

    def _refuse_lacking(self, tree: Tree) -> None:
        """Before anything of it is written; a project that is there already needs nothing."""
        for table, columns in tree.shapes:
            if table != "project" and self.upgrade.row(table, dict.fromkeys(columns)) is not None:
                self._refuse_without(table, columns)

    def _refuse_without(self, table: str, columns: Iterable[str]) -> None:
        if column := lacking(self.required, table, columns):
            raise Lacks(table, column)

    def _whole(self, trees: Sequence[Tree]) -> None:
        try:
            self._begin(trees)
            for self.at_hand in trees:
                self._refuse_lacking(self.at_hand)
            if not self._put_anew(trees):
                self._put_by_turns(trees)
        except (Stays, TooLong):
            self._begin(trees)
            raise
        self.new_projects = set()

    def _put_by_turns(self, trees: Sequence[Tree]) -> None:
        """Put trees beside what the store has, on another host where this one is lost. Were they there already by then,
        what was cut off had been committed."""
        cut_off: list[Restored] = []

        def elsewhere() -> None:
            cut_off.append(self.tree)
            self.here = Here(self.store)

        self.store.transacted(lambda: self._all(trees), None if self.way else elsewhere)
        for tree in cut_off if not self.tree.rows else ():
            if self.tree.skipped == tree.skipped + sum(tree.rows.values()):
                self.tree = tree

    def _begin(self, trees: Sequence[Tree]) -> None:
        self.projects -= self.new_projects
        self.new_projects, self.batch, self.seqs, self.there = set(), [], {}, []
        self.tree = Restored(Path(), trees=len(trees))

    def _all(self, trees: Sequence[Tree]) -> None:
        self._begin(trees)
        self.store.engine_ready("unhurried")
        for self.at_hand in trees:
            self._make_way(self.way.get(self.at_hand.unit) or {})
            for item in self.at_hand.rest():
                self._take(item)
                del item  # before the next is read: a row may be huge
            if not self.at_hand.long_log:
                self._log(self.at_hand)

    def _put_anew(self, trees: Sequence[Tree]) -> bool:
        """Put trees into a file that has nothing of them, which is looked up before the lock is taken: under it rows
        are only written. False where there is something, or has come since."""
        if not self.store.path or self.way or sum(tree.seconds for tree in trees) > HOPELESS \
                or any(tree.huge for tree in trees):
            return False
        self.ahead = []
        try:
            self.store.engine_run("begin_read")
            self._all(trees)
        finally:
            self.store.engine_run("rollback")
            ahead, self.ahead = self.ahead, None
        if any(present for _, present in self.there):
            return False
        try:
            with self.store.transaction():
                for rows in ahead:
                    self.store.on.write(self.store.connection, *rows)
                    self.store.pace.check()
        except self.store.on.Conflict:
            return False
        return True

    def _take(self, item: Opened | Stored | Sealed) -> None:
        if isinstance(item, Opened):
            self.session, self.known, self.key = item.session, {}, None
        elif isinstance(item, Stored):
            self._row(item)
        else:
            self._write()
            self.tree.sessions.append(self.session)
            self.there.append((self.key, self.present))

    def _log(self, tree: Tree) -> None:
        """The events of a tree that is there; those that are in the store already stay as they are."""
        sessions = iter(self.there[-tree.sessions:])  # it is the last one that was taken
        for item in tree.log():
            if isinstance(item, Opened):
                self.session, self.known = item.session, {}
                self.key, self.present = next(sessions)
                self.here.look(self.key)
            elif isinstance(item, Stored):
                self._row(item)
            else:
                self._write()
            del item  # before the next is read: a row may be huge

    def _log_apart(self, tree: Tree, done: Restored) -> None:
        self.tree, self.apart = Restored(Path()), True
        try:
            self._log(tree)
        finally:
            self.apart, self.batch = False, []
            done.add(self.tree)

    def _arrive(self, key: object) -> None:
        """The session's own row tells its id as it is stored; see what the store has of it."""
        self.key = key
        self.here.look(key)
        self.present = self.here.there()
        self.seq = max(self.seqs.get(self.session, -1), self.here.last_event() if self.present else -1)
        if not self.present and self.session not in self.tree.replaced:
            self.tree.anew.append(self.session)

    def _make_way(self, sessions: Mapping[str, int]) -> None:
        """Remove what the store has of these sessions, if it is what was exported; the number of each one's last
        event is remembered, since it must never go down."""
        for session, exported in sessions.items():
            self.session = session
            self.here.look(session)
            if self.here.fingerprint() != exported:
                raise Stays(f"has changed in session {printable(session)} since it was exported, a moment ago")
            self.seqs[session] = self.here.last_event()
            self.here.look(session)
            self.store.run("transfer/replace")
            self.store.run("cascade/delete")
            self.tree.replaced.append(session)

    def _row(self, item: Stored) -> None:
        if item.table == "project":
            self._project(item.values)
            return
        arrives = item.table in ROOTS and self.key is None
        if arrives:
            self._arrive(item.values["id"])
        values = self._upgraded(item.table, item.values)
        if values is None:
            return
        if arrives and isinstance(folder := values.get("directory"), (str, bytearray)):
            self.tree.folders[_text(folder)] += 1
        if item.table == "event_sequence":
            values = {**values, "seq": max(self.seq, values["seq"])}
        if self.present and digest(values.values()) in self._stored(item.table, tuple(values)):
            self.tree.skipped += 1
            return
        self._add(item.table, values)
        if item.table == "session" and "cost" not in values and self.store.catalog.has("session", "cost"):
            self.tree.unpriced += 1

    def _upgraded(self, table: str, values: dict[str, Any]) -> dict[str, Any] | None:
        """The same, and what does not come is counted."""
        shaped = self.shaped(table, values)
        if shaped is None:
            self.tree.left[table] = self.tree.left.get(table, 0) + 1
            return None
        for name, value in shaped.items():
            if values[name] is not None and value is None:
                self.tree.left[f"{table}.{name}"] = self.tree.left.get(f"{table}.{name}", 0) + 1
        return shaped

    def shaped(self, table: str, values: dict[str, Any]) -> dict[str, Any] | None:
        """A row of the file as it becomes one of this store, None for one that the client's own upgrade removed."""
        upgraded = self.upgrade.row(table, values)
        if upgraded is None:
            return None
        if self.into and table in ROOTS:
            upgraded = {**upgraded, "project_id": self.into}
        if self.folder and table in ROOTS:
            upgraded = self.folder.placed(self.store, upgraded)
        return self._fitting(table, upgraded)

    def _project(self, values: dict[str, Any]) -> None:
        """The project's row comes back where it is missing; one that is there stays as it is."""
        id = _text(values["id"])
        if self.into or id in self.projects:
            return
        self.projects.add(id)
        self.new_projects.add(id)
        if id not in [found for (found,) in self.store.rows("retention/project", {"project": id})]:
            self._refuse_without("project", values)
            self._add("project", self._fitting("project", values if self.ours else harmless(values)))

    def _fitting(self, table: str, values: dict[str, Any]) -> dict[str, Any]:
        """Without columns that the store does not have, as long as they hold nothing."""
        extra = [name for name in values if not self.store.catalog.has(table, name)]
        for name in extra:
            if values[name] is not None:
                raise Refusal(f"Column {printable(f'{table}.{name}')} holds a value in the export, and "
                              f"{self.store.name} has no such column; restore it into a store of the same client "
                              "version.", UNSUPPORTED)
        return {name: value for name, value in values.items() if name not in extra} if extra else values

    def _stored(self, table: str, columns: tuple[str, ...]) -> Collection[bytes]:
        """Digests of the rows that the store has of the session, by the columns of the export."""
        if (table, columns) not in self.known:
            self.known[table, columns] = self.here.digests(table, columns)
        return self.known[table, columns]

    def _add(self, table: str, values: dict[str, Any]) -> None:
        kind = (table, tuple(values))
        times = LOG_BATCHES if self.apart else 1
        if self.batch and (self.batch[0] != kind or len(self.batch) > BATCH_ROWS * times):
            self._write()
        if not self.batch:
            self.batch, self.octets = [kind], 0
        self.batch.append(tuple(values.values()))
        self.octets += octets(values)
        if self.octets > BATCH_OCTETS * times:  # at once, before the next is read: a row may be huge
            self._write()

    def _write(self) -> None:
        """Put the rows that are waiting into the store: in the tree's transaction, or one of their own."""
        if not self.batch:
            return
        (table, columns), *rows = self.batch
        self.batch = []
        if self.ahead is not None:
            self.ahead.append((table, columns, rows))
        elif not self.apart:
            self._put(table, columns, rows)
            self.store.pace.check()
        elif not tries(lambda: self._put_apart(table, columns, rows)):
            raise Stays(f"is back, and its event log in part: {TOO_BIG}")
        self.tree.rows[table] = self.tree.rows.get(table, 0) + len(rows)

    def _put_apart(self, table: str, columns: tuple[str, ...], rows: list[Any]) -> None:
        def put() -> None:
            self.store.engine_ready("unhurried")
            self._put(table, columns, rows)

        self.store.transacted(put)

    def _put(self, table: str, columns: tuple[str, ...], rows: list[Any]) -> None:
        try:
            self.store.on.write(self.store.connection, table, columns, rows)
        except self.store.on.Conflict as error:
            raise Stays(f"has rows of session {printable(self.session)} in table {table} that are not those of the "
                        f"file ({printable(error)})") from None


def _text(value: str | bytearray) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, (bytearray, bytes)) else value


def tree_name(unit: str | None) -> str:
    """A tree as `stayed` names it."""
    return "" if unit is None else unit
