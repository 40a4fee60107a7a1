"""The rows of a store and of the files beside it, by content: what is lost is in neither."""

import hashlib
import os
import sqlite3
from json import loads

from opencode_lifecycle.sql.reclamation import originals_file as valuefile
from opencode_lifecycle.sql.transfer import reader as intake

# Tables of the client that a removal reaches, and the key of a row in each.
KEYS = {"session": ("id",), "session_v2": ("id",), "message": ("id",), "part": ("id",), "session_message": ("id",),
        "todo": ("session_id", "position"), "event": ("id",), "event_sequence": ("aggregate_id",)}
# Columns that a reclamation shrinks: their values may lie in another file than their row.
CONTENT = {"data", "summary_diffs", "revert"}
# What verbs change, and say so: the archive flag; and the number of the last event never goes down.
PASSING = {"time_archived", "seq"}
OF_SESSION = {"part": "session_id", "message": "session_id", "todo": "session_id", "session_message": "session_id",
              "event": "aggregate_id", "event_sequence": "aggregate_id", "session_v2": "id", "session": "id"}
FILE = "a file beside the store"


def value(found):
    """What tells two values apart, short: text from octets, and a number by its type."""
    if isinstance(found, (str, bytearray)):
        octets = found.encode("utf-8", "surrogateescape") if isinstance(found, str) else bytes(found)
        return hashlib.sha256(octets).hexdigest()[:20]
    return f"blob {hashlib.sha256(found).hexdigest()[:20]}" if isinstance(found, bytes) else repr(found)


def key_of(table):
    return ("name",) if table == FILE else KEYS[table]


class Rows:
    """Rows by table and key: what stays the same of each, and the values of its content; files add to it."""

    def __init__(self):
        self.bodies, self.values = {}, {}

    def add(self, table, row):
        place = (table, *(value(row.get(key)) for key in key_of(table)))
        held = {name: value(found) for name, found in row.items() if name not in PASSING}
        if table == "event":  # whose number does count
            held["seq"] = value(row.get("seq"))
        body = frozenset((name, found) for name, found in held.items() if name not in CONTENT and found != "None")
        self.bodies.setdefault(place, set()).add(body)
        for name in CONTENT & held.keys():
            self.values.setdefault((*place, name), set()).add(held[name])

    def __contains__(self, piece):
        place, held = piece
        return held in (self.values if len(place) > 1 + len(key_of(place[0])) else self.bodies).get(place, ())

    def pieces(self):
        return {(place, held) for kept in (self.bodies, self.values) for place, all_of in kept.items()
                for held in all_of}


def of_store(path):
    rows = Rows()
    con = sqlite3.connect(path)
    con.text_factory = bytearray
    for table in KEYS:
        try:
            cursor = con.execute(f"SELECT * FROM {table}")
        except sqlite3.OperationalError:
            continue
        names = [column[0] for column in cursor.description]
        for row in cursor:
            rows.add(table, dict(zip(names, row, strict=True)))
    con.close()
    for name in beside(path):
        rows.add(FILE, {"name": name, "content": (path.parent / name).read_bytes()})
    return rows


def beside(path):
    found = [*(path.parent / "storage").rglob("*.json"), *(path.parent / "tool-output").glob("*")]
    return sorted(str(one.relative_to(path.parent)) for one in found)


def of_file(path):
    rows = Rows()
    if valuefile.is_one(path):
        for held in valuefile.read(path):
            one = held.take()
            if one.kind == "files":
                rows.add(FILE, {"name": os.fsdecode(one.id), "content": bytes(one.value)})
            elif one.column:
                rows.values.setdefault((one.table, value(one.id), one.column), set()).add(value(one.value))
            else:
                rows.add(one.table, loads(bytes(one.value)))
    else:
        for item in intake.read(path):
            if isinstance(item, intake.Stored) and item.table in KEYS:
                rows.add(item.table, item.values)
    return rows
