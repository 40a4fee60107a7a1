"""What a store that holds copies gives back: into which empty store it goes, and what of it must be the same there."""

import forests
import store_rows
from command import opened

CONTENT = {"project", "project_directory", "workspace", "worktree", "permission", "instruction_blob"}


def empty(path, schema, loose=False):
    """A store of the client that holds nothing."""
    octets, _ = forests.template(schema, loose)
    path.write_bytes(octets)
    return path


def content(path, without=()):
    """The rows that sessions own, but for those of some, and those of projects, by table; tables without any are left
    out."""
    with opened(path) as con:
        store = store_rows.read_store(con)
    there = {row["id"] for table in store_rows.SESSION_TABLES for row in store.get(table, ())} - {None}
    found = {table: rows for table, rows in store.items() if table in CONTENT}
    for table, row, owner in store_rows.owned_rows(store):
        if owner in there and owner not in without:
            found.setdefault(table, []).append(row)
    return {table: rows for table, rows in store_rows.shape(found).items() if rows}
