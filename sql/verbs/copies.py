"""What restore and undo do with a store that holds copies: a server, or a cold file beside the client's own."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...policies import policy as policies
from .. import store as stores
from ..cascade.shipment import Shipment
from ..refusal import BAD_VALUE, Refusal
from ..schema import cold
from ..store import Store
from ..transfer import origin as origins
from ..transfer.copies import CopiedSession, Copy
from ..transfer.folder import is_here
from ..transfer.restore import Place
from ..words import json_text, many, printable, stamp
from . import came_back, console

VARIABLE = "OPENCODE_LIFECYCLE_COPY"  # the URL of the store of copies, where no flag and no policy names one
SHOWN = 50  # trees of a list without --json


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which trees of a copy are meant: the one of a session, or those with these words in a title, of a project, of an
    origin; None is any."""

    session: str | None = None
    search: str | None = None
    project: str | None = None
    origin: str | None = None

    @property
    def everything(self) -> bool:
        return not any((self.session, self.search, self.project, self.origin))

    @property
    def flags(self) -> str:
        """The same as flags, to be said after a verb."""
        said = {"session": self.session, "search": self.search, "project": self.project, "origin": self.origin}
        return "".join(f" --{name}={shlex.quote(printable(value, 200))}" for name, value in said.items() if value)


@contextmanager
def opened(location: str, beside: Store | None = None) -> Iterator[Copy]:
    """The store of copies at a URL or path, only to be read; raises `Refusal` 64 where it is the store `beside`."""
    with stores.opened(location, write=False) as found:
        if beside and found.name == beside.name:
            raise Refusal(f"{found.name} is the store itself; name the one that holds the copies.", BAD_VALUE)
        yield Copy(found, origins.known(beside) if beside else None)


@contextmanager
def held(said: str, given: str | None, beside: Store) -> Iterator[Place]:
    """The file, or the store of copies, that a run of the history names; `given` is the store's URL as --from names it.

    The history keeps no user and no password: without --from the environment and the policy are asked for a URL of the
    same place, and last that place itself, for servers that need neither. Raises `Refusal` where none is reached.
    """
    if "://" not in said and not stores.is_store(said):
        if given:
            raise Refusal(f"--from names a store, and that run's sessions are in the file {printable(said, 500)}.",
                          BAD_VALUE)
        yield Path(said)
        return
    with ExitStack() as stack:
        try:
            copy = stack.enter_context(opened(given or _again(said), beside))
        except Refusal as refusal:
            raise refusal if given else Refusal(f"{refusal} The sessions of that run are in {printable(said, 500)}; "
                                                "name it with --from=URL.", refusal.code) from None
        yield copy


@contextmanager
def shipment(location: str, store: str | None, beside: Store, ignored: Collection[str] = (),
             flag: str = "--export-to") -> Iterator[Shipment]:
    """Where the sessions of a plan are brought before they go: a server by its URL, or a cold file, made where there is
    none. Raises `Refusal`: 64 for the store itself, 78 for what a change there would set in motion, and what opening
    a store raises."""
    with ExitStack() as stack:
        source = stack.enter_context(stores.reached(*stores.locate(store), write=False))
        target = stack.enter_context(cold.target(location, beside, flag=flag))
        if target.name == beside.name:
            raise Refusal(f"{flag}: {target.name} is the store itself; name another one.", BAD_VALUE)
        target.catalog.refuse_side_effects(ignored, also=target.catalog.columns)
        yield Shipment(source, target, lambda: stores.reached(*stores.locate(location), write=False),
                       origins.named(beside, None))


def _again(said: str) -> str:
    """A URL of the place that the history names, as the environment or the policy spells it."""
    with suppress(Refusal):
        for known in (os.environ.get(VARIABLE), policies.load(None)[0].ships_to()):
            if known and stores.name_of(known) == said:
                return known
    return said


def choose(copy: Copy, wanted: Wanted) -> dict[object, tuple[list[str], int | None]]:
    """Leave only the wanted trees in the copy; by session, its origins, and since when they all have it no more."""
    found = _origins(copy.store)
    if wanted.origin is not None:
        copy.at_home(wanted.origin)
    if wanted.session is not None:
        copy.only([wanted.session])
    if wanted.search or wanted.project or wanted.origin:
        known = {name for names, _ in found.values() for name in names}
        if wanted.origin and wanted.origin not in known:
            raise Refusal(f"--origin={printable(wanted.origin, 200)}: {copy} has nothing of an origin of that name" +
                          (f"; there are {', '.join(map(printable, sorted(known)))}." if known else "."), BAD_VALUE)
        among = {id for id, (names, _) in found.items() if wanted.origin in names} if wanted.origin else None
        copy.search(wanted.search, wanted.project, among)
    return found


def _origins(store: Store) -> dict[object, tuple[list[str], int | None]]:
    found: dict[object, tuple[list[str], int | None]] = {}
    if store.catalog.has("lifecycle_copy"):
        for id, origin, vanished in store.rows("transfer/copy_origins"):
            names, gone = found.get(id, ([], 0))
            found[id] = [*names, origin], None if vanished is None or gone is None else max(gone, int(vanished))
    return found


AWAY = "not here"
LISTED: tuple[tuple[str, Callable[[dict[str, Any]], object]], ...] = (  # one that says nothing of any tree is left out
    ("session", lambda one: one["session"]),
    ("title", lambda one: one["title"]),
    ("project", lambda one: str(one["project"] or "")[:8]),
    ("origin", lambda one: one["origin"]),
    ("last changed", lambda one: stamp(one["time_updated"])),
    ("sessions", lambda one: one["sessions"]),
    ("bytes", lambda one: console.Size(one["bytes"])),
    (AWAY, lambda one: "" if is_here(one["directory"]) else one["directory"]),
    ("gone since", lambda one: stamp(one["vanished"]) if one["vanished"] else ""),
)


def show(location: str, wanted: Wanted, json: bool) -> None:
    """`restore URL --list`: a line for each tree, the last changed first."""
    with opened(location) as copy:
        brought = choose(copy, wanted)
        found = [_facts(sessions, brought) for sessions in _trees(copy.sessions())]
        name = str(copy)
    found.sort(key=lambda one: (-one["time_updated"], str(one["session"])))
    if json:
        console.as_json(found)
        return
    told = [(name, cell) for name, cell in LISTED if not found or any(cell(one) != "" for one in found)]
    console.table(f"{many(len(found), 'tree')} in {printable(name, 500)}", tuple(name for name, _ in told),
                  (tuple(cell(one) for _, cell in told) for one in found[:SHOWN]))
    if len(found) > SHOWN:
        console.out.print(f"... and {len(found) - SHOWN:,} more; --search, --project or --origin narrows them, --json "
                          "names them all.")
    came_back.tell_away({one["directory"] for one in found if not is_here(one["directory"])})


def _trees(found: list[CopiedSession]) -> list[list[CopiedSession]]:
    trees: dict[object, list[CopiedSession]] = {}
    for one in found:
        trees.setdefault(one.root, []).append(one)
    return list(trees.values())


def _facts(sessions: list[CopiedSession], brought: dict[object, tuple[list[str], int | None]]) -> dict[str, Any]:
    top = next((one for one in sessions if one.id == one.root), sessions[0])
    names, gone = brought.get(top.id, ([], None))
    return {"session": top.id, "title": json_text(top.title), "project": top.project,
            "directory": json_text(top.folder), "origin": ", ".join(names),
            "time_updated": max(one.updated for one in sessions), "bytes": sum(one.octets for one in sessions),
            "vanished": gone, "sessions": len(sessions)}
