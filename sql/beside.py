"""What the client leaves on disk beside a store: files of gone sessions and projects, expired outputs, dead trees.

Facts about the client's data folder (1.2 to 1.18): `storage/session_diff/ID.json` survives its session;
`tool-output/tool_*` is swept by the client after seven days, while it runs; the JSON trees under `storage` are read
by versions before 1.17 only, which stores with a table `migration` have left behind; `snapshot/PROJECT` survives its
project; `$TMPDIR/opencode-wal-*.db` are copies of a WAL that a client left when it died.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .store import Store, neighbours
from .words import DAY

EXPIRED = 7 * DAY
TREES = ("session", "message", "part", "todo", "permission", "session_share", "project")


@dataclass(frozen=True)
class Leftover:
    """A file or folder that nothing refers to any more, and its bytes."""

    path: Path
    bytes: int


def found(store: Store, now: int) -> Iterator[Leftover]:
    """Everything beside the store that may go; nothing where other stores share the folder, or on a server.

    Links are never followed and never removed.
    """
    if store.path is None or neighbours(store.path):
        return
    data = store.path.parent
    yield from (_weighed(path) for path in _gone(store, data) if not path.is_symlink())
    yield from (_weighed(path) for path in _expired(data, now) if not path.is_symlink())


def remove(leftover: Leftover) -> bool:
    """Whether it is gone now; what cannot be removed stays, and what was replaced by a link is not touched."""
    path = leftover.path
    try:
        if path.is_symlink() or not path.exists():
            return False
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    except OSError:
        return False
    return True


def _gone(store: Store, data: Path) -> Iterator[Path]:
    """Of sessions and projects that are not in the store, and trees that its client does not read any more."""
    for path in _inside(data / "storage" / "session_diff", "ses*.json"):
        if not store.one("retention/exists", {"id": path.stem})[0]:
            yield path
    if store.catalog.has("project"):
        for path in _inside(data / "snapshot", "*"):
            if path.is_dir() and not store.one("reclamation/exists_project", {"id": path.name})[0]:
                yield path
    if store.catalog.has("migration"):
        yield from (data / "storage" / name for name in TREES if (data / "storage" / name).is_dir())


def _expired(data: Path, now: int) -> Iterator[Path]:
    """Files that only a client that died would still hold."""
    for folder, pattern in ((data / "tool-output", "tool_*"), (Path(tempfile.gettempdir()), "opencode-wal-*.db")):
        for path in _inside(folder, pattern):
            if path.is_file() and path.lstat().st_mtime * 1000 < now - EXPIRED:
                yield path


def _inside(folder: Path, pattern: str) -> Iterator[Path]:
    """What lies in a folder that is really there, in the order of names."""
    if folder.is_dir() and not folder.is_symlink():
        yield from sorted(folder.glob(pattern))


def _weighed(path: Path) -> Leftover:
    inside = path.rglob("*") if path.is_dir() else (path,)
    return Leftover(path, sum(one.lstat().st_size for one in inside if one.is_file() and not one.is_symlink()))
