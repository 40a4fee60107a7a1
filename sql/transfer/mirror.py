"""A copy of a store in a server store, kept up to date: what changed since the last run of the same origin, by trees.

Sessions that the copy has and the source has not stay, and so do those that changed later in the copy, and rows that a
reclamation at the source shrank or dropped, unless `poorer`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from ..schema import migrate
from ..schema.record import refuse_strangers
from ..store import Store
from . import marks as marking
from . import merging
from .carrier import Carrier, Copied, chunks, waited
from .marks import Mark, State

__all__ = ["Copied", "mirror"]

COUNTED = 4 * 10**6       # octets after which a server first counts its tables anew for its planner, then ever later


def mirror(source: Store, target: Store, progress: Callable[[int, int], object], poorer: bool = False, *,
           origin: str = "", events: bool = True, everything: bool = False) -> Copied:
    """Bring the target's schema up to the source's, and of every row but tokens what changed.

    `origin` names the source in the copy; without `events` the event log is left out; `everything` brings sessions
    anew although nothing tells that they changed, as `poorer` does. `progress` hears octets done and in all.
    """
    copied = Copied(origin)
    tables, there = prepare(source, target)

    def whole() -> None:
        with waited(target):
            merge(source, target, tables, there, copied, poorer)
        seen = moment()
        marks, left = marking.take(source, events)
        copied.left |= left
        carrier = Carrier(source, target, there, origin, seen, poorer, events, copied=copied)
        states = look(carrier, marks)
        bring(carrier, marks, to_bring(carrier, marks, states, everything or poorer), progress)
        settle(carrier, marks, states)

    with source.telling(copied), target.telling(copied):
        target.again(whole, lambda: None)  # on another host it looks once more, at what is there by then
    return copied


def prepare(source: Store, target: Store) -> tuple[dict[str, migrate.Table], dict[str, migrate.Table]]:
    """The source's tables, and the target's once they hold at least the same columns."""
    tables = migrate.tables(source)
    refuse_strangers(target, tables)

    def migrated() -> None:
        with waited(target):
            migrate.migrate(target, tables)

    target.again(migrated, lambda: None)
    return tables, migrate.tables(target)


def merge(source: Store, target: Store, tables: Mapping[str, migrate.Table], there: Mapping[str, migrate.Table],
          copied: Copied, poorer: bool) -> None:
    """Every table whose rows belong to no session."""
    owned = {one.name for one in source.catalog.owned}
    alone = not target.one("transfer/copy_others", {"origin": copied.origin})[0]
    for name, table in tables.items():
        if name in owned:
            continue
        done = merging.Merging(source, target, table, there[name], poorer, alone).merge()
        copied.left |= done.left
        copied.projects |= done.projects
        if done.rows:
            copied.rows[name] = done.rows
        if name == merging.PROJECT:
            merging.note_projects(source, target, table, copied.origin, moment())


def look(carrier: Carrier, marks: Mapping[str, Mark]) -> dict[str, State]:
    """What is to be done about each session; where the fingerprint may not tell, its rows are read and summed."""
    states = marking.held_against(carrier.target, marks, carrier.origin)
    gone = {id: marks[id] for id, state in states.items() if state.what == "gone"}
    if gone:
        carrier.choose(carrier.target, gone)
        carrier.target.run("transfer/copy_now_gone")
    doubtful = [id for id, state in states.items() if state.what == "doubtful"]
    for chunk in chunks([marks[id]] for id in doubtful):
        own = carrier.digests(mark.id for mark in chunk)
        for mark in chunk:
            was = states[mark.id]
            states[mark.id] = State("same" if own[mark.id] == was.digest else "changed", was.digest, was.back)
    return states


def to_bring(carrier: Carrier, marks: Mapping[str, Mark], states: Mapping[str, State],
             everything: bool) -> list[list[Mark]]:
    """Of each tree what changed; the whole tree where another origin brought it as well."""
    changed = {id for id, state in states.items() if everything or state.what in marking.TO_BRING}
    carrier.copied.changed = len(changed)
    carrier.copied.unchanged = sum(state.what == "same" and id not in changed for id, state in states.items())
    contested = {root for (root,) in carrier.target.rows("transfer/copy_contested", {"origin": carrier.origin})} \
        if changed else set()
    return [tree if root in contested else [mark for mark in tree if mark.id in changed]
            for root, tree in marking.trees(marks.values()).items() if any(mark.id in changed for mark in tree)]


def bring(carrier: Carrier, marks: Mapping[str, Mark], chosen: list[list[Mark]],
          progress: Callable[[int, int], object]) -> None:
    """These trees, as many small ones in a transaction as go together. A server whose tables grow counts them for its
    planner on the way: it would read them whole for each transaction."""
    total, done, counted = sum(mark.bytes for tree in chosen for mark in tree), 0, 0
    for chunk in chunks(chosen):
        carrier.bring(chunk)
        done += sum(mark.bytes for mark in chunk)
        if done > counted * 4 + COUNTED:
            counted = done
            _analyze(carrier)
        progress(done, total)
    if len(chosen) > len(marks) // 10:
        _analyze(carrier)


def _analyze(carrier: Carrier) -> None:
    for one in carrier.owned if not carrier.target.path else ():
        carrier.target.on.analyze(carrier.target.connection, one.name)


def settle(carrier: Carrier, marks: Mapping[str, Mark], states: Mapping[str, State]) -> None:
    """Sessions that the source has no more, or has again, are marked; those that stand newer in the copy are told."""
    target, origin, copied = carrier.target, {"origin": carrier.origin}, carrier.copied
    back = {id: marks[id] for id, state in states.items() if state.back and state.what in ("same", "newer")}
    copied.vanished = sum(1 for _ in target.rows("transfer/copy_vanished", origin))
    if back or copied.vanished:
        with waited(target):
            target.engine_run("begin")
            carrier.choose(target, back)
            target.run("transfer/copy_back", origin)
            target.run("transfer/copy_vanish", origin | {"now": carrier.seen})
            target.engine_run("commit")
    for id, other in target.rows("transfer/copy_elsewhere", origin):
        if other is not None:
            copied.newer_there[id] = other
        if id not in copied.newer:
            copied.newer.append(id)
    copied.newer.sort()


def moment() -> int:
    """Now, in milliseconds."""
    return int(time.time() * 1000)
