"""Kinds of reclamation that run together: each does what was foreseen, once, and all but what is deleted comes back."""

import drawn
import forests
import reclaim_oracle
import wear
from forests import NOW
from hypothesis import given, note
from hypothesis import strategies as st
from opencode_lifecycle.sql.reclamation.kinds import KINDS as EVERY_KIND
from reclaimed import run, undone

EVERY = tuple(kind for kind in EVERY_KIND if kind != "files")
SCHEMAS = st.one_of(drawn.schemas(), st.sampled_from(("v2.0-mixed-simulated", "v2-preview-0.0.0-next-16350")))
CONTENT = {"data", "summary_diffs", "revert"}


@given(recipe=drawn.forests(), seed=st.integers(0, 2**30), schema=SCHEMAS,
       kinds=st.sets(st.sampled_from(EVERY), min_size=2), all_events=st.booleans())
def test_together_they_free_what_was_foreseen_once_and_undo_brings_back_what_was_not_deleted(
        tmp_path_factory, recipe, seed, schema, kinds, all_events):
    kinds, folder = tuple(kind for kind in EVERY if kind in kinds), tmp_path_factory.mktemp("s")
    all_events &= "leftovers" not in kinds  # a log keeps its session; once it is gone, the next run takes that, too
    path = forests.build(wear.worn(recipe, seed), folder / "s.db", schema)
    before = reclaim_oracle.read(path)
    plan, done = run(path, kinds, folder / "originals.zst", all_events=all_events)
    note(f"{schema} {kinds} {plan.gains} {done.gains}")
    assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    after = reclaim_oracle.read(path)
    assert all(row[name] == before[table][place][name]
               for table, rows in after.items() for place, row in rows.items() for name in row.keys() - CONTENT)
    again, nothing = run(path, kinds, all_events=all_events)
    assert again.batches == () and nothing.rows == {}
    assert undone(path, folder / "originals.zst").changed == 0
    assert reclaim_oracle.rows_of(reclaim_oracle.read(path)) == reclaim_oracle.rows_of(before)


def test_a_part_that_goes_for_want_of_a_message_keeps_no_leftovers(tmp_path):
    rows = [wear.placed("part", "prt_1", "{}", message_id="msg_lost", session_id="ses_1"),
            forests.Row("kv", {"key": "migration.v1-v2", "value": '{"phase":"completed"}', "time_created": NOW})]
    recipe = forests.Recipe([forests.Session("ses_1")], rows=rows)
    path = forests.build(recipe, tmp_path / "s.db", "v2.0-mixed-simulated")
    plan, _ = run(path, ("orphans", "leftovers"))
    assert {kind: gain["rows"] for kind, gain in plan.gains.items()} == {"orphans": 1, "leftovers": 1}
    assert run(path, ("orphans", "leftovers"))[0].batches == ()
