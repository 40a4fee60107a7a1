"""What is measured. A new benchmark is one more entry in `cases`."""

import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from forest import NOW
from measure import Measured

RIVAL = Path(__file__).with_name("rival.py")
DUMP = Path(__file__).with_name("dump.py")
THERE_AND_BACK = Path(__file__).with_name("there_and_back.py")
DAYS = 30
MB = 10**6
TABLES = (
    "project", "session", "message", "part", "todo", "session_share", "session_message", "session_input",
    "session_context_epoch", "event", "event_sequence", "migration",
)
DUMPED = ("project", "session", "message", "part", "todo", "session_share", "event", "event_sequence")
SESSION_IDS = "SELECT id FROM session ORDER BY id"


@dataclass(frozen=True)
class Spec:
    """A store to be made: `largest_row` 0 leaves the largest row to the generator (at most 20 MB)."""

    size: int
    largest_row: int = 0


@dataclass(frozen=True)
class Side:
    """One run of the rival or of the product: where its store is, and what came of it."""

    store: Path | None
    measured: Measured

    def figures(self) -> dict:
        return json.loads(self.measured.output)


# Given the store, the command to run.
Command = Callable[[Path | None], list[str]]


@dataclass(frozen=True)
class Case:
    name: str
    product: Command
    rival: Command | None = None
    store: Spec | None = None
    # Each run gets a fresh copy of the store, for it changes it.
    changes: bool = False
    # Limits: a multiple of the rival's median and a slack for the start of the process, or seconds of the processor.
    ratio: float = 1.5
    slack: float = 0.5
    processor: float | None = None
    # Whether memory is limited, to how much, and how many copies of a row beyond the usual may be held.
    memory: bool = False
    peak: int = 250 * MB
    copies: int = 5
    # Sentences that say where the results of the rival and of the product differ: those that must not be, and
    # those that a definition may explain.
    differences: Callable[[Side, Side], list[str]] = lambda rival, product: []
    notes: Callable[[Side, Side], list[str]] = lambda rival, product: []


def invoke(*words: str) -> list[str]:
    return [sys.executable, "-m", "invoke", *words]


def rival(what: str) -> Command:
    return lambda store: [sys.executable, str(RIVAL), what, str(store), f"--now={NOW}", f"--days={DAYS}"]


def prune(store: Path | None, kept: str = "--no-export") -> list[str]:
    return invoke("prune", f"--store={store}", f"--days={DAYS}", f"--now={NOW}", "--yes", kept, "--vacuum", "--json")


def exporting(store: Path | None) -> list[str]:
    """The same, and what goes is exported, read back and held against the store first."""
    return prune(store, f"--export={anew(store, '.json.zst')}")


def dumping(store: Path | None) -> list[str]:
    """The same by hand: the whole store, since the shell dumps no part of a table."""
    return [*rival("prune")(store), f"--dump={anew(store, '.sql.zst')}"]


def stats(store: Path | None) -> list[str]:
    return invoke("stats", f"--store={store}", f"--now={NOW}", "--json")


def deep(store: Path | None) -> list[str]:
    return invoke("stats", "--deep", f"--store={store}", f"--now={NOW}", "--json")


def reclaim(store: Path | None) -> list[str]:
    return invoke("reclaim", f"--store={store}", f"--now={NOW}", "--only=events,compacted", "--yes", "--no-export",
                  "--json")


def plan_check(store: Path | None) -> list[str]:
    """A look that finds nothing over a limit."""
    return invoke("plan", "--check", "--days=3650", f"--store={store}", f"--now={NOW}")


def vacuum(store: Path | None) -> list[str]:
    """Nothing is free."""
    return invoke("vacuum", f"--store={store}")


def undo(store: Path | None) -> list[str]:
    return [sys.executable, str(THERE_AND_BACK), str(store), str(NOW)]


def export(suffix: str) -> Command:
    """Everything, to a new file beside the store."""
    def command(store: Path) -> list[str]:
        return invoke("export", f"--store={store}", f"--output={anew(store, suffix)}", "--json")
    return command


def anew(store: Path | None, suffix: str) -> Path:
    """The place of an exported file, where none is from the run before."""
    exported(store, suffix).unlink(missing_ok=True)
    return exported(store, suffix)


def exported(store: Path | None, suffix: str) -> Path:
    return store.with_name(f"exported{suffix}")


def dump(store: Path | None) -> list[str]:
    """What the shell writes of the tables that the export holds, to the same disk."""
    return [sys.executable, str(DUMP), str(store), str(exported(store, ".sql")), *DUMPED]


def read_back(store: Path | None) -> list[str]:
    """Every octet of the export is read and every digest held against it, as it is before a removal."""
    return invoke("restore", str(exported(store, ".json")), "--list", "--json")


def cases(size: int, huge: int) -> list[Case]:
    usual, with_huge_row = Spec(size), Spec(min(size, 100 * MB), huge)
    return [
        Case("list", lambda store: invoke("--list"), lambda store: [sys.executable, "-c", "import invoke"], ratio=2,
             slack=0),
        Case("plan-check", plan_check, store=usual, processor=0.3, memory=True, peak=150 * MB),
        Case("vacuum-nothing", vacuum, store=usual, processor=0.3, memory=True, peak=150 * MB),
        Case("stats", stats, rival("stats"), usual, memory=True, differences=unlike_figures),
        Case("stats-deep", deep, rival("deep"), usual, memory=True,
             differences=unlike_figures, notes=unlike_gains),
        Case("prune", prune, rival("prune"), usual, changes=True, memory=True, peak=150 * MB, ratio=1.75, slack=0,
             differences=unlike_stores),
        Case("prune-exported", exporting, dumping, usual, changes=True, memory=True, peak=150 * MB, ratio=3.4, slack=0,
             differences=unlike_stores),
        Case("reclaim", reclaim, rival("reclaim"), usual, changes=True, memory=True, peak=150 * MB, ratio=1.6, slack=0,
             differences=unlike_contents),
        Case("export", export(".json"), dump, usual, memory=True, ratio=2.0, differences=unlike_exported),
        Case("export-zst", export(".json.zst"), export(".json.gz"), usual, memory=True, ratio=0.5, slack=0,
             differences=unlike_files),
        Case("export-read-back", read_back, export(".json"), usual, memory=True, ratio=1.0, slack=0,
             differences=unlike_lists),
        Case("stats-huge-row", stats, store=with_huge_row, memory=True),
        Case("stats-deep-huge-row", deep, store=with_huge_row, memory=True),
        Case("prune-huge-row", prune, store=with_huge_row, changes=True, memory=True),
        Case("reclaim-huge-row", reclaim, store=with_huge_row, changes=True, memory=True),
        Case("undo-huge-row", undo, store=with_huge_row, changes=True, memory=True),
        Case("export-huge-row", export(".json"), store=with_huge_row, memory=True, copies=3),
        Case("export-read-back-huge-row", read_back, export(".json"), with_huge_row, ratio=1.0, slack=0, memory=True,
             copies=3),
    ]


# ---- are the results the same?

def unlike_stores(rival: Side, product: Side) -> list[str]:
    """Row counts of every table, and which sessions are left."""
    one, other = counts(rival.store), counts(product.store)
    return [f"{table}: {one[table]} rows after the rival, {other[table]} after the product"
            if table != SESSION_IDS else "other sessions are left"
            for table in one if one[table] != other[table]]


def unlike_contents(rival: Side, product: Side) -> list[str]:
    """The same rows of every table, and the same content of all parts and events."""
    one, other = (sums(side.store) for side in (rival, product))
    return unlike_stores(rival, product) + [f"{table}: another content" for table in one if one[table] != other[table]]


def unlike_exported(rival: Side, product: Side) -> list[str]:
    """Every row of a session that the store has is in the export, counted with plain SQL."""
    rows, db = product.figures()["rows"], sqlite3.connect(f"file:{product.store}?mode=ro", uri=True)
    found = []
    for table in DUMPED[2:]:
        key = "aggregate_id" if table.startswith("event") else "session_id"
        (number,) = db.execute(f"SELECT COUNT(*) FROM {table} WHERE {key} IN (SELECT id FROM session)").fetchone()
        if number != rows.get(table, 0):
            found.append(f"{table}: {number} rows in the store, {rows.get(table, 0)} in the export")
    db.close()
    return found


def unlike_files(rival: Side, product: Side) -> list[str]:
    """However it is packed, the same is in it."""
    return [] if rival.figures()["rows"] == product.figures()["rows"] else ["other rows in the other packing"]


def unlike_lists(rival: Side, product: Side) -> list[str]:
    """What is listed is what was written."""
    written, listed = rival.figures()["sessions"], len(product.figures())
    return [] if written == listed else [f"{written} sessions written, {listed} listed"]


def sums(store: Path) -> dict[str, str]:
    db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    found = {}
    for table in ("part", "event"):
        digest = hashlib.sha256()
        for row in db.execute(f"SELECT id, data FROM {table} ORDER BY id"):
            digest.update(repr(row).encode())
        found[table] = digest.hexdigest()
    db.close()
    return found


def counts(store: Path) -> dict:
    db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    found = {table: db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in TABLES}
    found[SESSION_IDS] = db.execute(SESSION_IDS).fetchall()
    db.close()
    return found


def unlike_figures(rival: Side, product: Side) -> list[str]:
    """The figures that both print under one name and that leave no choice of definition."""
    one, other = rival.figures(), product.figures()
    found = []
    for group in ("sessions", "rows", "bytes"):
        ours = _row(other[group])
        found += [f"{group}.{key}: {value} by the rival, {ours[key]} by the product"
                  for key, value in _row(one[group]).items() if key in ours and ours[key] != value]
    trees = [[(tree["id"], tree["bytes"]) for tree in side["largest"]] for side in (one, other)]
    return found + (["other largest trees"] if trees[0] != trees[1] else [])


def unlike_gains(rival: Side, product: Side) -> list[str]:
    """What could be reclaimed: the same to a thousandth, where both count that kind."""
    ours = product.figures()["reclaimable"]
    pairs = ((row["kind"], row["bytes"], ours[row["kind"]]["bytes"])
             for row in rival.figures()["reclaimable"] if row["kind"] in ours)
    return [f"reclaimable.{kind}: {one:,} bytes by the rival, {other:,} by the product"
            for kind, one, other in pairs if abs(one - other) > one / 1_000]


def _row(figures: dict | list[dict]) -> dict:
    """The rival prints rows as they come: a list of one."""
    return figures if isinstance(figures, dict) else figures[0]
