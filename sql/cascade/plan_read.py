"""A plan file that somebody gives: taken apart, and held letter by letter against what its own head and list make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from os.path import commonprefix
from typing import Any

from ..catalog import Catalog
from ..compiler.dialects import DIALECTS
from ..refusal import STALE_PLAN, Refusal
from ..spill import Spilled
from ..words import printable, program
from .lines import LITERALS, NUMBER_OR_NULL, end_of_values, speller, value_of
from .plan_file import (
    BATCH_COLUMNS,
    FORMAT,
    FORMS,
    LINE_COLUMNS,
    MARKS,
    OVERWRITTEN,
    ListLine,
    Script,
    Turn,
    mark,
    spilled,
)
from .rule import opening_of


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
    marks = (one for line in found if line.startswith(MARKS) for one in line[len(MARKS):].split())
    return Script(engine, keyed, now, overwrite, whole, head, spilled(_read_lines(found, engine)),
                  tuple(_read_batches(found, engine, whole)), Spilled(marks, str, str))


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
        if mark(line).hex() not in marks:
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
