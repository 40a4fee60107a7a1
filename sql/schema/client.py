"""The client's own tables, built in memory from its definitions: what samples and new server stores are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..refusal import BAD_VALUE, Refusal
from ..words import printable

LAYOUTS = ("v1", "v2", "mixed")


def built(layout: str) -> Any:
    """A connection to an empty SQLite database with the tables of a layout; `Refusal` 64 for an unknown one."""
    if layout not in LAYOUTS:
        raise Refusal(f"--layout={printable(layout)}: not one of {', '.join(LAYOUTS)}.", BAD_VALUE)
    from sqlite_utils import Database

    schema = Path(__file__).parent
    store = Database(memory=True)
    store.conn.executescript((schema / "client.sql").read_text())
    if layout != "v1":
        for old in ("session_message", "session_input", "session_context_epoch", "data_migration"):
            store[old].drop()
        store.conn.executescript((schema / "client_v2.sql").read_text())
    if layout == "v2":
        for old in ("part", "message", "todo", "session_share", "session"):
            store[old].drop()
    return store.conn
