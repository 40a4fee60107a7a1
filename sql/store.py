"""A store: where it is, a connection to it, what is in it. Verbs speak to the store; the store to its engine."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from . import state
from .catalog import Catalog
from .compiler.render import Value, render
from .compiler.statements import Statement, engine_sql, own_sql
from .engines import SCHEMES, Engine, engine_module
from .files import client_data, file_number
from .pace import Pace
from .refusal import BAD_VALUE, BUSY, NO_STORE, Refusal
from .side_effects import refuse_planted
from .words import program

Done = TypeVar("Done")
TURNS = 8                 # of a transaction that loses to others, on a server
SHORT = 0.02              # seconds between the first two, at most; then twice as many each time


class Stoppable(Protocol):
    """What a verb did, transaction by transaction: rows by table, and what stopped it, as a sentence without its full
    stop."""

    rows: dict[str, int]
    stopped: str


@dataclass
class Store:
    """An open store. `name` says where it is, without user, password or query; `path` is None on a server; `ignored`
    are unknown tables and triggers that the user goes on with (`--ignore-table`)."""

    engine: str
    name: str
    path: Path | None
    connection: object
    catalog: Catalog
    made: set[str] = field(default_factory=set)
    ignored: Collection[str] = ()
    pace: Pace = field(default_factory=Pace)
    told: Callable[..., object] = lambda *what, **share: None  # hears what is done, for whoever waits

    @property
    def on(self) -> Engine:
        """The driver that speaks to the store's engine."""
        return engine_module(self.engine)

    def render(self, template: str, values: Mapping[str, Value] | None = None, **structure: Any) -> list[Statement]:
        modern = self.on.is_modern()
        return render(template, self.engine, {"store": self.catalog, **structure}, values or {}, modern)

    def run(self, template: str, values: Mapping[str, Value] | None = None, **structure: Any) -> int:
        """Run every statement of a template that returns no rows; the rows that they touched."""
        touched, statements = 0, self.render(template, values, **structure)
        for number, statement in enumerate(statements):
            self.told(template, number, len(statements))
            touched += self.on.execute(self.connection, statement.sql)
        return touched

    def once(self, template: str) -> None:
        """Run a template that makes work tables, unless this connection has them."""
        if template not in self.made:
            self.made.add(template)
            self.run(template)

    def rows(self, template: str, values: Mapping[str, Value] | None = None,
             **structure: Any) -> Iterator[tuple[Any, ...]]:
        """Stream the rows of a template of one SELECT."""
        (statement,) = self.render(template, values, **structure)
        return self.on.rows(self.connection, statement.sql)

    def one(self, template: str, values: Mapping[str, Value] | None = None, **structure: Any) -> tuple[Any, ...]:
        """The only row of a template, read to its end."""
        return list(self.rows(template, values, **structure))[0]

    def octets(self) -> AbstractContextManager[None]:
        """Texts as octets for as long as rows are read, where the engine can; from a server they come as str."""
        return self.on.octets(self.connection)

    def engine_run(self, name: str, **values: int) -> None:
        """Run statements of the engine's own folder."""
        for statement in engine_sql(self.engine, name, **values):
            self.on.execute(self.connection, statement.sql)

    @contextmanager
    def only_run(self) -> Iterator[None]:
        """Hold the store against a second run of ours: a server by a lock of the connection, a file by one of our own
        on this machine, whatever name either run reaches it by. Raises `Refusal`, mostly 75, where it cannot."""
        with self.on.only_run(self.connection, self.name), \
                state.only_run(self.name, file_number(self.path)) if self.path else nullcontext():
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that writes: the lock at once, committed at the end, taken back when anything is raised.

        Raises `TooLong` when a client would have had to wait for it longer than it should.
        """
        with self.pace.turn(self):
            self.engine_run("begin")
            self.pace.begun()
            try:
                yield
                self.pace.check()
                with self.committing():
                    self.engine_run("commit")
            except BaseException:
                self.roll_back()
                raise

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Around a commit: where the connection is lost, the error says that nobody knows whether it was done."""
        try:
            yield
        except self.on.Error as error:
            error.unsure = not self.on.alive(self.connection)  # type: ignore[attr-defined]
            raise

    def again(self, work: Callable[[], Done], ready: Callable[[], object] | None = None) -> Done:
        """Do the whole of a transaction: anew where it lost to another one, and on another host of the URL where the
        connection was lost, if `ready` can make there what this connection had. Raises what the last try met."""
        turn, lost = 0, False
        while True:
            turn += 1
            try:
                if lost and ready:
                    ready()
                lost = False
                return work()
            except self.on.Error as error:
                with suppress(self.on.Error):
                    self.roll_back()
                if turn == TURNS:
                    raise
                if self.on.collided(self.connection, error):
                    time.sleep(random.uniform(0, SHORT * 2 ** turn))
                elif ready and self.on.resume(self.connection, error):
                    self.made.clear()
                    lost = True
                else:
                    raise

    def transacted(self, work: Callable[[], Done], ready: Callable[[], object] | None = None) -> Done:
        """Do it in a transaction of its own, and once more where `again` does it."""
        def whole() -> Done:
            with self.transaction():
                return work()

        return self.again(whole, ready)

    def roll_back(self) -> None:
        """End a transaction that something stopped half way, if the connection still has one."""
        if self.on.alive(self.connection) and self.on.in_transaction(self.connection):
            self.engine_run("rollback")

    def explain(self, error: Exception) -> str:
        """A refusal, or an error of the engine, as a sentence without its full stop."""
        try:
            with self.on.explained(self.name):
                raise error
        except Refusal as refusal:
            return str(refusal).rstrip(".")

    @contextmanager
    def telling(self, done: Stoppable) -> Iterator[None]:
        """What stops a verb before it changed a row is raised; later `done`, which says what it did, tells it too."""
        try:
            yield
        except (Refusal, self.on.Error) as error:
            self.roll_back()
            if not any(done.rows.values()):
                raise
            done.stopped = self.explain(error)

    def refuse_migration(self) -> None:
        """Raise `Refusal` 75 while the client moves its sessions from 1.x to 2.x."""
        if self.catalog.has("kv") and self.one("cascade/migrating")[0]:
            raise Refusal("The client is moving its sessions from 1.x to 2.x; nothing is removed until that is done.",
                          BUSY)

    def engine_ready(self, name: str) -> None:
        """The same for a file that only some engines need; the others declare that (`not_needed.txt`)."""
        for statement in own_sql(self.engine, name):
            self.on.execute(self.connection, statement.sql)

    def engine_rows(self, name: str, **values: int) -> Iterator[tuple[Any, ...]]:
        (statement,) = engine_sql(self.engine, name, **values)
        return self.on.rows(self.connection, statement.sql)


def text_of(value: object) -> object:
    """A text that was read as octets, as it comes otherwise; anything else as it is."""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytearray) else value


@contextmanager
def opened(location: str | None, write: bool = True) -> Iterator[Store]:
    """Open the store at `location` (a path, a URL, or None for the usual places) and close it afterwards.

    Raises `Refusal`: 64 for a URL that cannot be read or several stores to choose from, 69 for no store there.
    """
    with reached(*locate(location), write) as store:
        if not store.catalog.roots:
            hint = "" if store.path else f"; `{program()} migrate --to=URL` makes them"
            raise Refusal(f"{store.name} holds no sessions: it has neither a table session nor session_v2{hint}.",
                          NO_STORE)
        yield store


@contextmanager
def reached(engine: str, where: str, write: bool = True) -> Iterator[Store]:
    """A connection to a store of which nothing is expected yet, not even tables; closed afterwards."""
    on = engine_module(engine)
    name, path, connection = on.display(where), on.path(where), on.connect(where, write)
    store = Store(on.dialect(connection), name, path, connection, Catalog({}))
    try:
        with on.explained(where):
            store.catalog = on.catalog(store.connection)
            refuse_planted(store.catalog.side_effects)
            yield store
    except Refusal as refusal:
        if getattr(refusal.__cause__, "unsure", False):
            raise Refusal(f"{str(refusal).rstrip('.')}; whether what it was to commit last is done is not known, and "
                          f"`{program()} history` counts it.", refusal.code, refusal.lost) from refusal.__cause__
        raise
    finally:
        on.close(store.connection)


def is_store(location: str) -> bool:
    """Whether a word names a store, by URL or as an SQLite file, and no file of another kind."""
    if "://" in location:
        return True
    try:
        with Path(location).expanduser().open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def name_of(location: str) -> str:
    """How a store is named to people: without user, password and query."""
    engine, where = locate(location)
    return engine_module(engine).display(where)


def server(location: str | None) -> tuple[str, str]:
    """The engine and the place of a server store by URL; raises `Refusal` 64 for anything else."""
    engine, where = locate(location) if location and "://" in location else ("sqlite", "")
    if engine == "sqlite":
        raise Refusal("--to takes the URL of a server store: postgresql://HOST/DATABASE or mysql://HOST/DATABASE.",
                      BAD_VALUE)
    return engine, where


def locate(location: str | None) -> tuple[str, str]:
    """The engine and the place of a store: `--store`, else the environment, else the client's data folder."""
    if location is None:
        location = os.environ.get("OPENCODE_LIFECYCLE_STORE") or None
    if location is None and (chosen := os.environ.get("OPENCODE_DB")):
        location = str(client_data() / chosen)
    if location is None:
        return "sqlite", str(_only_store(client_data()))
    scheme = location.split("://", 1)[0].lower() if "://" in location else ""
    if not scheme:
        return "sqlite", str(Path(location).expanduser())
    if scheme.split("+")[0] not in SCHEMES:
        raise Refusal(f"A store of kind {scheme}:// is not known; use a path, or one of "
                      f"{', '.join(f'{s}://' for s in SCHEMES)}.", BAD_VALUE)
    engine = SCHEMES[scheme.split("+")[0]]
    return engine, location.split("://", 1)[1] if engine == "sqlite" else location


def _only_store(folder: Path) -> Path:
    """`opencode.db`, or the only channel's store; refuses to choose between several."""
    plain = folder / "opencode.db"
    others = [p for p in sorted(folder.glob("opencode*.db")) if p != plain]
    if plain.exists():
        return plain
    if len(others) == 1:
        return others[0]
    if others:
        named = ", ".join(p.name for p in others)
        raise Refusal(f"{folder} holds several stores ({named}); choose one with --store=PATH.", BAD_VALUE)
    raise Refusal(f"No opencode.db in {folder}; name the store with --store=PATH.", NO_STORE)


def neighbours(path: Path) -> list[str]:
    """Other stores of the client beside this one, by name."""
    return [p.name for p in sorted(path.parent.glob("opencode*.db")) if p.resolve() != path.resolve()]
