"""What people see: tables on stdout, talk and progress on stderr, JSON for machines. No text of a store is markup."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from ..refusal import PENDING, Refusal
from ..words import human, plain, printable
from .waiting import line as waiting


class Speech(Console):
    """Lines that are broken between words on a terminal, never inside a long path, and not at all elsewhere."""

    def print(self, *said: Any, **options: Any) -> None:
        long = any(len(word) > self.width for one in said if isinstance(one, str) for word in one.split())
        shown = (_lines(one) if isinstance(one, str) else one for one in said)
        with waiting.hidden():
            super().print(*shown, soft_wrap=long or not self.is_terminal, **options)


def _lines(text: str) -> str:
    return "\n".join(map(plain, text.split("\n")))


out = Speech(markup=False, highlight=False, emoji=False)
talk = Speech(markup=False, highlight=False, emoji=False, stderr=True)
PIPED = 140  # columns of a table that goes to no terminal, unless COLUMNS says
# Where a line is too narrow for all, these are shortened, those go on in the next line, and the rest stays whole.
CUT = ("title", "export", "store", "file", "tree")
TURNED = ("value", "verdict", "outcome")


def as_json(facts: object) -> None:
    """Print facts as one JSON document on stdout."""
    sys.stdout.write(json.dumps(facts, indent=2, ensure_ascii=True) + "\n")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; numbers and sizes to the right, foreign text through `printable`."""
    shown = Table(show_edge=False, pad_edge=False, box=None, header_style="dim")
    rows = [list(row) for row in rows]
    for i, name in enumerate(columns):
        right = bool(rows) and all(isinstance(row[i], (int, Size)) for row in rows)
        shown.add_column(name, justify="right" if right else "left", no_wrap=name not in CUT + TURNED)
    for row in rows:
        shown.add_row(*(Text(_cell(value), no_wrap=name in CUT or None, overflow="ellipsis")
                        for name, value in zip(columns, row, strict=True)))
    out.print(title, style="bold")
    console = Console(markup=False, highlight=False, emoji=False, width=width())
    if out.is_terminal:
        with waiting.hidden():
            console.print(shown)
    else:
        with console.capture() as captured:
            console.print(shown)
        out.print("\n".join(line.rstrip() for line in captured.get().splitlines()))
    out.print()


def width() -> int:
    """The columns that a line has."""
    return out.width if out.is_terminal or "COLUMNS" in os.environ else PIPED


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
    bar = Bars(*columns)
    with bar.shown:
        task = bar.add_task(label, total=total, start=False)

        def tell(done: float, of: float | None = None) -> None:
            bar.begin(task)
            bar.update(task, completed=done, total=of or total)
        yield tell


class Bars(Progress):
    """Bars that are drawn once the first is told of anything: until then there is nothing to see."""

    def __init__(self, *columns: ProgressColumn):
        super().__init__(*columns, console=talk, transient=True, disable=waiting.quiet or not talk.is_terminal)
        self.shown = ExitStack()  # what ends with them

    def begin(self, task: TaskID) -> None:
        """A task is at work from now on."""
        if self.tasks[task].started:
            return
        if not any(one.started for one in self.tasks):
            self.shown.enter_context(waiting.hidden())
            self.start()
            self.shown.callback(self.stop)
        self.start_task(task)


@contextmanager
def stages(*stages: tuple[str, str]) -> Iterator[list[Callable[[float, float], object]]]:
    """Bars for (label, unit), each shown once it begins; yields a function for each, which takes done and total."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
               TextColumn("{task.completed:,.0f}/{task.total:,.0f} {task.fields[unit]}"), TimeElapsedColumn(),
               TimeRemainingColumn())
    bar = Bars(*columns)
    with bar.shown:
        def told(label: str, unit: str) -> Callable[[float, float], object]:
            task = bar.add_task(label, total=1, unit=unit, visible=False, start=False)

            def tell(done: float, of: float) -> None:
                bar.begin(task)
                bar.update(task, completed=done, total=of, visible=True)
            return tell
        yield [told(label, unit) for label, unit in stages]


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
