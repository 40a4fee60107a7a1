"""Whether a run would find something to do, without a look at any content: sizes, free pages, a count by an index, and
what the last run has found out and left behind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .. import space as spaces
from ..engines.sqlite.client_probe import Probe
from ..store import Store
from ..transfer import exports_folder
from ..words import human, many, span, stamp
from . import memory
from .memory import LastRun
from .orders import ANNOUNCED, DONE, FAILED, SKIPPED, Orders, StepReport, worth

GROWN = 0.01              # a share of what was in use at the last run, from which on what came since may be reclaimed
LITTLE = 1_000_000        # octets below which it may not


def waits(last: LastRun | None, orders: Orders) -> str:
    """Why a run has nothing to do yet; '' where it has to look. A last run that is yet to come is none: the clock went
    back."""
    if last is None or orders.now < last.moment or orders.now >= last.moment + orders.min_interval:
        return ""
    return (f"The last run under this policy was at {stamp(last.moment)} UTC; the next is due "
            f"{span(orders.min_interval)} after it, at {stamp(last.moment + orders.min_interval)} UTC.")


def tightened(orders: Orders, last: LastRun | None) -> Orders:
    """Orders that know by how much the file turned out larger than was reckoned: pages that rows fill in part are seen
    only once the space has been given back. At most a quarter of the limit is left for it."""
    size = _size(orders)
    if not (orders.evicting and size):
        return orders
    known = {"excess": last.facts.get("over", 0) if last else 0, "max_excess": size // 4}
    return replace(orders, evicting=replace(orders.evicting, values={**orders.evicting.values, **known}))


def _over(orders: Orders, before: int, used: int, evict: StepReport | None) -> int:
    """By how much the file is larger than is reckoned, as a pass after the first found it. Where one was enough, half
    of what the file is smaller than it may be is taken back."""
    size = _size(orders)
    if not size or evict is None:
        return 0
    found = int(evict.figures.get("excess_bytes", 0))
    if found > before or evict.status != DONE:
        return max(found, before)
    return max(0, before + min(0, used - size) // 2)


def _size(orders: Orders) -> int:
    return int(orders.evicting.values["max_size"] or 0) if orders.evicting else 0


def facts(store: Store, orders: Orders, reports: list[StepReport], last: LastRun | None) -> dict[str, Any]:
    """What is remembered of a run for the next one and the next look."""
    found = spaces.facts(store)
    used, before = found["bytes"] - found["free_bytes"], last.facts.get("over", 0) if last else 0
    evict = next((report for report in reports if report.step == "evict"), None)
    over = _over(orders, before, used, evict)
    nexts = [report.figures["next"] for report in reports if report.figures.get("next")]
    unfinished = {report.step for report in reports if left(report)}
    if store.path and 0 < _size(orders) < used and evict and evict.status == DONE:
        unfinished.add("evict")  # a run takes a few passes at most, and each of them only its share
    return {"used": used, "free": found["free_bytes"], "roots": _roots(store), "over": over,
            "next": min(nexts) if nexts else None, "left": sorted(unfinished),
            "headroom": evict.figures.get("headroom") if evict else None,
            "space": next((report.status for report in reports if report.step == "space"), "")}


def left(report: StepReport) -> bool:
    """Whether a step has left something that the next run can do."""
    rest = report.figures.get("rest")
    more = isinstance(rest, dict) and rest["trees"] > rest["alone"]
    return report.status == FAILED or bool(report.code) or (more and report.status != ANNOUNCED)


def work(store: Store, orders: Orders, last: LastRun | None, probe: Probe | None) -> list[str]:
    """What there is to do now, a sentence each; nothing is changed, and no row of a message is read."""
    if waits(last, orders):
        return []
    told = memory.announced(store.name, orders.eviction, orders.now)
    if last is None or orders.now < last.moment:
        return [] if told and not told.done and told.due > orders.now and last is None and not _else(orders) else [
            "No run under this policy was made yet, so that what there is to do is not known."]
    found, known = spaces.facts(store), last.facts
    reasons = [f"The last run has left work of its step {step}." for step in known["left"]]
    if told and not told.done and told.due <= orders.now:
        reasons.append(f"What was announced is due: {many(told.trees, 'tree')}, {human(told.bytes)}.")
    waiting = told is not None and not told.done and told.due > orders.now
    if not waiting:
        reasons += _limits(store, orders, found, known)
    reasons += _room(orders, found, known, probe)
    over = exports_folder.outlived(exports_folder.listing(), orders.now, orders.exports_max_age,
                                   orders.exports_max_size)
    return reasons + ([f"{many(len(over), 'export')} outlived the limits."] if over else [])


def _else(orders: Orders) -> bool:
    """Whether a policy does more than evict."""
    return orders.archiving is not None or orders.reclaims


def _limits(store: Store, orders: Orders, found: dict[str, Any], known: Any) -> list[str]:
    """What age, number and size say, where something came since the last run."""
    reasons = []
    used = found["bytes"] - found["free_bytes"]
    if known["next"] is not None and known["next"] <= orders.now:
        reasons.append(f"A tree may be over its age since {stamp(known['next'])} UTC.")
    values = orders.evicting.values if orders.evicting else {}
    most, size = values.get("max_sessions"), values.get("max_size")
    if most and (roots := _roots(store)) > max(most, known["roots"]):
        reasons.append(f"There are {many(roots, 'tree')}, and {most:,} may stay.")
    own = orders.evicting.sections if orders.evicting else ()
    if not reasons and any(one.said.get("max_sessions") for one in own) and _roots(store) > known["roots"]:
        reasons.append("Trees came since the last run, and the policy limits their number in some projects.")
    grown, headroom = used - known["used"], known.get("headroom")
    if headroom is not None and grown > headroom:
        reasons.append(f"{human(grown)} came since the last run, so that a tree may be over its size.")
    if size and used > max(size, known["used"]):
        reasons.append(f"The store holds {human(used)}, and {human(size)} may stay.")
    return reasons


def _room(orders: Orders, found: dict[str, Any], known: Any, probe: Probe | None) -> list[str]:
    """What came since, some of which may be reclaimed, and pages that can be given back."""
    reasons, free = [], found["free_bytes"]
    grown = found["bytes"] - free - known["used"]
    if orders.reclaims and grown > max(LITTLE, GROWN * known["used"]):
        reasons.append(f"{human(grown)} came since the last run, some of which may be reclaimed.")
    wants = "page_size" in found and orders.method != "none" and worth(orders, found)
    if wants and (free > known["free"] or known["space"] == SKIPPED) and (
            found["auto_vacuum"] == "incremental" or (probe is not None and probe.client() == 0)):
        reasons.append(f"{human(free)} are free inside the file.")
    return reasons


def _roots(store: Store) -> int:
    return int(store.one("retention/roots")[0])
