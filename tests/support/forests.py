"""Stores to try things on: hypothesis draws a recipe (plain data), build() writes it as an SQLite file.

A recipe knows no schema. build() puts each row where the chosen schema has room for it, drops tables and
columns that are not there, and fills every other NOT NULL column: one recipe serves every version.

Values are held as in the oracle: str is TEXT (lone surrogates from `surrogateescape` are octets that are no
UTF-8), bytes is a BLOB, None is NULL, or the filler where the column refuses NULL.
"""
import re
import sqlite3
import tempfile
from dataclasses import dataclass, field, fields, replace
from functools import cache
from itertools import compress
from math import prod
from pathlib import Path

import nasty
from hypothesis import strategies as st
from oracle import DAY, HOUR, OWNED, SESSION_TABLES, Policy, judge
from places import SCHEMAS

NOW = 1_800_000_000_000
LONG_AGO = NOW - 400 * DAY
PAD = "~PAD~"  # stands in a text where the padding of a large row goes

PROJECTS = ("prj_a", "prj_A", "prj_b", "global", "prj_o'x")


class Brief:
    """Shows only what differs from the defaults: a failing recipe can be read, and pasted into a test."""

    def __repr__(self):
        plain = type(self)("") if isinstance(self, Session) else type(self)()
        given = [one.name for one in fields(self) if getattr(self, one.name) != getattr(plain, one.name)]
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in given)
        return f"{type(self).__name__}({said})"


@dataclass(repr=False)
class Session(Brief):
    id: str | bytes | None
    parent: str | None = None
    updated: object = LONG_AGO
    project: str = "prj_a"
    title: str | None = "a title"
    directory: str = "/work/a"
    share_url: str | None = None
    archived: int | None = None
    created: int = LONG_AGO
    home: str = "v1"  # v1, v2, both: which tables hold it where a store has both layouts
    v2: dict = field(default_factory=dict)  # of both: what the v2 row says differently, by column
    columns: dict = field(default_factory=dict)  # the JSON columns, or any other
    pad: int = 0


@dataclass(repr=False)
class Row(Brief):
    table: str = ""
    values: dict = field(default_factory=dict)
    pad: int = 0


@dataclass(repr=False)
class Chain(Brief):
    """Sessions each below the one before: deeper than any capped climb."""

    depth: int = 0
    top: str | None = None  # the parent of the first; one of the chain's own ids closes a cycle
    fresh: int = -1  # which one is 40 days old, the others being ancient

    def ids(self):
        return [f"ses_deep_{number:02}" for number in range(self.depth)]

    def sessions(self):
        parents = [self.top, *self.ids()]
        times = [NOW - 40 * DAY if place == self.fresh else LONG_AGO for place in range(self.depth)]
        return [Session(one, *rest) for one, *rest in zip(self.ids(), parents, times, strict=False)]


@dataclass(repr=False)
class Recipe(Brief):
    sessions: list = field(default_factory=list)
    chain: Chain = field(default_factory=Chain)
    rows: list = field(default_factory=list)
    loose: bool = False  # time_updated may be NULL, which no schema of the client allows


# --- building ------------------------------------------------------------------------------------


def schema_names():
    """One name for each schema that differs; versions with the same tables count once."""
    by_text = {}
    for path in sorted(SCHEMAS.glob("*.sql")):
        text = re.sub(r"^--.*\n?", "", path.read_text(), flags=re.MULTILINE)
        by_text[text] = path.stem
    return sorted(by_text.values())


def ddl(schema, loose):
    text = (SCHEMAS / f"{schema}.sql").read_text()
    if loose:
        text = re.sub(r"(`time_updated` integer) NOT NULL", r"\1", text)
    # SQLite owns this table and makes it with the first AUTOINCREMENT; it stays when that table goes.
    ours = "CREATE TABLE auto_once (id INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE auto_once;"
    return re.sub(r"CREATE TABLE sqlite_sequence\(.*\);", ours, text)


@cache
def template(schema, loose=False):
    """The empty store as octets, and the columns of its tables: name, type, not null, default, key."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        con = sqlite3.connect(path, isolation_level=None)
        con.execute("PRAGMA journal_mode=WAL")
        con.executescript(ddl(schema, loose))
        found = con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        names = [name for (name,) in found if not name.startswith("sqlite_")]
        tables = {name: con.execute(f'PRAGMA table_info("{name}")').fetchall() for name in names}
        con.close()  # the last connection folds the WAL into the file
        return path.read_bytes(), {name: [column[1:] for column in tables[name]] for name in names}


def build(recipe, path, schema):
    """Write the store; nothing is left open, and nothing of an earlier store at that path counts."""
    path = Path(path)
    octets, tables = template(schema, recipe.loose)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    path.write_bytes(octets)
    con = sqlite3.connect(path, isolation_level=None)
    try:
        con.execute("PRAGMA foreign_keys=OFF")
        con.execute("PRAGMA synchronous=OFF")
        con.execute("BEGIN")
        for number, row in enumerate(all_rows(recipe, tables)):
            insert(con, row, tables[row.table], number)
        con.execute("COMMIT")
    finally:
        con.close()
    return path


def all_rows(recipe, tables):
    rows = [*bystanders(tables), *session_rows(recipe, tables), *recipe.rows]
    return [row for row in rows if row.table in tables]


def bystanders(tables):
    """A row in every table that belongs to no session: whatever runs must leave it alone."""
    yield from (Row("project", {"id": project, "worktree": "/work/a"}) for project in PROJECTS)
    yield from (Row(table, {}) for table in tables if table not in OWNED)


def session_rows(recipe, tables):
    there = [table for table in SESSION_TABLES if table in tables]
    homes = {"v1": there[:1], "v2": there[-1:], "both": there}
    for session in recipe.sessions + recipe.chain.sessions():
        for table in homes[session.home]:
            differs = session.v2 if table == "session_v2" and session.home == "both" else {}
            yield Row(table, session_values(session) | differs, session.pad)


def session_values(session):
    return {
        "id": session.id,
        "parent_id": session.parent,
        "project_id": session.project,
        "title": session.title,
        "directory": session.directory,
        "share_url": session.share_url,
        "time_created": session.created,
        "time_updated": session.updated,
        "time_archived": session.archived,
        **session.columns,
    }


def insert(con, row, columns, number):
    values = {column[0]: value for column in columns for value in chosen(row, column, number)}
    if not values:
        con.execute(f'INSERT INTO "{row.table}" DEFAULT VALUES')
        return
    texts = {name: octets_of(value, row.pad) for name, value in values.items()}
    names = ", ".join(f'"{name}"' for name in values)
    # A text may hold octets that are no UTF-8: those reach the file as a BLOB that is cast.
    marks = ", ".join("CAST(? AS TEXT)" if isinstance(value, str) else "?" for value in values.values())
    con.execute(f'INSERT INTO "{row.table}" ({names}) VALUES ({marks})', tuple(texts.values()))


def octets_of(value, pad):
    if not isinstance(value, str):
        return value
    return value.replace(PAD, "x" * pad).encode("utf-8", "surrogateescape")


def chosen(row, column, number):
    """The value for a column as a list of one, or nothing where the default of the schema does."""
    name, kind, not_null, default, key = column
    if name in row.values and (row.values[name] is not None or not not_null):
        return [row.values[name]]
    own_number = key and kind.lower() == "integer" and not not_null  # the rowid by another name
    if (not_null and default is None or key) and not own_number:
        return [filler(name, kind, number)]
    return []


def filler(name, kind, number):
    """Something legal and, but for times, unique."""
    if name.startswith("time_"):
        return LONG_AGO
    if kind.lower() in ("text", "blob"):
        return f"{name}-{number}"
    return number


# --- what the strategies draw from ---------------------------------------------------------------

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


# --- strategies ----------------------------------------------------------------------------------


def schemas():
    return st.sampled_from(schema_names())


class Drawer:
    """Draws for one store. A pool is a list to choose from; odd values are in it only where the store shows
    their quirk. Many pools share one drawn number: hypothesis is slow by the number of draws."""

    def __init__(self, draw, portable):
        self.draw = draw
        self.portable = portable
        quirks = QUIRKS if portable else QUIRKS + FILE_QUIRKS
        shown = self.pick(*[(False, True)] * len(quirks))
        self.quirks = set(compress(quirks, shown))

    def has(self, quirk):
        return quirk in self.quirks

    def some(self, usual, weight=3, **odd):
        """The usual values, together `weight` times as likely as the odd ones of one quirk together."""
        shown = [values for quirk, values in odd.items() if values and self.has(quirk.replace("_", " "))]
        share = max(len(usual) / weight, *map(len, shown)) if shown else 1
        pool = list(usual) * max(1, round(share * weight / len(usual))) if shown else list(usual)
        for values in shown:
            pool += list(values) * round(share / len(values))
        return pool

    def pick(self, *pools):
        """One value of each pool."""
        return self.decode(self.draw(numbers(pools)), pools)

    def picks(self, most, *pools):
        """Up to `most` picks; how many is drawn first, because a list's own length would stay short."""
        count = self.draw(st.integers(0, most))
        return [self.decode(drawn, pools) for drawn in self.draw(exactly(count, numbers(pools)))]

    def decode(self, drawn, pools):
        found = []
        for number, group in zip(drawn, grouped(pools), strict=True):
            for pool in group:
                number, place = divmod(number, len(pool))
                found.append(pool[place])
        return found

    def times(self, usual=TIMES):
        odd = SMALL_TIMES if self.portable else ODD_TIMES
        return self.some(usual, weight=15, odd_times=odd, future=FUTURE)

    def row_times(self):
        """Mostly the session's own, or old trees would be rare: the newest row makes a tree young."""
        return self.times((OWN,) * 4 * len(TIMES) + TIMES)

    def data(self, usual, unfinished=()):
        return self.some(usual, unfinished=unfinished, nasty_data=NASTY, odd_octets=ODD_OCTETS)

    def pads(self):
        return self.some((0,), weight=5, large_rows=(5_000, 20_000, 60_000))


def grouped(pools):
    """Runs of pools with at most 2^20 combinations: in wider ranges hypothesis prefers small numbers."""
    groups = []
    for pool in pools:
        if groups and prod(map(len, groups[-1])) * len(pool) <= 2**20:
            groups[-1].append(pool)
        else:
            groups.append([pool])
    return groups


def numbers(pools):
    """One number per group; its digits say which value of each pool."""
    return st.tuples(*(st.integers(0, prod(map(len, group)) - 1) for group in grouped(pools)))


def exactly(count, strategy):
    return st.lists(strategy, min_size=count, max_size=count)


def draw_ids(drawer, count):
    unsafe = UNSAFE_IDS if drawer.portable else UNSAFE_IDS + UNSAFE_OCTETS
    pool = (ODD_IDS if drawer.has("odd ids") else ()) + (unsafe if drawer.has("unsafe ids") else ())
    odd = drawer.draw(st.lists(st.sampled_from(pool), unique=True, max_size=count // 3)) if pool else []
    return odd + [f"ses_{number:02}" for number in range(count - len(odd))]


def parents(drawer, ids, place):
    """None or an earlier session, so that trees are common; any, even itself, where cycles are shown."""
    near = [one for one in (ids if drawer.has("cycles") else ids[:place]) if isinstance(one, str)]
    return drawer.some([None] * max(1, len(near)) + near, orphans=(GONE, ""))


def draw_session(drawer, ids, place):
    projects = drawer.some(("prj_a",), projects=PROJECTS)
    titles = drawer.some(TITLES[:1], titles=(*TITLES, *nasty.TITLES))
    directories = drawer.some(DIRECTORIES[:1], titles=DIRECTORIES)
    parent, updated = drawer.pick(parents(drawer, ids, place), drawer.times())
    project, title, directory = drawer.pick(projects, titles, directories)
    share, archived, created, home, columns, busy, pad = drawer.pick(
        drawer.some((None,), weight=9, shares=("", "https://opncd.ai/s/x")),
        drawer.some((None,), archived=(NOW - DAY, 0)),
        (LONG_AGO, NOW),
        ("v1", "v2", "both"),
        drawer.some(SESSION_COLUMNS[:1], columns=SESSION_COLUMNS),
        drawer.some(({},), weight=9, busy=BUSY),
        drawer.pads(),
    )
    v2 = {}
    if home == "both":
        names = ("time_updated", "project_id", "title", "parent_id")
        values = drawer.pick(drawer.times((updated,) * 20 + TIMES), projects, titles, (parent, parent, None))
        v2 = dict(zip(names, values, strict=True))
    place_in_tree = (ids[place], parent, updated)
    looks = (project, title, directory, share, archived, created)
    return Session(*place_in_tree, *looks, home, v2, columns | busy, pad)


def draw_chain(drawer):
    """Open, closed to a cycle, or hung below another session."""
    if not drawer.has("deep chain") or drawer.draw(st.integers(0, 3)) < 3:  # dear, so seldom
        return Chain()
    depth = drawer.draw(st.integers(65, 80))
    tops = (None, f"ses_deep_{depth - 1:02}", "ses_deep_30", "ses_00", GONE)
    return Chain(depth, drawer.draw(st.sampled_from(tops)), drawer.draw(st.integers(-1, depth - 1)))


def draw_messages(drawer, owners, most):
    data = drawer.data(MESSAGES, OPEN_MESSAGES + BROKEN_OPEN)
    found = drawer.picks(2 * most, owners, drawer.row_times(), data, drawer.pads())
    return [
        Row("message", {"id": f"msg_{number:02}", "session_id": one, "time_updated": time, "data": text}, pad)
        for number, (one, time, text, pad) in enumerate(found)
    ]


def draw_parts(drawer, owners, messages, most):
    """Parts of the messages; crossed ones name another session, stray ones a message that is not there."""
    homes = [(row.values["id"], row.values["session_id"]) for row in messages]
    if drawer.has("stray rows") or not homes:
        homes = homes + [("msg_gone", None)]
    crossed = (False, True) if drawer.has("crossed parts") else (False,)
    data = drawer.data(PARTS, OPEN_PARTS)
    found = drawer.picks(3 * most, homes, crossed, owners, drawer.row_times(), data, drawer.pads())
    rows = []
    for number, ((message, home), cross, other, time, text, pad) in enumerate(found):
        own = other if cross or home is None else home
        values = {"id": f"prt_{number:02}", "message_id": message, "session_id": own}
        rows.append(Row("part", values | {"time_updated": time, "data": text}, pad))
    return rows


def draw_session_messages(drawer, owners, most):
    kinds = ("assistant", "assistant", "user", "agent-switched")
    data = drawer.data((DONE, MESSAGES[2]), (*OPEN_MESSAGES, "{}", "[]", *BROKEN_OPEN))
    found = drawer.picks(most, owners, kinds, drawer.row_times(), data, drawer.pads())
    rows = []
    for number, (one, kind, time, text, pad) in enumerate(found):
        if isinstance(text, str) and "[" * (33 if drawer.portable else 1_001) in text:
            text = DONE  # deeper than MariaDB reads, or SQLite 3.51: no JSON to them, and so not running
        values = {"id": f"smg_{number:02}", "session_id": one, "type": kind, "seq": number}
        rows.append(Row("session_message", values | {"time_updated": time, "data": text}, pad))
    return rows


def draw_events(drawer, owners, most):
    """Events with and without their event_sequence, and the other way round: all of that is in the field."""
    found = drawer.picks(2 * most, owners, EVENT_TYPES, drawer.data(EVENTS), drawer.pads())
    rows = []
    for number, (one, kind, text, pad) in enumerate(found):
        values = {"id": f"evt_{number:02}", "aggregate_id": one, "seq": number, "type": kind, "data": text}
        rows.append(Row("event", values, pad))
    return rows + one_each(drawer, "event_sequence", "aggregate_id", owners, most)


def one_each(drawer, table, key, owners, most):
    holders = drawer.draw(st.lists(st.sampled_from(owners), unique=True, max_size=most))
    return [Row(table, {key: one}) for one in holders]


def draw_others(drawer, owners, most):
    rows = [Row(table, {"session_id": one}) for table, one in drawer.picks(most, MANY_PER_SESSION, owners)]
    if drawer.has("busy"):
        rows += [Row(table, {"session_id": one}) for table, one in drawer.picks(2, QUEUES, owners)]
    for table in ONE_PER_SESSION:
        if table != "session_share" or drawer.has("shares"):
            rows += one_each(drawer, table, "session_id", owners, 2)
    return rows


def with_own_times(rows, sessions):
    """Put the session's time where a row was to have it."""
    times = {session.id: session.updated for session in sessions}
    for row in rows:
        if row.values.get("time_updated") == OWN:
            owner = row.values["session_id"]
            row.values["time_updated"] = times.get(owner, LONG_AGO)
    return rows


@st.composite
def forests(draw, portable=False, max_sessions=25):
    """A Recipe. `portable`: only what a server can hold too (no NUL, no BLOB, no text for a time)."""
    drawer = Drawer(draw, portable)
    count = draw(st.integers(0, max_sessions))
    ids = draw_ids(drawer, count)
    sessions = [draw_session(drawer, ids, place) for place in range(count)]
    chain = draw_chain(drawer)
    if drawer.has("null id"):
        sessions.append(Session(None, draw(st.sampled_from((None, "ses_00"))), home="both"))
    known = ids + chain.ids()[-10:]
    owners = known + [GONE] if drawer.has("stray rows") or not known else known
    messages = draw_messages(drawer, owners, count)
    rows = [
        *messages,
        *draw_parts(drawer, owners, messages, count),
        *draw_session_messages(drawer, owners, count),
        *draw_events(drawer, owners, count),
        *draw_others(drawer, owners, count),
    ]
    return Recipe(sessions, chain, with_own_times(rows, sessions), drawer.has("loose"))


def policies():
    """A Policy whose ages and counts fall on the edges that forests() draws; half of the limits are off."""
    ages = st.sampled_from((None,) * len(AGES) + (0, *AGES))
    counts = st.sampled_from((None,) * 5 + (0, 1, 2, 3, 5, 8))
    sizes = st.one_of(st.none(), st.integers(1, 4_000), st.integers(1, 300_000))
    plain = [f"ses_{number:02}" for number in range(8)]
    named = st.sampled_from([*plain, "ses_A", "ses_a", "ses_deep_30", GONE])
    moments = st.sampled_from([NOW - age for age in (-HOUR, 0, DAY, 30 * DAY - 1, 30 * DAY, 31 * DAY)])
    seldom = st.sampled_from((None,) * 15 + ("prj_a", "prj_a", "prj_A", "global", "prj_none"))

    def few(values, most=2):
        return st.one_of(st.just([]), st.lists(st.sampled_from(values), unique=True, max_size=most))

    return st.builds(
        Policy,
        max_age_ms=ages,
        max_sessions=counts,
        max_size=sizes,
        max_tree_size=sizes,
        child_max_age_ms=ages,
        project=seldom,
        protect_titles=few(PATTERNS),
        protect_projects=few(PROJECTS[1:], 1),
        protect_directories=few(GUARDED, 1),
        grace_ms=st.sampled_from((DAY, DAY, 0, HOUR, 30 * DAY)),
        keep_last=counts,
        keep_last_per_project=st.sampled_from((None, None, None, 0, 1, 2)),
        pins=st.one_of(st.just(set()), st.sets(named, max_size=2)),
        restored=st.one_of(st.just({}), st.dictionaries(named, moments, max_size=2)),
        row_cost=st.sampled_from((0, 40, 113)),
        unowned=st.sampled_from((0, 0, 4096)),
    )


def snug(con, policy, now, choice, short=0):
    """The policy with its size limits exactly on what this store holds, or `short` octets below.

    Drawn sizes hit nothing exactly. max_tree_size becomes the size of some tree; max_size what the protected
    trees and the newest of the others need."""
    bare = replace(policy, max_size=None, max_tree_size=None)
    verdicts = [verdict for verdict in judge(con, bare, now) if verdict.unit == "tree"]
    verdicts = [verdict for verdict in verdicts if verdict.reason != "other-project"]
    if not verdicts:
        return policy
    protected = [verdict.size for verdict in verdicts if verdict.protections]
    taken = [verdict.size for verdict in verdicts if verdict.reason == "within-limits"]
    unowned = 0 if policy.project is not None else policy.unowned
    total = unowned + sum(protected) + sum(taken[: choice % (len(taken) + 1)]) - short
    tree = verdicts[choice % len(verdicts)].size - short
    return replace(
        policy,
        max_size=max(total, 0) if policy.max_size else None,
        max_tree_size=max(tree, 0) if policy.max_tree_size else None,
    )
