"""Every key of a policy file, by section, and how its value is read. Readers raise `Refusal` 64, naming the value."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from pathlib import PureWindowsPath
from typing import Any

from ..sql.reclamation.kinds import KINDS
from ..sql.refusal import BAD_VALUE, Refusal
from ..sql.words import printable
from . import units

Reader = Callable[[Any, str], object]

AGES = ("activity", "created")
METHODS = ("auto", "incremental", "full", "none")

LONGEST = 1_000   # characters of a pattern, project id, folder or command
MOST = 10_000     # patterns of one kind, marks of size, sections of projects
SHARE = re.compile(r"\s*([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%\s*")
PASSWORD = re.compile(r"://[^/?#]*:[^/?#@]*@|[?&](password|passwd|pwd)=", re.IGNORECASE)
UNSEEN = re.compile(r"[\x00-\x1f\x7f]")


def flag(value: Any, name: str) -> bool:
    """True or false; raises `Refusal` 64 for anything else."""
    if not isinstance(value, bool):
        raise Refusal(f"{name}={printable(value)}: neither true nor false.", BAD_VALUE)
    return value


def texts(value: Any, name: str) -> tuple[str, ...]:
    """A list of texts that are not empty."""
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise Refusal(f"{name}={printable(value)}: not a list of texts.", BAD_VALUE)
    _refuse_many(value, name)
    if (long := next((v for v in value if len(v) > LONGEST), None)):
        raise Refusal(f"{name}={printable(long)}: {len(long):,} characters; {LONGEST:,} are the most.", BAD_VALUE)
    return tuple(value)


def sizes(value: Any, name: str) -> tuple[int, ...]:
    """A list of sizes, each once, the smallest first; bytes."""
    if not isinstance(value, list):
        raise Refusal(f"{name}={printable(value)}: not a list of sizes such as [\"500MB\", \"2GB\"].", BAD_VALUE)
    _refuse_many(value, name)
    return tuple(sorted({units.size(v, name) for v in value}))


def one_of(*known: str) -> Reader:
    """A reader of one of a few words."""
    def read(value: Any, name: str) -> str:
        if value not in known or not isinstance(value, str):
            raise Refusal(f"{name}={printable(value)}: not one of {', '.join(known)}{hint(value, known, '')}.",
                          BAD_VALUE)
        return value
    return read


def share(value: Any, name: str) -> float:
    """A share such as "50%", as a number from 0 to 1."""
    match = SHARE.fullmatch(value) if isinstance(value, str) else None
    if not match or float(match[1]) > 100:
        raise Refusal(f"{name}={printable(value)}: not a share from \"0%\" to \"100%\".", BAD_VALUE)
    return float(match[1]) / 100


def some_share(value: Any, name: str) -> float:
    """A share of more than nothing."""
    found = share(value, name)
    if not found:
        raise Refusal(f"{name}={printable(value)}: with it nothing could ever go; take more than 0%, or set no limit.",
                      BAD_VALUE)
    return found


def command(value: Any, name: str) -> str:
    """A command line that is run without a shell; empty is none."""
    if not isinstance(value, str) or UNSEEN.search(value) or len(value) > LONGEST:
        raise Refusal(f"{name}={printable(value)}: not one line of a command, of {LONGEST:,} characters at most.",
                      BAD_VALUE)
    try:
        words = shlex.split(value)
    except ValueError as error:
        raise Refusal(f"{name}={printable(value)}: no command line ({error}).", BAD_VALUE) from None
    if words and "/" in words[0] and not _is_whole(words[0]):
        raise Refusal(f"{name}={printable(value)}: it begins with neither the name of a program nor a whole path, such "
                      "as \"~/bin/tell\"; a run that nobody watches may begin in any folder.", BAD_VALUE)
    return value.strip()


def where(value: Any, name: str) -> str:
    """The URL of a server, or the path of a file; empty is none. A password has no place in a policy."""
    if not isinstance(value, str) or UNSEEN.search(value) or len(value) > LONGEST:
        raise Refusal(f"{name}: not one line of a URL or path, of {LONGEST:,} characters at most.", BAD_VALUE)
    if PASSWORD.search(value):
        raise Refusal(f"{name}: a policy is shown and passed on, so it holds no password; leave it out of the URL, and "
                      "put it where the server's own programs look for it, or name an environment variable with the "
                      'whole URL: "env:NAME".', BAD_VALUE)
    place = value.strip()
    if place and not (place.startswith("env:") or "://" in place or _is_whole(place)):
        raise Refusal(f"{name}={printable(place)}: neither a URL nor a whole path, such as \"~/cold.db\"; a run that "
                      "nobody watches may begin in any folder.", BAD_VALUE)
    return place


def _is_whole(path: str) -> bool:
    """Whether a path leads to the same file from any folder."""
    return path.startswith(("~", "/")) or PureWindowsPath(path).is_absolute()


def hint(word: object, known: Iterable[str], otherwise: str | None = None) -> str:
    """The nearest known word, in brackets; else `otherwise`, or the list of all."""
    near = difflib.get_close_matches(str(word)[:LONGEST].lower(), known, n=1)
    if near:
        return f" (did you mean {near[0]}?)"
    return f"; known are {', '.join(sorted(known))}" if otherwise is None else otherwise


def home_of(key: str) -> str:
    """The section below which a key belongs, in words; '' for a key of none."""
    homes = [section for section, known in SECTIONS.items() if key in known]
    return f"; it belongs below [{homes[0]}]" if homes else ""


def _refuse_many(value: list[Any], name: str) -> None:
    if len(value) > MOST:
        raise Refusal(f"{name}: {len(value):,} entries; {MOST:,} are the most.", BAD_VALUE)


# The limits on trees: what the flags of a run switch off or replace.
LIMITS: Mapping[str, Reader] = {
    "max_age": units.duration, "max_sessions": units.count, "max_size": units.size,
    "max_tree_size": units.size, "child_max_age": units.duration,
}

# Every key of a policy file, by section, and how its value is read.
SECTIONS: Mapping[str, Mapping[str, Reader]] = {
    "limits": {**LIMITS, "age_by": one_of(*AGES)},
    "protect": {
        "titles": texts, "projects": texts, "directories": texts, "grace": units.duration,
        "keep_last": units.count, "keep_last_per_project": units.count, "restored": units.duration,
    },
    "warn": {"sizes": sizes, "notify": command},
    "enforce": {"archive_after": units.duration, "max_share": some_share, "min_interval": units.duration,
                "announce": units.duration},
    "space": {"overwrite": flag, "method": one_of(*METHODS), "free": share},
    "reclaim": dict.fromkeys(KINDS, flag) | {"idle": units.duration, "export_reclaimed": flag},
    "exports": {"max_age": units.duration, "max_size": units.size, "to": where},
}

# What a section [project."ID or folder"] may say of that project alone.
OF_PROJECT: Mapping[str, Callable[[Any, str], int]] = {
    "max_age": units.duration, "max_tree_size": units.size, "child_max_age": units.duration,
    "max_sessions": units.count, "archive_after": units.duration,
}

# Keys whose name in a Policy is not that in the file, where two sections have one of the same name.
FIELDS = {("exports", "max_age"): "exports_max_age", ("exports", "max_size"): "exports_max_size",
          ("exports", "to"): "exports_to",
          ("space", "method"): "space_method", ("space", "free"): "space_free"}


def field(section: str, key: str) -> str:
    """The name of a key in a Policy."""
    return FIELDS.get((section, key), key)
