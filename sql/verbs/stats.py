"""What the verb stats does and says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...policies import policy as policies
from ...policies import units
from ...policies.policy import Policy
from ..stats import figures
from ..store import Store
from ..words import human, many, plain, printable, program, stamp
from . import common, console
from .waiting import line as waiting


def stats(store: str | None, *, deep: bool, top: str, now: str | None, policy: str | None, origin: str | None,
          json: bool) -> None:
    """The verb stats."""
    rules, _ = policies.load(policy)
    moment, shown, there = common.moment(now), units.count(top, "--top"), common.there(store)
    with common.opened(store, write=False) as (place, _):
        if deep:
            found = _looked(place, rules, moment, shown, common.megabytes(waiting.stage("Reading", "MB")), origin,
                            there)
        else:
            found = figures.gather(place, moment, shown, rules.sizes, origin, there)
    console.as_json(found) if json else _show_stats(found, there)


def _looked(place: Store, rules: Policy, moment: int, shown: int, tell: Callable[[int, int], object],
            origin: str | None, there: str) -> dict[str, Any]:
    """The figures of a deep look; it foresees the usual kinds, and those that the policy switches on."""
    from ..reclamation.forecast import ReclaimRequest  # not for a look in passing
    from ..reclamation.kinds import KINDS, USUAL, judged
    from ..stats import deep

    kinds = tuple(kind for kind in KINDS if kind in USUAL or kind in rules.reclaims)
    request = ReclaimRequest(kinds, moment, rules.idle,
                             protecting=common.protecting(rules, moment, "") if judged(kinds) else None)
    return deep.look(place, request, shown, rules.sizes, tell, origin, there)


def _show_stats(found: dict[str, Any], there: str) -> None:
    """The figures of `stats` on a terminal."""
    _show_store(found)
    console.table("Tables", ("table", "rows", "bytes"),
                  ((name, n, console.Size(found["bytes"][name])) for name, n in found["rows"].items()))
    if "tables" in found["file"]:
        console.table("On the server's disk", ("table", "bytes", "rows, about", "dead rows", "free or dead"),
                      ((name, console.Size(f["bytes"]), f["rows"], f["dead_rows"], console.Size(f["dead_bytes"]))
                       for name, f in found["file"]["tables"].items()))
    when = "" if found["deep"] in (None, found["now"]) else f", as of {stamp(found['deep'])} (--deep looks again)"
    for title, word, key in (("Parts by kind", "kind", "parts"), ("Events by type", "type", "events"),
                             ("What could be reclaimed", "kind", "reclaimable")):
        if found[key]:
            console.table(title + when, (word, "rows", "bytes"),
                          ((name, f["rows"], console.Size(f["bytes"])) for name, f in found[key].items()))
    console.table("Sessions by last activity", ("age", "sessions", "bytes"),
                  ((age["label"], age["sessions"], console.Size(age["bytes"])) for age in found["ages"]))
    console.table("Largest trees", ("session", "title", "sessions", "bytes", "last active"),
                  ((t["id"], t["title"], t["sessions"], console.Size(t["bytes"]), stamp(t["last_active"]))
                   for t in found["largest"]))
    for warning in found["warnings"]:
        console.out.print(f"! {plain(warning)}")
    if not found["warnings"]:
        console.out.print("Nothing to warn of.")
    if found["deep"] is None:
        console.talk.print(f"`{program()} stats --deep{there}` reads every text, and says what of it could be "
                           "reclaimed.")


def _show_store(found: dict[str, Any]) -> None:
    file, sessions = found["file"], found["sessions"]
    if origin := found.get("origin"):
        console.talk.print(f"Only what {printable(origin, 200)} brought, but for the sizes on the disk.")
    console.out.print(f"{printable(found['store'], 500)}  ({found['engine']}, layout {found['layout']})")
    if "tables" in file:
        console.out.print(f"{human(file['bytes'])} of tables and indexes, {human(file['free_bytes'])} of it free or "
                          "dead rows")
    else:
        console.out.print(f"{human(file['bytes'])} file, {human(file['wal_bytes'])} WAL, {human(file['free_bytes'])} "
                          f"free inside, auto_vacuum {file['auto_vacuum']}")
    children = f"{sessions['child']:,} {'child' if sessions['child'] == 1 else 'children'}"
    console.out.print(f"{many(sessions['total'], 'session')}: {many(sessions['root'], 'root')}, {children}, "
                      f"{sessions['archived']:,} archived, {sessions['shared']:,} shared, "
                      f"{sessions['orphan']:,} orphaned\n")
