"""Cases of what a tree is: cycles, deep chains, old children, one id in both layouts."""

from dataclasses import replace

from case_judged import agree
from case_rows import AGE, DONE, MIXED, OLD, OPEN, event, message, part, sequence, spoken
from cases_removal import removed_and_nothing_else
from forests import NOW, Chain, Recipe, Session
from moments import DAY, HOUR
from oracle import Policy


def cycles_and_deep_chains_are_whole_trees(folder):
    """The newest activity of each stands at its far end, so that a torn chain shows."""
    loop = [
        Session("ses_c", "ses_b", OLD),
        Session("ses_b", "ses_a", OLD),
        Session("ses_a", "ses_c", NOW - DAY),
        Session("ses_0_tail", "ses_c", OLD),
        Session("ses_tail_end", "ses_0_tail", OLD),
        Session("ses_self", "ses_self", OLD),
        Session("ses_orphan", "ses_gone", OLD),
        Session("ses_of_orphan", "ses_orphan", OLD),
        Session("ses_z", None, OLD),
        Session("ses_y", "ses_z", OLD),
    ]
    for top in (None, "ses_deep_69", "ses_deep_30"):
        agree(folder, Recipe(loop, Chain(70, top, 60)), Policy(max_age_ms=41 * DAY, max_sessions=4))


def young(id, parent=None, days=1.5, **rest):
    return Session(id, parent, int(NOW - days * DAY), **rest)


OVER = 31  # days: older than a child may be


def aging():
    """Trees of which some of the children are too old."""
    sessions = [
        young("ses_root"),
        young("ses_old", "ses_root", OVER),
        young("ses_old_below", "ses_old", OVER + 1),
        young("ses_mixed", "ses_root", OVER),
        young("ses_fresh_below", "ses_mixed", 3),
        young("ses_old_deep", "ses_fresh_below", OVER),
        young("ses_at_age", "ses_root", 30),
        young("ses_over_age", "ses_root"),
        young("ses_deep", "ses_mixed", OVER),
        young("ses_deeper", "ses_deep", OVER),
        young("ses_other"),
        young("ses_unclear_below", "ses_other", OVER),
        Session("ses_unclear", "ses_unclear_below", 7),
        young("ses_beside_unclear", "ses_other", OVER),
        # the newest of this tree is a child: without it the tree would look older than it is
        young("ses_aged", None, 60),
        young("ses_newest", "ses_aged", 40),
        young("ses_second", "ses_aged", 70),
        young("ses_below_newest", "ses_newest", 80),
        young("ses_level", None, 50),
        young("ses_same", "ses_level", 50),
        young("ses_gone_root", None, 400),
        young("ses_gone_child", "ses_gone_root", 400),
        young("ses_loop_a", "ses_loop_c", 35),
        young("ses_loop_b", "ses_loop_a", 40),
        young("ses_loop_c", "ses_loop_b", 45),
        young("ses_hung", "ses_loop_b", 45),
    ]
    sessions[7].updated = NOW - 30 * DAY - 1
    return sessions


def held():
    """Trees that something holds, each with an old child; and unsafe ids with old children."""
    holds = {
        "pinned": {},
        "shared": {"share_url": "x"},
        "titled": {"title": "keep"},
        "restored": {},
        "future": {"updated": NOW + 1},
        "running": {},
        "grace": {"updated": NOW - HOUR},
        "child_restored": {},
    }
    sessions = []
    for name, rest in holds.items():
        sessions += [
            Session(f"ses_{name}", **{"updated": OLD} | rest),
            young(f"ses_{name}_x", f"ses_{name}", OVER),
        ]
    sessions += [
        Session("ses_\n", updated=OLD),
        young("ses_of_unsafe", "ses_\n", OVER),
        young("ses_further_below", "ses_of_unsafe", OVER),
        young("ses_u", None, 3),
        young("ses_\t", "ses_u", OVER),
        young("ses_below_unsafe", "ses_\t", OVER),
    ]
    return sessions


def a_maximal_old_subtree_goes_from_a_tree_that_stays(folder):
    sessions = aging() + held()
    rows = [
        message("ses_running", data=OPEN),
        message("ses_old", time=NOW - 33 * DAY),
        message("ses_mixed", time=NOW - 32 * DAY),
    ]
    asked = Policy(
        child_max_age_ms=30 * DAY,
        max_age_ms=300 * DAY,
        pins={"ses_pinned"},
        protect_titles=["keep"],
        restored={"ses_restored": NOW, "ses_child_restored_x": NOW},
    )
    agree(folder, Recipe(sessions, rows=rows), asked)
    agree(folder, Recipe(sessions, Chain(70, "ses_root", 65), rows), asked)
    agree(
        folder, Recipe(sessions, Chain(70, "ses_root", 65), rows), replace(asked, child_max_age_ms=39 * DAY)
    )


def one_id_in_both_layouts_is_one_session(folder):
    both = [
        Session("ses_1", updated=OLD, home="both", v2={"updated": OLD, "title": "keep"}),
        Session("ses_2", updated=OLD, home="both", title="keep", v2={"title": "other"}),
        Session("ses_3", updated=OLD, home="both", v2={"parent_id": "ses_2"}),
        Session(
            "ses_4",
            updated=OLD,
            home="both",
            parent="ses_1",
            v2={"parent_id": None, "share_url": None},
            share_url="x",
        ),
        Session("ses_5", updated=OLD, home="both", v2={"share_url": "x"}),
        Session("ses_6", updated=OLD, home="both", v2={"time_updated": NOW - DAY}),
        Session("ses_7", updated=OLD, home="both", v2={"project_id": "prj_b", "directory": "/work/b"}),
        Session("ses_8", updated=OLD, home="v1"),
        Session("ses_9", updated=OLD, home="v2", parent="ses_8"),
        Session("ses_v2_url", updated=OLD, home="v2", share_url="x"),
    ]
    rows = [
        message("ses_8"),
        part("ses_8"),
        spoken("ses_9", data=DONE),
        event("ses_9", 1),
        sequence("ses_9", 1),
    ]
    recipe = Recipe(both, rows=rows)
    agree(folder, recipe, replace(AGE, protect_titles=["keep"]), MIXED)
    removed_and_nothing_else(folder, recipe, AGE, MIXED)


CASES = (
    a_maximal_old_subtree_goes_from_a_tree_that_stays,
    cycles_and_deep_chains_are_whole_trees,
    one_id_in_both_layouts_is_one_session,
)
