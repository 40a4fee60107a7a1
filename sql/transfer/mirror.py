"""A full copy of a store in a server store: a few sessions at a time, each verified by count and digest.

A session is copied whole or not at all. What a text column of the server cannot hold (a NUL, octets that are no
UTF-8, a BLOB, a word where a number belongs) keeps its session out of the copy, by name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..catalog import Owned
from ..engines import TextLimits
from ..schema import migrate
from ..schema.migrate import Column, Table
from ..store import Store
from . import richer

CHUNK_BYTES = 32 * 10**6
CHUNK_ROWS = 20_000
CHUNK_SESSIONS = 400
ESCAPED = "\n\r\x1a\"'\\"  # take two octets in a literal of the engine that has a longest statement (MariaDB)
STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
BRACKET = re.compile(r"[\[\]{}]")
PROJECT = "project"
WORD = 1 << 128           # digests are summed, so that the order of rows does not matter


@dataclass
class Copied:
    """What a run copied: rows and octets by table.

    `newer` are sessions that the copy has in a later state than the source, `richer` those of which it keeps rows that
    the source has less of, or no more, by table; `left` says of each id that stayed out why it did. `projects` are
    rows that were not the same on both sides: True for those that the source overwrote. `stopped` says what stopped it
    half way.
    """

    sessions: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    newer: list[str] = field(default_factory=list)
    richer: dict[str, dict[str, int]] = field(default_factory=dict)
    projects: dict[str, bool] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    stopped: str = ""


@dataclass
class Sum:
    """Rows and the sum of their digests."""

    rows: int = 0
    digest: int = 0

    def add(self, row: bytes) -> None:
        self.rows += 1
        self.digest = (self.digest + int.from_bytes(row, "big")) % WORD

    def take(self, row: bytes) -> None:
        self.rows -= 1
        self.digest = (self.digest - int.from_bytes(row, "big")) % WORD


# Newest time, number and octets of a session's rows at the source.
Weight = tuple[int | None, int, int]


class Unfit(Exception):
    """A value that the server's column cannot hold, in words."""


def mirror(source: Store, target: Store, progress: Callable[[int, int], object], poorer: bool = False) -> Copied:
    """Bring the target's schema up to the source's and copy every row but tokens.

    Sessions that the copy has and the source has not stay, and so do those that changed later in the copy, and rows
    that a reclamation at the source shrank or dropped, unless `poorer`.
    `progress` hears octets done and in all.
    """
    tables = migrate.tables(source)
    migrate.migrate(target, tables)
    there = migrate.tables(target)
    owned = tuple(source.catalog.owned)
    copied = Copied()
    with source.telling(copied), target.telling(copied):
        for name, table in tables.items():
            if name not in {one.name for one in owned}:
                _merge(source, target, table, there[name], copied, poorer)
        _copy_all(source, target, owned, there, copied, progress, poorer)
    return copied


def _copy_all(source: Store, target: Store, owned: tuple[Owned, ...], there: dict[str, Table], copied: Copied,
              progress: Callable[[int, int], object], poorer: bool) -> None:
    """Every session, a chunk at a time."""
    for name in ("schema/work", "retention/usage", "transfer/mirror_work"):
        source.run(name)
    for name in ("transfer/mirror_work", "transfer/mirror_richer_work", "cascade/work", "schema/work",
                 "retention/usage"):
        target.run(name)
    chunks = list(_chunks(source, copied))
    total, done = sum(octets for _, octets in chunks), 0
    for chunk, octets in chunks:
        _copy(source, target, chunk, owned, there, copied, poorer)
        done += octets
        progress(done, total)
    for one in owned:
        target.on.analyze(target.connection, one.name)


def _chunks(source: Store, copied: Copied) -> Iterator[tuple[dict[str, Weight], int]]:
    """Ids that rows belong to, a few at a time, each with the newest time of its rows; and the octets of the rows."""
    chunk: dict[str, Weight] = {}
    octets = rows = 0
    for id, tally, size, newest in source.rows("transfer/mirror_usage"):
        if why := _unfit(Column("id", "varchar", migrate.ID_LENGTH), id, TextLimits()):
            copied.left[repr(id) if id is not None else "(no id)"] = f"its id {why}"
            continue
        if chunk and (octets + size > CHUNK_BYTES or rows + tally > CHUNK_ROWS or len(chunk) == CHUNK_SESSIONS):
            yield chunk, octets
            chunk, octets, rows = {}, 0, 0
        chunk[id] = newest, tally, size
        octets, rows = octets + size, rows + tally
    if chunk:
        yield chunk, octets


def _copy(source: Store, target: Store, chunk: dict[str, Weight], owned: tuple[Owned, ...],
          there: dict[str, Table], copied: Copied, poorer: bool) -> None:
    """These sessions, in one transaction on the copy. Of one that cannot be held the copy keeps what it had, and the
    others are copied without it."""
    while chunk and (unfit := _try(source, target, chunk, owned, there, copied, poorer)):
        copied.left |= unfit
        chunk = {id: weight for id, weight in chunk.items() if id not in unfit}


def _try(source: Store, target: Store, chunk: dict[str, Weight], owned: tuple[Owned, ...],
         there: dict[str, Table], copied: Copied, poorer: bool) -> dict[str, str]:
    """What the copy had of these sessions goes, what they are comes in, and is read back; what cannot be held, and why.

    What the copy has in a later state is left alone, and so are rows that it has more of.
    """
    rows: dict[str, dict[str, int]] = {}
    unfit: dict[str, str] = {}
    target.engine_run("begin")
    source.engine_run("begin_read")
    try:
        newer = _newer(target, chunk)
        ids = {id: weight for id, weight in chunk.items() if id not in newer}
        found = _richer(source, target, ids, owned, poorer)
        sent: dict[str, Sum] = {id: Sum() for id in ids}
        _choose(source, ids)
        _clear(target, ids)
        for table in reversed(owned):
            _send(source, target, table, there[table.name], found, sent, unfit, rows)
        received = _received(target, ids, owned, there)
        unfit |= {id: "came back different from the server" for id in ids
                  if id not in unfit and received[id] != sent[id]}
        richer.put_diffs_back(target, found)
        target.engine_run("rollback" if unfit else "commit")
    except BaseException:
        target.roll_back()
        raise
    finally:
        source.roll_back()
    if not unfit:
        _count(source, ids, newer, found, rows, copied)
    return unfit


def _richer(source: Store, target: Store, ids: Mapping[str, Weight], owned: tuple[Owned, ...],
            poorer: bool) -> richer.Richer:
    chosen = {} if poorer else ids
    return richer.find(source, target, chosen, owned, lambda store, some: _choose(store, {id: ids[id] for id in some}))


def _send(source: Store, target: Store, table: Owned, there: Table, found: richer.Richer, sent: dict[str, Sum],
          unfit: dict[str, str], rows: dict[str, dict[str, int]]) -> None:
    """The rows of one table, but for those that the copy has more of."""
    columns = [column for column in there.columns if column.name in table.columns]
    names = [column.name for column in columns]
    at = names.index("id") + 1 if "id" in names else 0
    limits = target.on.limits(target.connection)
    for own in (False, True) if table.via else (False,):
        all_of = source.rows("transfer/mirror_rows", owned=table, by_itself=own, columns=names, apart=False)
        some = (row for row in all_of if not at or (table.name, row[at]) not in found.shrunk)
        fitting = _fitting(some, table.name, columns, sent, unfit, rows, limits)
        target.on.write(target.connection, table.name, names, fitting)


def _count(source: Store, ids: Mapping[str, Weight], newer: list[str], found: richer.Richer,
           rows: dict[str, dict[str, int]], copied: Copied) -> None:
    copied.newer += newer
    copied.richer |= found.rows
    for id in ids:
        copied.sessions += any(root in rows.get(id, ()) for root in source.catalog.roots)
        for name, tally in rows.get(id, {}).items():
            copied.rows[name] = copied.rows.get(name, 0) + tally


def _choose(store: Store, ids: Mapping[str, Weight | None]) -> None:
    """The sessions at hand, each with the newest time of its rows at the source."""
    store.run("transfer/mirror_none")
    for id, weight in ids.items():
        newest, tally, octets = weight or (None, 0, 0)
        store.run("transfer/mirror_one", {"id": id, "newest": newest, "tally": int(tally), "bytes": int(octets)})


def _newer(target: Store, chunk: Mapping[str, Weight | None]) -> list[str]:
    """The sessions that changed later in the copy than at the source."""
    _choose(target, chunk)
    target.run("transfer/mirror_there")
    return [id for (id,) in target.rows("transfer/mirror_newer")]


def _clear(target: Store, ids: Mapping[str, Weight | None]) -> None:
    """Take these sessions out of the copy, but for rows that stay."""
    _choose(target, ids)
    target.run("transfer/mirror_target")
    target.run("transfer/mirror_clear")


def _fitting(found: Iterable[tuple[Any, ...]], table: str, columns: list[Column], sent: dict[str, Sum],
             unfit: dict[str, str], rows: dict[str, dict[str, int]], limits: TextLimits) -> Iterator[tuple[Any, ...]]:
    """The rows that the server can hold, summed by their session; a session with another one is noted and left."""
    for owner, *row in found:
        if owner in unfit:
            continue
        why = next((f"{table}.{column.name} {said}" for column, value in zip(columns, row, strict=True)
                    if (said := _unfit(column, value, limits))), "")
        if why:
            unfit[owner] = why
            continue
        sent[owner].add(_digest(table, row))
        tallies = rows.setdefault(owner, {})
        tallies[table] = tallies.get(table, 0) + 1
        yield tuple(row)


def _unfit(column: Column, value: object, limits: TextLimits) -> str:
    """Why a server's column cannot hold a value, in words; empty when it can."""
    if value is None:
        return "is missing" if column.name == "id" and column.kind == "varchar" else ""
    if column.kind in ("bigint", "double"):
        number = isinstance(value, int) and -(1 << 63) <= value < 1 << 63
        if number or column.kind == "double" and isinstance(value, float) and abs(value) <= 1.7976931348623157e308:
            return ""
        return f"holds {type(value).__name__} where a number belongs"
    if not isinstance(value, str):
        return "holds a BLOB" if isinstance(value, bytes) else "holds a number where text belongs"
    if "\0" in value:
        return "holds a NUL character"
    try:
        octets = len(value) if value.isascii() else len(value.encode("utf-8"))
    except UnicodeEncodeError:
        return "holds octets that are no UTF-8"
    if column.length and len(value) > column.length:
        return f"has {len(value)} characters, more than {column.length}"
    longest = limits.octets
    if longest and octets * 2 > longest and octets + sum(map(value.count, ESCAPED)) > longest:
        return f"has {octets} octets, more than the server's max_allowed_packet takes"
    if limits.levels and value.count("[") + value.count("{") > limits.levels < _levels(value):
        return f"is nested deeper than the {limits.levels} levels of JSON that the server reads"
    return ""


def _levels(text: str) -> int:
    """How deep a JSON text is nested; brackets in its strings do not count."""
    level = deepest = 0
    for mark in BRACKET.findall(STRING.sub("", text)):
        level += 1 if mark in "[{" else -1
        deepest = max(deepest, level)
    return deepest


def _digest(table: str, row: Iterable[object]) -> bytes:
    """Sixteen octets for a row: its table, and type and octets of each value."""
    found = hashlib.blake2b(table.encode(), digest_size=16)
    for value in row:
        octets = value.encode("utf-8") if isinstance(value, str) else repr(value).encode()
        found.update(b"%c%d:" % (type(value).__name__[0].encode(), len(octets)))
        found.update(octets)
    return found.digest()


def _received(target: Store, ids: Mapping[str, Weight | None], owned: tuple[Owned, ...],
              there: dict[str, Table]) -> dict[str, Sum]:
    """What the copy holds of these sessions now, read back from the server."""
    found = {id: Sum() for id in ids}
    _choose(target, ids)
    for table in owned:
        columns = [column.name for column in there[table.name].columns if column.name in table.columns]
        for own in (False, True) if table.via else (False,):
            for owner, *row in target.rows("transfer/mirror_rows", owned=table, by_itself=own, columns=columns,
                                           apart=True):
                found[owner].add(_digest(table.name, row))
    return found


def _merge(source: Store, target: Store, table: Table, there: Table, copied: Copied, poorer: bool) -> None:
    """A table whose rows belong to no session: rows that differ are overwritten, new ones added, others stay. A project
    that differs is overwritten only where the source wrote to it later, and named either way."""
    columns = [column for column in there.columns if column.name in table.names]
    names, limits = [column.name for column in columns], target.on.limits(target.connection)
    sent, projects = Sum(), {}

    def fitting() -> Iterator[tuple[Any, ...]]:
        for number, row in enumerate(source.rows("transfer/merge_rows", shape=table, columns=names), 1):
            why = next((f"{column.name} {said}" for column, value in zip(columns, row, strict=True)
                        if (said := _unfit(column, value, limits))), "")
            if why:
                copied.left[f"row {number} of {table.name}"] = why
                continue
            sent.add(_digest(table.name, row))
            if table.name == PROJECT:
                projects[row[names.index("id")]] = row
            yield row

    target.run("transfer/merge_work", shape=there, columns=names)
    target.on.write(target.connection, f"lc_in_{table.name}", names, fitting())
    target.engine_run("begin")
    if {"id", "time_updated"} <= set(names) and table.name == PROJECT:
        for id, later in list(target.rows("transfer/merge_differs", shape=there, columns=names)):
            copied.projects[id] = bool(later) or poorer
            if not copied.projects[id]:
                target.run("transfer/merge_without", {"id": id}, shape=there)
                sent.take(_digest(table.name, projects[id]))
    target.run("transfer/merge", shape=there, columns=names)
    received = Sum()
    for row in target.rows("transfer/merged_rows", shape=there, columns=names):
        received.add(_digest(table.name, row))
    target.engine_run("commit" if received == sent else "rollback")
    if received != sent:
        copied.left[f"table {table.name}"] = "came back different from the server"
    copied.rows[table.name] = sent.rows
