"""The plan file: a head in comments, the list that is the data, and the batches that carry it out.

The same steps are written to a file for a reviewer and run by `apply`; a file is accepted only if the templates
render it again, letter for letter, from its own head and list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from .. import side_effects
from ..catalog import Catalog, sessions
from ..compiler.dialects import own_file
from ..compiler.render import render
from ..compiler.statements import Statement, engine_sql, own_sql
from ..retention.selection import Going, Selection, Unit
from ..spill import Spilled
from ..store import Store
from ..words import human, many, printable, stamp
from .lines import Speller, speller, without_comment
from .rule import Rule, Step, Transaction, laid

FORMAT = 2
OVERWRITTEN = "overwritten with zeros"
MB = 10**6
BATCH_BYTES = 8 * MB      # a batch holds the write lock for a tenth of a second
BATCH_ROWS = 1_500
SERVER_BATCH_ROWS = 50_000  # a server locks the rows that go, and nobody else's
BATCH_SESSIONS = 400
SLICE_BYTES = 4 * MB      # of an event log that is too long for one transaction; a slice cannot be parted
SLICE_ROWS = 800
MARKS = "-- Marks: "
MARK, MARKS_A_LINE = 4, 100  # octets of a digest, which stand in hexadecimal
FEW = 16                  # batches that have a line each, however few sessions go
LINE_COLUMNS = ("batch", "id", "root_id", "parent_id", "project_id", "shared", "archived", "tally", "bytes",
                "newest", "seq", "checksum", "facts")
_facts = itemgetter(*LINE_COLUMNS)
BATCH_COLUMNS = ("batch", "slice", "through")
FORESEEN = "-- What hung on the client's tables as the plan was made; whoever made it knew."
BATCHES = (
    "-- The batches. Each is a transaction: take the lock, say which batch it is, guard, delete, commit. Slice 0 is",
    "-- whole trees; the event log of a large one goes ahead of it in slices, up to the event that `through` numbers.",
)
FORMS = {False: "a batch a line; the rule that all of them follow stands once, before the list",
         True: "each batch in full, since this server keeps no procedure for a connection"}


class ListLine(NamedTuple):
    """A line of the list: the facts of a session by `LINE_COLUMNS`, and its text with the comment behind it. `bytes`
    are without the event log; `batch` is the number of the batch that the session goes with."""

    text: str
    batch: int
    id: str
    root_id: str
    parent_id: str | None
    project_id: str | None
    shared: int
    archived: int
    tally: int
    bytes: int
    newest: int
    seq: int
    checksum: int
    facts: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A transaction of the plan: its batch, and which slice of that batch's event log goes in it, up to the event that
    `through` numbers; slice 0 is all the rest. `text` is the statement that says so."""

    text: str
    batch: int
    slice: int = 0
    through: int | None = None


@dataclass(frozen=True)
class Script:
    """A plan: everything that its text is made of, and nothing else.

    `turns` are its transactions in their order: a large event log goes ahead of its batch in slices. `whole`: each
    of them is written in full, where the engine keeps no procedure. `marks` are digests of the lines as the plan was
    made: some lines may be gone since, none may be another.
    """

    engine: str
    keyed: str
    now: int
    overwrite: bool
    whole: bool
    head: tuple[str, ...]
    lines: Spilled[ListLine]
    turns: tuple[Turn, ...]
    marks: Spilled[str]

    def preparation(self, catalog: Catalog, modern: bool = False) -> Iterator[Step]:
        """All that comes before the first batch: settings, work tables, the rule, the list. `modern`: to be run by the
        library at hand, not to be read."""
        yield from self._before_list(catalog, modern)
        yield from self.listed()
        yield from self._after_list()

    def _before_list(self, catalog: Catalog, modern: bool = False) -> Iterator[Step]:
        yield from _steps(engine_sql(self.engine, "prelude"))
        if self.overwrite:
            yield from _steps(engine_sql(self.engine, "overwrite"))
        yield from _steps(map(laid, render("cascade/work", self.engine, {"store": catalog}, {})))
        yield from _still(self.engine, catalog)
        yield from Rule(self.engine, catalog, self.whole, modern).procedures()
        yield Step("-- The list. A session a line; strike out a line to spare its whole tree.")

    def _after_list(self) -> Iterator[Step]:
        yield Step("")
        yield from _steps(own_sql(self.engine, "ready_list"))

    def listed(self) -> Iterator[Step]:
        """The list, a session a line, to be run."""
        for line in self.lines:
            yield Step(line.text, without_comment(line.text, self.engine), listed=True)

    def transactions(self, catalog: Catalog) -> Iterator[Transaction]:
        """The batches in their order."""
        rule = Rule(self.engine, catalog, self.whole)
        for one in self.turns:
            yield rule.transaction(one.batch, one.slice, one.text)

    def transaction(self, catalog: Catalog, batch: int) -> Transaction:
        """The transaction of one batch, which need not be one of the script's own."""
        choose = speller("cascade/batch", self.engine)({"batch": batch, "slice": 0, "through": None})
        return Rule(self.engine, catalog, self.whole).transaction(batch, 0, choose[:-1])

    def steps(self, catalog: Catalog) -> Iterator[Step]:
        """The whole script; its pieces joined by newlines are its text."""
        yield Step("\n".join(self.head) + "\n")
        yield Step(own_file(self.engine, "shell.txt").read_text())
        yield from self._before_list(catalog)
        for line in self.lines:
            yield Step(line.text, listed=True)
        yield from self._after_list()
        if not self.whole:
            yield Step("\n".join(BATCHES))
        for together in self._lines_of(self.transactions(catalog)):
            yield Step(" ".join(one.text for one in together))
        yield Step("\n-- Carried out. What went, and what stayed although it was in the list:\n")
        for name in ("cascade/gone", "cascade/report"):
            yield from _steps(map(laid, render(name, self.engine, {"store": catalog}, {})))
        yield Step("-- A mark for each line that the list had, to tell a struck line from an altered one.")
        marks = iter(self.marks)
        while some := tuple(islice(marks, MARKS_A_LINE)):
            yield Step(MARKS + " ".join(some))

    def _lines_of(self, transactions: Iterator[Transaction]) -> Iterator[tuple[Transaction, ...]]:
        """A batch a line; several where they would be more than a few beside an eighth of the sessions."""
        together = 1 if self.whole else 1 + len(self.turns) // (FEW + len(self.marks) // 8)
        while line := tuple(islice(transactions, together)):
            yield line

    def write(self, catalog: Catalog, out: Callable[[str], object]) -> None:
        """Write the script and, in its last line, the digest of all above but the list, which its marks stand for."""
        digest = hashlib.sha256()
        for step in self.steps(catalog):
            text = step.text + "\n"
            if not step.listed:
                digest.update(text.encode("utf-8", "surrogateescape"))
            out(text)
        out(f"-- Digest: {digest.hexdigest()}\n")

    @property
    def slices(self) -> tuple[Turn, ...]:
        """The transactions that take a part of an event log ahead of its batch."""
        return tuple(one for one in self.turns if one.slice)

    @property
    def batches(self) -> int:
        """How many batches it has; a batch may take several transactions."""
        return self.turns[-1].batch if self.turns else 0

    @property
    def identity(self) -> str:
        """What tells this plan from others in the history: its head and list."""
        digest, between = hashlib.sha256(), ""
        for said in chain(self.head, (line.text for line in self.lines), (turn.text for turn in self.turns)):
            digest.update((between + said).encode("utf-8", "surrogateescape"))
            between = "\n"
        return digest.hexdigest()

    @property
    def policy(self) -> str:
        """The policy's sentence, as the head has it."""
        return next((line.split(":", 1)[1].strip() for line in self.head if line.startswith("-- Policy:")), "")


def _still(engine: str, catalog: Catalog) -> Iterator[Step]:
    """The script ends with an error if a foreign key, a trigger or the like has come since."""
    spell = speller("cascade/foresee", engine)
    foreseen = [spell(one._asdict()) for one in catalog.foreseen()]
    if foreseen:
        yield Step(FORESEEN)
    for text in foreseen:
        yield Step(text, text[:-1])
    yield Step("")
    yield from _steps(own_sql(engine, "confine"))
    yield from _steps(map(laid, side_effects.statements(engine, sessions(), into=True)))
    yield from _steps(own_sql(engine, "release"))
    yield from _steps(map(laid, render("cascade/unforeseen", engine, {}, {})))


def _steps(statements: Iterable[Statement]) -> Iterator[Step]:
    for statement, after in pairwise((*statements, Statement("", "the end"))):  # an empty line before each comment
        yield Step(statement.text() + ("\n" if after.comment else ""), statement.sql)


def compose(store: Store, chosen: Selection, export: str, overwrite: bool) -> Script:
    """The plan for a selection; `export` is the sentence of the head that says what is exported first."""
    turns, marks = list[Turn](), bytearray()
    lines = spilled(_marked(_lines(store, chosen, turns), marks))
    whole = not store.on.keeps_procedures(store.connection)
    head = _head(store, chosen, export, overwrite, whole, turns[-1].batch if turns else 0)
    return Script(store.engine, store.catalog.keyed(), chosen.now, overwrite, whole, head, lines, tuple(turns),
                  Spilled((marks[at:at + MARK].hex() for at in range(0, len(marks), MARK)), str, str))


def spilled(lines: Iterable[ListLine]) -> Spilled[ListLine]:
    """Lines that may be as many as there are sessions."""
    return Spilled(lines, tuple, ListLine._make)


def _lines(store: Store, chosen: Selection, turns: list[Turn]) -> Iterator[ListLine]:
    """The list, batch after batch; the transactions of each batch are added to `turns`."""
    spell = speller("cascade/list", store.engine)
    choose = speller("cascade/batch", store.engine)
    for batch, units in enumerate(_batches(chosen.units, BATCH_ROWS if store.path else SERVER_BATCH_ROWS), 1):
        for unit in units:
            for going in unit.sessions:
                yield _line(spell, going, unit, batch)
        cuts = sorted({cut for unit in units for cut in _cuts(store, unit)})
        for slice, through in (*enumerate(cuts, 1), (0, None)):
            text = choose({"batch": batch, "slice": slice, "through": through})[:-1]
            turns.append(Turn(text, batch, slice, through))


def _marked(lines: Iterable[ListLine], marks: bytearray) -> Iterator[ListLine]:
    """The same lines; the mark of each is added to `marks`."""
    for line in lines:
        marks += mark(line)
        yield line


def mark(line: ListLine) -> bytes:
    """What tells a struck line from an altered one."""
    return hashlib.sha256(line.text.encode("utf-8", "surrogateescape")).digest()[:MARK]


def _batches(units: Iterable[Unit], most_rows: int) -> Iterator[list[Unit]]:
    """Units in their order, a few at a time; a unit is never split."""
    batch: list[Unit] = []
    octets = rows = sessions = 0
    for unit in units:
        size, tally = unit.bytes, unit.rows
        full = (octets + size > BATCH_BYTES or rows + tally > most_rows
                or sessions + len(unit.sessions) > BATCH_SESSIONS)
        if batch and full:
            yield batch
            batch, octets, rows, sessions = [], 0, 0, 0
        batch.append(unit)
        octets, rows, sessions = octets + size, rows + tally, sessions + len(unit.sessions)
    if batch:
        yield batch


def _cuts(store: Store, unit: Unit) -> Iterator[int]:
    """Numbers up to which the event log of a large unit goes ahead, a slice a transaction."""
    log_rows = sum(going.log_rows for going in unit.sessions)
    if log_rows == 0 or unit.bytes <= BATCH_BYTES and log_rows <= SLICE_ROWS:
        return
    octets, rows, last = 0, 0, None
    for seq, size in store.rows("cascade/log_bytes", {"root_id": unit.root.root_id}):
        if last is not None and seq != last and (octets + size > SLICE_BYTES or rows >= SLICE_ROWS):
            yield last
            octets = rows = 0
        octets, rows, last = octets + size, rows + 1, seq
    if last is not None:
        yield last


def _line(spell: Speller, going: Going, unit: Unit, batch: int) -> ListLine:
    values: dict[str, Any] = going._asdict() | {"batch": batch, "bytes": going.bytes - going.log_bytes}
    text = spell(values)
    if going.id == going.root_id:
        text += (f" -- {printable(going.title)} | {stamp(going.active)} | {human(unit.bytes)}"
                 f" | {going.reason}: {unit.why}")
    return ListLine(text, *_facts(values))


def _head(store: Store, chosen: Selection, export: str, overwrite: bool, whole: bool, batches: int) -> tuple[str, ...]:
    held = ", ".join(f"{n} {reason}" for reason, n in chosen.protected.items())
    said = [
        f"opencode-lifecycle plan, format {FORMAT}",
        "",
        f"Policy:    {chosen.sentence}",
        f"Store:     {printable(store.name, 500)}",
        f"Engine:    {store.engine}",
        f"Layout:    {store.catalog.layout} {store.catalog.keyed()}",
        f"Moment:    {chosen.now} ({stamp(chosen.now)} UTC)",
        f"Batches:   {batches}",
        f"Form:      {FORMS[whole]}",
        f"Goes:      {chosen.goes()}, {many(chosen.sessions, 'session')}, {human(sum(chosen.bytes.values()))}",
        *(f"             {name}: {many(n, 'row')}, {human(chosen.bytes.get(name, 0))}"
          for name, n in chosen.rows.items()),
        f"Stays:     {many(chosen.keep['trees'], 'tree')}, {many(chosen.keep['sessions'], 'session')}, "
        f"{human(chosen.keep['bytes'])}",
        f"Protected: {held or 'no tree that a limit would have removed'}",
        f"Deleted:   {OVERWRITTEN if overwrite else 'freed, not overwritten'}",
        f"Export:    {export}",
        "",
        "Each batch takes the write lock, looks at its sessions again and spares every tree that changed since:",
        "parent, project, share, archive flag, last event, number of rows, newest time; what the session's own row",
        "says, title and folder and so on (facts); a sum over the lengths of all texts and all numbers (checksum).",
        "Strike out lines of the list to spare trees, then: opencode-lifecycle apply --edited FILE",
        "In a plain shell no export is made, and pins set after this moment do not count.",
    ]
    return tuple(f"-- {line}".rstrip() for line in said)
