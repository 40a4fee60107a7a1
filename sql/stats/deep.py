"""A deep look at a store: every text is read, to tell kinds and types, and what a reclamation would free."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..reclamation import forecast, skeletons
from ..reclamation.batches import batches
from ..reclamation.forecast import ReclaimRequest
from ..reclamation.kinds import possible
from ..retention import selection
from ..store import Store
from ..transfer.session_rows import HUGE
from ..words import json_text
from . import figures, looks

EVENTS_AT_ONCE = 50_000
PARTS_AT_ONCE = 64 * 10**6  # octets

Tell = Callable[[int, int], object]  # octets that were read, and all that will be


def look(store: Store, request: ReclaimRequest, top: int, sizes: Sequence[int], tell: Tell,
         origin: str | None = None, there: str = "") -> dict[str, object]:
    """The figures of `stats`, and by a look at every text: rows and octets by kind and type, and what the reclamation
    that is asked for would free. It is kept for whoever looks in passing, unless it is at what `origin` brought, on a
    store of copies."""
    kinds = possible(store.engine, request.kinds)
    request = replace(request, kinds=tuple(kind for kind in kinds if kind != "events"))
    if question := request.judged_by:
        selection.decide(store, question)
    else:
        figures.count(store)
    if origin is not None:
        figures.narrow(store, origin)
    _read(store, tell)
    _find(store, request, origin)
    deep = {
        "deep": request.now,
        "parts": _by_name(store, "stats/parts") if store.catalog.has("part") else {},
        "events": _by_name(store, "stats/events") if store.catalog.has("event") else {},
        "reclaimable": forecast.gains(store, kinds),
    }
    found = figures.told(store, request.now, top, sizes, deep, there)
    if origin is not None:
        return found | {"origin": origin}
    looks.keep(store.name, request.now, deep)
    return found


def _find(store: Store, request: ReclaimRequest, origin: str | None) -> None:
    """What a reclamation would take, of all sessions or of those that an origin brought."""
    if origin is not None and store.catalog.has("part"):
        store.run("stats/pieces_of_origin", {"origin": origin})
    forecast.find(store, request)
    if origin is not None:
        store.run("stats/found_of_origin", {"origin": origin})


def _read(store: Store, tell: Tell) -> None:
    """Read the text of every part and event, some sessions at a time."""
    store.run("stats/work")
    octets = {name: int(size) for name, _, size, _ in store.rows("stats/tables")}
    parts, events = octets.get("part", 0), octets.get("event", 0)
    done = 0
    if store.catalog.has("part"):
        store.run("stats/pile")
        sliced = skeletons.can(store, "part")
        for pile in batches(store.rows("stats/piles"), PARTS_AT_ONCE):
            store.run("stats/piece", {"first": pile[0][0], "last": pile[-1][0], "huge": HUGE}, marked=False,
                      alone=False, sliced=sliced)
            done += sum(int(size) for _, size in pile)
            tell(done, parts + events)
        if any(one.name == "part" and one.via for one in store.catalog.owned):
            store.run("stats/piece", {"huge": HUGE}, marked=False, alone=True, sliced=sliced)
        skeletons.note_pieces(store, marked=False)
    if store.catalog.has("event"):
        store.run("stats/log")
        for at, (first, last) in enumerate(stretches := forecast.stretches(store, EVENTS_AT_ONCE), 1):
            skeletons.note_events(store, first, last, exact=False)
            store.run("stats/noted")
            tell(parts + events * at // len(stretches), parts + events)


def _by_name(store: Store, template: str) -> dict[str, dict[str, int]]:
    return {json_text(name): {"rows": int(tally), "bytes": int(octets)} for name, tally, octets in store.rows(template)}
