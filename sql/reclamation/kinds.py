"""The kinds of reclamation: what each takes, by which templates, what brings it back, and whether it is on by default
(which `policies/` says as well: a test holds them equal).

What else goes by kinds (policies, forecasts, exports, undo, the check of all templates) reads this table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ..engines import ENGINES

EVERY_ENGINE = frozenset(ENGINES)
# MySQL's JSON functions write the whole document anew, its keys in another order and long numbers rounded.
NOT_MYSQL = EVERY_ENGINE - {"mysql8"}


class Template(NamedTuple):
    """A template, and the tables without which it is not used."""

    name: str
    tables: tuple[str, ...] = ()


class Edit(NamedTuple):
    """How a column shrinks: the template that does it, and the rule that says what an original became ('': NULL)."""

    table: str
    column: str
    template: str
    rule: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of reclamation.

    `usual` kinds are on where no policy says otherwise, and are what `stats` foresees. What brings one back: `values`
    of columns that shrank, whole `rows` that were deleted, or `files` from beside the store; `again` says whether such
    an undo can itself be taken back: the values shrink once more. `idle` kinds keep to sessions that are idle,
    `settled` ones to those where no revert is pending either. `sessions` have to be known before its rows are found;
    `judged` ones need what protects their trees, too.
    """

    name: str
    back: Literal["values", "rows", "files"]
    usual: bool = False
    engines: frozenset[str] = EVERY_ENGINE
    idle: bool = False
    settled: bool = False
    sessions: bool = False
    judged: bool = False
    again: bool = False
    work: str = ""                       # the template that makes its own work tables
    find: Template | None = None         # fills its list; None where that is not done by one template alone
    find_v2: Template | None = None      # adds the messages of 2.x
    broken: Template | None = None       # where `find` does not tell: rows of interest that are not JSON
    edits: tuple[Edit, ...] = ()         # none where rows or files go whole
    others: tuple[Template, ...] = ()    # what else speaks of tables that not every store has


PART, MESSAGE_2, SESSIONS = ("part",), ("session_message",), ("session", "session_v2", "kv")

# In the order in which they run.
KINDS = {kind.name: kind for kind in (
    Kind("orphans", back="rows", usual=True, sessions=True, find=Template("reclamation/find_orphans"),
         others=(Template("reclamation/put_back_orphans", PART),)),
    Kind("events", back="rows", usual=True,
         others=tuple(Template(f"reclamation/{name}", ("event",)) for name in (
             "logs", "find_events", "found_events", "broken_events", "originals_events", "put_back_events"))),
    Kind("compacted", back="values", usual=True, engines=NOT_MYSQL, again=True,
         find=Template("reclamation/find_compacted", PART),
         find_v2=Template("reclamation/find_compacted_v2", MESSAGE_2),
         broken=Template("reclamation/broken_compacted", PART),
         edits=(Edit("part", "data", "reclamation/compacted", "compacted"),
                Edit("session_message", "data", "reclamation/compacted_v2", "lightened"))),
    Kind("diffs", back="values", usual=True, engines=NOT_MYSQL, again=True, sessions=True, idle=True,
         find=Template("reclamation/find_diffs"), broken=Template("reclamation/broken_diffs"),
         edits=(Edit("message", "data", "reclamation/diffs_message", "without_diffs"),
                Edit("session", "summary_diffs", "reclamation/diffs_session"),
                Edit("session", "revert", "reclamation/diffs_revert_session", "without_revert_diff"),
                Edit("session_v2", "summary_diffs", "reclamation/diffs_session_v2"),
                Edit("session_v2", "revert", "reclamation/diffs_revert_session_v2", "without_revert_diff"))),
    Kind("outputs", back="values", engines=NOT_MYSQL, again=True, sessions=True, idle=True, settled=True,
         work="reclamation/work_outputs", find=Template("reclamation/find_outputs", PART),
         find_v2=Template("reclamation/find_outputs_v2", MESSAGE_2),
         edits=(Edit("part", "data", "reclamation/outputs", "compacted"),
                Edit("session_message", "data", "reclamation/outputs_v2", "cleared_v2"))),
    Kind("reasoning", back="values", engines=NOT_MYSQL, again=True, sessions=True, idle=True, settled=True,
         work="reclamation/work_reasoning", find=Template("reclamation/find_reasoning", PART),
         find_v2=Template("reclamation/find_reasoning_v2", MESSAGE_2),
         edits=(Edit("part", "data", "reclamation/reasoning", "without_reasoning"),
                Edit("session_message", "data", "reclamation/reasoning_v2", "unthought"))),
    # Beside `undo`, which has the rows from the export, `restore --attachments` has the files from their folder.
    Kind("attachments", back="values", engines=NOT_MYSQL, sessions=True, idle=True,
         work="reclamation/work_attachments",
         edits=(Edit("part", "data", "reclamation/attachments", "moved"),
                Edit("session_message", "data", "reclamation/attachments_v2", "moved"))),
    Kind("leftovers", back="rows", engines=NOT_MYSQL, idle=True, judged=True, work="reclamation/work_leftovers",
         others=tuple(Template(f"reclamation/{name}leftovers", SESSIONS) for name in (
             "find_", "choose_", "originals_", ""))),
    Kind("files", back="files"),
)}

USUAL = tuple(kind.name for kind in KINDS.values() if kind.usual)
EDITS = {(kind.name, edit.table, edit.column): edit for kind in KINDS.values() for edit in kind.edits}


def of(names: Iterable[str]) -> list[Kind]:
    """The kinds of these names, in their order."""
    return [KINDS[name] for name in names]


def judged(names: Iterable[str]) -> bool:
    """Whether one of the kinds asks what protects trees."""
    return any(kind.judged for kind in of(names))


def back(name: str) -> str:
    """What brings a kind back; '' for one that nobody knows, as a file may name."""
    return KINDS[name].back if name in KINDS else ""


def possible(engine: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the kinds that an engine can do and leave all else as it was."""
    return tuple(name for name in names if engine in KINDS[name].engines)


def tables_needed() -> dict[str, tuple[str, ...]]:
    """By template, the tables without which it is not used."""
    templates = [one for kind in KINDS.values() for one in (kind.find, kind.find_v2, kind.broken, *kind.others) if one]
    edits = {edit.template: (edit.table,) for edit in EDITS.values()}
    return edits | {one.name: one.tables for one in templates if one.tables}
