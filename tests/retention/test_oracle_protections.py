"""The oracle on what protects a tree."""

import sqlite3
from contextlib import closing

import nasty
import odd_values
import oracle
import pytest
import store_rows
from forests import NOW, Recipe, Row, Session
from moments import DAY
from odd_values import DONE
from oracle import Policy
from oracle_stores import *  # noqa: F403
from oracle_stores import ALL, MIXED, OLD, OPEN, RUNNING_PART, V2, blob, message, part


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
