"""Rows of small stores, by hand: messages, parts, turns, events, and what changes them afterwards."""

from forests import NOW, Row
from moments import DAY
from oracle import Policy
from sqlite_utils.utils import sqlite3  # as the product has it: two copies let go of each other's locks

V1, MIXED, FIRST = "1.18.33", "v2.0-mixed-simulated", "1.2.15"
OLD = NOW - 3 * DAY  # over AGE, and recent enough to be running
AGE = Policy(max_age_ms=2 * DAY)
OPEN = '{"role":"assistant","time":{"created":1}}'
DONE = '{"role":"assistant","time":{"created":1,"completed":2}}'


def message(session, id=None, time=OLD, data=DONE):
    return Row(
        "message", {"id": id or f"msg_{session}", "session_id": session, "time_updated": time, "data": data}
    )


def part(session, id=None, message=None, time=OLD, data='{"type":"text"}'):
    return Row(
        "part",
        {
            "id": id or f"prt_{session}",
            "message_id": message or f"msg_{session}",
            "session_id": session,
            "time_updated": time,
            "data": data,
        },
    )


def spoken(session, id=None, time=OLD, data=OPEN, type="assistant"):
    return Row(
        "session_message",
        {
            "id": id or f"smg_{session}",
            "session_id": session,
            "type": type,
            "seq": 1,
            "time_updated": time,
            "data": data,
        },
    )


def event(session, seq, data="{}", type="message.part.updated.1"):
    return Row(
        "event",
        {"id": f"evt_{session}_{seq:03}", "aggregate_id": session, "seq": seq, "type": type, "data": data},
    )


def sequence(session, seq, owner=None):
    return Row("event_sequence", {"aggregate_id": session, "seq": seq, "owner_id": owner})


def tool(status):
    return f'{{"type":"tool","tool":"bash","state":{{"status":"{status}"}}}}'


def changed(path, *statements):
    con = sqlite3.connect(path)
    with con:
        for statement in statements:
            con.execute(statement)
    con.close()
