"""The SQLite library: pysqlite3, whose SQLite is newer, where it is installed; else the standard module.

sqlite-utils chooses in the same way; asking here spares each start the loading of all of it.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

try:
    from pysqlite3 import _sqlite3 as own_module
    from pysqlite3 import dbapi2 as sqlite3
except ImportError:
    import _sqlite3 as own_module
    import sqlite3

__all__ = ["FileConnection", "own_module", "sqlite3"]

if TYPE_CHECKING:  # pysqlite3 tells no types, and has those of the standard module
    import sqlite3 as standard

    RawConnection = standard.Connection
else:
    RawConnection = sqlite3.Connection


class FileConnection(RawConnection):
    """A connection that knows how the store keeps its texts (None for UTF-8, else the codec of its UTF-16), the
    function that makes zeros, once one was needed, whether its work tables lie in a file, and that file's name where
    the system keeps it."""

    wide: str | None = None
    zeros: Any = None
    scratch = False
    scratch_name: Path | None = None

    def close(self) -> None:
        super().close()
        if self.scratch_name:
            with suppress(OSError):
                self.scratch_name.unlink(missing_ok=True)
