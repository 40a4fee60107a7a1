"""The rows of a store as plain SQLite reads them: their values, the JSON in them, who owns each, what is left.

Shares no line with the product.
"""

import json
from contextlib import contextmanager

SESSION_TABLES = ("session", "session_v2")
BY_SESSION_ID = (
    "message", "todo", "session_share", "session_message", "session_input", "session_context_epoch",
    "session_pending", "session_inbox", "instruction_entry", "instruction_state",
)
BY_AGGREGATE_ID = ("event", "event_sequence")
OWNED = SESSION_TABLES + ("part",) + BY_SESSION_ID + BY_AGGREGATE_ID
SESSION_JSON = ("summary_diffs", "metadata", "revert", "permission", "model")
WITH_DATA = ("message", "part", "event", "session_message")


# --- reading -------------------------------------------------------------------------------------


@contextmanager
def raw_text(con):
    """Text comes out losslessly, even where it is not UTF-8."""
    before = con.text_factory
    con.text_factory = lambda octets: octets.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        con.text_factory = before


def fetch(con, sql):
    cursor = con.cursor()
    cursor.row_factory = None
    return cursor.execute(sql).fetchall()


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def read_table(con, table):
    columns = [row[1] for row in fetch(con, f"PRAGMA table_info({quoted(table)})")]
    names = ", ".join(quoted(column) for column in columns)
    rows = fetch(con, f"SELECT {names} FROM {quoted(table)}")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def read_store(con):
    """{table: [{column: value}]} of every table in the file."""
    with raw_text(con):
        tables = [name for (name,) in fetch(con, "SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: read_table(con, table) for table in tables if not table.startswith("sqlite_")}


def octets(value):
    """Stored length of a value: text in UTF-8, a blob as it is, NULL nothing."""
    if value is None:
        return 0
    return len(as_bytes(value))


def as_bytes(value):
    if isinstance(value, bytes):
        return value
    return str(value).encode("utf-8", "surrogateescape")


def id_order(value):
    """By bytes; SQLite sorts every blob after every text."""
    return (isinstance(value, bytes), as_bytes(value))


# --- JSON, as SQLite's own functions see it ------------------------------------------------------

NOT_JSON = object()


def first_wins(pairs):
    """Of a key that stands twice, json_extract reads the first."""
    result = {}
    for key, value in pairs:
        result.setdefault(key, value)
    return result


def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


def parsed(value):
    """The JSON in a data column, or NOT_JSON, as SQLite reads it: up to a NUL. Numbers stay text: only their presence
    matters here."""
    text = as_bytes(value).decode("utf-8", "surrogateescape").partition("\0")[0]
    try:
        return json.loads(
            text, object_pairs_hook=first_wins, parse_constant=refuse, parse_int=str, parse_float=str
        )
    except (ValueError, RecursionError):
        return NOT_JSON


def at(document, *path):
    """The value at a path, None where any step is missing. A JSON null counts as absent."""
    for key in path:
        if not isinstance(document, dict):
            return None
        document = document.get(key)
    return document


# --- who owns a row ------------------------------------------------------------------------------


def sessions_of_messages(store):
    return {row["id"]: row["session_id"] for row in store.get("message", ()) if row["id"] is not None}


def owner(table, row, message_sessions):
    """The session id a row belongs to. A part belongs to its message's session, whatever it says itself;
    only where that message does not exist, to its own session_id."""
    if table in SESSION_TABLES:
        return row["id"]
    if table == "part":
        return message_sessions.get(row["message_id"], row["session_id"])
    return row["aggregate_id" if table in BY_AGGREGATE_ID else "session_id"]


def owned_rows(store):
    message_sessions = sessions_of_messages(store)
    for table in OWNED:
        for row in store.get(table, ()):
            yield table, row, owner(table, row, message_sessions)


def data_columns(table):
    if table in SESSION_TABLES:
        return SESSION_JSON
    return ("data",) if table in WITH_DATA else ()


# --- what is left --------------------------------------------------------------------------------


def shape(store):
    """{table: rows}, a row being its values by column name order; rowids do not matter."""
    return {
        table: sorted((tuple(row[column] for column in sorted(row)) for row in rows), key=repr)
        for table, rows in store.items()
    }


def dump(con):
    """The store as it stands."""
    return shape(read_store(con))


def survivors(con, removed):
    """What must be left after these sessions are removed: every row that none of them owns."""
    store = read_store(con)
    message_sessions = sessions_of_messages(store)
    gone = set(removed)

    def stays(table, row):
        return table not in OWNED or owner(table, row, message_sessions) not in gone

    return shape({table: [row for row in rows if stays(table, row)] for table, rows in store.items()})
