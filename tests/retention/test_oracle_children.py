"""The oracle on old children of trees that stay."""

import oracle
import pytest
from forests import NOW, Recipe, Session
from moments import DAY
from oracle import Policy
from oracle_stores import *  # noqa: F403
from oracle_stores import OLD, OPEN, blob, message


def family():
    """ses_1 is active; below it an old branch (2, 3), and an old one (4, 6) with a young leaf (5)."""
    young = NOW - 2 * DAY
    return [
        Session("ses_1", updated=young),
        Session("ses_2", "ses_1"),
        Session("ses_3", "ses_2"),
        Session("ses_4", "ses_1"),
        Session("ses_5", "ses_4", updated=young),
        Session("ses_6", "ses_4"),
    ]


def test_the_largest_old_subtrees_go_from_a_kept_tree(opened):
    rows = [blob("ses_3", 50)]
    verdicts = oracle.judge(opened(Recipe(family(), rows=rows)), Policy(child_max_age_ms=30 * DAY), NOW)
    kept, *units = verdicts
    assert (kept.reason, len(kept.sessions)) == ("within-limits", 6)
    assert [(one.root, one.sessions, one.unit, one.reason) for one in units] == [
        ("ses_2", ["ses_2", "ses_3"], "child", "child-age"),
        ("ses_6", ["ses_6"], "child", "child-age"),
    ]
    assert (units[0].bytes, units[0].rows, units[0].active) == (50, 3, OLD)
    assert oracle.removed_ids(verdicts) == {"ses_2", "ses_3", "ses_6"}


def test_a_childs_age_is_strictly_older(reasons):
    sessions = [Session("ses_1", updated=NOW - DAY), Session("ses_2", "ses_1", updated=NOW - 30 * DAY)]
    assert reasons(sessions, child_max_age_ms=30 * DAY) == {"ses_1": "within-limits"}
    found = reasons(sessions, child_max_age_ms=30 * DAY, now=NOW + 1)
    assert found == {"ses_1": "within-limits", ("child", "ses_2"): "child-age"}


def test_a_removed_tree_has_no_child_units(reasons):
    assert reasons(family(), child_max_age_ms=30 * DAY, max_age_ms=DAY) == {"ses_1": "age"}


@pytest.mark.parametrize(
    "policy", [{"pins": {"ses_1"}}, {"restored": {"ses_5": NOW}}, {"protect_titles": ["a title"]}], ids=str
)
def test_a_tree_that_was_named_keeps_its_children(reasons, policy):
    (reason,) = reasons(family(), child_max_age_ms=30 * DAY, **policy).values()
    assert reason in ("pinned", "restored", "protect")


@pytest.mark.parametrize("flaw", ["unsafe-id", "time-unclear", "future", "running", "shared"])
def test_a_tree_that_is_shared_or_running_or_unclear_keeps_its_children(reasons, flaw):
    extra = {
        "unsafe-id": Session("ses_\x7f", "ses_1"),
        "time-unclear": Session("ses_7", "ses_1", updated=5),
        "future": Session("ses_7", "ses_1", updated=NOW + DAY),
        "running": Session("ses_7", "ses_1"),
        "shared": Session("ses_7", "ses_1", share_url="https://opncd.ai/s/x"),
    }[flaw]
    rows = [message("ses_7", data=OPEN)] if flaw == "running" else []
    assert reasons([*family(), extra], rows, child_max_age_ms=30 * DAY) == {"ses_1": flaw}


def test_grace_and_keep_last_do_not_hold_old_children(reasons):
    for policy, reason in (({"grace_ms": 3 * DAY}, "grace"), ({"keep_last": 1}, "keep-last")):
        found = reasons(family(), child_max_age_ms=30 * DAY, **policy)
        assert found == {"ses_1": reason, ("child", "ses_2"): "child-age", ("child", "ses_6"): "child-age"}


def test_no_part_of_a_cycle_is_a_child_unit_but_what_hangs_below_it_is(reasons):
    parents = {"ses_1": "ses_2", "ses_2": "ses_1", "ses_3": "ses_2", "ses_4": "ses_3"}
    found = reasons([Session(*pair) for pair in parents.items()], child_max_age_ms=DAY)
    assert found == {"ses_1": "within-limits", ("child", "ses_3"): "child-age"}


def test_children_of_another_project_are_not_asked(reasons):
    assert reasons(family(), child_max_age_ms=DAY, project="prj_b") == {"ses_1": "other-project"}
