"""Hand-made cases that pin the oracle to the sentences of the design page, so that it cannot rot.

Several are made of other tools' bugs: data lost by age of creation, by a zero, by a prefix, by a cycle.
"""
import shutil
import sqlite3
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path

import drawn
import forests
import nasty
import odd_values
import oracle
import pytest
import size
import store_rows
from forests import NOW, Chain, Recipe, Row, Session
from hypothesis import given, settings
from moments import DAY, HOUR
from odd_values import DONE
from oracle import Policy
from places import STORES

OLD = NOW - 100 * DAY
V1, MIXED, V2 = "1.18.34", "v2.0-mixed-simulated", "2.0.25-partial"
OPEN = odd_values.OPEN_MESSAGES[0]
RUNNING_PART = odd_values.OPEN_PARTS[0]
# Everything goes that nothing protects: each unprotected tree is older than a millisecond.
ALL = {"max_age_ms": 1, "grace_ms": 0}


@pytest.fixture
def opened(tmp_path):
    """A function that builds a recipe and opens it."""
    numbers = count()
    with ExitStack() as stack:

        def build(recipe, schema=V1):
            path = forests.build(recipe, tmp_path / f"{next(numbers)}.db", schema)
            return stack.enter_context(closing(sqlite3.connect(path)))

        yield build


@pytest.fixture
def reasons(opened):
    """A function from sessions (and rows) to {root: reason}; child units under ('child', root)."""

    def judged(sessions, rows=(), schema=V1, loose=False, chain=None, now=NOW, **policy):
        recipe = Recipe(list(sessions), chain or Chain(), list(rows), loose)
        verdicts = oracle.judge(opened(recipe, schema), Policy(**policy), now)
        return {name_of(verdict): verdict.reason for verdict in verdicts}

    return judged


def name_of(verdict):
    return verdict.root if verdict.unit == "tree" else ("child", verdict.root)


def message(session, time=OLD, data=DONE, name="msg_1"):
    return Row("message", {"id": name, "session_id": session, "time_updated": time, "data": data})


def part(session, time=OLD, data='{"type":"text"}', of="msg_1", name="prt_1"):
    values = {"id": name, "message_id": of, "session_id": session, "time_updated": time, "data": data}
    return Row("part", values)


def blob(session, size, name="msg_1"):
    """A message whose data has exactly this many octets."""
    return message(session, OLD, '"' + "x" * (size - 2) + '"', name)


# --- trees and activity --------------------------------------------------------------------------


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


# --- limits --------------------------------------------------------------------------------------

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


# --- protections ---------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [*odd_values.UNSAFE_IDS, *odd_values.UNSAFE_OCTETS], ids=repr)
def test_an_id_that_is_not_clean_text_protects_its_tree(reasons, bad):
    assert reasons([Session("ses_1"), Session(bad, "ses_1")], **ALL) == {"ses_1": "unsafe-id"}


def test_an_odd_but_clean_id_protects_nothing(reasons):
    assert set(reasons([Session(one) for one in odd_values.ODD_IDS], **ALL).values()) == {"age"}


@pytest.mark.parametrize("time", odd_values.ODD_TIMES, ids=repr)
def test_an_unclear_time_of_a_session_or_message_protects_its_tree(reasons, time):
    assert reasons([Session("ses_1", updated=time)], loose=True, **ALL) == {"ses_1": "time-unclear"}
    rows = [message("ses_2", time)]
    sessions = [Session("ses_1"), Session("ses_2", "ses_1")]
    assert reasons(sessions, rows, loose=True, **ALL) == {"ses_1": "time-unclear"}


def test_an_unclear_time_of_a_part_protects_nothing(reasons):
    rows = [message("ses_1"), part("ses_1", "yesterday")]
    assert reasons([Session("ses_1")], rows, **ALL) == {"ses_1": "age"}


def test_the_first_clear_millisecond_is_ten_to_the_twelve(reasons):
    found = reasons([Session("ses_1", updated=10**12), Session("ses_2", updated=10**12 - 1)], **ALL)
    assert found == {"ses_1": "age", "ses_2": "time-unclear"}


def test_a_tree_without_any_clear_time_is_the_oldest(opened):
    recipe = Recipe([Session("ses_1", updated=5), Session("ses_2", updated=10**12)])
    verdicts = oracle.judge(opened(recipe), Policy(), NOW)
    assert [(verdict.root, verdict.active) for verdict in verdicts] == [("ses_2", 10**12), ("ses_1", 0)]


def test_activity_after_now_protects_a_tree(reasons):
    sessions = [Session("ses_1", updated=NOW + 1), Session("ses_2", updated=NOW)]
    assert reasons(sessions, max_sessions=1, grace_ms=0) == {"ses_1": "future", "ses_2": "count"}


def each(texts, row):
    """A session for each text, with one row that holds it; every row is two days old."""
    sessions = [Session(f"ses_{place:03}") for place in range(len(texts))]
    return sessions, [row(f"ses_{place:03}", text, str(place)) for place, text in enumerate(texts)]


def message_of(session, data, name):
    return message(session, NOW - 2 * DAY, data, name)


def part_of(session, data, name):
    return part(session, NOW - 2 * DAY, data, "msg_gone", name)


def session_message_of(kind):
    def row(session, data, name):
        values = {"id": name, "session_id": session, "type": kind, "data": data}
        return Row("session_message", values | {"time_updated": NOW - 2 * DAY})

    return row


def test_an_assistant_message_without_completed_and_error_is_running(reasons):
    for row in (message_of, session_message_of("assistant")):
        assert set(reasons(*each(odd_values.OPEN_MESSAGES, row), **ALL).values()) == {"running"}
    # A v2 message says its role in its own column only.
    found = reasons(*each(["{}", "[]", "3"], session_message_of("assistant")), schema=V2, **ALL)
    assert set(found.values()) == {"running"}


def test_any_other_message_is_not_running(reasons):
    texts = odd_values.MESSAGES + odd_values.BROKEN_OPEN
    assert set(reasons(*each(texts + odd_values.NASTY, message_of), **ALL).values()) == {"age"}
    ended = [DONE, *odd_values.MESSAGES[2:5], *odd_values.BROKEN_OPEN]
    assert set(reasons(*each(ended, session_message_of("assistant")), **ALL).values()) == {"age"}
    assert set(reasons(*each(odd_values.OPEN_MESSAGES, session_message_of("user")), **ALL).values()) == {"age"}


def test_a_tool_part_that_is_pending_or_running_is_running(reasons):
    assert set(reasons(*each(odd_values.OPEN_PARTS, part_of), **ALL).values()) == {"running"}


def test_any_other_part_is_not_running(reasons):
    texts = [*odd_values.PARTS, *odd_values.NASTY, *odd_values.ODD_OCTETS]
    assert set(reasons(*each(texts, part_of), **ALL).values()) == {"age"}


def test_a_part_runs_for_the_session_of_its_message(reasons):
    sessions = [Session("ses_1"), Session("ses_2")]
    rows = [message("ses_1"), part("ses_2", NOW - 2 * DAY, RUNNING_PART)]
    assert reasons(sessions, rows, **ALL) == {"ses_1": "running", "ses_2": "age"}
    rows = [part("ses_2", NOW - 2 * DAY, RUNNING_PART, of="msg_gone")]
    assert reasons(sessions, rows, **ALL) == {"ses_1": "age", "ses_2": "running"}


def test_what_ran_more_than_seven_days_ago_was_killed(reasons):
    sessions = [Session("ses_1"), Session("ses_2", "ses_1")]
    rows = [message("ses_1", NOW - 7 * DAY, OPEN)]
    assert reasons(sessions, rows, **ALL) == {"ses_1": "running"}
    rows = [message("ses_1", NOW - 7 * DAY - 1, OPEN)]
    assert reasons(sessions, rows, **ALL) == {"ses_1": "age"}
    # Any row of the tree will do, even a part of another session.
    rows += [message("ses_2", name="msg_2"), part("ses_2", NOW - 7 * DAY, of="msg_2")]
    assert reasons(sessions, rows, **ALL) == {"ses_1": "running"}


def test_of_a_key_that_stands_twice_the_first_counts(reasons):
    rows = [message("ses_1", NOW - DAY, '{"role":"user","role":"assistant"}')]
    assert reasons([Session("ses_1")], rows, **ALL) == {"ses_1": "age"}


def test_data_is_read_as_sqlite_reads_json():
    """json_valid and json_extract are the other reader of these texts; both must see the same."""
    texts = odd_values.MESSAGES + odd_values.OPEN_MESSAGES + odd_values.BROKEN_OPEN
    texts += odd_values.PARTS + odd_values.OPEN_PARTS
    agreed = nasty.RECLAIMABLE + nasty.LEFT_ALONE + nasty.NOT_JSON
    with closing(sqlite3.connect(":memory:")) as con:
        for text in (*texts, *(text for _, text in agreed)):
            (valid,) = con.execute("SELECT json_valid(?)", (text,)).fetchone()
            document = store_rows.parsed(text)
            assert (document is not store_rows.NOT_JSON) == bool(valid), text
            paths = (("role",), ("time", "completed"), ("error",), ("type",), ("state", "status"))
            for path in paths if valid else ():
                (there,) = con.execute(
                    "SELECT json_extract(?, ?) IS NOT NULL", (text, "$." + ".".join(path))
                ).fetchone()
                assert (store_rows.at(document, *path) is not None) == bool(there), (text, path)


def test_a_share_protects_a_tree_and_an_empty_address_does_not(reasons):
    sessions = [Session("ses_1"), Session("ses_2", "ses_1", share_url="https://opncd.ai/s/x")]
    sessions += [Session("ses_3", share_url=""), Session("ses_4")]
    rows = [Row("session_share", {"session_id": "ses_4"})]
    assert reasons(sessions, rows, **ALL) == {"ses_1": "shared", "ses_3": "age", "ses_4": "shared"}


def test_a_share_in_either_layout_protects(reasons):
    for old, new in (("https://opncd.ai/s/x", None), (None, "https://opncd.ai/s/x")):
        session = Session("ses_1", share_url=old, home="both", v2={"share_url": new})
        assert reasons([session], schema=MIXED, **ALL) == {"ses_1": "shared"}


def test_a_pinned_session_outlives_every_limit(reasons):
    sessions = [Session("ses_1"), Session("ses_2", "ses_1"), Session("ses_3")]
    rows = [blob("ses_1", 900)]
    limits = {"max_age_ms": 1, "max_sessions": 1, "max_size": 1, "max_tree_size": 1, "child_max_age_ms": 1}
    assert reasons(sessions, rows, pins={"ses_2"}, **limits) == {"ses_1": "pinned", "ses_3": "age"}


def test_what_was_brought_back_is_spared_for_thirty_days(reasons):
    restored = {"ses_1": NOW - 30 * DAY + 1, "ses_2": NOW - 30 * DAY}
    found = reasons([Session("ses_1"), Session("ses_2")], restored=restored, **ALL)
    assert found == {"ses_1": "restored", "ses_2": "age"}


@pytest.mark.parametrize(
    ("title", "pattern", "matches"),
    [
        ("Keep me", "keep*", True),
        ("Keep me", "keep", False),
        ("please\nKEEP\nme", "*keep*", True),
        ("Release 1", "release ?", True),
        ("Release 10", "release ?", False),
        ("Release ", "release ?", False),
        ("a[b]", "*[b]", True),
        ("ab", "a[b]", False),
        ("100%", "100%", True),
        ("1000", "100%", False),
        ("axb", "a_b", False),
        ("École", "école", True),
        ("\u212aeep", "keep", True),
        ("ПРОЕКТ", "проект", True),
        ("E\u0301tude", "étude", True),
        ("étude", "e\u0301t?de", True),
        ("etude", "étude", False),
        ("Straße", "STRASSE", True),
        ("Straße", "stra?e", True),
        ("İstanbul", "istanbul", True),
        ("ISTANBUL", "ıstanbul", True),
        ("a\x00keep", "*keep", True),
        (b"keep", "KEEP", True),
        (None, "*", True),
        (None, "?", False),
        ("", "*", True),
    ],
)
def test_a_title_pattern_knows_star_and_question_mark_and_no_case(reasons, title, pattern, matches):
    # Only a v2 row may have no title at all.
    found = reasons([Session("ses_1", title=title)], schema=V2, protect_titles=[pattern], **ALL)
    assert found == {"ses_1": "protect" if matches else "age"}


def test_a_directory_protects_itself_and_what_is_below(reasons):
    places = ("/work/a", "/work/a/b", "/work/ab", "/Work/a", "/work", "C:\\Work\\a", "c:/work/a/b", "C:/work/ab", "")
    sessions = [Session(f"ses of {place}", directory=place) for place in places]

    def spared(pattern):
        found = reasons(sessions, protect_directories=[pattern], **ALL)
        return {one.removeprefix("ses of ") for one, reason in found.items() if reason == "protect"}

    assert spared("/work/a") == spared("/work//a/") == {"/work/a", "/work/a/b"}
    windows = {"C:\\Work\\a", "c:/work/a/b"}
    assert spared("C:\\work\\a") == spared("c:/WORK/A/") == spared("\\\\?\\C:\\work\\a") == windows
    assert spared("/") == {place for place in places if place.startswith("/")}
    assert spared("C:") == {*windows, "C:/work/ab"}
    assert spared(".") == set()


def test_one_matching_child_protects_the_whole_tree(reasons):
    sessions = [Session("ses_1"), Session("ses_2", "ses_1", project="prj_b")]
    assert reasons(sessions, protect_projects=["prj_b"], **ALL) == {"ses_1": "protect"}


def test_the_last_day_is_grace(reasons):
    sessions = [Session("ses_1", updated=NOW - DAY + 1), Session("ses_2", updated=NOW - DAY)]
    assert reasons(sessions, max_age_ms=1) == {"ses_1": "grace", "ses_2": "age"}
    assert reasons(sessions, max_age_ms=1, grace_ms=0) == {"ses_1": "age", "ses_2": "age"}


def test_keep_last_counts_all_trees_and_per_project_those_of_the_roots_project(reasons):
    sessions = [
        Session("ses_1", updated=OLD),
        Session("ses_2", updated=OLD - 1),
        Session("ses_3", updated=OLD - 2, project="prj_b"),
        Session("ses_4", "ses_3", updated=OLD - 3, project="prj_a"),
        Session("ses_5", updated=OLD - 4, project="prj_b"),
    ]
    found = reasons(sessions, keep_last=1, keep_last_per_project=1, **ALL)
    assert found == {"ses_1": "keep-last", "ses_2": "age", "ses_3": "keep-last-per-project", "ses_5": "age"}


def test_the_first_protection_that_matches_is_told(opened):
    session = Session("ses_\n", updated=NOW + 1, share_url="https://opncd.ai/s/x")
    named = {"pins": {"ses_\n"}, "restored": {"ses_\n": NOW}, "protect_titles": ["*"]}
    policy = Policy(**named, keep_last=1, keep_last_per_project=1)
    rows = [message("ses_\n", 1, OPEN)]
    (verdict,) = oracle.judge(opened(Recipe([session], rows=rows)), policy, NOW)
    assert verdict.reason == "unsafe-id"
    assert verdict.protections == (
        "unsafe-id", "time-unclear", "future", "running", "shared", "pinned", "restored", "protect", "grace",
        "keep-last", "keep-last-per-project",
    )


# --- children ------------------------------------------------------------------------------------


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


# --- what is left --------------------------------------------------------------------------------


def lost(con, *removed):
    """{table: number of rows that go}, where any do."""
    kept = store_rows.survivors(con, removed)
    numbers = {table: len(rows) - len(kept[table]) for table, rows in store_rows.dump(con).items()}
    return {table: number for table, number in numbers.items() if number}


def test_removing_nothing_leaves_everything(opened):
    con = opened(Recipe(family()))
    assert store_rows.survivors(con, []) == store_rows.dump(con)


def test_an_id_that_begins_like_another_takes_only_its_own_rows(opened):
    ids = ["ses_1", "ses_10", "SES_1", "ses_1 ", "ses__", "ses_%", ""]
    rows = [Row("todo", {"session_id": one}) for one in ids]
    con = opened(Recipe([Session(one) for one in ids], rows=rows))
    for one in ids:
        assert lost(con, one) == {"session": 1, "todo": 1}
    assert lost(con, "ses") == {}


def test_no_row_of_a_removed_session_is_left_in_any_table(opened):
    ids = ("ses_1", "ses_2")
    for schema in forests.schema_names():
        _, tables = forests.template(schema)
        names = {table: {column[0] for column in columns} for table, columns in tables.items()}
        keys = {table: names[table] & {"session_id", "aggregate_id"} for table in names}
        rows = [Row(table, {key: one}) for table in keys for key in keys[table] for one in ids]
        con = opened(Recipe([Session(one, home="both") for one in ids], rows=rows), schema)
        keyed = {row.table for row in rows} | {"session", "session_v2"} & set(tables)
        assert lost(con, "ses_1") == dict.fromkeys(keyed, 1), schema
        assert lost(con, "ses_1", "ses_2") == dict.fromkeys(keyed, 2), schema


def test_a_part_goes_with_its_message_and_by_its_own_session_only_without_one(opened):
    rows = [
        message("ses_1", name="msg_1"),
        message("ses_2", name="msg_2"),
        message("ses_gone", name="msg_3"),
        part("ses_2", of="msg_1", name="prt_1"),  # goes with msg_1
        part("ses_1", of="msg_2", name="prt_2"),  # stays with msg_2
        part("ses_1", of="msg_3", name="prt_3"),  # stays: its message is there, whoever owns that
        part("ses_1", of="msg_gone", name="prt_4"),  # goes
    ]
    con = opened(Recipe([Session("ses_1"), Session("ses_2")], rows=rows))
    kept = store_rows.survivors(con, ["ses_1"])
    place = sorted(column[1] for column in con.execute("PRAGMA table_info(part)")).index("id")
    assert {row[place] for row in kept["part"]} == {"prt_2", "prt_3"}
    assert lost(con, "ses_1") == {"session": 1, "message": 1, "part": 2}


def test_projects_and_all_that_belongs_to_no_session_stay(opened):
    con = opened(Recipe([Session("ses_1")]))
    kept = store_rows.survivors(con, ["ses_1"])
    assert kept["session"] == []
    for table in ("project", "permission", "account", "credential", "workspace", "migration"):
        assert kept[table] == store_rows.dump(con)[table] != []


def test_values_come_back_as_they_are_stored(opened):
    values = ["", "é\udcff", "a\x00b", b"\xd8\x3d", b"", 0.5, 10**13]
    rows = [Row("kv", {"key": f"k{place}", "value": value}) for place, value in enumerate(values)]
    con = opened(Recipe(rows=rows), MIXED)
    stored = {row[0]: row[-1] for row in store_rows.dump(con)["kv"]}
    assert [stored[f"k{place}"] for place in range(5)] == values[:5]
    assert (stored["k5"], stored["k6"]) == ("0.5", str(10**13))  # text affinity
    assert con.text_factory is str


@settings(max_examples=size.sized(20, 60, 60))
@given(recipe=drawn.forests(), policy=drawn.policies())
def test_survivors_equal_what_foreign_keys_and_the_events_rule_leave(tmp_path_factory, recipe, policy):
    """Another road to the same state: let the client's own cascade delete, then events, then stray parts."""
    path = tmp_path_factory.getbasetemp() / "cascade.db"
    with closing(sqlite3.connect(forests.build(recipe, path, V1))) as con:
        removed = oracle.removed_ids(oracle.judge(con, policy, NOW))
        expected = store_rows.survivors(con, removed)
        con.execute("PRAGMA foreign_keys=ON")
        for one in removed:
            con.execute(
                "DELETE FROM part WHERE session_id = :id"
                " AND NOT EXISTS (SELECT 1 FROM message WHERE message.id = part.message_id)",
                {"id": one},
            )
        for table, key in (("session", "id"), ("event", "aggregate_id"), ("event_sequence", "aggregate_id")):
            con.executemany(f"DELETE FROM {table} WHERE {key} = ?", [(one,) for one in removed])
        assert store_rows.dump(con) == expected


# --- stores of the real client, and the builder --------------------------------------------------


@pytest.mark.parametrize("name", sorted(path.name for path in STORES.glob("*.db")))
def test_a_store_of_the_real_client_has_three_trees(tmp_path, name):
    with closing(sqlite3.connect(shutil.copy(STORES / name, tmp_path))) as con:
        verdicts = oracle.judge(con, Policy(max_age_ms=30 * DAY), NOW)
        assert [(one.reason, len(one.sessions)) for one in verdicts] == [("age", 1), ("age", 1), ("age", 2)]
        kept = store_rows.survivors(con, oracle.removed_ids(verdicts))
        assert {table for table in kept if table in store_rows.OWNED and kept[table]} == set()
        assert len(kept["project"]) == 1


def test_a_recipe_prints_as_it_is_written():
    recipe = Recipe([Session("ses_1", "ses_2", updated=None)], Chain(3), [message("ses_1")], True)
    assert eval(repr(recipe)) == recipe
    assert repr(Recipe([Session("ses_1")])) == "Recipe(sessions=[Session(id='ses_1')])"


@settings(max_examples=size.sized(20, 60, 60))
@given(recipe=drawn.forests(), policy=drawn.policies(), schema=drawn.schemas())
def test_every_recipe_becomes_a_sound_store_in_every_schema(tmp_path_factory, recipe, policy, schema):
    path = forests.build(recipe, tmp_path_factory.getbasetemp() / "any.db", schema)
    with closing(sqlite3.connect(path)) as con:
        assert con.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        verdicts = oracle.judge(con, policy, NOW)
        judged = [one for verdict in verdicts if verdict.unit == "tree" for one in verdict.sessions]
        wanted = {session.id for session in recipe.sessions + recipe.chain.sessions()} - {None}
        assert sorted(judged, key=store_rows.id_order) == sorted(wanted, key=store_rows.id_order)


@settings(max_examples=size.sized(20, 60, 60))
@given(recipe=drawn.forests(portable=True))
def test_a_portable_recipe_holds_only_what_a_server_can_hold(recipe):
    for values in [vars(session) for session in recipe.sessions] + [row.values for row in recipe.rows]:
        for name, value in values.items():
            assert not isinstance(value, (bytes, float))
            assert not isinstance(value, str) or "\x00" not in value.encode("utf-8").decode()
            assert name not in ("time_updated", "updated") or isinstance(value, int)


def test_snug_limits_hit_a_size_exactly(opened):
    sessions, rows = sized(a=30, b=50, c=40)
    con = opened(Recipe(sessions, rows=rows))
    policy = Policy(max_size=1, max_tree_size=1)
    assert drawn.snug(con, policy, NOW, 1).max_tree_size == 50
    policy = drawn.snug(con, Policy(max_size=1), NOW, 2)
    assert [one.verdict for one in oracle.judge(con, policy, NOW)] == ["keep", "keep", "remove"]
    policy = drawn.snug(con, Policy(max_size=1), NOW, 2, short=1)
    assert [one.verdict for one in oracle.judge(con, policy, NOW)] == ["keep", "remove", "remove"]
