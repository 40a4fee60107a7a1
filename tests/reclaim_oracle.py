"""What a reclamation must leave, reckoned row by row from the words of its kinds; imports nothing of the product."""

import json
import sqlite3

from oracle import DAY, OWNED, SESSION_TABLES

CLEARED = "[Old tool result content cleared]"
LINKS = ("sessionId", "parentSessionId")
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


def read(path):
    """Every row by table and rowid, texts with octets that are no UTF-8 as lone surrogates."""
    con = sqlite3.connect(path)
    con.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    con.row_factory = sqlite3.Row
    names = [row[0] for row in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {}
    for table in names:
        if not table.startswith("sqlite_"):
            rows = con.execute(f'SELECT rowid AS rowid_, * FROM "{table}"')
            found[table] = {row["rowid_"]: {k: row[k] for k in row.keys() if k != "rowid_"} for row in rows}  # noqa
    con.close()
    return found


def reclaimed(store, kinds, now, idle, all_events=False):
    """The rows that are left, by table and rowid; an edited value is a `Pairs`, the rest is as it was."""
    left = {table: {at: dict(row) for at, row in rows.items()} for table, rows in store.items()}
    if "orphans" in kinds:
        for table, gone in orphans(store, now).items():
            left[table] = {at: row for at, row in left[table].items() if at not in gone}
    if "events" in kinds and "event" in store:
        gone = superseded(store, all_events)
        left["event"] = {at: row for at, row in left["event"].items() if at not in gone}
    if "compacted" in kinds:
        for row in left.get("part", {}).values():
            row["data"] = compacted(row["data"])
    if "diffs" in kinds:
        without_diffs(store, left, now - idle)
    return left


def sessions(store):
    return {row["id"] for table in SESSION_TABLES for row in store.get(table, {}).values() if row["id"] is not None}


def foreign(store):
    """Logs that another machine owns."""
    return {row["aggregate_id"] for row in store.get("event_sequence", {}).values() if row.get("owner_id") is not None}


def orphans(store, now):
    known = sessions(store)
    kept = known | foreign(store) | {None}
    gone = {}
    for table, key in KEYS.items():
        if table in store and table != "part":
            gone[table] = {at for at, row in store[table].items() if row[key] not in kept}
    owners = {row["id"]: row["session_id"] for row in store.get("message", {}).values()}
    if "part" in store:
        gone["part"] = {place for place, row in store["part"].items()
                        if (owners[row["message_id"]] not in kept if row["message_id"] in owners
                            else row["session_id"] not in known or spent(row, now))}
    return gone


KEYS = {table: "aggregate_id" if table.startswith("event") else "session_id"
        for table in OWNED if table not in SESSION_TABLES}


def spent(row, now):
    """A part without a message that protects nothing: older than a week, and no tool call that has not ended."""
    if not clean(row["time_updated"]) or row["time_updated"] >= now - 7 * DAY:
        return False
    data = parsed(row["data"])
    return not (at(data, "type") == "tool" and at(data, "state", "status") in ("pending", "running"))


def clean(time):
    return isinstance(time, int) and time >= 10**12


def superseded(store, all_events):
    kept = sessions(store) - foreign(store)
    rows = {place: row for place, row in store["event"].items() if row["aggregate_id"] in kept}
    if all_events:
        return set(rows)
    newest = {}
    for place, row in rows.items():
        if (entity := about(row)) is not None:
            key = (row["aggregate_id"], row["type"], entity)
            newest.setdefault(key, []).append((row["seq"], place))
    return {place for events in newest.values() for _, place in sorted(events)[:-1]}


def about(event):
    text = event["data"].partition("\0")[0] if isinstance(event["data"], str) else event["data"]
    data = parsed(text)
    where = {"message.part.updated": ("part", "id"), "message.updated": ("info", "id"),
             "session.updated": ("info", "id")}.get(event["type"].rpartition(".")[0], ("",))
    return at(data, *where) or None


def compacted(text):
    """A tool part as it is once its cleared output is gone; the text itself where there is nothing to do."""
    data = parsed(text)
    state, marked = at(data, "state"), at(data, "state", "time", "compacted")
    if at(data, "type") != "tool" or at(state, "status") != "completed" or len(str(marked or "")) < 13:
        return text
    metadata = state.get("metadata")
    links = Pairs((k, metadata.get(k)) for k in LINKS if metadata.get(k) is not None) \
        if isinstance(metadata, Pairs) else Pairs()
    new = state.put("output", CLEARED).without("attachments")
    if metadata is not None:
        new = new.put("metadata", links)
    return text if new == state else data.put("state", new)


def without_diffs(store, left, since):
    idle = {id for id in sessions(store) if is_idle(store, id, since)}
    for row in left.get("message", {}).values():
        data = parsed(row["data"])
        diffs = at(data, "summary", "diffs")
        if row["session_id"] in idle and isinstance(diffs, list) and not isinstance(diffs, Pairs) and diffs[:1] \
                and diffs[0] is not None:
            row["data"] = data.put("summary", data.get("summary").put("diffs", []))
    for table in SESSION_TABLES:
        for row in left.get(table, {}).values():
            if row["id"] not in idle:
                continue
            if row.get("summary_diffs") is not None and is_json(row["summary_diffs"]):
                row["summary_diffs"] = None
            revert = parsed(row.get("revert"))
            if at(revert, "diff") is not None:
                row["revert"] = revert.without("diff")


def is_json(text):
    return parsed(text) is not None or isinstance(text, str) and text.strip(" \t\r\n") == "null"


def is_idle(store, id, since):
    times = [row["time_updated"] for table in ACTIVE for row in store.get(table, {}).values()
             if row["id" if table in SESSION_TABLES else "session_id"] == id]
    return all(clean(time) for time in times) and max(times, default=0) < since


def differences(expected, found):
    """Where the store is not as it should be: table, rowid, column."""
    wrong = []
    for table, rows in expected.items():
        wrong += [(table, place, "gone or new") for place in rows.keys() ^ found[table].keys()]
        for place in rows.keys() & found[table].keys():
            for column, wanted in rows[place].items():
                value = found[table][place][column]
                same = parsed(value) == wanted if isinstance(wanted, Pairs) else \
                    value == wanted and type(value) is type(wanted)
                if not same:
                    wrong.append((table, place, column, wanted, value))
    return wrong
