"""From a policy to a script, and from a script to a store that is smaller: what plan, prune and apply share."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import history, space, state
from ..engines.sqlite.client_probe import Probe
from ..refusal import FAILED, STALE_PLAN, Refusal
from ..retention import pins
from ..retention.selection import Question, Selection, decide, selection
from ..store import Store
from ..transfer.export import Seen, Written, write
from ..transfer.session_rows import downwards
from ..words import printable, program
from . import witness
from .execute import Outcome, carry_out
from .plan_file import ListLine, Script, compose

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
    export: Path | None = None


def plan(store: Store, question: Question, ignored: Collection[str] = (),
         export: str = EXPORT_FIRST) -> tuple[Selection, Script]:
    """The selection and its script; raises `Refusal` 78 for a table with a session key that nobody knows,
    and for what a deletion would set in motion."""
    store.catalog.refuse_strangers(ignored)
    unmet = decide(store, question, every_rule=False)
    chosen = selection(store, question.sentence, question.now, question.values, unmet, question.sections)
    return chosen, compose(store, chosen, export, question.overwrite)


def run(store: Store, script: Script, probe: Probe | None, verb: str, sentence: str,
        progress: Callable[[int], object], export: Path | None = None,
        exporting: Callable[..., object] = lambda done, of: None, undoes: int | None = None) -> Run:
    """Carry out a script on `store` and remember it.

    With `export` the sessions of the list are written to that file and read back first; what is exported otherwise
    than the plan saw it stays. `undoes` is the number of the run that this takes back.
    Raises `Refusal`: 1 when that fails, and nothing was removed then; 73 for a script of
    another engine or of other tables; and what `carry_out` raises.
    """
    store.catalog = store.on.catalog(store.connection)  # as it is now, which may be long after the plan
    refuse_foreign(script, store)
    started, moment = time.monotonic(), int(time.time() * 1000)
    digest, before = script.identity, space.facts(store)
    again = state.ran_here(store.name, digest)
    changed: set[str] = set()
    look = None
    if export:
        export, changed, look = _exported(store, script, export, exporting)
    with history.recorded(store.name, verb, history.REMOVED, needed=bool(export), first="batch", digest=digest,
                          started=moment, sentence=sentence, export=export and str(export), undoes=undoes) as told:
        outcome = carry_out(script, store, probe, lambda: {*pins.pinned(store), *changed}, again, progress, look)
        told.outcome = outcome.left or history.DONE
        outcome.spared |= {root: "changed" for root in changed if root in outcome.spared}
        told.facts["spared"] = sorted(outcome.spared)
        told.columns = {"sessions": outcome.sessions, "rows": outcome.rows}
        _remember_removed(store, script, outcome)
        if export and not (outcome.code or outcome.resumed or any(outcome.rows.values())):
            _discard(export)
            export = None
        after = _facts_after(store, before)
        done = Run(outcome, max(0, after["free_bytes"] - before["free_bytes"]),
                   before["bytes"] + before["wal_bytes"], after["bytes"] + after["wal_bytes"],
                   time.monotonic() - started, export)
        told.columns |= {"freed_bytes": done.freed_bytes, "export": export and str(export)}
    return done


def _remember_removed(store: Store, script: Script, outcome: Outcome) -> None:
    """Sessions that are gone: what lies beside the store of them is left over."""
    if not outcome.left:
        with suppress(Refusal):  # what is not remembered only lets files beside the store stay
            state.remove(store.name, [line.id for line in script.lines if line.root_id not in outcome.spared])


def _exported(store: Store, script: Script, path: Path,
              progress: Callable[..., object]) -> tuple[Path | None, set[str], witness.Look]:
    """The finished export, None when none of the sessions is there any more; units that changed since the plan, which
    are all of them then; and the last look at what goes."""
    written, changed, sums = export_plan(store, script, path, progress)
    if not written.sessions:
        _discard(path)
    return path if written.sessions else None, changed, witness.looking(store, script, sums)


def export_plan(store: Store, script: Script, path: Path,
                progress: Callable[..., object]) -> tuple[Written, set[str], witness.Sums]:
    """Export the sessions of a plan, read the file back, and hold what was exported against the plan's list.

    Returns what was written, the roots of units that are not what the plan saw, which must stay, and sums of all that
    was read back, which the rows must come to when they go. Raises
    `Refusal` 1 when the file cannot be written or read back, when a session cannot be read in full, or when the store
    has one that the file does not hold; the file is removed then.
    """
    units: dict[str, list[tuple[str, str | None]]] = {}
    pinned: dict[object, ListLine] = {line.id: line for line in script.lines}
    for line in script.lines:
        units.setdefault(line.root_id, []).append((line.id, line.parent_id))
    listed = [(root, [id for id in downwards(root, members) if id in pinned]) for root, members in units.items()]
    changed: set[str] = set()
    missing = dict.fromkeys(line.id for line in script.lines)

    def check(id: object, seen: Seen) -> None:
        saw = pinned[id]
        del missing[saw.id]
        if (seen.tally, seen.seq) != (saw.tally, saw.seq) or seen.newest > saw.newest:
            changed.add(saw.root_id)

    hear, sums = witness.hearing(script, store.catalog)
    written = write(store, listed, path, progress, check, hear=hear)
    if written.lost:
        path.unlink()
        lost, tables = next(iter(written.lost.items()))
        raise Refusal(f"The store {store.name} is damaged: {', '.join(tables)} of session {printable(lost)} cannot be "
                      f"read, so nothing was removed. `{program()} export --output=FILE` saves what can be read.",
                      FAILED)
    for id in missing:  # the client deleted it, and all that is left of its unit stays; or the export is at fault
        if store.one("retention/exists", {"id": id})[0]:
            path.unlink()
            raise Refusal(f"The export of {store.name} would not hold session {printable(id)}, which is there; nothing "
                          "was removed. Make the plan again.", FAILED)
        changed.add(pinned[id].root_id)
    return written, changed, sums


def _discard(path: Path) -> None:
    """Nothing was removed, so there is nothing to bring back."""
    path.unlink(missing_ok=True)


def _facts_after(store: Store, before: dict[str, Any]) -> dict[str, Any]:
    """The store's figures once more; those from before where a server cannot tell any more, or not now."""
    try:
        return space.facts(store) if store.on.alive(store.connection) else before
    except store.on.Error:
        return before


def refuse_foreign(script: Script, store: Store) -> None:
    """Raise `Refusal` 73 for a script of another engine, or for other tables than the store has now."""
    if script.engine != store.engine:
        raise Refusal(f"The plan is for {script.engine}, and {store.name} is on {store.engine}.", STALE_PLAN)
    if script.keyed != store.catalog.keyed():
        raise Refusal(f"The tables of {store.name}, or what hangs on them (foreign keys, triggers), are not those the "
                      "plan was made for; make the plan again.",
                      STALE_PLAN)
