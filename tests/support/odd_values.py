"""What drawn stores are made of: usual values, and odd ones on the edge of each rule."""

import nasty
from forests import LONG_AGO, NOW, PAD
from moments import DAY, HOUR

# Few and on the edges of every limit, so that equal times and exact hits are common.
AGES = (1, HOUR, DAY - 1, DAY, DAY + 1, 7 * DAY, 7 * DAY + 1, 30 * DAY, 30 * DAY + 1, 90 * DAY, 400 * DAY)
OLD = tuple(NOW - age for age in AGES if age >= DAY) + (10**12,)
TIMES = OLD * 2 + tuple(NOW - age for age in (0, *AGES) if age < DAY)
FUTURE = (NOW + 1, NOW + 5 * DAY, 2**62)
OWN = "own"  # stands where a row is to have the time of its session
SMALL_TIMES = (0, -1, 10**12 - 1, NOW // 1000)
ODD_TIMES = (*SMALL_TIMES, None, "yesterday", "2026-01-01T00:00:00Z", "", NOW - DAY + 0.5, 1e300, b"\x00")

GONE = "ses_gone"
# Differ in case, in accents' form, in UTF-8 against UTF-16 order, in a trailing space, or look like SQL.
ODD_IDS = (
    "ses_A", "ses_a", "ses_aB", "ses_Ab", "ses_é", "ses_e\u0301", "ses_😀", "ses_\uffee", "ses_", "ses_ ", "",
    "ses_o'b", 'ses_"q"', "ses_\\", "ses_%", "ses__", "ses_[x]", "ses_1;--", "ses_*/",
)
UNSAFE_IDS = (
    "ses_\n.shell touch X", "ses_\t", "ses_\x7f", "ses_\x85", "ses_\u2028", "ses_\u2029", "ses_\ufffd", "ses_\u202e",
    "ses_\u200fx", "ses_\u2066x\u2069", "ses_\u061c", "ses_\ufeff",
)
UNSAFE_OCTETS = ("ses_\x00z", "ses_\udcff", "ses_\udced\udca0\udcbd", b"ses_blob", b"ses_00")

TITLES = (
    "a title", "Keep me", "keep\nme", "KEEP", "Release 1", "École keep", "école", "100% done", "a_b", "axb",
    "\u212aeep", None,  # the Kelvin sign, whose lower case is k
    "e\u0301cole", "ÉCOLE", "ПРОЕКТ важный", "Straße", "STRASSE", "İstanbul", "ΣΊΣΥΦΟΣ", "a\u0323\u0307", "שלום keep",
)
PATTERNS = ("*keep*", "KEEP?me", "release ?", "*[a]*", "100%*", "a_b", "école*", "*\n*", "k*", "*'*", "?",
            "É*", "проект*", "stra?e", "strasse", "*ISTANBUL", "σίσυφος", "a\u0307\u0323", "*", "**", "?*?")
DIRECTORIES = ("/work/a", "/work/a/b", "/work/ab", "/Work/A", "/work/o'b", "/work/%", "C:\\work\\a", "c:/Work/a/b",
               "C:/work/ab", "//srv/Share/x", "\\\\?\\UNC\\srv\\share", "/work/e\u0301", "/work/a/", "/", "")
GUARDED = ("/work/a", "/work/a/b", "/work/o'b", "/work/%", "/WORK/A", "C:\\work", "c:/work/a/", "\\\\srv\\share",
           "/work/é", "/work/", "/", ".")

SESSION_COLUMNS = (
    {},
    {"summary_diffs": f'[{{"file":"a","before":"{PAD}"}}]'},
    {"revert": f'{{"messageID":"msg_0","diff":"é{PAD}"}}', "metadata": "{}"},
    {"model": '{"id":"m","providerID":"p"}', "permission": "[]", "summary_diffs": "not json"},
)

DONE = f'{{"role":"assistant","time":{{"created":1,"completed":2}},"path":{{"cwd":"/work/{PAD}"}}}}'
MESSAGES = (
    f'{{"role":"user","time":{{"created":1}},"summary":{{"diffs":["{PAD}"]}}}}',
    DONE,
    '{"role":"assistant","time":{"created":1},"error":{"name":"MessageAbortedError","data":{}}}',
    '{"role":"assistant","time":{"created":1,"completed":null},"error":"aborted"}',
    '{"role":"assistant","time":{"created":1,"completed":0}}',
    '{"role":"Assistant","time":{"created":1}}',
    '[{"role":"assistant"}]',
)
OPEN_MESSAGES = (
    '{"role":"assistant","time":{"created":1}}',
    '{"role":"assistant","time":{"created":1,"completed":null},"error":null}',
    '{"role":"assistant"}',
    '{"role":"assistant","time":"completed"}',
    ' {"x":"\\ud83d\\u0000","role":"assistant","state":{"completed":1}}',
)
BROKEN_OPEN = ('{"role":"assistant","time":{"created":1}', '{role:"assistant"}', '\ufeff{"role":"assistant"}')

PARTS = (
    f'{{"type":"text","text":"hello{PAD}"}}',
    '{"type":"reasoning","text":"…","state":{"status":"running"}}',
    f'{{"type":"tool","tool":"bash","state":{{"status":"completed","output":"{PAD}","time":{{"start":1,"end":2}}}}}}',
    '{"type":"tool","tool":"bash","state":{"status":"error","error":"no"}}',
    f'{{"type":"file","mime":"image/png","url":"data:image/png;base64,AAAA{PAD}"}}',
    '{"type":"step-finish"}',
)
OPEN_PARTS = (
    '{"type":"tool","tool":"bash","state":{"status":"running","time":{"start":1}}}',
    '{"type":"tool","tool":"task","state":{"status":"pending","input":{}}}',
)
EVENTS = (
    f'{{"sessionID":"s","part":{{"id":"prt_1","type":"text","text":"{PAD}"}}}}',
    '{"sessionID":"s","info":{"id":"msg_1","role":"assistant"}}',
)
EVENT_TYPES = ("message.part.updated.1", "message.updated.1", "session.updated.1")

# A nasty text in place of any data; none of them makes a session running, whatever the engine makes of it.
NASTY = tuple(text.decode() for _, text in nasty.PORTABLE)
ODD_OCTETS = (
    *(text.decode("utf-8", "surrogateescape") for _, text in nasty.INVALID_UTF8),
    *(text.decode() for _, text in nasty.NASTY if b"\x00" in text),
    *(blob for _, blob in nasty.BLOBS),
)

ONE_PER_SESSION = ("session_share", "session_context_epoch", "instruction_state")
MANY_PER_SESSION = ("todo", "session_input", "instruction_entry")
QUEUES = ("session_pending", "session_inbox")
BUSY = ({"time_suspended": LONG_AGO}, {"time_suspended": 0}, {"time_compacting": LONG_AGO}, {"time_compacting": NOW})

# Each store shows about half of these, so that no single oddity drowns the others.
QUIRKS = (
    "odd ids", "unsafe ids", "odd times", "future", "orphans", "cycles", "deep chain", "projects", "shares",
    "unfinished", "nasty data", "large rows", "stray rows", "crossed parts", "titles", "archived", "columns", "busy",
)
# These cannot be held by every server: octets that are no text, NULL and text where a number belongs.
FILE_QUIRKS = ("odd octets", "null id", "loose")
