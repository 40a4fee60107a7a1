"""From a policy to a script, and from a script to a store that is smaller: what plan, prune and apply share."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import cascade, history, space, state
from ..engines.sqlite.client_probe import Probe
from ..refusal import FAILED, STALE_PLAN, Refusal
from ..retention import pins
from ..retention.selection import Question, Selection, decide, selection
from ..spill import Spilled
from ..store import Store
from ..transfer.export import Seen, Written, write
from ..transfer.session_rows import downwards
from ..words import printable, program
from . import witness
from .execute import Outcome, carry_out
from .plan_file import ListLine, Script, compose

if TYPE_CHECKING:  # what copies is loaded where something is copied
    from .shipment import Shipment

NO_EXPORT = "none is made (--no-export): what goes is gone"
EXPORT_FIRST = "made by `apply` before the first batch, unless --no-export"


@dataclass(frozen=True)
class Run:
    """What applying a script did: the outcome, and the store's bytes before and after."""

    outcome: Outcome
    freed_bytes: int
    before: int
    after: int
    seconds: float
    export: Path | str | None = None


@dataclass
class Elsewhere:
    """Where the sessions of a plan are besides, if they are anywhere; roots of units that stay and why; the last look
    at what goes; and what an undo has to know."""

    where: Path | str | None = None
    stays: dict[str, str] = field(default_factory=dict)
    look: witness.Look | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def plan(store: Store, question: Question, ignored: Collection[str] = (),
         export: str = EXPORT_FIRST) -> tuple[Selection, Script]:
    """The selection and its script; raises `Refusal` 78 for a table with a session key that nobody knows,
    and for what a deletion would set in motion."""
    store.catalog.refuse_strangers(ignored)
    unmet = decide(store, question, every_rule=False)
    chosen = selection(store, question.sentence, question.now, question.values, unmet, question.sections)
    return chosen, compose(store, chosen, export, question.overwrite)


def run(store: Store, script: Script, probe: Probe | None, verb: str, sentence: str,
        progress: Callable[[int], object], export: Path | Shipment | None = None,
        exporting: Callable[..., object] = lambda done, of: None, undoes: int | None = None,
        whole: bool = False) -> Run:
    """Carry out a script on `store` and remember it.

    With `export` the sessions of the list are written to that file, or brought to that store of copies, and read back
    first; what is there otherwise than the plan saw it stays. `undoes` is the number of the run that this takes back;
    `whole`: the store is to be written anew, once, without what goes.
    Raises `Refusal`: 1 when that fails, and nothing was removed then; 73 for a script of
    another engine or of other tables; and what `carry_out` raises.
    """
    store.catalog = store.on.catalog(store.connection)  # as it is now, which may be long after the plan
    refuse_foreign(script, store)
    started, moment = time.monotonic(), int(time.time() * 1000)
    digest, before = script.identity, space.facts(store)
    again = state.ran_here(store.name, digest)
    kept = _elsewhere(store, script, export, exporting) if export else Elsewhere()
    with history.recorded(store.name, verb, history.REMOVED, needed=bool(kept.where), first="batch", digest=digest,
                          started=moment, sentence=sentence, export=kept.where and str(kept.where), undoes=undoes,
                          facts=kept.facts) as told:
        outcome = carry_out(script, store, probe, lambda: {*pins.pinned(store), *kept.stays}, again, progress,
                            kept.look, whole)
        told.outcome = outcome.left or history.DONE
        outcome.spared |= {root: why for root, why in kept.stays.items() if root in outcome.spared}
        told.facts["spared"] = sorted(outcome.spared)
        told.columns = {"sessions": outcome.sessions, "rows": outcome.rows}
        _remember_removed(store, script, outcome)
        if kept.where and not (outcome.code or outcome.resumed or any(outcome.rows.values())):
            _discard(kept.where)
            kept.where = None
        after = space.facts_after(store, before)
        freed = (before["used_bytes"] - after["used_bytes"] if outcome.anew
                 else after["free_bytes"] - before["free_bytes"])
        done = Run(outcome, max(0, freed),
                   before["bytes"] + before["wal_bytes"], after["bytes"] + after["wal_bytes"],
                   time.monotonic() - started, kept.where)
        told.columns |= {"freed_bytes": done.freed_bytes, "export": kept.where and str(kept.where)}
    return done


def _remember_removed(store: Store, script: Script, outcome: Outcome) -> None:
    """Sessions that are gone: what lies beside the store of them is left over."""
    if not outcome.left:
        with suppress(Refusal):  # what is not remembered only lets files beside the store stay
            state.remove(store.name, (line.id for line in script.lines if line.root_id not in outcome.spared))


def _elsewhere(store: Store, script: Script, export: Path | Shipment, progress: Callable[..., object]) -> Elsewhere:
    """Have the sessions of a plan somewhere else, complete and read back, before any of them goes."""
    if not isinstance(export, Path):
        brought = cascade.shipment.bring(store, script, export, progress)
        units: dict[str, list[str]] = {}
        for line in script.lines:
            if line.root_id not in brought.stays:
                units.setdefault(line.root_id, []).append(line.id)
        return Elsewhere(str(export) if brought.sessions else None, brought.stays, brought.look, {"units": units})
    written, changed = export_plan(store, script, export, progress)
    if not written.sessions:  # none of them is there any more
        _discard(export)
    return Elsewhere(export if written.sessions else None, dict.fromkeys(changed, "changed"),
                witness.looking(store, script, written.sums))


def export_plan(store: Store, script: Script, path: Path,
                progress: Callable[..., object]) -> tuple[Written, set[str]]:
    """Export the sessions of a plan, read the file back, and hold what was exported against the plan's list.

    Returns what was written, with the sums that the rows must come to when they go, and the roots of units that are not
    what the plan saw, which must stay. Raises `Refusal` 1 when the file cannot be written or read back, when a session
    cannot be read in full, or when the store has one that the file does not hold; the file is removed then.
    """
    pinned, changed = _Pinned(script.lines), set[str]()
    listed = Spilled(map(_unit, _units(script.lines)), tuple, tuple)

    def check(id: object, seen: Seen) -> None:
        saw = pinned.take(id)
        if (seen.tally, seen.seq) != (saw.tally, saw.seq) or seen.newest > saw.newest:
            changed.add(saw.root_id)

    written = write(store, listed, path, progress, check, asked=witness.asked(script, store.catalog))
    if written.lost:
        path.unlink()
        lost, tables = next(iter(written.lost.items()))
        raise Refusal(f"The store {store.name} is damaged: {', '.join(tables)} of session {printable(lost)} cannot be "
                      f"read, so nothing was removed. `{program()} export --output=FILE` saves what can be read.",
                      FAILED)
    for line in pinned.left():  # the client deleted it, and its unit stays; or the export is at fault
        if store.one("retention/exists", {"id": line.id})[0]:
            path.unlink()
            raise Refusal(f"The export of {store.name} would not hold session {printable(line.id)}, which is there; "
                          "nothing was removed. Make the plan again.", FAILED)
        changed.add(line.root_id)
    return written, changed


def _units(lines: Iterable[ListLine]) -> Iterator[list[ListLine]]:
    """The lines of each unit, which stand together."""
    for _, together in groupby(lines, key=attrgetter("root_id")):
        yield list(together)


def _unit(lines: Sequence[ListLine]) -> tuple[str, list[str]]:
    """A unit and its sessions, parents before children."""
    root, ids = lines[0].root_id, {line.id for line in lines}
    return root, [id for id in downwards(root, [(line.id, line.parent_id) for line in lines]) if id in ids]


class _Pinned:
    """The lines of a plan, unit by unit, of which each is taken once its session is exported. A damaged store is read
    twice, from the front each time."""

    def __init__(self, lines: Iterable[ListLine]):
        self._lines = lines
        self._begin()

    def _begin(self) -> None:
        self._units, self._unit, self._missed = _units(self._lines), dict[object, ListLine](), list[ListLine]()

    def take(self, id: object) -> ListLine:
        for again in (False, True):
            if again:
                self._begin()
            while id not in self._unit and (lines := next(self._units, None)):
                self._missed += self._unit.values()
                self._unit = {line.id: line for line in lines}
            if id in self._unit:
                return self._unit.pop(id)
        raise LookupError(id)

    def left(self) -> Iterator[ListLine]:
        """Those that nobody took."""
        yield from self._missed
        yield from self._unit.values()
        for lines in self._units:
            yield from lines


def _discard(kept: Path | str) -> None:
    """Nothing was removed, so there is nothing to bring back; what a store of copies has stays there."""
    if isinstance(kept, Path):
        kept.unlink(missing_ok=True)


def refuse_foreign(script: Script, store: Store) -> None:
    """Raise `Refusal` 73 for a script of another engine, or for other tables than the store has now."""
    if script.engine != store.engine:
        raise Refusal(f"The plan is for {script.engine}, and {store.name} is on {store.engine}.", STALE_PLAN)
    if script.keyed != store.catalog.keyed():
        raise Refusal(f"The tables of {store.name}, or what hangs on them (foreign keys, triggers), are not those the "
                      "plan was made for; make the plan again.",
                      STALE_PLAN)
