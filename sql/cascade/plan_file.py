"""The plan file: a head in comments, the list that is the data, and the batches that carry it out.

The same steps are written to a file for a reviewer and run by `apply`; a file is accepted only if the templates
render it again, letter for letter, from its own head and list.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from os.path import commonprefix

import sqlglot
from sqlglot import exp

from .. import motion
from ..catalog import Catalog, sessions
from ..compiler.lower import DIALECTS, lower, own_file
from ..compiler.render import Statement, engine_sql, literal, own_sql, render, source
from ..refusal import STALE_PLAN, Refusal
from ..retention.selection import Going, Selection, Unit
from ..store import Store
from ..words import human, many, printable, program, stamp

FORMAT = 1
OVERWRITTEN = "overwritten with zeros"
MB = 10**6
BATCH_BYTES = 8 * MB      # a batch holds the write lock for a tenth of a second
BATCH_ROWS = 1_500
SERVER_BATCH_ROWS = 50_000  # a server locks the rows that go, and nobody else's
BATCH_SESSIONS = 400
SLICE_BYTES = 4 * MB      # of an event log that is too long for one transaction; a slice cannot be parted
SLICE_ROWS = 800
MARKS = "-- Marks: "
MARKS_A_LINE = 11
LINE_COLUMNS = ("batch", "id", "root_id", "parent_id", "project_id", "shared", "archived", "tally", "bytes",
                "newest", "seq", "weight", "facts")
SLICE_COLUMNS = ("batch", "number", "through")
DELETION = re.compile(r"DELETE\s+(?:\w+\s+)?FROM\s+(?!lc_|#)(\w+)")
NUMBER_OR_NULL = r"-?\d{1,19}|NULL"
PLAIN = re.compile(r"[\w./-]*", re.ASCII)  # text that every engine quotes in the same way
LITERALS = {  # MySQL alone reads a backslash inside quotes as an escape
    **dict.fromkeys(("mysql", "mysql8"), rf"'(?:[^'\\]++|''|\\.)*+'|{NUMBER_OR_NULL}"),
    **dict.fromkeys(("sqlite", "postgres", "tsql"), rf"N?'(?:[^']++|'')*+'|{NUMBER_OR_NULL}"),
}


@dataclass(frozen=True)
class Line:
    """A line of the list: its columns, and its text with the comment behind it."""

    values: dict[str, str | int | None]
    text: str


@dataclass(frozen=True)
class Step:
    """A piece of the script: its text, the statement in it if there is one, the client's table it deletes from.

    `listed` is a line of the list, which may be struck out.
    """

    text: str
    sql: str | None = None
    table: str = ""
    listed: bool = False


@dataclass(frozen=True)
class Script:
    """A plan: everything that its text is made of, and nothing else.

    `marks` are digests of the lines as the plan was made: some lines may be gone since, none may be another.
    """

    engine: str
    keyed: str
    now: int
    overwrite: bool
    head: tuple[str, ...]
    batches: int
    lines: tuple[Line, ...]
    slices: tuple[Line, ...]
    marks: tuple[str, ...]

    def preparation(self, catalog: Catalog) -> Iterator[Step]:
        """All that comes before the first batch: settings, work tables, the list."""
        yield from _steps(engine_sql(self.engine, "prelude"))
        if self.overwrite:
            yield from _steps(engine_sql(self.engine, "overwrite"))
        yield from _steps(render("cascade/work", self.engine, {"store": catalog}, {}))
        yield from _still(self.engine, catalog)
        yield Step("-- The list. A session a line; strike out a line to spare its whole tree.")
        for line in (*self.lines, *self.slices):
            yield Step(line.text, _without_comment(line.text, self.engine), listed="id" in line.values)
        yield from _steps(own_sql(self.engine, "ready_list"))
        yield Step("")

    def transactions(self, catalog: Catalog) -> Iterator[tuple[int, list[Step]]]:
        """The batches in order, each with its number; a large event log goes ahead of its batch in slices."""
        cuts: dict[int, list[int]] = {}
        for cut in self.slices:
            cuts.setdefault(cut.values["batch"], []).append(cut.values["number"])
        body = _Body(self.engine, catalog)
        for batch in range(1, self.batches + 1):
            for number in (*cuts.get(batch, []), 0):
                yield batch, body.transaction(batch, number)

    def transaction(self, catalog: Catalog, batch: int) -> list[Step]:
        """The transaction of one batch, which need not be one of the script's own."""
        return _Body(self.engine, catalog).transaction(batch, 0)

    def steps(self, catalog: Catalog) -> Iterator[Step]:
        """The whole script; its pieces joined by newlines are its text."""
        yield Step("\n".join(self.head) + "\n")
        yield Step(own_file(self.engine, "shell.txt").read_text())
        yield from self.preparation(catalog)
        for _, steps in self.transactions(catalog):
            yield from steps
        yield Step("-- Carried out. What stayed although it was in the list, and why:")
        yield from _steps(render("cascade/report", self.engine, {"store": catalog}, {}))
        yield Step("-- A mark for each line that the list had, to tell a struck line from an altered one.")
        for at in range(0, len(self.marks), MARKS_A_LINE):
            yield Step(MARKS + " ".join(self.marks[at:at + MARKS_A_LINE]))

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
    def identity(self) -> str:
        """What tells this plan from others in the history: its head and list."""
        said = "\n".join((*self.head, *(line.text for line in (*self.lines, *self.slices))))
        return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()

    @property
    def policy(self) -> str:
        """The policy's sentence, as the head has it."""
        return next((line.split(":", 1)[1].strip() for line in self.head if line.startswith("-- Policy:")), "")


class _Body:
    """The text of a transaction, the same for all batches but for their numbers."""

    def __init__(self, engine: str, catalog: Catalog):
        def rendered(name: str) -> list[Step]:
            return list(_steps(render(name, engine, {"store": catalog}, {})))

        self.engine = engine
        self.begin, self.commit = (list(_steps(engine_sql(engine, name))) for name in ("begin", "commit"))
        # A server locks rows, not the whole store: those of the batch's sessions, before the guard looks at them.
        self.hold = list(_steps(own_sql(engine, "ready_marker")))
        self.hold += [step for table in catalog.roots for step in _steps(own_sql(engine, f"hold_{table}"))]
        self.guard, self.delete = rendered("cascade/guard"), rendered("cascade/delete")
        self.guard += _steps(own_sql(engine, "ready_batch"))
        self.delete_log = rendered("cascade/delete_log") if catalog.has("event") else []

    def transaction(self, batch: int, number: int) -> list[Step]:
        what = f"slice {number} of its event log" if number else "whole trees and subtrees"
        choose = render("cascade/batch", self.engine, {}, {"batch": batch, "slice": number})
        return [Step(f"-- Batch {batch}: {what}."), *self.begin, *_steps(choose), *self.hold, *self.guard,
                *(self.delete_log if number else self.delete), *self.commit]


def _still(engine: str, catalog: Catalog) -> Iterator[Step]:
    """The script ends with an error if a foreign key, a trigger or the like has come since."""
    for one in catalog.foreseen():
        yield from _steps(render("cascade/foresee", engine, {}, one._asdict()))
    yield from _steps(own_sql(engine, "confine"))
    yield from _steps(motion.statements(engine, sessions(), into=True))
    yield from _steps(own_sql(engine, "release"))
    yield from _steps(render("cascade/unforeseen", engine, {}, {}))


def _steps(statements: Iterable[Statement]) -> Iterator[Step]:
    for statement in statements:
        deletion = DELETION.match(statement.sql)
        yield Step(statement.text() + "\n", statement.sql, deletion[1] if deletion else "")


def compose(store: Store, chosen: Selection, export: str, overwrite: bool) -> Script:
    """The plan for a selection; `export` is the sentence of the head that says what is exported first."""
    lines, slices, batches = [], [], 0
    spell = speller("cascade/list", store.engine, LINE_COLUMNS)
    cut = speller("cascade/slice", store.engine, SLICE_COLUMNS)
    for batches, units in enumerate(_batches(chosen.units, BATCH_ROWS if store.path else SERVER_BATCH_ROWS), 1):
        for unit in units:
            lines += [_line(spell, going, unit, batches) for going in unit.sessions]
            for number, through in enumerate(_cuts(store, unit), 1):
                values = {"batch": batches, "number": number, "through": through}
                slices.append(Line(values, cut(values)))
    head = _head(store, chosen, export, overwrite, batches)
    return Script(store.engine, store.catalog.keyed(), chosen.now, overwrite, head, batches, tuple(lines),
                  tuple(slices), tuple(_mark(line) for line in lines))


def _mark(line: Line) -> str:
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


def _line(spell: Callable[[dict], str], going: Going, unit: Unit, batch: int) -> Line:
    values = {name: getattr(going, name) for name in LINE_COLUMNS if name not in ("batch", "bytes")}
    values |= {"batch": batch, "bytes": going.bytes - going.log_bytes}
    text = spell(values)
    if going.id == going.root_id:
        text += (f" -- {printable(going.title)} | {stamp(going.active)} | {human(unit.bytes)}"
                 f" | {going.reason}: {unit.why}")
    return Line(values, text)


def _head(store: Store, chosen: Selection, export: str, overwrite: bool, batches: int) -> tuple[str, ...]:
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
        "says, title and folder and so on (facts); a sum over the length of every text and over every number (weight).",
        "Strike out lines of the list to spare trees, then: opencode-lifecycle apply --edited FILE",
        "In a plain shell no export is made, and pins set after this moment do not count.",
    ]
    return tuple(f"-- {line}".rstrip() for line in said)


def speller(name: str, engine: str, columns: tuple[str, ...]) -> Callable[[dict], str]:
    """A function that writes the INSERT of template `name` on one line; the parsing is done once."""
    tree = sqlglot.parse_one(source(name, {}), read="sqlite")
    for slot in list(tree.find_all(exp.Placeholder)):
        slot.replace(exp.column(f"slot_{slot.name}"))
    line = lower(tree, engine).sql(dialect=DIALECTS[engine])
    pattern = re.compile(r"\bslot_(\w+)\b")

    def spell(values: dict[str, str | int | None]) -> str:
        return pattern.sub(lambda slot: _spelled(values[slot[1]], engine), line) + ";"

    return spell


def _spelled(value: str | int | None, engine: str) -> str:
    return str(value) if isinstance(value, int) else "NULL" if value is None else _quoted(value, engine)


@cache
def _quoted(value: str, engine: str) -> str:
    if PLAIN.fullmatch(value):  # as nearly all ids are: sqlglot would take longer than all the rest of a line
        return f"'{value}'"
    return lower(literal(value), engine).sql(dialect=DIALECTS[engine])


def read(text: str, name: str) -> Script:
    """Take a plan file apart; raises `Refusal` 73 when it is none, or of another format."""
    found = text.split("\n")
    if found[0].strip() != f"-- opencode-lifecycle plan, format {FORMAT}":
        raise Refusal(f"{name} is not a plan of this version; make one with `{program()} plan --out=plan.sql`.",
                      STALE_PLAN)
    head = tuple(_until_blank(found))
    said = dict(re.findall(r"^-- (\w+): +(.*)$", "\n".join(head), re.MULTILINE))
    try:
        engine, keyed = said["Engine"], said["Layout"].split()[1]
        now, batches = int(said["Moment"].split()[0]), int(said["Batches"])
        overwrite = said["Deleted"] == OVERWRITTEN
    except (KeyError, IndexError, ValueError):
        raise Refusal(f"The head of {name} is damaged; make the plan again.", STALE_PLAN) from None
    if engine not in DIALECTS:
        raise Refusal(f"{name} is a plan for {printable(engine)}, which is not known here.", STALE_PLAN)
    return Script(engine, keyed, now, overwrite, head, batches,
                  tuple(_read_lines(found, "cascade/list", engine, LINE_COLUMNS)),
                  tuple(_read_lines(found, "cascade/slice", engine, SLICE_COLUMNS)),
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
    marks = iter(script.marks)  # asking an iterator spends it, so that the order counts and no line comes twice
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


def _read_lines(found: list[str], name: str, engine: str, columns: tuple[str, ...]) -> Iterator[Line]:
    spell = speller(name, engine, columns)
    start = spell(dict.fromkeys(columns))
    start = start[: start.index("VALUES")]
    for text in found:
        if text.startswith(start):
            given = re.findall(LITERALS[engine], text[len(start):_end_of_values(text, len(start), engine)])
            values = {c: _value(v, engine) for c, v in zip(columns, given, strict=False)}
            if len(given) != len(columns) or not text.startswith(spell(values)):
                raise Refusal(f"The line {printable(text)} of the plan was altered; make the plan again.", STALE_PLAN)
            yield Line(values, text)


def _end_of_values(text: str, start: int, engine: str) -> int:
    """Where the values of a line end: at the first semicolon outside quotes."""
    return re.compile(rf"(?:{LITERALS[engine]}|[^;']++)*+").match(text, start).end()


def _value(token: str, engine: str) -> str | int | None:
    if token == "NULL":
        return None
    if token[-1] != "'":
        return int(token)
    if DIALECTS[engine] == "mysql":
        return sqlglot.parse_one(token, read="mysql").this
    return token[token.index("'") + 1:-1].replace("''", "'")


def _without_comment(text: str, engine: str) -> str:
    return text[:_end_of_values(text, 0, engine)]
