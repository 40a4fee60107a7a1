"""The one place that makes files and folders of ours: created exclusively, flushed, named last, never replaced.

`put` alone replaces: a file that we write for others to read, under a name of ours in a folder of ours.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

from .refusal import BAD_VALUE, FAILED, Refusal
from .words import printable

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

OURS = "opencode-lifecycle"
KINDS = {"data": ("XDG_DATA_HOME", ".local/share"), "state": ("XDG_STATE_HOME", ".local/state"),
         "config": ("XDG_CONFIG_HOME", ".config"), "cache": ("XDG_CACHE_HOME", ".cache")}
DATABASES = (".db", ".sqlite", ".sqlite3")
PART = f".{OURS}-"        # how the temporary name of a file begins, wherever it lies
ABANDONED = 600           # seconds after which a file that nobody holds open any more is that of a killed run
LEFT_BEHIND = 86_400      # the same where it cannot be known whether somebody does, and for those of older versions
NO_LINKS = {errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
PRIVATE = 0o700


# --- folders ---------------------------------------------------------------------------------------------------------


def place(kind: str, *below: str) -> Path:
    """Where a folder of ours lies, by the same XDG rules on every system; `kind` is data, state, config or cache.

    Nothing is made. Raises `Refusal` 1 where neither the XDG variable nor HOME names a folder.
    """
    variable, usual = KINDS[kind]
    named = Path(os.environ.get(variable, ""))
    if named.is_absolute():  # a relative one is to be ignored, says the specification
        return named.joinpath(OURS, *below)
    user = os.environ.get("HOME")
    if user is not None and sys.platform != "win32" and not Path(user).is_absolute():  # Windows has another name for it
        raise Refusal(f"HOME is empty or no absolute path, so there is no place for our files; set it, or name a "
                      f"folder with {variable}.", FAILED)
    return Path.home().joinpath(usual, OURS, *below)


def home(kind: str, *below: str) -> Path:
    """A folder of ours, made where it is missing: each that is ours is 0700, whatever the umask.

    Raises `Refusal` 1 for one that cannot be made or is none.
    """
    path = place(kind, *below)
    try:
        for one in reversed(path.parents[:len(below)]):
            _private(one)
        _private(path)
    except OSError as error:
        raise Refusal(f"Our own folder for {kind}, {printable(path, 500)}, cannot be used ({cause(error)}); make it "
                      f"writable, or name another place with {KINDS[kind][0]}.", FAILED) from None
    return path


def temporary_folder() -> Path:
    """Where what is too much for memory goes for a while: where SQLite puts it (sqlite.org/tempfiles.html, section 5),
    which is not first of all a folder that may lie in memory itself."""
    for name in (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp", "/usr/tmp", "/tmp"):
        if name and os.access(name, os.W_OK | os.X_OK) and Path(name).is_dir():
            return Path(name)
    return Path(tempfile.gettempdir())


def client_data() -> Path:
    """The client's data folder: the same under XDG rules on every system (xdg-basedir, opencode.md 2.2)."""
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "opencode"


def _private(path: Path) -> None:
    """Make a folder that is missing, and have its name on the disk; shut one of ours that others may look into."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        if not path.parent.exists():
            _private(path.parent)
        path.mkdir(mode=PRIVATE, exist_ok=True)
        path.chmod(PRIVATE)
        flush(path.parent)
        return
    if not stat.S_ISDIR(facts.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, "it is no folder", str(path))
    if stat.S_IMODE(facts.st_mode) & 0o077 and facts.st_uid == _user():
        with contextlib.suppress(OSError):  # a file system that knows no modes
            path.chmod(PRIVATE)


def _user() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else 0


# --- files -----------------------------------------------------------------------------------------------------------


def file_number(path: Path) -> str:
    """Device and number of a file: the same by every name that leads to it, another for a file put in its place."""
    facts = path.stat()
    return f"{facts.st_dev}:{facts.st_ino}"


def flush(path: Path) -> None:
    """Have a file written out, or a folder with the names in it: until then a power cut takes a new name back."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def new_file(path: Path, what: str = "The file") -> Iterator[BinaryIO]:
    """A binary file that is not there yet, 0600 whatever the umask; named and on the disk when the block ends well.

    It grows under a temporary name beside `path`, which is the `name` of what is yielded: what is to be read back
    before it gets its name is flushed and read there. Nothing is left behind when the block, or anything here, fails.

    Raises `Refusal`: 64 when there is something of that name, 1 for a folder or a disk that does not take it; `what`
    begins that sentence.
    """
    with unflushed(path, what) as file:
        yield file
    try:
        flush(path.parent)
    except OSError as error:
        path.unlink()
        raise _unwritten(path, what, error) from None


@contextmanager
def unflushed(path: Path, what: str = "The file") -> Iterator[BinaryIO]:
    """The same for one file of many in a folder: the caller flushes the folder once all of them have their names."""
    part = None
    try:
        refuse_taken(path, what)
        _refuse_open_to_all(path, what)
        sweep(path.parent)
        with _created(path.parent) as file:
            part = Path(file.name)
            yield file
            file.flush()
            os.fsync(file.fileno())
            _name(part, path)
    except FileExistsError:
        raise _taken(path, what) from None
    except OSError as error:
        raise _unwritten(path, what, error) from None
    finally:
        if part:
            with contextlib.suppress(OSError):
                part.unlink()


def put(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file of ours anew, 0600 in our own folder: whoever opens it sees all of the old one or all of this.
    One of the user's, which we add a line to, has the `mode` that it had.

    Raises `OSError` where it cannot be written; the old one stays then.
    """
    with _created(path.parent) as file:
        part = Path(file.name)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        if mode != 0o600:
            part.chmod(mode)
        part.replace(path)
    except OSError:
        part.unlink()
        raise
    flush(path.parent)


def refuse_taken(path: Path, what: str) -> None:
    """Refuse a name that is in use, be it by a link to nowhere."""
    if os.path.lexists(path):
        raise _taken(path, what)


def _taken(path: Path, what: str) -> Refusal:
    return Refusal(f"{what} {printable(path, 500)}: the file exists already; name a new one.", BAD_VALUE)


def _unwritten(path: Path, what: str, error: OSError) -> Refusal:
    return Refusal(f"{what} {printable(path, 500)} cannot be written: {cause(error)}.", FAILED)


def cause(error: OSError) -> str:
    """What stands in the way of a file, in words."""
    known = {
        errno.ENOSPC: "the disk is full", errno.EDQUOT: "the quota of the disk is used up",
        errno.EACCES: "you may not write its folder", errno.EPERM: "you may not write its folder",
        errno.EROFS: "its folder is read-only", errno.ENOENT: "its folder does not exist",
        errno.ENOTDIR: "its folder is none",
    }
    return known.get(error.errno or 0, (error.strerror or str(error)).lower())


def _refuse_open_to_all(path: Path, what: str) -> None:
    """Refuse a folder where a stranger could put another file in the place of ours before it is read back.

    One like /tmp will do, where nobody may rename what is somebody else's. A group that may write is trusted: whoever
    made it chose its members.
    """
    facts = path.parent.stat()
    if hasattr(os, "geteuid") and facts.st_mode & stat.S_IWOTH and not facts.st_mode & stat.S_ISVTX:
        raise Refusal(f"{what} {printable(path, 500)} would lie in a folder where everybody may replace it; choose "
                      "another, or take that right away with `chmod o-w`.", FAILED)
    strangers = facts.st_uid not in (0, _user()) and _user() != 0
    if hasattr(os, "geteuid") and strangers and not facts.st_mode & (stat.S_ISVTX | stat.S_IWGRP):
        raise Refusal(f"{what} {printable(path, 500)} would lie in a folder of another user, who may replace it; "
                      "choose another.", FAILED)


@contextmanager
def _created(folder: Path) -> Iterator[BinaryIO]:
    """A file under a temporary name, made by us alone and held against the sweeping of others until it is closed."""
    part = folder / f"{PART}{os.urandom(8).hex()}.part"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(part, flags, 0o600)
    try:
        with contextlib.suppress(OSError):  # a file system that knows no modes, or no locks
            os.fchmod(handle, 0o600)
            fcntl and fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with open(part, "wb", opener=lambda *_: handle) as file:
            yield file
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _name(part: Path, path: Path) -> None:
    """Give a finished file its name, unless that is taken: a link replaces nothing, a renaming would."""
    try:
        os.link(part, path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600))
        try:
            part.replace(path)  # what goes is the empty file that we made a moment ago
        except OSError:
            path.unlink()
            raise


# --- what killed runs left -------------------------------------------------------------------------------------------


def sweep(folder: Path) -> None:
    """Remove the unfinished files of runs that were killed, those of older versions among them.

    Those have names that could be somebody else's, so they are looked for in our own folders alone.
    """
    now, within = time.time(), OURS in folder.parts
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        for one in found:
            ours = one.name.startswith(PART)
            if one.name.endswith(".part") and (ours or within) and one.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    age = now - one.stat(follow_symlinks=False).st_mtime
                    if age > LEFT_BEHIND or (ours and age > ABANDONED and _let_go_of(one.path)):
                        Path(one.path).unlink()


def _let_go_of(path: str) -> bool:
    """Whether the process that made an unfinished file is gone: the kernel has taken its lock away then."""
    if not fcntl:
        return False
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


# --- texts -----------------------------------------------------------------------------------------------------------


def write_text(name: str, flag: str, write: Callable[[Callable[[str], object]], object]) -> Path:
    """Write a new text file whole or not at all; `write` is given the function that takes pieces of text.

    Raises `Refusal`: 64 where something lies under that name, or a database beside it, 1 where it cannot be written.
    """
    path = absolute(name, flag)
    _refuse_database(path, name)
    with new_file(path, f"{flag}:") as file:
        write(lambda text: file.write(text.encode("utf-8", "surrogateescape")))
    return path


def absolute(name: str, flag: str) -> Path:
    """The file that a flag names, from the root on, so that it is found again from any other folder."""
    try:
        path = Path(name).expanduser().absolute()
        os.fsencode(path).decode()
        if "\0" in name or len(os.fsencode(path.name)) > 255:
            raise ValueError
    except (RuntimeError, ValueError, OSError):
        raise Refusal(f"{flag}={printable(name, 200)} is no name that a file can have here; give "
                      "another.", BAD_VALUE) from None
    return path


def _refuse_database(path: Path, name: str) -> None:
    """Refuse a name that looks like a database: a script must not take its place. The file itself is never opened."""
    beside = (path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal"))
    if path.suffix in DATABASES or any(other.exists() for other in beside):
        raise Refusal(f"{printable(name, 200)} is the name of a database; give the script one that ends in .sql.",
                      BAD_VALUE)


def regular(path: Path) -> BufferedReader:
    """A file opened to be read; raises `OSError` for whatever else has its name, and waits for no pipe."""
    file = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError(errno.EINVAL, "it is no file", str(path))


def read_text(name: str) -> str:
    """The text of a file that a flag names; raises `Refusal` 64 where it cannot be read."""
    try:
        return Path(name).expanduser().read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise Refusal(f"{printable(name, 200)} cannot be read: {error.strerror}.", BAD_VALUE) from None
