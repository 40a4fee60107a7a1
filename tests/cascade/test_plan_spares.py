"""The store went on after the plan: what changed is spared, and told."""

import command
import product
import pytest
from command import dump, invoked, sessions_of
from forests import NOW
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.cascade import plan_read
from opencode_lifecycle.sql.cascade import removal as prune
from plans_at_hand import *  # noqa: F403
from plans_at_hand import SECOND, apply, shell
from sqlite_utils.utils import sqlite3 as library

TOUCHES = {
    "prompted": "INSERT INTO message (id, session_id, time_created, time_updated, data) "
    f"VALUES ('msg_new', '{{id}}', {NOW}, {NOW}, '{{{{}}}}')",
    "a part more": "INSERT INTO part (id, message_id, session_id, time_created, time_updated, data) "
    "VALUES ('prt_new', 'msg_{id}', '{id}', 1, 1, '{{}}')",
    "a part rewritten": f"UPDATE part SET time_updated = {NOW} WHERE message_id = 'msg_{{id}}'",
    "an event more": "UPDATE event_sequence SET seq = seq + 1 WHERE aggregate_id = '{id}'",
    "time moved": "UPDATE session SET time_updated = time_updated + 100 WHERE id = '{id}'",
    "shared": "UPDATE session SET share_url = 'https://opncd.ai/s/x' WHERE id = '{id}'",
    "shared by a row": "INSERT INTO session_share (session_id, id, secret, url, time_created, time_updated) "
    "VALUES ('{id}', 'x', 'y', 'z', 1, 1)",
    "archived": f"UPDATE session SET time_archived = {NOW} WHERE id = '{{id}}'",
    "a child more": "INSERT INTO session (id, parent_id, project_id, slug, directory, title, version, "
    f"time_created, time_updated) VALUES ('ses_new', '{{id}}', 'prj_a', '', '', '', '', 1, {NOW})",
    "moved to another project": "UPDATE session SET project_id = 'prj_b' WHERE id = '{id}'",
    "a child less": "UPDATE session SET parent_id = NULL WHERE id = 'ses_0001_b'",
    "removed in part": "DELETE FROM session WHERE id = 'ses_0001_c'",
}


def touch(store, name, id):
    con = library.connect(str(store), isolation_level=None)
    con.execute("PRAGMA foreign_keys=ON")
    con.execute(TOUCHES[name].format(id=id))
    con.close()


@pytest.mark.parametrize("id", ("ses_0001_a", "ses_0001_c"))
@pytest.mark.parametrize("name", TOUCHES)
def test_a_tree_that_went_on_after_the_plan_is_spared_and_told(store, plan, name, id):
    touch(store, name, id)
    if id in sessions_of(store):
        touched = dump(store)
        done = product.applied(store, plan.read_text()).outcome
        assert list(done.spared) == ["ses_0001_a"] and done.code == 0 and done.sessions == 6
        for table, rows in dump(store).items():
            assert [row for row in touched[table] if "ses_0001" in repr(row)] == [
                row for row in rows if "ses_0001" in repr(row)
            ]


@pytest.mark.parametrize("name", TOUCHES)
def test_a_tree_that_goes_on_between_two_batches_is_spared_in_the_shell_and_by_us(store, plan, name):
    shells = command.copy(store)
    with stores.opened(str(store)) as place, product.live.watching(place.path) as probe:
        run = prune.run(
            place,
            plan_read.read(plan.read_text(), "plan"),
            probe,
            "apply",
            "",
            lambda batch: touch(store, name, "ses_0001_a") if batch == 1 else None,
        )
    assert list(run.outcome.spared) == ["ses_0001_a"] and run.outcome.code == 0
    text = plan.read_text()
    at = text.index(SECOND)
    code, out, errors = shell(shells, text[:at] + TOUCHES[name].format(id="ses_0001_a") + ";\n" + text[at:])
    assert (code, errors) == (0, "") and "ses_0001_a" in out
    assert dump(shells) == dump(store)
    assert {id[:8] for id in sessions_of(store)} >= {"ses_0001", "ses_0003"}
    assert not [id for id in sessions_of(store) if id[:8] in ("ses_0000", "ses_0002")]


def test_a_pin_set_after_the_plan_or_between_two_batches_spares_the_tree(store, plan, tmp_path):
    invoked("pin", "ses_0000_c", f"--store={store}")
    run = command.Stepped(
        tmp_path / "marks", "apply", plan, "--yes", "--no-export", "--json", f"--store={store}", wait=[2]
    )
    run.reached(2)
    invoked("pin", "ses_0002_b", f"--store={store}")
    run.go_on(2)
    ran = run.ended()
    assert ran.code == 0 and ran.json["applied"]["spared"] == ["ses_0000_a", "ses_0002_a"]
    assert {id[:8] for id in sessions_of(store)} == {"ses_0000", "ses_0002", "ses_0003"}


def test_spared_trees_are_told_and_the_command_ends_well(store, plan):
    touch(store, "prompted", "ses_0001_b")
    ran = apply(store, plan)
    assert "Spared ses_0001_a" in ran.err and "changed" in ran.err
