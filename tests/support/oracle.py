"""What the design page says about removal, said again in slow and obvious Python.

Imports nothing of the product and reads with plain sqlite3, so that the two can disagree. One function per
rule.

Values are held as they stand in the file: TEXT is a str in which invalid UTF-8 survives as lone surrogates
(`surrogateescape`), a BLOB is bytes. So a text and a blob of the same octets are never equal, as in SQLite.
"""
import json
import re
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass, field

HOUR = 3_600_000
DAY = 24 * HOUR
CLEAR_FROM = 10**12

SESSION_TABLES = ("session", "session_v2")
BY_SESSION_ID = (
    "message", "todo", "session_share", "session_message", "session_input", "session_context_epoch",
    "session_pending", "session_inbox", "instruction_entry", "instruction_state",
)
BY_AGGREGATE_ID = ("event", "event_sequence")
OWNED = SESSION_TABLES + ("part",) + BY_SESSION_ID + BY_AGGREGATE_ID
SESSION_JSON = ("summary_diffs", "metadata", "revert", "permission", "model")
WITH_DATA = ("message", "part", "event", "session_message")


@dataclass
class Policy:
    """None or 0 switches a limit off; keep_last and keep_last_per_project likewise."""

    max_age_ms: int | None = None
    max_sessions: int | None = None
    max_size: int | None = None
    max_tree_size: int | None = None
    child_max_age_ms: int | None = None
    project: str | None = None
    protect_titles: list = field(default_factory=list)
    protect_projects: list = field(default_factory=list)
    protect_directories: list = field(default_factory=list)
    grace_ms: int | None = DAY
    keep_last: int | None = None
    keep_last_per_project: int | None = None
    pins: set = field(default_factory=set)
    restored: dict = field(default_factory=dict)
    row_cost: int = 0
    unowned: int = 0


@dataclass
class Verdict:
    root: str  # of a child unit: its topmost session
    sessions: list
    verdict: str  # keep, remove
    reason: str
    unit: str  # tree, child
    active: int
    bytes: int
    rows: int
    size: int
    protections: tuple = ()  # every protection that holds, not only the first
    limits: tuple = ()  # every limit it is over; 'size' is only asked of trees that nothing protects


@dataclass(eq=False)
class Session:
    """One id, whichever tables hold it."""

    id: str
    parent: str | None
    project: str | None
    title: str | None
    directory: str | None
    shared: bool = False
    unfinished: bool = False
    busy: bool = False  # claimed or queued in 2.x, whatever the age
    times: list = field(default_factory=list)  # time_updated of its session rows, messages, session messages
    part_times: list = field(default_factory=list)
    bytes: int = 0
    rows: int = 0


@dataclass(eq=False)
class Tree:
    root: Session
    sessions: list


# --- reading -------------------------------------------------------------------------------------


@contextmanager
def raw_text(con):
    """Text comes out losslessly, even where it is not UTF-8."""
    before = con.text_factory
    con.text_factory = lambda octets: octets.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        con.text_factory = before


def fetch(con, sql):
    cursor = con.cursor()
    cursor.row_factory = None
    return cursor.execute(sql).fetchall()


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def read_table(con, table):
    columns = [row[1] for row in fetch(con, f"PRAGMA table_info({quoted(table)})")]
    names = ", ".join(quoted(column) for column in columns)
    rows = fetch(con, f"SELECT {names} FROM {quoted(table)}")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def read_store(con):
    """{table: [{column: value}]} of every table in the file."""
    with raw_text(con):
        tables = [name for (name,) in fetch(con, "SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: read_table(con, table) for table in tables if not table.startswith("sqlite_")}


def octets(value):
    """Stored length of a value: text in UTF-8, a blob as it is, NULL nothing."""
    if value is None:
        return 0
    return len(as_bytes(value))


def as_bytes(value):
    if isinstance(value, bytes):
        return value
    return str(value).encode("utf-8", "surrogateescape")


def id_order(value):
    """By bytes; SQLite sorts every blob after every text."""
    return (isinstance(value, bytes), as_bytes(value))


# --- JSON, as SQLite's own functions see it ------------------------------------------------------

NOT_JSON = object()


def first_wins(pairs):
    """Of a key that stands twice, json_extract reads the first."""
    result = {}
    for key, value in pairs:
        result.setdefault(key, value)
    return result


def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


def parsed(value):
    """The JSON in a data column, or NOT_JSON. Numbers stay text: only their presence matters here."""
    text = as_bytes(value).decode("utf-8", "surrogateescape")
    try:
        return json.loads(
            text, object_pairs_hook=first_wins, parse_constant=refuse, parse_int=str, parse_float=str
        )
    except (ValueError, RecursionError):
        return NOT_JSON


def at(document, *path):
    """The value at a path, None where any step is missing. A JSON null counts as absent."""
    for key in path:
        if not isinstance(document, dict):
            return None
        document = document.get(key)
    return document


# --- who owns a row ------------------------------------------------------------------------------


def sessions_of_messages(store):
    return {row["id"]: row["session_id"] for row in store.get("message", ()) if row["id"] is not None}


def owner(table, row, message_sessions):
    """The session id a row belongs to. A part belongs to its message's session, whatever it says itself;
    only where that message does not exist, to its own session_id."""
    if table in SESSION_TABLES:
        return row["id"]
    if table == "part":
        return message_sessions.get(row["message_id"], row["session_id"])
    return row["aggregate_id" if table in BY_AGGREGATE_ID else "session_id"]


def owned_rows(store):
    message_sessions = sessions_of_messages(store)
    for table in OWNED:
        for row in store.get(table, ()):
            yield table, row, owner(table, row, message_sessions)


# --- sessions and trees --------------------------------------------------------------------------


def find_sessions(store):
    """{id: Session}. One session per id; where both layouts hold it, the v2 row is read last and wins."""
    sessions = {}
    for table in SESSION_TABLES:
        for row in store.get(table, ()):
            if row["id"] is not None:
                said = (row[column] for column in ("id", "parent_id", "project_id", "title", "directory"))
                sessions[row["id"]] = Session(*said)
    for table, row, session_id in owned_rows(store):
        if session_id in sessions:
            account(sessions[session_id], table, row)
    return sessions


def account(session, table, row):
    """Book one row on the session that owns it."""
    session.rows += 1
    session.bytes += sum(octets(row.get(column)) for column in data_columns(table))
    if table in (*SESSION_TABLES, "message", "session_message"):
        session.times.append(row["time_updated"])
    if table == "part":
        session.part_times.append(row["time_updated"])
    if table in SESSION_TABLES and row.get("share_url") not in (None, ""):
        session.shared = True
    if table == "session_share":
        session.shared = True
    if is_unfinished(table, row):
        session.unfinished = True
    if is_busy(table, row):
        session.busy = True


def data_columns(table):
    if table in SESSION_TABLES:
        return SESSION_JSON
    return ("data",) if table in WITH_DATA else ()


def is_busy(table, row):
    """A turn has claimed the session, or work is queued for it."""
    if table == "session_v2":
        return row.get("time_suspended") is not None
    return table in ("session_inbox", "session_pending")


def is_unfinished(table, row):
    """An assistant message without completed and error, a tool part pending or running, or a compaction."""
    if table in SESSION_TABLES:
        return row.get("time_compacting") is not None
    if table not in ("message", "session_message", "part"):
        return False
    data = parsed(row["data"])
    if data is NOT_JSON:
        return False
    if table == "part":
        return at(data, "type") == "tool" and at(data, "state", "status") in ("pending", "running")
    role = row["type"] if table == "session_message" else at(data, "role")
    return role == "assistant" and at(data, "time", "completed") is None and at(data, "error") is None


def root_of(session_id, sessions):
    """Climb until there is no parent, or until the climb meets itself: the smallest id of that cycle."""
    path = [session_id]
    while True:
        parent = sessions[path[-1]].parent
        if parent not in sessions:
            return path[-1]
        if parent in path:
            return min(path[path.index(parent):], key=id_order)
        path.append(parent)


def find_trees(sessions):
    members = {}
    for session in sessions.values():
        members.setdefault(root_of(session.id, sessions), []).append(session)
    return [Tree(sessions[root], found) for root, found in members.items()]


def is_clear(time):
    return isinstance(time, int) and time >= CLEAR_FROM


def activity(sessions):
    """The newest clear time of these sessions and their messages; None without any."""
    return max((time for session in sessions for time in session.times if is_clear(time)), default=None)


def order_of(tree):
    """Activity descending, root id ascending by bytes. No clear time counts as 0."""
    return (-(activity(tree.sessions) or 0), id_order(tree.root.id))


def bytes_of(sessions):
    return sum(session.bytes for session in sessions)


def rows_of(sessions):
    return sum(session.rows for session in sessions)


def size_of(sessions, policy):
    return bytes_of(sessions) + rows_of(sessions) * policy.row_cost


# --- protections, in the order in which they are named -------------------------------------------

# What moves the cursor, ends a line, is not seen, or turns the text around it.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]")


def is_unsafe_id(session_id):
    if not isinstance(session_id, str):
        return True
    try:
        session_id.encode("utf-8")
    except UnicodeEncodeError:  # a surrogate stands for an octet that is no UTF-8
        return True
    return CONTROL.search(session_id) is not None


def has_unsafe_id(tree):
    ids = [id for session in tree.sessions for id in (session.id, session.parent, session.project)]
    return any(is_unsafe_id(id) for id in ids if id is not None)


def has_unclear_time(tree):
    return any(not is_clear(time) for session in tree.sessions for time in session.times)


def is_future(tree, now):
    return (activity(tree.sessions) or 0) > now


def is_running(tree, now):
    """Claimed or queued; or something unfinished, and any row of the tree newer than 7 days: an old one was killed,
    not running."""
    if any(session.busy for session in tree.sessions):
        return True
    times = [time for session in tree.sessions for time in session.times + session.part_times]
    fresh = any(isinstance(time, int) and time >= now - 7 * DAY for time in times)
    return fresh and any(session.unfinished for session in tree.sessions)


def is_shared(tree):
    return any(session.shared for session in tree.sessions)


def is_pinned(tree, policy):
    return any(session.id in policy.pins for session in tree.sessions)


def is_restored(tree, policy, now):
    moments = [policy.restored[session.id] for session in tree.sessions if session.id in policy.restored]
    return any(now - moment < 30 * DAY for moment in moments)


def decoded(value):
    """A title, project or folder as text; where there is none, an empty one."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return "" if value is None else str(value)


def caseless(text):
    """Letters without case, accents in their shortest form; every i is the same i, with its dot or without."""
    text = unicodedata.normalize("NFD", text).casefold()
    text = unicodedata.normalize("NFD", text).replace("\u0131", "i")
    while "i\u0307" in text:
        text = text.replace("i\u0307", "i")
    return unicodedata.normalize("NFC", text)


def caseless_letters(text):
    """The same letter by letter: one that would become several stays as it is."""
    letters = unicodedata.normalize("NFC", text)
    return "".join(caseless(one) if len(caseless(one)) == 1 else one for one in letters)


def glob(text, pattern):
    """`*` is any run of characters, newlines too, `?` exactly one; nothing else is special."""
    ends = {0}  # how many characters of the text the pattern so far may have taken
    for sign in pattern:
        if sign == "*":
            ends = set(range(min(ends), len(text) + 1)) if ends else set()
        else:
            ends = {end + 1 for end in ends if end < len(text) and sign in ("?", text[end])}
    return len(text) in ends


def title_matches(title, pattern):
    shown = decoded(title)
    return any(glob(text, caseless(pattern)) for text in (caseless(shown), caseless_letters(shown)))


def folder_names(path):
    """How a path begins, and the names on it from the top. Windows knows a drive or a share, either slash, no case."""
    shown = path.replace("\\", "/")
    drive = len(path) >= 2 and path[0] in LETTERS and path[1] == ":" and shown[2:3] in ("", "/")
    share = path[:2] in ("//", "\\\\") and shown[2:3] not in ("", "/")
    if share and shown[2:4] in ("?/", "./"):  # as it is, says Windows; what follows is a drive, or a share again
        shown = shown[4:]
        share = shown[:4].lower() == "unc/"
        drive = not share
        shown = shown[4:] if share else shown
    if drive or share:
        return "share" if share else "", [name for name in caseless(shown).split("/") if name not in ("", ".")]
    start = "root" if path.startswith("/") else ""
    return start, [name for name in unicodedata.normalize("NFC", path).split("/") if name not in ("", ".")]


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def is_in_directory(directory, protected):
    """A folder protects itself and all below it; nothing at all protects nothing."""
    start, names = folder_names(decoded(directory))
    wanted_start, wanted = folder_names(protected)
    if not wanted_start and not wanted:
        return False
    return start == wanted_start and names[: len(wanted)] == wanted


def is_matched(session, policy):
    return (
        any(title_matches(session.title, pattern) for pattern in policy.protect_titles)
        or (session.project is not None and decoded(session.project) in policy.protect_projects)
        or any(is_in_directory(session.directory, protected) for protected in policy.protect_directories)
    )


def is_protected_by_policy(tree, policy):
    return any(is_matched(session, policy) for session in tree.sessions)


def is_in_grace(tree, policy, now):
    active = activity(tree.sessions)
    return active is not None and now - active < (policy.grace_ms or 0)


def is_among_last(tree, order, count):
    return order.index(tree) < (count or 0)


def is_among_last_of_project(tree, order, count):
    same = [other for other in order if other.root.project == tree.root.project]
    return is_among_last(tree, same, count)


def protections(tree, order, policy, now):
    """Every protection that holds, the reason first. `order`: the trees that count, newest first."""
    rules = {
        "unsafe-id": has_unsafe_id(tree),
        "time-unclear": has_unclear_time(tree),
        "future": is_future(tree, now),
        "running": is_running(tree, now),
        "shared": is_shared(tree),
        "pinned": is_pinned(tree, policy),
        "restored": is_restored(tree, policy, now),
        "protect": is_protected_by_policy(tree, policy),
        "grace": is_in_grace(tree, policy, now),
        "keep-last": is_among_last(tree, order, policy.keep_last),
        "keep-last-per-project": is_among_last_of_project(tree, order, policy.keep_last_per_project),
    }
    return tuple(reason for reason, holds in rules.items() if holds)


# --- limits --------------------------------------------------------------------------------------


def is_too_old(tree, policy, now):
    return bool(policy.max_age_ms) and (activity(tree.sessions) or 0) < now - policy.max_age_ms


def is_beyond_count(tree, order, policy):
    """Protected trees keep their place and count."""
    return bool(policy.max_sessions) and order.index(tree) + 1 > policy.max_sessions


def is_too_large(tree, policy):
    return bool(policy.max_tree_size) and size_of(tree.sessions, policy) > policy.max_tree_size


def own_limits(tree, order, policy, now):
    """The limits a tree is over by itself, whatever the others weigh."""
    rules = {
        "age": is_too_old(tree, policy, now),
        "count": is_beyond_count(tree, order, policy),
        "tree-size": is_too_large(tree, policy),
    }
    return tuple(reason for reason, holds in rules.items() if holds)


def room(protected, policy):
    """What max_size leaves after what belongs to no tree and after the protected trees."""
    unowned = 0 if policy.project is not None else policy.unowned
    return policy.max_size - unowned - sum(size_of(tree.sessions, policy) for tree in protected)


def over_total(order, policy, now):
    """Root ids of the trees that do not fit in max_size, protected ones aside."""
    if not policy.max_size:
        return set()
    protected = [tree for tree in order if protections(tree, order, policy, now)]
    left = room(protected, policy)
    others = [tree for tree in order if tree not in protected]
    alone = [tree for tree in others if size_of(tree.sessions, policy) > left]
    queue = [tree for tree in others if tree not in alone and not own_limits(tree, order, policy, now)]
    taken = 0
    for place, tree in enumerate(queue):
        taken += size_of(tree.sessions, policy)
        if taken > left:
            return {late.root.id for late in alone + queue[place:]}
    return {late.root.id for late in alone}


REMOVE_REASONS = ("age", "count", "size", "tree-size")


# --- children ------------------------------------------------------------------------------------

SPARES_CHILDREN = {
    "unsafe-id", "time-unclear", "future", "running", "shared", "pinned", "restored", "protect",
}


def below(session, tree):
    """A session and everything under it. Only the start can be met twice, on a cycle: all have one parent."""
    found = [session]
    for parent in found:
        found += [child for child in tree.sessions if child.parent == parent.id and child is not session]
    return found


def is_old_subtree(session, tree, policy, now):
    members = below(session, tree)
    if tree.root in members:  # the root itself, or a cycle through it
        return False
    return all((activity([member]) or 0) < now - policy.child_max_age_ms for member in members)


def child_units(tree, policy, now):
    """The maximal old subtrees: old ones whose parent's subtree is not old as a whole.

    One that is newer than all that stays carries the age of the tree: without it, the next run would take the
    tree for older than it is."""
    old = [session for session in tree.sessions if is_old_subtree(session, tree, policy, now)]
    ids = {session.id for session in old}
    core = activity([session for session in tree.sessions if session.id not in ids]) or 0
    units = [Tree(session, below(session, tree)) for session in old if session.parent not in ids]
    return [unit for unit in units if (activity(unit.sessions) or 0) <= core]


def may_lose_children(verdict):
    return verdict.verdict == "keep" and not SPARES_CHILDREN & set(verdict.protections)


# --- the verdict ---------------------------------------------------------------------------------


def check(policy):
    """A negative limit is a mistake, never 'remove everything'."""
    for name, value in vars(policy).items():
        if isinstance(value, int) and value < 0:
            raise ValueError(f"{name} is negative: {value}")


def verdict_of(tree, verdict, reason, unit, policy, kept_by=(), over=()):
    return Verdict(
        root=tree.root.id,
        sessions=sorted((session.id for session in tree.sessions), key=id_order),
        verdict=verdict,
        reason=reason,
        unit=unit,
        active=activity(tree.sessions) or 0,
        bytes=bytes_of(tree.sessions),
        rows=rows_of(tree.sessions),
        size=size_of(tree.sessions, policy),
        protections=kept_by,
        limits=over,
    )


def judge_tree(tree, order, late, policy, now):
    kept_by = protections(tree, order, policy, now)
    over = set(own_limits(tree, order, policy, now)) | ({"size"} if tree.root.id in late else set())
    over = tuple(reason for reason in REMOVE_REASONS if reason in over)
    if kept_by:
        return verdict_of(tree, "keep", kept_by[0], "tree", policy, kept_by, over)
    if over:
        return verdict_of(tree, "remove", over[0], "tree", policy, kept_by, over)
    return verdict_of(tree, "keep", "within-limits", "tree", policy)


def judge(con, policy, now):
    """One Verdict per tree, newest first, then one per child unit that goes."""
    check(policy)
    trees = sorted(find_trees(find_sessions(read_store(con))), key=order_of)
    asked = [tree for tree in trees if policy.project is None or tree.root.project == policy.project]
    late = over_total(asked, policy, now)
    verdicts, units = [], []
    for tree in trees:
        if tree not in asked:
            verdicts.append(verdict_of(tree, "keep", "other-project", "tree", policy))
            continue
        verdict = judge_tree(tree, asked, late, policy, now)
        verdicts.append(verdict)
        if policy.child_max_age_ms and may_lose_children(verdict):
            units += child_units(tree, policy, now)
    units.sort(key=order_of)
    return verdicts + [verdict_of(unit, "remove", "child-age", "child", policy) for unit in units]


def removed_ids(verdicts):
    return {session for verdict in verdicts if verdict.verdict == "remove" for session in verdict.sessions}


# --- what is left --------------------------------------------------------------------------------


def shape(store):
    """{table: rows}, a row being its values by column name order; rowids do not matter."""
    return {
        table: sorted((tuple(row[column] for column in sorted(row)) for row in rows), key=repr)
        for table, rows in store.items()
    }


def dump(con):
    """The store as it stands."""
    return shape(read_store(con))


def survivors(con, removed):
    """What must be left after these sessions are removed: every row that none of them owns."""
    store = read_store(con)
    message_sessions = sessions_of_messages(store)
    gone = set(removed)

    def stays(table, row):
        return table not in OWNED or owner(table, row, message_sessions) not in gone

    return shape({table: [row for row in rows if stays(table, row)] for table, rows in store.items()})
