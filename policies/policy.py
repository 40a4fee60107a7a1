"""A policy: what to keep, read from a TOML file and flags, checked, and said in one sentence."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from ..sql.files import place
from ..sql.reclamation.kinds import KINDS
from ..sql.refusal import BAD_VALUE, Refusal
from ..sql.retention.patterns import ProtectPattern
from ..sql.retention.sections import KEYS as LIMIT_KEYS
from ..sql.retention.sections import ProjectLimits
from ..sql.words import DAY, HOUR, human, many, printable, span
from .keys import LIMITS as LIMITS
from .keys import LONGEST, MOST, OF_PROJECT, Reader, hint, home_of
from .keys import SECTIONS as SECTIONS
from .keys import field as named

HERE = Path(__file__).parent
R = TypeVar("R", bound=Reader)
T = TypeVar("T")


@dataclass(frozen=True)
class ProjectSection:
    """What a policy says of one project, named by its id or folder: None is not said, 0 is off."""

    project: str
    max_age: int | None = None
    max_tree_size: int | None = None
    child_max_age: int | None = None
    max_sessions: int | None = None
    archive_after: int | None = None

    @property
    def has_limit(self) -> bool:
        return any((self.max_age, self.max_tree_size, self.child_max_age, self.max_sessions))

    def phrase(self, created: bool) -> str:
        """What holds for this project in place of the limits of all."""
        words = LIMIT_WORDS | ({"max_age": "created more than {} ago"} if created else {})
        said = [words[name].format(_amount(name, value)) if value else f"{name} off"
                for name in words if (value := getattr(self, name)) is not None]
        return f"for project {printable(self.project)} instead: {', '.join(said)}"

    def limits(self, now: int) -> ProjectLimits:
        """The same as the templates read it, at a moment."""
        said: dict[str, int | None] = {}
        for name, key in LIMIT_KEYS.items():
            value = getattr(self, key)
            if value is not None:
                said[name] = (now - value if key in AGES_OF else value) if value else None
        return ProjectLimits(_at_home(self.project, f'project."{printable(self.project)}"'), said)


@dataclass(frozen=True)
class Policy:
    """Limits (0 is off), protections and the rest of a policy file. Times are milliseconds, sizes bytes."""

    source: str = ""
    max_age: int = 0
    max_sessions: int = 0
    max_size: int = 0
    max_tree_size: int = 0
    child_max_age: int = 0
    age_by: str = "activity"
    titles: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()
    grace: int = 24 * HOUR
    keep_last: int = 0
    keep_last_per_project: int = 0
    restored: int = 30 * DAY
    sizes: tuple[int, ...] = (100 * 10**6, 500 * 10**6, 10**9)
    notify: str = ""
    archive_after: int = 0
    max_share: float = 0.5
    min_interval: int = 20 * HOUR
    announce: int = 21 * HOUR  # due in the next night, whatever the timer's random delay and a short day of spring do
    overwrite: bool = False
    space_method: str = "auto"
    space_free: float = 0.1
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
    exports_to: str = ""
    per_project: tuple[ProjectSection, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def has_limit(self) -> bool:
        return any(getattr(self, name) for name in LIMITS) or any(one.has_limit for one in self.per_project)

    def unlimited(self) -> Policy:
        """The same without any limit: only what protects counts."""
        return replace(self, **UNLIMITED)

    @property
    def reclaims(self) -> tuple[str, ...]:
        """The kinds of reclamation that are switched on, in the order in which they run."""
        return tuple(kind for kind in KINDS if getattr(self, kind))

    def ships_to(self) -> str:
        """The store that exports go to, as `[exports] to` names it: a URL, which an environment variable may hold, or
        the path of a cold file; '' for files of our own. Raises `Refusal` 64 for a variable that is not set."""
        if self.exports_to.startswith(VARIABLE):
            name = self.exports_to.removeprefix(VARIABLE)
            if not os.environ.get(name):
                raise Refusal(f"exports.to of {self.source}: the environment variable {printable(name)} is not set.",
                              BAD_VALUE)
            return os.environ[name]
        return self.exports_to

    def archiving(self) -> Policy:
        """What `archive_after` asks: the age from which on trees are archived, by activity in any case. It is the only
        limit of a policy that protects the same."""
        own = (ProjectSection(one.project, max_age=one.archive_after) for one in self.per_project
               if one.archive_after is not None)
        return replace(self, **UNLIMITED | {"max_age": self.archive_after, "per_project": tuple(own)})

    def sentence(self, project: str | None = None, origin: str | None = None) -> str:
        """The effective policy as one sentence, with where it comes from."""
        where = (f" of project {printable(project)}" if project else "") + (
            f" that {printable(origin)} brought" if origin else "")
        if not self.has_limit:
            return f"No limit is set, nothing removed ({self.source}); --days=90 would set one."
        limits = self._limits()
        said = f"Remove session trees{where} {', or '.join(limits)}" if limits else f"Remove no whole tree{where}"
        if self.child_max_age:
            said += f"; from trees that stay, child sessions idle for more than {span(self.child_max_age)}"
        own = [one for one in self.per_project if any(getattr(one, name) is not None for name in LIMIT_WORDS)]
        for section in own[:SAID]:
            said += f"; {section.phrase(self.age_by == 'created')}"
        if len(own) > SAID:
            said += f"; {many(len(own) - SAID, 'more project')} with limits of their own"
        return f"{said}; keep {self._protections()} ({self.source})."

    def unattended(self) -> str:
        """What runs that nobody watches do by it beside the removal of trees, as one sentence."""
        own = any(one.archive_after for one in self.per_project)
        said = [f"archive trees idle for more than {span(self.archive_after)}"] if self.archive_after else []
        said += ["archive idle trees of some projects"] if own and not self.archive_after else []
        said += [f"reclaim {', '.join(self.reclaims)}"] if self.reclaims else []
        said += [] if self.space_method == "none" else ["give free space back"]
        told = f", announced {span(self.announce)} before" if self.announce else ", without a word before"
        evict = f"evict at most {self.max_share * 100:g} % of the trees and of the bytes at once{told}" \
            if self.has_limit else "evict nothing"
        return f"Unattended runs {', '.join(said) or 'shrink nothing'}, and {evict} ({self.source})."

    def _limits(self) -> list[str]:
        created = self.age_by == "created"
        age = f"that were created more than {span(self.max_age)} ago, though they may be in use today" if created else \
            f"whose last activity is more than {span(self.max_age)} ago"
        return [phrase for value, phrase in (
            (self.max_age, age),
            (self.max_sessions, f"beyond the newest {self.max_sessions}"),
            (self.max_size, f"that do not fit into {human(self.max_size)} of file"),
            (self.max_tree_size, f"larger than {human(self.max_tree_size)}"),
        ) if value]

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
            "by_created": int(self.age_by == "created"),
        }

    def sections(self, now: int) -> tuple[ProjectLimits, ...]:
        """The limits of single projects at a moment; `~` is the home folder by now. Raises as `protect_patterns`."""
        return tuple(limits for one in self.per_project if (limits := one.limits(now)).said)

    def limit_origins(self) -> dict[str, str]:
        """Where each limit on trees was set, by its value in the templates: a flag, or its key in the file."""
        keys = {**LIMIT_KEYS, "max_size": "max_size"}
        given = {name: self.origins.get(f"limits.{key}", "") for name, key in keys.items()}
        return {name: origin if origin.startswith("--") else f"[limits] {keys[name]}" for name, origin in given.items()}

    def protect_patterns(self) -> tuple[ProtectPattern, ...]:
        """The patterns of `[protect]`, by which sessions are looked for; `~` is the home folder by now.

        Raises `Refusal` 64 for the home of a user who is not known.
        """
        folders = [_at_home(path, "protect.directories") for path in self.directories]
        kinds = {"titles": self.titles, "projects": self.projects, "directories": folders}
        return tuple(ProtectPattern(kind, pattern) for kind, patterns in kinds.items() for pattern in patterns)


VARIABLE = "env:"  # how `[exports] to` names an environment variable
SAID = 3  # sections of projects that the sentence tells

# The limits that a project may have of its own, in words; and those of them that are ages.
LIMIT_WORDS = {"max_age": "idle for more than {}", "max_sessions": "beyond its newest {}",
               "max_tree_size": "larger than {}", "child_max_age": "child sessions idle for more than {}"}
AGES_OF = ("max_age", "child_max_age")

# What switches every limit off, and with them by what an age is told.
UNLIMITED: dict[str, Any] = {**dict.fromkeys(LIMITS, 0), "age_by": "activity", "per_project": ()}

LARGEST = 1 << 20  # characters of a policy file


def load(chosen: str | None, flag: str = "policy") -> tuple[Policy, bool]:
    """The policy that `flag` chose by name or file, else the user's own, else the default; and whether it was chosen.

    Raises `Refusal` 64 for a file that is not there, an unknown key or a value that cannot be.
    """
    if chosen is not None:
        return read(_find(chosen, flag)), True
    return read(own_file() if has_own() else HERE / "default.toml"), False


def own_file() -> Path:
    """Where the policy of the user's own is, or would be."""
    return config_folder() / "policy.toml"


def has_own() -> bool:
    """Whether there is a policy of the user's own, be it one that cannot be read: what it protects must not be
    forgotten for a link to nowhere. Raises `Refusal` 64 where that cannot be known."""
    try:
        own_file().lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise Refusal(f"Policy {own_file()} cannot be looked for: {error.strerror}.", BAD_VALUE) from None
    return True


def read(path: Path) -> Policy:
    """The policy of a file; raises `Refusal` 64 for one that cannot be read or says what no policy can."""
    try:
        if not path.is_file():
            what = "is a link to nothing that can be read" if path.is_symlink() else "is no file"
            raise Refusal(f"Policy {path} {what}; mend it, or take it away.", BAD_VALUE)
        with path.open(encoding="utf-8-sig") as file:
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
    source = printable(shown, 200)
    values, given = _values(document, path)
    return Policy(source=source, origins=dict.fromkeys(given, source), **values)


def with_flags(policy: Policy, chosen: bool, flags: Mapping[str, object],
               spelled: Mapping[str, str] | None = None) -> Policy:
    """The policy with the limits that flags gave; `spelled` names the flag where a limit has more than one.

    Beside a chosen policy a flag replaces its own key; otherwise the flags are all the limits there are.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    said = {**FLAGS, **(spelled or {})}
    limits: dict[str, Any] = {name: LIMITS[name](value, f"--{said[name]}") for name, value in given.items()}
    if not given:
        return policy
    names = ", ".join(f"--{said[name]}" for name in given)
    origins = {f"limits.{name}": f"--{said[name]}" for name in given}
    if chosen:
        return replace(policy, **limits, source=f"{policy.source}, with {names}", origins={**policy.origins, **origins})
    kept = {key: origin for key, origin in policy.origins.items() if not key.startswith(("limits.", "project."))}
    return replace(policy, **{**UNLIMITED, **limits}, origins=kept | origins,
                   source=f"limits from {names}, protections from {policy.source}")


# The flag that sets each limit, for what is said to people.
FLAGS = {"max_age": "days", "max_sessions": "keep", "max_size": "max-size", "max_tree_size": "larger-than",
         "child_max_age": "children"}


def names() -> list[str]:
    """The policies that come with the product, by name."""
    return sorted(path.stem for path in HERE.glob("*.toml"))


def config_folder() -> Path:
    """Where a policy of the user's own is looked for."""
    return place("config")


def _find(chosen: str, flag: str) -> Path:
    if chosen in names():
        return HERE / f"{chosen}.toml"
    path = Path(chosen).expanduser()
    if not path.is_file():
        raise Refusal(f"--{flag}={printable(chosen, 200)}: no such file, and none of the policies "
                      f"{', '.join(names())}.", BAD_VALUE)
    return path


def _values(document: dict[str, Any], path: Path) -> tuple[dict[str, Any], list[str]]:
    """The values of a file by their names in a Policy, and the keys that it gives."""
    values: dict[str, Any] = {}
    given: list[str] = []
    for section, content in document.items():
        if section not in (*SECTIONS, "project"):
            near = hint(section, (*SECTIONS, "project"))
            if not isinstance(content, dict) and (home := home_of(section)):
                raise Refusal(f"Policy {path}: {section} stands in no section{home}.", BAD_VALUE)
            raise Refusal(f"Policy {path}: unknown section [{printable(section)}]{near}.", BAD_VALUE)
        if not isinstance(content, dict):
            written = '[project."ID or folder"]' if section == "project" else f"[{section}]"
            raise Refusal(f"Policy {path}: {section} is no section; write {written}.", BAD_VALUE)
        if section == "project":
            values["per_project"] = tuple(_section(project, said, path) for project, said in content.items())
            given += [f"project.{project}.{key}" for project, said in content.items() for key in said]
            continue
        for key, value in content.items():
            read = _known(SECTIONS[section], key, section, path)
            values[named(section, key)] = _value(read, value, f"{section}.{key}", path)
            given.append(f"{section}.{key}")
    if len(values.get("per_project", ())) > MOST:
        raise Refusal(f"Policy {path}: more than {MOST:,} sections of projects.", BAD_VALUE)
    return values, given


def _section(project: str, content: Any, path: Path) -> ProjectSection:
    """What the file says of one project."""
    name = f'project."{printable(project)}"'
    if not project or len(project) > LONGEST:
        raise Refusal(f"Policy {path}: [{name}] names no project; write its id or folder, of {LONGEST:,} characters at "
                      "most.", BAD_VALUE)
    if not isinstance(content, dict):
        raise Refusal(f"Policy {path}: {name} is no section; write [project.\"ID or folder\"], and below it what holds "
                      "for that project.", BAD_VALUE)
    return ProjectSection(project, **{key: _value(_known(OF_PROJECT, key, name, path), value, f"{name}.{key}", path)
                                      for key, value in content.items()})


def _value(read: Callable[[Any, str], T], value: Any, name: str, path: Path) -> T:
    """A value as its reader reads it; a refusal names the file, which may be one that nobody has named."""
    try:
        return read(value, name)
    except Refusal as refusal:
        raise Refusal(f"Policy {path}: {refusal}", refusal.code) from None


def _known(keys: Mapping[str, R], key: str, section: str, path: Path) -> R:
    if key not in keys:
        near = home_of(key) or hint(key, keys)
        raise Refusal(f"Policy {path}: unknown key {section}.{printable(key)}{near}.", BAD_VALUE)
    return keys[key]


def _amount(name: str, value: int) -> str:
    return span(value) if name in AGES_OF else human(value) if name == "max_tree_size" else str(value)


def _at_home(path: str, name: str) -> str:
    if not path.startswith("~"):
        return path
    try:
        return str(Path(path).expanduser())
    except RuntimeError:
        raise Refusal(f"{name}={printable(path)}: no such user is known here; name the folder in full.",
                      BAD_VALUE) from None
