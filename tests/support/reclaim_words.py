"""What the oracles of reclamation speak in: JSON to the letter, and sessions that nobody uses."""

import json

from store_rows import SESSION_TABLES

CLEARED = "[Old tool result content cleared]"
FORGOTTEN = "[Old reasoning cleared]"
PROTECTED, WORTH = 4 * 40_000, 4 * 20_000  # tokens of the client, at four octets each
ACTIVE = (*SESSION_TABLES, "message", "session_message")


class Pairs(list):
    """A JSON object as its pairs, so that nothing is lost or reordered."""

    def get(self, key):
        return next((value for name, value in self if name == key), None)

    def without(self, *keys):
        return Pairs((name, value) for name, value in self if name not in keys)

    def put(self, key, new):
        """Where a key comes twice, the first is meant."""
        place = next((n for n, (name, _) in enumerate(self) if name == key), len(self))
        return Pairs([*self[:place], (key, new), *self[place + 1:]])


def parsed(text):
    """The value of a JSON text, numbers as they are written; None for what is no JSON text."""
    if not isinstance(text, str):
        return None
    try:
        return json.loads(text, object_pairs_hook=Pairs, parse_constant=int, parse_float=Written,
                          parse_int=Written)
    except (ValueError, RecursionError):
        return None


class Written(str):
    """A number, letter for letter."""


def at(value, *path):
    for key in path:
        value = value.get(key) if isinstance(value, Pairs) else None
    return value


def sessions(store):
    return {row["id"] for table in SESSION_TABLES for row in store.get(table, {}).values() if row["id"] is not None}


def clean(time):
    return isinstance(time, int) and time >= 10**12


def is_idle(store, id, since):
    times = [row["time_updated"] for table in ACTIVE for row in store.get(table, {}).values()
             if row["id" if table in SESSION_TABLES else "session_id"] == id]
    return all(clean(time) for time in times) and max(times, default=0) < since
