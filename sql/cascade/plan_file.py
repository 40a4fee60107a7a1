"""The plan file: a head in comments, the list that is the data, and the batches that carry it out.

The same steps are written to a file for a reviewer and run by `apply`; a file is accepted only if the templates
render it again, letter for letter, from its own head and list.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from os.path import commonprefix
from typing import Any

from .. import side_effects
from ..catalog import Catalog, sessions
from ..compiler.dialects import DIALECTS, own_file
from ..compiler.render import render
from ..compiler.statements import Statement, engine_sql, own_sql
from ..refusal import STALE_PLAN, Refusal
from ..retention.selection import Going, Selection, Unit
from ..store import Store
from ..words import human, many, printable, program, stamp
from .lines import LITERALS, NUMBER_OR_NULL, Speller, end_of_values, speller, value_of, without_comment
from .rule import Rule, Step, Transaction, laid, opening_of

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
MARKS_A_LINE = 100
FEW = 16                  # batches that have a line each, however few sessions go
LINE_COLUMNS = ("batch", "id", "root_id", "parent_id", "project_id", "shared", "archived", "tally", "bytes",
                "newest", "seq", "checksum", "facts")
BATCH_COLUMNS = ("batch", "slice", "through")
FORESEEN = "-- What hung on the client's tables as the plan was made; whoever made it knew."
BATCHES = (
    "-- The batches. Each is a transaction: take the lock, say which batch it is, guard, delete, commit. Slice 0 is",
    "-- whole trees; the event log of a large one goes ahead of it in slices, up to the event that `through` numbers.",
)
FORMS = {False: "a batch a line; the rule that all of them follow stands once, before the list",
         True: "each batch in full, since this server keeps no procedure for a connection"}


@dataclass(frozen=True, slots=True)
class ListLine:
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
    lines: tuple[ListLine, ...]
    turns: tuple[Turn, ...]
    marks: tuple[str, ...]

    def preparation(self, catalog: Catalog, modern: bool = False) -> Iterator[Step]:
        """All that comes before the first batch: settings, work tables, the rule, the list. `modern`: to be run by the
        library at hand, not to be read."""
        yield from _steps(engine_sql(self.engine, "prelude"))
        if self.overwrite:
            yield from _steps(engine_sql(self.engine, "overwrite"))
        yield from _steps(map(laid, render("cascade/work", self.engine, {"store": catalog}, {})))
        yield from _still(self.engine, catalog)
        yield from Rule(self.engine, catalog, self.whole, modern).procedures()
        yield Step("-- The list. A session a line; strike out a line to spare its whole tree.")
        yield from self.listed()
        yield Step("")
        yield from _steps(own_sql(self.engine, "ready_list"))

    def listed(self) -> Iterator[Step]:
        """The list, a session a line."""
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
        yield from self.preparation(catalog)
        if not self.whole:
            yield Step("\n".join(BATCHES))
        for together in self._lines_of(self.transactions(catalog)):
            yield Step(" ".join(one.text for one in together))
        yield Step("\n-- Carried out. What went, and what stayed although it was in the list:\n")
        for name in ("cascade/gone", "cascade/report"):
            yield from _steps(map(laid, render(name, self.engine, {"store": catalog}, {})))
        yield Step("-- A mark for each line that the list had, to tell a struck line from an altered one.")
        for at in range(0, len(self.marks), MARKS_A_LINE):
            yield Step(MARKS + " ".join(self.marks[at:at + MARKS_A_LINE]))

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
        said = "\n".join((*self.head, *(line.text for line in self.lines), *(turn.text for turn in self.turns)))
        return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()

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
    lines: list[ListLine] = []
    turns: list[Turn] = []
    spell = speller("cascade/list", store.engine)
    choose = speller("cascade/batch", store.engine)
    whole = not store.on.keeps_procedures(store.connection)
    for batch, units in enumerate(_batches(chosen.units, BATCH_ROWS if store.path else SERVER_BATCH_ROWS), 1):
        for unit in units:
            lines += [_line(spell, going, unit, batch) for going in unit.sessions]
        cuts = sorted({cut for unit in units for cut in _cuts(store, unit)})
        for slice, through in (*enumerate(cuts, 1), (0, None)):
            text = choose({"batch": batch, "slice": slice, "through": through})[:-1]
            turns.append(Turn(text, batch, slice, through))
    head = _head(store, chosen, export, overwrite, whole, turns[-1].batch if turns else 0)
    return Script(store.engine, store.catalog.keyed(), chosen.now, overwrite, whole, head, tuple(lines),
                  tuple(turns), tuple(map(_mark, lines)))


def _mark(line: ListLine) -> str:
    return hashlib.sha256(line.text.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def _batches(units: Iterable[Unit], most_rows: int) -> Iterator[list[Unit]]:
    """Units in their order, a few at a time; a unit is never split."""
    batch: list[Unit] = []
    octets = rows = sessions = 0
    for unit in units:
        size = unit.bytes
        full = (octets + size > BATCH_BYTES or rows + unit.rows > most_rows
                or sessions + len(unit.sessions) > BATCH_SESSIONS)
        if batch and full:
            yield batch
            batch, octets, rows, sessions = [], 0, 0, 0
        batch.append(unit)
        octets, rows, sessions = octets + size, rows + unit.rows, sessions + len(unit.sessions)
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
    values: dict[str, Any] = {name: getattr(going, name) for name in LINE_COLUMNS if name not in ("batch", "bytes")}
    values |= {"batch": batch, "bytes": going.bytes - going.log_bytes}
    text = spell(values)
    if going.id == going.root_id:
        text += (f" -- {printable(going.title)} | {stamp(going.active)} | {human(unit.bytes)}"
                 f" | {going.reason}: {unit.why}")
    return ListLine(text, **values)


def _head(store: Store, chosen: Selection, export: str, overwrite: bool, whole: bool, batches: int) -> tuple[str, ...]:
    sessions = sum(len(unit.sessions) for unit in chosen.units)
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
        f"Goes:      {chosen.goes()}, {many(sessions, 'session')}, {human(sum(chosen.bytes.values()))}",
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


def read(text: str, name: str) -> Script:
    """Take a plan file apart; raises `Refusal` 73 when it is none, or of another format."""
    found = text.split("\n")
    form = re.fullmatch(r"-- opencode-lifecycle plan, format (\d+)", found[0].strip())
    if not form or int(form[1]) != FORMAT:
        what = f"a plan of format {form[1]}, and this version carries out format {FORMAT}" if form else "not a plan"
        raise Refusal(f"{name} is {what}; make it again with `{program()} plan --out=plan.sql`.", STALE_PLAN)
    head = tuple(_until_blank(found))
    said = dict(re.findall(r"^-- (\w+): +(.*)$", "\n".join(head), re.MULTILINE))
    try:
        engine, keyed = said["Engine"], said["Layout"].split()[1]
        now, overwrite = int(said["Moment"].split()[0]), said["Deleted"] == OVERWRITTEN
        whole = {form: whole for whole, form in FORMS.items()}[said["Form"]]
    except (KeyError, IndexError, ValueError):
        raise Refusal(f"The head of {name} is damaged; make the plan again.", STALE_PLAN) from None
    if engine not in DIALECTS:
        raise Refusal(f"{name} is a plan for {printable(engine)}, which is not known here.", STALE_PLAN)
    return Script(engine, keyed, now, overwrite, whole, head, tuple(_read_lines(found, engine)),
                  tuple(_read_batches(found, engine, whole)),
                  tuple(mark for line in found if line.startswith(MARKS) for mark in line[len(MARKS):].split()))


def verify(script: Script, catalog: Catalog, text: str, name: str, edited: bool) -> None:
    """Hold a plan's text against the one that its own head and list give.

    Raises `Refusal` 73 when they differ, or when lines were struck out and `edited` is not set.
    """
    given, at = text.rstrip("\n") + "\n", 0

    def altered(same: int) -> Refusal:
        line = min(given.count("\n", 0, same) + 1, given.count("\n"))
        return Refusal(f"{name} was altered at line {line}: only lines of the list may be struck out; "
                       "make the plan again.", STALE_PLAN)

    def hold(piece: str) -> None:
        """The next piece has to stand there: a plan that announces more than it holds stops at the first of it."""
        nonlocal at
        if not given.startswith(piece, at):
            raise altered(at + len(commonprefix([piece, given[at:at + len(piece)]])))
        at += len(piece)

    script.write(catalog, hold)
    if at != len(given):
        raise altered(at)
    marks = iter(script.marks)  # `in` consumes the iterator: marks must appear in order, each once
    for line in script.lines:
        if _mark(line) not in marks:
            raise Refusal(f"{name} has a line that was altered or added: {printable(line.text, 200)}; make the plan "
                          "again.", STALE_PLAN)
    if len(script.lines) < len(script.marks) and not edited:
        raise Refusal(f"Lines of {name} were struck out; say --edited if that is meant.", STALE_PLAN)


def _until_blank(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("--"):
            return
        yield line


def _read_lines(found: list[str], engine: str) -> Iterator[ListLine]:
    spell = speller("cascade/list", engine)
    start = spell(dict.fromkeys(LINE_COLUMNS))
    start = start[: start.index("VALUES")]
    for text in found:
        if text.startswith(start):
            given = re.findall(LITERALS[engine], text[len(start):end_of_values(text, len(start), engine)])
            values: dict[str, Any] = {c: value_of(v, engine) for c, v in zip(LINE_COLUMNS, given, strict=False)}
            if len(given) != len(LINE_COLUMNS) or not text.startswith(spell(values)):
                raise Refusal(f"The line {printable(text)} of the plan was altered; make the plan again.", STALE_PLAN)
            yield ListLine(text, **values)


def _read_batches(found: list[str], engine: str, whole: bool) -> Iterator[Turn]:
    choose = speller("cascade/batch", engine)
    start = choose(dict.fromkeys(BATCH_COLUMNS))
    start = start[: start.index("NULL")]
    numbers = re.compile(re.escape(start) + rf"(\d{{1,19}}), (\d{{1,19}}), ({NUMBER_OR_NULL})\);")
    opening = opening_of(engine, whole) + start
    for text in found:
        for given in numbers.finditer(text) if text.startswith(opening) else ():
            batch, slice, through = (value_of(value, engine) for value in given.groups())
            values: dict[str, Any] = {"batch": batch, "slice": slice, "through": through}
            yield Turn(choose(values)[:-1], **values)
