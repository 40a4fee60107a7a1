"""What the verbs prune, plan and apply do and say, and reclaim of child sessions without a parent: whole trees go."""

from __future__ import annotations

import shlex
import sys
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...policies.policy import Policy
from .. import cascade, files, verbs
from ..engines.sqlite.client_probe import Probe
from ..refusal import PENDING, Refusal
from ..retention.selection import Question, Selection, nothing_goes
from ..space import SpaceReturned
from ..store import Store
from ..words import human, json_text, many, printable, program, stamp
from . import common, console, space
from .common import Limits
from .waiting import line as waiting

if TYPE_CHECKING:  # what removes is loaded where something goes
    from ..cascade.execute import Outcome
    from ..cascade.plan_file import Script
    from ..cascade.removal import Run
    from ..cascade.shipment import Shipment
    from .keeping import Keeping

SHOWN = 20  # trees of a plan that a table shows
SPARED = {
    "changed": "it changed since the plan was made",
    "child": "a session below it is not in the list",
    "struck": "its line was struck out of the list",
    "pinned": "it was pinned since the plan was made",
    "migrating": "the client is moving its sessions to 2.x",
    "too-big-while-open": "it is too big to remove in one go while a client has the store open; close OpenCode and "
                          "run it again",
}


# --- verbs -----------------------------------------------------------------------------------------------------------


def prune(store: str | None, limits: Limits, asked: Keeping, *, ignore_table: str | None, dry_run: bool, yes: bool,
          vacuum: bool, json: bool) -> None:
    """The verb prune; raises `Refusal` 2 without a yes, 3 where it stopped with work left."""
    rules, ignored = common.rules(limits), common.names(ignore_table)
    question = common.asking(rules, common.moment(limits.now), limits.project, limits.origin)
    common.refuse_both(asked.export, asked.no_export, asked.export_to)
    with ExitStack() as stack:
        place, probe = stack.enter_context(common.opened(store, alone=not dry_run))
        kept = None if dry_run else stack.enter_context(
            verbs.keeping.kept(asked, rules, store, place, "prune", ignored))
        chosen, script = cascade.removal.plan(place, question, ignored, common.export_sentence(kept, asked.no_export))
        told = facts(chosen) if json else None
        way = (cascade.anew.ways(place, probe, question.overwrite)
               if vacuum and place.path and chosen.units else None)
        console.warn(chosen.warnings)
        if not json:
            show(chosen)
        if limits.origin and chosen.units:
            console.talk.print(f"What {printable(limits.origin)} still has of them its next `mirror` brings back.")
        if way:
            console.talk.print(way.sentence())
        if not chosen.units or dry_run:
            _stop_there(chosen, told)
            return
        common.tell_export(kept)
        common.insist(f"Remove {many(chosen.sessions, 'session')}{'' if kept else ' for good'}?", yes, told)
        done = _carried_out(place, script, probe, "prune", chosen.sentence, kept, bool(way and way.chosen))
        returned = hindrance = None
        if vacuum and not done.outcome.code:
            returned, hindrance = space.give_back(place, probe, done.before, done.outcome.anew)
        applied = _applied(done, returned) | _over_limit(question, returned)
        _finish(done, returned, told and {**told, "applied": applied}, store)
    if hindrance:
        raise hindrance


def _stop_there(chosen: Selection, told: dict[str, Any] | None) -> None:
    """A dry run, or nothing that goes."""
    if told is not None:
        console.as_json(told)
    elif chosen.units:
        console.talk.print(f"Next: the same without --dry-run; or `{program()} plan --out=plan.sql` with the same "
                           "flags, to read the SQL first.")


def plan(store: str | None, limits: Limits, *, ignore_table: str | None, out: str | None, check: bool,
         json: bool) -> None:
    """The verb plan; with `check`, raises `Refusal` 2 where anything would go."""
    question = common.question(limits)
    ignored = common.names(ignore_table)
    with common.opened(store, write=False) as (place, _):
        place.catalog.refuse_strangers(ignored)
        if check and not (json or out) and nothing_goes(place, question):
            console.talk.print(f"{question.sentence}\nNothing would be removed.")
            return
        chosen, script = cascade.removal.plan(place, question, ignored)
        console.warn(chosen.warnings)
        if json:
            console.as_json(facts(chosen))
        elif not check and not out:
            script.write(place.catalog, sys.stdout.write)
        if out:
            files.write_text(out, "--out", lambda write: script.write(place.catalog, write))
    console.talk.print(chosen.sentence)
    if out:
        then = f" Read {out}, then: {program()} apply {shlex.quote(out)}{common.there(store)}" if chosen.units else ""
        console.talk.print(f"It removes {chosen.goes()}.{then}")
    if check and chosen.units:
        raise Refusal(f"{chosen.goes()} would be removed.", PENDING)
    if check:
        console.talk.print("Nothing would be removed.")


def apply(store: str | None, file: str, asked: Keeping, *, edited: bool, yes: bool, json: bool) -> None:
    """The verb apply; raises `Refusal` 73 for a plan that was altered, or is not for this store."""
    text = files.read_text(file)
    script = cascade.plan_read.read(text, file)
    with ExitStack() as stack:
        place, probe = stack.enter_context(common.opened(store, alone=True))
        cascade.removal.refuse_foreign(script, place)
        cascade.plan_read.verify(script, place.catalog, text, file, edited)
        if not script.lines:
            console.talk.print("The plan names no session; nothing to do.")
            return
        kept = stack.enter_context(verbs.keeping.kept(asked, Policy(), store, place, "apply"))
        common.tell_export(kept)
        lines = many(len(script.lines), "session")
        common.insist(f"Remove up to {lines} from {place.name}{'' if kept else ' for good'}?", yes)
        done = _carried_out(place, script, probe, "apply", script.policy, kept)
        _finish(done, None, {"applied": _applied(done, None)} if json else None, store)


def orphans(store: str | None, rules: Policy, now: int, *, ignored: list[str], dry_run: bool, yes: bool,
            no_export: bool) -> None:
    """The removal of children without a parent, with a question and an export of its own; its facts are talk."""
    with common.opened(store, alone=not dry_run) as (place, probe):
        file = common.export_file(place, "orphans", None, no_export or dry_run)
        question = common.protecting(rules, now, cascade.orphans.SENTENCE)
        chosen, script = cascade.orphans.removal(place, question, ignored, common.export_sentence(file, no_export))
        sessions = many(chosen.sessions, "session")
        if not chosen.units or dry_run:
            console.talk.print(f"Child sessions whose parent is gone: {sessions} would go.")
            return
        common.tell_export(file)
        common.insist(f"Remove {sessions} whose parent is gone{'' if file else ' for good'}?", yes)
        done = _carried_out(place, script, probe, "prune", chosen.sentence, file)
        console.talk.print(f"Removed {many(done.outcome.sessions, 'session')} whose parent was gone.")
        if done.outcome.code:
            raise Refusal(f"Stopped with work left: {done.outcome.left}.", done.outcome.code)


def _carried_out(place: Store, script: Script, probe: Probe | None, verb: str, sentence: str,
                 kept: Path | Shipment | None, whole: bool = False) -> Run:
    exporting, removing = waiting.stage("Exporting", "MB"), waiting.stage("Removing", "batches")
    done = cascade.removal.run(place, script, probe, verb, sentence, lambda batch: removing(batch, script.batches),
                               kept, common.megabytes(exporting), whole=whole)
    if done.outcome.instead:
        console.talk.print(f"The store was not written anew, but batch after batch: {printable(done.outcome.instead)}.")
    return done


# --- what is said ----------------------------------------------------------------------------------------------------


def show(chosen: Selection) -> None:
    """What a plan removes, in the order in which it goes."""
    console.talk.print(chosen.sentence)
    if not chosen.units:
        console.talk.print("Nothing to remove.")
    else:
        wide = console.width() >= console.PIPED  # room for a sentence beside id and title
        console.table(f"Goes, the oldest first: {chosen.goes()}",
                      ("session", "title", "last active", "sessions", "bytes", "why" if wide else "reason"),
                      ((u.root.id, u.root.title, stamp(u.root.active)[: 16 if wide else 10], len(u.sessions),
                        console.Size(u.bytes), u.why if wide else u.root.reason) for u in islice(chosen.units, SHOWN)))
        if len(chosen.units) > SHOWN:
            console.out.print(f"... and {len(chosen.units) - SHOWN:,} more; `{program()} plan` or --json names them "
                              "all.\n")
        console.table("Rows that go", ("table", "rows", "bytes"),
                      ((name, n, console.Size(chosen.bytes.get(name, 0))) for name, n in chosen.rows.items()))
    held = ", ".join(f"{n} {reason}" for reason, n in chosen.protected.items())
    console.out.print(f"Stays: {many(chosen.keep['trees'], 'tree')}, {many(chosen.keep['sessions'], 'session')}, "
                      f"{human(chosen.keep['bytes'])}."
                      + (f" Protected although over a limit: {held}." if held else ""))


def facts(chosen: Selection) -> dict[str, Any]:
    """The plan as `prune --json` tells it, once."""
    return {
        "policy": chosen.sentence, "now": chosen.now,
        "remove": ({"root": u.root.id, "title": json_text(u.root.title),
                    "sessions": [s.id for s in u.sessions], "last_active": u.root.active, "bytes": u.bytes,
                    "reason": u.root.reason, "why": u.why} for u in chosen.units),
        "keep": chosen.keep, "protected": chosen.protected,
        "totals": {"trees": len(chosen.units), "sessions": chosen.sessions,
                   "bytes": sum(chosen.bytes.values()), "rows": chosen.rows},
        "warnings": list(chosen.warnings),
    }


def _applied(done: Run, returned: SpaceReturned | None) -> dict[str, object]:
    return {"sessions": done.outcome.sessions, "rows": done.outcome.rows, "spared": sorted(done.outcome.spared),
            "spared_why": done.outcome.spared, "export": done.export and str(done.export),
            "way": "anew" if done.outcome.anew else "batches",
            "freed_bytes": done.freed_bytes, "returned_bytes": returned.returned_bytes if returned else 0,
            "seconds": round(done.seconds + (returned.seconds if returned else 0), 3)}


def _over_limit(question: Question, returned: SpaceReturned | None) -> dict[str, int]:
    """Say by how much the file is larger than --max-size asked for, once its space has come back."""
    limit = None if question.project else question.values["max_size"]
    if not returned or not limit or returned.after <= limit:
        return {}
    space.over_limit(returned, limit)
    return {"over_max_size_bytes": returned.after - limit}


def _finish(done: Run, returned: SpaceReturned | None, told: dict[str, Any] | None, store: str | None) -> None:
    """The closing summary, or `told` as JSON, and the exit code of a run that stopped with work left."""
    if told is not None:
        console.as_json(told)
    else:
        _outcome(done.outcome, done.freed_bytes, returned)
        if done.export and done.outcome.sessions:
            console.talk.print(f"`{program()} undo{common.there(store)}` brings them back.")
        if returned:
            console.talk.print(f"Next: {program()} stats{common.there(store)}")
        elif done.outcome.sessions:
            console.talk.print(f"Next: {program()} vacuum{common.there(store)}, to return the space to the disk")
    if done.outcome.code:
        raise Refusal(f"Stopped with work left: {done.outcome.left}. The store holds whole trees only; run it again to "
                      "finish.", done.outcome.code)


def _outcome(done: Outcome, freed: int, returned: SpaceReturned | None) -> None:
    """What went, what stayed and why, what came back."""
    for root, reason in sorted(done.spared.items()):
        console.talk.print(f"Spared {printable(root)}: {SPARED.get(reason, reason)}.")
    rows = ", ".join(f"{n:,} {name}" for name, n in done.rows.items() if n)
    console.out.print(f"Removed {many(done.sessions, 'session')}." + (f" Rows: {rows}." if rows else ""))
    if returned and returned.method != "none":
        space.returned(returned)
    else:
        console.out.print(f"{human(freed)} became free inside the store; 0 bytes were returned to the disk.")
