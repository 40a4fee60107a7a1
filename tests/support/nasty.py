"""Texts that break JSON functions somewhere: in a data column each must survive, byte for byte.

All but the broken ones are completed tool parts, most of them compacted and not yet cleared, so that a
reclaim has work to do. None of them makes a session `running`, on any engine.
"""
import json

MARKER = "[Old tool result content cleared]"  # what the client shows for a compacted output


def tool(output='"old output"', compacted="1700000000000", extra="", status='"completed"'):
    """A tool part as JSON text; the arguments are JSON texts themselves."""
    time = '{"start":1,"end":2' + (f',"compacted":{compacted}' if compacted else "") + "}"
    state = f'"status":{status},"input":{{"command":"ls"}},"output":{output},"attachments":[],"time":{time}'
    return f'{{"type":"tool","tool":"bash","callID":"c1"{extra},"state":{{{state}}}}}'


def nested(depth):
    return tool(extra=f',"deep":{"[" * depth}{"]" * depth}')


# Valid everywhere that JSON is judged by its grammar: a reclaim clears the output and keeps the rest.
RECLAIMABLE = [
    ("plain", tool()),
    ("nul escape in a value", tool(extra=r',"x":"a\u0000b"')),
    ("nul escape in a key", tool(extra=r',"a\u0000b":1')),
    ("nul escape in the output", tool(r'"a\u0000b"')),
    ("lone high surrogate", tool(extra=r',"x":"\ud83d"')),
    ("lone low surrogate", tool(extra=r',"x":"\ude00"')),
    ("lone surrogate in the output", tool(r'"cut \ud83d"')),
    ("surrogates in the wrong order", tool(extra=r',"x":"\ude00\ud83d"')),
    ("paired surrogate escapes", tool(extra=r',"x":"\ud83d\ude00"')),
    ("nesting 40", nested(40)),
    ("nesting 200", nested(200)),
    ("key with a dot", tool(extra=',"state.output":"other"')),
    ("key with a quote", tool(extra=r',"sta\"te":"other"')),
    ("empty key", tool(extra=',"":"other"')),
    ("key $", tool(extra=',"$":"other","$.state.output":"other"')),
    ("key with a single quote", tool(extra=""","it's":"other" """)),
    ("escaped backslash before u", tool(extra=r',"x":"\\u0000 \\\\u0000 \\ud83d"')),
    ("backslash and nul escape", tool(extra=r',"x":"\\\u0000"')),
    ("emoji", tool('"done 😀"', extra=',"😀":"😀"')),
    ("line separators", tool(extra=',"x":"a\u2028b\u2029c"')),
    ("private use U+E001", tool(extra=',"x":"a\ue001b"')),
    ("private use and nul escape", tool(extra=',"x":"a\ue001b\\u0000"')),
    ("escaped private use", tool(extra=r',"x":"a\ue001b"')),
    ("escaped private use and nul escape", tool(extra=r',"x":"a\uE001b\u0000"')),
    ("duplicate keys", tool(extra=',"x":1,"x":2')),
    ("big integers", tool(extra=',"x":123456789012345678901234567890,"y":9007199254740993')),
    ("1e400", tool(extra=',"x":1e400,"y":-1e-400')),
    ("number forms", tool(extra=',"x":-0,"y":1.50,"z":1E+2')),
    ("white space", tool().replace(",", " ,\r\n\t ")),
    ("output with SQL", tool('"\'; DELETE FROM session; --"')),
    ("output with a dollar quote", tool('"$gc$ $$ :name @p ?1 %s {{x}}"')),
    ("long escape-only output", tool('"' + r"\n\t\"" * 500 + '"')),
]

# Valid, but there is nothing to clear.
LEFT_ALONE = [
    ("already cleared", tool(json.dumps(MARKER)).replace('"attachments":[],', "")),
    ("compacted is null", tool(compacted="null")),
    ("compacted is absent", tool(compacted=None)),
    ("state is a string", '{"type":"tool","state":"completed"}'),
    ("state is null", '{"type":"tool","state":null}'),
    ("time is a string", '{"type":"tool","state":{"status":"completed","output":"x","time":"compacted"}}'),
    ("not a tool", tool().replace('"tool"', '"text"', 1)),
    ("top level string", '"tool"'),
    ("top level number", "42"),
    ("top level null", "null"),
    ("top level true", "true"),
    ("top level array", "[" + tool() + "]"),
    ("empty object", "{}"),
]

# Not JSON: nothing may change them, and nothing may fail over them.
NOT_JSON = [
    ("truncated", tool()[:-9]),
    ("empty text", ""),
    ("white space only", " \n"),
    ("byte order mark", "\ufeff" + tool()),
    ("json5", "{type:'tool',state:{status:'completed',output:'x',time:{compacted:1,},},}"),
    ("NaN", tool(extra=',"x":NaN')),
    ("Infinity", tool(extra=',"x":-Infinity')),
    ("raw tab in a string", tool(extra=',"x":"a\tb"')),
    ("raw newline in a string", tool(extra=',"x":"a\nb"')),
    ("two values", tool() + tool()),
    ("bad escape", tool(extra=r',"x":"\x41"')),
    ("leading zero", tool(extra=',"x":01')),
    ("plain words", "not json at all"),
]

# The engine, or its version, decides what these are: keep them out of comparisons, never out of round trips.
BY_ENGINE = [
    ("nesting 1500", nested(1500)),
    ("duplicate output", tool('"first","output":"second"')),
    ("raw nul after the end", tool() + "\x00"),
    ("raw nul inside", tool(extra=',"x":"a\x00b"')),
]

# Octets that are no UTF-8, in a TEXT column.
INVALID_UTF8 = [
    ("stray continuation", b'{"type":"text","text":"\x80"}'),
    ("cut sequence", b'{"type":"text","text":"\xe2\x82"}'),
    ("overlong slash", b'{"type":"text","text":"\xc0\xaf"}'),
    ("encoded surrogate", b'{"type":"text","text":"\xed\xa0\xbd"}'),
    ("beyond U+10FFFF", b'{"type":"text","text":"\xf5\x80\x80\x80"}'),
    ("latin-1", "caf\xe9".encode("latin-1")),
    ("invalid in a reclaimable output", tool('"@"').encode().replace(b"@", b"\xff\xfe")),
]

# The same column holding a BLOB.
BLOBS = [
    ("empty blob", b""),
    ("binary blob", bytes(range(256))),
    ("blob that reads as JSON", tool(compacted=None).encode()),
]


def encoded(pairs):
    return [(name, text.encode()) for name, text in pairs]


# Every text of the list above that is valid UTF-8: (name, bytes).
NASTY = encoded(RECLAIMABLE + LEFT_ALONE + NOT_JSON + BY_ENGINE)
# Of those, the ones that every engine can hold in a text column (no raw NUL).
PORTABLE = [(name, text) for name, text in NASTY if b"\x00" not in text]

# Titles that end a comment, a line, a literal or a table cell, or start a command of some shell.
TITLES = [
    "first\nsecond", "a\r.shell touch X", "\n.shell touch X", ".shell touch X", "\\! touch X", "\n:!! sh",
    "*/ DELETE FROM session; /*", "-- comment", "'; DELETE FROM session; --", "; DELETE FROM session;",
    "it's \"quoted\" `so` [and so]", "back\\slash\\'", "[bold red]markup[/bold red]", "[/nothing]",
    "\x1b[31mred\x1b[0m", "line\u2028and\u2029paragraph", "\x85next", "\u202eright to left", "😀" * 60, "",
    "$gc$ $$ :now ?1 %s {{x}} << y >>",
]
