"""What the verbs migrate and mirror do and say: tables of a server, and a copy of every session on it."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import ExitStack

from .. import store as stores
from ..refusal import UNFINISHED, Refusal, unfinished
from ..schema import migrate as schema
from ..transfer import mirror as mirroring
from ..transfer.mirror import Copied
from ..words import many, printable
from . import common, console


def migrate(to: str, store: str | None, dry_run: bool) -> None:
    """The verb migrate."""
    with ExitStack() as stack:
        wanted = schema.tables(stack.enter_context(common.opened(store, write=False))[0]) if store else \
            schema.client_tables()
        target = stack.enter_context(stores.reached(*stores.server(to)))
        if not dry_run:
            stack.enter_context(target.only_run())
        done = schema.changes(target, wanted) if dry_run else schema.migrate(target, wanted)
        if dry_run:
            sys.stdout.write("".join(statement.text() + "\n\n" for statement in done))
    what = "to run on" if dry_run else "run on"
    console.talk.print(f"{many(len(done), 'statement')} {what} {target.name}." if done else
                       f"{target.name} is up to date.")


def mirror(to: str, store: str | None, *, poorer: bool, ignore_table: str | None, json: bool) -> None:
    """The verb mirror."""
    with common.opened(store, write=False) as (place, _), stores.reached(*stores.server(to)) as target, \
            target.only_run(), console.progress("Copying", 1, "bytes") as tell:
        target.catalog.refuse_side_effects(common.names(ignore_table), also=target.catalog.columns)
        done = mirroring.mirror(place, target, tell, poorer)
    if json:
        console.as_json({"to": target.name, "sessions": done.sessions, "rows": done.rows, "newer": done.newer,
                         "richer": sorted(done.richer), "richer_rows": done.richer, "projects": done.projects,
                         "left": done.left, "stopped": done.stopped})
    else:
        _show(done, target.name)
    if done.stopped:
        raise unfinished(done.stopped)
    if done.left:
        raise Refusal(f"{len(done.left):,} of the ids and rows stayed out of {target.name}: it cannot hold them as "
                      "they are. They are safe where they were.", UNFINISHED)


def _show(done: Copied, name: str) -> None:
    """What a copy took over, and what it left out and why."""
    rows = ", ".join(f"{n:,} {table}" for table, n in sorted(done.rows.items()) if n)
    console.out.print(f"In {name}, read back and equal: {many(done.sessions, 'session')}."
                      + (f" Rows: {rows}." if rows else ""))
    if done.newer:
        console.talk.print(f"Newer in the copy, and left as they are there: {many(len(done.newer), 'session')}.")
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
    for id, why in list(done.left.items())[:20]:
        console.talk.print(f"Left out: {printable(id)}: {printable(why)}.")
