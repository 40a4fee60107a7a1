"""A run is remembered before it begins, and what it did however it ends."""

import pytest
from opencode_lifecycle.sql import history, state
from opencode_lifecycle.sql.refusal import Refusal


def last():
    return state.runs("s.db")[-1]


def test_a_run_that_is_broken_off_before_anything_changed_says_so():
    with pytest.raises(KeyError), history.recorded("s.db", "prune", history.REMOVED, first="batch"):
        raise KeyError
    assert last()["outcome"] == "stopped before the first batch" and not history.changed(last())


def test_a_run_that_is_broken_off_in_the_midst_says_what_it_did():
    with pytest.raises(KeyError), history.recorded("s.db", "reclaim", history.EDITED, export="e") as run:
        run.columns = {"rows": {}}
        run.columns["rows"]["part"] = 3
        raise KeyError
    assert (last()["outcome"], last()["rows"]) == (history.IN_PART, {"part": 3}) and history.changed(last())


def test_a_run_is_cut_short_for_as_long_as_nothing_is_said_of_its_end():
    with history.recorded("s.db", "archive", history.FLAGGED, facts={"flags": {"session": []}}) as run:
        assert (last()["outcome"], last()["ended"]) == (history.CUT_SHORT, None)
        run.facts["flags"], run.outcome = {"session": [["ses_1", None, 5]]}, history.DONE
    assert last()["facts"] == {"kind": history.FLAGGED, "flags": {"session": [["ses_1", None, 5]]}}
    assert last()["outcome"] == history.DONE and last()["ended"] >= last()["started"]


def test_a_run_that_no_undo_needs_goes_on_where_the_history_has_no_room(monkeypatch):
    def full(**run):
        raise Refusal("Our own state cannot be used.")

    monkeypatch.setattr(state, "begin", full)
    with history.recorded("s.db", "prune", history.REMOVED, needed=False) as run:
        run.outcome = history.DONE
    with pytest.raises(Refusal), history.recorded("s.db", "prune", history.REMOVED):
        pytest.fail("it began")
