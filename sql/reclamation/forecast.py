"""Shrinking what is kept: what each kind would free, and the batches that free it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ...policies.policy import KINDS, Policy
from .. import history, space
from ..compiler.render import Value
from ..pace import TRIES, tries
from ..refusal import INTERRUPTED, UNFINISHED, UNSUPPORTED, Refusal
from ..store import Store
from ..words import DAY, many
from . import attachments, leftovers
from . import stray_files as beside
from .batches import batches
from .listed import Saved
from .stray_files import Leftover

MB = 10**6
BATCH_BYTES = 4 * MB      # a batch holds the write lock for a tenth of a second
BATCH_ROWS = 1_000
TOO_BIG = "a client has the store open, and would wait too long for {} of it; close OpenCode"
EVENTS_AT_ONCE = 200_000  # of which the newest are found at once, in memory

# What `stats` always foresees; the others only where a policy switches them on.
USUAL = KINDS[:4]
DELETING = frozenset({"orphans", "events", "leftovers"})
# MySQL's JSON functions write the whole document anew, its keys in another order and long numbers rounded.
NOT_ON = {"mysql8": frozenset(KINDS) - {"orphans", "events", "files"}}
# What a kind has to know of the store before its rows can be found.
OF_SESSIONS = frozenset({"orphans", "diffs", "outputs", "reasoning", "attachments"})
# Whose lists are not made by a template `find_` alone.
LISTED_APART = frozenset({"events", "attachments", "leftovers", "files"})
# Whose rows that are no JSON are looked for apart: `stats` foresees these kinds and does not name such rows.
BROKEN_APART = frozenset({"compacted", "diffs"})
# For which work tables of their own are made.
WITH_TABLES = frozenset({"outputs", "reasoning", "attachments", "leftovers"})
# What is in the messages of 2.x, too.
OF_MESSAGES = frozenset({"compacted", "outputs", "reasoning"})
# Only in sessions that are idle, and of those only where no revert is pending.
IDLE = frozenset({"diffs", "outputs", "reasoning", "attachments", "leftovers"})
SETTLED = frozenset({"outputs", "reasoning"})


@dataclass(frozen=True)
class Edit:
    """How a column shrinks: the template that does it, and the rule that says what an original became ('': NULL)."""

    template: str
    rule: str = ""


# By kind, table and column.
EDITS = {
    ("compacted", "part", "data"): Edit("reclamation/compacted", "compacted"),
    ("outputs", "part", "data"): Edit("reclamation/outputs", "compacted"),
    ("reasoning", "part", "data"): Edit("reclamation/reasoning", "without_reasoning"),
    ("compacted", "session_message", "data"): Edit("reclamation/compacted_v2", "lightened"),
    ("outputs", "session_message", "data"): Edit("reclamation/outputs_v2", "cleared_v2"),
    ("reasoning", "session_message", "data"): Edit("reclamation/reasoning_v2", "unthought"),
    ("attachments", "part", "data"): Edit(attachments.TABLES["part"], "moved"),
    ("attachments", "session_message", "data"): Edit(attachments.TABLES["session_message"], "moved"),
    ("diffs", "message", "data"): Edit("reclamation/diffs_message", "without_diffs"),
    ("diffs", "session", "summary_diffs"): Edit("reclamation/diffs_session"),
    ("diffs", "session", "revert"): Edit("reclamation/diffs_revert_session", "without_revert_diff"),
    ("diffs", "session_v2", "summary_diffs"): Edit("reclamation/diffs_session_v2"),
    ("diffs", "session_v2", "revert"): Edit("reclamation/diffs_revert_session_v2", "without_revert_diff"),
}


@dataclass(frozen=True)
class Wish:
    """What to reclaim: kinds, at a moment, of sessions idle for how long where a kind asks (milliseconds); whether
    the whole event log of kept sessions goes; the policy that says which trees are protected."""

    kinds: tuple[str, ...]
    now: int
    idle: int
    all_events: bool = False
    rules: Policy = Policy()

    @property
    def values(self) -> dict[str, Value]:
        return {"now": self.now, "idle_since": self.now - self.idle, "week_ago": self.now - 7 * DAY}


@dataclass(frozen=True)
class Batch:
    """Rows `first` to `last` of one work list; `column` is empty for rows that are deleted whole.

    `logs` are the logs whose list of events it is, by number; none where the forecast's list is still there.
    """

    kind: str
    table: str
    column: str
    first: int
    last: int
    rows: int
    bytes: int
    logs: tuple[int, int] | None = None

    @property
    def values(self) -> dict[str, Value]:
        return {"kind": self.kind, "name": self.table, "field": self.column, "first": self.first, "last": self.last}


@dataclass(frozen=True)
class Forecast:
    """What a reclaim would do: rows and octets by kind, its batches, rows that are not JSON, children without a
    parent, files beside the store, how many attachments stay by reason, and of how many sessions rows of 1.x go that
    2.x has taken over, and has removed."""

    wish: Wish
    gains: dict[str, dict[str, int]]
    batches: tuple[Batch, ...]
    broken: dict[str, dict[str, Any]]
    children: tuple[tuple, ...]
    beside: tuple[Leftover, ...] = ()
    stays: Mapping[str, int] = field(default_factory=dict)
    leftovers: tuple[int, int] = (0, 0)

    @property
    def empty(self) -> bool:
        return not self.batches and not self.beside


@dataclass
class Done:
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


def forecast(store: Store, wish: Wish, ignored: Collection[str] = ()) -> Forecast:
    """Fill the work lists of this connection and say what they hold.

    Raises `Refusal` 78 for a table with a session key that nobody knows, when rows would be deleted, and 75 while
    the client moves its sessions to 2.x, and 78 for kinds none of which the engine can do.
    """
    kinds = possible(store, wish.kinds)
    if wish.kinds and not kinds:
        raise Refusal(f"{', '.join(wish.kinds)}: not done on MySQL, whose JSON functions write whole documents anew; "
                      f"it knows {', '.join(possible(store, KINDS[:-1]))}.", UNSUPPORTED)
    wish = replace(wish, kinds=kinds)
    if DELETING.intersection(wish.kinds):
        store.catalog.refuse_strangers(ignored)
    store.catalog.refuse_motion(ignored, deletes=False)
    store.refuse_migration()
    if "leftovers" in wish.kinds:
        leftovers.judge(store, wish.rules, wish.now)
    elif OF_SESSIONS.intersection(wish.kinds):
        for name in ("schema/work", "retention/usage", "retention/session"):
            store.run(name)
    store.run("stats/work")
    if "compacted" in wish.kinds and store.catalog.has("part"):
        store.run("stats/piece", marked=True)
    stays = find(store, wish)
    for kind in BROKEN_APART.intersection(wish.kinds):
        if store.catalog.has(NEEDED.get(kind, store.catalog.roots[0])):
            store.run(f"reclamation/broken_{kind}", wish.values)
    store.run("reclamation/numbered")
    batches = tuple(_batches(store, wish))
    children = tuple(store.rows("reclamation/orphan_children")) if "orphans" in wish.kinds else ()
    lying = tuple(beside.found(store, wish.now)) if "files" in wish.kinds else ()
    return Forecast(wish, gains(store, wish.kinds) | _weight(lying), batches, broken(store),
                    children, lying, stays, leftovers.counted(store))


def possible(store: Store, kinds: Iterable[str]) -> tuple[str, ...]:
    """Those of the kinds that the store's engine can do and leave all else as it was."""
    return tuple(kind for kind in kinds if kind not in NOT_ON.get(store.engine, ()))


def _weight(lying: Collection[Leftover]) -> dict[str, dict[str, int]]:
    return {"files": {"rows": len(lying), "bytes": sum(one.bytes for one in lying)}} if lying else {}


def find(store: Store, wish: Wish) -> Mapping[str, int]:
    """Fill the work lists of the chosen kinds; the tables that they are read from are filled by now. How many
    attachments stay, by reason."""
    store.run("reclamation/work")
    for kind in WITH_TABLES.intersection(wish.kinds):
        store.run(f"reclamation/work_{kind}")
    for kind in wish.kinds:
        if kind not in LISTED_APART and store.catalog.has(NEEDED.get(kind, store.catalog.roots[0])):
            store.run(f"reclamation/find_{kind}", wish.values, all_events=wish.all_events)
    if store.catalog.has("session_message", "seq"):
        store.engine_ready("ready_content")
        for kind in wish.kinds:
            if kind in OF_MESSAGES:
                store.run(f"reclamation/find_{kind}_v2", wish.values)
    stays = attachments.find(store, wish.values) if "attachments" in wish.kinds else {}
    if "leftovers" in wish.kinds:
        leftovers.find(store, wish.values)
    return stays


NEEDED = {"compacted": "part", "outputs": "part", "reasoning": "part"}


def gains(store: Store, kinds: Collection[str]) -> dict[str, dict[str, int]]:
    """Rows and octets that each kind frees by the work lists, the largest first."""
    found = {kind: {"rows": int(rows), "bytes": int(octets)} for kind, rows, octets in store.rows("reclamation/totals")}
    found |= {kind: {"rows": 0, "bytes": 0} for kind in kinds if kind not in found}
    return dict(sorted(found.items(), key=lambda gain: (-gain[1]["bytes"], gain[0])))


def broken(store: Store) -> dict[str, dict[str, Any]]:
    """Rows that are not JSON and stay as they are: how many of each table, and the id of one."""
    return {table: {"rows": int(rows), "first": first} for table, rows, first in store.rows("reclamation/broken")}


def _batches(store: Store, wish: Wish) -> Iterator[Batch]:
    """Cut every work list into ranges that a short transaction can take."""
    for kind in wish.kinds:
        if kind == "orphans":
            for table in store.catalog.owned:
                if table.name not in store.catalog.roots:
                    yield from _cut(store, kind, table.name, "", "reclamation/sizes_stray")
        elif kind == "events" and store.catalog.has("event"):
            yield from _cut_logs(store, wish)
        elif kind == "leftovers":
            yield from _cut(store, kind, "session", "", "reclamation/sizes_leftovers")
        else:
            for _, table, column in (key for key in EDITS if key[0] == kind):
                yield from _cut(store, kind, table, column, "reclamation/sizes_target")


def _cut_logs(store: Store, wish: Wish) -> Iterator[Batch]:
    """Batches of the event log, a stretch after another: its list is cut, summed up, and makes way for the next."""
    store.run("reclamation/logs")
    found = stretches(store, EVENTS_AT_ONCE)
    for logs in found:
        find_events(store, wish, logs)
        store.run("reclamation/found_events", all_events=wish.all_events)
        for batch in _cut(store, "events", "event", "", "reclamation/sizes_events"):
            yield replace(batch, logs=logs) if len(found) > 1 else batch


def stretches(store: Store, events: int) -> list[tuple[int, int]]:
    """The numbered logs in ranges of so many events, or of one log that is longer."""
    return [(one[0][0], one[-1][0]) for one in batches(store.rows("stats/logs"), events)]


def find_events(store: Store, wish: Wish, logs: tuple[int, int]) -> None:
    """Leave the list of those events of the logs that go."""
    values = {"first": logs[0], "last": logs[1]}
    if not wish.all_events:
        store.run("stats/note", values, exact=True)
    store.run("reclamation/find_events", values, all_events=wish.all_events)


def _cut(store: Store, kind: str, table: str, column: str, template: str) -> Iterator[Batch]:
    values = {"kind": kind, "name": table, "field": column}
    for rows in batches(store.rows(template, values), BATCH_BYTES, BATCH_ROWS):
        yield Batch(kind, table, column, rows[0][0], rows[-1][0], len(rows), sum(gain for _, _, gain in rows))


def run(store: Store, plan: Forecast, export: Path | None, sentence: str,
        progress: Callable[[int], object], saved: Saved | None = None) -> Done:
    """Carry out the batches of a forecast made on this connection, and remember the run; `saved` is what its export
    holds, beyond which no event goes.

    What stops it before its first commit is raised; later it is told in what it returns, and the store is whole.
    """
    started, done, before = time.monotonic(), Done(), space.facts(store)
    facts = {"kinds": sorted({batch.kind for batch in plan.batches} | ({"files"} if plan.beside else set()))}
    with history.recorded(store.name, "reclaim", history.EDITED, needed=bool(export), first="batch",
                          sentence=sentence, export=export and str(export), facts=facts) as told:
        told.columns = {"rows": done.rows}
        _carry_out(store, plan, done, progress, saved)
        told.outcome = done.left or history.DONE
        done.freed_bytes = max(0, space.facts(store)["free_bytes"] - before["free_bytes"])
        told.columns["freed_bytes"] = done.freed_bytes
    done.seconds = time.monotonic() - started
    return done


def _carry_out(store: Store, plan: Forecast, done: Done, progress: Callable[[int], object],
               saved: Saved | None) -> None:
    """The batches one after another, then the files beside the store; `done` is filled in as they are."""
    if store.path:
        store.engine_run("quick_commits")
    at_hand = None
    try:
        for count, batch in enumerate(plan.batches, 1):
            if batch.logs != at_hand and batch.logs:
                find_events(store, plan.wish, batch.logs)
                saved.strike(store) if saved else None
                at_hand = batch.logs
            done.too_big += _in_pieces(store, plan.wish, batch, done)
            progress(count)
        if done.too_big:
            done.left, done.code = TOO_BIG.format(many(done.too_big, "row")), UNFINISHED
        for leftover in plan.beside:
            if beside.remove(store, leftover):
                done.add("files", {"files": 1}, leftover.bytes)
    except KeyboardInterrupt:
        store.roll_back()
        done.left, done.code = "it was interrupted", INTERRUPTED
    except (Refusal, store.on.Error) as error:
        store.roll_back()
        if not done.gains:
            raise
        done.left, done.code = store.explain(error), UNFINISHED


def _in_pieces(store: Store, wish: Wish, batch: Batch, done: Done) -> int:
    """A batch in one transaction, or in as many as keep no client waiting; how many rows are too big on their own."""
    alone = batch.first == batch.last
    if tries(lambda: _transact(store, wish, batch, done), TRIES if alone else 1):
        return 0
    if alone:
        return 1
    middle = (batch.first + batch.last) // 2
    halves = replace(batch, last=middle, rows=-1), replace(batch, first=middle + 1, rows=-1)
    return sum(_in_pieces(store, wish, half, done) for half in halves)


def _transact(store: Store, wish: Wish, batch: Batch, done: Done) -> None:
    """One batch, one transaction; its rows count once it is committed."""
    if batch.kind == "attachments":
        attachments.move_out(store, batch.table, batch.first, batch.last)
    with store.transaction():
        store.refuse_migration()
        if batch.kind == "leftovers":
            tables, octets = leftovers.remove(store, batch.values)
        else:
            rows, octets = _shrink(store, wish, batch) if batch.column else _delete(store, wish, batch)
            tables = {batch.table: rows}
    done.add(batch.kind, tables, octets)


def _shrink(store: Store, wish: Wish, batch: Batch) -> tuple[int, int]:
    """Rows changed and octets freed by an edit, measured before and after."""
    place = {"table": batch.table, "field": batch.column}
    values = batch.values | wish.values
    store.run("reclamation/choose", values, idle=batch.kind in IDLE, settled=batch.kind in SETTLED,
              **place)
    _, before = store.one("reclamation/measure", values, **place)
    rows = store.run(EDITS[batch.kind, batch.table, batch.column].template, values)
    _, after = store.one("reclamation/measure", values, **place)
    return rows, int(before) - int(after)


def _delete(store: Store, wish: Wish, batch: Batch) -> tuple[int, int]:
    """Rows deleted and their octets; rows that stayed after all do not count."""
    if batch.kind == "events":
        rows = store.run("reclamation/events", batch.values)
        gone = "reclamation/gone_events"
    else:
        store.run("reclamation/choose_orphans", batch.values, table=batch.table)
        rows = store.run("reclamation/orphans", wish.values, table=batch.table)
        gone = "reclamation/gone_stray"
    if rows == batch.rows and not batch.logs or not batch.bytes:
        return rows, batch.bytes
    (octets,) = store.one(gone, batch.values, table=batch.table)
    return rows, int(octets)
