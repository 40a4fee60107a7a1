"""Before trees go they are brought into a store of copies: committed there, and read back over another connection.

What goes is held against what was brought in the transaction that deletes it, as with an export.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from ..refusal import FAILED, Refusal
from ..store import Store
from ..transfer import marks as marking
from ..transfer.carried_rows import carried_rows
from ..transfer.carrier import Carrier, Copied, chunks, text, waited
from ..transfer.checking import differing
from ..transfer.marks import Mark, State
from ..transfer.mirror import look, merge, moment, prepare, to_bring
from ..transfer.outdone import outdone
from ..transfer.read_back import Total, adding
from ..transfer.reader import Opened, Sealed, Stored
from ..transfer.sums import Sum, row_digest
from ..words import printable
from . import witness
from .plan_file import Script

Hear = Callable[[Opened | Stored | Sealed], object]


@dataclass
class Shipment:
    """Where the sessions of a plan are to be before they go. `source` is the store and `target` that of the copies,
    each on a connection of this shipment's own; `again` opens the target once more; `origin` is what the store is
    called there."""

    source: Store
    target: Store
    again: Callable[[], AbstractContextManager[Store]]
    origin: str

    def __str__(self) -> str:
        return self.target.name


@dataclass
class Brought:
    """What a shipment did: how many sessions of the plan are there, the roots of units that stay and why, and the last
    look at what goes."""

    look: witness.Look
    sessions: int = 0
    stays: dict[str, str] = field(default_factory=dict)


def bring(store: Store, script: Script, shipment: Shipment, progress: Callable[[int, int], object]) -> Brought:
    """Bring every tree that the plan takes something of into the copy, and read each session back from there.

    A session that the copy cannot hold, has newer without going on from it, or that changed meanwhile keeps its unit
    here. Raises `Refusal` 1 where the copy does not give back what was brought, or lacks a session of the plan that is
    here; and whatever the engines raise. Nothing was removed then.
    """
    roots = {line.id: line.root_id for line in script.lines}
    marks, why, carrier = _carried(shipment, roots, progress)
    hear, sums = adding(witness.asked(script, store.catalog)), list[Total]()
    here = {id: mark for id, mark in marks.items() if id in roots and id not in why}
    with shipment.again() as target:
        why |= _read_back(shipment, Carrier(shipment.source, target, carrier.there, shipment.origin, carrier.seen),
                          here, lambda item: sums.extend(hear(item)), set(carrier.copied.newer))
    sums += hear(None)
    done = Brought(witness.looking(store, script, sums))
    for id, root in roots.items():
        if id not in marks and id not in why:
            if store.one("retention/exists", {"id": id})[0]:
                raise Refusal(f"{shipment} does not hold session {printable(id)}, which is in {store.name}; nothing "
                              "was removed. Make the plan again.", FAILED)
            why[id] = "changed"
        if id in why:
            done.stays.setdefault(root, why[id])
    going = {id: mark for id, mark in here.items() if id not in why}
    done.sessions = len(going)
    _note(carrier, going)
    return done


def _note(carrier: Carrier, going: Mapping[str, Mark]) -> None:
    """Write down in the copy that the source is about to lose these sessions, so that nobody overwrites what may be all
    there is of them. Of one that stays after all, the next mirror takes that back."""
    with waited(carrier.target):
        carrier.target.engine_run("begin")
        carrier.choose(carrier.target, going)
        carrier.target.run("transfer/copy_leaving", {"origin": carrier.origin, "now": moment()})
        carrier.target.engine_run("commit")


def _carried(shipment: Shipment, wanted: Mapping[str, str], progress: Callable[[int, int], object],
             ) -> tuple[dict[str, Mark], dict[str, str], Carrier]:
    """The store's sessions; why some are not in the copy; and what carried them."""
    source, target = shipment.source, shipment.target
    tables, there = prepare(source, target)
    seen = moment()
    marks, why = marking.take(source, events=True)
    carrier = Carrier(source, target, there, shipment.origin, seen, copied=Copied(shipment.origin))
    with waited(target):
        merge(source, target, tables, there, carrier.copied, poorer=False)
    carrier.copied.left.clear()  # rows that belong to no session stay where they are
    trees = [tree for tree in marking.trees(marks.values()).values() if any(mark.id in wanted for mark in tree)]
    near = {mark.id: mark for tree in trees for mark in tree}
    chosen = to_bring(carrier, near, _standing(carrier, near), everything=False)
    total, done = max(1, sum(mark.bytes for tree in chosen for mark in tree)), 0
    for chunk in chunks(chosen):
        carrier.bring(chunk)
        done += sum(mark.bytes for mark in chunk)
        progress(min(done, total), total)
    why |= {id: f"{shipment} cannot hold it: {said}" for id, said in carrier.copied.left.items()}
    return marks, why, carrier


def _standing(carrier: Carrier, marks: Mapping[str, Mark]) -> dict[str, State]:
    """What is to be done about each session. Where nothing tells a change, both sides are read: only what stands there
    as it is here, and as it was brought, is not brought again."""
    states = look(carrier, marks)
    for chunk in chunks([marks[id]] for id, state in states.items() if state.what == "same"):
        ids = {mark.id: mark for mark in chunk}
        own = carrier.digests(ids)
        carrier.choose(carrier.target, ids)
        theirs = carrier.received(ids, apart=False)
        states |= {id: State("changed") for id in ids if not own[id] == str(theirs[id]) == states[id].digest}
    return {id: state if state.what == "same" else State("changed") for id, state in states.items()}


def _read_back(shipment: Shipment, carrier: Carrier, here: Mapping[str, Mark], hear: Hear,
               newer: Collection[str]) -> dict[str, str]:
    """Hold what the copy gives over a new connection, and what it noted, against the store; what stays, and why.

    Where the copy has more since a reclamation made rows smaller here, all others are to be the same. Of the `newer`
    ones it is to have every row, the same or a later one.
    """
    source, target = carrier.source, carrier.target
    noted = dict(target.rows("transfer/copy_noted", {"origin": shipment.origin}))
    changed: dict[str, str] = {}
    for chunk in chunks([mark] for mark in here.values()):
        ids = {mark.id: mark for mark in chunk}
        source.engine_run("begin_read")
        target.engine_run("begin_read")
        try:
            own = _heard(carrier, ids, hear)
            changed |= {id: "changed" for id in ids if id not in newer and noted.get(id) != str(own[id])}
            behind = {id: mark for id, mark in ids.items() if id in newer}
            changed |= dict.fromkeys(behind.keys() - outdone(carrier, behind), f"{shipment} has it in a later state")
            ids = {id: mark for id, mark in ids.items() if id not in changed and id not in behind}
            carrier.choose(target, ids)
            theirs = carrier.sums(target, ids, apart=False)
            if lost := differing(carrier, {id: mark for id, mark in ids.items() if theirs[id] != own[id]}):
                raise Refusal(f"{shipment} gives session {printable(lost[0])} back otherwise than it was brought; "
                              "nothing was removed.", FAILED)
        finally:
            source.roll_back()
            target.roll_back()
    return changed


def _heard(carrier: Carrier, ids: Mapping[str, Mark], hear: Hear) -> dict[str, Sum]:
    """What the store's rows of these sessions come to; each is heard."""
    carrier.choose(carrier.source, ids)
    found = {id: Sum() for id in ids}
    owner: str | None = None
    for id, table, columns, row in _rows(carrier):
        if id != owner:
            owner = id
            hear(Opened("", None, id, False))
        found[id].add(row_digest(table, row))
        hear(Stored(table, dict(zip(columns, row, strict=True))))
    return found


def _rows(carrier: Carrier) -> Iterable[tuple[str, str, list[str], tuple[object, ...]]]:
    """Session, table, columns and values of each row of the sessions at hand, as they were brought."""
    with carrier.source.octets():
        for table in carrier.owned:
            columns = [one.name for one in carrier.there[table.name].columns if one.name in table.columns]
            for by_itself in (False, True) if table.via else (False,):
                for owner, *row in carried_rows(carrier.source, table, columns, by_itself, huge=True):
                    yield text(owner), table.name, columns, tuple(row)
