"""Stores that a 1.x client has written, the 2.x client has moved, and both have used since, by a seed.

`moved` does what the client does: every session gets its row of 2.x, every message that it can read its message, with
an entry for each text, thought and tool call; what it cannot read it leaves out. The sessions tell what happened to
them, so that an oracle need not look into the store.
"""

import json
import random
import sqlite3
from dataclasses import dataclass, field

import forests
from forests import LONG_AGO, NOW, Row, Session
from moments import DAY
from nasty import MARKER

SCHEMA = "v2.0-mixed-simulated"
KINDS = ("text", "reasoning", "tool", "error", "step-start", "step-finish", "patch")
# What keeps a session where it is, by a name.
TROUBLES = ("broken part", "broken message", "unknown part", "pending tool", "written", "late part", "new", "shared",
            "share row", "active", "lost message", "lost part", "crossed", "subtask", "unfinished fold", "old row",
            "fresh part")


@dataclass
class Told:
    """A session, and what is in the way of removing its rows of 1.x; `gone`: 2.x has removed it."""

    id: str
    parent: str | None
    troubles: set = field(default_factory=set)
    gone: bool = False


def part_of(rng, kind):
    time = '"time":{"start":1,"end":2}'
    return {
        "text": f'{{"type":"text","text":"é {rng.random()}"}}',
        "reasoning": f'{{"type":"reasoning","text":"why","metadata":{{"signature":"x"}},{time}}}',
        "tool": '{"type":"tool","callID":"c","tool":"bash","state":{"status":"completed","input":{},'
                f'"output":"o\\u0000","title":"t","metadata":{{"output":"o"}},{time}}}}}',
        "error": '{"type":"tool","callID":"c","tool":"bash","state":{"status":"error","input":{},'
                 f'"error":"no",{time}}}}}',
        "step-start": '{"type":"step-start"}',
        "step-finish": '{"type":"step-finish","reason":"stop","cost":0,"tokens":{}}',
        "patch": '{"type":"patch","hash":"h","files":["a"]}',
        "pending": '{"type":"tool","callID":"c","tool":"bash","state":{"status":"pending","input":{},"raw":""}}',
    }[kind]


class Writer:
    """Rows of one session, as 1.x writes them; `begun` is when the client began to move."""

    def __init__(self, rng, session, begun):
        self.rng, self.session, self.begun = rng, session, begun
        self.number = 0
        self.rows = []

    def message(self, data, *parts, **values):
        self.number += 1
        id = f"msg_{self.session}_{self.number:03}"
        self.rows.append(Row("message", {"id": id, "session_id": self.session, "time_created": LONG_AGO + self.number,
                                         "time_updated": LONG_AGO + self.number + 5, "data": data} | values))
        for place, text in enumerate(parts):
            self.part(id, place, text)
        return id

    def part(self, message, place, data, **values):
        self.rows.append(Row("part", {"id": f"prt{message[3:]}_{place}", "message_id": message, "data": data,
                                      "session_id": self.session, "time_updated": LONG_AGO + 9} | values))

    def turn(self):
        prompt = self.message('{"role":"user","time":{"created":1},"agent":"build","model":{}}',
                              '{"type":"text","text":"please"}')
        kinds = self.rng.choices(KINDS, k=self.rng.randrange(0, 6))
        self.message(f'{{"role":"assistant","parentID":"{prompt}","time":{{"created":1,"completed":2}}}}',
                     *(part_of(self.rng, kind) for kind in kinds))

    def fold(self, end='"time":{"created":1,"completed":2}'):
        prompt = self.message('{"role":"user","time":{"created":1}}', '{"type":"compaction","auto":true}')
        answer = f'{{"role":"assistant","summary":true,"parentID":"{prompt}",{end}}}'
        self.message(answer, '{"type":"text","text":"all"}')

    def trouble(self, name):
        """A trouble of the rows themselves."""
        answer = '{"role":"assistant","time":{"created":1,"completed":2}}'
        if name == "broken part":
            prompt = '{"role":"user","time":{"created":1}}'
            broken = ('{"type":"text"', '{"type":"text"}', '{"type":"file","mime":"x"}')
            self.message(self.rng.choice((answer, prompt)), self.rng.choice(broken))
        elif name == "broken message":
            self.message(self.rng.choice(("{", '{"role":"assistant","broken":1}')))
        elif name == "unknown part":
            self.message(answer, '{"type":"hologram","text":"x"}')
        elif name == "pending tool":
            self.message(answer, part_of(self.rng, "pending"))
        elif name == "late part":
            self.part(self.message(answer), 0, part_of(self.rng, "text"), time_updated=self.begun)
        elif name == "fresh part":
            self.part(self.message(answer), 0, part_of(self.rng, "text"), time_updated=NOW - 3 * DAY)
        elif name == "written":
            self.message('{"role":"user","time":{"created":1}}', time_updated=self.begun)
        elif name == "lost part":
            self.part("msg_nowhere" + self.session, 0, part_of(self.rng, "text"))
        elif name == "crossed":
            self.part(self.message(answer), 0, part_of(self.rng, "text"), session_id="ses_elsewhere")
        elif name == "subtask":
            self.message('{"role":"user","time":{"created":1}}', '{"type":"subtask","prompt":"x"}')
        elif name == "unfinished fold":
            self.fold('"time":{"created":1}')


def forest(seed, begun, troubles=TROUBLES, sessions=0):
    """A recipe of 1.x sessions in trees, and what there is to tell of each; of many, each trouble has two by itself."""
    rng = random.Random(seed)
    told, written, rows = [], [], []
    alone = [*troubles, *troubles] if sessions else []
    for number in range((sessions or rng.randrange(1, 9)) + len(alone)):
        id = f"ses_{number:03}"
        parent = rng.choice([None, *(one.id for one in told[-6:])]) if told else None
        found = {rng.choice(troubles)} if troubles and rng.random() < 0.4 else set()
        if number >= (sessions or 9):
            parent, found = None, {alone.pop()}
        told.append(Told(id, parent, found))
        updated = NOW - 3 * DAY if "active" in found else LONG_AGO + 9
        written.append(Session(id, parent, updated=updated, created=begun if "new" in found else LONG_AGO, home="v1",
                                share_url="https://x" if "shared" in found else None))
        writer = Writer(rng, id, begun)
        for _ in range(rng.randrange(0, 4)):
            writer.turn() if rng.random() < 0.7 else writer.fold()
        for trouble in found:
            writer.trouble(trouble)
        if "share row" in found:
            rows.append(Row("session_share", {"session_id": id}))
        rows += writer.rows + [Row("todo", {"session_id": id, "position": n}) for n in range(rng.randrange(0, 3))]
    return forests.Recipe(written, rows=rows), told


def moved(path, seed, troubles=TROUBLES, sessions=0):
    """Build the store, move it, and use it on; what there is to tell of each session."""
    rng = random.Random(seed + 1)
    begun = NOW - rng.choice((2, 60)) * DAY
    recipe, told = forest(seed, begun, troubles, sessions)
    forests.build(recipe, path, SCHEMA)
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("BEGIN")
    for one in told:
        if "new" not in one.troubles:
            move(con, one)
    con.execute("INSERT INTO kv VALUES ('migration.v1-v2', ?, ?, ?)",
                ('{"phase":"completed"}', begun, begun + 1000))
    use(con, rng, told)
    con.execute("COMMIT")
    con.close()
    return told


def move(con, one):
    con.execute("""INSERT INTO session_v2 (id, project_id, parent_id, slug, directory, title, version, share_url,
        time_created, time_updated) SELECT id, project_id, parent_id, slug, directory, title, version, share_url,
        time_created, time_updated FROM session WHERE id = ?""", (one.id,))
    rows = con.execute("SELECT id, time_created, time_updated, data FROM message WHERE session_id = ? ORDER BY id",
                       (one.id,)).fetchall()
    seq, folds = 0, {}
    for id, created, updated, text in rows:
        data = readable(text)
        parts = [readable(part) for (part,) in con.execute(
            "SELECT data FROM part WHERE message_id = ? AND session_id = ? ORDER BY id", (id, one.id))]
        types = [part.get("type") for part in parts if part]
        if data is None or "broken" in data or "subtask" in types or data.get("parentID") in folds:
            continue
        if "compaction" in types:
            answer = next((other for _, other in answers(con, id)), {})
            folds[id] = True
            if "completed" not in answer.get("time", {}):
                continue
            new = {"status": "completed", "summary": "all"}
            kind, updated = "compaction", updated + 1
        elif data["role"] == "user":
            kind, new = "user", {"text": "please", "time": {"created": created}}
        else:
            kind = "assistant"
            new = {"content": [entry(part) for part in parts if part and entry(part)], "time": {"completed": updated}}
        con.execute("INSERT INTO session_message VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (id, one.id, kind, seq, created, updated, json.dumps(new)))
        seq += 1
    con.execute("INSERT INTO event_sequence (aggregate_id, seq) VALUES (?, ?)", (one.id, seq - 1))


def answers(con, prompt):
    for id, text in con.execute("SELECT id, data FROM message WHERE instr(data, ?)", (prompt,)):
        data = readable(text)
        if data and data.get("parentID") == prompt:
            yield id, data


def readable(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def entry(part):
    if part["type"] in ("text", "reasoning"):
        return {"type": part["type"], "text": part["text"]} if "text" in part else None
    if part["type"] == "tool":
        status = part["state"]["status"]
        words = part["state"].get("output", MARKER)
        return {"type": "tool", "name": part["tool"], "state": {
            "status": "completed" if status == "completed" else "error", "content": [{"type": "text", "text": words}]}}
    return None


def use(con, rng, told):
    """What happened since: 2.x removes trees and children, loses a message, or goes on with a session."""
    for one in told:
        if "lost message" in one.troubles:
            con.execute("DELETE FROM session_message WHERE id = (SELECT MIN(m.id) FROM session_message m "
                        "WHERE m.session_id = ?)", (one.id,))
            if not con.execute("SELECT 1 FROM message WHERE session_id = ?", (one.id,)).fetchall():
                one.troubles.discard("lost message")  # it had none
        if "old row" in one.troubles:
            con.execute("UPDATE session_v2 SET time_updated = time_updated - 1 WHERE id = ?", (one.id,))
        if not one.troubles and rng.random() < 0.3:
            con.execute("INSERT INTO session_message VALUES (?, ?, 'user', 9999, ?, ?, '{\"text\":\"more\"}')",
                        (f"msg_more_{one.id}", one.id, LONG_AGO, LONG_AGO))
    single = [one for one in told if one.troubles and not any(one.id in (other.parent, other.id) and other is not one
                                                              for other in told) and one.parent is None]
    for one in told:
        if "new" not in one.troubles and (rng.random() < 0.25 or one in single[-len(TROUBLES):]):
            for below in subtree(told, one):
                if "new" not in below.troubles:
                    below.gone = True
                    for table, key in (("session_message", "session_id"), ("event_sequence", "aggregate_id"),
                                       ("session_v2", "id")):
                        con.execute(f"DELETE FROM {table} WHERE {key} = ?", (below.id,))


def subtree(told, top):
    found = [top]
    for one in told:
        if one.parent in {other.id for other in found}:
            found.append(one)
    return found


def root(told, one):
    parents = {other.id: other for other in told}
    while one.parent in parents:
        one = parents[one.parent]
    return one.id


# What does not matter where the rows are not compared with any of 2.x.
MOVED_ONLY = {"broken part", "broken message", "unknown part", "lost message", "subtask", "unfinished fold", "old row"}


def leftovers(told):
    """The ids of sessions whose rows of 1.x are to go."""
    taken = {one.id for one in told if not one.gone and not one.troubles}
    dead = {one.id for one in told if one.gone and not one.troubles - MOVED_ONLY - {"pending tool"}}
    standing = {root(told, one) for one in told if one.id not in dead}
    return taken | {one.id for one in told if one.id in dead and root(told, one) not in standing}
