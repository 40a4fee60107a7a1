"""Messages of 2.x with entries of every sort, in conversations by a seed."""

import random

import forests
import nasty
from forests import NOW
from nasty import MARKER


def call(content='[{"type":"text","text":"out"}]', name='"bash"', status='"completed"', more="", state=""):
    return (f'{{"type":"tool","id":"c1","name":{name},"state":{{"status":{status},"input":{{"command":"ls"}},'
            f'"content":{content}{state}}}{more},"time":{{"created":1}}}}')


GONE = f'[{{"type":"text","text":"{MARKER}"}}]'
LONG = '[{"type":"text","text":"' + "y" * 45_000 + '"}]'
ENTRIES = [
    call(), call(LONG), call(LONG, '"skill"'), call(LONG, status='"error"'), call(LONG, more=',"executed":true'),
    call(LONG, more=',"executed":false,"providerState":{"id":"x"}'), call(LONG, '"subagent"', state=(
        ',"metadata":{"sessionID":"ses_2","status":"completed"},"structured":{"sessionID":"ses_2","output":"z"}')),
    call(LONG, state=',"metadata":{"output":"zzz","sessionId":"ses_3","x":null},"attachments":[{"uri":"data:,x"}]'),
    call('[{"type":"text","text":"a"},{"type":"file","uri":"data:image/png;base64,AAAA","mime":"image/png"}]'),
    call('[{"type":"file","uri":"' + "u" * 45_000 + '"}]'), call("[]"), call('"text"'), call('[1,"x",null]'),
    call(r'[{"type":"text","text":"a\u0000b \ud83d\ude00 é"}]'), call(LONG, "null"),
    call(LONG, more=',"big":1e400,"n":1.50'),
    call(GONE), call(GONE, state=',"metadata":{"output":"second copy"}'), call(GONE, state=',"metadata":{}'),
    call(GONE, state=',"metadata":{"sessionID":"ses_2","exit":0},"structured":{"x":1}'),
    call(GONE, state=',"metadata":"text"'), call(GONE, '"skill"', state=',"metadata":{"x":[1]}'),
    '{"type":"text","text":"hello"}', '{"type":"text","text":"","state":{"signature":"kept"}}',
    '{"type":"reasoning","text":"why","state":{"signature":"s"},"time":{"created":1}}',
    '{"type":"reasoning","text":"why","native":{"id":"é"}}', '{"type":"reasoning","text":""}',
    '{"type":"reasoning","text":"","native":null}', '{"type":"other","text":"why","state":{}}', "{}",
]
# What not every engine edits: half of a surrogate pair, and a key that comes twice.
STRANGE = [call(LONG, more=r',"x":"\ud83d"'), call(LONG, more=r',"a\u0000b":"\\u0000 \ude00"'),
           call(LONG, more=',"x":1,"x":2'),
           call(GONE, state=r',"metadata":{"output":"\ud83d"}'),
           r'{"type":"reasoning","text":"\u0000\ud83d","state":{}}',
           call(LONG, more=',"deep":' + "[" * 200 + "]" * 200),
           call(LONG, more=""","it's":"\u2028","$":{"content":[]}""")]
ODD = ['"content":"text"', '"content":{"0":{}}', '"content":[1]', '"content":[{},null]', '"content":[]', '"x":1',
       '"content":[{"type":"reasoning","text":"why"},"x"]']
COMPACTIONS = ['{"status":"completed","summary":"s","recent":""}', '{"status":"running","summary":"s"}',
               '{"status":"completed","summary":"s","providerContext":{"x":1}}', '{"status":"completed"', "{}"]


def message(number, type, data, session="ses_1", **values):
    return forests.Row("session_message", {
        "id": f"msg_{session}_{number:03}", "session_id": session, "type": type, "seq": number, "data": data,
        "time_created": forests.LONG_AGO, "time_updated": forests.LONG_AGO} | values)


def said(*entries, end='"time":{"created":1,"completed":2}'):
    return f'{{"agent":"build","content":[{",".join(entries)}],{end}}}'


def conversation(session, seed, strange):
    """Prompts, answers of several entries, compactions and oddities, in an order of their own."""
    rng = random.Random(f"{session}{seed}")
    pool = ENTRIES + STRANGE * strange
    for number in range(rng.randrange(2, 30)):
        kind = rng.choice(("assistant",) * 6 + ("user", "compaction", "odd", "user"))
        if kind == "odd":
            data = rng.choice([f'{{{rng.choice(ODD)},"time":{{"completed":2}}}}', rng.choice(nasty.NOT_JSON)[1],
                               said(*ENTRIES, end='"time":{"created":1}')])
            yield message(number, "assistant", data, session)
        elif kind == "assistant":
            yield message(number, kind, said(*rng.choices(pool, k=rng.randrange(0, 6))), session)
        else:
            yield message(number, kind, rng.choice(COMPACTIONS) if kind == "compaction" else '{"text":"go"}', session)


PICTURE = call('[{"type":"file","uri":"' + "u" * 45_000 + '"}]')
THOUGHT = '{"type":"reasoning","text":"why","native":{"id":"x"}}'


def telling(session, results=7):
    """A conversation in which every rule of the kinds decides something."""
    said_last = [said(call(LONG))] * results + [said(PICTURE)]
    texts = [("user", said(*ENTRIES)), ("assistant", said(*ENTRIES)), ("assistant", said(*ENTRIES, end='"time":{}')),
             ("assistant", said(call())), ("assistant", said(THOUGHT.replace("why", ""))),
             ("compaction", COMPACTIONS[0]), ("assistant", said(THOUGHT)), ("compaction", COMPACTIONS[0]),
             ("assistant", said(THOUGHT)), ("compaction", COMPACTIONS[1]), ("compaction", COMPACTIONS[2]),
             *(("assistant", text) for text in said_last), ("user", "{}"), ("assistant", said(call(LONG))),
             ("user", "{}")]
    return [message(number, type, data, session) for number, (type, data) in enumerate(texts)]


def told(path, schema):
    """A store of such conversations: one is in use, one has a pending revert, one is too short to be worth it."""
    home = "v1" if schema.startswith("1.") else "v2"
    found = [forests.Session("ses_0", home=home), forests.Session("ses_1", home=home, updated=NOW),
             forests.Session("ses_2", home=home, columns={"revert": '{"messageID":"m"}'}),
             forests.Session("ses_3", home=home)]
    rows = [row for session in found[:3] for row in telling(session.id)]
    little = [message(number, "assistant", said(call(LONG)), "ses_3") for number in range(4)]
    rows += [*little, message(8, "user", "{}", "ses_3"), message(9, "user", "{}", "ses_3")]
    return forests.build(forests.Recipe(found, rows=rows), path, schema)


def built(path, seed, schema, strange=True, sessions=4):
    rng = random.Random(seed)
    home = "v1" if schema.startswith("1.") else "v2"
    found = [forests.Session(f"ses_{n}", home=home, updated=rng.choice((forests.LONG_AGO,) * 5 + (NOW,)),
                             columns=rng.choice(({}, {}, {}, {"revert": '{"messageID":"m"}'})))
             for n in range(sessions)]
    rows = [row for session in found for row in conversation(session.id, seed, strange)]
    return forests.build(forests.Recipe(found, rows=rows), path, schema)
