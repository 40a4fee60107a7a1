"""What people see: tables on stdout, talk and progress on stderr, JSON for machines. No text of a store is markup."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from .apply import Outcome
from .refusal import PENDING, Refusal
from .select import Selection
from .space import Returned
from .words import human, printable, stamp

out = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
talk = Console(markup=False, highlight=False, emoji=False, stderr=True, soft_wrap=True)


def as_json(facts: object) -> None:
    sys.stdout.write(json.dumps(facts, indent=2, ensure_ascii=True) + "\n")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; numbers and sizes to the right, foreign text through `printable`."""
    shown = Table(title=title, title_justify="left", title_style="bold", show_edge=False, pad_edge=False, box=None,
                  header_style="dim")
    rows = [list(row) for row in rows]
    for i, name in enumerate(columns):
        right = bool(rows) and all(isinstance(row[i], (int, Size)) for row in rows)
        shown.add_column(name, justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
    for row in rows:
        shown.add_row(*(Text(_cell(value)) for value in row))
    Console(markup=False, highlight=False, emoji=False, width=None if out.is_terminal else 140).print(shown)
    out.print()


class Size(int):
    """Bytes, shown as people read them."""


def _cell(value: object) -> str:
    if isinstance(value, Size):
        return human(value)
    if isinstance(value, int):
        return f"{value:,}"
    return printable(value)


@contextmanager
def progress(label: str, total: int, unit: str) -> Iterator[Callable[..., object]]:
    """A bar on stderr, on a terminal only. Yields a function that takes what is done, and a new total if it moved."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
               TextColumn("{task.completed:.0f}/{task.total:.0f} " + unit), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=talk, transient=True, disable=not talk.is_terminal) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done, of=None: bar.update(task, completed=done, total=of or total)


def confirm(question: str) -> bool:
    """Ask on a terminal; anything but yes is no. Without a terminal the answer is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def insist(question: str, yes: bool, again: str) -> None:
    """Go on only after a yes; raises `Refusal` 2 otherwise, with the way to go on."""
    if not (yes or confirm(question)):
        raise Refusal(f"Nothing was changed; {again}", PENDING)


def selection(chosen: Selection, shown: int = 20) -> None:
    """What a plan removes, in the order in which it goes."""
    talk.print(chosen.sentence)
    if not chosen.units:
        talk.print("Nothing to remove.")
    else:
        table(f"Goes, the oldest first ({len(chosen.units):,} in all)", ("session", "title", "last active", "sessions",
              "bytes", "why"), ((u.root.id, u.root.title, stamp(u.root.active), len(u.sessions), Size(u.bytes), u.why)
                                for u in chosen.units[:shown]))
        if len(chosen.units) > shown:
            out.print(f"... and {len(chosen.units) - shown:,} more; `invoke plan` or --json names them all.\n")
        table("Rows that go", ("table", "rows", "bytes"),
              ((name, n, Size(chosen.bytes.get(name, 0))) for name, n in chosen.rows.items()))
    held = ", ".join(f"{n} {reason}" for reason, n in chosen.protected.items())
    out.print(f"Stays: {chosen.keep['trees']:,} trees, {chosen.keep['sessions']:,} sessions, "
              f"{human(chosen.keep['bytes'])}." + (f" Protected although over a limit: {held}." if held else ""))


def facts(chosen: Selection) -> dict[str, object]:
    """The plan as `prune --json` tells it."""
    return {
        "policy": chosen.sentence, "now": chosen.now,
        "remove": [{"root": u.root.id, "title": u.root.title.encode("utf-8", "replace").decode(),
                    "sessions": [s.id for s in u.sessions], "last_active": u.root.active, "bytes": u.bytes,
                    "reason": u.root.reason, "why": u.why} for u in chosen.units],
        "keep": chosen.keep, "protected": chosen.protected,
        "totals": {"trees": len(chosen.units), "sessions": sum(len(u.sessions) for u in chosen.units),
                   "bytes": sum(chosen.bytes.values()), "rows": chosen.rows},
    }


def outcome(done: Outcome, freed: int, returned: Returned | None) -> None:
    """The closing summary: what went, what stayed and why, what came back."""
    for root, reason in sorted(done.spared.items()):
        talk.print(f"Spared {printable(root)}: {SPARED.get(reason, reason)}.")
    rows = ", ".join(f"{n:,} {name}" for name, n in done.rows.items() if n)
    out.print(f"Removed {done.sessions:,} sessions" + (f": {rows} rows." if rows else "."))
    if returned and returned.method != "none":
        space(returned)
    else:
        out.print(f"{human(freed)} became free inside the file; 0 bytes were returned to the disk.")


def space(found: Returned) -> None:
    out.print(f"{human(found.returned_bytes)} returned to the disk ({human(found.before)} before, "
              f"{human(found.after)} now); {human(found.free_bytes)} still free inside the file.")
    if found.rest:
        talk.print(found.rest[0].upper() + found.rest[1:] + ".")


def over_limit(found: Returned, limit: int) -> None:
    """A limit on the file that it is still over: a plan never removes more than it says."""
    talk.print(f"The file has {human(found.after)}, {human(found.after - limit)} more than the limit of "
               f"{human(limit)}: what stays is protected, or takes more room than was reckoned.")


SPARED = {
    "changed": "it changed since the plan was made",
    "child": "a session below it is not in the list",
    "struck": "its line was struck out of the list",
    "pinned": "it was pinned since the plan was made",
    "migrating": "the client is moving its sessions to 2.x",
    "too-big-while-open": "it is too big to remove in one go while a client has the store open; close OpenCode and "
                          "run it again",
}


def mirrored(done, name: str) -> None:
    """What a copy took over, and what it left out and why."""
    rows = ", ".join(f"{n:,} {table}" for table, n in sorted(done.rows.items()) if n)
    out.print(f"{done.sessions:,} sessions are in {name}, each read back and equal" + (f": {rows}." if rows else "."))
    for id, why in list(done.left.items())[:20]:
        talk.print(f"Left out: {printable(id)}: {printable(why)}.")


def stats(found: dict) -> None:
    """The figures of `stats` on a terminal."""
    file, sessions = found["file"], found["sessions"]
    out.print(f"{printable(found['store'], 500)}  ({found['engine']}, layout {found['layout']})")
    if "tables" in file:
        out.print(f"{human(file['bytes'])} of tables and indexes, {human(file['free_bytes'])} of it free or dead rows")
    else:
        out.print(f"{human(file['bytes'])} file, {human(file['wal_bytes'])} WAL, {human(file['free_bytes'])} free "
                  f"inside, auto_vacuum {file['auto_vacuum']}")
    out.print(f"{sessions['total']:,} sessions: {sessions['root']:,} roots, {sessions['child']:,} children, "
              f"{sessions['archived']:,} archived, {sessions['shared']:,} shared, {sessions['orphan']:,} orphaned\n")
    table("Tables", ("table", "rows", "bytes"),
          ((name, n, Size(found["bytes"][name])) for name, n in found["rows"].items()))
    if "tables" in file:
        table("On the server's disk", ("table", "bytes", "rows, about", "dead rows", "free or dead"),
              ((name, Size(f["bytes"]), f["rows"], f["dead_rows"], Size(f["dead_bytes"]))
               for name, f in file["tables"].items()))
    for title, key in (("Parts by kind", "parts"), ("Events by type", "events"), ("What could be reclaimed", "reclaimable")):
        if found[key]:
            table(title, (key, "rows", "bytes"), ((name, f["rows"], Size(f["bytes"])) for name, f in found[key].items()))
    table("Sessions by last activity", ("age", "sessions", "bytes"),
          ((age["label"], age["sessions"], Size(age["bytes"])) for age in found["ages"]))
    table("Largest trees", ("session", "title", "sessions", "bytes", "last active"),
          ((t["id"], t["title"], t["sessions"], Size(t["bytes"]), stamp(t["last_active"])) for t in found["largest"]))
    for warning in found["warnings"]:
        out.print(f"! {warning}")
    if not found["warnings"]:
        out.print("Nothing to warn of.")


def explained(found: dict) -> None:
    """Every rule's verdict on one tree."""
    out.print(f"{printable(found['root'])}  {printable(found['title'])}: {found['verdict']} ({found['reason']})")
    out.print(f"{found['policy']}\n")
    table("Facts", ("what", "value"), found["facts"].items())
    table("Protections, the first that holds decides", ("protection", "holds"), found["protections"].items())
    table("Limits", ("limit", "verdict"), found["limits"].items())


def archived(found: list[tuple], flag: bool) -> None:
    what = "Archived" if flag else "Taken out of the archive"
    table(f"{what}: {len(found):,} sessions", ("session", "title", "last active"),
          ((id, title, stamp(active)) for id, title, active in found[:20]))


def history(found: list[dict]) -> None:
    table("Runs", ("when", "verb", "sessions", "rows", "freed", "outcome", "export"),
          ((stamp(r["started"]), r["verb"], r["sessions"], sum(r["rows"].values()), Size(r["freed_bytes"] or 0),
            r["outcome"], r["export"] or "none") for r in found))
