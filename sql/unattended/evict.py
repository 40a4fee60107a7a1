"""Eviction in an unattended run: what is over a limit is exported and removed, at most the share of one run, and not
before it was announced. Where the file is measured larger than it may be afterwards, the run evicts once more."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from ..cascade import removal
from ..engines.sqlite.client_probe import Probe
from ..retention.selection import Question, Selection
from ..store import Store
from ..transfer import exports_folder
from ..words import DAY, human, many, stamp
from . import memory
from .memory import Announcement
from .orders import ANNOUNCED, DONE, NOTHING, PLANNED, Orders, StepReport

SUMMED = ("trees", "sessions", "bytes", "freed_bytes", "runs", "exports")
PASSES = 3  # of one run, each after a new measure of the file; what is over then is for the next run


def evict(store: Store, orders: Orders, probe: Probe | None) -> StepReport:
    """Export and remove what is over a limit, at most the share of one run, and not before it was announced."""
    question = orders.evicting
    if question is None:
        return StepReport("evict", NOTHING, "The policy sets no limit, so nothing is ever evicted.")
    chosen, script = removal.plan(store, question, orders.ignored, "complete, and read back first")
    figures = _found(store, question, chosen)
    if not chosen.units:
        return StepReport("evict", NOTHING, _rest(question, figures) or "No tree is over a limit.", figures)
    told = memory.announced(store.name, orders.eviction, orders.now)
    first = Announcement(orders.now, orders.now + orders.announce, figures["trees"], figures["sessions"],
                         figures["bytes"])
    if not (orders.at_once or (told and (told.done or told.due <= orders.now)) or not orders.announce):
        if not (told or orders.dry):
            memory.announce(store.name, orders.eviction, first)
        if orders.dry:  # what would go now, from when on it was said before
            return _announced(replace(first, due=told.due if told else first.due), figures, "things stand now")
        return _announced(told or first, figures)
    if orders.dry:
        would = f"{chosen.goes()} would go, {human(figures['bytes'])}.{_rest(question, figures)}"
        return StepReport("evict", PLANNED, would, figures)
    memory.announce(store.name, orders.eviction, replace(told or first, done=True))
    with orders.keep(store) if orders.keep else nullcontext(exports_folder.place_of(None, store, "enforce")) as kept:
        done = removal.run(store, script, probe, "enforce", chosen.sentence, lambda batch: None, kept)
    return _evicted(store, orders, done, chosen, figures)


def next_due(store: Store, question: Question) -> int | None:
    """From when on another tree may go, by the verdicts that are in the work tables; milliseconds."""
    values = {**question.values, "tomorrow": question.now + DAY}
    found = [due for name in ("next", "next_child") for (due,) in store.rows(f"retention/{name}", values)
             if due is not None]
    return min(map(int, found), default=None)


def _found(store: Store, question: Question, chosen: Selection) -> dict[str, Any]:
    rest, beyond, alone = (int(one) for one in store.one("retention/rest"))
    return {"trees": len(chosen.units), "sessions": chosen.sessions,
            "bytes": sum(unit.bytes for unit in chosen.units), "protected": chosen.protected,
            "rest": {"trees": rest, "bytes": beyond, "alone": alone}, "next": next_due(store, question),
            "warnings": list(chosen.warnings), "excess_bytes": int(store.one("retention/excess")[0]),
            "headroom": _headroom(store, question)}


def _headroom(store: Store, question: Question) -> int | None:
    """By how much the store has to grow before a tree can be over its own limit of size; None without such a limit."""
    own = (one.said.get("max_tree_size") for one in question.sections)
    limits = [limit for limit in (question.values["max_tree_size"], *own) if limit]
    if not limits:
        return None
    nearest = store.one("retention/headroom")[0]
    return min(limits) if nearest is None else min(int(nearest), *limits)


def _announced(told: Announcement, figures: dict[str, Any],
               stood: str = "things stood when this was announced") -> StepReport:
    why = (f"From {stamp(told.due)} UTC on, runs under this policy evict what is over its limits: "
           f"{many(told.trees, 'tree')} with {many(told.sessions, 'session')}, {human(told.bytes)}, as {stood}. "
           "Each is exported first, and can be brought back.")
    return StepReport("evict", ANNOUNCED, why, figures | {"announced": told.facts()})


def _evicted(store: Store, orders: Orders, done: removal.Run, chosen: Selection,
             figures: dict[str, Any]) -> StepReport:
    outcome = done.outcome
    gone = [unit for unit in chosen.units if unit.root.root_id not in outcome.spared]
    run = memory.last_number(store.name)
    figures |= {"trees": len(gone), "sessions": outcome.sessions, "bytes": sum(unit.bytes for unit in gone),
                "spared": outcome.spared, "freed_bytes": done.freed_bytes, "run": run, "runs": [run],
                "export": str(done.export) if done.export else None,
                "exports": [str(done.export)] if done.export else [], "left": outcome.left if outcome.code else ""}
    if not outcome.sessions:
        left = f" Work is left: {outcome.left}." if outcome.code else ""
        return StepReport("evict", NOTHING, f"All that was to go changed meanwhile, and stays.{left}", figures,
                          outcome.code)
    return _told(orders, figures, outcome.code)


def _told(orders: Orders, figures: dict[str, Any], code: int) -> StepReport:
    """What went, in one pass or in several: each is a run of the history, and the latest is taken back first."""
    runs = figures["runs"]
    undo = " && ".join(f"{orders.undo} --run={run}" for run in reversed(runs))
    turns = f" in {len(runs)} passes, since the file was still over {_size(orders)} after the first" \
        if len(runs) > 1 else ""
    left = f" Work is left: {figures['left']}." if figures["left"] else ""
    why = (f"{many(figures['sessions'], 'session')} evicted, {human(figures['bytes'])}{turns}; `{undo}` brings them "
           f"back.{left}")
    return StepReport("evict", DONE, why + (_rest(orders.evicting, figures) if orders.evicting else ""),
                      figures | {"undo": undo}, code)


def _size(orders: Orders) -> str:
    return human(orders.evicting.values["max_size"] or 0) if orders.evicting else ""


def _rest(question: Question, figures: dict[str, Any]) -> str:
    """What the share leaves; it is no failure, and the next run goes on."""
    trees, octets, alone = (figures["rest"][name] for name in ("trees", "bytes", "alone"))
    if not trees:
        return ""
    share = f"{(question.share or 0) / 10:g} %"
    wait = f" {many(trees - alone, 'tree')} left for the next run" if trees > alone else ""
    big = f" {many(alone, 'tree')} alone over that share: only `prune` takes such a tree" if alone else ""
    return (f"{wait}{';' if wait and big else ''}{big}; {human(octets)} over a limit stay, since one run takes {share} "
            "of the trees and of the bytes at most.")


# --- once more -------------------------------------------------------------------------------------------------------


def measured(orders: Orders, evicted: StepReport, spaced: StepReport) -> Orders | None:
    """Orders for one more pass, where the file is larger than it may be though all was done; None where it is not, or
    where something stood in the way. How much is to go is for `retention/verdict` to say, by what was measured."""
    question, used = orders.evicting, spaced.figures.get("used_bytes")
    size = question.values["max_size"] if question else None
    if orders.dry or question is None or not (size and used and used > size):
        return None
    if {evicted.status, spaced.status} - {DONE, NOTHING} or evicted.code or spaced.code:
        return None
    gone = (evicted.figures["trees"], evicted.figures["bytes"]) if evicted.status == DONE else (0, 0)
    values = {**question.values, "measured": int(used)}
    return replace(orders, evicting=replace(question, values=values, gone=gone))


def together(orders: Orders, first: StepReport, more: StepReport) -> StepReport:
    """One report of two passes: what both took, and what is left after the second."""
    if first.status != DONE:
        return more
    old, new = first.figures, more.figures
    if more.status != DONE:  # it found nothing that may go, or was stopped: what went before stands
        figures = old | {name: new[name] for name in ("rest", "next", "excess_bytes", "headroom") if name in new}
        figures["left"] = more.why if more.code else old["left"]
        return _told(orders, figures, max(first.code, more.code))
    figures = new | {name: old[name] + new[name] for name in SUMMED}
    figures |= {"spared": old["spared"] | new["spared"],
                "warnings": list(dict.fromkeys([*old["warnings"], *new["warnings"]]))}
    return _told(orders, figures, max(first.code, more.code))
