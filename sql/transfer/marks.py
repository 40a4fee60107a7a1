"""What tells two states of a session apart, and what is to be done about each session of a source.

A fingerprint is made of rows, octets, the newest time, the number of the last event, a sum over the length of every
text and every number, and what the session's row says; no text of a message is read for it. Where that may not tell, a
digest of all rows does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..engines import TextLimits
from ..retention.selection import climb
from ..store import Store
from .fitting import ID, unfit

TO_BRING = ("new", "changed", "missing")


@dataclass(frozen=True)
class Mark:
    """A session as the source has it: its tree, its fingerprint, the newest time (milliseconds), number and octets of
    its rows, and whether a session has that id at all."""

    id: str
    root: str
    fingerprint: str
    newest: int | None
    tally: int
    bytes: int
    rooted: bool = True


@dataclass(frozen=True)
class State:
    """What is to be done about a session: new, changed, missing (in the copy), newer (there), gone (from the source,
    which has rows under its id alone), doubtful or same; the digest of its rows when it was brought; and whether it
    is back after it had vanished."""

    what: str
    digest: str | None = None
    back: bool = False


def take(source: Store, events: bool) -> tuple[dict[str, Mark], dict[str, str]]:
    """The sessions of a source by id, tree by tree; and the ids that no copy can hold, with why."""
    source.once("schema/work")
    source.run("transfer/copy_clear")
    source.run("retention/usage")
    source.run("retention/session")
    source.run("retention/climb_roots")
    climb(source)
    source.run("retention/root")
    found: dict[str, Mark] = {}
    left: dict[str, str] = {}
    for id, root, tally, octets, newest, *rest in source.rows("transfer/copy_marks", {"events": int(events)}):
        if why := unfit(ID, id, TextLimits()):
            left[findable(id)] = f"its id {why}"
            continue
        said = hashlib.blake2b(repr(rest).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        said = f"1{'e' if events else 'n'}:{tally}:{octets}:{newest}:{rest[1]}:{said}"
        tree = root if root is not None and not unfit(ID, root, TextLimits()) else id
        found[id] = Mark(id, tree, said, newest, int(tally), int(octets), root is not None)
    return found, left


def findable(id: object) -> str:
    """An id that no copy takes as SQLite finds it by a statement: octets in hexadecimal, a number as it is."""
    if isinstance(id, bytes):
        return f"x'{id.hex()}'"
    if isinstance(id, (str, bytearray)):
        octets = id.encode("utf-8", "surrogateescape") if isinstance(id, str) else bytes(id)
        return f"CAST(x'{octets.hex()}' AS TEXT)"
    return "NULL" if id is None else repr(id)


def held_against(target: Store, marks: Mapping[str, Mark], origin: str) -> dict[str, State]:
    """What is to be done about each session, by what the copy says it brought of this origin before."""
    target.once("transfer/copy_work")
    target.run("transfer/copy_now_none")
    target.on.write(target.connection, "lc_now", ("id", "root_id", "fingerprint", "newest", "rooted"),
                    ((mark.id, mark.root, mark.fingerprint, mark.newest, int(mark.rooted)) for mark in marks.values()))
    return {id: State(what, digest, bool(back))
            for id, what, digest, back in target.rows("transfer/copy_state", {"origin": origin})}


def trees(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    """Sessions by the root of their tree."""
    found: dict[str, list[Mark]] = {}
    for mark in marks:
        found.setdefault(mark.root, []).append(mark)
    return found
