"""What the verbs migrate and mirror do and say: tables of a server, and a copy of every session on it."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass

from .. import store as stores
from ..refusal import BAD_VALUE, PENDING, UNFINISHED, Refusal, unfinished
from ..schema import cold
from ..schema import migrate as schema
from ..schema import revert as reverting
from ..schema.record import refuse_strangers
from ..transfer import checking, watching
from ..transfer import mirror as mirroring
from ..transfer import origin as origins
from ..transfer.checking import Differences
from ..transfer.mirror import Copied
from ..words import many, printable
from . import common, console
from .waiting import line as waiting

SHOWN = 20


def migrate(to: str, store: str | None, dry_run: bool) -> None:
    """The verb migrate."""
    with ExitStack() as stack:
        place = stack.enter_context(common.opened(store, write=False))[0] if store else None
        wanted = schema.tables(place) if place else schema.client_tables()
        target = stack.enter_context(cold.target(to, place, dry=dry_run))
        refuse_strangers(target, wanted)
        if not dry_run:
            stack.enter_context(target.only_run())
        done = schema.changes(target, wanted) if dry_run else schema.migrate(target, wanted)
        if dry_run:
            sys.stdout.write("".join(statement.text() + "\n\n" for statement in done))
    what = "to run on" if dry_run else "run on"
    console.talk.print(f"{many(len(done), 'statement')} {what} {target.name}." if done else
                       f"{target.name} is up to date.")


def revert(to: str, dry_run: bool, yes: bool) -> None:
    """The verb migrate with --revert: drop what it made, and only then what still holds rows if --yes says so."""
    with stores.reached(*stores.server(to)) as target:
        reverting.holding(target)  # or nothing is there to be held against another run
        with target.only_run():
            tables, rows = reverting.holding(target)
            for name in tables if dry_run else ():
                console.out.print(f"{name}: {many(rows.get(name, 0), 'row')}")
            if dry_run:
                return
            held = f"{many(sum(rows.values()), 'row')} in {many(len(rows), 'table')}" if rows else ""
            if held and not yes:
                raise Refusal(f"{target.name} still holds {held}; nothing was dropped. --yes drops them all, for good.",
                              PENDING)
            common.insist(f"Drop the {many(len(tables), 'table')} that migrate made on {target.name}?", yes)
            reverting.drop(target, tables)
        reverting.drop_lock(target)
    console.talk.print(f"{many(len(tables), 'table')} dropped from {target.name}"
                       + (f", with {held}." if held else "; none held a row."))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The flags of the verb mirror, as they were typed."""

    poorer: bool = False
    ignore_table: str | None = None
    origin: str | None = None
    check: bool = False
    watch: str | None = None
    without_events: bool = False
    everything: bool = False
    json: bool = False


def mirror(to: str, store: str | None, asked: Asked) -> None:
    """The verb mirror."""
    origins.checked(asked.origin)
    if asked.watch is None:
        _mirror(to, store, asked)
        return
    if asked.check:
        raise Refusal("--watch and --check exclude each other; give one of them.", BAD_VALUE)
    watching.keep_going(asked.watch, store, lambda: _mirror(to, store, asked), console.talk.print)


def _mirror(to: str, store: str | None, asked: Asked) -> None:
    """One run; raises `Refusal` 2 where a check found differences, 3 where something stayed out."""
    with common.opened(store, write=False) as (place, _), cold.target(to, place) as target:
        tell = common.megabytes(waiting.stage("Copying", "MB"))
        target.catalog.refuse_side_effects(common.names(asked.ignore_table), also=target.catalog.columns)
        name, events = origins.named(place, asked.origin), not asked.without_events
        if asked.check:
            found = checking.check(place, target, tell, origin=name, events=events)
        else:
            done = mirroring.mirror(place, target, tell, asked.poorer, origin=name, events=events,
                                    everything=asked.everything)
            slow = target.on.slow_writes(target.connection) if done.sessions else ""
    if asked.check:
        _show_check(found, target.name, asked)
        return
    if asked.json:
        console.as_json({"to": target.name, "origin": done.origin, "sessions": done.sessions, "trees": done.trees,
                         "rows": done.rows, "changed": done.changed, "unchanged": done.unchanged,
                         "vanished": done.vanished, "newer": done.newer,
                         "newer_there": [{"session": id, "origin": other} for id, other in done.newer_there.items()],
                         "richer": sorted(done.richer), "richer_rows": done.richer, "projects": done.projects,
                         "events": events, "left": done.left, "stopped": done.stopped})
    else:
        _show(done, target.name, events)
    if slow:
        console.talk.print(slow)
    if done.stopped:
        raise unfinished(done.stopped)
    if done.left:
        raise Refusal(f"{len(done.left):,} of the ids and rows stayed out of {target.name}: it cannot hold them as "
                      "they are. They are safe where they were.", UNFINISHED)


def _show_check(found: Differences, name: str, asked: Asked) -> None:
    """What a check found; raises `Refusal` 2 where a run would change something, or the copy is not as it should."""
    if asked.json:
        console.as_json({"to": name, "origin": found.origin, "sessions": found.sessions, "unchanged": found.same,
                         "differences": [{"session": id, "what": what} for id, what in found.sessions_differ.items()],
                         "tables": found.tables, "newer_there": [{"session": id, "origin": other} for id, other in
                                                                 found.newer_there.items()]})
    else:
        console.out.print(f"Of {many(found.sessions, 'session')}, {found.same:,} are in {name} as they are here.")
        for id, what in list(found.sessions_differ.items())[:SHOWN]:
            console.out.print(f"{printable(id)}: {what}")
        if len(found.sessions_differ) > SHOWN:
            console.out.print(f"and {len(found.sessions_differ) - SHOWN:,} more; --json names all.")
        for table, what in found.tables.items():
            console.out.print(f"table {printable(table)}: {what}")
    if found.sessions_differ or found.tables:
        raise Refusal(f"{many(len(found.sessions_differ), 'session')} and {many(len(found.tables), 'table')} of "
                      f"{name} are not as they are here; mirror without --check brings them up to date.", PENDING)


def _show(done: Copied, name: str, events: bool) -> None:
    """What a copy took over, and what it left out and why."""
    rows = ", ".join(f"{n:,} {table}" for table, n in sorted(done.rows.items()) if n)
    console.out.print(f"In {name}, read back and equal: {many(done.sessions, 'session')}."
                      + (f" Unchanged since: {done.unchanged:,}." if done.unchanged else "")
                      + (f" Rows: {rows}." if rows else ""))
    if not events:
        console.talk.print("Without the event log (--without-events), which undo and the client's sync read.")
    if done.vanished:
        console.talk.print(f"Gone here, and kept there: {many(done.vanished, 'session')}.")
    if done.vanished > done.sessions + done.unchanged:
        console.talk.print(f"More is gone than there is: if this is another store than the one that {done.origin} was, "
                           "give it a name of its own with --origin; what is gone stays marked as vanished, and in "
                           f"{name}.")
    if done.newer:
        console.talk.print(f"Newer in the copy, and left as they are there: {many(len(done.newer), 'session')}."
                           + (f" Brought by {', '.join(map(printable, sorted(set(done.newer_there.values()))))}."
                              if done.newer_there else ""))
    if done.richer:
        kept: Counter[str] = Counter()
        for tallies in done.richer.values():
            kept.update(tallies)
        said = ", ".join(f"{n:,} {table}" for table, n in sorted(kept.items()))
        console.talk.print(f"Richer in the copy, and left as they are there: rows of "
                           f"{many(len(done.richer), 'session')} ({said}), which the source has less of, or no more; "
                           "--poorer lets the source win.")
    for id, later in done.projects.items():
        console.talk.print(f"Project {printable(id)} was not the same on both sides: " + (
            "the source's is in the place of the copy's now." if later else
            "the copy's stays, since the source's was not written later; --poorer lets the source win."))
    for id, why in list(done.left.items())[:SHOWN]:
        console.talk.print(f"Left out: {printable(id)}: {printable(why)}.")
