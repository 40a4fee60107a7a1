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
from ..engines.sqlite.client_probe import Probe
from ..files import cause
from ..reclamation import execute, forecast, kinds, originals
from ..refusal import BUSY, INTERRUPTED, UNFINISHED, Refusal
from ..retention import archive as flags
from ..space import SpaceReturned
from ..store import Store
from ..transfer import exports_folder
from ..transfer.exports_folder import Kept
from ..words import human, many, span
from . import growth, marks, memory
from .evict import PASSES, evict, measured, next_due, together
from .orders import DONE, FAILED, NOTHING, PLANNED, SKIPPED, Orders, StepReport, worth

ORIGINALS = ".originals.zst"

Opened = Callable[[], AbstractContextManager[Store]]
Step = Callable[[Store, Orders, Probe | None], StepReport]


def run(opened: Opened, orders: Orders, probe: Probe | None,
        beat: Callable[[], None] = lambda: None) -> Iterator[StepReport]:
    """The steps in order, each reported once it is done; one that fails does not keep the next from its work.

    `opened` opens the store anew, `beat` is called before each step. Raises `Refusal` 130 where it was interrupted.
    """
    def do(name: str, asked: Orders) -> StepReport:
        try:
            beat()
            with opened() as store:
                return STEPS[name](store, asked, probe)
        except Refusal as refusal:
            return StepReport(name, SKIPPED if refusal.code == BUSY else FAILED, str(refusal),
                              code=0 if refusal.code == BUSY else UNFINISHED)
        except OSError as error:
            return StepReport(name, FAILED, f"It stopped: {cause(error)}.", code=UNFINISHED)

    so_far: list[StepReport] = []
    for name in STEPS:
        if name == "space":
            continue  # it goes with the eviction
        asked = replace(orders, fresh=tuple(_exported(so_far)))
        for report in _shrunk(do, asked) if name == "evict" else [do(name, asked)]:
            report = foreseen(report, so_far, orders) if orders.dry else report
            so_far.append(report)
            yield report
            if report.code == INTERRUPTED:
                raise Refusal("Interrupted; what was done is done whole.", INTERRUPTED)


def _shrunk(do: Callable[[str, Orders], StepReport], orders: Orders) -> list[StepReport]:
    """Evict and give space back, once more where the file is then measured larger than it may be: a report of each."""
    evicted = do("evict", orders)
    if evicted.code == INTERRUPTED:
        return [evicted]
    spaced = do("space", orders)
    for _ in range(PASSES - 1):
        again = measured(orders, evicted, spaced)
        if again is None:
            break
        more = do("evict", again)
        evicted = together(orders, evicted, more)
        if more.status != DONE or more.code == INTERRUPTED:
            break
        spaced = _spaced(spaced, do("space", again))
    return [evicted, spaced]


def _spaced(first: StepReport, more: StepReport) -> StepReport:
    """One report of space that was given back twice; where the second time failed, that is what is told."""
    if first.status != DONE or more.status not in (DONE, NOTHING):
        return more
    returned = first.figures["returned_bytes"] + more.figures["returned_bytes"]
    return replace(more, status=DONE, why=_returned(returned),
                   figures=first.figures | more.figures | {"returned_bytes": returned})


def _exported(reports: list[StepReport]) -> Iterator[str]:
    """The exports that the steps made."""
    for report in reports:
        yield from report.figures.get("exports", [one] if (one := report.figures.get("export")) else [])


def foreseen(report: StepReport, before: list[StepReport], orders: Orders) -> StepReport:
    """A report of a dry run, told beside what the steps before it would have changed by then."""
    planned = {one.step: one.figures.get("bytes", 0) for one in before if one.status == PLANNED}
    if report.step == "evict" and report.figures.get("trees") and planned.get("reclaim"):
        return replace(report, why=f"{report.why} What the reclaim before it takes of them is counted here as well.")
    octets, figures = planned.get("reclaim", 0) + planned.get("evict", 0), report.figures
    if report.step != "space" or report.status != NOTHING or orders.method == "none" or not octets:
        return report
    free = figures["free_bytes"] + min(octets, figures["used_bytes"])
    if not worth(orders, {"bytes": figures["used_bytes"] + figures["free_bytes"], "free_bytes": free}):
        return report
    return replace(report, status=PLANNED, why="What the steps before it make free would be given back.")


# --- warn ------------------------------------------------------------------------------------------------------------


def warn(store: Store, orders: Orders, probe: Probe | None) -> StepReport:
    """Remember how large the store is, and tell of a mark that it has passed."""
    found = spaces.facts(store)
    size = found["bytes"] + found["wal_bytes"]
    if orders.dry:
        standing = marks.standing(store.name, orders.now, size, orders.marks, orders.helps or None)
        crossed = tuple([standing] if standing else [])
    else:
        with suppress(Refusal):  # a warning is worth more than a sample
            growth.sample(store.name, orders.now, growth.figures(store))
        crossed = marks.crossed(store.name, orders.now, size, orders.marks, orders.helps or None)
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
    figures: dict[str, Any] = {"sessions": len(found), "next": next_due(store, orders.archiving)}
    if not found:
        return StepReport("archive", NOTHING, "No tree is idle for long enough.", figures)
    if orders.dry:
        return StepReport("archive", PLANNED, f"{many(len(found), 'session')} would be archived.", figures)
    done = flags.change(store, orders.now)
    left = f" Work is left: {done.stopped}." if done.stopped else ""
    return StepReport("archive", DONE, f"{many(len(done.sessions), 'session')} archived.{left}",
                      figures | {"sessions": len(done.sessions), "run": memory.last_number(store.name)},
                      UNFINISHED if left else 0)


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
    export = None
    if orders.export_reclaimed:
        export = exports_folder.place_of(None, store, "reclaim", ORIGINALS)
        originals.write(store, plan, export)
    said = f"Reclaim {', '.join(asked.kinds)}, by the policy."
    done = execute.run(store, plan, export, said, lambda batch: None)
    figures |= {"kinds": done.gains, "bytes": sum(gain["bytes"] for gain in done.gains.values()),
                "freed_bytes": done.freed_bytes, "export": str(export) if export else None,
                "run": memory.last_number(store.name)}
    left = f" Work is left: {done.left}." if done.code else ""
    return StepReport("reclaim", DONE, f"{human(figures['bytes'])} of content taken out of sessions that stay.{left}",
                      figures, done.code)


# --- space -----------------------------------------------------------------------------------------------------------


def space(store: Store, orders: Orders, probe: Probe | None) -> StepReport:
    """Give free pages back to the disk, once there are enough of them."""
    if store.path is None:
        return StepReport("space", SKIPPED, "A server looks after its own space; `vacuum` gives back more.")
    found = spaces.facts(store)
    free, figures = found["free_bytes"], {"free_bytes": found["free_bytes"], "returned_bytes": 0,
                                          "used_bytes": found["bytes"] - found["free_bytes"]}
    if orders.method == "none":
        return StepReport("space", NOTHING, "The policy gives no space back.", figures)
    if not worth(orders, found):
        return StepReport("space", NOTHING, f"{human(free)} are free inside the file, under the {orders.free:.0%} from "
                          "which on they are given back.", figures)
    if orders.dry:
        return StepReport("space", PLANNED, f"{human(free)} would be given back.", figures)
    done = _give_back(store, orders.method, found, probe)
    now = spaces.facts(store)
    figures |= {"method": done.method, "returned_bytes": done.returned_bytes, "free_bytes": done.free_bytes,
                "used_bytes": now["bytes"] - now["free_bytes"], "rest": done.rest}
    return StepReport("space", DONE, _returned(done.returned_bytes), figures)


def _returned(octets: int) -> str:
    return f"{human(octets)} given back to the disk."


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
    limits = (orders.now, orders.exports_max_age, orders.exports_max_size, orders.fresh)
    if orders.dry:
        found = exports_folder.outlived(exports_folder.listing(), *limits)
    else:
        found = exports_folder.expire(*limits)
    figures = {"files": len(found), "bytes": sum(kept.octets for kept in found)}
    if not found:
        return StepReport("exports", NOTHING, "No export is over a limit.", figures)
    return StepReport("exports", PLANNED if orders.dry else DONE,
                      f"{_outlived(found, orders)} {'would go' if orders.dry else 'gone'}, {human(figures['bytes'])}.",
                      figures)


def _outlived(found: list[Kept], orders: Orders) -> str:
    """Exports that go, by the limit that each is over."""
    age = orders.exports_max_age
    old = sum(1 for kept in found if age and kept.made < orders.now - age)
    said = [f"{many(old, 'export')} older than {span(age)}"] if old else []
    if len(found) > old:
        said.append(f"{many(len(found) - old, 'export')} beyond {human(orders.exports_max_size)} of all")
    return " and ".join(said)


STEPS: dict[str, Step] = {"warn": warn, "archive": archive, "reclaim": reclaim, "evict": evict, "space": space,
                          "exports": exports}
