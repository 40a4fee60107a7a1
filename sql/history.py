"""The history of runs on a store: what each changed, which took it back, and what takes it back now."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import files, state
from .refusal import BAD_VALUE, Refusal
from .words import printable, program, stamp

# What a run did to the store; each is taken back in its own way.
REMOVED = "removed"       # whole trees; they are in its export
CAME = "came"             # whole trees came from its source
REPLACED = "replaced"     # trees of its source came in the place of those in its export
EDITED = "edited"         # values shrank; what they were is in its export
UNEDITED = "unedited"     # values of its source came back
ATTACHED = "attached"     # attachments came back into their rows
FLAGGED = "flagged"       # the client's archive flag; the history has what it was

# An undo of these kinds cannot itself be undone: what their rows had become is not kept. The kind takes them again.
NOT_AGAIN = frozenset({"attachments", "leftovers", "files", "events", "orphans"})

CUT_SHORT = "cut short"
DONE = "done"
IN_PART = "in part"


@dataclass(frozen=True)
class Past:
    """A run of the history; the number of the run that took it back; why it cannot be taken back, '' if it can."""

    run: dict[str, Any]
    undone_by: int | None
    hindrance: str

    @property
    def number(self) -> int:
        return int(self.run["id"])

    @property
    def kind(self) -> str:
        return kind_of(self.run)

    @property
    def name(self) -> str:
        return f"Run {self.number} ({printable(self.run['verb'])}, {stamp(self.run['started'])})"

    def facts(self) -> dict[str, Any]:
        """The run as `history --json` tells it."""
        shown = {name: value for name, value in self.run.items() if name != "facts"}
        return shown | {"undone_by": self.undone_by, "can_undo": not self.hindrance, "why": self.hindrance}


@dataclass
class Recorded:
    """A run under way, as the history tells it: how it ended, and in `columns` of `state.RUNS` what it did."""

    outcome: str
    facts: dict[str, Any]
    columns: dict[str, Any] = field(default_factory=dict)


@contextmanager
def recorded(store: str, verb: str, kind: str, *, needed: bool = True, first: str = "change",
             facts: dict[str, Any] | None = None, **columns: Any) -> Iterator[Recorded]:
    """Remember a run before it begins, and when the block ends, however it does, what it did.

    One that is not `needed` for an undo goes on even where our history has no room: else `Refusal` 1. A block that
    ends before it says its outcome was stopped before the `first` thing, or in the midst where it names rows; one whose
    connection was lost over a commit may have done that, and counts as one that was cut short.
    """
    run = Recorded(before := f"stopped before the first {first}", {"kind": kind} | (facts or {}))
    number = None
    with suppress(*(() if needed else (Refusal,))):
        number = state.begin(**{"digest": "", "sentence": "", "started": int(time.time() * 1000)} | columns,
                             store=store, verb=verb, sessions=0, outcome=CUT_SHORT, facts=run.facts)
    try:
        yield run
    except Exception as error:
        if run.outcome == before and unsure(error):
            run.outcome = CUT_SHORT
        raise
    finally:
        if run.outcome == before and any(run.columns.get("rows", {}).values()):
            run.outcome = IN_PART
        with suppress(Refusal):  # what was done is told, whether our own history has room for it or not
            if number is not None:
                state.finish(number, ended=int(time.time() * 1000), outcome=run.outcome, facts=run.facts,
                             **run.columns)


def unsure(error: Exception) -> bool:
    """Whether nobody knows if what an engine broke off was committed (`Store.committing`)."""
    return bool(getattr(error, "unsure", False))


def past(store: str | None) -> list[Past]:
    """The runs on a store, or on all, the oldest first."""
    runs = state.runs(store)
    undone = _undone(runs)
    return [Past(run, undone.get(run["id"]), _hindrance(run, undone.get(run["id"]))) for run in runs]


def chosen(store: str, number: int | None) -> Past:
    """The run to take back: the one of that number, or the last that changed something and still stands.

    Raises `Refusal` 64 when there is none, or when it cannot be taken back, and says why.
    """
    found = past(store)
    if number is None:
        # An undo stands for itself: going on undoing goes further back, and takes none of them back by accident.
        standing = [one for one in found if one.run["verb"] != "undo" and changed(one.run) and not one.undone_by]
        if not standing:
            raise Refusal(f"No run of ours that changed {store} still stands; there is nothing to undo.", BAD_VALUE)
        one, older = standing[-1], len(standing) > 1
        hint = f" `{program()} undo --run=N` takes back an older run of `{program()} history`." if older else ""
    else:
        named = [one for one in found if one.number == number]
        if not named:
            raise Refusal(f"--run={number}: `{program()} history` has no such run on {store}.", BAD_VALUE)
        one, hint = named[0], ""
    if one.hindrance:
        raise Refusal(f"{one.name} cannot be undone: {one.hindrance}.{hint}", BAD_VALUE)
    return one


def kind_of(run: dict[str, Any]) -> str:
    """What a run did; runs of older versions did not note it."""
    usual = EDITED if run["verb"] == "reclaim" else CAME if run["verb"] in ("restore", "undo") else REMOVED
    return str(run["facts"].get("kind", usual))


def changed(run: dict[str, Any]) -> bool:
    """Whether a run changed something, or was cut short and may have."""
    if run["outcome"] == CUT_SHORT:
        return bool(run["export"] or run["source"] or run["facts"].get("flags"))
    return bool(run["sessions"] or any(run["rows"].values()))


def _undone(runs: Iterable[dict[str, Any]]) -> dict[int, int]:
    """By run, the one that took it back and still stands."""
    found: dict[int, int] = {}
    for run in reversed(list(runs)):  # what took an undo back is later than it
        if run["undoes"] and run["outcome"] == DONE and run["id"] not in found:
            found.setdefault(run["undoes"], run["id"])
    return found


def _hindrance(run: dict[str, Any], undone_by: int | None) -> str:
    if undone_by:
        return f"run {undone_by} took it back already; `{program()} undo --run={undone_by}` would take that back"
    if not changed(run):
        return "it changed nothing"
    return _WHY[kind_of(run)](run)


def _removed(run: dict[str, Any]) -> str:
    if not run["export"]:
        return "it was made without an export, so what it took is gone"
    return _gone("export", run["export"])


def _came(run: dict[str, Any]) -> str:
    if run["outcome"] == CUT_SHORT or "anew" not in run["facts"]:
        return "it was cut short, or made by an older version, and which trees it brought is not known"
    if not run["facts"]["anew"]:
        return "it only put rows back into sessions that were there, and those stay"
    return _gone("file that it brought back", run["source"])


def _replaced(run: dict[str, Any]) -> str:
    return _gone("export", run["export"]) or _gone("file that it brought back", run["source"])


def _edited(run: dict[str, Any]) -> str:
    if run["export"]:
        return _gone("export", run["export"])
    if "attachments" in run["facts"].get("kinds", ()):
        place = files.place("data", "attachments")
        return (f"it was made without an export; the attachments themselves are in {place}, and "
                f"`{program()} restore --attachments` puts them back")
    return "what it took was exported to no file, so it is gone"


def _unedited(run: dict[str, Any]) -> str:
    kinds = run["facts"].get("kinds", ())
    if kinds and not set(kinds) - NOT_AGAIN:
        return f"`{program()} reclaim --only={','.join(kinds)}` takes the same again"
    return _gone("file that it brought back", run["source"])


def _attached(run: dict[str, Any]) -> str:
    return f"`{program()} reclaim --only=attachments` moves attachments out of their rows again"


def _gone(what: str, path: str) -> str:
    """Why what a run needs is not there; a server says that itself, once it is asked."""
    return "" if "://" in path or Path(path).is_file() else f"the {what} is gone: {printable(path, 500)}"


_WHY: dict[str, Callable[[dict[str, Any]], str]] = {
    REMOVED: _removed, CAME: _came, REPLACED: _replaced, EDITED: _edited, UNEDITED: _unedited, ATTACHED: _attached,
    FLAGGED: lambda run: "",
}
