"""Stores in every encoding that SQLite keeps texts in, with the same rows."""

import sqlite3
from pathlib import Path

import forests

ENCODINGS = {"UTF-8": "utf-8", "UTF-16le": "utf-16-le", "UTF-16be": "utf-16-be"}
# Texts that no other encoding may bend: a mark of the order of octets, half pairs, a NUL, letters beyond 16 bits.
ODD = ("\ufeffmark", "half \ud83d pair", "\udc00", "nul\0nul", "😀 Ärger проект", "", "{\"a\":\"\ud800\"}")


def planted(recipe, path, schema, encoding):
    """The recipe's store, in an encoding; the texts of ODD stand in rows of its first sessions."""
    path = Path(path)
    plain = forests.build(recipe, path.with_name("plain.db"), schema)
    kept = sqlite3.connect(plain)
    kept.text_factory = bytes
    made = sqlite3.connect(path, isolation_level=None)
    made.execute(f"PRAGMA encoding = '{encoding}'")
    made.execute("PRAGMA journal_mode = WAL")
    made.executescript(forests.ddl(schema, False))
    made.execute("CREATE TEMP TABLE octets (value)")
    made.execute("BEGIN")
    for (name,) in kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if not (name := name.decode()).startswith("sqlite_"):
            columns = len(kept.execute(f'SELECT * FROM "{name}" LIMIT 0').description)
            marks = ", ".join("?" * columns)
            made.executemany(f'INSERT INTO "{name}" VALUES ({marks})', map(_texts, _rows(kept, name)))
    made.execute("COMMIT")
    odd(made, encoding)
    made.close()
    kept.close()
    plain.unlink()
    return path


def _rows(con, table):
    names = [row[1].decode() for row in con.execute(f'PRAGMA table_info("{table}")')]
    shown = ", ".join(f'typeof("{name}"), "{name}"' for name in names)
    for row in con.execute(f'SELECT {shown} FROM "{table}"'):
        yield list(zip(row[::2], row[1::2], strict=True))


def _texts(row):
    return [value.decode() if kind == b"text" else value for kind, value in row]


def odd(con, encoding):
    """Put the odd texts into todos of as many sessions as there are, a text each."""
    codec = ENCODINGS[encoding]
    ids = [id for (id,) in con.execute("SELECT session_id FROM todo ORDER BY session_id LIMIT ?", (len(ODD),))]
    for id, text in zip(ids, ODD, strict=False):
        con.execute("DELETE FROM octets")
        con.execute("INSERT INTO octets VALUES (?)", (text.encode(codec, "surrogatepass"),))
        con.execute("UPDATE todo SET content = (SELECT CAST(value AS TEXT) FROM octets) WHERE session_id = ?", (id,))
        assert con.execute("SELECT typeof(content), CAST(content AS BLOB) FROM todo WHERE session_id = ?",
                           (id,)).fetchone() == ("text", text.encode(codec, "surrogatepass"))


def contents(path, told=None):
    """Every row of every table: octets as they are stored, or the texts that they are in the encoding `told`."""
    con = sqlite3.connect(path)
    con.text_factory = bytes
    found = {}
    for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        names = [row[1].decode() for row in con.execute(f'PRAGMA table_info("{name.decode()}")')]
        shown = ", ".join(f'typeof("{n}"), CASE WHEN typeof("{n}") = \'text\' THEN CAST("{n}" AS BLOB) ELSE "{n}" END'
                          for n in names)
        rows = (zip(row[::2], row[1::2], strict=True) for row in con.execute(f'SELECT {shown} FROM "{name.decode()}"'))
        found[name.decode()] = sorted(repr([_shown(kind, value, told) for kind, value in row]) for row in rows)
    con.close()
    return found


def _shown(kind, value, told):
    if kind == b"text" and told:
        return value.decode(ENCODINGS[told], "surrogatepass")
    return (kind, value)
