"""What is in a store: figures from the templates of `stats`, and the warnings that follow from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from ..reclamation import forecast
from ..reclamation.forecast import ReclaimRequest
from ..reclamation.kinds import possible
from ..refusal import Refusal
from ..retention import selection
from ..store import Store, neighbours
from ..unattended import marks
from ..words import DAY, human, json_text, program

EVENTS_AT_ONCE = 50_000
AGES = ("0-7 days", "8-30 days", "31-90 days", "91-365 days", "over a year", "unknown")


def gather(store: Store, request: ReclaimRequest, top: int, sizes: Sequence[int]) -> dict[str, object]:
    """Every figure of `stats --json`: rows and octets by table, kind and type, the `top` largest trees, ages, what the
    reclamation that is asked for would free, warnings; one of these from any of the `sizes` on, in octets.
    """
    now = request.now
    values = {"top": top} | {f"{name}_ago": now - days * DAY
                             for name, days in (("week", 7), ("month", 30), ("quarter", 90), ("year", 365))}
    kinds = possible(store.engine, request.kinds)
    _prepare(store, replace(request, kinds=tuple(kind for kind in kinds if kind != "events")))
    tables = list(store.rows("stats/tables"))
    names = ("total", "root", "child", "archived", "shared", "orphan")
    found = {
        "store": store.name, "engine": store.engine, "layout": store.catalog.layout, "now": now,
        "file": store.on.file_facts(store.connection, store.path),
        "sessions": dict(zip(names, map(int, store.one("stats/sessions")), strict=True)),
        "rows": {name: int(tally) for name, tally, _ in tables},
        "bytes": {name: int(octets) for name, _, octets in tables},
        "parts": _by_name(store, "stats/parts") if store.catalog.has("part") else {},
        "events": _by_name(store, "stats/events") if store.catalog.has("event") else {},
        "reclaimable": forecast.gains(store, kinds),
        "largest": [{"id": json_text(id), "title": json_text(title), "sessions": n, "bytes": int(octets),
                     "last_active": active} for id, title, n, octets, active in store.rows("stats/largest", values)],
        "ages": [{"label": AGES[age], "sessions": n, "bytes": int(octets)}
                 for age, n, octets in store.rows("stats/ages", values)],
    }
    found["warnings"] = list(_warnings(store, found, sizes))
    return found


def _prepare(store: Store, request: ReclaimRequest) -> None:
    """Fill the work tables: one pass over each table of the client."""
    if question := request.judged_by:
        selection.decide(store, question)
    else:
        for name in ("schema/work", "retention/usage", "retention/session", "retention/climb_roots"):
            store.run(name)
        selection.climb(store)
        store.run("retention/root")
    store.run("stats/work")
    if store.catalog.has("part"):
        store.run("stats/piece", marked=False)
    if store.catalog.has("event"):
        store.run("stats/log")
        for first, last in forecast.stretches(store, EVENTS_AT_ONCE):
            store.run("stats/note", {"first": first, "last": last}, exact=False)
            store.run("stats/noted", {"oversized": OVERSIZED})
    forecast.find(store, request)


def _by_name(store: Store, template: str) -> dict[str, dict[str, int]]:
    return {json_text(name): {"rows": int(tally), "bytes": int(octets)} for name, tally, octets in store.rows(template)}


# A part of 279 MB made the client's move to 2.x run out of memory at each start; the usual row is far below this.
OVERSIZED = 20 * 10**6
SLIMS = {"event": f"`{program()} reclaim --only=events`", "part": f"`{program()} reclaim --only=compacted,outputs`"}


def _oversized(store: Store) -> Iterator[str]:
    for name, tally, octets in store.rows("stats/oversized", {"oversized": OVERSIZED}):
        tally = int(tally)
        yield (f"Rows of {name} with {human(OVERSIZED)} and more: {tally:,}, the largest {human(octets)}. The client's "
               f"move from 1.x to 2.x may fail or crawl on them; {SLIMS[name]} slims them where it can.")


def _warnings(store: Store, found: dict[str, Any], sizes: Sequence[int]) -> Iterator[str]:
    file, gains = found["file"], found["reclaimable"]
    with suppress(Refusal):  # our own state is not what is looked at here
        if mark := marks.standing(store.name, found["now"], file["bytes"], sizes):
            yield mark.text
    if file["free_bytes"] * 5 > file["bytes"]:
        yield (f"{human(file['free_bytes'])} are free inside the file: `{program()} vacuum` returns them to the disk."
               if store.path else
               f"{human(file['free_bytes'])} are free inside the tables: `{program()} vacuum --method=full` returns "
               "them.")
    if file["wal_bytes"] > max(64 * 10**6, file["bytes"] // 4):
        yield f"The WAL has {human(file['wal_bytes'])}: `{program()} checkpoint` brings it into the file."
    log = found["bytes"].get("event", 0)
    if log > 100 * 10**6 and log * 2 > sum(found["bytes"].values()):
        repeated = human(gains.get("events", {}).get("bytes", 0))
        yield (f"The event log holds {human(log)}, more than half of all content; newer entries repeat {repeated} "
               f"of it, which `{program()} reclaim --only=events` takes out.")
    if store.catalog.has("part"):
        yield from _oversized(store)
    if file["auto_vacuum"] == "none" and file["bytes"] >= 500 * 10**6:
        yield f"The file never shrinks by itself: `{program()} convert` lets later runs return space in small steps."
    if found["sessions"]["orphan"]:
        yield (f"Sessions whose parent is gone: {found['sessions']['orphan']:,}; each roots a tree of its own, "
               "and is judged like any other.")
    if store.catalog.strangers:
        yield (f"Table {store.catalog.strangers[0]} holds rows of sessions and is unknown here: "
               "nothing is removed until --ignore-table names it.")
    for one in store.catalog.triggered():
        yield f"{one.sentence()}; nothing is changed until that is settled."
    beside = neighbours(store.path) if store.path else []
    if beside:
        yield f"Other stores lie beside this one: {', '.join(beside)}; name one with --store."
