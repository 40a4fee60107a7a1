"""What goes is what was exported: if the export lacks a session, or holds other content, nothing of it goes."""

import functools

import command
import pytest
from command import dump, judge_by, sessions_of
from opencode_lifecycle.sql.cascade import execute as apply
from opencode_lifecycle.sql.cascade import witness
from opencode_lifecycle.sql.transfer import exports_folder as exports
from opencode_lifecycle.sql.transfer import session_rows as source

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


@pytest.mark.parametrize("moment", ["before the look", "after the look", "never"])
def test_a_row_that_a_client_writes_anew_just_before_the_deletion_spares_its_tree(store, monkeypatch, moment):
    """Of the same length and with the same time: only what was exported tells."""
    transact, looking = apply._Carrier._transact, witness.looking

    def write():
        statement = "UPDATE part SET data = replace(data, 'x', 'y') WHERE id = 'prt_ses_0002_b_1'"
        with command.another(store, statement):
            pass

    def late(*words):
        if moment == "after the look":
            write()
        return transact(*words)

    def looked(*words):
        look = looking(*words)

        def early(batch):
            if moment == "before the look":
                write()
            look.early(batch)

        return witness.Look(early, look.late, look.whole)

    monkeypatch.setattr(apply._Carrier, "_transact", late)
    monkeypatch.setattr(witness, "looking", looked)
    said = invoked(*PRUNE, f"--store={store}").json["applied"]
    assert said["spared"] == ([] if moment == "never" else ["ses_0002_a"])
    assert said["sessions"] == (15 if moment == "never" else 12)
    if moment != "never":
        with command.opened(store) as con:
            (data,) = con.execute("SELECT data FROM part WHERE id = 'prt_ses_0002_b_1'").fetchone()
        assert "yyy" in data
