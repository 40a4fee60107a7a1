"""A policy: what to keep, read from a TOML file and flags, checked, and said in one sentence."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..sql.files import place
from ..sql.reclamation.kinds import KINDS
from ..sql.refusal import BAD_VALUE, Refusal
from ..sql.retention.patterns import ProtectPattern
from ..sql.words import DAY, HOUR, human, printable, span
from . import units

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Policy:
    """Limits (0 is off), protections and the rest of a policy file. Times are milliseconds, sizes bytes."""

    source: str = ""
    max_age: int = 0
    max_sessions: int = 0
    max_size: int = 0
    max_tree_size: int = 0
    child_max_age: int = 0
    titles: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()
    grace: int = 24 * HOUR
    keep_last: int = 0
    keep_last_per_project: int = 0
    restored: int = 30 * DAY
    sizes: tuple[int, ...] = (100 * 10**6, 500 * 10**6, 10**9)
    overwrite: bool = False
    orphans: bool = True
    events: bool = True
    compacted: bool = True
    diffs: bool = True
    outputs: bool = False
    reasoning: bool = False
    attachments: bool = False
    leftovers: bool = False
    files: bool = False
    idle: int = 7 * DAY
    export_reclaimed: bool = True
    exports_max_age: int = 90 * DAY
    exports_max_size: int = 0

    @property
    def has_limit(self) -> bool:
        return any(getattr(self, name) for name in SECTIONS["limits"])

    def unlimited(self) -> Policy:
        """The same without any limit: only what protects counts."""
        off: dict[str, Any] = dict.fromkeys(SECTIONS["limits"], 0)
        return replace(self, **off)

    @property
    def reclaims(self) -> tuple[str, ...]:
        """The kinds of reclamation that are switched on, in the order in which they run."""
        return tuple(kind for kind in KINDS if getattr(self, kind))

    def sentence(self, project: str | None = None) -> str:
        """The effective policy as one sentence, with where it comes from."""
        limits = [phrase for value, phrase in (
            (self.max_age, f"whose last activity is more than {span(self.max_age)} ago"),
            (self.max_sessions, f"beyond the newest {self.max_sessions}"),
            (self.max_size, f"that do not fit into {human(self.max_size)} of file"),
            (self.max_tree_size, f"larger than {human(self.max_tree_size)}"),
        ) if value]
        where = f" of project {printable(project)}" if project else ""
        if not self.has_limit:
            return f"No limit is set, nothing removed ({self.source}); --days=90 would set one."
        said = f"Remove session trees{where} {', or '.join(limits)}" if limits else f"Remove no whole tree{where}"
        if self.child_max_age:
            said += f"; from trees that stay, child sessions idle for more than {span(self.child_max_age)}"
        return f"{said}; keep {self._protections()} ({self.source})."

    def _protections(self) -> str:
        kept = ["running, shared, pinned and lately restored ones"]
        if self.grace:
            kept.append(f"all active within {span(self.grace)}")
        if self.keep_last:
            kept.append(f"the newest {self.keep_last}")
        if self.keep_last_per_project:
            kept.append(f"the newest {self.keep_last_per_project} of each project")
        matched = len(self.titles) + len(self.projects) + len(self.directories)
        if matched:
            kept.append(f"what matches {matched} protect pattern{'s' * (matched > 1)}")
        return ", ".join(kept)

    def values(self, now: int) -> dict[str, int | None]:
        """The values that the templates of `retention` speak of, at a moment; None is a limit that is off."""
        def since(age: int) -> int | None:
            return now - age if age else None

        return {
            "now": now, "active_since": since(self.max_age), "child_since": since(self.child_max_age),
            "max_sessions": self.max_sessions or None, "max_size": self.max_size or None,
            "max_tree_size": self.max_tree_size or None, "grace_since": now - self.grace,
            "keep_last": self.keep_last, "keep_last_per_project": self.keep_last_per_project,
            "restored_since": now - self.restored, "week_ago": now - 7 * DAY,
        }

    def protect_patterns(self) -> tuple[ProtectPattern, ...]:
        """The patterns of `[protect]`, by which sessions are looked for; `~` is the home folder by now.

        Raises `Refusal` 64 for the home of a user who is not known.
        """
        folders = [_at_home(path) for path in self.directories]
        kinds = {"titles": self.titles, "projects": self.projects, "directories": folders}
        return tuple(ProtectPattern(kind, pattern) for kind, patterns in kinds.items() for pattern in patterns)


LONGEST = 1_000  # characters of a pattern, project id or folder

# Every key of a policy file, by section, and how its value is read.
SECTIONS: dict[str, dict[str, Any]] = {
    "limits": {
        "max_age": units.duration, "max_sessions": units.count, "max_size": units.size,
        "max_tree_size": units.size, "child_max_age": units.duration,
    },
    "protect": {
        "titles": "texts", "projects": "texts", "directories": "texts", "grace": units.duration,
        "keep_last": units.count, "keep_last_per_project": units.count, "restored": units.duration,
    },
    "warn": {"sizes": "sizes"},
    "space": {"overwrite": "flag"},
    "reclaim": dict.fromkeys(KINDS, "flag") | {"idle": units.duration, "export_reclaimed": "flag"},
    "exports": {"max_age": units.duration, "max_size": units.size},
}


LARGEST = 1 << 20         # characters of a policy file


def load(chosen: str | None) -> tuple[Policy, bool]:
    """The policy `chosen` by name or file, else the user's own file, else the default; and whether it was chosen.

    Raises `Refusal` 64 for a file that is not there, an unknown key or a value that cannot be.
    """
    if chosen is not None:
        return read(_find(chosen)), True
    own = config_folder() / "policy.toml"
    return read(own if own.exists() else HERE / "default.toml"), False


def read(path: Path) -> Policy:
    try:
        if not path.is_file():
            raise Refusal(f"Policy {path} is no file.", BAD_VALUE)
        with path.open(encoding="utf-8") as file:
            text = file.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise Refusal(f"Policy {path} is larger than any policy: {LARGEST:,} characters.", BAD_VALUE)
        document = tomllib.loads(text)
    except RecursionError:
        raise Refusal(f"Policy {path} is nested too deeply.", BAD_VALUE) from None
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"Policy {path} is no TOML: {error}.", BAD_VALUE) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"Policy {path} cannot be read: {error}.", BAD_VALUE) from None
    shown = f"policies/{path.name}" if path.parent == HERE else str(path)
    return Policy(source=printable(shown, 200), **_values(document, path))


def with_flags(policy: Policy, chosen: bool, flags: Mapping[str, object],
               spelled: Mapping[str, str] | None = None) -> Policy:
    """The policy with the limits that flags gave; `spelled` names the flag where a limit has more than one.

    Beside a chosen policy a flag replaces its own key; otherwise the flags are all the limits there are.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    said = {**FLAGS, **(spelled or {})}
    limits = {name: SECTIONS["limits"][name](value, f"--{said[name]}") for name, value in given.items()}
    if not given:
        return policy
    names = ", ".join(f"--{said[name]}" for name in given)
    if chosen:
        return replace(policy, **limits, source=f"{policy.source}, with {names}")
    off = dict.fromkeys(SECTIONS["limits"], 0)
    return replace(policy, **{**off, **limits}, source=f"limits from {names}, protections from {policy.source}")


# The flag that sets each limit, for what is said to people.
FLAGS = {"max_age": "days", "max_sessions": "keep", "max_size": "max-size", "max_tree_size": "larger-than",
         "child_max_age": "children"}


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.toml"))


def config_folder() -> Path:
    return place("config")


def _find(chosen: str) -> Path:
    if chosen in names():
        return HERE / f"{chosen}.toml"
    path = Path(chosen).expanduser()
    if not path.is_file():
        raise Refusal(f"--policy={printable(chosen, 200)}: no such file, and none of the policies "
                      f"{', '.join(names())}.", BAD_VALUE)
    return path


def _values(document: dict[str, Any], path: Path) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for section, content in document.items():
        if section not in SECTIONS:
            raise Refusal(f"Policy {path}: unknown section [{section}]{_hint(section, SECTIONS)}.", BAD_VALUE)
        if not isinstance(content, dict):
            raise Refusal(f"Policy {path}: {section} is no section; write [{section}].", BAD_VALUE)
        for key, value in content.items():
            if key not in SECTIONS[section]:
                raise Refusal(f"Policy {path}: unknown key {section}.{key}{_hint(key, SECTIONS[section])}.", BAD_VALUE)
            values[_field(section, key)] = _value(SECTIONS[section][key], value, f"{section}.{key}")
    return values


def _value(kind: Any, value: Any, name: str) -> object:
    if callable(kind):
        return kind(value, name)
    if kind == "flag":
        if not isinstance(value, bool):
            raise Refusal(f"{name}={printable(value)}: neither true nor false.", BAD_VALUE)
        return value
    if not isinstance(value, list) or (kind == "texts" and not all(isinstance(v, str) and v for v in value)):
        raise Refusal(f"{name}={printable(value)}: not a list of texts.", BAD_VALUE)
    if kind == "texts" and (long := next((v for v in value if len(v) > LONGEST), None)):
        raise Refusal(f"{name}={printable(long)}: {len(long):,} characters; {LONGEST:,} are the most.", BAD_VALUE)
    return tuple(value) if kind == "texts" else tuple(sorted(units.size(v, name) for v in value))


def _hint(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean {near[0]}?)" if near else f"; known are {', '.join(sorted(known))}"


def _at_home(path: str) -> str:
    if not path.startswith("~"):
        return path
    try:
        return str(Path(path).expanduser())
    except RuntimeError:
        raise Refusal(f"protect.directories={printable(path)}: no such user is known here; name the folder in full.",
                      BAD_VALUE) from None


def _field(section: str, key: str) -> str:
    """The name of a key in a Policy: limits on exports are not those on trees."""
    return f"exports_{key}" if section == "exports" else key
