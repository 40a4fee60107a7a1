"""What several verbs do in the same way: open the store, read the flags of a selection, ask, name the export."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ...policies import policy as policies
from ...policies import units
from ...policies.policy import Policy
from .. import files, identity, pace
from .. import store as stores
from ..engines.sqlite import client_probe
from ..engines.sqlite.client_probe import Probe
from ..refusal import BAD_VALUE, Refusal
from ..retention.selection import Question
from ..store import Store
from ..transfer import exports_folder
from ..unattended import growth
from ..words import HOUR, printable, span
from . import console
from .waiting import line as waiting

AGAIN = "add --yes to go on."


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The flags that say which trees are meant, as they were typed; `children` is True for the flag without a value."""

    days: str | None = None
    older_than: str | None = None
    keep: str | None = None
    max_size: str | None = None
    larger_than: str | None = None
    children: str | bool | None = None
    project: str | None = None
    origin: str | None = None
    policy: str | None = None
    now: str | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Limits:
        """Those among the values of a task's flags, by their names."""
        return cls(**{one.name: given[one.name] for one in fields(cls) if one.name in given})


@contextmanager
def opened(store: str | None, *, write: bool = True, alone: bool = False) -> Iterator[tuple[Store, Probe | None]]:
    """The store and a probe for other programs; `alone` holds it against a second run of ours."""
    with ExitStack() as stack:
        stack.enter_context(waiting.begun())
        waiting.at("Opening the store")
        place = stack.enter_context(stores.opened(store, write))
        place.told = waiting.at
        if alone:
            stack.enter_context(place.only_run())
            identity.settle(place)
            sampled(place)
        probe = stack.enter_context(client_probe.watching(place.path))
        place.pace = pace.Pace(probe)
        yield place, probe


def sampled(place: Store) -> None:
    """Remember how large a file is before a run changes it, at most once an hour; where that fails the run goes on."""
    if place.path is not None:
        found = growth.figures(place)
        with suppress(Refusal):
            growth.sample(place.name, moment(), found, apart=HOUR)


def rules(limits: Limits) -> Policy:
    """The policy that holds, with the limits of the flags; raises `Refusal` 64 for a value that cannot be read."""
    if limits.days is not None and limits.older_than is not None:
        raise Refusal("--days and --older-than say the same; give one of them.", BAD_VALUE)
    found, named = policies.load(limits.policy)
    children = limits.children
    if children is True:
        children = f"{found.child_max_age // 3_600_000}h" if named and found.child_max_age else "30d"
    age = limits.days if limits.days is not None else limits.older_than
    flags = {"max_age": age, "max_sessions": limits.keep, "max_size": limits.max_size,
             "max_tree_size": limits.larger_than, "child_max_age": children}
    return policies.with_flags(found, named, flags, {"max_age": "older-than"} if limits.days is None else None)


def question(limits: Limits) -> Question:
    """What the flags and the policy ask of a store."""
    return asking(rules(limits), moment(limits.now), limits.project, limits.origin)


def asking(policy: Policy, now: int, project: str | None = None, origin: str | None = None) -> Question:
    """What a policy asks of a store at a moment."""
    return Question(policy.sentence(project, origin), now, policy.values(now), policy.protect_patterns(), project,
                    policy.overwrite, sections=policy.sections(now), origins=policy.limit_origins(), brought_by=origin)


def protecting(policy: Policy, now: int, sentence: str) -> Question:
    """What a policy protects at a moment, without any of its limits."""
    unlimited = policy.unlimited()
    return Question(sentence, now, unlimited.values(now), unlimited.protect_patterns(), None, unlimited.overwrite)


def moment(now: str | None = None) -> int:
    """`--now`, or this moment, in milliseconds."""
    return units.moment(now) if now is not None else int(time.time() * 1000)


def names(text: str | None) -> list[str]:
    """The names of a flag that takes several, separated by commas."""
    return [name for name in (text or "").split(",") if name]


def there(store: str | None) -> str:
    """The flag that makes a command work on the same store; a URL, which may hold a password, is not repeated."""
    return "" if not store else " --store=URL" if "://" in store else f" --store={shlex.quote(store)}"


def from_the_root(store: str | None) -> str | None:
    """A store as it is found from any folder, for a command that is read elsewhere; a URL as it was given."""
    return store if not store or "://" in store else str(Path(store).expanduser().absolute())


def policy_named(policy: str | None) -> str | None:
    """A policy as it is found from any folder: by name, or the file from the root on."""
    return policy if policy is None or policy in policies.names() else str(files.absolute(policy, "--policy"))


def warn_of_interval(rules: Policy, hours: int) -> None:
    """Say where most of the runs that come every so many hours will do nothing."""
    if hours * HOUR < rules.min_interval:
        console.warn([f"The policy has min_interval = {span(rules.min_interval)}: a run that comes sooner after the "
                      "last one does nothing."])


def asker(yes: bool) -> Callable[[str], bool]:
    """What asks a question, and takes --yes for an answer."""
    return lambda asked: yes or console.confirm(asked)


def insist(asked: str, yes: bool, facts: object = None) -> None:
    """Go on only after a yes; without one, `facts` (None without --json) are all that goes to stdout."""
    try:
        console.insist(asked, yes, AGAIN)
    except Refusal:
        if facts is not None:
            console.as_json(facts)
        raise


def refuse_both(export: str | None, no_export: bool, to: str | None = None) -> None:
    """Raise `Refusal` 64 where an export is both asked for and forbidden, or asked for in two places."""
    given = [flag for flag, value in (("--export", export), ("--export-to", to), ("--no-export", no_export)) if value]
    if len(given) > 1:
        raise Refusal(f"{given[0]} and {given[1]} exclude each other; give one of them.", BAD_VALUE)


def export_file(place: Store, verb: str, export: str | None, no_export: bool) -> Path | None:
    """The file for the export before a removal; None when none is made."""
    refuse_both(export, no_export)
    return None if no_export else exports_folder.place_of(export, place, verb)


def export_sentence(place: object, no_export: bool) -> str:
    """What the head of a plan says of the export, a file or a store of copies."""
    from ..cascade.removal import EXPORT_FIRST, NO_EXPORT  # not for a verb that only looks

    if place is None:
        return NO_EXPORT if no_export else EXPORT_FIRST
    how = "written" if isinstance(place, Path) else "committed there"
    return f"{printable(place, 500)}, {how} and read back before the first batch"


def tell_export(place: object) -> None:
    """Say where the export goes before anybody is asked."""
    how = "exported" if isinstance(place, Path) else "brought to the store of copies"
    console.talk.print(f"First they are {how}, and read back: {printable(place, 500)}" if place else
                       "No export is made before the removal (--no-export).")


def megabytes(tell: Callable[[float, float], object]) -> Callable[[int, int], object]:
    """A bar that is told of octets, for one that counts in megabytes."""
    return lambda done, of: tell(done / 10**6, of / 10**6)
