"""Cases of removal: every row of what goes and no other, and what the guard spares."""

from dataclasses import replace
from unittest import mock

import forests
import oracle
import product
import pytest
import store_rows
from case_judged import totals
from case_rows import AGE, DONE, FIRST, MIXED, OLD, V1, changed, event, message, part, sequence, spoken
from forests import NOW, Recipe, Row, Session
from moments import HOUR
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.cascade import plan_file as script
from opencode_lifecycle.sql.cascade import plan_read
from opencode_lifecycle.sql.cascade import removal as prune
from sqlite_utils.utils import sqlite3  # as the product has it: two copies let go of each other's locks


def removed_and_nothing_else(folder, recipe, asked, schema=V1):
    path = forests.build(recipe, folder / "s.db", schema)
    con = sqlite3.connect(path)
    removed = oracle.removed_ids(oracle.judge(con, asked, NOW))
    wanted = store_rows.survivors(con, removed)
    rows, _ = totals(store_rows.read_store(con), removed)
    con.close()
    _, _, text = product.planned(path, asked, NOW)
    done = product.applied(path, text, asked.pins).outcome
    assert (done.spared, done.left, done.sessions) == ({}, "", len(removed))
    assert {table: n for table, n in done.rows.items() if n} == rows  # nothing is left to a foreign key
    assert left(path) == wanted
    return path


def left(path):
    con = sqlite3.connect(path)
    try:
        return store_rows.dump(con)
    finally:
        con.close()


def furnished(session, n):
    """A row in every table that holds rows of sessions; not in session_share, which would protect them."""
    others = set(store_rows.BY_SESSION_ID) - {"message", "session_message", "session_share"}
    return [
        message(session),
        message(session, f"msg_{n}_b"),
        part(session),
        part(session, f"prt_{n}_stray", f"msg_gone_{n}"),
        spoken(session, data=DONE),
        *(Row(table, {"session_id": session, "time_updated": OLD}) for table in sorted(others)),
        event(session, 1),
        event(session, 2),
        sequence(session, 2),
    ]


def every_row_of_a_removed_session_goes_and_no_other(folder):
    for schema in (V1, MIXED, FIRST):
        sessions = [
            Session("ses_go", updated=OLD, home="both"),
            Session("ses_go_child", "ses_go", OLD),
            Session("ses_stay", updated=NOW - HOUR),
            Session("ses_stay_too", updated=NOW - HOUR, home="both"),
            Session("ses_go_alone", updated=OLD - 1, home="v2"),
        ]
        rows = [row for n, s in enumerate(sessions) for row in furnished(s.id, n)]
        # a part belongs to its message, whatever session it names itself
        rows += [
            part("ses_stay", "prt_claims_stay", "msg_ses_go"),
            part("ses_go", "prt_claims_go", "msg_ses_stay"),
            # and to that one where there is no message at all
            part("ses_go_bare", message="msg_none"),
            *furnished("ses_gone", 9),
        ]
        sessions.append(Session("ses_go_bare", updated=OLD))
        removed_and_nothing_else(folder, Recipe(sessions, rows=rows), replace(AGE, pins={"ses_none"}), schema)


def set_to(table, session, what, key="id"):
    return f"UPDATE {table} SET {what} WHERE {key} = '{session}'"


def row_for(session, table, columns, values):
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM session WHERE id = '{session}'"


# What may happen to a tree between the plan and its batch, and why the tree is spared then.
RACES = {
    "moved": (set_to("session", "ses_moved", "parent_id = 'ses_stay'"), "changed"),
    "swapped": (set_to("session", "ses_swapped_child", "parent_id = 'ses_swopped'"), "changed"),
    "unmoved": (set_to("session", "ses_unmoved_child", "parent_id = NULL"), "changed"),
    "project": (set_to("session", "ses_project", "project_id = 'prj_b'"), "changed"),
    "url": (set_to("session", "ses_url", "share_url = 'x'"), "changed"),
    "archived": (set_to("session", "ses_archived", f"time_archived = {NOW}"), "changed"),
    "seq": (set_to("event_sequence", "ses_seq", "seq = 3", "aggregate_id"), "changed"),
    "renamed": (set_to("session", "ses_renamed", "title = 'another'"), "changed"),
    "reverted": (set_to("session", "ses_reverted", "revert = '{}'"), "changed"),
    "costly": (set_to("session", "ses_costly", "cost = 0.5"), "changed"),
    "rewritten": (set_to("part", "msg_ses_rewritten", "data = data || ' '", "message_id"), "changed"),
    "restrayed": (set_to("part", "msg_gone_restrayed", "data = data || ' '", "message_id"), "changed"),
    "resaid": (set_to("message", "ses_resaid", "data = data || ' '", "session_id"), "changed"),
    "older": (set_to("message", "ses_older", f"time_updated = {OLD - 5}", "session_id"), "changed"),
    "touched": (set_to("session", "ses_touched", f"time_updated = {OLD + 1}"), "changed"),
    "spoken": (set_to("message", "ses_spoken", f"time_updated = {OLD + 1}", "session_id"), "changed"),
    "worked": (set_to("part", "msg_ses_worked", f"time_updated = {OLD + 1}", "message_id"), "changed"),
    "strayed": (set_to("part", "msg_gone_strayed", f"time_updated = {OLD + 1}", "message_id"), "changed"),
    "noted": (set_to("todo", "ses_noted", f"time_updated = {OLD + 1}", "session_id"), "changed"),
    "stripped": ("DELETE FROM part WHERE message_id = 'msg_ses_stripped'", "changed"),
    "lost": ("DELETE FROM part WHERE message_id = 'msg_gone_lost'", "changed"),
    "unsaid": ("DELETE FROM message WHERE id = 'msg_unsaid_b'", "changed"),
    "halved": ("DELETE FROM session WHERE id = 'ses_halved_child'", "changed"),
    "topless": ("DELETE FROM session WHERE id = 'ses_topless'", "changed"),
    "grown": (
        "INSERT INTO todo (session_id, content, status, priority, position, time_created, time_updated) "
        "SELECT session_id, content, status, priority, position + 1000, time_created, time_updated "
        "FROM todo WHERE session_id = 'ses_grown'",
        "changed",
    ),
    "fathered": ("", "child"),
    "pinned": ("", "pinned"),
    "pinned_below": ("", "pinned"),
    "struck": ("", "struck"),
    "thinned": ("", "child"),
}


def what_changed_since_the_plan_is_spared_and_nothing_else(folder):
    """Each tree has a child and rows of its own; the tree that nobody touches goes."""
    names = [*RACES, "calm", "quiet"]
    sessions = [Session("ses_stay", updated=NOW - HOUR)]
    rows = []
    for name in names:
        sessions += [Session(f"ses_{name}", updated=OLD), Session(f"ses_{name}_child", f"ses_{name}", OLD)]
        rows += furnished(f"ses_{name}", name)
    path = forests.build(Recipe(sessions, rows=rows), folder / "s.db", V1)
    _, _, text = product.planned(path, AGE, NOW)
    changed(
        path,
        *(statement for statement, _ in RACES.values() if statement),
        # events may go ahead of the rest
        "DELETE FROM event WHERE aggregate_id = 'ses_quiet'",
    )
    child = (
        "id, project_id, parent_id, slug, directory, title, version, time_created, time_updated",
        "'ses_new_child', project_id, id, slug, directory, title, version, time_created, time_updated",
    )
    changed(path, row_for("ses_fathered", "session", *child))
    before = left(path)
    text = struck(text, "ses_struck", "ses_thinned_child")
    done = product.applied(path, text, {"ses_pinned", "ses_pinned_below_child"}).outcome
    roots = {f"ses_{name}": reason for name, (_, reason) in RACES.items()}
    assert done.spared == roots
    gone = {"ses_calm", "ses_calm_child", "ses_quiet", "ses_quiet_child"}
    assert left(path) == without(before, gone) and done.sessions == len(gone)


def without(shape, gone):
    """A dump without the rows of these sessions."""
    return {table: [row for row in rows if not gone.intersection(row)] for table, rows in shape.items()}


def struck(text, *ids):
    """A plan without the lines of these sessions."""
    return "\n".join(
        line for line in text.split("\n") if not any(f"VALUES (1, '{id}', " in line for id in ids)
    )


def nothing_goes_while_the_client_moves_its_sessions(folder):
    for phase, spared in (('{"phase":"sessions"}', True), ("broken", True), ('{"phase":"completed"}', False)):
        moving = Row("kv", {"key": "migration.v1-v2", "value": phase})
        path = forests.build(Recipe([Session("ses_1", updated=OLD)], rows=[moving]), folder / "s.db", MIXED)
        _, _, text = product.planned(path, AGE, NOW)
        if spared:
            with pytest.raises(store.Refusal, match="moving its sessions"):
                product.applied(path, text)
        # The move may begin after that look: then each batch sees it.
        with mock.patch.object(store.Store, "refuse_migration", lambda _: None):
            assert product.applied(path, text).outcome.spared == ({"ses_1": "migrating"} if spared else {})


def what_hangs_on_the_tables_since_the_plan_ends_its_script(folder):
    """What hung there before, and was gone on with, does not: each of its facts counts."""
    anew = ("DROP TABLE star", "CREATE TABLE star ({} TEXT REFERENCES {} (id) ON DELETE {}, note TEXT)")
    later = [("CREATE TRIGGER star BEFORE DELETE ON part BEGIN SELECT 1; END",),
             ("CREATE TABLE b (ref TEXT REFERENCES part (id) ON DELETE CASCADE)",),
             ("CREATE TABLE b (ref TEXT REFERENCES star (note))",),
             *((anew[0], anew[1].format(*key)) for key in (
                 ("ref", "message", "CASCADE"), ("other", "part", "CASCADE"), ("ref", "part", "SET NULL"))), ()]
    for number, statements in enumerate(later):
        path = forests.build(Recipe([Session("ses_1", updated=OLD)]), folder / f"{number}.db", V1)
        changed(path, "CREATE TABLE star (ref TEXT REFERENCES part (id) ON DELETE CASCADE, note TEXT)")
        with store.opened(str(path)) as place, product.told(AGE):
            _, plan = prune.plan(place, product.question_of(AGE, NOW), ["star"])
            known = place.catalog
            for statement in statements:
                changed(path, statement)
            steps = [step.sql for step in plan.preparation(known) if step.sql]
            if not statements:
                place.on.execute_all(place.connection, steps)
            else:
                with pytest.raises(sqlite3.IntegrityError, match="must_be_foreseen"):
                    place.on.execute_all(place.connection, steps)


def a_flag_taken_off_either_row_spares_its_tree(folder):
    sessions = [Session(f"ses_{n}", updated=OLD, home="both", archived=7, v2={"time_archived": None}) for n in (1, 2)]
    path = forests.build(Recipe(sessions), folder / "s.db", MIXED)
    chosen, _, text = product.planned(path, AGE, NOW)
    assert [unit.root.archived for unit in chosen.units] == [1, 1], "a flag in one layout is enough"
    changed(path, "UPDATE session SET time_archived = NULL WHERE id = 'ses_1'")
    assert product.applied(path, text).outcome.spared == {"ses_1": "changed"}


def a_new_child_of_either_layout_spares_its_tree(folder):
    """A session that the second layout has moved elsewhere is no child any more."""
    sessions = [
        Session("ses_1", updated=OLD, home="v1"),
        Session("ses_2", updated=OLD, home="v2"),
        Session("ses_3", updated=OLD, home="v1"),
        Session("ses_moved_away", "ses_3", NOW - HOUR, home="both", v2={"parent_id": None}),
    ]
    path = forests.build(Recipe(sessions), folder / "s.db", MIXED)
    _, _, text = product.planned(path, AGE, NOW)
    changed(
        path,
        "UPDATE session SET parent_id = 'ses_1' WHERE id = 'ses_moved_away'",
        "UPDATE session_v2 SET parent_id = 'ses_1' WHERE id = 'ses_moved_away'",
    )
    con = sqlite3.connect(path)
    con.execute("UPDATE session_v2 SET parent_id = 'ses_2' WHERE id = 'ses_moved_away'")
    con.execute("UPDATE session SET parent_id = 'ses_3' WHERE id = 'ses_moved_away'")
    con.commit()
    con.close()
    assert product.applied(path, text).outcome.spared == {"ses_2": "child"}


def a_large_log_goes_ahead_in_slices_and_its_number_stays(folder):
    rows = [event("ses_1", n, '"' + "x" * 100 + '"') for n in range(1, 11)] + [
        sequence("ses_1", 10),
        message("ses_1"),
    ]
    rows += [event("ses_stay", n) for n in range(1, 11)]
    recipe = Recipe([Session("ses_1", updated=OLD), Session("ses_stay", updated=NOW - HOUR)], rows=rows)
    path = forests.build(recipe, folder / "s.db", V1)
    seen = []

    def look(_):
        con = sqlite3.connect(path)
        seen.append(
            [
                con.execute(question).fetchall()
                for question in (
                    "SELECT seq FROM event WHERE aggregate_id = 'ses_1' ORDER BY seq",
                    "SELECT COUNT(*) FROM event WHERE aggregate_id = 'ses_stay'",
                    "SELECT seq FROM event_sequence",
                    "SELECT COUNT(*) FROM message",
                )
            ]
        )
        con.close()

    with mock.patch.multiple(script, BATCH_BYTES=500, SLICE_BYTES=300):
        _, _, text = product.planned(path, AGE, NOW)
        with store.opened(str(path)) as place:
            prune.run(place, plan_read.read(text, "plan.sql"), None, "apply", "", look)
    slices = [
        [[(n,) for n in range(through + 1, 11)], [(10,)], [(10,)], [(1,)]] for through in (2, 4, 6, 8, 10)
    ]
    assert seen == [*slices, [[], [(10,)], [], [(0,)]]]


CASES = (
    what_changed_since_the_plan_is_spared_and_nothing_else,
    every_row_of_a_removed_session_goes_and_no_other,
    nothing_goes_while_the_client_moves_its_sessions,
    what_hangs_on_the_tables_since_the_plan_ends_its_script,
    a_flag_taken_off_either_row_spares_its_tree,
    a_new_child_of_either_layout_spares_its_tree,
    a_large_log_goes_ahead_in_slices_and_its_number_stays,
)
