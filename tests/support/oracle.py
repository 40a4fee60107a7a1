"""What the design page says about removal, said again in slow and obvious Python.

Imports nothing of the product and reads with plain sqlite3, so that the two can disagree. One function per
rule.

Values are held as they stand in the file: TEXT is a str in which invalid UTF-8 survives as lone surrogates
(`surrogateescape`), a BLOB is bytes. So a text and a blob of the same octets are never equal, as in SQLite.
"""

from dataclasses import dataclass, field, replace

from moments import DAY
from protected import folder_names, protections
from session_trees import Tree, activity, bytes_of, find_sessions, find_trees, is_clear, order_of, rows_of, size_of
from store_rows import id_order, read_store


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
    age_by: str = "activity"  # or created
    per_project: dict = field(default_factory=dict)  # {id or folder: {name of a limit here: its value}}
    in_project: bool = False  # max_sessions counts the trees of a project alone


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


# --- limits --------------------------------------------------------------------------------------


def holding(tree, policy, projects):
    """The policy as it holds for this tree: a section of its root's project says some limits anew, or switches them
    off with 0. `projects`: the rows of that table."""
    for name, said in policy.per_project.items():
        if means(name, tree.root.project, projects):
            return replace(policy, **said, in_project="max_sessions" in said)
    return policy


def means(name, project, projects):
    """A section names a project by its id, or by the folder in which it lies."""
    if project is None:
        return False
    places = [row.get("worktree") for row in projects if row["id"] == project]
    path = "/" in name or "\\" in name
    return name == project or (path and any(folder_names(name) == folder_names(place) for place in places if place))


def age_told_by(tree, policy):
    """The moment from which on the age counts; None where it is not clear."""
    if policy.age_by == "created":
        return tree.root.created if is_clear(tree.root.created) else None
    return activity(tree.sessions) or 0


def is_too_old(tree, policy, now):
    told = age_told_by(tree, policy)
    return bool(policy.max_age_ms) and told is not None and told < now - policy.max_age_ms


def is_beyond_count(tree, order, policy):
    """Protected trees keep their place and count. A project with a number of its own counts its own trees."""
    if policy.in_project:
        order = [other for other in order if other.root.project == tree.root.project]
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


def over_total(order, policy, held, now):
    """Root ids of the trees that do not fit in max_size, protected ones aside."""
    if not policy.max_size:
        return set()
    protected = [tree for tree in order if protections(tree, order, policy, now)]
    left = room(protected, policy)
    others = [tree for tree in order if tree not in protected]
    alone = [tree for tree in others if size_of(tree.sessions, policy) > left]
    queue = [tree for tree in others if tree not in alone and not own_limits(tree, order, held[tree.root.id], now)]
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
    said = [*vars(policy).items(), *(pair for own in policy.per_project.values() for pair in own.items())]
    for name, value in said:
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
    """`policy`: the one that holds for this tree."""
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
    store = read_store(con)
    trees = sorted(find_trees(find_sessions(store)), key=order_of)
    held = {tree.root.id: holding(tree, policy, store.get("project", [])) for tree in trees}
    asked = [tree for tree in trees if policy.project is None or tree.root.project == policy.project]
    late = over_total(asked, policy, held, now)
    verdicts, units = [], []
    for tree in trees:
        if tree not in asked:
            verdicts.append(verdict_of(tree, "keep", "other-project", "tree", policy))
            continue
        own = held[tree.root.id]
        verdict = judge_tree(tree, asked, late, own, now)
        verdicts.append(verdict)
        if own.child_max_age_ms and may_lose_children(verdict):
            units += child_units(tree, own, now)
    units.sort(key=order_of)
    return verdicts + [verdict_of(unit, "remove", "child-age", "child", policy) for unit in units]


def removed_ids(verdicts):
    return {session for verdict in verdicts if verdict.verdict == "remove" for session in verdict.sessions}
