"""Content that a reclamation is interested in, spread over a generated forest by a seed.

Two ways: rows that are there anyway get an interesting text, and some sessions get a whole conversation, with turns,
results around the client's thresholds, thoughts, compactions, and a log in which updates repeat each other.
"""

import random
import re

import attached
import entries
import forests
import moments
import nasty
import odd_values
from forests import LONG_AGO, Row

CLEARED = nasty.MARKER
FORGOTTEN = "[Old reasoning cleared]"

TOOLS = [text for _, text in nasty.RECLAIMABLE + nasty.LEFT_ALONE] + [
    nasty.tool(extra=',"metadata":{"openai":{"itemId":"x"}}'),
    nasty.tool().replace('"attachments":[]', '"metadata":{"sessionId":"ses_1","x":1,"parentSessionId":"ses_0"}'),
    nasty.tool(f'"{CLEARED}"').replace('"attachments":[]', '"metadata":{"output":"long"}'),
    nasty.tool(f'"{CLEARED}"').replace('"attachments":[]', '"metadata":{"sessionId":"s"}'),
    nasty.tool(compacted="0"),
    nasty.tool(status='"error"'),
]
THOUGHTS = [
    '{"type":"reasoning","text":"why","time":{"start":1,"end":2},"metadata":{"anthropic":{"signature":"x"}}}',
    '{"type":"reasoning","text":"why é😀\\n","time":{"start":1}}',
    f'{{"type":"reasoning","text":"{FORGOTTEN}","time":{{"start":1}}}}',
    f'{{"type":"reasoning","text":"{FORGOTTEN}","time":{{"start":1}},"metadata":{{"x":1}}}}',
    f'{{"type":"reasoning","text":"{FORGOTTEN}","metadata":null}}',
    '{"type":"reasoning","text":"","time":{"start":1},"metadata":null}',
    '{"type":"reasoning","time":{"start":1}}',
    '{"type":"Reasoning","text":"why","metadata":{}}',
    '{"type":"reasoning","text":"why"',
]
SUMMARIES = [
    '{"role":"user","time":{"created":1},"summary":{"title":"t","diffs":[{"file":"a","patch":"x\\u0000y"}]}}',
    '{"role":"user","summary":{"diffs":[]}}',
    '{"role":"user","summary":{"diffs":[null]}}',
    '{"role":"user","summary":{"diffs":"text"}}',
    '{"role":"assistant","summary":true,"time":{"created":1,"completed":2}}',
    ' { "summary" : { "diffs" : [ { "before" : "\\ud83d" } ] } , "summary.diffs" : [1] , "x" : 1e400 } ',
    '{"summary":{"diffs":[{"file":"a"}]}',
]
SHOWN = ('[{"file":"a","before":"x","after":"y"}]', "[]", "null", "no json", None)
REVERTS = ('{"messageID":"msg_1","snapshot":"abc","diff":"--- a"}', '{"messageID":"msg_1"}', '{"diff":"x"', None,
           '{"messageID":"msg_1","diff":"\\u0000 \\ud83d","x":1.50}')
NOTED = [
    '{"sessionID":"s","part":{"id":"prt_1","text":"a"}}', '{"sessionID":"s","part":{"id":"prt_2"}}',
    '{"sessionID":"s","info":{"id":"msg_1"}}', '{"sessionID":"s","info":{"title":"half"}}',
    '{"part":{"id":"prt_1"}', '{"part":{"id":""}}', '"prt_1"', '{"part":{"id":"prt_1"}}\x00rest',
    *(f'{{"sessionID":"ses_{"s" * 26}","part":{{"id":"prt_{"p" * 26}"{end}' for end in ("}}", ',"x":1}}', "}", "")),
    f'{{"sessionID":"ses_{"s" * 26}","info":{{"id":"msg_{"m" * 26}"}}}}',
]
NOTED_TYPES = ("message.part.updated.1", "message.part.updated.2", "message.updated.1", "session.updated.1",
               "session.created.1", "session.next.text.1", "message.part.removed.1")
MARKED = attached.tool(attached.url(), time={"start": 1, "end": 2, "compacted": 1_700_000_000_000})
ATTACHED = [attached.text(one) for one in (*attached.MOVES.values(), *attached.STAYS.values(), MARKED)]
POOLS = {"part": TOOLS + THOUGHTS + ATTACHED, "message": SUMMARIES, "event": NOTED}
TOO_DEEP = "[" * 1_001  # what is no JSON any more for SQLite 3.51, and was for 3.40

# Octets of results: 40,000 tokens are protected, and what goes beyond them must be more than 20,000.
SMALL = (0, 1, 40, 400)
LARGE = (1, 40, 39_999, 40_000, 40_001, 80_000, 80_001, 160_000, 160_001)


def worn(recipe, seed, portable=False):
    """The recipe with content of interest; `portable`: without what a server cannot hold."""
    rng = random.Random(seed)
    pools = {table: [text for text in pool if not portable or "\0" not in text] for table, pool in POOLS.items()}
    for row in recipe.rows:
        deep = TOO_DEEP in str(row.values.get("data"))
        if row.table in pools and (deep or rng.random() < 0.6):
            row.values["data"] = rng.choice(pools[row.table])
        if row.table == "event":
            row.values["type"] = rng.choice(NOTED_TYPES)
        if row.table == "event_sequence" and rng.random() < 0.8:
            row.values["seq"] = 9_999
        if row.table == "event_sequence" and rng.random() < 0.2:
            row.values["owner_id"] = "another machine"
    for session in recipe.sessions:
        if rng.random() < 0.5:
            session.columns = {"summary_diffs": rng.choice(SHOWN), "revert": rng.choice(REVERTS)}
    if rng.random() < 0.5:
        recipe.rows.append(Row("kv", {"key": "migration.v1-v2", "value": '{"phase":"completed"}',
                                      "time_created": forests.NOW - 3 * moments.DAY}))
    talkative = [session for session in recipe.sessions if isinstance(session.id, str)]
    for number, session in enumerate(rng.sample(talkative, min(3, len(talkative)))):
        if rng.random() < 0.8:  # or few are settled and idle enough to be looked at
            session.columns, session.updated, session.v2 = {}, LONG_AGO, {}
        outputs = (f'"{CLEARED}"',) if portable else (f'"{CLEARED}"', "null", '{"x":"1"}')
        recipe.rows += conversation(rng, session.id, number, outputs) + log(rng, session.id, number, pools["event"])
        recipe.rows += said_in_2x(session.id, number, seed, not portable)
    return recipe


def said_in_2x(session, number, seed, strange):
    """The same session as 2.x holds it, behind what else it says."""
    for n, row in enumerate(entries.conversation(f"ses_{number}", seed, strange)):
        row.values |= {"id": f"smg_{number}_{n:02}", "session_id": session, "seq": 1_000 + n}
        yield row
    for n, (kind, data) in enumerate(attached.MESSAGES, 100):
        yield placed("session_message", f"smg_{number}_{n}", attached.text(data), session_id=session, seq=1_000 + n,
                     type=kind)


def conversation(rng, session, number, outputs):
    """Turns of one session. Some share a moment, and then the id says which is first; the ids may run backwards.

    `outputs` are odd ones; how many octets one that is no text takes is up to the engine.
    """
    length, created, large = rng.randint(4, 16), 1_000, rng.random() < 0.7
    names = [f"msg_{number}_{place:02}" for place in range(length)]
    rng.random() < 0.3 and names.reverse()
    rows, folds = [], []
    kinds = rng.choices(("prompt", "answer", "fold", "summary"), (3, 8, 2, 2), k=length)
    kinds[-3:] = rng.choice((kinds[-3:], ["fold", "summary", "prompt"], ["prompt", "answer", "prompt"]))
    for place, (id, kind) in enumerate(zip(names, kinds, strict=True)):
        created += rng.choice((0, 1, 1, 1))
        texts = {"prompt": lambda: [], "answer": lambda: answer(rng, LARGE if large else SMALL, outputs),
                 "fold": lambda: [fold(rng, names)], "summary": lambda: [rng.choice(THOUGHTS)]}[kind]()
        if kind == "fold":
            folds.append(id)
        data = summary(rng, folds) if kind == "summary" else rng.choice(ANSWERS if kind == "answer" else PROMPTS)
        rows.append(Row("message", {"id": id, "session_id": session, "time_created": created,
                                    "time_updated": LONG_AGO, "data": data}))
        rows += [Row("part", {"id": f"prt_{number}_{place:02}_{n}", "message_id": id, "session_id": session,
                              "time_updated": LONG_AGO, "data": text}) for n, text in enumerate(texts)]
    return rows


PROMPTS = ('{"role":"user","time":{"created":1}}',) * 4 + ('{"role":"User"}', '{"role":"user"')
ANSWERS = (odd_values.DONE, '{"role":"assistant","error":{"name":"x"}}')


def answer(rng, sizes, outputs):
    """What one answer consists of: text, thoughts, results."""
    makers = (lambda: '{"type":"text","text":"said"}', lambda: rng.choice(THOUGHTS), lambda: rng.choice(TOOLS),
              lambda: rng.choice(ATTACHED), *(lambda: result(rng, sizes, outputs),) * 3)
    return [rng.choice(makers)() for _ in range(rng.randint(0, 6))]


def result(rng, sizes, outputs):
    """A result of the tool `skill` now and then, of one that failed, of one that was cleared or marked."""
    tool, status = rng.choice(("bash",) * 6 + ("skill",)), rng.choice(("completed",) * 8 + ("error", "running"))
    output = rng.choice((f'"{"x" * rng.choice(sizes)}"',) * 8 + outputs)
    marked = rng.choice(("",) * 8 + (',"compacted":1700000000000', ',"compacted":0'))
    more = rng.choice(("", ',"metadata":{"output":"copy","sessionId":"ses_1"}', ',"attachments":[{"url":"data:,x"}]'))
    return (f'{{"type":"tool","tool":"{tool}","state":{{"status":"{status}","output":{output}{more},'
            f'"time":{{"start":1,"end":2{marked}}}}}}}')


TAIL = '"tail_start_id"'


def fold(rng, names):
    """The part that begins a compaction; what of the older messages is sent again with its summary."""
    tail = rng.choice((None, None, "null", '"msg_lost"', '"msg_0_00"', f'"{rng.choice(names)}"'))
    return f'{{"type":"compaction","auto":true{"" if tail is None else f",{TAIL}:{tail}"}}}'


def summary(rng, folds):
    """The answer to a compaction, finished more often than not."""
    parent = rng.choice([*folds[-1:] * 8, *folds, "msg_lost", "msg_0_02"])
    said = rng.choice((',"summary":true',) * 8 + (',"summary":false', ""))
    end = rng.choice((',"finish":"stop","time":{"created":1,"completed":2}',) * 8 + (
        ',"time":{"created":1,"completed":2},"error":{"name":"x"}', ',"finish":null,"time":{"completed":2}',
        ',"finish":"stop","time":{"completed":2},"error":{}', ',"finish":"stop","time":{"completed":2},"error":null'))
    return f'{{"role":"assistant"{said},"parentID":"{parent}"{end}}}'


def log(rng, session, number, pool):
    """Updates that repeat each other, of few parts and messages."""
    texts, types = rng.choices(pool, k=4), rng.choices(NOTED_TYPES[:4], k=2)
    return [Row("event", {"id": f"evt_{number}_{n:02}", "aggregate_id": session, "seq": 1_000 + n,
                          "type": rng.choice(types), "data": rng.choice(texts)}) for n in range(rng.randint(0, 12))]


# --- every nasty text in every place that a kind looks at ----------------------------------------

EVERY = [(name, text.decode("utf-8", "surrogateescape")) for name, text in nasty.NASTY + nasty.INVALID_UTF8] + \
    [(name, blob) for name, blob in nasty.BLOBS]
HEAD = '{"type":"tool"'
MARK = re.compile(r'\s*,\s*"compacted":1700000000000')


def shaped(text, kind):
    """A nasty tool part as the kind wants its rows, so that what is nasty stands beside what goes."""
    if isinstance(text, bytes):
        return text
    if kind == "outputs":
        return MARK.sub("", text)
    heads = {"reasoning": '{"type":"reasoning","text":"why"', "revert": '{"messageID":"msg_1","diff":"--- a"',
             "diffs": '{"role":"user","summary":{"diffs":[{"file":"a"}]}', "events": '{"part":{"id":"prt_1"}'}
    return text.replace(HEAD, heads[kind], 1) if kind in heads else text


def nasty_recipe(texts=EVERY):
    """A store in which each kind meets each of these texts: ids end in the number of the text."""
    sessions, rows = [forests.Session("ses_parts"), forests.Session("ses_messages")], []
    numbered = [(f"{number:03}", text) for number, (_, text) in enumerate(texts)]
    turns = [result_of(80_001), odd_values.DONE, result_of(160_000), '{"type":"compaction","auto":true}', None, None]
    for place, text in enumerate(turns):
        data = {3: PROMPTS[0], 4: SUMMARY, 5: PROMPTS[0]}.get(place, odd_values.DONE)
        rows.append(placed("message", f"msg_{place}", data, session_id="ses_parts", time_created=1_000 + place))
        if text:
            rows.append(placed("part", f"prt_{place}", text, message_id=f"msg_{place}", session_id="ses_parts"))
    for number, text in numbered:
        rows += [placed("part", f"prt_{kind}_{number}", shaped(text, kind), message_id="msg_1",
                        session_id="ses_parts") for kind in ("compacted", "outputs", "reasoning")]
        rows.append(placed("message", f"msg_diffs_{number}", shaped(text, "diffs"), session_id="ses_messages"))
        sessions.append(forests.Session(f"ses_{number}", columns={
            "revert": shaped(text, "revert"), "summary_diffs": text}))
        rows += [Row("event", {"id": f"evt_{seq}_{number}", "aggregate_id": f"ses_{number}", "seq": seq,
                               "type": NOTED_TYPES[0], "data": shaped(text, "events")}) for seq in (1, 2)]
        gone = {"id": f"evt_lost_{number}", "aggregate_id": "ses_gone", "seq": int(number), "data": text}
        rows += [placed("part", f"prt_lost_{number}", text, message_id="msg_lost", session_id="ses_parts"),
                 placed("message", f"msg_lost_{number}", text, session_id="ses_gone"), Row("event", gone)]
    return forests.Recipe(sessions, rows=rows)


SUMMARY = ('{"role":"assistant","summary":true,"parentID":"msg_3","finish":"stop",'
           '"time":{"created":1,"completed":2}}')


def result_of(octets):
    return f'{{"type":"tool","tool":"bash","state":{{"status":"completed","output":"{"x" * octets}"}}}}'


def placed(table, id, data, **values):
    return Row(table, {"id": id, "data": data, "time_updated": LONG_AGO} | values)
