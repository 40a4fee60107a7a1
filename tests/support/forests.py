"""Stores to try things on: a recipe is plain data, build() writes it as an SQLite file.

A recipe knows no schema. build() puts each row where the chosen schema has room for it, drops tables and
columns that are not there, and fills every other NOT NULL column: one recipe serves every version.

Values are held as in the oracle: str is TEXT (lone surrogates from `surrogateescape` are octets that are no
UTF-8), bytes is a BLOB, None is NULL, or the filler where the column refuses NULL.
"""

import re
import sqlite3
import tempfile
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

from moments import DAY
from places import SCHEMAS
from store_rows import OWNED, SESSION_TABLES

NOW = 1_800_000_000_000
LONG_AGO = NOW - 400 * DAY
PAD = "~PAD~"  # stands in a text where the padding of a large row goes

PROJECTS = ("prj_a", "prj_A", "prj_b", "global", "prj_o'x")


class Brief:
    """Shows only what differs from the defaults: a failing recipe can be read, and pasted into a test."""

    def __repr__(self):
        plain = type(self)("") if isinstance(self, Session) else type(self)()
        given = [one.name for one in fields(self) if getattr(self, one.name) != getattr(plain, one.name)]
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in given)
        return f"{type(self).__name__}({said})"


@dataclass(repr=False)
class Session(Brief):
    id: str | bytes | None
    parent: str | None = None
    updated: object = LONG_AGO
    project: str = "prj_a"
    title: str | None = "a title"
    directory: str = "/work/a"
    share_url: str | None = None
    archived: int | None = None
    created: int = LONG_AGO
    home: str = "v1"  # v1, v2, both: which tables hold it where a store has both layouts
    v2: dict = field(default_factory=dict)  # of both: what the v2 row says differently, by column
    columns: dict = field(default_factory=dict)  # the JSON columns, or any other
    pad: int = 0


@dataclass(repr=False)
class Row(Brief):
    table: str = ""
    values: dict = field(default_factory=dict)
    pad: int = 0


@dataclass(repr=False)
class Chain(Brief):
    """Sessions each below the one before: deeper than any capped climb."""

    depth: int = 0
    top: str | None = None  # the parent of the first; one of the chain's own ids closes a cycle
    fresh: int = -1  # which one is 40 days old, the others being ancient

    def ids(self):
        return [f"ses_deep_{number:02}" for number in range(self.depth)]

    def sessions(self):
        parents = [self.top, *self.ids()]
        times = [NOW - 40 * DAY if place == self.fresh else LONG_AGO for place in range(self.depth)]
        return [Session(one, *rest) for one, *rest in zip(self.ids(), parents, times, strict=False)]


@dataclass(repr=False)
class Recipe(Brief):
    sessions: list = field(default_factory=list)
    chain: Chain = field(default_factory=Chain)
    rows: list = field(default_factory=list)
    loose: bool = False  # time_updated may be NULL, which no schema of the client allows


# --- building ------------------------------------------------------------------------------------


def schema_names():
    """One name for each schema that differs; versions with the same tables count once."""
    by_text = {}
    for path in sorted(SCHEMAS.glob("*.sql")):
        text = re.sub(r"^--.*\n?", "", path.read_text(), flags=re.MULTILINE)
        by_text[text] = path.stem
    return sorted(by_text.values())


def ddl(schema, loose):
    text = (SCHEMAS / f"{schema}.sql").read_text()
    if loose:
        text = re.sub(r"(`time_updated` integer) NOT NULL", r"\1", text)
    # SQLite owns this table and makes it with the first AUTOINCREMENT; it stays when that table goes.
    ours = "CREATE TABLE auto_once (id INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE auto_once;"
    return re.sub(r"CREATE TABLE sqlite_sequence\(.*\);", ours, text)


@cache
def template(schema, loose=False):
    """The empty store as octets, and the columns of its tables: name, type, not null, default, key."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        con = sqlite3.connect(path, isolation_level=None)
        con.execute("PRAGMA journal_mode=WAL")
        con.executescript(ddl(schema, loose))
        found = con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        names = [name for (name,) in found if not name.startswith("sqlite_")]
        tables = {name: con.execute(f'PRAGMA table_info("{name}")').fetchall() for name in names}
        con.close()  # the last connection folds the WAL into the file
        return path.read_bytes(), {name: [column[1:] for column in tables[name]] for name in names}


def build(recipe, path, schema):
    """Write the store; nothing is left open, and nothing of an earlier store at that path counts."""
    path = Path(path)
    octets, tables = template(schema, recipe.loose)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    path.write_bytes(octets)
    con = sqlite3.connect(path, isolation_level=None)
    try:
        con.execute("PRAGMA foreign_keys=OFF")
        con.execute("PRAGMA synchronous=OFF")
        con.execute("BEGIN")
        for number, row in enumerate(all_rows(recipe, tables)):
            insert(con, row, tables[row.table], number)
        con.execute("COMMIT")
    finally:
        con.close()
    return path


def all_rows(recipe, tables):
    rows = [*bystanders(tables), *session_rows(recipe, tables), *recipe.rows]
    return [row for row in rows if row.table in tables]


def bystanders(tables):
    """A row in every table that belongs to no session: whatever runs must leave it alone."""
    yield from (Row("project", {"id": project, "worktree": "/work/a"}) for project in PROJECTS)
    yield from (Row(table, {}) for table in tables if table not in OWNED)


def session_rows(recipe, tables):
    there = [table for table in SESSION_TABLES if table in tables]
    homes = {"v1": there[:1], "v2": there[-1:], "both": there}
    for session in recipe.sessions + recipe.chain.sessions():
        for table in homes[session.home]:
            differs = session.v2 if table == "session_v2" and session.home == "both" else {}
            yield Row(table, session_values(session) | differs, session.pad)


def session_values(session):
    return {
        "id": session.id,
        "parent_id": session.parent,
        "project_id": session.project,
        "title": session.title,
        "directory": session.directory,
        "share_url": session.share_url,
        "time_created": session.created,
        "time_updated": session.updated,
        "time_archived": session.archived,
        **session.columns,
    }


def insert(con, row, columns, number):
    values = {column[0]: value for column in columns for value in chosen(row, column, number)}
    if not values:
        con.execute(f'INSERT INTO "{row.table}" DEFAULT VALUES')
        return
    texts = {name: octets_of(value, row.pad) for name, value in values.items()}
    names = ", ".join(f'"{name}"' for name in values)
    # A text may hold octets that are no UTF-8: those reach the file as a BLOB that is cast.
    marks = ", ".join("CAST(? AS TEXT)" if isinstance(value, str) else "?" for value in values.values())
    con.execute(f'INSERT INTO "{row.table}" ({names}) VALUES ({marks})', tuple(texts.values()))


def octets_of(value, pad):
    if not isinstance(value, str):
        return value
    return value.replace(PAD, "x" * pad).encode("utf-8", "surrogateescape")


def chosen(row, column, number):
    """The value for a column as a list of one, or nothing where the default of the schema does."""
    name, kind, not_null, default, key = column
    if name in row.values and (row.values[name] is not None or not not_null):
        return [row.values[name]]
    own_number = key and kind.lower() == "integer" and not not_null  # the rowid by another name
    if (not_null and default is None or key) and not own_number:
        return [filler(name, kind, number)]
    return []


def filler(name, kind, number):
    """Something legal and, but for times, unique."""
    if name.startswith("time_"):
        return LONG_AGO
    if kind.lower() in ("text", "blob"):
        return f"{name}-{number}"
    return number
