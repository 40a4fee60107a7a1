"""What `policy` does and says: the policy that holds, a file to begin with, and a look at a file for slips."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from ...policies import policy as policies
from ...policies import shown
from ...policies.policy import Policy
from .. import files
from .. import store as stores
from ..refusal import BAD_VALUE, Refusal
from ..retention import patterns, sections
from ..retention.patterns import ProtectPattern
from ..retention.sections import ProjectLimits
from ..store import Store
from ..words import printable, program
from . import common, console
from .common import Limits


def policy(store: str | None, limits: Limits, *, init: bool, check: str | None, json: bool) -> None:
    """The verb `policy`; with `init` it writes a file, with `check` it reads one."""
    if check is not None:
        _check(check, json)
        return
    rules = common.rules(limits)
    own = policies.own_file()
    if init:
        _init(rules, json)
        return
    warnings = _holes(store, rules)
    if json:
        console.as_json({"policy": rules.sentence(), "unattended": rules.unattended(),
                         "toml": shown.effective(rules), "origins": dict(rules.origins),
                         "names": policies.names(), "own": str(own), "warnings": warnings})
    else:
        sys.stdout.write(shown.effective(rules))
        there = "" if policies.has_own() else f" (not there; `{program()} policy --init` writes one)"
        console.talk.print(f"Policies by name: {', '.join(policies.names())}. Your own: {own}{there}")
    console.warn(warnings)


def _check(name: str, json: bool) -> None:
    """Read a file as every verb would; raises `Refusal` 64 for the first slip in it."""
    rules, _ = policies.load(name, "check")
    rules.protect_patterns()
    rules.sections(common.moment())
    if json:
        console.as_json({"policy": rules.sentence(), "source": rules.source})
    else:
        console.out.print(rules.sentence())


def _init(rules: Policy, json: bool) -> None:
    """Write the user's own policy, every key explained; raises `Refusal` 64 where there is one."""
    path = policies.own_file()
    if policies.has_own():
        raise Refusal(f"Your policy {printable(path, 500)} is there and stays as it is; change it by hand, or move it "
                      "away first.", BAD_VALUE)
    files.home("config")
    with files.new_file(path, "Your policy") as file:
        file.write(shown.commented(rules).encode())
    if json:
        console.as_json({"written": str(path), "policy": policies.read(path).sentence()})
    else:
        console.talk.print(f"Written: {path}. It holds from now on; `{program()} policy` shows what it says.")


def _holes(store: str | None, rules: Policy) -> list[str]:
    """A warning for each pattern that names no session and each section that means no project of the store; without
    any of them, or without a store, there is none."""
    named, own = rules.protect_patterns(), rules.sections(common.moment())
    if not (named or own or store):
        return []
    try:
        with stores.opened(store, write=False) as place:
            return [one.unmet(place.name) for one in _unmet(place, named, own)]
    except Refusal:
        if store:
            raise
        return []


def _unmet(store: Store, named: tuple[ProtectPattern, ...],
           own: tuple[ProjectLimits, ...]) -> Iterable[ProtectPattern | ProjectLimits]:
    met = set(sections.meant(store, own).values())
    return (*patterns.unmet(store, named), *(one for number, one in enumerate(own) if number not in met))
