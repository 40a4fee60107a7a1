"""What `reclaim` is asked and what it says: flags and policy to a request, a forecast and its outcome to people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ...policies import policy as policies
from ...policies import units
from ...policies.policy import Policy
from ..reclamation import attachment_files, execute, forecast, originals
from ..reclamation.execute import Reclaimed
from ..reclamation.forecast import Forecast, ReclaimRequest
from ..reclamation.kinds import KINDS, judged
from ..refusal import BAD_VALUE, Refusal
from ..store import Store
from ..transfer import exports_folder
from ..words import human, json_text, many, printable, program, span, stamp
from . import common, console, removal
from .waiting import line as waiting

ORIGINALS = ".originals.zst"  # how the name of a file of original rows ends


def reclaim(store: str | None, *, only: str | None, older_than: str | None, all_events: bool, orphan_children: bool,
            policy: str | None, now: str | None, ignore_table: str | None, dry_run: bool, yes: bool,
            export: str | None, no_export: bool, json: bool) -> None:
    """The verb reclaim; raises `Refusal` 2 without a yes, 3 where it stopped with work left."""
    common.refuse_both(export, no_export)
    file = exports_folder.asked_for(export, ORIGINALS) if export else None
    rules, _ = policies.load(policy)
    asked, ignored = request(rules, common.moment(now), only, older_than, all_events), common.names(ignore_table)
    if orphan_children:
        removal.orphans(store, rules, asked.now, ignored=ignored, dry_run=dry_run, yes=yes, no_export=no_export)
    with common.opened(store, alone=not dry_run) as (place, probe):
        plan = forecast.forecast(place, asked, ignored)
        told = facts(place, plan)
        if not json:
            show(plan)
        if plan.empty or dry_run:
            console.as_json(told) if json else nothing_done(plan)
            return
        kept, write = _originals(place, plan, rules, file, no_export)
        tell_what_stays(plan, kept, common.there(store), bool(rules.exports_to))
        common.insist(f"Free {total(plan)} in {place.name}?", yes, told if json else None)
        write()
        tell = waiting.stage("Reclaiming", "batches")
        done = execute.run(place, plan, kept, sentence(asked), lambda batch: tell(batch, len(plan.batches)))
        told["applied"] = applied(done, kept)
        console.as_json(told) if json else show_done(plan, done, common.there(store))
    if done.code:
        raise Refusal(f"Stopped with work left: {done.left}. What was done is done whole; run it again to finish.",
                      done.code)


def _originals(place: Store, plan: Forecast, rules: Policy, asked: Path | None,
               no_export: bool) -> tuple[Path | None, Callable[[], object]]:
    """The file for the original rows and what writes it; None where none is made."""
    if no_export or not (asked or rules.export_reclaimed):
        return None, lambda: None
    path = asked or exports_folder.place_of(None, place, "reclaim", ORIGINALS)
    return path, lambda: originals.write(place, plan, path)


def request(rules: Policy, now: int, only: str | None, older_than: str | None, all_events: bool) -> ReclaimRequest:
    """The kinds that the policy switches on, or those of `--only`; raises `Refusal` 64 for an unknown one."""
    kinds = rules.reclaims
    if only is not None:
        named = [name.strip() for name in only.split(",") if name.strip()]
        for name in named or [only]:
            if name not in KINDS:
                raise Refusal(f"--only={printable(name)}: not one of {', '.join(KINDS)}.", BAD_VALUE)
        kinds = tuple(kind for kind in KINDS if kind in named)
    idle = units.duration(older_than, "--older-than") if older_than is not None else rules.idle
    return ReclaimRequest(kinds, now, idle, all_events, common.protecting(rules, now, "") if judged(kinds) else None)


def sentence(asked: ReclaimRequest) -> str:
    """The request as one sentence."""
    if not asked.kinds:
        return "No kind of reclamation is switched on, nothing is changed."
    whole = {"events": "the whole event log"} if asked.all_events else {}
    said = [", ".join(whole.get(kind, kind) for kind in asked.kinds if not KINDS[kind].idle)]
    if idle := ", ".join(kind for kind in asked.kinds if KINDS[kind].idle):
        said.append(f"{idle} of sessions idle for more than {span(asked.idle)}")
    return f"Reclaim {'; '.join(filter(None, said))}."


def total(plan: Forecast) -> str:
    """How much a forecast frees, in words."""
    return human(sum(gain["bytes"] for gain in plan.gains.values()))


def facts(store: Store, plan: Forecast) -> dict[str, object]:
    """The forecast as `reclaim --json` tells it."""
    return {
        "store": store.name, "now": plan.request.now, "policy": sentence(plan.request),
        "kinds": {kind: gain | {"undo": True} for kind, gain in plan.gains.items()},
        "leftovers": {"taken_over": plan.leftovers[0], "removed": plan.leftovers[1]},
        "batches": len(plan.batches), "files": [str(one.path) for one in plan.beside],
        "skipped": {table: {"rows": found["rows"], "first": json_text(found["first"])}
                    for table, found in plan.broken.items()},
        "too_large": {"rows": plan.too_large[0], "first": json_text(plan.too_large[1])},
        "stays": {printable(why): number for why, number in plan.stays.items()},
        "orphan_children": [{"id": json_text(id), "title": json_text(title), "last_active": active}
                            for id, title, _, active in plan.children],
    }


def applied(done: Reclaimed, export: Path | None) -> dict[str, object]:
    """What a reclamation did, as `reclaim --json` tells it."""
    return {"kinds": done.gains, "rows": done.rows, "export": str(export) if export else None,
            "bytes": sum(gain["bytes"] for gain in done.gains.values()), "freed_bytes": done.freed_bytes,
            "returned_bytes": _returned(done), "seconds": round(done.seconds, 3)}


def _returned(done: Reclaimed) -> int:
    """Only files beside the store give their bytes back at once."""
    return done.gains.get("files", {"bytes": 0})["bytes"]


def show(plan: Forecast) -> None:
    """What would go, by kind, and what stays although a kind looked at it."""
    console.talk.print(sentence(plan.request))
    if plan.gains:
        console.table("Would be freed", ("kind", "rows", "bytes"),
                      ((kind, gain["rows"], console.Size(gain["bytes"])) for kind, gain in plan.gains.items()))
    if any(plan.leftovers):
        console.talk.print(_leftovers(*plan.leftovers))
    for table, found in plan.broken.items():
        console.talk.print(f"Not JSON, and left as they are: {many(found['rows'], 'row')} of {table}, "
                           f"{printable(found['first'])} among them.")
    if plan.too_large[0]:
        console.talk.print(f"Too large to be changed within bounds, and left as they are: "
                           f"{many(plan.too_large[0], 'row')}, {printable(plan.too_large[1])} among them.")
    for why, number in plan.stays.items():
        console.talk.print(f"Attachments that stay: {number:,}, {printable(why)}.")
    if plan.beside:
        console.table(f"Beside the store ({len(plan.beside):,})", ("file or folder", "bytes"),
                      ((str(one.path), console.Size(one.bytes)) for one in plan.beside[:10]))
    if plan.children:
        console.table(f"Child sessions whose parent is gone ({len(plan.children):,}); they stay",
                      ("session", "title", "last active"),
                      ((id, title, stamp(active)) for id, title, _, active in plan.children[:10]))


def _leftovers(taken: int, removed: int) -> str:
    """What goes with the rows of 1.x, and what nobody can tell of them."""
    said = (f"Leftovers: rows of client 1.x of {many(taken, 'session')} that client 2.x has taken over whole, "
            f"and of {removed:,} that it has removed; client 1.x will list none of them any more.")
    return said + (" One that 2.x could not read looks like one that it has removed: only an export keeps it."
                   if removed else "")


def nothing_done(plan: Forecast) -> None:
    """Say why nothing was changed."""
    console.talk.print("Next: the same without --dry-run." if not plan.empty else "Nothing to reclaim.")


def tell_what_stays(plan: Forecast, export: Path | None, there: str, ships: bool) -> None:
    """Before the question: where it goes, or that it is gone; `there` is the flag for the same store. `ships`: what a
    removal takes goes to a store of copies, which takes whole sessions."""
    if export:
        console.talk.print(f"The original rows go to {printable(export, 500)} first, {total(plan)} before they are "
                        f"packed; `{program()} undo{there}` brings them back, and --no-export leaves them out.")
        if ships:
            console.talk.print("It is a file on this machine: `[exports] to` is where sessions go before they are "
                               "removed, not single rows.")
    elif plan.beside or any(batch.kind != "attachments" for batch in plan.batches):
        console.talk.print("No export is made: what goes is gone.")
    if plan.gains.get("attachments", {}).get("rows"):
        console.talk.print(f"Attachments go to {printable(attachment_files.folder(), 500)}; "
                           f"`{program()} restore --attachments{there}` puts them back.")


def show_done(plan: Forecast, done: Reclaimed, there: str) -> None:
    """The closing summary: forecast against outcome, freed against returned."""
    console.table("Reclaimed", ("kind", "rows", "bytes", "forecast"),
                  ((kind, gain["rows"], console.Size(gain["bytes"]), console.Size(plan.gains[kind]["bytes"]))
                   for kind, gain in done.gains.items()))
    console.out.print(f"{human(done.freed_bytes)} became free inside the store; {human(_returned(done))} were returned "
                      "to the disk.")
    if any(gain["rows"] for kind, gain in done.gains.items() if kind != "files"):
        console.talk.print(f"Next: {program()} vacuum{there}, to return the space to the disk")
