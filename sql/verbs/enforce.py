"""What `enforce` is asked and what it says: the whole policy in one run, without anybody looking."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ...policies import policy as policies
from ...policies.policy import Policy
from .. import identity, pace, space, state
from .. import store as stores
from ..engines.sqlite import client_probe
from ..engines.sqlite.client_probe import Probe
from ..files import file_number
from ..reclamation.kinds import KINDS
from ..refusal import PENDING, UNFINISHED, Refusal
from ..store import Store
from ..unattended import due, growth, machine, marks, memory, status
from ..unattended.notify import notify
from ..unattended.orders import ANNOUNCED, DONE, FAILED, SKIPPED, STEPS, Orders, StepReport
from ..words import human, plain, printable, program
from . import common, console
from .waiting import line as waiting

if TYPE_CHECKING:
    from ..reclamation.forecast import ReclaimRequest
    from ..unattended.enforce import Opened

# What of a policy decides neither what goes nor how much of it: a change of it needs no new announcement.
UNREAD = {"source", "origins"}
ASIDE = {*UNREAD, "sizes", "notify", "overwrite", "export_reclaimed", "exports_max_age", "exports_max_size",
         "exports_to", "min_interval", "announce", "space_method", "space_free", "archive_after", "idle", *KINDS}
ARCHIVING = "Archive trees that were idle for long."


@dataclass
class Enforced:
    """What a run did on a store: its steps, warnings of this run, octets of the file before and after, and why it had
    to wait, where it had."""

    name: str
    sentence: str
    now: int
    reports: list[StepReport] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    before: int = 0
    after: int = 0
    waited: str = ""

    def of(self, step: str) -> StepReport | None:
        return next((report for report in self.reports if report.step == step), None)

    def facts(self) -> dict[str, Any]:
        """As `enforce --json` tells it."""
        evict, back = self.of("evict"), self.of("space")
        return {"store": self.name, "policy": self.sentence, "now": self.now,
                "steps": [report.facts() for report in self.reports], "warnings": self.warnings,
                "announced": evict.figures.get("announced") if evict else None,
                "file": {"before": self.before, "after": self.after},
                "returned_bytes": back.figures.get("returned_bytes", 0) if back else 0}


def run(store: str | None, *, policy: str | None, check: bool, dry_run: bool, yes: bool, now: str | None,
        ignore_table: str | None, json: bool, quiet: bool) -> None:
    """The verb enforce."""
    rules, _ = policies.load(policy)
    there = common.there(common.from_the_root(store))
    orders = orders_of(rules, common.moment(now), common.names(ignore_table), there, yes, dry_run)
    if check:
        _check(store, orders, rules, json, quiet)
        return
    if rules.exports_to:
        orders = replace(orders, keep=lambda place: _keep(rules, store, place, orders.ignored))
    again = there + (f" --policy={shlex.quote(common.policy_named(policy) or '')}" if policy else "")
    early = None if yes or dry_run else _early(store, orders, rules)
    done = early or _run(store, orders, rules, (there, again), yes, dry_run, quiet or json)
    _tell(done, again, json, quiet)
    if code := max(report.code for report in done.reports):
        raise Refusal("Not all of it was done: see what the steps say.", code)


def _early(location: str | None, orders: Orders, rules: Policy) -> Enforced | None:
    """What is told of a run that has to wait; None where there may be work. Nothing is held, for nothing is changed."""
    with stores.opened(location, write=False) as place:
        identity.settle(place)
        why = due.waits(memory.last_run(place.name, orders.policy), orders)
        return _waited(Enforced(place.name, rules.sentence(), orders.now), why, place) if why else None


def _waited(done: Enforced, why: str, place: Store) -> Enforced:
    done.waited, done.reports = why, [StepReport(step, SKIPPED, why) for step in STEPS]
    done.before = done.after = space.on_disk(place)
    return done


def _run(store: str | None, orders: Orders, rules: Policy, flags: tuple[str, str], yes: bool, dry: bool,
         silent: bool) -> Enforced:
    with _held(store, dry) as (name, opened, probe, beat):
        done = Enforced(name, rules.sentence(), orders.now)
        last = None if dry else memory.last_run(name, orders.policy)
        at_once = yes and last is not None and last.facts.get("announced")
        if (why := due.waits(last, orders)) and not at_once:  # another run has come to its end meanwhile
            with opened() as place:
                return _waited(done, why, place)
        if rules.reclaims:
            orders = replace(orders, reclaiming=_request(rules, orders.now))
        _steps(done, opened, due.tightened(orders, last), probe, beat, silent)
        _remember(done, rules, orders, opened, flags, last)
    return done


def _keep(rules: Policy, store: str | None, place: Store, ignored: Collection[str]) -> AbstractContextManager[Any]:
    from . import copies  # not for a look, or for a run that has to wait: it loads all that deletes

    return copies.shipment(rules.ships_to(), store, place, ignored, "[exports] to")


def _steps(done: Enforced, opened: Opened, orders: Orders, probe: Probe | None, beat: Callable[[], None],
           silent: bool) -> None:
    from ..unattended import enforce  # not for a look, or for a run that has to wait: it loads all that deletes

    with opened() as place:
        done.before = done.after = space.on_disk(place)
    for report in enforce.run(opened, orders, probe, beat):
        done.reports.append(report)
        if not silent:
            _say(report)
    with suppress(Refusal), opened() as place:
        done.after = space.on_disk(place)
    done.warnings = [_passed(one, done.after) for one in done.reports[0].figures.get("crossed", ())]


def _passed(crossing: dict[str, Any], size: int) -> str:
    """What is said of a mark that was passed, and of this run where it has brought the store below the mark again."""
    text: str = crossing["text"]
    return text + (f" This run has brought it to {human(size)}." if size < crossing["mark"] else "")


# --- what is asked ---------------------------------------------------------------------------------------------------


def orders_of(rules: Policy, now: int, ignored: list[str], there: str, yes: bool, dry: bool) -> Orders:
    """A policy at a moment, in the plain values that the steps take."""
    found = asdict(rules)
    deciding = {name: value for name, value in found.items() if name not in ASIDE}
    evicting = replace(common.asking(rules, now), share=max(1, round(rules.max_share * 1000)))
    idle = rules.archiving()
    return Orders(
        now=now, policy=memory.digest({name: value for name, value in found.items() if name not in UNREAD}),
        eviction=memory.digest(deciding), marks=rules.sizes,
        archiving=replace(common.asking(idle, now), sentence=ARCHIVING) if idle.has_limit else None,
        reclaims=bool(rules.reclaims),
        export_reclaimed=rules.export_reclaimed, evicting=evicting if rules.has_limit else None,
        announce=rules.announce, min_interval=rules.min_interval, method=rules.space_method, free=rules.space_free,
        exports_max_age=rules.exports_max_age, exports_max_size=rules.exports_max_size, ignored=tuple(ignored),
        undo=f"{program()} undo{there}", helps=f"{program()} {marks.HELPS}{there}", at_once=yes, dry=dry)


def _request(rules: Policy, now: int) -> ReclaimRequest:
    from . import reclaim

    return reclaim.request(rules, now, None, None, False)


@contextmanager
def _held(location: str | None, dry: bool) -> Iterator[tuple[str, Opened, Probe | None, Callable[[], None]]]:
    """The store held against every other run of ours: its name, what opens it anew, a probe, and what says that we go
    on. Between two steps no file is open here: a full vacuum has to be alone."""
    with ExitStack() as held:
        held.enter_context(waiting.begun())
        with stores.opened(location) as place:
            name, path = place.name, place.path
            identity.settle(place)
        if not dry and path:
            held.enter_context(state.only_run(name, file_number(path)))
        elif not dry:
            held.enter_context(held.enter_context(stores.opened(location)).only_run())
        beat = held.enter_context(machine.only_machine(name)) if not dry else lambda: None
        probe = held.enter_context(client_probe.watching(path))

        @contextmanager
        def opened() -> Iterator[Store]:
            with stores.opened(location) as store:
                store.pace, store.told = pace.Pace(probe), waiting.at
                yield store

        yield name, opened, probe, beat


def _check(location: str | None, orders: Orders, rules: Policy, json: bool, quiet: bool) -> None:
    """Whether a run would do something; exit code 2 where it would."""
    with stores.opened(location, write=False) as place, client_probe.watching(place.path) as probe:
        last = memory.last_run(place.name, orders.policy)
        reasons = due.work(place, orders, last, probe)
        why = due.waits(last, orders)
        if json:
            console.as_json({"store": place.name, "policy": rules.sentence(), "now": orders.now, "work": reasons,
                             "last": last.moment if last else None})
    if reasons:
        raise Refusal(" ".join(reasons), PENDING)
    if not (json or quiet):
        console.talk.print(why or "Nothing to do.")


# --- what is left behind ---------------------------------------------------------------------------------------------


def _remember(done: Enforced, rules: Policy, orders: Orders, opened: Opened, flags: tuple[str, str],
              last: memory.LastRun | None) -> None:
    """For the next run and for whoever looks: our state, the status files, and the command of the user's. `flags` have
    a command work on the same store, and `enforce` by the same policy."""
    if orders.dry:
        return
    try:
        with opened() as place:
            kept = due.facts(place, orders, done.reports, last)
            figures = growth.figures(place)
        with suppress(Refusal):  # what came is told by what was in use after one run and before the next
            growth.sample(done.name, orders.now + 1, figures)
        evict = done.of("evict")
        kept["announced"] = bool(evict and evict.status == ANNOUNCED)
        memory.ran(done.name, orders.policy, orders.now, kept)
        status.write(done.name, orders.now, _status(done, rules, orders, figures, flags))
    except Refusal as refusal:  # what was done stands; that it could not be written down is said
        done.reports.append(StepReport("status", FAILED, str(refusal), code=UNFINISHED))
    command = rules.notify
    if command and (message := _message(done)) and (said := notify(command, message)):
        done.warnings.append(said)


def _status(done: Enforced, rules: Policy, orders: Orders, figures: dict[str, Any],
            flags: tuple[str, str]) -> dict[str, Any]:
    """The facts of the status file; a warning is kept while the store stands over a mark, and what was evicted last."""
    before, evict = status.last(done.name) or {}, done.of("evict")
    size = figures["file_bytes"] + figures["wal_bytes"]
    stands = marks.standing(done.name, orders.now, size, rules.sizes) is not None
    evicted, announced = before.get("evicted"), evict.figures.get("announced") if evict else None
    if evict and evict.status == DONE:
        evicted = {"run": evict.figures["run"], "sessions": evict.figures["sessions"], "bytes": evict.figures["bytes"],
                   "moment": orders.now, "undo": evict.figures["undo"]}
    outcome = "failed" if any(report.code for report in done.reports) else \
        "done" if any(report.status == DONE for report in done.reports) else "nothing"
    there, again = flags
    command = f"{program()} enforce --yes{again}" if announced else f"{program()} history{there}" if evicted else \
        f"{program()} stats{there}"
    return {"file_bytes": figures["file_bytes"], "free_bytes": figures["free_bytes"],
            "per_day": growth.growth(done.name, orders.now + 1).per_day,
            "warnings": done.warnings or (before.get("warnings", []) if stands else []), "evicted": evicted,
            "announced": announced, "outcome": outcome, "command": command}


def _message(done: Enforced) -> str:
    """What a person should hear: marks, evictions, announcements, failures; '' for an ordinary night."""
    evict = done.of("evict")
    said = list(done.warnings)
    if evict and evict.status in (DONE, ANNOUNCED):
        said.append(evict.why)
    said += [f"{report.step}: {report.why}" for report in done.reports if report.code and report is not evict]
    return "\n".join([f"OpenCode's store {printable(done.name, 200)}:", *said]) if said else ""


# --- what is said ----------------------------------------------------------------------------------------------------


def _say(report: StepReport) -> None:
    console.out.print(f"{report.step}: {report.status}. {plain(report.why)}")


def _tell(done: Enforced, there: str, json: bool, quiet: bool) -> None:
    evict = done.of("evict")
    if json:
        console.as_json(done.facts())
    elif done.waited:
        if not quiet:
            console.talk.print(done.waited)
    elif quiet:
        for report in done.reports:
            if report.code or report.step == "evict" and report.status in (DONE, ANNOUNCED):
                _say(report)
    else:
        console.out.print(f"The file takes {human(done.after)}, {human(done.before)} before.")
    console.warn([*done.warnings, *(evict.figures.get("warnings", ()) if evict else ())])
    if evict and evict.status == ANNOUNCED and not json:
        console.talk.print(f"`{program()} enforce{there} --yes` does it at once. Pin what shall stay.")
