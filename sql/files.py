"""Files of ours: written under a temporary name, flushed, renamed; 0600."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from .refusal import BAD_VALUE, FAILED, Refusal


def write_text(name: str, write: Callable[[Callable[[str], object]], object]) -> Path:
    """Write a text file whole or not at all; `write` is given the function that takes pieces of text."""
    path = Path(name).expanduser()
    part = path.with_name(path.name + ".part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8",
                  errors="surrogateescape", newline="\n") as file:
            write(file.write)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refusal(f"{path} cannot be written: {error.strerror}.", FAILED) from None
    return path


def read_text(name: str) -> str:
    try:
        return Path(name).expanduser().read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise Refusal(f"{name} cannot be read: {error.strerror}.", BAD_VALUE) from None
