"""The work tables of a connection, in a file of their own that nobody else sees and that ends with it.

As TEMPORARY tables they would grow in memory with the store: the SQLite of pysqlite3 keeps all of those there (compiled
with TEMP_STORE=3).
"""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from ...compiler.statements import engine_sql
from ...files import temporary_folder
from .library import FileConnection

MADE = re.compile(r"CREATE (?:TEMPORARY (TABLE )|(INDEX ))(?=lc_)")


def attach(connection: FileConnection) -> None:
    """Give a connection its file. Without one the work tables are TEMPORARY, as they are printed: where no file can be
    had, and where the store itself has tables of such names, which would be seen first."""
    taken, attach, *settings = engine_sql("sqlite", "scratch")
    if connection.execute(taken.sql).fetchone():
        return
    with suppress(OSError):
        handle, name = tempfile.mkstemp(prefix="opencode-lifecycle-", dir=temporary_folder())  # for its owner alone
        os.close(handle)
        connection.scratch_name = Path(name)
        connection.execute(attach.sql, {"file": name})
        connection.scratch = True
        for statement in settings:
            connection.execute(statement.sql).fetchall()
        connection.scratch_name.unlink()  # on Windows, which keeps the name of an open file, `close` does it
        connection.scratch_name = None  # whoever has a file of that name later on is somebody else


def placed(connection: FileConnection, sql: str) -> str:
    """A statement as it is run here: one that makes a work table, or an index of one, makes it in that file."""
    if connection.scratch and sql.startswith("CREATE "):
        return MADE.sub(lambda made: f"CREATE {made[1] or made[2]}scratch.", sql, count=1)
    return sql
