"""Files of ours: written under a temporary name, flushed, renamed; 0600."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from .refusal import BAD_VALUE, FAILED, Refusal
from .words import printable

DATABASES = (".db", ".sqlite", ".sqlite3")


def data_home() -> Path:
    """Where what we keep for the user lies: the same under XDG rules on every system."""
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "opencode-lifecycle"


def flush(path: Path) -> None:
    """Have a file written out, or a folder with the names in it: until then a power cut takes a new name back."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(name: str, write: Callable[[Callable[[str], object]], object]) -> Path:
    """Write a text file whole or not at all; `write` is given the function that takes pieces of text.

    Raises `Refusal`: 64 where a database lies under that name, 1 where it cannot be written.
    """
    path = Path(name).expanduser().absolute()
    _refuse_database(path, name)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8",
                       errors="surrogateescape", newline="\n") as file:
            write(file.write)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            part.unlink()
        if isinstance(error, OSError):
            raise Refusal(f"{path} cannot be written: {error.strerror}.", FAILED) from None
        raise
    return path


def _refuse_database(path: Path, name: str) -> None:
    """A slip of the keyboard must not put a script in the place of a store; by its folder and name, never opened."""
    beside = (path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal"))
    if path.suffix in DATABASES or any(other.exists() for other in beside):
        raise Refusal(f"{printable(name, 200)} is the name of a database; give the script one that ends in .sql.",
                      BAD_VALUE)


def read_text(name: str) -> str:
    try:
        return Path(name).expanduser().read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise Refusal(f"{name} cannot be read: {error.strerror}.", BAD_VALUE) from None
