"""The selection: runs the templates of `retention` on a store and reads the verdicts they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .. import state
from ..compiler.render import Value
from ..refusal import BAD_VALUE, FAILED, Refusal
from ..spill import Spilled
from ..store import Store
from ..words import human, many, printable, span
from . import pins, sections
from .patterns import ProtectPattern, find
from .sections import ProjectLimits

Unmet = ProtectPattern | ProjectLimits


@dataclass(frozen=True)
class Question:
    """What is asked of a store: a policy's sentence, values, patterns and limits of single projects, at a moment, of a
    project or of all. `share` is the part of the trees and of their octets that may go in one run, in thousandths;
    `gone`, trees and octets, went in that run already. `origins` says where each limit was set, by its value;
    `brought_by` is the origin whose trees alone are meant, on a server that holds copies."""

    sentence: str
    now: int
    values: Mapping[str, int | None]
    protect_patterns: tuple[ProtectPattern, ...] = ()
    project: str | None = None
    overwrite: bool = False
    share: int | None = None
    gone: tuple[int, int] = (0, 0)
    sections: tuple[ProjectLimits, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    brought_by: str | None = None


class Going(NamedTuple):
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
    checksum: int
    facts: str


class Over(NamedTuple):
    """The figures of a unit and the limits that hold for its tree; octets, milliseconds, None is off or not known."""

    id: str
    place: int
    size: int
    section: int | None
    aged: int | None
    old_since: int | None
    in_project: int
    max_sessions: int | None
    max_tree_size: int | None
    child_since: int | None


@dataclass(frozen=True, slots=True)
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
    """What a policy says of a store at a moment; `children` of the units are subtrees of trees that stay."""

    sentence: str
    now: int
    units: Spilled[Unit]
    children: int
    sessions: int
    keep: dict[str, int]
    protected: dict[str, int]
    rows: dict[str, int]
    bytes: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def goes(self) -> str:
        """How much goes, in words: `12 trees and 1 child subtree`."""
        said = ((len(self.units) - self.children, "tree"), (self.children, "child subtree"))
        return " and ".join(many(n, thing) for n, thing in said if n) or "nothing"


def decide(store: Store, question: Question, every_rule: bool = True) -> tuple[Unmet, ...]:
    """Leave a verdict on every tree in the work tables of this connection; return the patterns that name no session,
    and the sections that mean no project.

    Without `every_rule`, trees that stay anyway are not searched for work in progress.
    """
    restored = state.restored(store.name, question.now)
    unmet = judge(store, question.values, question.protect_patterns, pins.pinned(store), restored, question.project,
                  every_rule, question.sections, question.brought_by)
    if question.share is not None:
        store.once("retention/work_share")
        trees, octets = question.gone
        store.run("retention/share", {"max_share": question.share, "gone_trees": trees, "gone_bytes": octets})
    return unmet


def nothing_goes(store: Store, question: Question) -> bool:
    """Whether it is plain that nothing goes: no session is over an age by its own time, and there are no more than may
    stay. False says nothing: what has to do with sizes, single projects or names is not looked at here."""
    limits = question.values
    if limits["max_size"] or limits["max_tree_size"] or limits["by_created"] or question.sections or \
            question.protect_patterns or question.project is not None or question.brought_by is not None:
        return False
    ages = [age for name in ("active_since", "child_since") if (age := limits[name]) is not None]
    sessions, old = store.one("retention/may_go", {"active_since": max(ages, default=0)})
    most = limits["max_sessions"]
    return not (ages and old) and (most is None or sessions <= most)


# What an unattended run has found of the file; everywhere else a limit on it is reckoned from the schema alone.
REMEMBERED = {"measured": 0, "excess": 0, "max_excess": 0}


def judge(store: Store, values: Mapping[str, int | None], patterns: tuple[ProtectPattern, ...], pinned: list[str],
          restored: Mapping[str, int], project: str | None = None,
          every_rule: bool = True, own: tuple[ProjectLimits, ...] = (),
          brought_by: str | None = None) -> tuple[Unmet, ...]:
    """Leave a verdict on every tree in the work tables of this connection; return the patterns that name no session,
    and the sections that mean no project.

    `values` are those of the policy at a moment; `pinned` are session ids; `restored` says when an id came back; `own`
    are the limits of single projects.
    Without `every_rule`, trees that stay anyway are not searched for work in progress.
    """
    facts: dict[str, Value] = {**REMEMBERED, **values, **_cost(store, values, own),
                               "project": project_id(store, project), "every_rule": int(every_rule)}
    store.run("schema/work")
    for pin in pinned:
        store.run("retention/pin", {"id": pin})
    for id, moment in restored.items():
        store.run("retention/restored", {"id": id, "moment": moment})
    unmet = find(store, patterns) + sections.load(store, own)
    store.run("retention/usage")
    store.run("retention/session", facts)
    store.run("retention/climb_roots")
    climb(store)
    store.run("retention/root")
    store.run("retention/running", facts)
    store.run("retention/tree", facts)
    if brought_by is not None:
        store.run("retention/of_origin", {"origin": known_origin(store, brought_by)})
    store.run("retention/limit", facts)
    store.run("retention/verdict", facts)
    children = any(said.get("child_since") is not None for said in (values, *(one.said for one in own)))
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
              unmet: tuple[Unmet, ...] = (), own: tuple[ProjectLimits, ...] = ()) -> Selection:
    """Read what `judge` found: what goes, what stays and why, and a warning for each pattern that names no session and
    each section that means no project."""
    trees, sessions, octets = store.one("retention/kept")
    totals = list(store.rows("retention/totals"))
    children, going = map(int, store.one("retention/going"))
    return Selection(
        sentence=sentence, now=now, units=Spilled(_units(store, Judged(now, limits, own)), _plain, _again),
        children=children, sessions=going,
        keep={"trees": int(trees), "sessions": int(sessions), "bytes": int(octets)},
        protected=dict(store.rows("retention/count_protected")),
        rows={name: int(tally) for name, tally, _ in totals}, bytes={name: int(b) for name, _, b in totals},
        warnings=tuple(one.unmet(store.name) for one in unmet),
    )


def _units(store: Store, judged: Judged) -> Iterator[Unit]:
    """Both readings come in the order in which units go."""
    over = iter(Spilled(map(_over, store.rows("retention/over")), tuple, Over._make))
    unit: list[Going] = []
    for row in store.rows("retention/listing"):
        going = _going(store, row)
        if unit and unit[0].root_id != going.root_id:
            yield _unit(unit, next(over), judged)
            unit = []
        unit.append(going)
    if unit:
        yield _unit(unit, next(over), judged)


def _unit(sessions: list[Going], over: Over, judged: Judged) -> Unit:
    root = sessions[0]
    assert over.id == root.root_id, "the figures of another unit"
    return Unit(root, tuple(sessions), judged.why(root, over))


def _plain(unit: Unit) -> tuple[str, list[tuple[Any, ...]]]:
    return unit.why, [tuple(going) for going in unit.sessions]


def _again(plain: tuple[str, list[tuple[Any, ...]]]) -> Unit:
    sessions = tuple(map(Going._make, plain[1]))
    return Unit(sessions[0], sessions, plain[0])


def _over(row: Sequence[Any]) -> Over:
    """Some engines give whole numbers as decimals."""
    return Over._make((row[0], *(value if value is None else int(value) for value in row[1:])))


NUMBERS = tuple(map(Going._fields.index, (
    "shared", "archived", "tally", "bytes", "newest", "seq", "log_rows", "log_bytes", "active", "checksum")))
TITLE = Going._fields.index("title")


def _going(store: Store, row: Sequence[Any]) -> Going:
    """A row of `retention/listing`; some engines give whole numbers as decimals."""
    values = list(row)
    for at in NUMBERS:
        if type(values[at]) is not int:
            try:
                values[at] = int(values[at])
            except ValueError:  # a text or a BLOB, which no client writes and no export could bring back
                raise Refusal(f"The store {store.name} is damaged: the number of an event of session "
                              f"{printable(values[1])} is none, so nothing is removed.", FAILED) from None
    values[TITLE] = values[TITLE] or ""
    return Going._make(values)


@dataclass(frozen=True)
class Judged:
    """What was asked, for the sentence on each unit that goes."""

    now: int
    limits: Mapping[str, int | None]
    own: tuple[ProjectLimits, ...]

    def why(self, root: Going, over: Over) -> str:
        """One sentence for a reason code, with the figure and the limit it is over."""
        said: dict[str, Callable[[], str]] = {
            "age": lambda: f"{self._aged(root, over)}, the limit{self._of(over, 'active_since')} is "
                           f"{span(self.now - (over.old_since or 0))}",
            "count": lambda: f"number {over.place} in the order{' of its project' * over.in_project}, the limit"
                             f"{self._of(over, 'max_sessions')} is {over.max_sessions}",
            "size": lambda: f"does not fit into {human(self.limits['max_size'] or 0)} of file with what is newer",
            "tree-size": lambda: f"takes {human(over.size)} of file, the limit{self._of(over, 'max_tree_size')} is "
                                 f"{human(over.max_tree_size or 0)}",
            "undo": lambda: "it came with the run that is taken back, and nobody wrote to it since",
            "orphan": lambda: f"its parent {printable(root.parent_id)} is gone",
            "child-age": lambda: f"idle for {self._since(root.active)}, the limit for children"
                                 f"{self._of(over, 'child_since')} is {span(self.now - (over.child_since or 0))}",
        }
        return said[root.reason]()

    def _aged(self, root: Going, over: Over) -> str:
        active = f"last active {self._since(root.active)} ago"
        return f"created {self._since(over.aged or 0)} ago, {active}" if self.limits.get("by_created") else active

    def _since(self, moment: int) -> str:
        return span(max(0, self.now - moment))

    def _of(self, over: Over, limit: str) -> str:
        """Which section a limit is of, where it is one of a project."""
        if over.section is None or limit not in self.own[over.section].said:
            return ""
        return f" of {self.own[over.section].shown}"


def _cost(store: Store, values: Mapping[str, int | None], own: tuple[ProjectLimits, ...]) -> dict[str, int]:
    """What a tree takes of the file beside its content; measured only where a limit speaks of the file."""
    said = (values["max_size"], values["max_tree_size"], *(one.said.get("max_tree_size") for one in own))
    if all(limit is None for limit in said):
        return {"row_cost": 0, "fixed_size": 0}
    return store.on.size_facts(store.connection, store.path, store.catalog)


def origins(store: Store) -> list[dict[str, Any]]:
    """What each origin brought here: sessions, those that vanished at it, those that another one outdid, octets,
    milliseconds; empty for a store that holds no copies."""
    names = ("origin", "sessions", "vanished", "outdone", "bytes", "newest", "seen")
    if not store.catalog.has("lifecycle_copy"):
        return []
    return [{name: value if name == "origin" or value is None else int(value)
             for name, value in zip(names, row, strict=True)} for row in store.rows("stats/origins")]


def known_origin(store: Store, origin: str) -> str:
    """The same; raises `Refusal` 64 where nothing of that origin is in the store, naming those that are."""
    there = [one["origin"] for one in origins(store)]
    if origin not in there:
        said = f"it holds those of {', '.join(map(printable, there[:10]))}" if there else "it holds no copies"
        raise Refusal(f"--origin={printable(origin)}: {store.name} has nothing of that origin; {said}.", BAD_VALUE)
    return origin


def project_id(store: Store, project: str | None, flag: str = "--project") -> str | None:
    """The id of a project named by id, folder or name; refuses one that is not there."""
    if project is None:
        return None
    if store.catalog.has("project"):
        chosen: str
        for (chosen,) in store.rows("retention/project", {"project": project}):
            return chosen
    raise Refusal(f"{flag}={printable(project, 200)}: no project of this store has that id, folder or name.", BAD_VALUE)
