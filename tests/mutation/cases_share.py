"""Cases of the share that one unattended run takes, of what the file takes beyond what is reckoned, and of the moment
at which the next tree may go."""

from dataclasses import replace

import forests
import product
from case_rows import event
from forests import NOW, Recipe, Session
from moments import DAY
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.retention import selection
from oracle import Policy

OLD = NOW - 100 * DAY
UNITS = "SELECT root_id FROM lc_unit WHERE id = root_id"


def looked(folder, recipe, asked, share, gone=(0, 0)):
    """Roots that go, what waits, and the moment of the next, by the product."""
    path = forests.build(recipe, folder / "share.db", "1.18.33")
    question = replace(product.question_of(asked, NOW), share=share, gone=gone)
    with store.opened(str(path)) as place, product.told(asked):
        selection.decide(place, question)
        roots = {root for (root,) in place.on.rows(place.connection, UNITS)}
        sizes = dict(place.on.rows(place.connection, "SELECT root_id, bytes FROM lc_tree"))
        turns = {root for (root,) in place.on.rows(place.connection, "SELECT root_id FROM lc_turn")}
        assert turns == roots
        rest = tuple(int(one) for one in place.one("retention/rest"))
        values = {**question.values, "tomorrow": NOW + DAY}
        dues = [place.one(f"retention/{name}", values)[0] for name in ("next", "next_child")]
        due = min((one for one in dues if one is not None), default=None)
    path.unlink()
    return roots, rest, due, sizes


def taken(order, sizes, share, before):
    """The same roots in plain words: the oldest first, as long as trees and octets stay within the share."""
    trees, octets, gone = (len(sizes) + before[0]) * share, (sum(sizes.values()) + before[1]) * share, []
    alone = [root for root in order if sizes[root] * 1000 > octets]
    for root in order:
        if root in alone:
            continue
        fits, place = before[1] + sum(sizes[one] for one in gone) + sizes[root], before[0] + len(gone) + 1
        if fits * 1000 > octets or (place > 1 and place * 1000 > trees):
            break
        gone.append(root)
    stay = [root for root in order if root not in gone]
    return set(gone), (len(stay), sum(sizes[root] for root in stay), len(alone))


def one_run_takes_the_oldest_up_to_the_share(folder):
    for pads in ((100,) * 9, (5_000, 100, 100, 900, 100, 100, 100, 100), (100, 9_000), (100,), (3_000, 2_000, 2_000)):
        for share in (250, 500, 900, 1000):
            trees = [Session(f"ses_{9 - n}", updated=OLD + n * (n % 3 != 2), columns={"metadata": "x" * pad})
                     for n, pad in enumerate(pads)]
            fresh = [Session("ses_x", updated=NOW - 2 * DAY), Session("ses_child", "ses_9", updated=OLD)]
            recipe, asked = Recipe(trees + fresh), Policy(max_age_ms=30 * DAY)
            order = sorted((one for one in trees), key=lambda one: (one.updated, one.id))
            for gone in ((0, 0), (3, 0), (1, 2_000), (0, 7_000)):
                roots, rest, _, sizes = looked(folder, recipe, asked, share, gone)
                assert (roots, rest) == taken([one.id for one in order], sizes, share, gone), (pads, share, gone)


def what_the_file_takes_beyond_what_is_reckoned_leaves_less_room(folder):
    recipe = Recipe([Session(f"ses_{n}", updated=OLD, columns={"metadata": "x" * 1_000 * n}) for n in range(4)],
                    rows=[event("ses_gone", 1, '"' + "z" * 700 + '"')])
    asked = Policy(max_size=10_000, row_cost=100)
    path = forests.build(recipe, folder / "room.db", "1.18.33")
    for measured, excess, most in ((0, 0, 0), (0, 400, 900), (0, 950, 900), (9_500, 0, 5_000), (9_500, 400, 5_000),
                                   (9_500, 4_999, 5_000), (30_000, 0, 900), (3_000, 0, 900), (9_500, 0, 0)):
        question = product.question_of(asked, NOW)
        known = {"measured": measured, "excess": excess, "max_excess": most}
        with store.opened(str(path)) as place, product.told(asked, fixed=500):
            selection.decide(place, replace(question, values={**question.values, **known}))
            (sizes,), = place.on.rows(place.connection, "SELECT SUM(size) FROM lc_tree")
            unowned, room = (place.on.rows(place.connection, f"SELECT {what}") for what in (
                "SUM(bytes + tally * 100) FROM lc_usage WHERE id = 'ses_gone'", "room FROM lc_room"))
            (unowned,), (room,) = next(iter(unowned)), next(iter(room))
            assert unowned > 700
            beyond = min(most, max(excess, measured - 500 - sizes - unowned))
            assert room == 10_000 - 500 - unowned - beyond, known
            assert place.one("retention/excess")[0] == beyond
    path.unlink()


def the_next_tree_may_go_when_its_age_or_its_grace_is_over(folder):
    month = Policy(max_age_ms=30 * DAY, grace_ms=DAY)
    two, day = NOW - 2 * DAY, NOW - DAY // 2
    shared = Session("ses_shared", updated=OLD, share_url="x")
    for sessions, asked, due in (
        ([Session("ses_a", updated=two), Session("ses_b", updated=two + 5), shared], month, two + 30 * DAY + 1),
        ([Session("ses_a", updated=day)], month, day + 30 * DAY + 1),
        ([Session("ses_a", updated=day, columns={"metadata": "xxx"})],
         Policy(max_sessions=0, max_tree_size=1, grace_ms=DAY), day + DAY),
        ([Session("ses_a", updated=OLD)], month, None),
        ([shared], month, None),
        ([Session("ses_a", updated=OLD)], Policy(max_age_ms=30 * DAY, keep_last=1), NOW + DAY),
        ([Session("ses_a", updated=two)], Policy(max_age_ms=30 * DAY, keep_last=1), None),
        ([Session("ses_a", updated=two - 5 * DAY), Session("ses_c", "ses_a", updated=two)],
         Policy(child_max_age_ms=30 * DAY), two + 30 * DAY + 1),
        ([Session("ses_a", updated=two), Session("ses_c", "ses_a", updated=OLD)],
         Policy(child_max_age_ms=30 * DAY), None),
    ):
        assert looked(folder, Recipe(sessions), asked, 1000)[2] == due, (sessions, asked)


CASES = (one_run_takes_the_oldest_up_to_the_share, what_the_file_takes_beyond_what_is_reckoned_leaves_less_room,
         the_next_tree_may_go_when_its_age_or_its_grace_is_over)
