"""A policy as TOML: what holds, with where each value was set; and as a file to begin with, each key explained."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from . import keys, units
from .policy import HERE, Policy

DEFAULT = "default"
LINE = re.compile(r"(\w+) = (.*?)(\s*)(#.*)?")
SECTION = re.compile(r"\[(\w+)\]")
PROJECTS = "\n# A section of its own may give a project other limits"


def effective(policy: Policy) -> str:
    """Every key with its value, and where it was set as a comment: a file, a flag, or the default."""
    lines: list[str] = []
    for section, known in keys.SECTIONS.items():
        lines += ["", f"[{section}]"]
        lines += _said([(key, _toml(read, getattr(policy, keys.field(section, key))),
                         policy.origins.get(f"{section}.{key}", DEFAULT)) for key, read in known.items()])
    for own in policy.per_project:
        lines += ["", f"[project.{_text(own.project)}]"]
        lines += _said([(key, _toml(read, getattr(own, key)),
                         policy.origins.get(f"project.{own.project}.{key}", DEFAULT))
                        for key, read in keys.OF_PROJECT.items() if getattr(own, key) is not None])
    return "\n".join([f"# {policy.sentence()}", f"# {policy.unattended()}", *lines]) + "\n"


def commented(policy: Policy) -> str:
    """The file of the default policy, whose comments explain each key, with the values of this one."""
    default = (HERE / f"{DEFAULT}.toml").read_text(encoding="utf-8")
    body = default[default.index("\n["):default.index(PROJECTS)]
    own = effective(policy).partition("\n[project.")
    projects = f"{own[1]}{own[2]}" if own[1] else default[default.index(PROJECTS):]
    return ("# Your own policy: every verb that judges, and `enforce`, go by it. `policy` shows what holds, "
            f"`policy --check` looks for slips.\n{''.join(_lines(body, policy))}{projects}")


def _lines(body: str, policy: Policy) -> Iterator[str]:
    """The lines of the default's body, each value replaced where the policy has another."""
    section = ""
    for line in body.splitlines(keepends=True):
        if (head := SECTION.match(line)):
            section = head[1]
        if section and (said := LINE.fullmatch(line.rstrip("\n"))) and said[1] in keys.SECTIONS[section]:
            value = _toml(keys.SECTIONS[section][said[1]], getattr(policy, keys.field(section, said[1])))
            if getattr(policy, keys.field(section, said[1])) != getattr(Policy(), keys.field(section, said[1])):
                width = len(said[1]) + 3 + len(said[2]) + len(said[3])
                line = f"{said[1]} = {value}".ljust(width - 1) + f" {said[4]}\n"
        yield line


def _said(values: list[tuple[str, str, str]]) -> list[str]:
    """Lines of a section, the comments one below the other where the values are short."""
    width = max((len(f"{key} = {value}") for key, value, _ in values if len(value) < 40), default=0)
    return [f"{f'{key} = {value}':{width}}  # {origin}" for key, value, origin in values]


def _toml(read: keys.Reader | Callable[[Any, str], int], value: Any) -> str:
    """A value as the reader of its key reads it."""
    return WRITERS.get(read, _text)(value)


def _duration(milliseconds: int) -> str:
    for letter, unit in (("d", units.DAY), ("h", units.HOUR)):
        if milliseconds and milliseconds % unit == 0:
            return f'"{milliseconds // unit}{letter}"'
    return f'"{_decimal(milliseconds / units.HOUR, 12)}h"' if milliseconds else "0"


def _size(octets: int) -> str:
    for name, unit in (("TB", 10**12), ("GiB", 2**30), ("GB", 10**9), ("MiB", 2**20), ("MB", 10**6), ("kB", 10**3)):
        if octets and octets % unit == 0:
            return f'"{octets // unit}{name}"'
    return f'"{octets}b"' if octets else "0"


def _share(share: float) -> str:
    return f'"{_decimal(share * 100, 6)}%"'


def _decimal(number: float, digits: int) -> str:
    return f"{number:.{digits}f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    """A TOML string on one line, in which nothing is that a terminal would act on."""
    return '"' + "".join(_letter(letter) for letter in text) + '"'


def _letter(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"


def _list(write: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda values: f"[{', '.join(map(write, values))}]"


WRITERS: Mapping[Any, Callable[[Any], str]] = {
    units.duration: _duration, units.size: _size, units.count: str, keys.flag: lambda value: str(value).lower(),
    keys.texts: _list(_text), keys.sizes: _list(_size), keys.share: _share, keys.some_share: _share,
}
