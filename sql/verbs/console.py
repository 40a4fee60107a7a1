"""What people see: tables on stdout, talk and progress on stderr, JSON for machines. No text of a store is markup."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from .. import verbs
from ..refusal import PENDING, Refusal
from ..words import human, plain, printable
from .waiting import line as waiting

if TYPE_CHECKING:
    from rich.console import Console


class Speech:
    """Lines for people. On a terminal `rich` breaks them between words, never inside a long path; elsewhere they are
    written as they are, and `rich`, which takes as long to load as most verbs take, is left out."""

    def __init__(self, stream: str):
        self.stream = stream

    @property
    def is_terminal(self) -> bool:
        return bool(getattr(sys, self.stream).isatty())

    @cached_property
    def console(self) -> Console:
        """What draws on it."""
        return verbs.drawing.console(stderr=self.stream == "stderr")

    def print(self, said: str = "", style: str | None = None) -> None:
        shown = "\n".join(map(plain, said.split("\n")))
        with waiting.hidden():
            if self.is_terminal:
                long = any(len(word) > self.console.width for word in shown.split())
                self.console.print(shown, style=style, soft_wrap=long)
            else:  # at once, so that what goes to one place by both streams keeps its order
                print(shown, file=getattr(sys, self.stream), flush=True)


out = Speech("stdout")
talk = Speech("stderr")
PIPED = 140  # columns of a table that goes to no terminal, unless COLUMNS says


def as_json(facts: object) -> None:
    """Print facts as one JSON document on stdout; what an iterator gives becomes a list, of which one at a time is in
    memory."""
    sys.stdout.writelines(_spelled(facts, "\n"))
    sys.stdout.write("\n")


def _spelled(facts: object, line: str) -> Iterator[str]:
    """The same in pieces; `line` breaks a line and indents it."""
    if isinstance(facts, Iterator):
        between = "["
        for one in facts:
            yield f"{between}{line}  "
            yield from _spelled(one, f"{line}  ")
            between = ","
        yield "[]" if between == "[" else f"{line}]"
    elif isinstance(facts, dict) and any(isinstance(one, Iterator) for one in facts.values()):
        between = "{"
        for name, one in facts.items():
            yield f"{between}{line}  {json.dumps(name)}: "
            yield from _spelled(one, f"{line}  ")
            between = ","
        yield f"{line}}}"
    else:
        yield json.dumps(facts, indent=2, ensure_ascii=True).replace("\n", line)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; numbers and sizes to the right, foreign text through `printable`."""
    rows = [list(row) for row in rows]
    right = [bool(rows) and all(isinstance(row[i], int) for row in rows) for i in range(len(columns))]
    out.print(title, style="bold")
    drawn = verbs.drawing.table(columns, right, [list(map(_cell, row)) for row in rows])
    if out.is_terminal:
        with waiting.hidden():
            out.console.print(drawn)
    else:
        out.print(verbs.drawing.text(drawn, width()))
    out.print()


def width() -> int:
    """The columns that a line has."""
    if out.is_terminal:
        return out.console.width
    asked = os.environ.get("COLUMNS", "")
    return int(asked) if asked.isdigit() else PIPED


class Size(int):
    """Bytes, shown as people read them."""


class Ours(str):
    """Words of our own, such as a flag: no comment mark in them is broken."""


def _cell(value: object) -> str:
    if isinstance(value, Ours):
        return plain(value)
    if isinstance(value, Size):
        return human(value)
    if isinstance(value, int):
        return f"{value:,}"
    return printable(value)


def confirm(question: str) -> bool:
    """Ask on a terminal; anything but yes is no. Without a terminal the answer is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    with waiting.hidden():
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")


def insist(question: str, yes: bool, again: str) -> None:
    """Go on only after a yes; raises `Refusal` 2 otherwise, with the way to go on."""
    if not (yes or confirm(question)):
        raise Refusal(f"Nothing was changed; {again}", PENDING)


def warn(warnings: Iterable[str]) -> None:
    """What does not stop a verb and must be seen."""
    for warning in warnings:
        talk.print(f"Warning: {plain(warning)}")
