"""What the client leaves on disk beside a store: diffs of gone sessions, dead JSON trees, expired outputs.

Facts about the client's data folder (1.1 to 1.18): `storage/session_diff/ID.json` survives its session;
`tool-output/tool_*` is swept by the client after seven days, while it runs; the JSON trees under `storage` are read
by versions before 1.17 only, which stores with a table `migration` have left behind. Versions from 1.17 on import
none of them, so they may be the only copy: a file goes only where the store has, or once had, the session that it
belongs to. No store can show that nobody needs a snapshot: one named by OPENCODE_DB shares the folder unseen.

What goes is in an export of original values first, a value each, and `undo` puts it back where nothing is.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import state
from ..engines.spooled import pieces
from ..refusal import FAILED, Refusal
from ..store import Store, neighbours
from ..words import DAY, printable
from .originals_file import Original, StoredValue, StoredValueInLine

EXPIRED = 7 * DAY
LARGEST = 64 << 20        # a file is read whole on its way into the export and back; larger ones stay
BLOCK = 512               # octets in which st_blocks counts
# By folder under `storage`: where the session's id stands in a path below it; in the file where it says so itself.
TREES = {"session": 1, "message": 0, "part": None, "todo": 0, "session_share": 0}


@dataclass(frozen=True)
class StrayFile:
    """A file that may go, the bytes that the disk gets back for it, and what it was when it was looked at."""

    path: Path
    bytes: int
    seen: tuple[int, ...]
    session: str


def found(store: Store, now: int) -> Iterator[StrayFile]:
    """Every file beside the store that may go; none where other stores share the folder, or on a server.

    Links are never followed and never removed.
    """
    if store.path is None or neighbours(store.path):
        return
    data = store.path.parent
    once = state.removed(store.name)
    known: dict[str, bool] = {}
    for path, session in (*_diffs(data), *_trees(store, data)):
        if session not in known:
            known[session] = session in once or _had(store, session)
        if known[session] and not (path.parent.name == "session_diff" and _there(store, session)):
            yield from _stray(path, session)
    for path in _files(data / "tool-output", data):
        if path.name.startswith("tool_"):
            yield from (one for one in _stray(path, "") if one.seen[2] / 10**6 < now - EXPIRED)


def _data(store: Store) -> Path:
    """The data folder: where a store lies that is a file; raises `ValueError` for a server's."""
    if store.path is None:
        raise ValueError(f"{store.name} is no file, and has none beside it")
    return store.path.parent


def originals(store: Store, lying: tuple[StrayFile, ...]) -> Iterator[Original]:
    """Each file as a value of an export: its path below the data folder, mode and time. Raises
    `Refusal` 1 for one that is not what was found."""
    for one in lying:
        content = _content(one)
        if content is None:
            raise Refusal(f"{printable(one.path, 300)} changed while it was exported; nothing was changed, run it "
                          "again.", FAILED)
        facts = {"mode": stat.S_IMODE(one.seen[4]), "mtime_ns": one.seen[2]}
        yield Original("files", "", json.dumps(facts), os.fsencode(one.path.relative_to(_data(store))), content)


def remove(store: Store, one: StrayFile) -> bool:
    """Whether it is gone now: only what still is the file that was found and exported, and of a session that the
    store still shows to be its own."""
    path = one.path
    try:
        if _seen(path) != one.seen or not _real(path, _data(store)):
            return False
        if one.session and path.parent.name == "session_diff" and _there(store, one.session):
            return False
        if one.session and not (_had(store, one.session) or one.session in state.removed(store.name)):
            return False
        path.unlink()
    except (OSError, Refusal):
        return False
    with contextlib.suppress(OSError):
        path.parent.rmdir()
    return True


def put_back(store: Store, one: Original) -> bool:
    """Write a file that a reclamation took where nothing is now; whether it was written.

    Raises `Refusal` 1 for a name outside the folders that files are taken from, or one that cannot be written.
    """
    name, mode, moment = refuse_other(store, one)
    data = _data(store)
    try:
        path = data / name
        for folder in reversed(path.parents[:len(Path(name).parts) - 1]):
            if not folder.is_symlink():
                folder.mkdir(mode=0o700, exist_ok=True)
        if not _real(path, data):
            raise Refusal(f"{printable(path, 300)} is behind a link, so nothing is written there.", FAILED)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        return False
    except OSError as error:
        raise Refusal(f"{printable(data / name, 300)} cannot be written: {error.strerror}.", FAILED) from None
    with os.fdopen(handle, "wb") as file:
        for piece in pieces(one.value):
            file.write(piece)
        file.flush()
        os.fchmod(handle, mode)
        os.utime(handle, ns=(moment, moment))
        os.fsync(handle)
    return True


def refuse_other(store: Store, one: Original | StoredValue | StoredValueInLine) -> tuple[str, int, int]:
    """Name, mode and time of a file that an originals file holds; raises `Refusal` 1 for what was never taken."""
    try:
        name = one.id if isinstance(one.id, str) else os.fsdecode(bytes(one.id))
        os.fsencode(name)
    except ValueError:
        name = ""
    if not store.path or not _allowed(name):
        raise Refusal(f"The export holds a file {printable(name, 300)}, which was not taken from beside a store.",
                      FAILED)
    try:
        facts = json.loads(one.column)
        mode, moment = int(facts["mode"]) & 0o777, int(facts["mtime_ns"])
        if not 0 <= moment < 1 << 63:
            raise ValueError("a moment that never was")
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise Refusal(f"The export does not say how {printable(name, 300)} was.", FAILED) from None
    return name, mode, moment


def _allowed(name: str) -> bool:
    folders = name.split("/")
    if any(part in ("", ".", "..") for part in folders) or "\0" in name:
        return False
    if folders[0] == "tool-output":
        return len(folders) == 2 and folders[1].startswith("tool_")
    return len(folders) > 2 and folders[0] == "storage" and folders[1] in {*TREES, "session_diff"} \
        and name.endswith(".json")


def _had(store: Store, session: str) -> bool:
    """Whether rows of the store say that it has this session, or had it."""
    return any(store.one("retention/had", {"id": session}))


def _there(store: Store, session: str) -> bool:
    return bool(store.one("retention/exists", {"id": session})[0])


def _diffs(data: Path) -> Iterator[tuple[Path, str]]:
    """Diffs by their session."""
    folder = data / "storage" / "session_diff"
    for path in _files(folder, data):
        if path.parent == folder and path.suffix == ".json" and _sound(path.stem):
            yield path, path.stem


def _trees(store: Store, data: Path) -> Iterator[tuple[Path, str]]:
    """Files of JSON trees that the store's client does not read any more, by their session."""
    if not store.catalog.has("migration"):
        return
    for tree, at in TREES.items():
        folder = data / "storage" / tree
        for path in _files(folder, data):
            if path.suffix == ".json":
                below = path.relative_to(folder).with_suffix("").parts
                session = _named_in(path) if at is None else below[at] if at < len(below) else ""
                if session and _sound(session):
                    yield path, session


def _sound(session: str) -> bool:
    """An id as the client makes them; any other file name says nothing of a session."""
    return session.isascii() and session.isprintable() and len(session) < 192


def _named_in(path: Path) -> str:
    """The session that a part's file names."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            session = json.loads(file.read(LARGEST)).get("sessionID")
    except (OSError, ValueError, AttributeError, RecursionError):
        return ""
    return session if isinstance(session, str) else ""


def _files(folder: Path, data: Path) -> Iterator[Path]:
    """Regular files below a folder in the order of names; links and folders that cannot be read are passed over."""
    if not _real(folder / "x", data):
        return
    for place, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            with contextlib.suppress(OSError):
                if stat.S_ISREG(path.lstat().st_mode):
                    yield path


def _real(path: Path, data: Path) -> bool:
    """Whether every folder between the data folder and a path is one, and no link."""
    for folder in path.parents:
        if folder == data:
            return True
        if folder.is_symlink() or not folder.is_dir():
            return False
    return False


def _stray(path: Path, session: str) -> Iterator[StrayFile]:
    """With the bytes that the disk gets back: none while the file has another name."""
    with contextlib.suppress(OSError):
        seen, facts = _seen(path), path.lstat()
        if facts.st_size <= LARGEST and os.access(path, os.R_OK):
            returned = getattr(facts, "st_blocks", -(-facts.st_size // BLOCK)) * BLOCK
            yield StrayFile(path, returned if facts.st_nlink == 1 else 0, seen, session)


def _seen(path: Path) -> tuple[int, ...]:
    facts = path.lstat()
    return facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_dev, facts.st_mode


def _content(one: StrayFile) -> bytes | None:
    """A file's content; None where it is not the one that was found."""
    try:
        with os.fdopen(os.open(one.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            content = file.read(LARGEST + 1)
        return content if _seen(one.path) == one.seen and len(content) == one.seen[1] else None
    except OSError:
        return None
