"""Shrinking what is kept: what each kind would free, and the batches that would free it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..compiler.render import Value
from ..refusal import UNSUPPORTED, Refusal
from ..retention.selection import Question, decide
from ..store import Store
from ..transfer.session_rows import HUGE
from ..words import DAY
from . import attachments, leftovers, skeletons, stray_files
from .batches import batches
from .kinds import KINDS, Template, judged, of, possible
from .stray_files import StrayFile

MB = 10**6
BATCH_BYTES = 4 * MB      # a batch holds the write lock for a tenth of a second
BATCH_ROWS = 1_000
EVENTS_AT_ONCE = 200_000  # of which the newest are found at once


@dataclass(frozen=True)
class ReclaimRequest:
    """What to reclaim: kinds, at a moment, of sessions idle for how long where a kind asks (milliseconds); whether
    the whole event log of kept sessions goes; what protects their trees, for the kinds that are judged by that."""

    kinds: tuple[str, ...]
    now: int
    idle: int
    all_events: bool = False
    protecting: Question | None = None

    @property
    def judged_by(self) -> Question | None:
        """What protects trees, where one of the kinds asks for it; raises `ValueError` where nobody said it."""
        if not judged(self.kinds):
            return None
        if self.protecting is None:
            raise ValueError(f"nobody says which trees are protected from {', '.join(self.kinds)}")
        return self.protecting

    @property
    def values(self) -> dict[str, Value]:
        return {"now": self.now, "idle_since": self.now - self.idle, "week_ago": self.now - 7 * DAY, "huge": HUGE,
                "largest": skeletons.LARGEST, "mark": skeletons.MARK}


@dataclass(frozen=True)
class Batch:
    """Rows `first` to `last` of one work list; `column` is empty for rows that are deleted whole."""

    kind: str
    table: str
    column: str
    first: int
    last: int
    rows: int
    bytes: int

    @property
    def values(self) -> dict[str, Value]:
        return {"kind": self.kind, "name": self.table, "field": self.column, "first": self.first, "last": self.last}


@dataclass(frozen=True)
class Forecast:
    """What a reclaim would do: rows and octets by kind, its batches, rows that are not JSON, children without a
    parent, files beside the store, how many attachments stay by reason, and of how many sessions rows of 1.x go that
    2.x has taken over, and has removed; how many parts are too large to be changed, and the id of one."""

    request: ReclaimRequest
    gains: dict[str, dict[str, int]]
    batches: tuple[Batch, ...]
    broken: dict[str, dict[str, Any]]
    children: tuple[tuple[Any, ...], ...]
    beside: tuple[StrayFile, ...] = ()
    stays: Mapping[str, int] = field(default_factory=dict)
    leftovers: tuple[int, int] = (0, 0)
    too_large: tuple[int, Any] = (0, None)

    @property
    def empty(self) -> bool:
        return not self.batches and not self.beside


def forecast(store: Store, request: ReclaimRequest, ignored: Collection[str] = ()) -> Forecast:
    """Fill the work lists of this connection and say what they hold.

    Raises `Refusal` 78 for a table with a session key that nobody knows, when rows would be deleted, and 75 while
    the client moves its sessions to 2.x, and 78 for kinds none of which the engine can do.
    """
    can = possible(store.engine, request.kinds)
    if request.kinds and not can:
        rows = (kind.name for kind in KINDS.values() if kind.back != "files")
        raise Refusal(f"{', '.join(request.kinds)}: not done on MySQL, whose JSON functions write whole documents "
                      f"anew; it knows {', '.join(possible(store.engine, rows))}.", UNSUPPORTED)
    request = replace(request, kinds=can)
    kinds = of(can)
    if any(kind.back == "rows" for kind in kinds):
        store.catalog.refuse_strangers(ignored)
    store.catalog.refuse_side_effects(ignored, deletes=False)
    store.refuse_migration()
    if question := request.judged_by:
        decide(store, question)
    elif any(kind.sessions for kind in kinds):
        for name in ("schema/work", "retention/usage", "retention/session"):
            store.run(name)
    store.run("stats/work")
    if "compacted" in request.kinds and store.catalog.has("part"):
        store.run("stats/piece", request.values, marked=True, sliced=skeletons.can(store, "part"))
        skeletons.note_pieces(store, marked=True)
    elif any(edit.table == "part" for kind in kinds for edit in kind.edits):
        skeletons.note(store, "part")
    stays = find(store, request)
    for kind in kinds:
        if kind.broken and _has(store, kind.broken):
            store.run(kind.broken.name, request.values, sliced=store.on.sliceable(store.connection))
    store.run("reclamation/numbered")
    batches = tuple(_batches(store, request))
    children = tuple(store.rows("reclamation/orphan_children")) if "orphans" in request.kinds else ()
    lying = tuple(stray_files.found(store, request.now)) if "files" in request.kinds else ()
    return Forecast(request, gains(store, request.kinds) | _gain(lying), batches, broken(store),
                    children, lying, stays, leftovers.counted(store), _too_large(store))


def _too_large(store: Store) -> tuple[int, Any]:
    tally, id = store.one("reclamation/too_large")
    return int(tally), id


def _gain(lying: Collection[StrayFile]) -> dict[str, dict[str, int]]:
    return {"files": {"rows": len(lying), "bytes": sum(one.bytes for one in lying)}} if lying else {}


def find(store: Store, request: ReclaimRequest) -> Mapping[str, int]:
    """Fill the work lists of the chosen kinds; the tables that they are read from are filled by now. How many
    attachments stay, by reason."""
    kinds = of(request.kinds)
    for template in ("reclamation/work", *(kind.work for kind in kinds if kind.work)):
        store.run(template)
    sliced = store.on.sliceable(store.connection)
    if any(kind.settled for kind in kinds):  # they look for prompts and summaries
        skeletons.note(store, "message")
    for kind in kinds:
        if kind.find and _has(store, kind.find):
            store.run(kind.find.name, request.values, sliced=sliced)
    if store.catalog.has("session_message", "seq"):
        store.engine_ready("ready_content")
        for kind in kinds:
            if kind.find_v2:
                store.run(kind.find_v2.name, request.values, sliced=sliced)
    stays = attachments.find(store, request.values, sliced) if "attachments" in request.kinds else {}
    if "leftovers" in request.kinds:
        leftovers.find(store, request.values)
    return stays


def _has(store: Store, template: Template) -> bool:
    return all(store.catalog.has(table) for table in template.tables)


def gains(store: Store, kinds: Collection[str]) -> dict[str, dict[str, int]]:
    """Rows and octets that each kind frees by the work lists, the largest first."""
    found = {kind: {"rows": int(rows), "bytes": int(octets)} for kind, rows, octets in store.rows("reclamation/totals")}
    found |= {kind: {"rows": 0, "bytes": 0} for kind in kinds if kind not in found}
    return dict(sorted(found.items(), key=lambda gain: (-gain[1]["bytes"], gain[0])))


def broken(store: Store) -> dict[str, dict[str, Any]]:
    """Rows that are not JSON and stay as they are: how many of each table, and the id of one."""
    return {table: {"rows": int(rows), "first": first} for table, rows, first in store.rows("reclamation/broken")}


def _batches(store: Store, request: ReclaimRequest) -> Iterator[Batch]:
    """Cut every work list into ranges that a short transaction can take."""
    for kind in request.kinds:
        if kind == "orphans":
            for table in store.catalog.owned:
                if table.name not in store.catalog.roots:
                    yield from _cut(store, kind, table.name, "", "reclamation/sizes_stray")
        elif kind == "events" and store.catalog.has("event"):
            _find_events(store, request)
            yield from _cut(store, kind, "event", "", "reclamation/sizes_events")
        elif kind == "leftovers":
            yield from _cut(store, kind, "session", "", "reclamation/sizes_leftovers")
        else:
            for edit in KINDS[kind].edits:
                yield from _cut(store, kind, edit.table, edit.column, "reclamation/sizes_target")


def _find_events(store: Store, request: ReclaimRequest) -> None:
    """Fill the list of events that go, a stretch of the log after another."""
    store.run("reclamation/logs")
    found = 0
    for first, last in stretches(store, EVENTS_AT_ONCE):
        if not request.all_events:
            skeletons.note_events(store, first, last, exact=True)
            store.run("reclamation/broken_events")
        found += store.run("reclamation/find_events", {"first": first, "last": last, "before": found},
                           all_events=request.all_events)
    store.run("reclamation/found_events")


def stretches(store: Store, events: int) -> list[tuple[int, int]]:
    """The numbered logs in ranges of so many events, or of one log that is longer."""
    return [(one[0][0], one[-1][0]) for one in batches(store.rows("stats/logs"), events)]


def _cut(store: Store, kind: str, table: str, column: str, template: str) -> Iterator[Batch]:
    values = {"kind": kind, "name": table, "field": column}
    for rows in batches(store.rows(template, values), BATCH_BYTES, BATCH_ROWS):
        yield Batch(kind, table, column, rows[0][0], rows[-1][0], len(rows), sum(gain for _, _, gain in rows))
