"""A copy of a store in a server store, kept up to date: what changed since the last run of the same origin, by trees.

Sessions that the copy has and the source has not stay, and so do those that changed later in the copy, and rows that a
reclamation at the source shrank or dropped, unless `poorer`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..refusal import FAILED, Refusal
from ..schema import migrate
from ..store import Store
from ..words import printable
from . import marks as marking
from . import merging
from .carrier import Carrier, Copied, Witness, chunks, waited
from .marks import Mark, State

__all__ = ["Copied", "mirror", "ship"]


@dataclass(frozen=True)
class Shipped:
    """What `ship` brought: trees, sessions, rows, and octets of their texts; `digests` are those of all rows of each
    session, as the source has them."""

    trees: int
    sessions: int
    rows: int
    bytes: int
    richer: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class NotShipped(Refusal):
    """Some sessions are not in the copy as the source has them; `left` says why of each."""

    def __init__(self, where: str, left: Mapping[str, str]):
        id, why = next(iter(left.items()))
        super().__init__(f"Session {printable(id)} is not in {where} as it is here: {why}.", FAILED)
        self.left = dict(left)


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
    with waited(target):
        migrate.migrate(target, tables)
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
    """These trees, as many small ones in a transaction as go together."""
    total, done = sum(mark.bytes for tree in chosen for mark in tree), 0
    for chunk in chunks(chosen):
        carrier.bring(chunk)
        done += sum(mark.bytes for mark in chunk)
        progress(done, total)
    if len(chosen) > len(marks) // 10 and not carrier.target.path:
        for one in carrier.owned:
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


def ship(source: Store, target: Store, roots: Iterable[str], origin: str, now: int,
         witness: Witness | None = None) -> Shipped:
    """Bring the trees of these roots into the copy, whole, committed, and read back by digest before the commit.

    `source` has no work tables of its own yet; `now` is the moment before which the caller has not looked at it;
    `witness` hears every row of what is brought. Raises `NotShipped` (a `Refusal` 1) where the copy does not hold a
    session as it is here: it cannot, or another origin's is newer there; the others are there then.
    """
    _, there = prepare(source, target)
    wanted, seen = set(roots), moment()
    marks, left = marking.take(source, events=True)
    carrier = Carrier(source, target, there, origin, min(now, seen), witness=witness)
    chosen = [tree for root, tree in marking.trees(marks.values()).items() if root in wanted]
    for chunk in chunks(chosen):
        carrier.bring(chunk)
    done = carrier.copied
    left = {id: why for id, why in left.items() if id in wanted} | done.left
    left |= dict.fromkeys(done.newer, "it was changed later there")
    left |= {root: "it is gone" for root in wanted - {tree[0].root for tree in chosen} if root not in left}
    if left:
        raise NotShipped(target.name, left)
    return Shipped(done.trees, done.sessions, sum(done.rows.values()), done.bytes, done.richer)


def moment() -> int:
    """Now, in milliseconds."""
    return int(time.time() * 1000)
