"""A full copy of a store in a server store: a few sessions at a time, each verified by count and digest.

A session is copied whole or not at all. What a text column of the server cannot hold (a NUL, octets that are no
UTF-8, a BLOB, a word where a number belongs) keeps its session out of the copy, by name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..catalog import Owned
from ..engines.server import Limits
from ..schema import migrate
from ..schema.migrate import Column, Table
from ..store import Store

CHUNK_BYTES = 32 * 10**6
CHUNK_ROWS = 20_000
CHUNK_SESSIONS = 400
ESCAPED = "\n\r\x1a\"'\\"  # take two octets in a literal of the engine that has a longest statement (MariaDB)
STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
BRACKET = re.compile(r"[\[\]{}]")
WORD = 1 << 128           # digests are summed, so that the order of rows does not matter


@dataclass
class Copied:
    """What a run copied: rows and octets by table.

    `newer` are sessions that the copy has in a later state than the source, `richer`
    those of which it has more than the source although neither changed; `left` says of each id that stayed out
    why it did.
    """

    sessions: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    newer: list[str] = field(default_factory=list)
    richer: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


@dataclass
class Sum:
    """Rows and the sum of their digests."""

    rows: int = 0
    digest: int = 0

    def add(self, row: bytes) -> None:
        self.rows += 1
        self.digest = (self.digest + int.from_bytes(row, "big")) % WORD


# Newest time, number and octets of a session's rows at the source.
Weight = tuple[int | None, int, int]


class Unfit(Exception):
    """A value that the server's column cannot hold, in words."""


def mirror(source: Store, target: Store, progress: Callable[[int, int], object], poorer: bool = False) -> Copied:
    """Bring the target's schema up to the source's and copy every row but tokens.

    Sessions that the copy has and the source has not stay, and so do those that changed later in the copy, and those
    of which it holds more unless `poorer`.
    `progress` hears octets done and in all.
    """
    tables = migrate.tables(source)
    migrate.migrate(target, tables)
    there = migrate.tables(target)
    owned = tuple(source.catalog.owned)
    copied = Copied()
    for name, table in tables.items():
        if name not in {one.name for one in owned}:
            _merge(source, target, table, there[name], copied)
    for name in ("schema/work", "retention/usage", "transfer/mirror_work"):
        source.run(name)
    for name in ("transfer/mirror_work", "cascade/work", "schema/work", "retention/usage"):
        target.run(name)
    chunks = list(_chunks(source, copied))
    total, done = sum(octets for _, octets in chunks), 0
    for chunk, octets in chunks:
        _copy(source, target, chunk, owned, there, copied, poorer)
        done += octets
        progress(done, total)
    for table in owned:
        target.on.analyze(target.connection, table.name)
    return copied


def _chunks(source: Store, copied: Copied) -> Iterator[tuple[dict[str, Weight], int]]:
    """Ids that rows belong to, a few at a time, each with the newest time of its rows; and the octets of the rows."""
    chunk: dict[str, Weight] = {}
    octets = rows = 0
    for id, tally, size, newest in source.rows("transfer/mirror_usage"):
        if why := _unfit(Column("id", "varchar", migrate.ID_LENGTH), id, Limits()):
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
    """One transaction on the copy: what it had of these sessions goes, what they are comes in, and is read back.

    What the copy has in a later state is left alone.
    """
    rows: dict[str, dict[str, int]] = {}
    unfit: dict[str, str] = {}
    target.engine_run("begin")
    try:
        newer = _newer(target, chunk)
        richer = [] if poorer else [id for (id,) in target.rows("transfer/mirror_richer") if id not in newer]
        ids = {id: weight for id, weight in chunk.items() if id not in newer and id not in richer}
        sent: dict[str, Sum] = {id: Sum() for id in ids}
        _choose(source, ids)
        source.engine_run("begin_read")
        _clear(target, ids)
        for table in reversed(owned):
            columns = [column for column in there[table.name].columns if column.name in table.columns]
            for own in (False, True) if table.via else (False,):
                names = [column.name for column in columns]
                found = source.rows("transfer/mirror_rows", owned=table, by_itself=own, columns=names)
                limits = target.on.limits(target.connection)
                fitting = _fitting(found, table.name, columns, sent, unfit, rows, limits)
                target.on.write(target.connection, table.name, names, fitting)
        received = _received(target, ids, owned, there)
        unfit |= {id: "came back different from the server" for id in ids
                  if id not in unfit and received[id] != sent[id]}
        if unfit:
            _clear(target, dict.fromkeys(unfit))
        target.engine_run("commit")
    except BaseException:
        target.roll_back()
        raise
    finally:
        source.roll_back()
    copied.left |= unfit
    copied.newer += newer
    copied.richer += richer
    for id in ids:
        if id in unfit:
            continue
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
    """Take these sessions out of the copy."""
    _choose(target, ids)
    target.run("transfer/mirror_target")
    target.run("cascade/delete")


def _fitting(found: Iterable[tuple], table: str, columns: list[Column], sent: dict[str, Sum], unfit: dict[str, str],
             rows: dict[str, dict[str, int]], limits: Limits) -> Iterator[tuple]:
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


def _unfit(column: Column, value: object, limits: Limits) -> str:
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
            for owner, *row in target.rows("transfer/mirror_rows", owned=table, by_itself=own, columns=columns):
                found[owner].add(_digest(table.name, row))
    return found


def _merge(source: Store, target: Store, table: Table, there: Table, copied: Copied) -> None:
    """A table whose rows belong to no session: rows that differ are overwritten, new ones added, others stay."""
    columns = [column for column in there.columns if column.name in table.names]
    names, limits = [column.name for column in columns], target.on.limits(target.connection)
    sent = Sum()

    def fitting() -> Iterator[tuple]:
        for number, row in enumerate(source.rows("transfer/merge_rows", shape=table, columns=names), 1):
            why = next((f"{column.name} {said}" for column, value in zip(columns, row, strict=True)
                        if (said := _unfit(column, value, limits))), "")
            if why:
                copied.left[f"row {number} of {table.name}"] = why
                continue
            sent.add(_digest(table.name, row))
            yield row

    target.run("transfer/merge_work", shape=there, columns=names)
    target.on.write(target.connection, f"lc_in_{table.name}", names, fitting())
    target.engine_run("begin")
    target.run("transfer/merge", shape=there, columns=names)
    received = Sum()
    for row in target.rows("transfer/merged_rows", shape=there, columns=names):
        received.add(_digest(table.name, row))
    target.engine_run("commit" if received == sent else "rollback")
    if received != sent:
        copied.left[f"table {table.name}"] = "came back different from the server"
    copied.rows[table.name] = sent.rows
