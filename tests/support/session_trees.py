"""The oracle's sessions and trees: which rows make one, when it was active, what it weighs."""

from dataclasses import dataclass, field

from moments import CLEAR_FROM
from store_rows import NOT_JSON, SESSION_TABLES, at, data_columns, id_order, octets, owned_rows, parsed


@dataclass(eq=False)
class Session:
    """One id, whichever tables hold it."""

    id: str
    parent: str | None
    project: str | None
    title: str | None
    directory: str | None
    created: object = None
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


def find_sessions(store):
    """{id: Session}. One session per id; where both layouts hold it, the v2 row is read last and wins."""
    sessions = {}
    for table in SESSION_TABLES:
        for row in store.get(table, ()):
            if row["id"] is not None:
                said = (row[column] for column in ("id", "parent_id", "project_id", "title", "directory"))
                sessions[row["id"]] = Session(*said, row.get("time_created"))
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
