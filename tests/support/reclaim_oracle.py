"""What a reclamation must leave, reckoned row by row from the words of its kinds; imports nothing of the product."""

import json
import sqlite3

import content_oracle
from moments import DAY
from reclaim_words import CLEARED, FORGOTTEN, PROTECTED, WORTH, Pairs, at, clean, is_idle, parsed, sessions
from store_rows import OWNED, SESSION_TABLES

LINKS = ("sessionId", "parentSessionId")


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
    if "outputs" in kinds:
        for place in old_results(store, now - idle):
            left["part"][place]["data"] = without_output(store["part"][place]["data"])
    if "reasoning" in kinds:
        for place in unsent(store, now - idle):
            left["part"][place]["data"] = without_thought(store["part"][place]["data"])
    if "compacted" in kinds:
        for place, row in left.get("part", {}).items():
            if row["data"] is store["part"][place]["data"]:
                row["data"] = compacted(row["data"])
    if "diffs" in kinds:
        without_diffs(store, left, now - idle)
    if any("seq" in row for row in store.get("session_message", {}).values()):
        content_oracle.reclaimed(store, left, kinds, now - idle)
    return left


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


def superseded(store, all_events):
    kept = sessions(store) - foreign(store)
    numbers = {row["aggregate_id"]: row["seq"] for row in store.get("event_sequence", {}).values()}
    rows = {place: row for place, row in store["event"].items()
            if row["aggregate_id"] in kept and row["seq"] <= numbers.get(row["aggregate_id"], row["seq"])}
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
    return without_output(text) if is_marked(parsed(text)) else text


def is_result(data):
    return at(data, "type") == "tool" and at(data, "state", "status") == "completed"


def is_marked(data):
    """A result that the client has marked as cleared: by a time stamp of thirteen digits."""
    return is_result(data) and len(str(at(data, "state", "time", "compacted") or "")) >= 13


def without_output(text):
    data = parsed(text)
    state = data.get("state")
    metadata = state.get("metadata")
    links = Pairs((k, metadata.get(k)) for k in LINKS if metadata.get(k) is not None) \
        if isinstance(metadata, Pairs) else Pairs()
    new = state.put("output", CLEARED).without("attachments")
    if metadata is not None:
        new = new.put("metadata", links)
    return text if new == state else data.put("state", new)


def quiet(store, since):
    """Sessions that are idle and have no revert pending: its message decides what the model is sent."""
    pending = {row["id"] for table in SESSION_TABLES for row in store.get(table, {}).values()
               if row.get("revert") is not None}
    return {id for id in sessions(store) - pending if is_idle(store, id, since)}


def by_time(session, store):
    """The messages of a session, the oldest first; of one moment the smaller id is the older."""
    rows = [row for row in store.get("message", {}).values() if row["session_id"] == session]
    return sorted(rows, key=lambda row: (row["time_created"], row["id"].encode("utf-8", "surrogateescape")))


def parts_of(messages, store):
    """Places of the parts of these messages in their order."""
    order = {row["id"]: number for number, row in enumerate(messages)}
    rows = [(order[row["message_id"]], row["id"].encode("utf-8", "surrogateescape"), place)
            for place, row in store.get("part", {}).items() if row["message_id"] in order and row["id"] is not None]
    return [place for *_, place in sorted(rows)]


def old_results(store, since):
    """Results before the last two turns, beyond the newest that are protected, where they are worth it."""
    for session in quiet(store, since):
        messages = by_time(session, store)
        prompts = [n for n, row in enumerate(messages) if at(parsed(row["data"]), "role") == "user"]
        before = messages[:prompts[-2]] if len(prompts) > 1 else []
        walked, found, worth = 0, [], 0
        for place in reversed(parts_of(before, store)):
            data = parsed(store["part"][place]["data"])
            output = at(data, "state", "output")
            if not is_result(data) or data.get("tool") == "skill" or output == CLEARED or is_marked(data):
                continue
            walked += len(said(output))
            if walked > PROTECTED:
                found.append(place)
                worth += len(said(output))
        if worth > WORTH:
            yield from found


def said(value):
    """The octets of a value: a text as it reads, anything else as JSON."""
    if value is None:
        return b""
    text = value if isinstance(value, str) else json.dumps(dict(value) if isinstance(value, Pairs) else value,
                                                           separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def unsent(store, since):
    """Thoughts before the first message that the model is still sent."""
    for session in quiet(store, since):
        messages = by_time(session, store)
        start = first_sent(messages, store)
        for place in parts_of(messages[:start], store):
            data = parsed(store["part"][place]["data"])
            if at(data, "type") == "reasoning" and (data.get("text") != FORGOTTEN or data.get("metadata") is not None):
                yield place


def first_sent(messages, store):
    """Where the newest finished compaction begins, or the tail that is sent with it; 0 without either."""
    answered = set()
    for row in messages:
        data = parsed(row["data"])
        if at(data, "role") == "assistant" and at(data, "summary") is True and at(data, "finish") is not None \
                and at(data, "time", "completed") is not None and at(data, "error") is None:
            answered.add(at(data, "parentID"))
    ids = [row["id"] for row in messages]
    for start in reversed(range(len(messages))):
        folds = [data for place in parts_of([messages[start]], store)
                 if at(data := parsed(store["part"][place]["data"]), "type") == "compaction"]
        if ids[start] in answered and folds:
            tail = folds[-1].get("tail_start_id")
            if tail is None:
                return start
            return ids.index(tail) if tail in ids[:start + 1] else 0
    return 0


def without_thought(text):
    return parsed(text).put("text", FORGOTTEN).without("metadata")


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


def rows_of(store):
    """Rows of each table in an order of their own: one that comes back has a new rowid."""
    return {table: sorted((tuple(row.values()) for row in rows.values()), key=repr) for table, rows in store.items()}


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
