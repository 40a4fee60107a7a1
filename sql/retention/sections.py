"""What a policy says of single projects: which projects of a store its sections mean, and their rows for the templates.

A project is meant by its id, exactly, or by its folder, which is compared as those of `[protect]` are. Folders are
brought to one form here, where they are read, as patterns are; the templates decide what follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..refusal import BAD_VALUE, Refusal
from ..store import Store
from ..words import printable
from .patterns import folder

# Limits that a section can name: by their values in the templates, their keys in the file and what says that they are
# named.
KEYS = {"active_since": "max_age", "max_sessions": "max_sessions", "max_tree_size": "max_tree_size",
        "child_since": "child_max_age"}
OWN = {"active_since": "own_age", "max_sessions": "own_count", "max_tree_size": "own_tree_size",
       "child_since": "own_children"}


@dataclass(frozen=True)
class ProjectLimits:
    """A section of one project: the limits that it names, by their values in the templates; None is off."""

    project: str
    said: Mapping[str, int | None]

    @property
    def shown(self) -> str:
        return f'[project."{printable(self.project)}"]'

    def unmet(self, name: str) -> str:
        """The warning for a section that means no project of the store `name`."""
        return (f"{self.shown} is the id or folder of no project in {printable(name, 500)}; the limits of all others "
                "hold for its sessions.")


def load(store: Store, sections: tuple[ProjectLimits, ...]) -> tuple[ProjectLimits, ...]:
    """Leave the limits of each project in the work table; return the sections that mean none of this store.

    Raises `Refusal` 64 where two sections mean one project.
    """
    met = meant(store, sections)
    for project, number in met.items():
        said = sections[number].said
        store.run("retention/section", {
            "project_id": project, "section": number,
            **{own: int(name in said) for name, own in OWN.items()}, **{name: said.get(name) for name in OWN}})
    return tuple(section for number, section in enumerate(sections) if number not in met.values())


def meant(store: Store, sections: tuple[ProjectLimits, ...]) -> dict[str, int]:
    """The number of the section that means each project; raises `Refusal` 64 where two do."""
    if not sections:
        return {}
    places = {folder(section.project): number for number, section in enumerate(sections)
              if "/" in section.project or "\\" in section.project}
    ids = {section.project: number for number, section in enumerate(sections)}
    found: dict[str, int] = {}
    for project, worktree in store.rows("retention/projects"):
        if not isinstance(project, str):
            continue
        for number in (ids.get(project), places.get(folder(worktree)) if isinstance(worktree, str) else None):
            if number is not None and found.setdefault(project, number) != number:
                one, other = sections[found[project]].shown, sections[number].shown
                raise Refusal(f"{one} and {other} of the policy mean the same project, {printable(project)}; keep one "
                              "of them.", BAD_VALUE)
    return found
