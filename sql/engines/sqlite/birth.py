"""A new SQLite file of ours, a cold store: made exclusively, for its owner alone, able to give pages back in steps."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from pathlib import Path

from ...compiler.statements import engine_sql
from ...refusal import BAD_VALUE, FAILED, Refusal
from ...words import printable
from .library import sqlite3

WIDE = {"utf-16-le": "birth_utf16le", "utf-16-be": "birth_utf16be"}


def create(path: Path, codec: str | None) -> None:
    """Make a database without tables; `codec` is that of the texts, None for UTF-8.

    Raises `Refusal`: 64 for a name that is taken or a folder that is not there, 1 where nothing can be written.
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(str(path), isolation_level=None)) as made:
            for name in (*([WIDE[codec]] if codec else ()), "birth"):
                for statement in engine_sql("sqlite", name):
                    made.execute(statement.sql).fetchall()
    except (FileExistsError, FileNotFoundError, NotADirectoryError) as error:
        raise Refusal(f"{printable(path, 500)} cannot be made: {error.strerror}.", BAD_VALUE) from None
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            path.unlink()
        raise Refusal(f"{printable(path, 500)} cannot be made: {error}.", FAILED) from None
