"""Templates rendered without a store: for a reviewer (`invoke render`), for the check of all, for golden files."""

from __future__ import annotations

import functools
import sys

from ..cascade.anew import COSTS
from ..catalog import Catalog
from ..compiler import portable, render
from ..compiler.dialects import DIALECTS
from ..engines.sqlite import driver
from ..reclamation.kinds import tables_needed
from ..refusal import BAD_VALUE, FAILED, Refusal
from ..schema import migrate
from ..schema.client import LAYOUTS, built
from ..words import many, printable
from . import console

DAY = 86_400_000
NOW = 1_800_000_000_000
# Values to render with; a template names what it needs.
VALUES: dict[str, str | int | None] = {
    "now": NOW, "active_since": NOW - 30 * DAY, "child_since": NOW - 30 * DAY, "grace_since": NOW - DAY,
    "restored_since": NOW - 30 * DAY, "week_ago": NOW - 7 * DAY, "month_ago": NOW - 30 * DAY,
    "quarter_ago": NOW - 90 * DAY, "year_ago": NOW - 365 * DAY, "max_sessions": 100, "max_size": 10**9,
    "max_tree_size": 2 * 10**8, "keep_last": 0, "keep_last_per_project": 0, "row_cost": 300, "fixed_size": 200_000,
    "project": None, "id": "ses_e08bc50f1ffeEjVqoN0steH3Gl", "session": "ses_e08bc50f1ffeEjVqoN0steH3Gl",
    "root": "ses_e08bc50f1ffeEjVqoN0steH3Gl", "root_id": "ses_e08bc50f1ffeEjVqoN0steH3Gl", "parent_id": None,
    "project_id": "global", "shared": 0, "archived": 0, "tally": 51, "bytes": 78_134, "newest": NOW - 40 * DAY,
    "seq": 121, "checksum": 98_765_432, "facts": "3D74", "batch": 1, "slice": 0, "number": 1, "through": 5_000,
    "kind": "title", "moment": NOW, "version": "0.1.0",
    "statement": "CREATE INDEX ...", "flag": 1, "every_rule": 1, "max_share": 500, "tomorrow": NOW + DAY,
    "gone_trees": 0, "gone_bytes": 0, "measured": 0, "excess": 0, "max_excess": 0,
    "top": 10, "idle_since": NOW - 7 * DAY, "before": 0, "first": 1, "last": 4_000, "huge": 1 << 24,
    "mark": "%left out%",
    "largest": 24 << 20,
    "by_created": 0, "section": 0, "own_age": 1, "own_count": 1, "own_tree_size": 0, "own_children": 0,
    "name": "event", "field": "data", "was": None, "became": NOW, "place": "part", "said": "ON DELETE CASCADE",
    "origin": "desk:1f0a", "seen": NOW, "events": 1, "folder": "/home/me/project", "below": 1, "path": "docs",
    "start": 18, **COSTS,
}

# What templates ask for beside the store; `table` is one that every layout has.
STRUCTURE = {"children": True, "all_events": False, "idle": True, "table": "event", "field": "data", "edit": "",
             "eased": "", "huge": True,
             "marked": True, "alone": False, "exact": False, "settled": True,
             "shape": migrate.client_tables()["part"], "column": migrate.Column("extra", "text"),
             "index": migrate.Index("session", ("parent_id",)), "columns": ["id", "message_id", "data"],
             "owned": driver.catalog(built("v1")).owned[0], "by_itself": False, "sliced": True, "content": False,
             "apart": True, "events": True, "sound": True, "digested": ["data"], "long": ["message_id"]}


def show(name: str, dialect: str, layout: str) -> None:
    """The verb `render`: a template on stdout, or the names of all for `list`."""
    sys.stdout.write("\n".join(names()) + "\n" if name == "list" else text(name, dialect, layout))


def check() -> None:
    """The verb `check`; raises `Refusal` 1 when a template has a fault."""
    found = faults()
    for fault in found:
        console.out.print(fault)
    if found:
        raise Refusal(f"{many(len(found), 'fault')}.", FAILED)
    console.talk.print(f"{len(names())} templates are in the portable subset and render for every engine.")


@functools.cache
def catalog(layout: str) -> Catalog:
    """The tables of a layout, from the client's own definitions."""
    return driver.catalog(built(layout))


def names() -> list[str]:
    """All templates by name."""
    return render.names()


def text(name: str, dialect: str, layout: str = "v1") -> str:
    """A template as an engine reads it, with sample values; `Refusal` 64 for a dialect that is not known."""
    if dialect not in DIALECTS:
        raise Refusal(f"--dialect={printable(dialect)}: not one of {', '.join(DIALECTS)}.", BAD_VALUE)
    structure = {"store": catalog(layout), **STRUCTURE}
    return "\n".join(s.text() + "\n" for s in render.render(name, dialect, structure, VALUES))


def faults() -> list[str]:
    """Every fault of every template in every layout, and every engine that cannot print it."""
    found: list[str] = []
    for name in names():
        for layout in LAYOUTS:
            if not _speaks_of(name, catalog(layout)):
                continue
            faulty = portable.inspect(name, {"store": catalog(layout), **STRUCTURE})
            found += [fault for fault in faulty if fault not in found]
            if not faulty:
                found += [f"{name}.sql for {dialect}: {why}" for dialect in DIALECTS
                          if (why := _unprintable(name, dialect, layout))]
    return found


# Templates that speak of one table only, and are not used without it.
NEEDS = {"cascade/delete_log": ("event",), "cascade/log_bytes": ("event",), "cascade/migrating": ("kv",),
         "stats/piece": ("part",), "stats/piece_huge": ("part",), "stats/huge": ("part",),
         "stats/pile": ("part",), "stats/piles": ("part",), "stats/pieces_of_origin": ("part",),
         "stats/note": ("event",), "stats/noted": ("event",), "stats/note_huge": ("event",),
         "cascade/leaving_log": ("event",)} | tables_needed()


def _speaks_of(name: str, layout: Catalog) -> bool:
    return all(layout.has(table) for table in NEEDS.get(name, ()))


def _unprintable(name: str, dialect: str, layout: str) -> str:
    try:
        text(name, dialect, layout)
    except Refusal as refusal:
        return str(refusal)
    return ""
