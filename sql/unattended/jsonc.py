"""JSON with comments and trailing commas: one value is put in or cut out, and not one other octet changes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

SPACE = re.compile(r"(?:[\s\ufeff]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
BARE = re.compile(r"[^\s,:\[\]{}\"/]+")
# A comment behind what it speaks of, in the same line.
REST_OF_LINE = re.compile(r"[^\S\r\n]*(?://[^\r\n]*|/\*(?:(?!\*/)[^\n])*\*/[^\S\r\n]*(?=\r?\n))")
END_OF_LINE = re.compile(r"[^\S\r\n]*\r?\n")
BLANK = re.compile(r"[^\S\n]*")
DEEPEST = 100
OPEN = {"[": "]", "{": "}"}


@dataclass
class Node:
    """A value: where it begins and ends in the text, and what it is. A member of an object begins with its name.

    `children` are the items of an array or the members of an object; `comma` is where the comma behind this one is.
    """

    start: int
    end: int
    value: Any
    name: str | None = None
    children: list[Node] = field(default_factory=list)
    comma: int | None = None
    body: int = 0  # where the value itself begins, behind the name of a member

    def member(self, name: str) -> Node | None:
        """The last member of that name, which is the one that counts."""
        return next((one for one in reversed(self.children) if one.name == name), None)


def read(text: str) -> Node:
    """The value of a text, with its places. Raises `ValueError` with the line of what cannot be read."""
    found = _value(text, _skip(text, 0), 0)
    if (rest := _skip(text, found.end)) != len(text):
        raise _wrong(text, rest)
    return found


def put(text: str, place: Node, new: str) -> str:
    """The text with one more item of an array, or member of an object, behind the others."""
    if not place.children:
        inside = text[place.body + 1:place.end - 1]
        line = re.match(r"[^\S\n]*\r?\n", inside)
        lead = f"{line[0]}{_indent(text, place.start)}  ".lstrip(" \t") if line else ""
        return text[:place.body + 1] + lead + new + text[place.body + 1:]
    last = place.children[-1]
    behind, noted = _behind(text, last)
    before = text[place.children[-2].end if len(place.children) > 1 else place.body + 1:last.start]
    apart = f"{_newline(text)}{_indent(text, last.start)}" if "\n" in before or noted else " "
    if last.comma is not None:
        return f"{text[:behind]}{apart}{new},{text[behind:]}"
    return f"{text[:last.end]},{text[last.end:behind]}{apart}{new}{text[behind:]}"


def cut(text: str, place: Node, child: Node) -> str:
    """The text without one item or member, and without the comma and the blanks that came with it."""
    at = place.children.index(child)
    end = child.end if child.comma is None else child.comma + 1
    if at < len(place.children) - 1:
        return text[:child.start] + text[_next(text, end):]
    if not at:
        begin = place.body + 1
        return text[:begin if not text[begin:child.start].strip() else child.start] + text[end:]
    before = place.children[at - 1]
    begin, _ = _behind(text, before)
    kept = text[begin:child.start] if text[begin:child.start].strip() else ""
    if not kept and "//" in text[before.end:begin].rpartition("\n")[2] and not END_OF_LINE.match(text, end):
        kept = _newline(text)  # or what follows would be part of the comment
    if child.comma is None and before.comma is not None:
        return text[:before.comma] + text[before.comma + 1:begin] + kept + text[end:]
    return text[:begin] + kept + text[end:]


def replace(text: str, child: Node, new: str) -> str:
    """The text with another value in the place of an item."""
    return text[:child.start] + new + text[child.end:]


# --- places ----------------------------------------------------------------------------------------------------------


def _behind(text: str, child: Node) -> tuple[int, bool]:
    """The place behind a value, its comma, and a comment in the same line; whether there is one."""
    end = child.end if child.comma is None else child.comma + 1
    note = REST_OF_LINE.match(text, end)
    return (note.end(), True) if note else (end, False)


def _next(text: str, end: int) -> int:
    """Where what follows a cut begins: behind blanks, and behind one end of a line with the indentation after it."""
    found = BLANK.match(text, end)
    at = found.end() if found else end
    line = re.compile(r"\r?\n[^\S\n]*").match(text, at)
    return line.end() if line else at


def _indent(text: str, at: int) -> str:
    found = BLANK.match(text, text.rfind("\n", 0, at) + 1)
    return found[0] if found else ""


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


# --- reading ---------------------------------------------------------------------------------------------------------


def _value(text: str, at: int, depth: int) -> Node:
    if depth > DEEPEST:
        raise _wrong(text, at)
    if text[at:at + 1] in OPEN:
        return _container(text, at, depth)
    found = STRING.match(text, at) or BARE.match(text, at)
    if not found:
        raise _wrong(text, at)
    try:
        return Node(at, found.end(), json.loads(found[0]), body=at)
    except ValueError:
        raise _wrong(text, at) from None


def _container(text: str, start: int, depth: int) -> Node:
    close = OPEN[text[start]]
    found = list(_children(text, start + 1, close, depth))
    children, end = [child for child, _ in found if child], found[-1][1]
    value = [one.value for one in children] if close == "]" else {str(one.name): one.value for one in children}
    return Node(start, end, value, children=children, body=start)


def _children(text: str, at: int, close: str, depth: int) -> Iterator[tuple[Node | None, int]]:
    """Each child, and last of all where the container ends."""
    while text[(at := _skip(text, at)):at + 1] != close:
        child = _member(text, at, depth + 1) if close == "}" else _value(text, at, depth + 1)
        at = _skip(text, child.end)
        if text[at:at + 1] == ",":
            child.comma = at
            at += 1
        elif text[at:at + 1] != close:
            raise _wrong(text, at)
        yield child, at
    yield None, at + 1


def _member(text: str, at: int, depth: int) -> Node:
    name = STRING.match(text, at)
    colon = _skip(text, name.end()) if name else at
    if not name or text[colon:colon + 1] != ":":
        raise _wrong(text, at)
    found = _value(text, _skip(text, colon + 1), depth)
    found.name, found.start = json.loads(name[0]), at
    return found


def _skip(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at


def _wrong(text: str, at: int) -> ValueError:
    return ValueError(f"line {text.count(chr(10), 0, at) + 1}")
