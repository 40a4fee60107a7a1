"""What is said of what came back, whichever verb brought it, and of what did not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..reclamation import originals
from ..refusal import BUSY, UNFINISHED, Refusal, unfinished
from ..retention.archive import Flagged
from ..transfer import putting
from ..transfer.folder import FLAG, Folder, missing
from ..transfer.restored import Restored
from ..words import json_text, many, printable, program
from . import console
from .undo import Removed, Undone


@dataclass(frozen=True)
class Requested:
    """How `restore` was asked: the flags that chose trees, and those that say where they came into; the folder, if it
    was not their own; and whether the store is a file of this machine."""

    flags: str
    into: str
    folder: Folder | None
    local: bool


def show(done: Undone, json: bool, asked: Requested | None = None) -> None:
    """What came back, of a `restore` as it was asked; raises `Refusal` 3 where something stays as it is now."""
    if isinstance(done, Restored):
        _show_restored(done, json, asked)
    elif isinstance(done, originals.OriginalsRestored):
        _show_values(done, json)
    elif isinstance(done, Removed):
        _show_removed(done, json)
    else:
        _show_flagged(done, json)


def _show_values(done: originals.OriginalsRestored, json: bool) -> None:
    if json:
        console.as_json({"rows": done.rows, "there": done.there, "changed": done.changed, "apart": done.apart,
                         "stopped": done.stopped})
    else:
        console.out.print(f"Rows with their original content again: {rows_said(done.rows)}; with it already: "
                          f"{done.there:,}; gone or changed since, and left as they are: {done.changed:,}.")
    _refuse_stopped(done.stopped)
    if done.apart:
        for session, why in list(done.apart.items())[1:]:
            console.talk.print(f"Not brought back: session {printable(session)} {why}.")
        session, why = next(iter(done.apart.items()))
        raise Refusal(f"{many(len(done.apart), 'session')} did not come back: session {printable(session)} {why}; put "
                      "them back into a store of the client version that they came from. All others came.", UNFINISHED)


def _show_removed(done: Removed, json: bool) -> None:
    if json:
        console.as_json({"removed": done.sessions, "rows": done.rows, "export": done.export and str(done.export),
                         "stayed": done.stayed, "stopped": done.stopped})
    else:
        console.out.print(f"Removed again: {many(done.sessions, 'session')}. Rows: {rows_said(done.rows)}.")
        if done.export:
            console.talk.print(f"They are in {printable(done.export, 500)}; `{program()} undo --run=N` of this run "
                               "brings them back.")
    _refuse_stopped(done.stopped, done.code)
    _refuse_rest(done.stayed, json, "")


def _show_flagged(done: Flagged, json: bool) -> None:
    if json:
        console.as_json({"sessions": done.sessions, "stayed": done.stayed, "stopped": done.stopped})
    else:
        console.out.print(f"The archive flag is what it was: {many(len(done.sessions), 'session')}.")
    _refuse_stopped(done.stopped)
    _refuse_rest(done.stayed, json, "")


def _show_restored(done: Restored, json: bool, asked: Requested | None) -> None:
    """What came back; raises `Refusal` 3 where a tree did not."""
    lacking = missing(done.folders) if asked and asked.local else {}
    if json:
        console.as_json({"file": str(done.path), "sessions": done.sessions, "trees": done.trees, "rows": done.rows,
                         "unchanged_rows": done.skipped, "replaced": done.replaced, "stayed": done.stayed,
                         "left_in_file": done.left, "without_cost": done.unpriced,
                         "folders": {json_text(one): n for one, n in done.folders.items()},
                         "missing_folders": list(map(json_text, lacking)), "stopped": done.stopped})
    else:
        console.out.print(f"Restored {many(len(done.sessions), 'session')} of {many(done.trees, 'tree')}" +
                          (f". Rows: {rows_said(done.rows)}." if any(done.rows.values()) else
                           "." if done.stayed else "; every row was there already."))
        if done.rows and done.skipped:
            console.talk.print(f"There already, the same as in the export: {many(done.skipped, 'row')}.")
    if done.left:
        console.talk.print(f"Left in {printable(done.path, 500)}, because the client's own upgrade removes it: "
                           f"{rows_said(done.left)}.")
    if done.unpriced:
        console.talk.print(f"Cost and tokens of {many(done.unpriced, 'session')} come back as 0: clients before 1.15 "
                           "kept them in the messages alone.")
    helps = f"`{program()} restore {printable(done.path, 500)}{asked.flags if asked else ''} --replace"
    _refuse_stopped(done.stopped)
    if done.stayed and done.stayed.keys() <= done.lacking:
        _refuse_lacking(done.stayed, json)
    into = asked.into if asked else ""
    _refuse_rest(done.stayed, json, f" {helps}{into}` puts the file's rows in the place of those, once they are "
                                    "exported.")
    if asked:
        _tell_folders(done, asked, lacking, helps)


def tell_away(folders: Collection[str]) -> None:
    """Of folders in a list of what could come back, that this machine does not have them."""
    if folders:
        console.talk.print(f"{_lacking(len(folders))} on this machine, and the client ends each prompt there with an "
                           f"error: `{program()} restore` with {FLAG}=DIR has what comes back work in one that is "
                           "here.")


def _lacking(number: int) -> str:
    return "A folder that these sessions work in is not" if number == 1 else \
        f"{number:,} folders that these sessions work in are not"


def _tell_folders(done: Restored, asked: Requested, lacking: dict[str, int], helps: str) -> None:
    """Where the sessions work from now on, if not where they did; and which of their folders this machine lacks."""
    if asked.folder and done.folders:
        console.talk.print(f"They work in {printable(asked.folder.path, 500)} from now on: their columns directory and "
                           "path are not what they were; all others are, octet by octet.")
    if lacking:
        (first, sessions), *others = lacking.items()
        work = "works" if sessions == 1 else "work"
        more = f" (and others in {many(len(others), 'folder')} more)" if others else ""
        console.talk.print(f"{many(sessions, 'session')} {work} in {printable(first, 200)}{more}, which is not on this "
                           f"machine: the client ends each prompt there with an error. {helps} {FLAG}=DIR` has them "
                           "work in a folder that is here.")


def _refuse_lacking(stayed: dict[str, str], json: bool) -> None:
    """Nothing of these trees can be put in the place of anything."""
    first, more = _told(stayed, json)
    raise Refusal(f"{many(len(stayed), 'tree')} did not come back: {first}{more}.", UNFINISHED)


def _told(stayed: dict[str, str], json: bool) -> tuple[str, str]:
    """The first of the trees that stayed, and how many more there are; the others are talk."""
    told = [f"tree {printable(unit)} {why}" for unit, why in stayed.items()]
    if not json:
        for one in told[1:]:
            console.talk.print(f"Not brought back: {one}.")
    return told[0], f", and {len(told) - 1:,} more" if len(told) > 1 else ""


def _refuse_rest(stayed: dict[str, str], json: bool, helps: str) -> None:
    if not stayed:
        return
    first, more = _told(stayed, json)
    if set(stayed.values()) == {putting.WAITS}:
        raise Refusal(f"{many(len(stayed), 'tree')} did not come back: {first}{more}.", BUSY)
    raise Refusal(f"{many(len(stayed), 'tree')} stayed as the store has it now: {first}{more}.{helps}", UNFINISHED)


def _refuse_stopped(why: str, code: int = UNFINISHED) -> None:
    if why:
        raise unfinished(why, code)


def rows_said(rows: dict[str, int]) -> str:
    """Rows by table, in words."""
    return ", ".join(f"{n:,} {printable(table)}" for table, n in rows.items() if n) or "0"
