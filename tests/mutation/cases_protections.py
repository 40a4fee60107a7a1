"""Cases of protections: each holds a tree alone, and the first that matches is the reason."""

from dataclasses import replace

import forests
import oracle
import product
from case_judged import agree
from case_rows import AGE, DONE, MIXED, OLD, OPEN, message, part, spoken, tool
from forests import NOW, Recipe, Row, Session
from moments import DAY, HOUR
from oracle import Policy

# What holds an old tree by itself, and beside it what is close to it and does not.
ALONE = {
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


def every_protection_alone_holds_an_old_tree(folder):
    sessions = [Session(id, **{"updated": OLD, "directory": "/elsewhere"} | rest) for id, rest in ALONE.items()]
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


AT_WORK = (
    "open", "done", "failed", "null_error", "user", "broken", "pending", "called", "completed", "text", "stray",
    "stray_done", "home", "claimed", "edge", "beyond", "by_part", "parent", "child",
)  # fmt: skip
WHEN = {"edge": NOW - 7 * DAY, "beyond": NOW - 7 * DAY - 1, "by_part": NOW - 20 * DAY, "parent": NOW - 20 * DAY}
SAID = {
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


def only_work_in_progress_of_the_last_week_is_running(folder):
    sessions = [
        Session(f"ses_{id}", updated=WHEN.get(id, OLD), parent="ses_parent" if id == "child" else None)
        for id in AT_WORK
    ] + [Session("ses_old_child", "ses_open", OLD - DAY)]
    rows = [
        message(f"ses_{id}", data=SAID.get(id, DONE), time=WHEN.get(id, OLD))
        for id in AT_WORK
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


def work_in_progress_is_looked_for_where_no_age_by_activity_takes_a_tree(folder):
    long_ago = {"created": NOW - 300 * DAY}
    sessions = [Session(f"ses_{id}", updated=NOW - 5 * DAY, **long_ago) for id in ("running", "idle")]
    recipe = Recipe(sessions, rows=[message("ses_running", data=OPEN, time=NOW - 5 * DAY)])
    of_all = Policy(max_age_ms=60 * DAY)
    for asked in (replace(of_all, age_by="created"),
                  replace(of_all, per_project={"prj_a": {"max_age_ms": 2 * DAY}})):
        path = forests.build(recipe, folder / "store.db", MIXED)
        chosen, _, _ = product.planned(path, asked, NOW)
        assert [s.id for unit in chosen.units for s in unit.sessions] == ["ses_idle"]
        path.unlink()


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


CASES = (
    every_protection_alone_holds_an_old_tree,
    only_work_in_progress_of_the_last_week_is_running,
    the_first_protection_that_matches_is_the_reason,
    a_turn_of_the_second_layout_counts_as_well,
    what_2x_claimed_or_queued_is_running_whatever_its_age,
    work_in_progress_is_looked_for_where_no_age_by_activity_takes_a_tree,
)
