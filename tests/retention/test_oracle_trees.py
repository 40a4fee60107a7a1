"""The oracle on trees and their activity, on cases made by hand.

Several are made of other tools' bugs: data lost by age of creation, by a zero, by a prefix, by a cycle.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import oracle
from forests import NOW, Chain, Recipe, Session
from moments import DAY, HOUR
from oracle import Policy
from oracle_stores import *  # noqa: F403
from oracle_stores import ALL, MIXED, OLD, message, part


def test_a_session_created_long_ago_and_updated_today_stays(reasons):
    session = Session("ses_1", created=NOW - 200 * DAY, updated=NOW - HOUR)
    assert reasons([session], max_age_ms=30 * DAY, grace_ms=0) == {"ses_1": "within-limits"}


def test_one_active_child_keeps_a_stale_root_and_its_whole_tree(reasons):
    sessions = [
        Session("ses_1", updated=OLD),
        Session("ses_2", "ses_1", updated=OLD),
        Session("ses_3", "ses_2", updated=NOW - 2 * DAY),
    ]
    assert reasons(sessions, max_age_ms=30 * DAY) == {"ses_1": "within-limits"}


def test_a_message_newer_than_its_session_makes_the_tree_young(reasons):
    rows = [message("ses_1", NOW - 2 * DAY)]
    assert reasons([Session("ses_1", updated=OLD)], rows, max_age_ms=30 * DAY) == {"ses_1": "within-limits"}


def test_a_part_is_no_activity(reasons):
    rows = [message("ses_1"), part("ses_1", NOW - 2 * DAY)]
    assert reasons([Session("ses_1", updated=OLD)], rows, max_age_ms=30 * DAY) == {"ses_1": "age"}


def test_a_child_of_another_project_belongs_to_its_parents_tree(opened):
    recipe = Recipe([Session("ses_1"), Session("ses_2", "ses_1", project="prj_b")])
    (verdict,) = oracle.judge(opened(recipe), Policy(max_age_ms=DAY), NOW)
    assert (verdict.verdict, verdict.sessions) == ("remove", ["ses_1", "ses_2"])


def test_a_session_whose_parent_is_missing_roots_its_own_tree(reasons):
    sessions = [Session("ses_1", "ses_gone"), Session("ses_2", "ses_1"), Session("ses_3", "")]
    assert set(reasons(sessions)) == {"ses_1", "ses_3"}


def test_a_cycle_ends_and_is_rooted_at_its_smallest_id_by_bytes(reasons):
    sessions = [
        Session("ses_a", "ses_c"),
        Session("ses_B", "ses_a"),
        Session("ses_c", "ses_B"),
        Session("ses_A", "ses_c"),  # hangs below the cycle: smaller, but not on it
        Session("ses_self", "ses_self"),
    ]
    assert reasons(sessions, **ALL) == {"ses_B": "age", "ses_self": "age"}


def test_a_chain_deeper_than_any_cap_is_one_tree(reasons):
    assert reasons([], chain=Chain(100)) == {"ses_deep_00": "within-limits"}
    assert reasons([], chain=Chain(100, top="ses_deep_99")) == {"ses_deep_00": "within-limits"}


def test_a_fork_is_no_child(reasons):
    fork = Session("ses_2", columns={"fork_session_id": "ses_1"})
    assert set(reasons([Session("ses_1"), fork], schema=MIXED)) == {"ses_1", "ses_2"}


def test_an_id_in_both_layouts_is_one_session_with_the_newest_of_both_times(opened):
    old_v2 = Session("ses_1", updated=NOW - 2 * DAY, home="both", v2={"time_updated": OLD})
    (verdict,) = oracle.judge(opened(Recipe([old_v2]), MIXED), Policy(max_age_ms=30 * DAY), NOW)
    assert (verdict.reason, verdict.active, verdict.rows) == ("within-limits", NOW - 2 * DAY, 2)


def test_where_both_layouts_hold_a_session_the_v2_row_says_who_it_is(reasons):
    differs = {"parent_id": "ses_1", "title": "keep me", "project_id": "prj_b", "directory": "/v2"}
    sessions = [Session("ses_1"), Session("ses_2", None, home="both", v2=differs)]
    assert set(reasons(sessions, schema=MIXED)) == {"ses_1"}
    for rule, value in (("titles", "keep*"), ("projects", "prj_b"), ("directories", "/v2")):
        assert reasons(sessions, schema=MIXED, **{f"protect_{rule}": [value]}) == {"ses_1": "protect"}


def test_what_the_v2_row_does_not_say_is_not_taken_from_the_other(reasons):
    nothing = {"parent_id": None, "title": None}
    sessions = [Session("ses_1"), Session("ses_2", "ses_1", title="keep me", home="both", v2=nothing)]
    found = reasons(sessions, schema=MIXED, protect_titles=["keep*"])
    assert found == {"ses_1": "within-limits", "ses_2": "within-limits"}


def test_a_row_without_an_id_is_no_session(reasons):
    assert reasons([Session(None), Session("ses_1")], **ALL) == {"ses_1": "age"}


def test_trees_are_ordered_by_activity_and_then_by_the_bytes_of_the_root(opened):
    ids = ["ses_b", "ses_B", "ses_😀", "ses_\uffee", "ses_new", b"ses_A"]
    recipe = Recipe([Session(one, updated=NOW - DAY if one == "ses_new" else OLD) for one in ids])
    roots = [verdict.root for verdict in oracle.judge(opened(recipe), Policy(), NOW)]
    assert roots == ["ses_new", "ses_B", "ses_b", "ses_\uffee", "ses_😀", b"ses_A"]


def test_frames_that_are_still_in_the_wal_are_seen(opened):
    con = opened(Recipe([Session("ses_1"), Session("ses_2")]))
    con.execute("UPDATE session SET time_updated = ? WHERE id = 'ses_1'", (NOW - HOUR,))
    con.commit()
    path = con.execute("PRAGMA database_list").fetchone()[2]
    assert Path(f"{path}-wal").stat().st_size > 0
    with closing(sqlite3.connect(path)) as other:
        assert oracle.removed_ids(oracle.judge(other, Policy(max_age_ms=DAY), NOW)) == {"ses_2"}
