"""Cases of the share that one unattended run takes, and of the moment at which the next tree may go."""

from dataclasses import replace

import forests
import product
from forests import NOW, Recipe, Session
from moments import DAY
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.retention import selection
from oracle import Policy

OLD = NOW - 100 * DAY
UNITS = "SELECT root_id FROM lc_unit WHERE id = root_id"


def looked(folder, recipe, asked, share):
    """Roots that go, what waits, and the moment of the next, by the product."""
    path = forests.build(recipe, folder / "share.db", "1.18.33")
    question = replace(product.question_of(asked, NOW), share=share)
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


def taken(order, sizes, share):
    """The same roots in plain words: the oldest first, as long as trees and octets stay within the share."""
    trees, octets, gone, alone = len(sizes) * share, sum(sizes.values()) * share, [], []
    for root in order:
        if sizes[root] * 1000 > octets:
            alone.append(root)
            continue
        fits = sum(sizes[one] for one in gone) + sizes[root]
        if fits * 1000 > octets or (gone and (len(gone) + 1) * 1000 > trees):
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
            roots, rest, _, sizes = looked(folder, recipe, asked, share)
            order = sorted((one for one in trees), key=lambda one: (one.updated, one.id))
            assert (roots, rest) == taken([one.id for one in order], sizes, share), (pads, share)


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


CASES = (one_run_takes_the_oldest_up_to_the_share, the_next_tree_may_go_when_its_age_or_its_grace_is_over)
