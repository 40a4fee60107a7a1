"""Which sessions the `[protect]` of a policy names, by one rule on every engine.

Engines fold letters, normalise and stop at a NUL each in a way of their own. So the texts are compared here, while
they are read, and what matched is loaded into a work table as data, like pins; the templates decide what follows.
A function registered with SQLite would be this same code, and missing in its shell; MariaDB and SQL Server have no
normalisation, and a folded column that is kept there would be one of ours in the client's tables.

- A title: `*` is any run of characters, `?` exactly one, nothing else is special; case and the form of an accent do
  not count (`fold`). A session without a title has an empty one.
- A project: its id, exactly.
- A folder protects itself and all below it. Paths of Windows (a drive letter, or a share) compare without case and
  with either slash; all others compare exactly.
"""

from __future__ import annotations

import fnmatch
import functools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..store import Store
from ..words import printable

WINDOWS = re.compile(r"[A-Za-z]:(?:[\\/]|$)|(?:\\\\|//)[^\\/]")
VERBATIM = re.compile(r"//[?.]/(unc/)?")  # in front of a path that Windows is to take as it is
DOTTED = re.compile("i\u0307+")


@dataclass(frozen=True)
class ProtectPattern:
    """A pattern of the policy; `kind` is the key of `[protect]` under which it stands."""

    kind: str
    text: str

    def unmet(self, name: str) -> str:
        """The warning for a pattern that matches no session of the store `name`: a hole in the safety net."""
        said = {"titles": "matches the title of no session", "projects": "is the project id of no session",
                "directories": "is the folder of no session, and none is below it"}[self.kind]
        named = f"[protect] {self.kind}: {printable(self.text)}"
        return f"{named} {said} in {printable(name, 500)}; it protects nothing."


@dataclass(frozen=True)
class Looks:
    """What of a session the patterns are held against."""

    titles: tuple[str, ...]
    project: str | None
    folder: str


def find(store: Store, patterns: tuple[ProtectPattern, ...]) -> tuple[ProtectPattern, ...]:
    """Leave in the work table which sessions a pattern names; return the patterns that name none."""
    met: set[int] = set()
    if patterns:
        found = _matches(store, patterns, met)
        # One connection to a server has one result at a time: there, what matched is gathered first.
        store.on.write(store.connection, "lc_match", ("id", "pattern"), found if store.path else list(found))
    return tuple(pattern for number, pattern in enumerate(patterns) if number not in met)


def unmet(store: Store, patterns: tuple[ProtectPattern, ...]) -> tuple[ProtectPattern, ...]:
    """The patterns that name no session; nothing is left anywhere."""
    met: set[int] = set()
    for _ in _matches(store, patterns, met) if patterns else ():
        pass
    return tuple(pattern for number, pattern in enumerate(patterns) if number not in met)


def _matches(store: Store, patterns: tuple[ProtectPattern, ...], met: set[int]) -> Iterator[tuple[object, int]]:
    """Each session that a pattern names, with the number of the first such; `met` gathers the numbers of all that name
    one."""
    tests = [_test(pattern) for pattern in patterns]
    kinds = {pattern.kind for pattern in patterns}
    single = any("?" in pattern.text for pattern in patterns)
    for id, title, project, directory in store.rows("retention/named"):
        looks = Looks(
            titles(_text(title), single) if "titles" in kinds else (),
            None if project is None else _text(project),
            folder(_text(directory)) if "directories" in kinds else "",
        )
        hits = [number for number, test in enumerate(tests) if test(looks)]
        if hits:
            met.update(hits)
            yield id, hits[0]


def _test(pattern: ProtectPattern) -> Callable[[Looks], bool]:
    if pattern.kind == "titles":
        fits = re.compile(fnmatch.translate(fold(pattern.text).replace("[", "[[]"))).match
        return lambda looks: any(map(fits, looks.titles))
    if pattern.kind == "projects":
        return lambda looks: looks.project == pattern.text
    above = folder(pattern.text)
    return lambda looks: bool(above) and looks.folder.startswith(above)


def _text(value: object) -> str:
    """A column as text: octets that are no UTF-8 stay what no pattern can hold."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "surrogateescape")
    return "" if value is None else str(value)


def fold(text: str) -> str:
    """Equal for texts that differ in case, or in how an accent is put together; every i is one, with a dot or without.

    Unicode's canonical caseless matching (its standard, D145), composed again.
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFC", DOTTED.sub("i", apart.replace("ı", "i")))


def titles(title: str, single: bool = True) -> tuple[str, ...]:
    """A title as patterns see it: folded; and where a letter folds to several, also with that letter as one for `?`
    (`single`)."""
    folded = fold(title)
    if title.isascii() or not single:
        return (folded,)
    letters = "".join(_one(letter) for letter in unicodedata.normalize("NFC", title))
    return (folded,) if letters == folded else (folded, letters)


def _one(letter: str) -> str:
    folded = fold(letter)
    return folded if len(folded) == 1 else letter


@functools.lru_cache(maxsize=4_096)  # many sessions, few folders
def folder(path: str) -> str:
    """A folder's name in one form, ending in a slash, so that what is below it begins with it; empty for none."""
    lead = "/" if path.startswith("/") else ""
    if WINDOWS.match(path):
        path = fold(path.replace("\\", "/"))
        share = VERBATIM.sub(lambda found: "//" if found[1] else "", path, count=1)
        lead, path = r"\\" if share.startswith("//") else "", share
    else:
        path = unicodedata.normalize("NFC", path)
    return lead + "".join(f"{name}/" for name in path.split("/") if name not in ("", "."))
