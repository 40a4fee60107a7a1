"""What the verbs vacuum, checkpoint and convert do and say; and how every verb says what space came back."""

from __future__ import annotations

from dataclasses import replace

from .. import space
from ..engines.sqlite.client_probe import Probe
from ..refusal import Refusal
from ..space import SpaceReturned
from ..store import Store
from ..words import human, program
from . import common, console
from .waiting import line as waiting


def vacuum(store: str | None, method: str, yes: bool, json: bool) -> None:
    """The verb vacuum."""
    with common.opened(store, alone=True) as (place, probe):
        found = space.vacuum(place, probe, method, common.asker(yes), waiting.stage("Returning", "pages"))
    _show(found, json)


def checkpoint(store: str | None, json: bool) -> None:
    """The verb checkpoint."""
    with common.opened(store, alone=True) as (place, probe):
        found = space.checkpoint(place, probe)
    _show(found, json)


def convert(store: str | None, yes: bool, json: bool) -> None:
    """The verb convert."""
    with common.opened(store, alone=True) as (place, probe):
        found = space.convert(place, probe, common.asker(yes))
    if found.method == "none":
        console.talk.print("The store is in incremental auto_vacuum already.")
    else:
        console.talk.print(f"auto_vacuum is incremental now: `{program()} vacuum` can return space in small steps.")
    _show(found, json)


def give_back(place: Store, probe: Probe | None, before: int,
              anew: bool = False) -> tuple[SpaceReturned | None, Refusal | None]:
    """What came back since a run began with `before` bytes, or why nothing could: either has to be told. Of a store
    that was written `anew` nothing is free any more: only its WAL has to come into the file."""
    try:
        with place.on.explained(place.name):
            found = (space.checkpoint(place, probe) if anew
                     else space.vacuum(place, probe, "auto", console.confirm, waiting.stage("Returning", "pages")))
            return replace(found, method="anew" if anew else found.method, before=before), None
    except Refusal as refusal:
        return None, refusal


def _show(found: SpaceReturned, json: bool) -> None:
    if json:
        console.as_json({"method": found.method, "returned_bytes": found.returned_bytes, "before_bytes": found.before,
                         "after_bytes": found.after, "free_bytes": found.free_bytes, "rest": found.rest,
                         "seconds": round(found.seconds, 3)})
    else:
        returned(found)


def returned(found: SpaceReturned) -> None:
    """Freed against returned, and why the rest did not come back."""
    console.out.print(f"{human(found.returned_bytes)} returned to the disk ({human(found.before)} before, "
                      f"{human(found.after)} now); {human(found.free_bytes)} still free inside the store.")
    if found.rest:
        console.talk.print(found.rest[0].upper() + found.rest[1:] + ".")


def over_limit(found: SpaceReturned, limit: int) -> None:
    """A limit on the file that it is still over: a plan never removes more than it says."""
    console.talk.print(f"The file has {human(found.after)}, {human(found.after - limit)} more than the limit of "
                       f"{human(limit)}: what stays is protected, or takes more room than was reckoned.")
