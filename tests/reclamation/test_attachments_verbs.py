"""The verbs that move attachments out and put them back, and what they say."""


import attached
import pytest
from attached import MOVES, STAYS, file, url
from attachments_at_hand import KIND, WEEK, kept, put_back, run, texts
from command import invoked
from forests import NOW
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from reclaim_oracle import differences, read
from reclaimed import to_reclaim


def test_the_verbs_move_attachments_out_and_put_them_back(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES, STAYS)
    before = read(path)
    found = invoked("reclaim", "--only=attachments", f"--store={path}", f"--now={NOW}", "--yes", "--json").json
    assert found["kinds"]["attachments"]["rows"] == found["applied"]["rows"]["part"] + 3
    assert found["stays"]["nothing can stand for video/mp4"] == 1
    assert invoked("restore", "--attachments", f"--store={path}", "--dry-run", "--json").json["rows"] == \
        found["applied"]["rows"]
    told = invoked("restore", "--attachments", f"--store={path}")
    assert "Came back: 17 attachments" in told.out
    assert differences(before, read(path)) == []


def test_without_an_export_nothing_is_lost_and_nobody_says_so(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES)
    told = invoked("reclaim", "--only=attachments", "--no-export", "--yes", f"--store={path}", f"--now={NOW}")
    assert "gone" not in told.err and "invoke restore --attachments" in told.err


def test_a_missing_file_is_named_and_the_exit_code_says_that_work_is_left(tmp_path):
    path = attached.store(tmp_path / "s.db", {"a": file(url())}, messages=False)
    run(path)
    (lost,) = kept()
    lost.unlink()
    told = invoked("restore", "--attachments", f"--store={path}", code=3)
    assert lost.name in told.err and "1 attachment cannot come back" in told.sentence
    told = invoked("restore", "--attachments", f"--store={path}", "--json", code=3)
    assert told.json["missing"] == [lost.name]


@pytest.mark.parametrize("words", [("x.json", "--attachments"), ("--attachments", "--replace"),
                                   ("x.json", "--dry-run"), ("--attachments", "--session=ses_9")])
def test_flags_that_do_not_go_together_are_refused(tmp_path, words):
    path = attached.store(tmp_path / "s.db", MOVES)
    invoked("restore", *words, f"--store={path}", code=64)


def test_a_session_that_was_pruned_and_restored_can_still_have_its_attachments_back(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES)
    before = read(path)
    run(path)
    words = (f"--store={path}", f"--now={NOW}")
    invoked("prune", "--days=7", "--yes", *words)
    assert not texts(path) and kept()
    invoked("undo", f"--store={path}", "--no-pin")
    put_back(path)
    assert {id: row["data"] for row in before["part"].values() for id in [row["id"]]} == texts(path)


def test_stats_foresees_what_a_policy_switches_on(tmp_path):
    path = attached.store(tmp_path / "s.db", MOVES)
    policy = tmp_path / "policy.toml"
    policy.write_text("[reclaim]\nattachments = true\n")
    foreseen = forecast_of(path)
    words = ("stats", "--deep", f"--store={path}", f"--now={NOW}", "--json")
    found = invoked(*words, f"--policy={policy}").json["reclaimable"]
    assert found["attachments"] == foreseen.gains["attachments"]
    assert "attachments" not in invoked(*words).json["reclaimable"]



def forecast_of(path):
    with store.opened(str(path)) as place:
        return reclaim.forecast(place, to_reclaim(KIND, NOW, WEEK))
