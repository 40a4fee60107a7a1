"""What is said to people: sizes, times, and text that comes from a store."""

from __future__ import annotations

import errno
import os
import re
import sys
from datetime import UTC, datetime

HOUR = 3_600_000
DAY = 24 * HOUR
COMMENT_MARKS = ("*/", "/*", "--")


def program() -> str:
    """The name that this run was called by, for a sentence that names a command: `invoke` in the checkout."""
    name = os.path.basename(sys.argv[0]).removesuffix(".exe")  # noqa: PTH119 (pathlib would load on every start)
    return name if name == "inv" or name.startswith("opencode-lifecycle") else "invoke"


def printable(text: object, limit: int = 80) -> str:
    r"""Foreign text, safe in a comment and on a terminal: the one way by which a title, path or id reaches either.

    A title with a newline and `.shell ...` once ran a command in sqlite3; so whatever is not printable becomes
    `\u{...}`, comment marks are broken, and at most `limit` characters are left.
    """
    shown = plain(str(text)[: limit + 1])
    for mark in COMMENT_MARKS:
        while mark in shown:
            shown = shown.replace(mark, f"{mark[0]} {mark[1]}")
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def plain(text: str) -> str:
    """One line without anything that a terminal would act on."""
    return text if text.isprintable() else "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text)


def json_text(value: object) -> str:
    """A text of a store, or what stands in its place (nothing, a number, a BLOB), as JSON can say it."""
    said = value.decode("utf-8", "replace") if isinstance(value, bytes) else str("" if value is None else value)
    return said.encode("utf-8", "replace").decode()


def whole(text: str) -> bool:
    """Whether a text is UTF-8, without half of a surrogate pair or an octet that was none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# Of a URL: what stands before the last @ of a word with a colon in it, where `printable` may have parted a mark; the
# same with blanks in it, behind a scheme; and what is left of a word that was cut before its @ came.
_SCHEME = r"\b[a-z][a-z0-9+.-]*:"
_WORD = r"(?:\S|(?<=-) (?=-)|(?<=/) (?=\*)|(?<=\*) (?=/))*"
USERINFO = rf"(?i)((?:{_SCHEME})?/{{0,3}})[^\s/:@\"']*:{_WORD}@"
SPACED = rf"(?i)({_SCHEME}/{{1,3}})[^\s/:@]*:(?!\d+(?:[/\s]|$))(?:(?!; ).)*@"
CUT = rf"(?i)((?:{_SCHEME})?/{{0,3}})(?![a-z]:[\\/])[^\s/:@\"']+:{_WORD}(?=…)"
# What follows the name of a secret, in quotes or braces that may be left open, or up to a blank.
NAMED = r"""(?ix)((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key)["']?\s*=\s*
                       |(?:pass(?:word|wd|phrase)|pwd)["']?:\s*|-\s?-pass(?:word|wd)\s+)
                       (?:'(?:\\.|[^'\\])*(?:'|$)|"(?:\\.|[^"\\])*(?:"|$)|\{[^}]*(?:\}|$))?
                       \S*?(?=[;.,:)`'"…]*(?:\s|$))"""


def masked(text: str) -> str:
    """A sentence without anything that could be a password: a mistyped URL is said like any other value."""
    # `re` keeps what it has compiled; a start that refuses nothing compiles none of these.
    for pattern, shown in ((USERINFO, r"\1***@"), (SPACED, r"\1***@"), (CUT, r"\1***"), (NAMED, r"\1***")):
        text = re.sub(pattern, shown, text)
    return text


def unusable(error: Exception) -> str:
    """The sentence for a value that no file system or reader takes; any other error is raised again."""
    said = str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL):
        return f"{printable(masked(str(error.filename)), 200)} is no name of a file: {error.strerror}."
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        return "A name holds octets that are no UTF-8, so no store is known by it here; give the file another."
    if "null byte" in said or "null character" in said:
        return "A value holds a NUL character, which no name of a file can."
    if "home directory" in said:
        return "A path begins with ~ and a name that no user of this machine has; write the path out."
    raise error


def span(milliseconds: int) -> str:
    """A duration in the unit people would say it in: `30 days`, `2.5 days`, `1 hour`."""
    days = milliseconds >= 2 * DAY or (milliseconds and milliseconds % DAY == 0)
    number, unit = (milliseconds / DAY, "day") if days else (milliseconds / HOUR, "hour")
    return many(round(number, 1) if number < 100 else round(number), unit)


def many(number: float, thing: str) -> str:
    """`1 tree`, `1,200 trees`, `2.5 days`."""
    shown = f"{number:,}".removesuffix(".0")
    return f"{shown} {thing}" if shown == "1" else f"{shown} {thing}s"


def human(octets: int) -> str:
    """A size in powers of ten, as disks are sold: `1.2 GB`."""
    from rich import filesize  # every verb loads this module, and not every verb says a size

    return ("-" if octets < 0 else "") + filesize.decimal(abs(octets))


def stamp(milliseconds: int) -> str:
    """A moment to the minute, UTC."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError):
        return f"{milliseconds} ms"
