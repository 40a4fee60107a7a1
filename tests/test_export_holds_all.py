"""What goes is what was exported: if the export lacks a session, or holds other content, nothing of it goes."""

import functools

import command
import pytest
from command import dump, judge_by, sessions_of
from opencode_lifecycle.sql import exports, source

invoked = functools.partial(command.invoked, inside=True)
PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--json")


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=6, parts=3, pad=300)


@pytest.mark.parametrize("lost", ["all", "the first", "the last", "a child"])
def test_an_export_that_lacks_a_session_of_the_store_stops_the_run(store, monkeypatch, lost):
    before, queue = dump(store), source.Source.queue

    def losing(self, ids):
        found = list(ids)
        there = {"all": [], "the first": found[1:], "the last": found[:-1], "a child": found[:1] + found[2:]}[lost]
        # What is not found is asked for under a name that no session has.
        queue(self, [id if id in there else f"no {id}" for id in found])

    monkeypatch.setattr(source.Source, "queue", losing)
    said = invoked(*PRUNE, f"--store={store}", code=1)
    assert "would not hold session" in said.sentence and said.sentence.endswith("Make the plan again.")
    assert dump(store) == before
    assert not list(exports.folder().iterdir())


def test_a_tree_that_is_gone_since_the_plan_is_no_fault_of_the_export(store, tmp_path):
    plan = tmp_path / "plan.sql"
    invoked("plan", "--days=30", judge_by(), f"--out={plan}", f"--store={store}")
    with command.opened(store) as con:
        con.execute("PRAGMA foreign_keys = ON")
        con.execute("DELETE FROM session WHERE id LIKE 'ses_0001_%'")
        con.execute("DELETE FROM session WHERE id = 'ses_0002_b'")
    said = invoked("apply", plan, "--yes", "--json", f"--store={store}").json
    assert said["applied"]["spared"] == ["ses_0002_a"]
    assert said["applied"]["sessions"] == 9
    assert {id for id in sessions_of(store) if id < "ses_0005"} == {"ses_0002_a", "ses_0002_c"}
