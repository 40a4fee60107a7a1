"""The steps of an unattended run, each on a connection of its own: what one does stands, whatever the next one meets.

Nothing here asks, and nothing is printed: the policy file is the consent, the announcement is the warning, and each
step says what it did and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from typing import Any

from .. import space as spaces
from .. import state
from ..cascade import removal
from ..engines.sqlite.client_probe import Probe
from ..files import cause
from ..reclamation import execute, forecast, kinds, originals
from ..refusal import BUSY, INTERRUPTED, UNFINISHED, Refusal
from ..retention import archive as flags
from ..retention.selection import Question, Selection
from ..space import SpaceReturned
from ..store import Store
from ..transfer import exports_folder
from ..words import DAY, human, many, span, stamp
from . import growth, marks, memory
from .memory import Announcement
from .orders import ANNOUNCED, DONE, FAILED, NOTHING, PLANNED, SKIPPED, Orders, StepReport, worth

ORIGINALS = ".originals.zst"

Opened = Callable[[], AbstractContextManager[Store]]
Step = Callable[[Store, Orders, Probe | None], StepReport]


def run(opened: Opened, orders: Orders, probe: Probe | None,
        beat: Callable[[], None] = lambda: None) -> Iterator[StepReport]:
    """The steps in order, each reported once it is done; one that fails does not keep the next from its work.

    `opened` opens the store anew, `beat` is called before each step. Raises `Refusal` 130 where it was interrupted.
    """
    for name, step in STEPS.items():
        try:
            beat()
            with opened() as store:
                report = step(store, orders, probe)
        except Refusal as refusal:
            report = StepReport(name, SKIPPED if refusal.code == BUSY else FAILED, str(refusal),
                                code=0 if refusal.code == BUSY else UNFINISHED)
        except OSError as error:
            report = StepReport(name, FAILED, f"It stopped: {cause(error)}.", code=UNFINISHED)
        yield report
        if report.code == INTERRUPTED:
            raise Refusal("Interrupted; what was done is done whole.", INTERRUPTED)


# --- warn ------------------------------------------------------------------------------------------------------------


def warn(store: Store, orders: Orders, probe: Probe | None) -> StepReport:
    """Remember how large the store is, and tell of a mark that it has passed."""
    found = spaces.facts(store)
    size = found["bytes"] + found["wal_bytes"]
    if orders.dry:
        standing = marks.standing(store.name, orders.now, size, orders.marks)
        crossed = tuple([standing] if standing else [])
    else:
        with suppress(Refusal):  # a warning is worth more than a sample
            growth.sample(store.name, orders.now, found["bytes"], found["wal_bytes"], found["free_bytes"])
        crossed = marks.crossed(store.name, orders.now, size, orders.marks)
    rate = growth.growth(store.name, orders.now).per_day
    figures = {"file_bytes": size, "free_bytes": found["free_bytes"], "per_day": rate,
               "crossed": [one.facts() for one in crossed]}
    grows = f", and grows by {human(round(rate))} a day" if rate else ""
    why = " ".join(one.text for one in crossed) or f"The store takes {human(size)}{grows}; no mark was passed."
    return StepReport("warn", DONE if crossed else NOTHING, why, figures)


# --- archive ---------------------------------------------------------------------------------------------------------


def archive(store: Store, orders: Orders, probe: Probe | None) -> StepReport:
    """Set the client's own flag on trees that were idle for long enough."""
    if orders.archiving is None:
        return StepReport("archive", NOTHING, "The policy archives nothing.")
    store.catalog.refuse_side_effects(orders.ignored, deletes=False)
    found = flags.choose(store, orders.archiving, None, True)
    figures: dict[str, Any] = {"sessions": len(found), "next": _next(store, orders.archiving)}
    if not found:
        return StepReport("archive", NOTHING, "No tree is idle for long enough.", figures)
    if orders.dry:
        return StepReport("archive", PLANNED, f"{many(len(found), 'session')} would be archived.", figures)
    done = flags.change(store, orders.now)
    left = f" Work is left: {done.stopped}." if done.stopped else ""
    return StepReport("archive", DONE, f"{many(len(done.sessions), 'session')} archived.{left}",
                      figures | {"sessions": len(done.sessions), "run": _run(store)}, UNFINISHED if left else 0)


# --- reclaim ---------------------------------------------------------------------------------------------------------


def reclaim(store: Store, orders: Orders, probe: Probe | None) -> StepReport:
    """Shrink what stays, by the kinds that the policy switches on."""
    if orders.reclaiming is None:
        return StepReport("reclaim", NOTHING, "The policy reclaims nothing.")
    asked = replace(orders.reclaiming, kinds=kinds.possible(store.engine, orders.reclaiming.kinds))
    plan = forecast.forecast(store, asked, orders.ignored)
    octets = sum(gain["bytes"] for gain in plan.gains.values())
    figures: dict[str, Any] = {"kinds": plan.gains, "bytes": octets}
    if plan.empty:
        return StepReport("reclaim", NOTHING, "Nothing can be reclaimed.", figures)
    if orders.dry:
        return StepReport("reclaim", PLANNED, f"{human(octets)} would become free inside the store.", figures)
    export = saved = None
    if orders.export_reclaimed:
        export = exports_folder.place_of(None, store, "reclaim", ORIGINALS)
        saved = originals.write(store, plan, export)
    said = f"Reclaim {', '.join(asked.kinds)}, by the policy."
    done = execute.run(store, plan, export, said, lambda batch: None, saved)
    figures |= {"kinds": done.gains, "bytes": sum(gain["bytes"] for gain in done.gains.values()),
                "freed_bytes": done.freed_bytes, "export": str(export) if export else None, "run": _run(store)}
    left = f" Work is left: {done.left}." if done.code else ""
    return StepReport("reclaim", DONE, f"{human(figures['bytes'])} of content taken out of sessions that stay.{left}",
                      figures, done.code)


# --- evict -----------------------------------------------------------------------------------------------------------


def evict(store: Store, orders: Orders, probe: Probe | None) -> StepReport:
    """Export and remove what is over a limit, at most the share of one run, and not before it was announced."""
    question = orders.evicting
    if question is None:
        return StepReport("evict", NOTHING, "The policy sets no limit, so nothing is ever evicted.")
    file = exports_folder.place_of(None, store, "enforce") if not orders.dry else None
    chosen, script = removal.plan(store, question, orders.ignored, f"{file}, written and read back first")
    sessions, octets = sum(len(unit.sessions) for unit in chosen.units), sum(chosen.bytes.values())
    rest, beyond, alone = (int(one) for one in store.one("retention/rest"))
    figures: dict[str, Any] = {
        "trees": len(chosen.units), "sessions": sessions, "bytes": octets, "protected": chosen.protected,
        "rest": {"trees": rest, "bytes": beyond, "alone": alone}, "next": _next(store, question),
        "warnings": list(chosen.warnings)}
    waits = _rest(question, rest, beyond, alone)
    if not chosen.units:
        return StepReport("evict", NOTHING, waits or "No tree is over a limit.", figures)
    told = memory.announced(store.name, orders.eviction, orders.now)
    first = Announcement(orders.now, orders.now + orders.announce, len(chosen.units), sessions, octets)
    if not (orders.at_once or (told and (told.done or told.due <= orders.now)) or not orders.announce):
        if not (told or orders.dry):
            memory.announce(store.name, orders.eviction, first)
        return _announced(told or first, figures)
    if orders.dry:
        return StepReport("evict", PLANNED, f"{chosen.goes()} would go, {human(octets)}.{waits}", figures)
    memory.announce(store.name, orders.eviction, replace(told or first, done=True))
    return _evicted(store, orders, removal.run(store, script, probe, "enforce", chosen.sentence, lambda batch: None,
                                               file), chosen, figures, waits)


def _announced(told: Announcement, figures: dict[str, Any]) -> StepReport:
    why = (f"From {stamp(told.due)} UTC on, runs under this policy evict what is over its limits: "
           f"{many(told.trees, 'tree')} with {many(told.sessions, 'session')}, {human(told.bytes)}, as things stood "
           "when this was announced. Each is exported first, and can be brought back.")
    return StepReport("evict", ANNOUNCED, why, figures | {"announced": told.facts()})


def _evicted(store: Store, orders: Orders, done: removal.Run, chosen: Selection, figures: dict[str, Any],
             waits: str) -> StepReport:
    outcome = done.outcome
    left = f" Work is left: {outcome.left}." if outcome.code else ""
    figures |= {"sessions": outcome.sessions, "spared": outcome.spared, "freed_bytes": done.freed_bytes,
                "export": str(done.export) if done.export else None, "run": _run(store)}
    if not outcome.sessions:
        return StepReport("evict", NOTHING, f"All that was to go changed meanwhile, and stays.{left}", figures,
                          outcome.code)
    figures["undo"] = f"{orders.undo} --run={figures['run']}"
    return StepReport("evict", DONE, f"{many(outcome.sessions, 'session')} evicted, {human(figures['bytes'])}; "
                      f"`{figures['undo']}` brings them back.{left}{waits}", figures, outcome.code)


def _rest(question: Question, trees: int, octets: int, alone: int) -> str:
    """What the share leaves; it is no failure, and the next run goes on."""
    if not trees:
        return ""
    share = f"{(question.share or 0) / 10:g} %"
    wait = f" {many(trees - alone, 'tree')} left for the next run" if trees > alone else ""
    big = f" {many(alone, 'tree')} alone over that share: only `prune` takes such a tree" if alone else ""
    return (f"{wait}{';' if wait and big else ''}{big}; {human(octets)} over a limit stay, since one run takes {share} "
            "of the trees and of the bytes at most.")


def _next(store: Store, question: Question) -> int | None:
    """From when on another tree may go, by the verdicts that are in the work tables."""
    values = {**question.values, "tomorrow": question.now + DAY}
    found = [due for name in ("next", "next_child") for (due,) in store.rows(f"retention/{name}", values)
             if due is not None]
    return min(map(int, found), default=None)


# --- space -----------------------------------------------------------------------------------------------------------


def space(store: Store, orders: Orders, probe: Probe | None) -> StepReport:
    """Give free pages back to the disk, once there are enough of them."""
    if store.path is None:
        return StepReport("space", SKIPPED, "A server looks after its own space; `vacuum` gives back more.")
    if orders.method == "none":
        return StepReport("space", NOTHING, "The policy gives no space back.")
    found = spaces.facts(store)
    free, figures = found["free_bytes"], {"free_bytes": found["free_bytes"], "returned_bytes": 0}
    if not worth(orders, found):
        return StepReport("space", NOTHING, f"{human(free)} are free inside the file, under the {orders.free:.0%} from "
                          "which on they are given back.", figures)
    if orders.dry:
        return StepReport("space", PLANNED, f"{human(free)} would be given back.", figures)
    done = _give_back(store, orders.method, found, probe)
    figures |= {"method": done.method, "returned_bytes": done.returned_bytes, "free_bytes": done.free_bytes,
                "rest": done.rest}
    return StepReport("space", DONE, f"{human(done.returned_bytes)} given back to the disk.", figures)


def _give_back(store: Store, method: str, found: dict[str, Any], probe: Probe | None) -> SpaceReturned:
    """By the policy's method; a file that cannot give back in steps yet is made to, once nobody has it open."""
    if method == "incremental" and found["auto_vacuum"] != "incremental":
        return spaces.convert(store, probe, _never)
    return spaces.vacuum(store, probe, method, _never, lambda done, of: None)


def _never(asked: str) -> bool:
    return False


# --- exports ---------------------------------------------------------------------------------------------------------


def exports(store: Store, orders: Orders, probe: Probe | None) -> StepReport:
    """Let go of exports that the policy's limits let go."""
    limits = (orders.now, orders.exports_max_age, orders.exports_max_size)
    if orders.dry:
        found = exports_folder.outlived(exports_folder.listing(), *limits)
    else:
        found = exports_folder.expire(*limits)
    figures = {"files": len(found), "bytes": sum(kept.octets for kept in found)}
    if not found:
        return StepReport("exports", NOTHING, "No export is over a limit.", figures)
    kept = f"older than {span(orders.exports_max_age)}" if orders.exports_max_age else "over the limit"
    return StepReport("exports", PLANNED if orders.dry else DONE,
                      f"{many(len(found), 'export')} {kept} {'would go' if orders.dry else 'gone'}, "
                      f"{human(figures['bytes'])}.", figures)


STEPS: dict[str, Step] = {"warn": warn, "archive": archive, "reclaim": reclaim, "evict": evict, "space": space,
                          "exports": exports}


def _run(store: Store) -> int | None:
    """The number that the history gave to the run that has just ended."""
    with suppress(Refusal):
        runs = state.runs(store.name)
        return int(runs[-1]["id"]) if runs else None
    return None
