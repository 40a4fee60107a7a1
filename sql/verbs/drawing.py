"""What `rich` draws: tables, and lines on a terminal. Only `console` asks for it, where there is something to draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

# Where a line is too narrow for all, these are shortened, those go on in the next line, and the rest stays whole.
CUT = ("title", "export", "store", "file", "tree")
TURNED = ("value", "verdict", "outcome")


def console(**options: Any) -> Console:
    """What writes; no text of a store is markup."""
    return Console(markup=False, highlight=False, emoji=False, **options)


def table(columns: Sequence[str], right: Sequence[bool], rows: Iterable[Sequence[str]]) -> Table:
    """A table of cells as they are to be read; `right` says of each column whether it holds numbers."""
    shown = Table(show_edge=False, pad_edge=False, box=None, header_style="dim")
    for name, number in zip(columns, right, strict=True):
        shown.add_column(name, justify="right" if number else "left", no_wrap=name not in CUT + TURNED)
    for row in rows:
        shown.add_row(*(Text(cell, no_wrap=name in CUT or None, overflow="ellipsis")
                        for name, cell in zip(columns, row, strict=True)))
    return shown


def text(table: Table, width: int) -> str:
    """The same where there is no terminal: without colours, and without blanks at the end of a line."""
    paper = console(width=width, force_terminal=False)
    with paper.capture() as captured:
        paper.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())
