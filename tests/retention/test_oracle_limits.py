"""The oracle on limits: age, number, size."""

import oracle
import pytest
from forests import NOW, Recipe, Row, Session
from moments import DAY
from oracle import Policy
from oracle_stores import *  # noqa: F403
from oracle_stores import ALL, OLD, blob, message, part

LIMITS = ("max_age_ms", "max_sessions", "max_size", "max_tree_size", "child_max_age_ms")


def test_without_a_limit_nothing_goes(reasons):
    sessions = [Session("ses_1"), Session("ses_2", "ses_1")]
    assert reasons(sessions) == {"ses_1": "within-limits"}
    assert reasons(sessions, **dict.fromkeys(LIMITS, 0)) == {"ses_1": "within-limits"}


@pytest.mark.parametrize("limit", [*LIMITS, "keep_last", "keep_last_per_project", "grace_ms"])
def test_a_negative_number_is_refused(reasons, limit):
    with pytest.raises(ValueError, match=limit):
        reasons([Session("ses_1")], **{limit: -1})


def test_age_is_strictly_older(reasons):
    sessions = [Session("ses_1", updated=NOW - 30 * DAY), Session("ses_2", updated=NOW - 30 * DAY - 1)]
    assert reasons(sessions, max_age_ms=30 * DAY) == {"ses_1": "within-limits", "ses_2": "age"}


def test_count_keeps_the_newest_n_trees_and_a_protected_one_takes_its_place(reasons):
    sessions = [Session(f"ses_{days}", updated=NOW - days * DAY) for days in (2, 3, 4)]
    sessions.append(Session("ses_now", updated=NOW - 1))
    found = reasons(sessions, max_sessions=2)
    assert found == {"ses_now": "grace", "ses_2": "within-limits", "ses_3": "count", "ses_4": "count"}


def test_count_does_not_spend_a_place_less_for_a_protected_tree_that_is_beyond_it(reasons):
    sessions = [Session(f"ses_{days}", updated=NOW - days * DAY) for days in (2, 3, 4)]
    found = reasons(sessions, max_sessions=1, pins={"ses_4"})
    assert found == {"ses_2": "within-limits", "ses_3": "count", "ses_4": "pinned"}


def test_of_equal_times_the_larger_id_is_the_older(reasons):
    found = reasons([Session("ses_b"), Session("ses_a"), Session("ses_B")], max_sessions=2)
    assert found == {"ses_B": "within-limits", "ses_a": "within-limits", "ses_b": "count"}


def test_a_tree_of_exactly_the_limit_fits(reasons):
    sessions = [Session("ses_1"), Session("ses_2", "ses_1")]
    rows = [blob("ses_1", 60, "msg_1"), blob("ses_2", 40, "msg_2")]
    assert reasons(sessions, rows, max_tree_size=100) == {"ses_1": "within-limits"}
    assert reasons(sessions, rows, max_tree_size=99) == {"ses_1": "tree-size"}
    # Two sessions and two messages at 10 each.
    assert reasons(sessions, rows, max_tree_size=140, row_cost=10) == {"ses_1": "within-limits"}
    assert reasons(sessions, rows, max_tree_size=139, row_cost=10) == {"ses_1": "tree-size"}


def sized(**sizes):
    """Trees of these sizes, the newest first, and all of them old."""
    sessions = [Session(name, updated=OLD - place) for place, name in enumerate(sizes)]
    return sessions, [blob(name, size, f"msg_{name}") for name, size in sizes.items()]


def test_total_size_keeps_the_newest_that_fit_one_after_another(reasons):
    found = reasons(*sized(a=30, b=30, c=50, d=10), max_size=100)
    assert found == {"a": "within-limits", "b": "within-limits", "c": "size", "d": "size"}
    found = reasons(*sized(a=30, b=30, c=40, d=10), max_size=100)
    assert found == {"a": "within-limits", "b": "within-limits", "c": "within-limits", "d": "size"}


def test_a_tree_that_alone_does_not_fit_goes_and_stops_nothing(reasons):
    found = reasons(*sized(a=30, b=101, c=40, d=30), max_size=100)
    assert found == {"a": "within-limits", "b": "size", "c": "within-limits", "d": "within-limits"}
    found = reasons(*sized(a=30, b=101, c=80, d=30), max_size=100)
    assert found == {"a": "within-limits", "b": "size", "c": "size", "d": "size"}


def test_protected_trees_count_first(reasons):
    found = reasons(*sized(a=30, b=30, c=50, d=10), max_size=100, pins={"c"})
    assert found == {"a": "within-limits", "b": "size", "c": "pinned", "d": "size"}
    found = reasons(*sized(a=30, b=30, c=40), max_size=100, pins={"a"})
    assert found == {"a": "pinned", "b": "within-limits", "c": "within-limits"}
    found = reasons(*sized(a=30, c=101), max_size=100, pins={"c"})
    assert found == {"a": "size", "c": "pinned"}


def test_a_tree_that_another_limit_takes_needs_no_room(reasons):
    found = reasons(*sized(a=60, b=50, c=40), max_size=100, max_tree_size=55)
    assert found == {"a": "tree-size", "b": "within-limits", "c": "within-limits"}


def test_what_belongs_to_no_tree_counts_but_not_for_one_project(reasons):
    assert reasons(*sized(a=60), max_size=100, unowned=41) == {"a": "size"}
    assert reasons(*sized(a=60), max_size=100, unowned=40) == {"a": "within-limits"}
    assert reasons(*sized(a=60), max_size=100, unowned=41, project="prj_a") == {"a": "within-limits"}


def test_a_project_restricts_candidates_and_count_and_size(reasons):
    sessions, rows = sized(a=30, b=30, c=30)
    sessions[0].project = "prj_b"
    assert reasons(sessions, rows, project="prj_a", max_sessions=1) == {
        "a": "other-project", "b": "within-limits", "c": "count",
    }
    assert reasons(sessions, rows, project="prj_a", max_size=60) == {
        "a": "other-project", "b": "within-limits", "c": "within-limits",
    }
    assert reasons(sessions, rows, project="prj_a", keep_last=1, **ALL) == {
        "a": "other-project", "b": "keep-last", "c": "age",
    }


def test_without_a_project_all_projects_are_swept(reasons):
    sessions = [Session("ses_1", project="prj_a"), Session("ses_2", project="prj_gone")]
    assert reasons(sessions, max_age_ms=DAY) == {"ses_1": "age", "ses_2": "age"}


def test_the_first_remove_reason_that_matches_is_told(opened):
    sessions, rows = sized(a=30, b=200)
    policy = Policy(max_age_ms=DAY, max_sessions=1, max_size=100, max_tree_size=100)
    verdicts = oracle.judge(opened(Recipe(sessions, rows=rows)), policy, NOW)
    assert verdicts[1].limits == ("age", "count", "size", "tree-size")
    assert verdicts[1].reason == "age"
    policy.max_age_ms = policy.max_sessions = None
    assert oracle.judge(opened(Recipe(sessions, rows=rows)), policy, NOW)[1].reason == "size"


def test_bytes_are_octets_of_what_is_stored_and_rows_are_all_that_belong(opened):
    columns = {"summary_diffs": "é", "metadata": "{}", "revert": "😀", "permission": b"\xff", "model": None}
    rows = [
        message("ses_1", data="é\udcff"),
        part("ses_2", data=b"\x00\x01"),  # of a message of ses_1: counted there
        part("ses_1", of="msg_gone", name="prt_2", data="abc"),
        Row("event", {"aggregate_id": "ses_1", "data": "12345"}),
        Row("event_sequence", {"aggregate_id": "ses_1"}),
        Row("session_message", {"session_id": "ses_1", "data": "1234567", "time_updated": OLD}),
        Row("todo", {"session_id": "ses_1", "content": "not counted as bytes"}),
    ]
    con = opened(Recipe([Session("ses_1", columns=columns), Session("ses_2")], rows=rows))
    one, two = oracle.judge(con, Policy(row_cost=100), NOW)
    assert one.bytes == (2 + 2 + 4 + 1) + 3 + 2 + 3 + 5 + 7
    assert (one.rows, one.size, two.rows, two.size) == (8, one.bytes + 800, 1, 100)
