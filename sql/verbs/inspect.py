"""What the verbs that look at single sessions or mark them do and say: explain, pin, unpin, pins, archive."""

from __future__ import annotations

from typing import Any

from ..refusal import BAD_VALUE, Refusal, unfinished
from ..retention import archive as flags
from ..retention import explain as explaining
from ..retention import pins as pinned
from ..words import many, printable, program, stamp
from . import common, console
from .common import Limits

SHOWN = 20  # sessions of a list that a table shows


# --- look ------------------------------------------------------------------------------------------------------------


def explain(store: str | None, session: str, limits: Limits, json: bool) -> None:
    """The verb explain."""
    question = common.question(limits)
    with common.opened(store, write=False) as (place, _):
        found = explaining.explain(place, question, session)
    console.as_json(found) if json else _show_explained(found)


def _show_explained(found: dict[str, Any]) -> None:
    """Every rule's verdict on one tree."""
    console.out.print(f"{printable(found['root'])}  {printable(found['title'])}: {found['verdict']} "
                      f"({found['reason']})")
    console.out.print(f"{found['policy']}\n")
    console.table("Facts", ("what", "value"), found["facts"].items())
    for one in found["running"]:
        console.out.print(f"{printable(one['session'])} is running: {one['why']}.")
    console.table("Protections, the first that holds decides", ("protection", "holds"), found["protections"].items())
    console.table("Limits", ("limit", "verdict"),
                  ((name, console.Ours(said)) for name, said in found["limits"].items()))


# --- mark ------------------------------------------------------------------------------------------------------------


def pin(store: str | None, session: str) -> None:
    """The verb pin; raises `Refusal` 64 for an unknown session."""
    with common.opened(store, write=False) as (place, _):
        explaining.refuse_unknown(place, session)
        pinned.pin(place, session, common.moment())
    console.talk.print(f"Pinned {printable(session)}; `{program()} unpin` lets go of it.")


def unpin(store: str | None, session: str) -> None:
    """The verb unpin; raises `Refusal` 64 for a session that is not pinned."""
    with common.opened(store, write=False) as (place, _):
        there = pinned.unpin(place, session)
    if not there:
        raise Refusal(f"{printable(session)} is not pinned in this store; `{program()} pins` lists those that are.",
                      BAD_VALUE)
    console.talk.print(f"Unpinned {printable(session)}.")


def pins(store: str | None, json: bool) -> None:
    """The verb pins."""
    with common.opened(store, write=False) as (place, _):
        found = pinned.pins(place)
    if json:
        console.as_json([{"session": row["session"], "since": row["since"]} for row in found])
    elif found:
        console.table(f"Pinned in {place.name}", ("session", "since"),
                      ((row["session"], stamp(row["since"])) for row in found))
    else:
        console.talk.print(f"No session of {place.name} is pinned.")


def refuse_file(output: str | None) -> None:
    """Raise `Refusal` 64 where `archive` is to write a file, and name the verb that does."""
    if output:
        raise Refusal(f"archive only sets the client's flag; to write sessions to a file: {program()} export "
                      f"--output={printable(output, 200)}.", BAD_VALUE)


def archive(store: str | None, flag: bool, *, session: str | None, older_than: str | None, now: str | None,
            ignore_table: str | None, dry_run: bool, yes: bool, json: bool) -> None:
    """Set the client's archive flag of the sessions that are named, or clear it."""
    if (session is None) == (older_than is None):
        raise Refusal("Name the sessions by --session=ID or by --older-than=D.", BAD_VALUE)
    question = common.question(Limits(older_than=older_than, now=now))
    with common.opened(store, alone=not dry_run) as (place, _):
        place.catalog.refuse_side_effects(common.names(ignore_table), deletes=False)
        found, done = flags.choose(place, question, session, flag), flags.Flagged()
        if not json:
            _show_flagged(found, flag)
        if found and (unlisted := flags.unlisted(place)):
            console.talk.print(f"{many(unlisted, 'session')} of client 2.x: no list of 2.x looks at the archive flag, "
                               "so nothing will look different there.")
        if found and not dry_run:
            if older_than is not None:
                common.insist(f"Change {many(len(found), 'session')}?", yes)
            done = flags.change(place, question.now if flag else None)
            console.talk.print(f"{'Archived' if flag else 'No longer archived:'} "
                               f"{many(len(done.sessions), 'session')}.")
    if json:
        console.as_json({"sessions": done.sessions if done.stopped else [id for id, *_ in found], "archived": flag,
                         "changed": not dry_run, "stopped": done.stopped})
    if done.stopped:
        raise unfinished(done.stopped)


def _show_flagged(found: list[tuple[Any, ...]], flag: bool) -> None:
    """The sessions whose flag is to change."""
    what = "To archive" if flag else "To take out of the archive"
    if not found:
        console.talk.print(f"{what}: nothing.")
        return
    console.table(f"{what}: {many(len(found), 'session')}", ("session", "title", "last active"),
                  ((id, title, stamp(active)) for id, title, active in found[:SHOWN]))
    if len(found) > SHOWN:
        console.out.print(f"... and {len(found) - SHOWN:,} more; --json names them all.\n")
