"""Bringing sessions back from an export, byte for byte, a tree in a transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import state
from .apply import let_go, refuse_migration
from .catalog import ROOTS
from .foreign import read_foreign
from .intake import Opened, Sealed, Stored, is_export, read
from .refusal import BAD_VALUE, FAILED, UNSUPPORTED, Refusal
from .select import project_id
from .source import Source
from .store import Store, text_of
from .words import printable

BATCH_ROWS = 500
BATCH_OCTETS = 8 << 20
REMOVALS = ("prune", "apply", "enforce", "reclaim")


@dataclass(frozen=True)
class Held:
    """A session in a file: its id, the root it went with, title, rows by table; whether the client can import it."""

    session: str | None
    unit: str | None
    title: str
    active: int
    rows: dict[str, int]
    importable: bool
    lost: tuple[str, ...]
    redacted: bool


@dataclass
class Restored:
    """What came back: sessions and rows by table, and rows that were there already, unchanged."""

    path: Path
    sessions: list[str] = field(default_factory=list)
    trees: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    skipped: int = 0


def contents(path: Path) -> list[Held]:
    """The sessions of a file, read from front to end; raises `Refusal` for one that is damaged or cut short."""
    found, opened = [], None
    for item in _rows(path):
        if isinstance(item, Opened):
            opened = item
        elif isinstance(item, Sealed):
            info = item.info
            found.append(Held(opened.session, opened.unit, str(info.get("title") or ""),
                              info.get("time", {}).get("updated") or 0, item.rows, item.importable,
                              tuple(item.lost), opened.redacted))
    return found


def _rows(path: Path) -> Iterator[Opened | Stored | Sealed]:
    return read(path) if is_export(path) else read_foreign(path)


def chosen(held: list[Held], session: str | None, path: Path) -> list[Held]:
    """All sessions, or those of the tree that one is in."""
    if session is None:
        return held
    units = {one.unit for one in held if one.session == session}
    if not units:
        raise Refusal(f"{printable(session)} is not in {path}; `invoke restore {path} --list` shows what is.",
                      BAD_VALUE)
    return [one for one in held if one.unit in units]


def restore(store: Store, path: Path, session: str | None = None, replace: bool = False, into: str | None = None,
            progress: Callable[[int, int], object] = lambda done, of: None) -> Restored:
    """Put the sessions of a file back, or the tree of one.

    The whole file is read and held against its digests before the first row is written. Raises `Refusal`: 1 for a
    damaged file and for rows that are in the store and differ (without `replace`), 64 for a redacted file or a
    session that is not in it, 78 for tables that the store does not have.
    """
    refuse_migration(store)
    wanted = chosen(contents(path), session, path)
    _refuse_unfit(store, wanted, path)
    if (Path(__file__).parent / store.engine / "restore_open.sql").exists():
        store.engine_run("restore_open")
    back = _Back(store, replace, project_id(store, into, "--into-project"))
    units = {one.unit for one in wanted}
    done = Restored(path)
    for item in _rows(path):
        if isinstance(item, Opened):
            skipping = item.unit not in units
        if not skipping:
            back.take(item, done)
            if isinstance(item, Sealed):
                progress(len(done.sessions), len(wanted))
    back.finish(done)
    return done


def _refuse_unfit(store: Store, held: list[Held], path: Path) -> None:
    if any(one.redacted for one in held):
        raise Refusal(f"{path} is redacted: it was made to be shown, and cannot be restored.", BAD_VALUE)
    tables = {table for one in held for table in one.rows}
    missing = sorted(table for table in tables if not store.catalog.has(table))
    if "session" in missing and store.catalog.has("session_v2"):
        raise Refusal(f"{path} holds sessions of client 1.x, and {store.name} has only the tables of 2.x: take an "
                      "element out of the array into a file of its own, and `opencode import` it.", UNSUPPORTED)
    if missing:
        raise Refusal(f"{path} holds rows of table {missing[0]}, which {store.name} does not have; restore it into a "
                      "store of the same client version.", UNSUPPORTED)


class _Back:
    """Puts rows back into a store, tree by tree."""

    def __init__(self, store: Store, replace: bool, into: str | None):
        self.store, self.replace, self.into = store, replace, into
        self.source = Source(store)
        self.projects: set[str] = set()
        self.unit: object = None
        self.open = self.present = False
        self.session: str | None = None
        self.key: object = None
        self.seq = -1
        self.batch: list = []
        self.octets = 0
        if replace:
            store.run("cascade/work")

    def take(self, item: Opened | Stored | Sealed, done: Restored) -> None:
        try:
            if isinstance(item, Opened):
                self._begin(item, done)
            elif isinstance(item, Stored):
                self._row(item, done)
            else:
                self._write(done)
                done.sessions.append(self.session)
        except BaseException:
            let_go(self.store)
            raise

    def finish(self, done: Restored) -> None:
        if self.open:
            self.store.engine_run("commit")
            self.open, done.trees = False, done.trees + 1

    def _begin(self, item: Opened, done: Restored) -> None:
        if not self.open or item.unit != self.unit:
            self.finish(done)
            self.store.engine_run("begin")
            self.open, self.unit = True, item.unit
        self.session, self.known, self.seq, self.key = item.session, {}, -1, None

    def _arrive(self, key: object) -> None:
        """The session's own row tells its id as it is stored; see what the store has of it."""
        self.key = key
        self._look()
        self.present = any(True for name in self.source.tables if name != "project"
                           for _ in self.source.rows(name)) or bool(self.source.list_messages())
        if self.present and self.replace:
            self._make_way()

    def _look(self) -> None:
        self.source.queue([self.key])
        self.source.next()

    def _make_way(self) -> None:
        """Remove what the store has of the session; its event number is remembered, since it must never go down."""
        if "event_sequence" in self.source.tables:
            at = self.source.tables["event_sequence"].columns.index("seq")
            self.seq = max([-1, *(row[at] for row in self.source.rows("event_sequence"))])
        self.store.run("transfer/replace")
        self.store.run("cascade/delete")
        self.present = False

    def _row(self, item: Stored, done: Restored) -> None:
        values = item.values
        if item.table == "project":
            self._project(values, done)
            return
        if item.table in ROOTS and self.key is None:
            self._arrive(values["id"])
        if self.into and item.table in ROOTS:
            values = {**values, "project_id": self.into}
        if item.table == "event_sequence":
            values = {**values, "seq": max(self.seq, values["seq"])}
        values = self._fitting(item.table, values)
        if self.present and _digest(values.values()) in self._stored(item.table, tuple(values)):
            done.skipped += 1
            return
        self._add(item.table, values, done)

    def _project(self, values: dict, done: Restored) -> None:
        """The project's row comes back where it is missing; one that is there stays as it is."""
        id = _text(values["id"])
        if self.into or id in self.projects:
            return
        self.projects.add(id)
        if id not in [found for (found,) in self.store.rows("retention/project", {"project": id})]:
            self._add("project", self._fitting("project", values), done)

    def _fitting(self, table: str, values: dict) -> dict:
        """Without columns that the store does not have, as long as they hold nothing."""
        extra = [name for name in values if not self.store.catalog.has(table, name)]
        for name in extra:
            if values[name] is not None:
                raise Refusal(f"Column {table}.{name} holds a value in the export, and {self.store.name} has no such "
                              "column; restore it into a store of the same client version.", UNSUPPORTED)
        return {name: value for name, value in values.items() if name not in extra} if extra else values

    def _stored(self, table: str, columns: tuple[str, ...]) -> set[bytes]:
        """Digests of the rows that the store has of the session, by the columns of the export."""
        if (table, columns) not in self.known:
            at = [self.source.tables[table].columns.index(column) for column in columns]
            self._look()
            with self.source.store.octets():
                found = {_digest(row[i] for i in at) for row in self._of(table)}
            self.known[table, columns] = found
        return self.known[table, columns]

    def _of(self, table: str) -> Iterator:
        if table != "message":
            yield from self.source.rows(table)
        if table in ("message", "part"):
            for _ in range(self.source.list_messages()):
                self.source.next_message()
                yield from list(self.source.below(table))

    def _add(self, table: str, values: dict, done: Restored) -> None:
        kind = (table, tuple(values))
        if self.batch and (self.batch[0] != kind or len(self.batch) > BATCH_ROWS or self.octets > BATCH_OCTETS):
            self._write(done)
        if not self.batch:
            self.batch, self.octets = [kind], 0
        self.batch.append(tuple(values.values()))
        self.octets += sum(len(v) for v in values.values() if isinstance(v, (str, bytes, bytearray)))

    def _write(self, done: Restored) -> None:
        if not self.batch:
            return
        (table, columns), *rows = self.batch
        self.batch = []
        if not hasattr(self.store.on, "octets"):  # a driver that knows texts as str only
            rows = [[text_of(v) for v in row] for row in rows]
        try:
            self.store.on.write(self.store.connection, table, columns, rows)
        except self.store.on.Conflict as error:
            raise Refusal(
                f"Session {printable(self.session)} has rows in table {table} of {self.store.name} that are not those "
                f"of the export ({printable(error)}); nothing of its tree was restored. --replace puts the exported "
                "rows in their place.", FAILED) from None
        done.rows[table] = done.rows.get(table, 0) + len(rows)


def _text(value: str | bytearray) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, (bytearray, bytes)) else value


def _digest(values) -> bytes:
    """What tells two rows apart: types and octets."""
    same = [bytes(v.encode("utf-8", "surrogateescape")) if isinstance(v, str) else
            bytes(v) if isinstance(v, bytearray) else ("blob", v) if isinstance(v, bytes) else (type(v).__name__, v)
            for v in values]
    return hashlib.sha256(repr(same).encode()).digest()[:16]


def last_removal(store: Store) -> Path:
    """The export of the last run that removed something from this store, or what a reclamation kept of it.

    Raises `Refusal` 64 when there is none to undo.
    """
    for run in reversed(state.runs(store.name)):
        removed = run["verb"] in REMOVALS and (run["sessions"] or run["export"])
        if not removed and not (run["verb"] == "reclaim" and run["export"]):
            continue
        if not run["export"]:
            raise Refusal(f"The last removal from {store.name} was made without an export, so it cannot be undone.",
                          BAD_VALUE)
        path = Path(run["export"])
        if not path.is_file():
            raise Refusal(f"The export of the last removal is gone: {path}.", BAD_VALUE)
        return path
    raise Refusal(f"Nothing was removed from {store.name} yet; there is nothing to undo.", BAD_VALUE)
