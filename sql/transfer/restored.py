"""What a restore found in a file, and what it did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..words import printable

LACKS = ("has rows of {} without {}, which the store wants and the file does not tell; restore it into a store of the "
         "client version that it came from")


@dataclass(frozen=True)
class ExportedSession:
    """A session in a file: its id, the root it went with, title, rows by table; whether the client can import it;
    octets of its rows but events; the folder that it works in."""

    session: str | None
    unit: str | None
    title: str
    active: int
    rows: dict[str, int]
    importable: bool
    lost: tuple[str, ...]
    redacted: bool
    octets: int = 0
    folder: str = ""


@dataclass
class Restored:
    """What came back: sessions and rows by table; rows that were there already, unchanged; why a tree did not come.

    `anew` are sessions of which the store had nothing, `replaced` those whose rows made way. `left` counts, by table,
    rows and values that the client's own upgrade removed since the export: they stay in the file. `lacking` are trees
    whose rows lack a column that the store wants; `unpriced` counts sessions of before 1.15, whose rows say no cost;
    `folders` sessions by the folder that they work in. `stopped` says what stopped it half way. `path` is the file, or
    the copy, as it is told.
    """

    path: object
    sessions: list[str | None] = field(default_factory=list)
    trees: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    skipped: int = 0
    anew: list[str | None] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    stayed: dict[str, str] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)
    unpriced: int = 0
    folders: Counter[str] = field(default_factory=Counter)
    stopped: str = ""

    def add(self, other: Restored) -> None:
        self.sessions += other.sessions
        self.lacking |= other.lacking
        self.unpriced += other.unpriced
        self.folders += other.folders
        self.trees += other.trees
        self.skipped += other.skipped
        self.anew += other.anew
        self.replaced += other.replaced
        self.stayed |= other.stayed
        self.stopped = self.stopped or other.stopped
        for mine, more in ((self.rows, other.rows), (self.left, other.left)):
            for table, rows in more.items():
                mine[table] = mine.get(table, 0) + rows


class Stays(Exception):
    """Why a tree cannot come back, said to the end of a sentence that begins with its name."""


class Lacks(Stays):
    """Its rows lack a column that the store wants."""

    def __init__(self, table: str, column: str):
        super().__init__(LACKS.format(printable(table), printable(column)))
