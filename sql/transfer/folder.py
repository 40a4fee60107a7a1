"""Another folder for sessions that come back: the one that they work in from then on, on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import files
from ..refusal import BAD_VALUE, Refusal
from ..store import Store, text_of
from ..words import printable

FLAG = "--into-folder"


@dataclass
class Folder:
    """A folder, and the top of the repository that it lies in ('' where it is in none); `below` says of folders that
    sessions had inside their projects whether they are in this one, too: as it was looked up, or as a run noted it."""

    path: str
    top: str
    below: dict[str, bool] = field(default_factory=dict)

    def placed(self, store: Store, row: Mapping[str, Any]) -> dict[str, Any]:
        """A session's own row, as it comes into this folder."""
        own = row.get("path")
        inner = str(text_of(own)) if isinstance(own, (str, bytearray)) else ""
        below = self._has(inner)
        directory, path = store.one("transfer/into_folder", {
            "folder": self.path, "below": int(below), "start": len(self.top) + 2,
            "path": None if own is None else inner if below else ""})
        return {**row, **{name: value for name, value in (("directory", directory), ("path", path)) if name in row}}

    def facts(self) -> dict[str, Any]:
        """What a run notes of it, so that what it brought is known again when the disk looks otherwise."""
        return {"path": self.path, "top": self.top, "below": self.below}

    def _has(self, inner: str) -> bool:
        if inner not in self.below:
            self.below[inner] = _inside(self.path, inner)
        return self.below[inner]


def named(name: str | None) -> Folder | None:
    """The folder that the flag names; raises `Refusal` 64 where there is none, or it is not named from the root on."""
    if name is None:
        return None
    if not name.startswith(("/", "~")):
        raise Refusal(f"{FLAG}={printable(name, 200)} is not named from the root on; give the folder's whole path.",
                      BAD_VALUE)
    path = files.absolute(name, FLAG)
    if not path.is_dir():
        raise Refusal(f"{FLAG}={printable(name, 200)}: there is no such folder on this machine; make it, or clone the "
                      "project there, first.", BAD_VALUE)
    path = path.resolve()  # the client goes by what the system calls the folder
    tops = [str(above) for above in (path, *path.parents[:-1]) if (above / ".git").exists()]
    return Folder(str(path), tops[0] if tops else "")


def noted(facts: Mapping[str, Any] | None) -> Folder | None:
    """The folder as a run noted it."""
    return Folder(facts["path"], facts["top"], dict(facts["below"])) if facts else None


def missing(folders: Mapping[str, int]) -> dict[str, int]:
    """Those of the folders that are not on this machine."""
    return {name: sessions for name, sessions in folders.items() if not is_here(name)}


def is_here(folder: str) -> bool:
    """Whether this machine has the folder."""
    try:
        return Path(folder).is_dir()
    except (OSError, ValueError):
        return False


def _inside(folder: str, inner: str) -> bool:
    """Whether a folder has such a folder inside, by a name that leads nowhere else."""
    try:
        whole = f"{folder}/{inner}"
        return Path(whole).is_dir() and str(Path(whole).resolve()) == whole
    except (OSError, ValueError):
        return False
