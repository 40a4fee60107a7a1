"""Whether a copy is what its source is: every row of every session read on both sides, and nothing written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..schema import migrate
from ..schema.record import refuse_strangers
from ..store import Store
from . import marks as marking
from . import richer
from .carrier import Carrier, chunks
from .marks import Mark, State
from .mirror import look, moment

NEVER = "not there: nothing of this origin was brought yet"
SAID = {"new": "not there yet", "changed": "changed here since", "missing": "gone there"}


@dataclass
class Differences:
    """Sessions looked at and how many are the same; what differs, by session and by table; sessions of which the copy
    has a later state, by the origin that brought it."""

    origin: str = ""
    sessions: int = 0
    same: int = 0
    sessions_differ: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    newer_there: dict[str, str] = field(default_factory=dict)


def check(source: Store, target: Store, progress: Callable[[int, int], object], *, origin: str = "",
          events: bool = True) -> Differences:
    """Compare the copy with its source; only work tables of the connection are made. `progress` hears octets done and
    in all."""
    found = Differences(origin)
    tables = migrate.tables(source)
    migrate.refuse_newer(target)
    refuse_strangers(target, tables)
    marks, left = marking.take(source, events)
    found.sessions = len(marks)
    found.sessions_differ = dict(left)
    if not target.catalog.has("lifecycle_copy") or migrate.changes(target, tables):
        found.sessions_differ |= dict.fromkeys(marks, NEVER)
        return found
    carrier = Carrier(source, target, migrate.tables(target), origin, moment(), events=events)
    states = look(carrier, marks)
    found.sessions_differ |= {id: SAID[state.what] for id, state in states.items() if state.what in SAID}
    found.sessions_differ |= {id: "gone here, which is not written down there yet" for (id,) in
                              target.rows("transfer/copy_vanished", {"origin": origin})}
    found.newer_there = {id: other or "" for id, other in target.rows("transfer/copy_elsewhere", {"origin": origin})}
    _compare(carrier, marks, states, found, progress)
    return found


def _compare(carrier: Carrier, marks: Mapping[str, Mark], states: Mapping[str, State], found: Differences,
             progress: Callable[[int, int], object]) -> None:
    """Read what should be the same on both sides, in one state of each."""
    alike = [marks[id] for id, state in states.items() if state.what == "same"]
    total, done = sum(mark.bytes for mark in alike), 0
    for chunk in chunks([mark] for mark in alike):
        carrier.target.engine_run("begin")
        carrier.target.engine_ready("unhurried")
        carrier.source.engine_run("begin_read")
        try:
            found_otherwise = differing(carrier, {mark.id: mark for mark in chunk})
        finally:
            carrier.source.roll_back()
            carrier.target.roll_back()
        found.sessions_differ |= dict.fromkeys(found_otherwise, "its rows are not the same there")
        found.same += len(chunk) - len(found_otherwise)
        done += sum(mark.bytes for mark in chunk)
        progress(done, total)


def differing(carrier: Carrier, ids: Mapping[str, Mark]) -> list[str]:
    """Sessions whose rows are not the same. Where the copy has more since a reclamation at the source, that is no
    difference: what it keeps is left out on both sides, and so are the diffs of the session's own row."""
    here = carrier.digests(ids)
    carrier.choose(carrier.target, ids)
    there = {id: str(one) for id, one in carrier.received(ids, apart=False).items()}
    some = {id: mark for id, mark in ids.items() if here[id] != there[id]}
    if not some:
        return []
    kept = richer.find(carrier.source, carrier.target, some, carrier.owned, carrier.events,
                       lambda store, chosen: carrier.choose(store, {id: some[id] for id in chosen}))
    carrier.choose(carrier.source, some)
    carrier.choose(carrier.target, some)
    ours = carrier.sums(carrier.source, some, apart=False, without=kept.shrunk, diffs=False)
    theirs = carrier.sums(carrier.target, some, apart=True, diffs=False)
    return [id for id in some if ours[id] != theirs[id]]
