"""Stores and policies that hypothesis draws: recipes full of odd values, and limits that hit a size exactly."""

from dataclasses import replace
from itertools import compress
from math import prod

import nasty
from forests import LONG_AGO, NOW, PROJECTS, Chain, Recipe, Row, Session, schema_names
from hypothesis import strategies as st
from moments import DAY, HOUR
from odd_values import (
    AGES,
    BROKEN_OPEN,
    BUSY,
    DIRECTORIES,
    DONE,
    EVENT_TYPES,
    EVENTS,
    FILE_QUIRKS,
    FUTURE,
    GONE,
    GUARDED,
    MANY_PER_SESSION,
    MESSAGES,
    NASTY,
    ODD_IDS,
    ODD_OCTETS,
    ODD_TIMES,
    ONE_PER_SESSION,
    OPEN_MESSAGES,
    OPEN_PARTS,
    OWN,
    PARTS,
    PATTERNS,
    QUEUES,
    QUIRKS,
    SESSION_COLUMNS,
    SMALL_TIMES,
    TIMES,
    TITLES,
    UNSAFE_IDS,
    UNSAFE_OCTETS,
)
from oracle import Policy, judge


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
        drawer.times((LONG_AGO, NOW, *(NOW - age for age in AGES))),
        ("v1", "v2", "both"),
        drawer.some(SESSION_COLUMNS[:1], columns=SESSION_COLUMNS),
        drawer.some(({},), weight=9, busy=BUSY),
        drawer.pads(),
    )
    v2 = {}
    if home == "both":
        names = ("time_updated", "project_id", "title", "parent_id", "time_created")
        values = drawer.pick(drawer.times((updated,) * 20 + TIMES), projects, titles, (parent, parent, None),
                             (created, created, LONG_AGO, NOW))
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
        age_by=st.sampled_from(("activity", "activity", "created")),
        per_project=sections(ages, counts, sizes),
    )


def sections(ages, counts, sizes):
    """Limits of single projects, by id, or of all that lie in one folder; a project is never named twice."""
    limits = {"max_age_ms": ages, "max_sessions": counts, "max_tree_size": sizes, "child_max_age_ms": ages}
    own = st.fixed_dictionaries({}, optional=limits).map(
        lambda said: {name: value for name, value in said.items() if value is not None})
    names = st.one_of(st.lists(st.sampled_from((*PROJECTS, "prj_none", "/work")), unique=True, max_size=3),
                      st.sampled_from((["/work/a"], ["/work//a/"])))
    named = names.flatmap(lambda found: st.fixed_dictionaries(dict.fromkeys(found, own)))
    return st.one_of(st.just({}), st.just({}), named)


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
