"""A store with a tree for each column (or table) of a schema, and a change of each."""

import command
import forests
import store_rows
from forests import LONG_AGO, Recipe, Row, Session
from opencode_lifecycle.sql import catalog

# A row of these says that the session is busy or shared: its tree would not go anyway.
BUSY = ("session_share", "session_inbox", "session_pending")
# The number of the last event stands for the log: older ones may be gone before the rest of their tree.
LOG = ("event",)


def owned(schema):
    """Every column of every table with rows of sessions, but for what would hold the tree anyway."""
    _, tables = forests.template(schema)
    names = sorted({*tables} & {*store_rows.OWNED} - {*BUSY})
    return [(table, column) for table in names for column, *_ in tables[table]]


def ids(place):
    return f"ses_{place:03}"


def planted(folder, schema, changes):
    """A tree for each change and one without, with a row in every table."""
    _, tables = forests.template(schema)
    sessions, rows = [], []
    home = "both" if {"session", "session_v2"} <= set(tables) else "v2" if "session_v2" in tables else "v1"
    for place in range(len(changes) + 1):
        id = ids(place)
        sessions.append(Session(id, None, LONG_AGO, title=f"title {place:03}", home=home))
        for table in sorted(store_rows.OWNED):
            if table in tables and table not in ("session", "session_v2", *BUSY):
                known = {"session_id": id, "aggregate_id": id, "id": f"{table}_{id}", "message_id": f"message_{id}",
                         "seq": 3, "data": '{"role":"user","time":{"created":1,"completed":2}}'}
                names = [name for name, *_ in tables[table]]
                rows.append(Row(table, {name: value for name, value in known.items() if name in names}))
    (folder / "store").mkdir()
    return forests.build(Recipe(sessions, rows=rows), folder / "store" / "opencode.db", schema)


def updates(con, changes, another=None):
    """For each change its table, column, key, id and new value."""
    for place, (table, column) in enumerate(changes):
        key = key_of(table)
        kind = {name: kind.lower() for _, name, kind, *_ in con.execute(f'PRAGMA table_info("{table}")')}[column]
        (value,) = con.execute(f'SELECT "{column}" FROM "{table}" WHERE "{key}" = ?', (ids(place),)).fetchone()
        yield table, column, key, ids(place), (another or other)(table, column, kind, value)


def change(path, changes, another=None):
    with command.opened(path) as con:
        con.execute("PRAGMA foreign_keys = OFF")
        for table, column, key, id, value in list(updates(con, changes, another)):
            con.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{key}" = ?', (value, id))


def other(table, column, kind, value):
    if kind in ("integer", "real"):
        return (value or 0) - 1
    if value is None:
        return "new"
    # What a session's row says is compared as it is; of all else, the length.
    spelled = table in catalog.ROOTS and column not in ("id", "parent_id", "summary_diffs", "permission")
    return value.swapcase() if spelled and value != value.swapcase() else f"{value}+"


def key_of(table):
    return "aggregate_id" if table in ("event", "event_sequence") else "id" if table in catalog.ROOTS else "session_id"
