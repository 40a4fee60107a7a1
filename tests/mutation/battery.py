"""Small stores in which every rule of removal is decisive somewhere, each with what must come of it.

A case is a function of a folder: it builds its store, runs the product and asserts. The oracle judges
verdicts and what is left. `CASES` names, for each folder of templates, the cases that speak of it.
"""

from dataclasses import replace
from unittest import mock

import attached
import content_oracle
import entries
import forests
import moved
import oracle
import product
import pytest
import reclaim_oracle
from forests import DAY, HOUR, NOW, Chain, Recipe, Row, Session
from judged import expected, unowned
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.cascade import plan_file as script
from opencode_lifecycle.sql.cascade import removal as prune
from opencode_lifecycle.sql.reclamation import attachments, originals
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from opencode_lifecycle.sql.retention import archive, pins, selection
from opencode_lifecycle.sql.transfer import mirror, richer
from oracle import Policy
from reclaim_oracle import CLEARED

# Two copies of SQLite in one process let go of each other's locks, so this is the one that the product uses.
from sqlite_utils.utils import sqlite3

V1, MIXED, FIRST = "1.18.33", "v2.0-mixed-simulated", "1.2.15"
OLD = NOW - 3 * DAY  # over AGE, and recent enough to be running
AGE = Policy(max_age_ms=2 * DAY)
OPEN = '{"role":"assistant","time":{"created":1}}'
DONE = '{"role":"assistant","time":{"created":1,"completed":2}}'


def message(session, id=None, time=OLD, data=DONE):
    return Row(
        "message", {"id": id or f"msg_{session}", "session_id": session, "time_updated": time, "data": data}
    )


def part(session, id=None, message=None, time=OLD, data='{"type":"text"}'):
    return Row(
        "part",
        {
            "id": id or f"prt_{session}",
            "message_id": message or f"msg_{session}",
            "session_id": session,
            "time_updated": time,
            "data": data,
        },
    )


def spoken(session, id=None, time=OLD, data=OPEN, type="assistant"):
    return Row(
        "session_message",
        {
            "id": id or f"smg_{session}",
            "session_id": session,
            "type": type,
            "seq": 1,
            "time_updated": time,
            "data": data,
        },
    )


def event(session, seq, data="{}", type="message.part.updated.1"):
    return Row(
        "event",
        {"id": f"evt_{session}_{seq:03}", "aggregate_id": session, "seq": seq, "type": type, "data": data},
    )


def sequence(session, seq, owner=None):
    return Row("event_sequence", {"aggregate_id": session, "seq": seq, "owner_id": owner})


def tool(status):
    return f'{{"type":"tool","tool":"bash","state":{{"status":"{status}"}}}}'


# --- what the product says of a store, held against the oracle -----------------------------------


def agree(folder, recipe, asked, schema=V1):
    """Verdicts, reasons, units in their order and all sums are the oracle's."""
    path = forests.build(recipe, folder / "s.db", schema)
    con = sqlite3.connect(path)
    fixed = asked.unowned
    asked = replace(asked, unowned=fixed + unowned(con, asked))
    verdicts = oracle.judge(con, asked, NOW)
    rows = oracle.read_store(con)
    wanted = expected(con, asked)
    con.close()
    with store.opened(str(path)) as place, product.told(asked, fixed):
        question = product.question_of(asked, NOW)
        selection.decide(place, question)
        chosen = selection.selection(place, question.sentence, NOW, question.values)
        found = judged(place)
    assert found == wanted
    going = sorted(
        (v for v in verdicts if v.verdict == "remove"), key=lambda v: (v.active, oracle.id_order(v.root))
    )
    assert [unit_of(unit) for unit in chosen.units] == [
        (v.root, v.reason, sorted(v.sessions), v.active, v.bytes, v.rows) for v in going
    ]
    assert all(unit.sessions[0].id == unit.root.root_id for unit in chosen.units)
    kept = [v for v in verdicts if v.verdict == "keep"]
    children = [v for v in going if v.unit == "child"]
    assert chosen.keep == {
        "trees": len(kept),
        "sessions": sum(len(v.sessions) for v in kept) - sum(len(v.sessions) for v in children),
        "bytes": sum(v.bytes for v in kept) - sum(v.bytes for v in children),
    }
    removed = oracle.removed_ids(verdicts)
    assert (chosen.rows, chosen.bytes) == totals(rows, removed)
    if not asked.max_size:
        assert chosen.protected == protected(kept)
    return verdicts


def judged(place):
    members, units = {}, {}
    for id, root in product.rows(place, "members"):
        members.setdefault(root, []).append(id)
    for id, root in product.rows(place, "children"):
        units.setdefault(root, []).append(id)
    trees = {
        root: (verdict, reason, tuple(sorted(members[root], key=repr)))
        for root, verdict, reason in product.rows(place, "verdicts")
    }
    return trees | {
        ("child", root): ("remove", "child-age", tuple(sorted(ids, key=repr))) for root, ids in units.items()
    }


def unit_of(unit):
    return (
        unit.root.id,
        unit.root.reason,
        sorted(s.id for s in unit.sessions),
        max(s.active for s in unit.sessions),
        unit.bytes,
        unit.rows,
    )


def totals(store, removed):
    rows, octets, owners = {}, {}, oracle.sessions_of_messages(store)
    for table in oracle.OWNED:
        for row in store.get(table, ()):
            if oracle.owner(table, row, owners) in removed:
                rows[table] = rows.get(table, 0) + 1
                weight = sum(oracle.octets(row.get(column)) for column in oracle.data_columns(table))
                octets[table] = octets.get(table, 0) + weight
    return rows, octets


def protected(kept):
    found = {}
    for verdict in kept:
        if verdict.protections and verdict.limits:
            found[verdict.reason] = found.get(verdict.reason, 0) + 1
    return found


# --- protections ---------------------------------------------------------------------------------


def every_protection_alone_holds_an_old_tree(folder):
    one = {
        "ses_at_age": {"updated": NOW - 2 * DAY},
        "ses_over_age": {"updated": NOW - 2 * DAY - 1},
        "ses_\n": {},
        "ses_parent_of_unsafe": {},
        "ses_\t": {"parent": "ses_parent_of_unsafe"},
        "ses_below_what_is_turned": {"parent": "ses_\u202egone"},
        "ses_of_what_is_not_seen": {"project": "prj_\u200b"},
        "ses_unclear": {"updated": 10**12 - 1},
        "ses_clear": {"updated": 10**12},
        "ses_unclear_message": {},
        "ses_future": {"updated": NOW + 1},
        "ses_now": {"updated": NOW},
        "ses_in_grace": {"updated": NOW - DAY + 1},
        "ses_out_of_grace": {"updated": NOW - DAY},
        "ses_url": {"share_url": "https://x"},
        "ses_no_url": {"share_url": ""},
        "ses_share": {},
        "ses_parent_of_shared": {},
        "ses_shared": {"parent": "ses_parent_of_shared", "share_url": "https://x"},
        "ses_pinned": {},
        "ses_parent_of_pinned": {},
        "ses_pinned_child": {"parent": "ses_parent_of_pinned"},
        "ses_restored": {},
        "ses_restored_long_ago": {},
        "ses_titled": {"title": "Keep Me"},
        "ses_other_title": {"title": "Sheep me"},
        "ses_percent": {"title": "50% off"},
        "ses_no_percent": {"title": "50 off"},
        "ses_project": {"project": "prj_b"},
        "ses_folder": {"directory": "/work/a/b"},
        "ses_below": {"directory": "/work/a/b/c"},
        "ses_beside": {"directory": "/work/a/bc"},
        "ses_archived": {"archived": NOW},
    }
    sessions = [Session(id, **{"updated": OLD, "directory": "/elsewhere"} | rest) for id, rest in one.items()]
    rows = [
        message("ses_unclear_message", time="soon"),
        message("ses_over_age"),
        part("ses_over_age", time=5),
        Row("session_share", {"session_id": "ses_share"}),
        Row("session_share", {"session_id": "ses_gone"}),
        message("ses_archived", time=NOW - 2 * DAY - 1),
    ]
    agree(
        folder,
        Recipe(sessions, rows=rows),
        Policy(
            max_age_ms=2 * DAY,
            pins={"ses_pinned", "ses_pinned_child", "ses_gone"},
            protect_titles=["keep?me", "50%*"],
            protect_projects=["prj_b"],
            protect_directories=["/work/a/b"],
            restored={"ses_restored": NOW - 30 * DAY + 1, "ses_restored_long_ago": NOW - 30 * DAY},
        ),
    )


def only_work_in_progress_of_the_last_week_is_running(folder):
    ids = [
        "open",
        "done",
        "failed",
        "null_error",
        "user",
        "broken",
        "pending",
        "called",
        "completed",
        "text",
        "stray",
        "stray_done",
        "home",
        "claimed",
        "edge",
        "beyond",
        "by_part",
        "parent",
        "child",
    ]
    times = {
        "edge": NOW - 7 * DAY,
        "beyond": NOW - 7 * DAY - 1,
        "by_part": NOW - 20 * DAY,
        "parent": NOW - 20 * DAY,
    }
    sessions = [
        Session(f"ses_{id}", updated=times.get(id, OLD), parent="ses_parent" if id == "child" else None)
        for id in ids
    ] + [Session("ses_old_child", "ses_open", OLD - DAY)]
    data = {
        "open": OPEN,
        "failed": '{"role":"assistant","error":{"name":"x"}}',
        "user": '{"role":"user"}',
        "null_error": '{"role":"assistant","time":{"completed":null},"error":null}',
        "broken": OPEN[:-1],
        "edge": OPEN,
        "beyond": OPEN,
        "by_part": OPEN,
        "parent": OPEN,
    }
    rows = [
        message(f"ses_{id}", data=data.get(id, DONE), time=times.get(id, OLD))
        for id in ids
        if not id.startswith("stray")
    ]
    parts = {
        "pending": "pending",
        "called": "running",
        "completed": "completed",
        "stray": "pending",
        "stray_done": "completed",
    }
    rows += [part(f"ses_{id}", data=tool(status)) for id, status in parts.items()]
    rows += [
        part("ses_text", data='{"type":"text","state":{"status":"running"}}'),
        part("ses_claimed", "prt_crossed", "msg_ses_home", data=tool("running")),
        part("ses_by_part", time=NOW - DAY),
    ]
    for asked in (
        AGE,
        Policy(max_sessions=1),
        Policy(max_size=1),
        Policy(max_tree_size=1),
        Policy(child_max_age_ms=DAY),
    ):
        path = folder / "s.db"
        verdicts = agree(folder, Recipe(sessions, rows=rows), asked)
        chosen, _, _ = product.planned(path, asked, NOW)
        assert {s.id for unit in chosen.units for s in unit.sessions} == oracle.removed_ids(verdicts)


def what_2x_claimed_or_queued_is_running_whatever_its_age(folder):
    ages = {"claimed": {"time_suspended": 1}, "compacting": {"time_compacting": 1}}
    ids = ("claimed", "inbox", "pending", "idle")
    old = [Session(id, updated=NOW - 99 * DAY, home="v2", columns=ages.get(id, {})) for id in (*ids, "compacting")]
    new = [Session(f"new_{home}", updated=OLD, home=home, columns={"time_compacting": 1}) for home in ("v1", "v2")]
    rows = [Row(f"session_{id}", {"session_id": id}) for id in ("inbox", "pending")]
    kept = [Session(f"kept_{home}", updated=OLD, title="KÉEP", home=home) for home in ("v1", "v2")]
    asked = replace(AGE, protect_titles=["kéep"])
    verdicts = agree(folder, Recipe(old + new + kept, rows=rows), asked, "2.0.26-mixed")
    found = {v.root: v.reason for v in verdicts}
    assert {id for id, reason in found.items() if reason == "age"} == {"idle", "compacting"}


def a_turn_of_the_second_layout_counts_as_well(folder):
    sessions = [
        Session(f"ses_{id}", updated=OLD, home="v2") for id in ("open", "done", "user", "later", "broken")
    ]
    rows = [
        spoken("ses_open"),
        spoken("ses_done", data=DONE),
        spoken("ses_user", type="user"),
        spoken("ses_later", time=NOW - 2 * DAY, data=DONE),
        spoken("ses_broken", data=OPEN[:-1]),
    ]
    agree(folder, Recipe(sessions, rows=rows), AGE, MIXED)


def the_first_protection_that_matches_is_the_reason(folder):
    held = {
        "ses_\n": {"updated": 7},
        "ses_1": {"updated": NOW + 1, "message": "soon"},
        "ses_2": {"updated": NOW + 2, "open": True},
        "ses_3": {"open": True, "share_url": "x"},
        "ses_4": {"share_url": "x"},
        "ses_5": {},
        "ses_6": {"title": "keep"},
        "ses_7": {"title": "keep", "updated": NOW - 5},
        "ses_8": {"updated": NOW - 6},
        "ses_9": {"updated": NOW - 26 * HOUR},
        "ses_b": {"updated": NOW - 27 * HOUR, "project": "prj_b"},
    }
    plain = ("updated", "share_url", "title", "project")
    sessions = [
        Session(id, **{"updated": OLD} | {k: v for k, v in facts.items() if k in plain})
        for id, facts in held.items()
    ]
    rows = [message(id, data=OPEN) for id, facts in held.items() if facts.get("open")]
    rows += [message("ses_1", time="soon")]
    agree(
        folder,
        Recipe(sessions, rows=rows),
        Policy(
            max_age_ms=HOUR,
            keep_last=7,
            keep_last_per_project=1,
            protect_titles=["keep"],
            pins={"ses_4", "ses_5"},
            restored={"ses_5": NOW, "ses_6": NOW},
        ),
    )


# --- limits --------------------------------------------------------------------------------------


def equal_activity_is_ordered_by_id_and_protected_trees_count(folder):
    """Ids that differ in case are two, and come in the order of their bytes."""
    sessions = [
        Session("ses_z", updated=NOW - HOUR),
        *(Session(id, updated=OLD) for id in ("ses_b", "ses_a", "ses_A", "ses_B")),
        Session("ses_old", updated=OLD - 1),
        Session("ses_other", updated=OLD - 2, project="prj_b"),
        Session("ses_next", updated=OLD - 3, project="prj_b"),
        Session("ses_far", "ses_old", updated=OLD - 4, project="prj_o'x"),
        Session("ses_by_message", updated=OLD - 9 * DAY),
    ]
    recipe = Recipe(sessions, rows=[message("ses_by_message", time=OLD + 5)])
    for asked in (
        Policy(max_sessions=4),
        Policy(max_sessions=3, keep_last=4),
        Policy(max_sessions=1, keep_last=1, keep_last_per_project=1),
        Policy(max_sessions=2, project="prj_b"),
        Policy(max_sessions=1, project="prj_b", keep_last_per_project=1),
    ):
        agree(folder, recipe, asked)


def sizes():
    """Trees of 1,000 octets and more, the newest first; rows that belong to none."""
    sessions = [
        Session(
            f"ses_{n}",
            updated=OLD - n,
            columns={"metadata": "x" * size},
            share_url="x" if n == 3 else None,
            project="prj_b" if n in (2, 5) else "prj_a",
        )
        for n, size in enumerate((1_000, 9_000, 1_000, 2_000, 1_200, 1_000, 50))
    ]
    rows = [
        message("ses_0", data=DONE),
        part("ses_0", data='{"type":"text","text":"' + "y" * 200 + '"}'),
        event("ses_0", 1, '"' + "z" * 100 + '"'),
        sequence("ses_0", 1),
        message("ses_gone"),
        event("ses_gone", 1, '"' + "z" * 400 + '"'),
        Session("ses_child", parent="ses_1", updated=OLD),
    ]
    return Recipe(sessions + rows[-1:], rows=rows[:-1])


def what_fits_into_the_file_stays_to_the_octet(folder):
    recipe = sizes()
    path = forests.build(recipe, folder / "s.db", V1)
    con = sqlite3.connect(path)
    base = Policy(max_size=1, row_cost=100, unowned=5_000)
    base = replace(base, unowned=base.unowned + unowned(con, base))
    tight = [forests.snug(con, base, NOW, choice, short).max_size for choice in (1, 2, 3) for short in (0, 1)]
    con.close()
    for most in {*tight, 1, 12_000, 24_000}:
        agree(folder, recipe, Policy(max_size=most, row_cost=100, unowned=5_000))
    agree(folder, recipe, Policy(max_size=tight[2], max_sessions=2, row_cost=100, unowned=5_000))
    agree(folder, recipe, Policy(max_size=18_000, max_tree_size=3_000, row_cost=100, unowned=5_000))
    agree(folder, recipe, Policy(max_size=2_500, row_cost=100, unowned=5_000, project="prj_b"))
    agree(folder, recipe, Policy(max_size=tight[2], row_cost=100, unowned=5_000, max_age_ms=3 * DAY + 1))


def a_single_tree_over_its_own_limit_goes(folder):
    recipe = sizes()
    path = forests.build(recipe, folder / "s.db", V1)
    con = sqlite3.connect(path)
    verdicts = {v.root: v.size for v in oracle.judge(con, Policy(row_cost=100), NOW)}
    con.close()
    for most in (verdicts["ses_0"], verdicts["ses_1"] - 1):
        agree(folder, recipe, Policy(max_tree_size=most, row_cost=100))
    agree(folder, recipe, Policy(max_tree_size=1_500, max_age_ms=3 * DAY + 4, max_sessions=6, row_cost=100))


def nothing_goes_without_a_limit(folder):
    agree(folder, sizes(), Policy())


# --- trees and children --------------------------------------------------------------------------


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


def a_maximal_old_subtree_goes_from_a_tree_that_stays(folder):
    old = 31
    sessions = [
        young("ses_root"),
        young("ses_old", "ses_root", old),
        young("ses_old_below", "ses_old", old + 1),
        young("ses_mixed", "ses_root", old),
        young("ses_fresh_below", "ses_mixed", 3),
        young("ses_old_deep", "ses_fresh_below", old),
        young("ses_at_age", "ses_root", 30),
        young("ses_over_age", "ses_root"),
        young("ses_deep", "ses_mixed", old),
        young("ses_deeper", "ses_deep", old),
        young("ses_other"),
        young("ses_unclear_below", "ses_other", old),
        Session("ses_unclear", "ses_unclear_below", 7),
        young("ses_beside_unclear", "ses_other", old),
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
    for name, rest in holds.items():
        sessions += [
            Session(f"ses_{name}", **{"updated": OLD} | rest),
            young(f"ses_{name}_x", f"ses_{name}", old),
        ]
    sessions += [
        Session("ses_\n", updated=OLD),
        young("ses_of_unsafe", "ses_\n", old),
        young("ses_further_below", "ses_of_unsafe", old),
        young("ses_u", None, 3),
        young("ses_\t", "ses_u", old),
        young("ses_below_unsafe", "ses_\t", old),
    ]
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


# --- removal -------------------------------------------------------------------------------------


def removed_and_nothing_else(folder, recipe, asked, schema=V1):
    path = forests.build(recipe, folder / "s.db", schema)
    con = sqlite3.connect(path)
    removed = oracle.removed_ids(oracle.judge(con, asked, NOW))
    wanted = oracle.survivors(con, removed)
    rows, _ = totals(oracle.read_store(con), removed)
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
        return oracle.dump(con)
    finally:
        con.close()


def furnished(session, n):
    """A row in every table that holds rows of sessions; not in session_share, which would protect them."""
    others = set(oracle.BY_SESSION_ID) - {"message", "session_message", "session_share"}
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


def changed(path, *statements):
    con = sqlite3.connect(path)
    with con:
        for statement in statements:
            con.execute(statement)
    con.close()


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
            prune.run(place, script.read(text, "plan.sql"), None, "apply", "", look)
    slices = [
        [[(n,) for n in range(through + 1, 11)], [(10,)], [(10,)], [(1,)]] for through in (2, 4, 6, 8, 10)
    ]
    assert seen == [*slices, [[], [(10,)], [], [(0,)]]]


def the_archive_flag_of_chosen_roots_is_all_that_changes(folder):
    sessions = [
        Session("ses_1", updated=OLD),
        Session("ses_child", "ses_1", OLD),
        Session("ses_2", updated=NOW - HOUR),
        Session("ses_3", updated=OLD, archived=7),
    ]
    path = forests.build(Recipe(sessions), folder / "s.db", MIXED)
    before = left(path)
    flag(path, True, ["ses_1"], NOW)
    changed(path, f"UPDATE session SET time_archived = NULL WHERE id = 'ses_1' AND time_archived = {NOW}")
    assert left(path) == before
    # In two layouts, archived in one is archived.
    sessions += [Session("ses_4", updated=OLD, home="both", archived=8, v2={"time_archived": None})]
    path = forests.build(Recipe(sessions), folder / "s.db", MIXED)
    before = left(path)
    flag(path, False, ["ses_3", "ses_4"], None)
    changed(
        path,
        "UPDATE session SET time_archived = 7 WHERE id = 'ses_3' AND time_archived IS NULL",
        "UPDATE session SET time_archived = 8 WHERE id = 'ses_4' AND time_archived IS NULL",
    )
    assert left(path) == before
    flag(path, True, ["ses_1", "ses_4"], NOW)
    changed(
        path,
        f"UPDATE session SET time_archived = NULL WHERE id = 'ses_1' AND time_archived = {NOW}",
        f"UPDATE session_v2 SET time_archived = NULL WHERE id = 'ses_4' AND time_archived = {NOW}",
    )
    assert left(path) == before


def flag(path, archived, ids, moment):
    with store.opened(str(path)) as place, product.told(AGE):
        found = archive.choose(place, product.question_of(AGE, NOW), None, archived)
        archive.change(place, moment)
    assert [id for id, *_ in found] == ids


# --- reclamation ---------------------------------------------------------------------------------


KINDS = ("orphans", "events", "compacted", "diffs")
WEEK = 7 * DAY


def cleared(compacted="1700000000000", status="completed", output="old", rest="", type="tool"):
    return (
        f'{{"type":"{type}","state":{{"status":"{status}","output":"{output}"{rest},'
        f'"time":{{"start":1,"compacted":{compacted}}}}}}}'
    )


DIFFS = '{"role":"user","summary":{"title":"t","diffs":[{"file":"a","patch":"x"}]}}'


def worn():
    """Every kind has something to take, and something close to it that it must leave."""
    sessions = [
        Session(
            "ses_idle",
            updated=NOW - WEEK - 1,
            columns={"summary_diffs": "[1]", "revert": '{"messageID":"m","diff":"d"}'},
        ),
        Session(
            "ses_edge",
            updated=NOW - WEEK,
            columns={"summary_diffs": "[1]", "revert": '{"messageID":"m","diff":"d"}'},
        ),
        Session("ses_broken", columns={"summary_diffs": "no json", "revert": '{"diff":"d"'}),
        Session("ses_unclear", updated=5, columns={"summary_diffs": "[1]"}),
        Session("ses_calm", columns={"revert": '{"messageID":"m"}'}),
    ]
    parts = [
        cleared(),
        cleared(compacted="0"),
        cleared(compacted="null"),
        cleared(status="error"),
        cleared(type="subtask"),
        cleared(rest=',"attachments":[1]', output=CLEARED),
        cleared(output=CLEARED),
        cleared(output=CLEARED, rest=',"metadata":{"sessionId":"s"}'),
        cleared(output=CLEARED, rest=',"metadata":{"sessionId":"s","x":1}'),
        cleared()[:-1],
        tool("completed"),
        cleared(rest=',"attachments":[1]'),
    ]
    rows = [
        message("ses_edge", data=DIFFS, time=forests.LONG_AGO),
        message("ses_idle", data=DIFFS, time=forests.LONG_AGO),
        message("ses_calm", data='{"summary":{"diffs":[]}}', time=forests.LONG_AGO),
        message("ses_broken", data=DIFFS[:-1], time=forests.LONG_AGO),
        message("ses_unclear", data=DIFFS, time=forests.LONG_AGO),
    ]
    rows += [part("ses_edge", f"prt_{n:02}", time=OLD, data=data) for n, data in enumerate(parts)]
    # what nobody owns, and what looks like it
    rows += [
        message("ses_gone"),
        part("ses_gone", "prt_of_gone"),
        part("ses_idle", "prt_claimed", "msg_ses_gone"),
        part("ses_gone", "prt_kept", "msg_ses_idle"),
        part("ses_gone", "prt_lost", "msg_none"),
        part("ses_idle", "prt_spent", "msg_none", NOW - WEEK - 1),
        part("ses_idle", "prt_recent", "msg_none", NOW - WEEK),
        part("ses_idle", "prt_open", "msg_none", 10**12, tool("running")),
        part("ses_idle", "prt_timeless", "msg_none", 5),
        Row("todo", {"session_id": "ses_gone"}),
        Row("todo", {"session_id": "ses_idle"}),
        sequence("ses_gone", 1),
        event("ses_gone", 1),
        sequence("ses_owned_gone", 1, "mac"),
        event("ses_owned_gone", 1),
    ]
    about = {
        "message.part.updated.1": '{"part":{"id":"p%s"}}',
        "message.updated.1": '{"info":{"id":"m%s"}}',
        "session.updated.1": '{"info":{"id":"s%s"}}',
        "session.other.1": '{"info":{"id":"s%s"}}',
    }
    number = 0
    for session in ("ses_idle", "ses_calm", "ses_owned"):
        for type, data in about.items():
            for one in (1, 2, 1, 2, 2):
                number += 1
                rows.append(event(session, number, data % one, type))
        rows += [event(session, number + n, "{}") for n in (500, 501)]
    rows += [
        sequence("ses_idle", 1_000),
        *(event("ses_idle", seq, '{"part":{"id":"p1"}}', "message.part.updated.1") for seq in (1_001, 1_002)),
        sequence("ses_owned", 1_000, "mac"),
        event("ses_idle", 900, '{"part":{"id":"p1"}'),
        event("ses_calm", 901, BY_CLIENT + "}}"),
        event("ses_calm", 902, BY_CLIENT + "}"),
    ]
    return Recipe([*sessions, Session("ses_owned")], rows=rows)


# As the client begins an update, with ids of its length.
BY_CLIENT = f'{{"sessionID":"{"s" * 30}","part":{{"id":"{"p" * 30}"'


def reclaimed(path, kinds=KINDS, all_events=False, meanwhile=()):
    """Forecast, let something happen, run; what is found afterwards is what the words of the kinds leave."""
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, reclaim.Wish(kinds, NOW, WEEK, all_events))
        changed(path, *meanwhile)
        return plan, reclaim.run(place, plan, None, "", lambda _: None)


def only_what_a_kind_names_is_taken(folder):
    for schema in (V1, MIXED):
        for kinds, all_events in ((KINDS, False), (("events",), True), (("orphans",), False)):
            path = forests.build(worn(), folder / "s.db", schema)
            before = reclaim_oracle.read(path)
            wanted = reclaim_oracle.reclaimed(before, kinds, NOW, WEEK, all_events)
            plan, done = reclaimed(path, kinds, all_events)
            assert reclaim_oracle.differences(wanted, reclaim_oracle.read(path)) == []
            assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
            gone = sum(len(rows) - len(wanted[table]) for table, rows in before.items())
            assert gone == sum(gain["rows"] for kind, gain in plan.gains.items() if kind in reclaim.DELETING)


def what_changed_since_the_forecast_is_not_reclaimed(folder):
    """Whatever makes a row worth keeping after all: the forecast saw it otherwise."""
    keeps = {
        "part": (
            "UPDATE part SET time_updated = time_updated + 1 WHERE id = 'prt_00'",
            "UPDATE part SET data = replace(data, 'old', 'older') WHERE id = 'prt_11'",
            "UPDATE part SET data = replace(data, 'pleted', 'plete!') WHERE id = 'prt_05'",
            "UPDATE part SET data = data || ' ' WHERE id IN ('prt_lost', 'prt_of_gone')",
        ),
        "log": ("UPDATE event SET data = data || ' ' WHERE id = 'evt_ses_gone_001'",),
        "session": (f"UPDATE session SET time_updated = {NOW - WEEK} WHERE id = 'ses_idle'",),
        "event": (
            "UPDATE event_sequence SET owner_id = 'mac' WHERE aggregate_id IN ('ses_idle', 'ses_gone')",
        ),
        "todo": (
            "INSERT INTO session "
            "(id, project_id, slug, directory, title, version, time_created, time_updated) "
            "SELECT 'ses_gone', project_id, slug, directory, title, version, time_created, time_updated "
            "FROM session WHERE id = 'ses_idle'",
        ),
    }
    for kind, statements in keeps.items():
        path = forests.build(worn(), folder / "s.db", V1)
        before = keyed(path)
        reclaimed(path, meanwhile=statements)
        after = keyed(path)
        for table, ids in STAYS[kind].items():
            assert {id: after[table].get(id) for id in ids} == {
                id: dict(before[table][id]) | CHANGES.get((table, id), {}) for id in ids
            }


def an_orphan_that_came_since_the_forecast_keeps_all_of_its_session(folder):
    path = forests.build(worn(), folder / "s.db", V1)
    more = "INSERT INTO todo SELECT session_id, content, status, priority, position + 9, 1, 1 FROM todo"
    reclaimed(path, ("orphans",), meanwhile=(more,))
    assert len(reclaim_oracle.read(path)["todo"]) == 4


def keyed(path):
    store = reclaim_oracle.read(path)
    return {
        table: {row.get("id", row.get("aggregate_id")): row for row in store[table].values()}
        for table in ("part", "session", "event", "message", "event_sequence")
    }


IDLE_EVENTS = [f"evt_ses_idle_{n:03}" for n in (1, 2, 3, 4, 5)]
STAYS = {
    "part": {"part": ("prt_00", "prt_11", "prt_05", "prt_lost"), "message": ("msg_ses_gone",)},
    "log": {"event_sequence": ("ses_gone",)},
    "session": {"session": ("ses_idle",), "message": ("msg_ses_idle",)},
    "event": {"event": (*IDLE_EVENTS, "evt_ses_gone_001")},
    "todo": {
        "message": ("msg_ses_gone",),
        "part": ("prt_of_gone", "prt_claimed"),
        "event": ("evt_ses_gone_001",),
    },
}
CHANGES = {
    ("part", "prt_00"): {"time_updated": OLD + 1},
    ("part", "prt_11"): {"data": cleared(rest=',"attachments":[1]', output="older")},
    ("part", "prt_05"): {
        "data": cleared(rest=',"attachments":[1]', output=CLEARED).replace("pleted", "plete!")
    },
    ("part", "prt_lost"): {"data": '{"type":"text"} '},
    ("session", "ses_idle"): {"time_updated": NOW - WEEK},
}


def turn(session, place, data, *parts):
    """A message, by its place in the session, and its parts."""
    id = f"msg_{session}_{place}"
    row = message(session, id, forests.LONG_AGO, data)
    row.values["time_created"] = place
    rows = [
        part(session, f"prt_{session}_{place}_{n}", id, forests.LONG_AGO, text)
        for n, text in enumerate(parts)
    ]
    return [row, *rows]


USER = '{"role":"user"}'


def result(octets=40_000, tool="bash", status="completed"):
    return f'{{"type":"tool","tool":"{tool}","state":{{"status":"{status}","output":"{"x" * octets}"}}}}'


def old_results_go_beyond_the_last_turns_and_what_the_client_protects(folder):
    """Of results of 10,000 tokens four are protected; the rest is more than 20,000 only with the seventh."""
    gone = {"revert": '{"messageID":"m"}'}
    sessions = [
        Session("ses_a"), Session("ses_b"), Session("ses_c", columns=gone),
        Session("ses_d", updated=NOW - WEEK), Session("ses_e"),
    ]  # fmt: skip
    rows = []
    for session in sessions:
        results = [result()] * (6 if session.id == "ses_b" else 7)
        rows += turn(session.id, 1, USER)
        rows += turn(session.id, 2, DONE, *results, result(900_000, "skill"), result(900_000, status="error"))
        if session.id != "ses_e":
            rows += turn(session.id, 3, USER)
        rows += [
            *turn(session.id, 4, DONE, result(900_000)),
            *turn(session.id, 5, USER),
            *turn(session.id, 6, DONE),
        ]
    path = forests.build(Recipe(sessions, rows=rows), folder / "s.db", V1)
    before = keyed(path)["part"]
    plan, _ = reclaimed(path, ("outputs",))
    assert plan.gains["outputs"]["rows"] == 3
    after = keyed(path)["part"]
    assert {id for id in before if after[id] != before[id]} == {f"prt_ses_a_2_{n}" for n in (0, 1, 2)}
    assert {after[f"prt_ses_a_2_{n}"]["data"] for n in (0, 1, 2)} == {result().replace("x" * 40_000, CLEARED)}
    for meanwhile in (
        "UPDATE session SET revert = '{}' WHERE id = 'ses_a'",
        f"UPDATE session SET time_updated = {NOW - WEEK} WHERE id = 'ses_a'",
        f"UPDATE message SET time_updated = {NOW - WEEK} WHERE id = 'msg_ses_a_6'",
    ):
        forests.build(Recipe(sessions, rows=rows), path, V1)
        reclaimed(path, ("outputs",), meanwhile=(meanwhile,))
        assert keyed(path)["part"] == before


def reasoning_goes_from_what_a_compaction_stands_for(folder):
    """Thoughts before the first message that is still sent: the tail of the compaction, or the compaction."""
    ends = '{"role":"assistant","summary":true,"parentID":"msg_%s_5","finish":"stop","time":{"completed":2}}'
    begins = {
        "ses_a": '{"type":"compaction","tail_start_id":"msg_ses_a_3"}', "ses_b": '{"type":"compaction"}',
        "ses_c": '{"type":"compaction"}', "ses_d": '{"type":"compaction","tail_start_id":"msg_gone"}',
        "ses_e": '{"type":"text"}', "ses_f": '{"type":"compaction"}', "ses_g": '{"type":"compaction"}',
        "ses_h": '{"type":"compaction","tail_start_id":"msg_ses_h_7"}', "ses_i": '{"type":"compaction"}',
        "ses_j": '{"type":"text"}',
    }  # fmt: skip
    answered = {"ses_i": "ses_none", "ses_j": "ses_i"}  # a summary answers a prompt of its own session only
    thought = '{"type":"reasoning","text":"hm","metadata":{"signature":"x"}}'
    rows = []
    for id, begin in begins.items():
        end = ends % answered.get(id, id)
        if id == "ses_c":
            end = end.replace('"finish":"stop",', "")
        rows += [
            *turn(id, 1, USER),
            *turn(id, 2, DONE, thought, '{"type":"text","text":"hm"}'),
            *turn(id, 3, USER),
        ]
        rows += [*turn(id, 4, DONE, thought), *turn(id, 5, USER, begin), *turn(id, 6, end)]
        rows += [*turn(id, 7, USER), *turn(id, 8, DONE, thought)]
    sessions = [Session(id) for id in begins]
    sessions[5].columns, sessions[6].updated = {"revert": '{"messageID":"m"}'}, NOW - WEEK
    path = forests.build(Recipe(sessions, rows=rows), folder / "s.db", V1)
    before = keyed(path)["part"]
    plan, _ = reclaimed(path, ("reasoning",))
    assert plan.gains["reasoning"]["rows"] == 3
    after = keyed(path)["part"]
    changes = {id: after[id]["data"] for id in before if after[id] != before[id]}
    cleared_thought = '{"type":"reasoning","text":"[Old reasoning cleared]"}'
    assert changes == dict.fromkeys(("prt_ses_a_2_0", "prt_ses_b_2_0", "prt_ses_b_4_0"), cleared_thought)


# --- copies --------------------------------------------------------------------------------------


def only_what_the_copy_has_in_a_later_state_is_newer_there(folder):
    """The session's own row, a message, its part, a part without one, and a turn of the other layout make it newer."""
    later = {"ses_row": (), "ses_message": (message("ses_message", time=NOW),),
             "ses_part": (message("ses_part"), part("ses_part", time=NOW)),
             "ses_stray": (part("ses_stray", message="msg_gone", time=NOW),),
             "ses_turn": (spoken("ses_turn", time=NOW),)}
    same = ("ses_same", "ses_unclear")
    recipe = Recipe([Session(id, updated=NOW if id == "ses_row" else OLD) for id in (*later, *same)],
                    rows=[*(row for rows in later.values() for row in rows), message("ses_same"),
                          message("ses_unclear", time=5), event("ses_same", 1), sequence("ses_same", 1)])
    path = forests.build(recipe, folder / "s.db", MIXED)
    with store.opened(str(path)) as place:
        place.run("transfer/mirror_work")
        for id in (*later, "ses_same"):
            place.run("transfer/mirror_one", {"id": id, "newest": OLD, "tally": 1, "bytes": 0})
        place.run("transfer/mirror_one", {"id": "ses_unclear", "newest": None, "tally": 1, "bytes": 0})
        place.run("transfer/mirror_there")
        assert [id for (id,) in place.rows("transfer/mirror_newer")] == sorted((*later, "ses_unclear"))


def what_a_reclamation_left_is_richer_in_the_copy(folder):
    """Of each session something was taken at the source, or nothing was, or something else happened there."""
    made, later = OLD + 1, OLD + 2
    ids = ("ses_less", "ses_later", "ses_same", "ses_anew", "ses_even", "ses_gone", "ses_diff", "ses_done", "ses_few")
    rows = [message(id, time=OLD) for id in ids]
    rows += [part(id, time=OLD, data=cleared()) for id in ids]
    rows += [part("ses_less", "prt_stray", "msg_none", OLD), sequence("ses_less", 9), sequence("ses_anew", 9)]
    rows += [event(id, seq) for id in ("ses_less", "ses_anew") for seq in (1, 2, 3)] + [event("ses_few", 1, "")]
    diffs = {"summary_diffs": "[1]", "revert": '{"messageID":"m","diff":"d"}'}
    moved_on = [Session("ses_early", home="both"), Session("ses_both", home="both")]
    recipe = Recipe([*(Session(id, updated=OLD, columns=dict(diffs) if id.startswith("ses_d") else {}) for id in ids),
                     *moved_on], rows=[*rows, message("ses_early"), part("ses_early"), part("ses_both")])
    copy, path = forests.build(recipe, folder / "copy.db", MIXED), forests.build(recipe, folder / "s.db", MIXED)
    shrunk = "UPDATE part SET data = '{}' WHERE session_id"
    changed(path, f"{shrunk} = 'ses_less'", "DELETE FROM part WHERE id = 'prt_stray'",
            "DELETE FROM event WHERE aggregate_id = 'ses_less' AND seq < 3 OR aggregate_id = 'ses_few'",
            f"UPDATE part SET data = '{{}}', time_updated = {made} WHERE session_id = 'ses_later'",
            "DELETE FROM event WHERE aggregate_id = 'ses_anew' AND seq > 1",
            "UPDATE event SET id = 'evt_anew', data = '{ }' WHERE aggregate_id = 'ses_anew'",
            "UPDATE event_sequence SET seq = 2 WHERE aggregate_id = 'ses_anew'",
            f"{shrunk} = 'ses_even'", "UPDATE message SET data = data || '"
            + " " * (len(cleared()) - 2) + f"', time_updated = {made} WHERE id = 'msg_ses_even'",
            "DELETE FROM message WHERE id = 'msg_ses_gone'", "DELETE FROM part WHERE id = 'prt_ses_gone'",
            "UPDATE session SET summary_diffs = NULL, revert = '{\"messageID\":\"m\"}' WHERE id = 'ses_diff'",
            f"UPDATE session SET revert = '{{}}', time_updated = {later} WHERE id = 'ses_done'",
            "DELETE FROM part WHERE session_id = 'ses_early'", "DELETE FROM message WHERE session_id = 'ses_early'",
            "DELETE FROM session WHERE id = 'ses_early'", "DELETE FROM session WHERE id = 'ses_both'")
    with store.opened(str(path)) as source, store.opened(str(copy)) as target:
        found = compared(source, target)
        assert found.rows == {"ses_less": {"part": 2, "event": 2}, "ses_anew": {"event": 1}, "ses_even": {"part": 1},
                              "ses_few": {"event": 1},
                              "ses_early": {"session": 1}, "ses_diff": {"session": 1}}
        assert found.shrunk == {("part", "prt_ses_less"), ("part", "prt_ses_even")}


def compared(source, target):
    """What of the copy stays; and, the source's rows being taken for in the place of the others, which diffs do."""
    for place in (source, target):
        for name in ("transfer/mirror_work", "schema/work", "retention/usage"):
            place.run(name)
    for name in ("transfer/mirror_richer_work", "cascade/work"):
        target.run(name)
    weights = {id: (newest, tally, octets) for id, tally, octets, newest in source.rows("transfer/mirror_usage")}

    def choose(place, ids):
        mirror._choose(place, {id: weights[id] for id in ids})

    found = richer.find(source, target, weights, target.catalog.owned, choose)
    choose(target, weights)
    came = {(name, row[0]) for name in ("part", "message", "session") for row in
            sent(target, name, ["id"], apart=True)}
    assert not {(name, "ses_early") for name in ("part", "message", "session")} & came
    assert ("part", "ses_less") not in came and ("part", "ses_later") in came
    for _, *values in list(sent(source, "session", ["time_updated", "summary_diffs", "revert", "id"], apart=False)):
        target.connection.execute(
            "UPDATE session SET time_updated = ?, summary_diffs = ?, revert = ? WHERE id = ?", values)
    richer.put_diffs_back(target, found)
    return found


def sent(place, name, columns, apart):
    table = next(one for one in place.catalog.owned if one.name == name)
    return place.rows("transfer/mirror_rows", owned=table, by_itself=False, columns=columns, apart=apart)


def sized(octets):
    """A file part of so many octets."""
    whole = attached.text(attached.file(attached.url(content=b"x" * 2_400)))
    return whole.replace('"filename":"a"', f'"filename":"{"a" * (octets - len(whole) + 1)}"')


def pictured():
    """Sessions with something attached wherever it may be, and beside it what must stay."""
    sessions = [
        Session("ses_idle", updated=NOW - WEEK - 1),
        Session("ses_edge", updated=NOW - WEEK),
        Session("ses_unclear", updated=5),
    ]
    shown = attached.tool(attached.url(), attached.url(), attached.url())
    done = attached.tool(attached.url(), time={"start": 1, "end": 2, "compacted": 1_700_000_000_000})
    parts = {
        "file": attached.file(attached.url()),
        "least": sized(4_096),
        "less": sized(4_095),
        "shown": shown,
        "done": done,
        "broken": attached.text(attached.file(attached.url()))[:-1],
        "text": {"type": "text", "mime": "x", "text": attached.url()},
    }
    rows = [message(one.id, time=forests.LONG_AGO) for one in sessions]
    rows += [part("ses_idle", f"prt_{name}", time=OLD, data=attached.text(data)) for name, data in parts.items()]
    for session in ("ses_edge", "ses_unclear"):
        rows.append(part(session, f"prt_of_{session}", time=OLD, data=attached.text(parts["file"])))
    for n, (type, data) in enumerate(attached.MESSAGES):
        row = spoken("ses_idle", f"smg_{n}", forests.LONG_AGO, attached.text(data), type)
        row.values["seq"] = n
        rows.append(row)
    rows += [spoken(session, None, forests.LONG_AGO, attached.text(attached.MESSAGES[0][1]))
             for session in ("ses_edge", "ses_unclear")]
    rows.append(spoken("ses_idle", "smg_broken", forests.LONG_AGO, attached.text(attached.MESSAGES[0][1])[:-1]))
    rows[-1].values["seq"] = 9
    return Recipe(sessions, rows=rows)


def other(before, after, table):
    return {id for id, data in before[table].items() if after[table][id] != data}


def contents(path):
    store = reclaim_oracle.read(path)
    return {table: {row["id"]: row["data"] for row in store[table].values()} for table in ("part", "session_message")}


def attachments_move_out_and_come_back(folder):
    path = forests.build(pictured(), folder / "s.db", V1)
    before = contents(path)
    plan, done = reclaimed(path, ("compacted", "attachments"))
    after = contents(path)
    assert other(before, after, "part") == {"prt_file", "prt_least", "prt_shown", "prt_done"}
    assert other(before, after, "session_message") == {"smg_0", "smg_1", "smg_2"}
    assert {kind: gain["rows"] for kind, gain in done.gains.items()} == {"compacted": 1, "attachments": 6}
    assert done.gains == plan.gains
    assert plan.broken == {"part": {"rows": 1, "first": "prt_broken"},
                           "session_message": {"rows": 1, "first": "smg_broken"}}
    assert put_back(path, "ses_edge").rows == {}
    assert put_back(path, "ses_idle").attachments == 1 + 1 + 3 + 4
    assert other(before, contents(path), "part") == {"prt_done"}
    assert other(before, contents(path), "session_message") == set()


def put_back(path, session=None):
    with store.opened(str(path)) as place:
        return attachments.put_back(place, session, False)


WRITTEN = (
    "UPDATE part SET time_updated = time_updated + 1 WHERE id = 'prt_file'",
    "UPDATE part SET data = data || ' ' WHERE id = 'prt_shown'",
)


def a_row_that_the_client_wrote_keeps_what_it_wrote(folder):
    path = forests.build(pictured(), folder / "s.db", V1)
    before = contents(path)
    reclaimed(path, ("attachments",), meanwhile=WRITTEN)
    assert other(before, contents(path), "part") == {"prt_least", "prt_shown", "prt_done"}
    assert contents(path)["part"]["prt_shown"] == before["part"]["prt_shown"] + " "
    path = forests.build(pictured(), folder / "s.db", V1)
    (folder / "o.zst").unlink(missing_ok=True)
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, reclaim.Wish(("attachments",), NOW, WEEK))
        originals.write(place, plan, folder / "o.zst")
        reclaim.run(place, plan, folder / "o.zst", "", lambda _: None)
    changed(path, "UPDATE part SET data = replace(data, '\"filename\":\"a\"', '\"filename\":\"b\"')")
    with store.opened(str(path)) as place:
        assert originals.bring_back(place, folder / "o.zst").rows["part"] == 1
    moved = contents(path)

    def late(place):
        for statement in WRITTEN:
            place.on.execute(place.connection, statement)

    with mock.patch.object(store.Store, "refuse_migration", late):
        put_back(path)
    moved["part"]["prt_shown"] += " "
    assert {"prt_file", "prt_shown"}.isdisjoint(other(moved, contents(path), "part"))
    assert {"prt_done"} <= other(moved, contents(path), "part")
    with store.opened(str(path)) as place:
        assert originals.bring_back(place, folder / "o.zst").rows["part"] == 0


def entries_of_2x_messages_are_emptied_and_filled_again(folder):
    kinds = ("compacted", "outputs", "reasoning")
    path = entries.told(folder / "s.db", MIXED)
    (folder / "o.zst").unlink(missing_ok=True)
    before = reclaim_oracle.read(path)
    left = {table: {at: dict(row) for at, row in rows.items()} for table, rows in before.items()}
    content_oracle.reclaimed(before, left, kinds, NOW - WEEK)
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, reclaim.Wish(kinds, NOW, WEEK))
        originals.write(place, plan, folder / "o.zst")
        done = reclaim.run(place, plan, folder / "o.zst", "", lambda _: None)
    assert set(done.gains) == set(kinds)
    assert reclaim_oracle.differences(left, reclaim_oracle.read(path)) == []
    assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    with store.opened(str(path)) as place:
        assert reclaim.forecast(place, reclaim.Wish(kinds, NOW, WEEK)).batches == ()
    with store.opened(str(path)) as place:
        assert originals.bring_back(place, folder / "o.zst").changed == 0
    assert reclaim_oracle.differences(before, reclaim_oracle.read(path)) == []


def rows_that_go_whole_come_back(folder):
    for kinds, all_events in ((("orphans",), False), (("events",), False), (("events",), True)):
        path = forests.build(worn(), folder / "s.db", V1)
        (folder / "o.zst").unlink(missing_ok=True)
        before = reclaim_oracle.read(path)
        with store.opened(str(path)) as place:
            plan = reclaim.forecast(place, reclaim.Wish(kinds, NOW, WEEK, all_events))
            saved = originals.write(place, plan, folder / "o.zst")
            done = reclaim.run(place, plan, folder / "o.zst", "", lambda _: None, saved)
        assert done.gains == plan.gains
        after = reclaim_oracle.read(path)
        if kinds == ("events",):
            what_has_gone_on_stays_without(path, folder / "o.zst")
        with store.opened(str(path)) as place:
            back = originals.bring_back(place, folder / "o.zst")
        assert back.changed == back.there == 0 and sum(back.rows.values()) == plan.gains[kinds[0]]["rows"]
        assert reclaim_oracle.rows_of(reclaim_oracle.read(path)) == reclaim_oracle.rows_of(before) != after


def what_has_gone_on_stays_without(path, file):
    """The log is another one now, or its session is gone: its events stay in the file."""
    for change in (
        "UPDATE event_sequence SET seq = 0 WHERE aggregate_id = 'ses_idle'",
        "UPDATE event SET seq = -seq WHERE aggregate_id = 'ses_idle'",
        "DELETE FROM session WHERE id IN ('ses_idle', 'ses_calm')",
    ):
        other = path.with_name("other.db")
        other.write_bytes(path.read_bytes())
        changed(other, change)
        with store.opened(str(other)) as place:
            back = originals.bring_back(place, file)
        assert (back.changed > 0) == ("seq = -seq" not in change), change


def what_the_move_to_2x_left_goes_whole_and_comes_back(folder):
    path = folder / "s.db"
    for seed in (1, 4):  # the move began two days ago, and two months ago
        (folder / "o.zst").unlink(missing_ok=True)
        wanted = moved.leftovers(moved.moved(path, seed, sessions=60))
        before = reclaim_oracle.read(path)
        with store.opened(str(path)) as place:
            plan = reclaim.forecast(place, reclaim.Wish(("leftovers",), NOW, WEEK))
            originals.write(place, plan, folder / "o.zst")
            done = reclaim.run(place, plan, folder / "o.zst", "", lambda _: None)
        after = reclaim_oracle.read(path)
        assert ids(before) - ids(after) == wanted
        assert sum(done.rows.values()) == sum(len(before[t]) - len(after[t]) for t in before)
        assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
        with store.opened(str(path)) as place:
            assert originals.bring_back(place, folder / "o.zst").there == 0
        found = reclaim_oracle.read(path)
        assert all(sorted(before[t].values(), key=repr) == sorted(found[t].values(), key=repr) for t in before)


def ids(rows):
    return {row["id"] for row in rows["session"].values()}


def what_the_move_left_stays_once_it_changed_or_is_protected(folder):
    path = folder / "s.db"
    for statement in (
        "UPDATE message SET time_updated = time_updated + 1",
        "UPDATE part SET data = data || ' '",
        "INSERT INTO todo SELECT session_id, content, status, priority, position + 9, 1, 0 FROM todo",
        "DELETE FROM session_v2",
        "UPDATE kv SET value = '{}' WHERE key = 'nothing'",
    ):
        moved.moved(path, 3, troubles=(), sessions=20)
        with store.opened(str(path)) as place:
            plan = reclaim.forecast(place, reclaim.Wish(("leftovers",), NOW, WEEK))
            changed(path, statement)
            done = reclaim.run(place, plan, None, "", lambda _: None)
        fewer = done.gains["leftovers"]["rows"] < plan.gains["leftovers"]["rows"]
        assert fewer == ("kv" not in statement), statement
    told = moved.moved(path, 3, troubles=(), sessions=20)
    gone = {one.id for one in told if one.gone and one.id in moved.leftovers(told)}
    with store.opened(str(path)) as place, mock.patch.object(pins, "pinned", lambda _: sorted(gone)):
        plan = reclaim.forecast(place, reclaim.Wish(("leftovers",), NOW, WEEK))
    assert gone and plan.leftovers[1] == 0


CASES = {
    "transfer": (
        only_what_the_copy_has_in_a_later_state_is_newer_there,
        what_a_reclamation_left_is_richer_in_the_copy,
    ),
    "retention": (
        every_protection_alone_holds_an_old_tree,
        only_work_in_progress_of_the_last_week_is_running,
        equal_activity_is_ordered_by_id_and_protected_trees_count,
        the_first_protection_that_matches_is_the_reason,
        a_maximal_old_subtree_goes_from_a_tree_that_stays,
        what_fits_into_the_file_stays_to_the_octet,
        cycles_and_deep_chains_are_whole_trees,
        one_id_in_both_layouts_is_one_session,
        a_turn_of_the_second_layout_counts_as_well,
        what_2x_claimed_or_queued_is_running_whatever_its_age,
        a_single_tree_over_its_own_limit_goes,
        nothing_goes_without_a_limit,
        the_archive_flag_of_chosen_roots_is_all_that_changes,
    ),
    "cascade": (
        what_changed_since_the_plan_is_spared_and_nothing_else,
        every_row_of_a_removed_session_goes_and_no_other,
        nothing_goes_while_the_client_moves_its_sessions,
        what_hangs_on_the_tables_since_the_plan_ends_its_script,
        a_flag_taken_off_either_row_spares_its_tree,
        a_new_child_of_either_layout_spares_its_tree,
        a_large_log_goes_ahead_in_slices_and_its_number_stays,
    ),
    "reclamation": (
        only_what_a_kind_names_is_taken,
        what_changed_since_the_forecast_is_not_reclaimed,
        an_orphan_that_came_since_the_forecast_keeps_all_of_its_session,
        old_results_go_beyond_the_last_turns_and_what_the_client_protects,
        reasoning_goes_from_what_a_compaction_stands_for,
        a_row_that_the_client_wrote_keeps_what_it_wrote,
        entries_of_2x_messages_are_emptied_and_filled_again,
        rows_that_go_whole_come_back,
        what_the_move_to_2x_left_goes_whole_and_comes_back,
        what_the_move_left_stays_once_it_changed_or_is_protected,
    ),
    "sqlite": (attachments_move_out_and_come_back,),
}
