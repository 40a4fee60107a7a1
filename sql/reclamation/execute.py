"""Carrying out a forecast: each batch one short transaction, and what was done of it all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from .. import history, space
from ..pace import TRIES, tries
from ..refusal import INTERRUPTED, UNFINISHED, Refusal
from ..store import Store
from ..words import many
from . import attachments, leftovers, stray_files
from .forecast import Batch, Forecast, ReclaimRequest
from .kinds import EDITS, KINDS

TOO_BIG = "a client has the store open, and would wait too long for {} of it; close OpenCode"


@dataclass
class Reclaimed:
    """What a reclaim did: rows and octets by kind, rows by table, why work is left."""

    gains: dict[str, dict[str, int]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    left: str = ""
    code: int = 0
    too_big: int = 0
    freed_bytes: int = 0
    seconds: float = 0.0

    def add(self, kind: str, tables: Mapping[str, int], octets: int) -> None:
        gain = self.gains.setdefault(kind, {"rows": 0, "bytes": 0})
        gain["bytes"] += octets
        for table, rows in tables.items():
            gain["rows"] += rows
            self.rows[table] = self.rows.get(table, 0) + rows


def run(store: Store, plan: Forecast, export: Path | None, sentence: str,
        progress: Callable[[int], object]) -> Reclaimed:
    """Carry out the batches of a forecast made on this connection, and remember the run.

    What stops it before its first commit is raised; later it is told in what it returns, and the store is whole.
    """
    started, done, before = time.monotonic(), Reclaimed(), space.facts(store)
    facts = {"kinds": sorted({batch.kind for batch in plan.batches} | ({"files"} if plan.beside else set()))}
    with history.recorded(store.name, "reclaim", history.EDITED, needed=bool(export), first="batch",
                          sentence=sentence, export=export and str(export), facts=facts) as told:
        told.columns = {"rows": done.rows}
        _carry_out(store, plan, done, progress)
        told.outcome = done.left or history.DONE
        done.freed_bytes = max(0, space.facts_after(store, before)["free_bytes"] - before["free_bytes"])
        told.columns["freed_bytes"] = done.freed_bytes
    done.seconds = time.monotonic() - started
    return done


def _carry_out(store: Store, plan: Forecast, done: Reclaimed, progress: Callable[[int], object]) -> None:
    """The batches one after another, then the files beside the store; `done` is filled in as they are."""
    if store.path:
        store.engine_run("quick_commits")
    try:
        for count, batch in enumerate(plan.batches, 1):
            done.too_big += _in_pieces(store, plan.request, batch, done)
            progress(count)
        if done.too_big:
            done.left, done.code = TOO_BIG.format(many(done.too_big, "row")), UNFINISHED
        for stray in plan.beside:
            if stray_files.remove(store, stray):
                done.add("files", {"files": 1}, stray.bytes)
    except KeyboardInterrupt:
        store.roll_back()
        done.left, done.code = "it was interrupted", INTERRUPTED
    except (Refusal, store.on.Error) as error:
        store.roll_back()
        if not done.gains:
            raise
        done.left, done.code = store.explain(error), UNFINISHED


def _in_pieces(store: Store, request: ReclaimRequest, batch: Batch, done: Reclaimed) -> int:
    """A batch in one transaction, or in as many as keep no client waiting; how many rows are too big on their own."""
    alone = batch.first == batch.last
    if tries(lambda: store.again(lambda: _transact(store, request, batch, done)), TRIES if alone else 1):
        return 0
    if alone:
        return 1
    middle = (batch.first + batch.last) // 2
    halves = replace(batch, last=middle, rows=-1), replace(batch, first=middle + 1, rows=-1)
    return sum(_in_pieces(store, request, half, done) for half in halves)


def _transact(store: Store, request: ReclaimRequest, batch: Batch, done: Reclaimed) -> None:
    """One batch, one transaction; its rows count once it is committed."""
    if batch.kind == "attachments":
        attachments.move_out(store, batch.table, batch.first, batch.last)
    with store.transaction():
        store.refuse_migration()
        if batch.kind == "leftovers":
            tables, octets = leftovers.remove(store, batch.values)
        else:
            rows, octets = _shrink(store, request, batch) if batch.column else _delete(store, request, batch)
            tables = {batch.table: rows}
    done.add(batch.kind, tables, octets)


def _shrink(store: Store, request: ReclaimRequest, batch: Batch) -> tuple[int, int]:
    """Rows changed and octets freed by an edit, measured before and after."""
    place = {"table": batch.table, "field": batch.column}
    values = batch.values | request.values
    store.run("reclamation/choose", values, idle=KINDS[batch.kind].idle, settled=KINDS[batch.kind].settled, **place)
    _, before = store.one("reclamation/measure", values, **place)
    sliced = batch.table == "part" and store.on.sliceable(store.connection)
    rows = store.run(EDITS[batch.kind, batch.table, batch.column].template, values, sliced=sliced)
    _, after = store.one("reclamation/measure", values, **place)
    return rows, int(before) - int(after)


def _delete(store: Store, request: ReclaimRequest, batch: Batch) -> tuple[int, int]:
    """Rows deleted and their octets; rows that stayed after all do not count."""
    if batch.kind == "events":
        rows = store.run("reclamation/events", batch.values)
        gone = "reclamation/gone_events"
    else:
        store.run("reclamation/choose_orphans", batch.values, table=batch.table)
        rows = store.run("reclamation/orphans", request.values, table=batch.table)
        gone = "reclamation/gone_stray"
    if rows == batch.rows or not batch.bytes:
        return rows, batch.bytes
    (octets,) = store.one(gone, batch.values, table=batch.table)
    return rows, int(octets)
