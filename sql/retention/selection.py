"""The selection: runs the templates of `retention` on a store and reads the verdicts they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from .. import state
from ..compiler.render import Value
from ..refusal import BAD_VALUE, FAILED, Refusal
from ..store import Store
from ..words import human, many, printable, span
from . import pins
from .patterns import ProtectPattern, find


@dataclass(frozen=True)
class Question:
    """What is asked of a store: a policy's sentence, values and patterns, at a moment, of a project or of all; `share`
    is the part of the trees and of their octets that may go at once, in thousandths."""

    sentence: str
    now: int
    values: Mapping[str, int | None]
    protect_patterns: tuple[ProtectPattern, ...] = ()
    project: str | None = None
    overwrite: bool = False
    share: int | None = None


@dataclass(frozen=True)
class Going:
    """A session that goes: the facts its line in the plan pins, and what is told of it. Octets, milliseconds."""

    root_id: str
    id: str
    parent_id: str | None
    project_id: str | None
    shared: int
    archived: int
    tally: int
    bytes: int
    newest: int
    seq: int
    log_rows: int
    log_bytes: int
    active: int
    title: str
    reason: str
    place: int
    size: int
    weight: int
    facts: str


@dataclass(frozen=True)
class Unit:
    """What goes together: a whole tree, or a child subtree of a tree that stays."""

    root: Going
    sessions: tuple[Going, ...]
    why: str

    @property
    def bytes(self) -> int:
        return sum(s.bytes for s in self.sessions)

    @property
    def log_bytes(self) -> int:
        return sum(s.log_bytes for s in self.sessions)

    @property
    def rows(self) -> int:
        return sum(s.tally + s.log_rows for s in self.sessions)


@dataclass(frozen=True)
class Selection:
    """What a policy says of a store at a moment."""

    sentence: str
    now: int
    units: tuple[Unit, ...]
    keep: dict[str, int]
    protected: dict[str, int]
    rows: dict[str, int]
    bytes: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def goes(self) -> str:
        """How much goes, in words: `12 trees and 1 child subtree`."""
        children = sum(unit.root.reason == "child-age" for unit in self.units)
        said = ((len(self.units) - children, "tree"), (children, "child subtree"))
        return " and ".join(many(n, thing) for n, thing in said if n) or "nothing"


def decide(store: Store, question: Question, every_rule: bool = True) -> tuple[ProtectPattern, ...]:
    """Leave a verdict on every tree in the work tables of this connection; return the patterns that name no session.

    Without `every_rule`, trees that stay anyway are not searched for work in progress.
    """
    restored = state.restored(store.name, question.now)
    unmet = judge(store, question.values, question.protect_patterns, pins.pinned(store), restored, question.project,
                  every_rule)
    if question.share is not None:
        store.once("retention/work_share")
        store.run("retention/share", {"max_share": question.share})
    return unmet


def judge(store: Store, values: Mapping[str, int | None], patterns: tuple[ProtectPattern, ...], pinned: list[str],
          restored: Mapping[str, int], project: str | None = None,
          every_rule: bool = True) -> tuple[ProtectPattern, ...]:
    """Leave a verdict on every tree in the work tables of this connection; return the patterns that name no session.

    `values` are those of the policy at a moment; `pinned` are session ids; `restored` says when an id came back.
    Without `every_rule`, trees that stay anyway are not searched for work in progress.
    """
    facts: dict[str, Value] = {**values, **_cost(store, values), "project": project_id(store, project),
                               "every_rule": int(every_rule)}
    store.run("schema/work")
    for pin in pinned:
        store.run("retention/pin", {"id": pin})
    for id, moment in restored.items():
        store.run("retention/restored", {"id": id, "moment": moment})
    unmet = find(store, patterns)
    store.run("retention/usage")
    store.run("retention/session", facts)
    store.run("retention/climb_roots")
    climb(store)
    store.run("retention/root")
    store.run("retention/running", facts)
    store.run("retention/tree", facts)
    store.run("retention/verdict", facts)
    children = values["child_since"] is not None
    if children:
        store.run("retention/child_seed")
        climb(store)
        store.run("retention/child", facts)
        climb(store)
    store.run("retention/unit", children=children)
    store.run("retention/unit_order")
    return unmet


def climb(store: Store) -> None:
    """Pointer doubling: repeat until every session has met its root. A cycle never ends: it stops after
    log2(n) + 1 rounds, in which a chain of all n sessions would have ended."""
    sessions, climbing = store.one("retention/climbing")
    for _ in range(sessions.bit_length() + 1):
        if not climbing:
            return
        store.run("retention/climb")
        _, climbing = store.one("retention/climbing")


def selection(store: Store, sentence: str, now: int, limits: Mapping[str, int | None],
              unmet: tuple[ProtectPattern, ...] = ()) -> Selection:
    """Read what `judge` found: what goes, what stays and why, and a warning for each pattern that names no session."""
    trees, sessions, octets = store.one("retention/kept")
    totals = list(store.rows("retention/totals"))
    return Selection(
        sentence=sentence, now=now, units=tuple(_units(store, now, limits)),
        keep={"trees": int(trees), "sessions": int(sessions), "bytes": int(octets)},
        protected=dict(store.rows("retention/count_protected")),
        rows={name: int(tally) for name, tally, _ in totals}, bytes={name: int(b) for name, _, b in totals},
        warnings=tuple(pattern.unmet(store.name) for pattern in unmet),
    )


def _units(store: Store, now: int, limits: Mapping[str, int | None]) -> Iterator[Unit]:
    unit: list[Going] = []
    for row in store.rows("retention/listing"):
        going = _going(store, row)
        if unit and unit[0].root_id != going.root_id:
            yield Unit(unit[0], tuple(unit), why(unit[0], now, limits))
            unit = []
        unit.append(going)
    if unit:
        yield Unit(unit[0], tuple(unit), why(unit[0], now, limits))


# The columns of `retention/listing`, and whether each holds a whole number, which some engines give as a decimal.
LISTED = tuple((one.name, one.type == "int") for one in fields(Going))


def _going(store: Store, row: Sequence[Any]) -> Going:
    values = {name: value for (name, _), value in zip(LISTED, row, strict=True)}
    try:
        values |= {name: int(values[name]) for name, whole in LISTED if whole}
    except ValueError:  # a number that is a text or a BLOB, which no client writes and no export could bring back
        raise Refusal(f"The store {store.name} is damaged: the number of an event of session "
                      f"{printable(values['id'])} is none, so nothing is removed.", FAILED) from None
    return Going(**values | {"title": values["title"] or ""})


def why(root: Going, now: int, limits: Mapping[str, int | None]) -> str:
    """One sentence for a reason code, with the figure and the limit it is over."""
    idle = span(max(0, now - root.active))

    def limit(name: str) -> int:
        return limits[name] or 0  # one that is not set lets nothing go

    said: dict[str, Callable[[], str]] = {
        "age": lambda: f"last active {idle} ago, the limit is {span(now - limit('active_since'))}",
        "count": lambda: f"number {root.place} in the order, the limit is {limit('max_sessions')}",
        "size": lambda: f"does not fit into {human(limit('max_size'))} of file with what is newer",
        "tree-size": lambda: f"takes {human(root.size)} of file, the limit is {human(limit('max_tree_size'))}",
        "undo": lambda: "it came with the run that is taken back, and nobody wrote to it since",
        "orphan": lambda: f"its parent {printable(root.parent_id)} is gone",
        "child-age": lambda: f"idle for {idle}, the limit for children is {span(now - limit('child_since'))}",
    }
    return said[root.reason]()


def _cost(store: Store, values: Mapping[str, int | None]) -> dict[str, int]:
    """What a tree takes of the file beside its content; measured only where a limit speaks of the file."""
    if values["max_size"] is None and values["max_tree_size"] is None:
        return {"row_cost": 0, "fixed_size": 0}
    return store.on.size_facts(store.connection, store.path, store.catalog)


def project_id(store: Store, project: str | None, flag: str = "--project") -> str | None:
    """The id of a project named by id, folder or name; refuses one that is not there."""
    if project is None:
        return None
    if store.catalog.has("project"):
        chosen: str
        for (chosen,) in store.rows("retention/project", {"project": project}):
            return chosen
    raise Refusal(f"{flag}={printable(project, 200)}: no project of this store has that id, folder or name.", BAD_VALUE)
