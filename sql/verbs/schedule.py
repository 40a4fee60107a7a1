"""What the verbs schedule and unschedule do and say: a job of the machine's own that enforces the policy."""

from __future__ import annotations

import os

from ...policies import policy as policies
from ...policies.policy import Policy
from .. import state
from ..refusal import BAD_VALUE, Refusal
from ..unattended import job as jobs
from ..unattended import schedulers
from ..unattended.job import Job
from ..unattended.systems import Standing
from ..words import plain, printable, program
from . import common, console

DAILY = "daily"
LOCK = "the schedule"


def schedule(store: str | None, *, every: str | None, at: str | None, system: str | None, policy: str | None,
             show: bool, dry_run: bool, json: bool) -> None:
    """Have the policy enforced at times; with `show`, say what stands, with `dry_run`, what would."""
    if show:
        if every or at or policy or dry_run:
            raise Refusal("--show says what is scheduled, and goes with --with and --json only.", BAD_VALUE)
        _show(schedulers.found(system), json)
        return
    when = jobs.times(every or DAILY, at)
    rules, named = policies.load(policy)
    made = jobs.job(_place(store), common.policy_named(policy), when)
    # What would be written can be looked at for any system, what is done only on this one.
    name = system if dry_run and system in schedulers.SCHEDULERS else schedulers.chosen(system)
    scheduler = schedulers.SCHEDULERS[name]
    written = scheduler.written(made)
    facts = {"scheduled": not dry_run, "system": name, "every": (every or DAILY), "times": str(when),
             "command": list(made.words), "environment": made.environment}
    if dry_run:
        console.as_json(facts | {"written": written}) if json else _show_written(written)
        return
    with state.only_run(LOCK, LOCK):
        instead = bool(schedulers.found())
        changed = scheduler.install(made)
        elsewhere = _only_here(name)
    if json:
        console.as_json(facts | {"written": written, "changed": changed, "removed": elsewhere})
        return
    console.out.print(f"{'Scheduled' if changed else 'It is scheduled already'}: {when}{when.late(scheduler.delays)}, "
                      f"by {scheduler.title}.")
    if changed and instead:
        console.talk.print("It takes the place of the job that was there; there is one, for one store.")
    _tell(made, rules, scheduler.advice(made))


def _tell(made: Job, rules: Policy, advice: str) -> None:
    """What the job will do, and what to know of it."""
    console.talk.print(f"It runs: {plain(' '.join(made.words))}")
    if rules.has_limit:
        console.talk.print(f"Policy: {plain(rules.sentence())}")
    console.talk.print(plain(rules.unattended()))
    common.warn_of_interval(rules, made.times.hours)
    if jobs.temporary(made.words):
        console.warn(["The program lies in a folder for temporary files; once it is gone, the job does nothing."])
    if advice:
        console.talk.print(advice)
    console.talk.print(f"`{program()} unschedule` takes it back, `{program()} schedule --show` shows it.")


def _only_here(name: str) -> list[str]:
    """Take the job out of every other scheduler, so that it runs once; one that was altered is left and told of."""
    removed: list[str] = []
    for other, installed in schedulers.found().items():
        if other == name:
            continue
        if all(one.ours for one in installed):
            removed += schedulers.SCHEDULERS[other].remove()
        else:
            console.warn([f"{one.place} holds a job under our name that somebody changed; it stays as it is."
                          for one in installed if not one.ours])
    return removed


def unschedule(system: str | None, json: bool) -> None:
    """Take out exactly what schedule put in, of every scheduler or of the one that is named."""
    with state.only_run(LOCK, LOCK):
        removed = {name: schedulers.SCHEDULERS[name].remove() for name in schedulers.found(system)}
    if json:
        console.as_json({"removed": removed})
    elif not removed:
        console.talk.print("Nothing of ours is scheduled.")
    else:
        for places in removed.values():
            console.out.print(f"Removed: {', '.join(printable(place, 500) for place in places)}.")


def _show(found: dict[str, list[Standing]], json: bool) -> None:
    if json:
        console.as_json({"scheduled": bool(found),
                         "found": {name: [{"place": one.place, "text": one.text, "ours": one.ours} for one in installed]
                                   for name, installed in found.items()}})
        return
    if not found:
        console.talk.print("Nothing of ours is scheduled.")
    for installed in found.values():
        _show_written({one.place: one.text for one in installed})
        console.warn(f"{one.place} is not what schedule wrote, so unschedule will leave it."
                     for one in installed if not one.ours)


def _show_written(written: dict[str, str]) -> None:
    for place, text in written.items():
        console.out.print(f"# {printable(place, 500)}", style="bold")
        console.out.print(text.expandtabs(2))


def _place(store: str | None) -> str:
    """The store as a job has to name it: a file from the root on, a server as it was given."""
    with common.opened(store, write=False) as (place, _):
        if place.path is not None:
            return str(place.path.absolute())
    return store or os.environ["OPENCODE_LIFECYCLE_STORE"]
