"""Huge values on their way into a file: looked at and written a slice at a time, so that none is in memory as one."""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..engines import Slices

BASE64 = b'{"base64":"'
MARK = b'","type":"%s"}'
DEEPEST = 1_000           # brackets open at once; SQLite calls what is deeper no JSON
CODED = 4 << 20           # octets of base64 turned back at once; a multiple of four
AT_ONCE = 1 << 20         # octets that the grammar is held against at once

INSIDE = re.compile(rb'(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
BLANK = re.compile(rb"[ \t\r\n]*+")
WORD = re.compile(rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][-+]?[0-9]++)?+|true|false|null")
UNENDED = re.compile(rb"[-+.0-9a-zA-Z]*+")
LONGEST_WORD = 1 << 16    # octets of a number, beyond which a text is called no JSON


class NoJson(Exception):
    """What came is no JSON by its grammar."""


class Grammar:
    """Holds octets against the grammar of JSON as they come; `feed` and `end` raise `NoJson`. Whoever wants to know
    what came hears of it: octets between texts and their quotes, and those inside of texts, piece by piece."""

    def __init__(self) -> None:
        self._open: list[int] = []       # brackets, as octets
        self._expects = "value"          # value, item (or the end of a list), key, first key, colon, after
        self._inside = False             # a text
        self._kept = b""

    def feed(self, octets: bytes, last: bool = False) -> None:
        """The next octets of the text; none come after the `last`."""
        text, at = self._kept + octets, 0
        self._kept = b""
        while at < len(text):
            at = self._in_text(text, at, last) if self._inside else self._between(text, at, last)

    def end(self) -> None:
        """Nothing more comes."""
        self.feed(b"", last=True)
        if self._kept or self._inside or self._open or self._expects != "after":
            raise NoJson

    def _in_text(self, text: bytes, at: int, last: bool) -> int:
        start, at = at, INSIDE.match(text, at).end()  # type: ignore[union-attr]
        self.inside(text[start:at])
        if at == len(text):
            return at
        if text[at] == ord('"'):
            self._inside, is_key = False, self._expects in ("key", "first key")
            self._expects = "colon" if is_key else "after"
            self.closed_text(is_key)
            return at + 1
        if text[at] != ord("\\") or len(text) - at > 6 or last:
            raise NoJson
        self._kept = text[at:]
        return len(text)

    def _between(self, text: bytes, at: int, last: bool) -> int:
        at = BLANK.match(text, at).end()  # type: ignore[union-attr]
        if at == len(text):
            return at
        mark = text[at]
        if mark == ord('"') and self._expects in ("value", "item", "key", "first key"):
            self._inside = True
            self.opened_text()
            return at + 1
        step = self._mark_or_word(text, at, last)
        self.between(text[at:step] if not self._kept else b"")
        return step

    def _mark_or_word(self, text: bytes, at: int, last: bool) -> int:
        mark = text[at]
        if mark in b"{[" and self._expects in ("value", "item"):
            if len(self._open) == DEEPEST:
                raise NoJson
            self._open.append(mark)
            self._expects = "first key" if mark == ord("{") else "item"
            return at + 1
        if mark in b"}]":
            return self._closed(mark, at)
        if mark == ord(":") and self._expects == "colon":
            self._expects = "value"
            return at + 1
        if mark == ord(",") and self._expects == "after" and self._open:
            self._expects = "key" if self._open[-1] == ord("{") else "value"
            return at + 1
        return self._word(text, at, last)

    def _closed(self, mark: int, at: int) -> int:
        empty = "first key" if mark == ord("}") else "item"
        if not self._open or self._open.pop() + 2 != mark or self._expects not in ("after", empty):
            raise NoJson
        self._expects = "after"
        return at + 1

    def opened_text(self) -> None:
        """A text begins."""

    def inside(self, octets: bytes) -> None:
        """The next octets of the text, as they are written."""

    def closed_text(self, is_key: bool) -> None:
        """The text ends."""

    def between(self, octets: bytes) -> None:
        """A bracket, colon, comma, number or word."""

    def _word(self, text: bytes, at: int, last: bool) -> int:
        """A number, true, false or null; one that may go on is kept until more comes."""
        end = UNENDED.match(text, at).end()  # type: ignore[union-attr]
        if self._expects not in ("value", "item") or end == at or end - at > LONGEST_WORD:
            raise NoJson
        if end == len(text) and not last:
            self._kept = text[at:]
            return len(text)
        if not WORD.fullmatch(text, at, end):
            raise NoJson
        self._expects = "after"
        return end


@dataclass(frozen=True)
class HugeValue:
    """A huge text or BLOB: its octets come a slice at a time; `valid` is whether it is JSON, `clean` whether it is
    UTF-8 without NUL, `head` and `tail` are its first and last octets."""

    octets: Slices
    valid: bool
    clean: bool
    head: bytes
    tail: bytes

    @property
    def is_text(self) -> bool:
        return self.octets.is_text

    def __len__(self) -> int:
        return len(self.octets)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.octets)


def looked_at(octets: Slices) -> HugeValue:
    """A value read once from front to end, to know what it is before it is written."""
    grammar, decode = Grammar(), codecs.getincrementaldecoder("utf-8")().decode
    valid, clean, head, tail = octets.is_text, octets.is_text, b"", b""
    for piece in octets:
        head, tail = head or piece[:64], piece[-1:]
        clean = clean and _goes_on(piece, decode)
        for at in range(0, len(piece) if valid else 0, AT_ONCE):
            try:
                grammar.feed(piece[at:at + AT_ONCE])
            except NoJson:
                valid = False
                break
    try:
        decode(b"", True)
    except UnicodeDecodeError:
        clean = False
    if valid:
        try:
            grammar.end()
        except NoJson:
            valid = False
    return HugeValue(octets, valid, clean, head, tail)


def _goes_on(piece: bytes, decode: Callable[..., str]) -> bool:
    """Whether the next octets are UTF-8 without NUL."""
    if 0 in piece:
        return False
    try:
        for at in range(0, len(piece), AT_ONCE):
            decode(piece[at:at + AT_ONCE])
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True)
class Coded:
    """Octets as base64, a few at a time."""

    octets: Slices

    def __len__(self) -> int:
        return (len(self.octets) + 2) // 3 * 4

    def __iter__(self) -> Iterator[bytes]:
        left = b""
        for piece in self.octets:
            left += piece
            whole = len(left) // 3 * 3
            yield base64.b64encode(memoryview(left)[:whole])
            left = left[whole:]
        yield base64.b64encode(left)


def apart(value: HugeValue, is_json: bool) -> tuple[list[Any], bool]:
    """The pieces of a huge value as they stand in an export, and whether it is sound."""
    if value.clean and value.valid and not value.head.startswith(BASE64):
        return [value.octets], True
    sound = value.clean and (value.valid or not is_json)
    return [BASE64, Coded(value.octets), MARK % (b"text" if value.is_text else b"blob")], sound


def unspan(span: bytearray) -> bytes | bytearray:
    """The stored value of what stands apart: bytearray for a text, bytes for a BLOB; `ValueError` for neither."""
    if not span.startswith(BASE64):
        return span
    end = span.rindex(b'","type":"')
    kind = bytes(span[end:])
    if kind not in (MARK % b"text", MARK % b"blob"):
        raise ValueError("an unknown kind of value")
    done = 0  # what is decoded takes the place of what was read: both at once would be two huge ones
    for at in range(len(BASE64), end, CODED):
        value = base64.b64decode(memoryview(span)[at:min(at + CODED, end)], validate=True)
        if len(value) < CODED // 4 * 3 and at + CODED < end:
            raise ValueError("something after its end")
        span[done:done + len(value)] = value
        done += len(value)
    del span[done:]
    return span if kind == MARK % b"text" else bytes(span)
