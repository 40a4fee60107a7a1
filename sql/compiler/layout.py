"""Statements laid out for a reader: what fits on a line stands on one, what does not is cut where it joins."""

from __future__ import annotations

import re
from functools import lru_cache

WIDTH = 140
SHORT = 118               # a whole statement of this length stands on one line
CLOSES = (")", "END")
FILLED = ("SELECT", "VALUES", "CREATE")
JOINTS = re.compile(r" (?=(?:\+|\|\|) )")
GOES_ON = ("+ ", "|| ", "CROSS ", "GROUP ")


@lru_cache(maxsize=1024)
def folded(sql: str, width: int = WIDTH) -> str:
    """A statement as the printer indents it, in as few lines as fit; untouched where a text in it spans lines."""
    lines = sql.split("\n")
    if any(line.count("'") % 2 for line in lines):
        return sql
    if sum(len(line.lstrip()) for line in lines) <= SHORT:
        flat = " ".join(_block(list(lines), 0, 0, len(sql))[0])
        if len(flat) <= SHORT:
            return flat
    laid, _ = _block([piece for line in lines for piece in _cut(line, width)], 0, 0, width)
    return "\n".join(laid)


def _cut(line: str, width: int) -> list[str]:
    """A sum or a text that is too long for a line, a summand a line: never cut inside of brackets or of a literal."""
    found: list[str] = []
    around = line.endswith(" CASE") or line.lstrip().startswith("END ")  # which may be folded itself
    for piece in JOINTS.split(line) if len(line) > width or around else [line]:
        if found and not _balanced(found[-1]):
            found[-1] += f" {piece}"
        else:
            found.append(" " * _depth(line) + piece if found else piece)
    return found


def _balanced(text: str) -> bool:
    return text.count("'") % 2 == 0 and text.count("(") == text.count(")")


def _block(lines: list[str], at: int, depth: int, width: int) -> tuple[list[str], int]:
    """The lines from `at` that are indented by `depth` or more, folded; and where the next one stands."""
    laid: list[str] = []
    while at < len(lines) and _depth(lines[at]) >= depth:
        head, here = lines[at], _depth(lines[at])
        inner, at = _block(lines, at + 1, here + 1, width)
        closer = at < len(lines) and _depth(lines[at]) == here and lines[at].lstrip().startswith(CLOSES)
        whole = _joined(head, inner, lines[at].lstrip() if closer else "")
        if inner and len(whole) <= width:
            if closer:  # which may open something itself: ") AS k" and what follows
                lines[at] = whole
            else:
                laid.append(whole)
        else:
            laid += _headed(head, _filled(inner, (",",) if head.split()[0] in FILLED else (), width), width)
    return (laid if depth else _filled(laid, (), width)), at


def _headed(head: str, inner: list[str], width: int) -> list[str]:
    """A head and what is below it; the first columns of a SELECT stand beside it."""
    beside = head.strip() == "SELECT" and inner[0].endswith(",") and len(head) + len(inner[0].strip()) < width
    return [f"{head} {inner[0].strip()}", *inner[1:]] if beside else [head, *inner]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _joined(head: str, inner: list[str], closer: str) -> str:
    middle = " ".join(line.strip() for line in inner)
    before = "" if head.endswith("(") or not middle else " "
    after = "" if not closer or closer.startswith(")") else " "
    return f"{head}{before}{middle}{after}{closer}"


def _filled(lines: list[str], ends: tuple[str, ...], width: int) -> list[str]:
    """Lines that go on where the one before stopped, several to one; after one of `ends` every line does."""
    found: list[str] = []
    for line, below in zip(lines, [*lines[1:], ""], strict=False):
        last = found[-1] if found else ""
        goes_on = line.lstrip().startswith(GOES_ON) or bool(ends) and last.endswith(ends)
        level = _depth(last) == _depth(line) >= _depth(below)
        if last and goes_on and level and len(last) + 1 + len(line.strip()) <= width:
            found[-1] += " " + line.strip()
        else:
            found.append(line)
    return found
