"""A store of a given weight that holds something for every verb that writes; imports nothing of the product."""

import base64
import json
import random
import time
from contextlib import contextmanager

import beside
import command

OLD = 1_600_000_000_000
TIME = {"start": 1, "end": 2}
SHARES = 8                # plain parts, events, and six kinds of what can be reclaimed
ROW = 4_000               # octets, more or less


def insert(con, table, rows):
    columns = list(rows[0])
    con.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                    [tuple(row.values()) for row in rows])


def at(moment):
    return {"time_created": moment, "time_updated": moment}


def session(con, id, moment=OLD, parent=None, **more):
    insert(con, "session", [{"id": id, "parent_id": parent, "project_id": "p", "slug": "s", "directory": "/w",
                             "title": id, "version": "1"} | more | at(moment)])


def message(con, id, session, data, moment=OLD):
    insert(con, "message", [{"id": id, "session_id": session, "data": json.dumps(data)} | at(moment)])


def parts(con, message, session, number, data):
    insert(con, "part", [{"id": f"prt_{message}_{n}", "message_id": message, "session_id": session,
                          "data": json.dumps(data(n))} | at(OLD) for n in range(number)])


def words(size=ROW):
    return "word " * (size // 5)


def result(**more):
    return {"type": "tool", "tool": "bash", "callID": "c", "state": {
        "status": "completed", "input": {}, "output": words(), "title": "t", "metadata": {}, "time": TIME | more}}


def plain(con, name, rows):
    session(con, name)
    message(con, f"msg_{name}", name, {"role": "user"})
    parts(con, f"msg_{name}", name, rows, lambda n: {"type": "text", "text": words()})


def compacted(con, name, rows):
    session(con, name)
    message(con, f"msg_{name}", name, {"role": "assistant", "time": {"created": 1, "completed": 2}})
    parts(con, f"msg_{name}", name, rows, lambda n: result(compacted=OLD))


def outputs(con, name, rows):
    """Results from before the last two turns."""
    session(con, name)
    message(con, f"msg_{name}", name, {"role": "assistant", "time": {"created": 1, "completed": 2}})
    parts(con, f"msg_{name}", name, rows, lambda n: result())
    for n in (1, 2):
        message(con, f"msg_{name}_{n}", name, {"role": "user"}, OLD + n)


def reasoning(con, name, rows):
    """Thoughts from before a compaction."""
    session(con, name)
    done = {"role": "assistant", "time": {"created": 1, "completed": 2}}
    message(con, f"msg_{name}", name, done)
    parts(con, f"msg_{name}", name, rows, lambda n: {"type": "reasoning", "text": words(), "time": TIME})
    message(con, f"msg_{name}_1", name, {"role": "user"}, OLD + 1)
    parts(con, f"msg_{name}_1", name, 1, lambda n: {"type": "compaction", "auto": True})
    message(con, f"msg_{name}_2", name, done | {"summary": True, "parentID": f"msg_{name}_1", "finish": "stop"},
            OLD + 2)


def diffs(con, name, rows):
    session(con, name)
    change = {"file": "a", "before": words(ROW // 2), "after": words(ROW // 2), "additions": 1, "deletions": 1}
    for n in range(rows):
        message(con, f"msg_{name}_{n}", name, {"role": "user", "summary": {"diffs": [change]}})


def attachments(con, name, rows, size=120_000):
    session(con, name)
    message(con, f"msg_{name}", name, {"role": "user"})
    random.seed(1)
    parts(con, f"msg_{name}", name, max(1, rows * ROW // size), lambda n: {
        "type": "file", "mime": "image/png", "filename": "a",
        "url": "data:image/png;base64," + base64.b64encode(random.randbytes(size * 3 // 4)).decode()})


def orphans(con, name, rows):
    """Parts without a message, of a session that is gone."""
    parts(con, f"msg_{name}", name, rows, lambda n: {"type": "text", "text": words()})


def log(con, name, rows):
    plain(con, name, 20)
    insert(con, "event_sequence", [{"aggregate_id": name, "seq": rows - 1}])
    data = json.dumps({"part": {"id": "prt", "text": words()}})
    insert(con, "event", [{"id": f"evt_{name}_{n}", "aggregate_id": name, "seq": n, "type": "message.part.updated.1",
                           "data": data} for n in range(rows)])


def planted(path, mb):
    """One live session, and of `mb` million octets a share for each kind of content, in trees of about a million."""
    trees = 3 + mb // SHARES
    rows = mb * 1_000_000 // SHARES // ROW // trees
    with begun(command.planted(path, trees=1)) as con:
        for make in (plain, compacted, outputs, reasoning, diffs, attachments, orphans):
            for n in range(trees):
                make(con, f"ses_{make.__name__}_{n}", rows)
        log(con, "ses_log", rows * trees)
    return path


def left(path, mb):
    """A store of 2.x with as much that its move has left behind, of sessions that 2.x has removed since."""
    with begun(command.planted(path, trees=1, schema="v2.0-mixed-simulated")) as con:
        insert(con, "kv", [{"key": "migration.v1-v2", "value": '{"phase":"completed"}'} | at(OLD + 1_000_000)])
        for n in range(mb):
            plain(con, f"ses_plain_{n}", 1_000_000 // ROW)
    return path


def forest(path, sessions, chain):
    """One tree of so many sessions, each with a message and a part: below its root, or each below the one before."""
    with begun(command.planted(path, trees=1)) as con:
        before = None
        for n in range(sessions):
            name = f"ses_{n:06}"
            session(con, name, parent=before)
            before = name if chain or not n else before
            message(con, f"msg_{name}", name, {"role": "user"})
            parts(con, f"msg_{name}", name, 1, lambda n: {"type": "text", "text": "word"})
    return path


@contextmanager
def begun(path):
    """One transaction on a store that has one live session."""
    with command.opened(path) as con:
        con.execute("PRAGMA journal_mode = WAL").fetchall()
        con.execute("BEGIN")
        insert(con, "project", [{"id": "p", "worktree": "/w", "sandboxes": "[]"} | at(1)])
        session(con, beside.SESSION, int(time.time() * 1000))
        yield con
        con.execute("COMMIT")
