"""A session that 2.x has claimed, queued work for, or is compacting, is running: it stays, and `explain` says why."""

import sqlite3
import subprocess

import forests
import moments
import odd_values
import oracle
import pytest
from command import invoked
from forests import NOW, Recipe, Row, Session

SCHEMAS = ("2.0.26-mixed", "v2.0-mixed-simulated", "2.0.25-partial")
OLD, RECENT = NOW - 300 * moments.DAY, NOW - 5 * moments.DAY
SIGNS = {"claimed": "time_suspended", "inbox": "session_inbox", "pending": "session_pending",
         "compacting": "time_compacting"}


def busy(sign, id, updated):
    """A session with one sign of work under way, and its rows."""
    columns = {SIGNS[sign]: updated} if sign in ("claimed", "compacting") else {}
    rows = [] if columns else [Row(SIGNS[sign], {"id": f"row_{id}", "session_id": id, "time_created": updated})]
    return Session(id, updated=updated, home="v2", columns=columns), rows


def store_of(tmp_path, schema, *found):
    recipe = Recipe([session for session, _ in found], rows=[row for _, rows in found for row in rows])
    return forests.build(recipe, tmp_path / "store.db", schema)


def gone(path, *flags):
    found = invoked("prune", f"--store={path}", f"--now={NOW}", "--dry-run", "--json", *flags, inside=True).json
    return {id for unit in found["remove"] for id in unit["sessions"]}, found["protected"]


def there(schema, sign):
    """Whether a schema knows the sign at all: not every 2.x had every table."""
    tables = forests.template(schema)[1]
    return sign in ("claimed", "compacting") or SIGNS[sign] in tables


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_busy_session_stays_and_an_idle_one_goes(tmp_path, schema, sign):
    if not there(schema, sign):
        pytest.skip(f"{schema} has no {SIGNS[sign]}")
    idle = Session("ses_idle", updated=RECENT, home="v2"), []
    path = store_of(tmp_path, schema, busy(sign, "ses_busy", RECENT), idle)
    assert gone(path, "--older-than=2d") == ({"ses_idle"}, {"running": 1})


@pytest.mark.parametrize("sign", ["claimed", "inbox", "pending"])
def test_a_claim_and_queued_work_hold_whatever_their_age(tmp_path, sign):
    path = store_of(tmp_path, SCHEMAS[0], busy(sign, "ses_busy", OLD))
    assert gone(path, "--days=30") == (set(), {"running": 1})
    invoked("prune", f"--store={path}", f"--now={NOW}", "--days=30", "--yes")
    with sqlite3.connect(path) as con:
        assert con.execute("SELECT COUNT(*) FROM session_v2").fetchone() == (1,)


def test_a_compaction_that_nothing_followed_for_a_week_was_killed(tmp_path):
    path = store_of(tmp_path, SCHEMAS[0], busy("compacting", "ses_old", NOW - 7 * moments.DAY - 1),
                    busy("compacting", "ses_new", NOW - 7 * moments.DAY))
    assert gone(path, "--older-than=2d") == ({"ses_old"}, {"running": 1})


def test_a_compaction_of_1x_is_running_too(tmp_path):
    session = Session("ses_busy", updated=RECENT, columns={"time_compacting": RECENT})
    path = forests.build(Recipe([session]), tmp_path / "store.db", "1.18.33")
    assert gone(path, "--older-than=2d") == (set(), {"running": 1})


@pytest.mark.parametrize("sign", ["claimed", "inbox", "pending"])
def test_one_busy_session_holds_its_whole_tree_and_no_other(tmp_path, sign):
    child, rows = busy(sign, "ses_child", OLD)
    child.parent = "ses_root"
    fork = Session("ses_fork", updated=OLD, home="v2", columns={"fork_session_id": "ses_child"})
    root, other = (Session(id, updated=OLD, home="v2") for id in ("ses_root", "ses_other"))
    sibling = Session("ses_sibling", "ses_root", updated=OLD, home="v2")
    recipe = Recipe([root, child, sibling, fork, other], rows=rows)
    path = forests.build(recipe, tmp_path / "store.db", SCHEMAS[0])
    assert gone(path, "--days=30") == ({"ses_fork", "ses_other"}, {"running": 1})
    assert gone(path, "--children=30d") == (set(), {})


@pytest.mark.parametrize("sign, said", [
    ("claimed", "a turn has claimed it"), ("inbox", "work is queued for it"), ("pending", "work is queued for it"),
    ("compacting", "it is being compacted"),
])
def test_explain_says_which_sign_it_is_and_of_which_session(tmp_path, sign, said):
    child, rows = busy(sign, "ses_child", RECENT)
    child.parent = "ses_root"
    recipe = Recipe([Session("ses_root", updated=RECENT, home="v2"), child], rows=rows)
    path = forests.build(recipe, tmp_path / "store.db", SCHEMAS[0])
    asked = ("explain", "ses_root", f"--store={path}", f"--now={NOW}", "--older-than=2d")
    found = invoked(*asked, "--json", inside=True).json
    assert found["protections"]["running"] == "yes, and it decides"
    (shown,) = found["running"]
    assert (shown["session"], shown["sign"]) == ("ses_child", sign) and said in shown["why"]
    assert SIGNS[sign] in shown["why"]
    out = invoked(*asked, inside=True).out
    assert said in out and SIGNS[sign] in out and "ses_child" in out


def test_explain_names_an_unfinished_message_and_an_unfinished_tool_call(tmp_path):
    rows = [Row("message", {"id": "msg_1", "session_id": "ses_1", "time_updated": RECENT,
                            "data": odd_values.OPEN_MESSAGES[0]}),
            Row("part", {"id": "prt_1", "message_id": "msg_1", "session_id": "ses_1", "time_updated": RECENT,
                         "data": odd_values.OPEN_PARTS[0]})]
    path = forests.build(Recipe([Session("ses_1", updated=RECENT)], rows=rows), tmp_path / "store.db", "1.18.33")
    found = invoked("explain", "ses_1", f"--store={path}", f"--now={NOW}", "--days=2", "--json", inside=True).json
    assert [one["sign"] for one in found["running"]] == ["message", "tool"]


def test_explain_of_an_idle_session_names_no_sign(tmp_path):
    path = store_of(tmp_path, SCHEMAS[0], (Session("ses_1", updated=OLD, home="v2"), []))
    found = invoked("explain", "ses_1", f"--store={path}", f"--now={NOW}", "--days=2", "--json", inside=True).json
    assert found["running"] == [] and found["verdict"] == "remove"


def test_the_oracle_reads_the_same_signs(tmp_path):
    found = [busy(sign, f"ses_{sign}", OLD) for sign in SIGNS]
    path = store_of(tmp_path, SCHEMAS[0], *found)
    with sqlite3.connect(path) as con:
        judged = {v.root: v.reason for v in oracle.judge(con, oracle.Policy(max_age_ms=moments.DAY), NOW)}
    assert judged == {"ses_claimed": "running", "ses_inbox": "running", "ses_pending": "running",
                      "ses_compacting": "age"}


MOVES = {
    "claimed": "UPDATE session_v2 SET time_suspended = 1 WHERE id = 'ses_1'",
    "compacting": "UPDATE session_v2 SET time_compacting = 1 WHERE id = 'ses_1'",
    "inbox": "INSERT INTO session_inbox VALUES ('i', 'ses_1', 't', '{}', 'd', 1, 1)",
    "pending": "INSERT INTO session_pending VALUES ('p', 'ses_1', 't', '{}', 'd', 1, 1)",
}


@pytest.mark.parametrize("shell", [False, True], ids=["apply", "shell"])
@pytest.mark.parametrize("sign", MOVES)
def test_a_session_that_became_busy_since_the_plan_is_spared(tmp_path, sign, shell):
    path = store_of(tmp_path, SCHEMAS[0], *((Session(id, updated=OLD, home="v2"), []) for id in ("ses_1", "ses_2")))
    plan = tmp_path / "plan.sql"
    invoked("plan", f"--store={path}", f"--now={NOW}", "--days=30", f"--out={plan}", inside=True)
    with sqlite3.connect(path) as con:
        con.execute(MOVES[sign])
    if shell:
        subprocess.run(["sqlite3", str(path)], stdin=plan.open(), check=True, capture_output=True)
    else:
        invoked("apply", str(plan), f"--store={path}", "--yes", "--no-export")
    with sqlite3.connect(path) as con:
        assert con.execute("SELECT id FROM session_v2").fetchall() == [("ses_1",)]


@pytest.mark.parametrize("policy", [
    "[limits]\nmax_age = '60d'\n[project.prj_a]\nmax_age = '2d'",
    "[limits]\nmax_age = '60d'\n[project.prj_a]\nmax_sessions = 1",
    "[limits]\nmax_age = '60d'\n[project.prj_a]\nmax_tree_size = '1B'",
    "[limits]\nmax_age = '60d'\nage_by = 'created'",
])
def test_work_under_way_is_looked_for_wherever_something_but_the_age_of_all_takes_a_tree(tmp_path, policy):
    (tmp_path / "policy.toml").write_text(policy)
    made = {"created": OLD, "project": "prj_a"}
    sessions = [Session("ses_busy", updated=RECENT, columns={"time_compacting": RECENT}, **made),
                Session("ses_idle", updated=RECENT - 1, **made), Session("ses_new", updated=NOW - 1, **made)]
    path = forests.build(Recipe(sessions), tmp_path / "store.db", "1.18.33")
    going, protected = gone(path, f"--policy={tmp_path / 'policy.toml'}")
    assert "ses_idle" in going and "ses_busy" not in going and protected["running"] == 1
