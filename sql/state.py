"""What we remember of our own, outside every store: runs, pins, sessions brought back, and who is running now."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import files
from .compiler.statements import engine_sql
from .engines.sqlite.library import sqlite3
from .refusal import BUSY, FAILED, Refusal
from .words import DAY

if TYPE_CHECKING:
    from sqlite_utils import Database

RUNS = {"id": int, "store": str, "verb": str, "digest": str, "started": int, "ended": int, "outcome": str,
        "sentence": str, "sessions": int, "rows": str, "freed_bytes": int, "returned_bytes": int, "export": str,
        "source": str, "undoes": int, "facts": str}
SIZES = {"store": str, "moment": int, "file_bytes": int, "wal_bytes": int, "free_bytes": int, "used_bytes": int}
ANNOUNCED = {"store": str, "policy": str, "moment": int, "due": int, "trees": int, "sessions": int, "bytes": int,
             "done": int}
TABLES: dict[str, tuple[dict[str, type], Any]] = {  # the columns and the key of each
    "runs": (RUNS, "id"),
    "removed": ({"store": str, "session": str}, ("store", "session")),
    "pins": ({"store": str, "session": str, "since": int}, ("store", "session")),
    "restored": ({"store": str, "session": str, "moment": int}, ("store", "session")),
    "stores": ({"path": str, "file": str, "marks": str}, "path"),
    "sizes": (SIZES, ("store", "moment")),
    "marks": ({"store": str, "mark": int, "moment": int}, ("store", "mark")),
    "status": ({"store": str, "moment": int, "facts": str}, "store"),
    "enforced": ({"store": str, "policy": str, "moment": int, "facts": str}, "store"),
    "announced": (ANNOUNCED, ("store", "policy")),
    "looks": ({"store": str, "moment": int, "facts": str}, "store"),
    "origins": ({"store": str, "name": str}, "store"),
    "machines": ({"store": str, "host": str, "kernel": str, "moment": int}, "store"),
}
AS_JSON = ("rows", "facts")
ASIDE = "\0"  # behind the path of a store in whose place another lies; no path has it


def folder() -> Path:
    """The folder of what we remember; nothing is made."""
    return files.place("state")


def begun() -> bool:
    """Whether there is anything that we remember; whoever only looks need not make a database for it."""
    return (folder() / "state.db").exists()


@contextmanager
def opened() -> Iterator[Database]:
    """Our own database, made on first use; 0600 in a folder of 0700. Raises `Refusal` where it cannot be used."""
    from sqlite_utils import Database  # only here: it takes a while to load

    with _explained(), closing(Database(_connected(folder() / "state.db", timeout=30))) as db:
        if _lacking(db):
            with _writing(db):
                _make(db)
        yield db
        db.conn.commit()


def _lacking(db: Database) -> list[str]:
    """The tables that are not there yet, or have fewer columns, as an older version made them."""
    there: dict[str, set[str]] = {}
    [statement] = engine_sql("sqlite", "columns")
    for table, column, *_ in db.execute(statement.sql):
        there.setdefault(table, set()).add(column)
    return [name for name, (columns, _) in TABLES.items() if not columns.keys() <= there.get(name, set())]


def _make(db: Database) -> None:
    """Make what is lacking, which is asked again: another run may have made it while this one waited for the lock."""
    for name in _lacking(db):
        columns, key = TABLES[name]
        db.table(name).create(columns, pk=key, if_not_exists=True)
        for column in columns.keys() - {there.name for there in db.table(name).columns}:
            db.table(name).add_column(column, columns[column])


def looked_up(table: str, store: str | None) -> list[dict[str, Any]]:
    """The rows of one of our tables that are about a store, or all, as they were made; none where nothing is
    remembered yet.

    For whoever only looks: nothing is made, and sqlite-utils, which takes a third of a start, is not loaded.
    """
    if not begun():
        return []
    of_one, of_all = engine_sql("sqlite", "remembered")
    sql = of_all.sql if store is None else of_one.sql
    with _explained(), closing(sqlite3.connect(f"{(folder() / 'state.db').as_uri()}?mode=ro", uri=True,
                                               timeout=30)) as db:
        try:
            found = db.execute(sql.replace("target", table), {"store": store})
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):  # as an older version left it
                raise
            return []
        names = [name for name, *_ in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]


@contextmanager
def held() -> Iterator[Database]:
    """Our own database with its write lock, from before the first look to after the last change, or none of it."""
    with opened() as db, _writing(db):
        yield db


@contextmanager
def _writing(db: Database) -> Iterator[None]:
    for statement in engine_sql("sqlite", "begin"):  # before the first look: who has looked is not let wait
        db.execute(statement.sql)
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.commit()


def _connected(path: Path, **options: Any) -> Any:
    files.home("state", *path.parent.relative_to(folder()).parts)
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.fchmod(handle, 0o600)
        os.close(handle)
    return sqlite3.connect(str(path), **options)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what keeps us from our own files into a sentence."""
    try:
        yield
    except (OSError, sqlite3.DatabaseError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise Refusal(f"Our own state in {folder()} cannot be used ({why}); make it writable, or name another folder "
                      "with XDG_STATE_HOME.", FAILED) from None


def facts_of(row: Mapping[str, Any], column: str = "facts") -> dict[str, Any]:
    """The facts that a row of ours holds; none where it is not as we write it, by an older version or a damage."""
    with contextlib.suppress(ValueError, TypeError):
        found = json.loads(row[column])
        if isinstance(found, dict):
            return found
    return {}


def pin(store: str, session: str, since: int) -> None:
    """Remember that a session of a store is protected since a moment in milliseconds."""
    with opened() as db:
        db.table("pins").upsert({"store": store, "session": session, "since": since}, pk=("store", "session"))


def unpin(store: str, session: str) -> bool:
    """Forget a pin; whether there was one."""
    with opened() as db:
        there = db.table("pins").count_where("store = ? and session = ?", [store, session])
        db.table("pins").delete_where("store = ? and session = ?", [store, session])
    return bool(there)


def pins(store: str) -> list[dict[str, Any]]:
    """Session and moment of each pin of a store, the oldest first."""
    return sorted(looked_up("pins", store), key=lambda row: (row["since"], row["session"]))


def remove(store: str, sessions: Iterable[str]) -> None:
    """Remember the sessions that a run removed, so that their files beside the store are known as theirs later on."""
    with opened() as db:
        (statement,) = engine_sql("sqlite", "removed")  # of very many: by the library it takes seven times as long
        db.conn.executemany(statement.sql, ({"store": store, "session": id} for id in sessions))


def removed(store: str) -> set[str]:
    """Sessions that runs of ours removed from a store."""
    with opened() as db:
        return {row["session"] for row in db.table("removed").rows_where("store = ?", [store])}


def restored(store: str, now: int) -> dict[str, int]:
    """Sessions brought back in the last year, and when; the policy says how long that protects them."""
    return {row["session"]: row["moment"] for row in looked_up("restored", store) if row["moment"] > now - 365 * DAY}


def known_as(store: str, file: str, marks: dict[str, Any], same: Callable[[dict[str, Any]], bool],
             there: Callable[[dict[str, Any]], bool], another: Callable[[dict[str, Any]], bool]) -> None:
    """Remember a store's file and marks; take over what is known of it by another path.

    `same` says of a store's row whether it is this one, `another` whether it surely is not, `there` whether that file
    is still in its place: from one that is, a store seen for the first time takes the protections; from one that is
    not, the history as well. Another one that was known by this path makes way.
    """
    kept, now = looked_up("stores", None), {"path": store, "file": file, "marks": json.dumps(marks)}
    if now in kept and not any(row["path"] != store and same(row) and not there(row) for row in kept):
        return  # as it is known already
    with opened() as db:
        old = next(db.table("stores").rows_where("path = ?", [store]), None)
        new = old is None or not same(old)
        if old is not None and another(old):
            _make_way(db, old)
        for row in list(db.table("stores").rows_where("path <> ?", [store])):
            if same(row) and (new or not there(row)):
                _take_over(db, row["path"], store, moved=not there(row))
        db.table("stores").upsert(now, pk="path")


def _make_way(db: Database, old: dict[str, Any]) -> None:
    """Keep what is known of a store in whose place another lies, for where it turns up again: what was announced of it
    was not announced of the other, and its growth is not the other's. Runs stay in the history of the path, whose undo
    a person asks for, and protections stay there as well."""
    path, aside = old["path"], f"{old['path']}{ASIDE}{old['file']}"
    _protections(db, path, aside)
    _enforced(db, path, aside)
    db.table("stores").upsert(old | {"path": aside}, pk="path")


def _protections(db: Database, old: str, new: str) -> None:
    for table in ("pins", "restored", "removed"):
        rows = [row | {"store": new} for row in db.table(table).rows_where("store = ?", [old])]
        db.table(table).insert_all(rows, pk=("store", "session"), ignore=True)


def _enforced(db: Database, old: str, new: str) -> None:
    for table, key in (("sizes", "moment"), ("marks", "mark"), ("announced", "policy")):
        rows = [row | {"store": new} for row in db.table(table).rows_where("store = ?", [old])]
        db.table(table).insert_all(rows, pk=("store", key), ignore=True)
        db.table(table).delete_where("store = ?", [old])
    for table in ("status", "enforced", "looks"):  # the next run says it anew
        db.table(table).delete_where("store = ?", [old])


def _take_over(db: Database, old: str, new: str, moved: bool) -> None:
    _protections(db, old, new)
    if moved:
        for run in list(db.table("runs").rows_where("store = ?", [old])):
            db.table("runs").update(run["id"], {"store": new})
        _enforced(db, old, new)
        if not list(db.table("origins").rows_where("store = ?", [new])):
            for row in list(db.table("origins").rows_where("store = ?", [old])):
                db.table("origins").upsert(row | {"store": new}, pk="store")
        db.table("origins").delete_where("store = ?", [old])
        db.table("stores").delete(old)


def origin(store: str, fresh: str) -> str:
    """What a store is called in copies of it; a name is given once, and goes with a file that moves."""
    with held() as db:
        for row in db.table("origins").rows_where("store = ?", [store]):
            return str(row["name"])
        db.table("origins").insert({"store": store, "name": fresh})
    return fresh


def name_origin(store: str, name: str) -> None:
    """Remember the name that a person gave; it stands in the place of any other."""
    with opened() as db:
        db.table("origins").upsert({"store": store, "name": name}, pk="store")


def begin(**run: object) -> int:
    """Remember a run before it changes anything, so that it can be undone even if it is killed; the run's number.

    `rows` and `facts` are dicts; `facts` is what a later undo has to know of the run. What a deep look said of the
    store holds no longer.
    """
    with opened() as db:
        db.table("looks").delete_where("store = ?", [run.get("store")])
        made = db.table("runs").insert(_written({name: run.get(name) for name in RUNS if name != "id"}))
        return int(made.last_pk or 0)


def finish(number: int, **run: object) -> None:
    """Complete what `begin` remembered."""
    with opened() as db:
        db.table("runs").update(number, _written(run))


def _written(run: dict[str, Any]) -> dict[str, Any]:
    return {name: json.dumps(value or {}) if name in AS_JSON else value for name, value in run.items()}


def brought_back(store: str, sessions: Iterable[str], moment: int) -> None:
    """Remember when sessions were restored: for a while no rule removes them again."""
    with opened() as db:
        db.table("restored").upsert_all(({"store": store, "session": id, "moment": moment} for id in sessions),
                                  pk=("store", "session"))


def not_brought_back(store: str, sessions: Iterable[str], moment: int) -> None:
    """Take back that these were restored at that moment: they were not, after all."""
    with opened() as db:
        for id in sessions:
            db.table("restored").delete_where("store = ? and session = ? and moment = ?", [store, id, moment])


def runs(store: str | None = None) -> list[dict[str, Any]]:
    """The runs on a store, or on all, the oldest first, by the columns of `RUNS`."""
    found = sorted(looked_up("runs", store or None), key=lambda row: row["id"])
    every = dict.fromkeys(RUNS)  # a version before had fewer
    return [every | row | {name: facts_of(row, name) for name in AS_JSON} for row in found]


def ran_here(store: str, digest: str) -> bool:
    """Whether a run of the plan with this digest has begun on the store."""
    with opened() as db:
        return bool(db.table("runs").count_where("store = ? and digest = ?", [store, digest]))


@contextmanager
def only_run(store: str, file: str) -> Iterator[None]:
    """Hold the store against a second run of ours; the kernel lets go of it when we are killed.

    `file` is what its file is to the system, which is the same by every name.
    """
    name = hashlib.sha256(file.encode()).hexdigest()[:32]
    with _explained():
        held = _connected(folder() / "locks" / f"{name}.db", timeout=0, isolation_level=None)
    with closing(held):
        with _explained():
            _lock(held, store)
        yield


def _lock(held: Any, store: str) -> None:
    try:
        for statement in engine_sql("sqlite", "only_run"):
            held.execute(statement.sql)
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise Refusal(f"Another run of opencode-lifecycle works on {store}; try again when it is done.",
                      BUSY) from None
