"""What goes is in a store of copies first: complete, committed, read back; and comes back from there."""

import multiprocessing
import os
import shutil
from contextlib import contextmanager

import brought
import command
import pytest
from command import dump, invoke, invoked, judge_by, refused, sessions_of
from opencode_lifecycle.policies import policy
from opencode_lifecycle.sql.cascade import shipment
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.store import opened
from opencode_lifecycle.sql.transfer import carrier
from size import sized

PRUNE = ("prune", "--days=30", judge_by(), "--yes")
FRESH = {"ses_0003_a", "ses_0003_b", "ses_0003_c"}


@pytest.fixture
def hot(tmp_path):
    (tmp_path / "hot").mkdir()
    return command.planted(tmp_path / "hot" / "opencode.db", trees=4, parts=3, pad=200)


@pytest.fixture
def cold(tmp_path):
    return tmp_path / "cold.db"


def evict(hot, cold, *flags, **more):
    return invoked(*PRUNE, f"--export-to={cold}", f"--store={hot}", *flags, **more)


def change(store, *statements):
    with command.opened(store) as con:
        for statement in statements:
            con.execute(statement)


def owned(path, gone=()):
    """The rows of sessions, without those of some."""
    return {table: [row for row in rows if not any(id in str(row) for id in gone)]
            for table, rows in brought.content(path).items() if table not in brought.CONTENT}


def test_what_goes_is_in_the_copy_byte_for_byte_and_an_undo_brings_it_back_from_there(hot, cold):
    before = dump(hot)
    wanted = owned(hot, FRESH)
    done = evict(hot, cold, "--json").json["applied"]
    assert (done["sessions"], done["spared"], done["export"]) == (9, [], str(cold))
    assert sessions_of(hot) == FRESH
    assert owned(cold) == wanted
    assert not list((hot.parent).glob("*.json*"))
    (run,) = invoked("history", "--json", f"--store={hot}").json["runs"]
    assert (run["export"], run["can_undo"]) == (str(cold), True)
    invoked("undo", f"--store={hot}")
    assert dump(hot) == before
    assert invoked("undo", "--run=2", "--yes", f"--store={hot}").code == 0
    assert sessions_of(hot) == FRESH


def test_only_what_is_evicted_is_brought_and_a_second_run_brings_the_rest(hot, cold):
    invoked("prune", "--keep=3", judge_by(), "--yes", f"--export-to={cold}", f"--store={hot}")
    assert len(sessions_of(cold)) == 3
    evict(hot, cold)
    assert len(sessions_of(cold)) == 9 and not sessions_of(cold) & FRESH


def test_a_child_that_goes_alone_comes_back_alone(hot, cold):
    """The whole tree is in the copy then; only what went comes back."""
    change(hot, "UPDATE session SET time_updated = time_updated + 1000 * 86400000 WHERE id LIKE 'ses_0000_a'")
    change(hot, "UPDATE session SET parent_id = 'ses_0003_a' WHERE id = 'ses_0000_b'")
    before = dump(hot)
    done = invoked("prune", "--children=30d", judge_by(), "--yes", f"--export-to={cold}", f"--store={hot}", "--json")
    assert done.json["applied"]["sessions"] == 6 and sessions_of(cold) >= FRESH
    change(hot, "UPDATE session SET title = 'went on' WHERE id = 'ses_0003_a'")
    invoked("undo", f"--store={hot}")
    change(hot, "UPDATE session SET title = 'tree 3' WHERE id = 'ses_0003_a'")
    assert dump(hot) == before


def test_what_a_reclaim_made_smaller_here_stays_whole_there_and_goes_all_the_same(hot, cold):
    invoked("mirror", f"--to={cold}", f"--store={hot}")
    invoked("reclaim", "--only=events", "--all-events", "--older-than=0d", judge_by(), "--yes", f"--store={hot}")
    before = owned(cold)
    assert "event" not in owned(hot) and len(before["event"]) == 24
    assert evict(hot, cold, "--json").json["applied"]["sessions"] == 9
    assert owned(cold) == before
    invoked("undo", f"--store={hot}")
    assert len(owned(hot)["event"]) == 18, "what the copy kept comes back"


def test_what_goes_goes_by_the_name_that_a_mirror_gave_the_store(hot, cold):
    """A copy of another origin would count as somebody else's: smaller than what a reclaim has taken from here."""
    invoked("mirror", f"--to={cold}", f"--store={hot}", "--origin=desk")
    invoked("reclaim", "--only=events", "--all-events", "--older-than=0d", judge_by(), "--yes", f"--store={hot}")
    assert evict(hot, cold, "--json").json["applied"]["sessions"] == 9
    assert {one["origin"] for one in invoked("restore", cold, "--list", "--json").json} == {"desk"}


def test_what_a_reclaim_takes_goes_to_a_file_here_and_it_says_so(hot, cold, tmp_path):
    rules = tmp_path / "p.toml"
    rules.write_text(f'[exports]\nto = "{cold}"\n')
    before = dump(hot)
    ran = invoked("reclaim", "--only=events", "--all-events", "--yes", f"--policy={rules}", f"--store={hot}")
    assert "a file on this machine: `[exports] to` is where sessions go" in ran.err and not cold.exists()
    assert "event" not in owned(hot)
    invoked("undo", f"--store={hot}")
    assert dump(hot) == before


# --- what keeps a tree here ----------------------------------------------------------------------


def test_a_tree_that_the_copy_has_in_a_later_state_stays_and_is_named(hot, cold):
    invoked("mirror", f"--to={cold}", f"--store={hot}")
    change(cold, "UPDATE part SET time_updated = time_updated + 5, data = '{}' WHERE id = 'prt_ses_0001_c_0'")
    done = evict(hot, cold, "--json").json["applied"]
    assert done["sessions"] == 6
    assert done["spared_why"] == {"ses_0001_a": f"{cold} has it in a later state"}
    assert {"ses_0001_a", "ses_0001_b", "ses_0001_c"} <= sessions_of(hot)


def gone_on(hot, cold, *more):
    """The tree was brought back on another machine, which wrote a turn to its root and mirrored it."""
    invoked("mirror", f"--to={cold}", f"--store={hot}", "--origin=desk")
    lap = command.copy(hot)
    change(lap, "UPDATE session SET title = 'went on', time_updated = time_updated + 9 WHERE id = 'ses_0001_a'",
           "UPDATE event_sequence SET seq = 9 WHERE aggregate_id = 'ses_0001_a'",
           "UPDATE todo SET content = 'next', time_updated = time_updated + 9 WHERE session_id = 'ses_0001_a'",
           "INSERT INTO message SELECT 'msg_lap', session_id, time_created, time_updated + 9, data FROM message "
           "WHERE id = 'msg_ses_0001_a'",
           "INSERT INTO part SELECT 'prt_lap', 'msg_lap', session_id, time_created, time_updated + 9, data FROM part "
           "WHERE id = 'prt_ses_0001_a_0'", *more)
    invoked("mirror", f"--to={cold}", f"--store={lap}", "--origin=lap")
    return owned(lap, FRESH)


@pytest.mark.parametrize("reclaimed", [False, True])
def test_a_tree_that_went_on_elsewhere_goes_here_and_comes_back_as_it_is_there(hot, cold, reclaimed):
    later = gone_on(hot, cold)
    if reclaimed:
        invoked("reclaim", "--only=events", "--all-events", "--older-than=0d", judge_by(), "--yes", f"--store={hot}")
    done = evict(hot, cold, "--json").json["applied"]
    assert (done["sessions"], done["spared"]) == (9, [])
    invoked("undo", f"--store={hot}")
    assert owned(hot, FRESH) == later


@pytest.mark.parametrize("there, here", [
    ("DELETE FROM part WHERE id = 'prt_ses_0001_c_0'", ""),
    ("UPDATE part SET data = '{}', time_updated = time_updated + 9 WHERE id = 'prt_ses_0001_c_0'", ""),
    ("UPDATE message SET data = '{}', time_updated = time_updated + 9 WHERE id = 'msg_ses_0001_b'", ""),
    ("DELETE FROM event WHERE id = 'evt_ses_0001_a_1'", ""), ("DELETE FROM todo", ""),
    ("UPDATE session SET title = 'x' WHERE id = 'ses_0001_b'", ""),
    ("", "UPDATE session SET title = 'x', time_updated = time_updated + 8 WHERE id = 'ses_0001_b'"),
    ("", "UPDATE session SET title = 'x' WHERE id = 'ses_0001_b'"),
    ("", "UPDATE todo SET content = 'x', time_updated = time_updated + 9 WHERE session_id = 'ses_0001_a'"),
    ("", "UPDATE part SET data = replace(data, 'hello', 'hallo') WHERE id = 'prt_ses_0001_c_0'"),
    ("", "INSERT INTO event SELECT 'evt_x', aggregate_id, 7, type, data FROM event WHERE id = 'evt_ses_0001_a_1'"),
    ("", "UPDATE event_sequence SET seq = 10 WHERE aggregate_id = 'ses_0001_a'"),
])
def test_a_tree_of_which_the_later_state_lacks_anything_stays(hot, cold, there, here):
    gone_on(hot, cold, *filter(None, [there]))
    change(hot, *filter(None, [here]))
    before, copied = dump(hot), dump(cold)
    done = evict(hot, cold, "--json").json["applied"]
    assert done["spared_why"] == {"ses_0001_a": f"{cold} has it in a later state"}
    assert {row for row in before["part"] if "0001" in str(row)} == {row for row in dump(hot)["part"]
                                                                    if "0001" in str(row)}
    assert dump(cold)["part"] == copied["part"]


@contextmanager
def after_shipping(monkeypatch, what):
    """Do something once everything is committed in the copy, before it is read back."""
    carried = shipment._carried

    def then(*given):
        found = carried(*given)
        what()
        return found
    monkeypatch.setattr(shipment, "_carried", then)
    yield


def test_a_tree_that_is_written_to_while_it_is_shipped_stays(hot, cold, monkeypatch):
    with after_shipping(monkeypatch, lambda: change(hot, "UPDATE part SET data = '[7]' WHERE id = 'prt_ses_0001_b_1'")):
        done = evict(hot, cold, "--json", inside=True).json["applied"]
    assert (done["sessions"], done["spared_why"]) == (6, {"ses_0001_a": "changed"})


@pytest.mark.parametrize("loss", [
    "DELETE FROM part WHERE id = 'prt_ses_0001_b_1'", "UPDATE message SET data = '{}' WHERE id = 'msg_ses_0002_a'",
    "DELETE FROM session WHERE id = 'ses_0000_c'",
    "UPDATE event SET seq = 7 WHERE id = 'evt_ses_0000_a_1'",
])
def test_nothing_is_removed_where_the_copy_gives_it_back_otherwise(hot, cold, monkeypatch, loss):
    before = dump(hot)
    with after_shipping(monkeypatch, lambda: change(cold, loss)):
        refused(1, *PRUNE, f"--export-to={cold}", f"--store={hot}", says="otherwise than it was brought", alone=False,
                inside=True)
    assert dump(hot) == before


def test_what_the_copy_did_not_note_stays(hot, cold, monkeypatch):
    with after_shipping(monkeypatch, lambda: change(cold, "DELETE FROM lifecycle_copy WHERE root_id = 'ses_0002_a'")):
        done = evict(hot, cold, "--json", inside=True).json["applied"]
    assert done["spared_why"] == {"ses_0002_a": "changed"}


def test_a_row_that_changes_after_the_copy_was_read_back_keeps_its_tree(hot, cold, monkeypatch):
    bring = shipment.bring

    def then(*given):
        found = bring(*given)
        change(hot, "UPDATE todo SET content = content || '!' WHERE session_id = 'ses_0002_b'")
        return found
    monkeypatch.setattr(shipment, "bring", then)
    assert evict(hot, cold, "--json", inside=True).json["applied"]["spared_why"] == {"ses_0002_a": "changed"}


# --- faults --------------------------------------------------------------------------------------


def killed_after(number, hot, cold, env):
    """Run an eviction in a process of its own that is gone after so many transactions on the copy."""
    os.environ.update(env)
    carrier.CHUNK_SESSIONS, left, attempt = 1, [number], carrier.Carrier._try

    def counted(self, marks):
        if not left[0]:
            os._exit(9)
        left[0] -= 1
        return attempt(self, marks)
    carrier.Carrier._try = counted
    invoke(*PRUNE, f"--export-to={cold}", f"--store={hot}", inside=True)


@pytest.mark.parametrize("number", range(sized(2, 3, 3)))
def test_a_run_that_is_killed_while_it_ships_removed_nothing_and_the_next_one_completes(hot, cold, number):
    before, wanted = dump(hot), owned(hot, FRESH)
    run = multiprocessing.get_context("fork").Process(target=killed_after, args=(number, hot, cold, dict(os.environ)))
    run.start()
    run.join(60)
    assert run.exitcode == 9
    assert dump(hot) == before
    assert not invoked("history", "--json", f"--store={hot}").json["runs"]
    if cold.exists():
        assert len(sessions_of(cold)) == 3 * number, "no half tree"
    assert evict(hot, cold, "--json").json["applied"]["sessions"] == 9
    assert owned(cold) == wanted


def test_a_copy_that_is_gone_is_asked_for_by_name(hot, cold, tmp_path):
    evict(hot, cold)
    moved = tmp_path / "elsewhere.db"
    shutil.move(cold, moved)
    refused(64, "undo", f"--store={hot}", says="is gone")
    assert invoked("undo", "--run=1", f"--from={moved}", f"--store={hot}", code=64).sentence
    shutil.move(moved, cold)
    change(cold, "DELETE FROM session WHERE id = 'ses_0001_b'")
    ran = invoked("undo", f"--store={hot}", code=3)
    assert "ses_0001_a is not in" in ran.err


# --- flags and policies --------------------------------------------------------------------------


def test_two_places_at_once_are_refused_and_a_dry_run_makes_none(hot, cold):
    for other in ("--export=e.json", "--no-export"):
        refused(64, *PRUNE, f"--export-to={cold}", other, f"--store={hot}", says="exclude each other")
    refused(64, *PRUNE, f"--export-to={hot}", f"--store={hot}", says="is the store itself", alone=False)
    invoked(*PRUNE, "--dry-run", f"--export-to={cold}", f"--store={hot}")
    assert not cold.exists()


def test_a_plan_is_applied_into_a_copy_as_well(hot, cold, tmp_path):
    invoked("plan", "--days=30", judge_by(), f"--out={tmp_path}/p.sql", f"--store={hot}")
    invoked("apply", f"{tmp_path}/p.sql", f"--export-to={cold}", "--yes", f"--store={hot}")
    assert sessions_of(hot) == FRESH and len(sessions_of(cold)) == 9


def test_a_policy_names_the_copy_for_prune_enforce_and_undo(hot, cold, tmp_path, monkeypatch):
    monkeypatch.setenv("COPY_OF_MINE", str(cold))
    own = tmp_path / "own.toml"
    own.write_text('[limits]\nmax_age = "30d"\n[enforce]\nannounce = 0\nmax_share = "100%"\n'
                   '[exports]\nto = "env:COPY_OF_MINE"\n')
    before = dump(hot)
    found = invoked("enforce", f"--policy={own}", judge_by(), "--yes", "--json", f"--store={hot}").json
    (step,) = [one for one in found["steps"] if one["step"] == "evict"]
    assert (step["status"], step["export"]) == ("done", str(cold))
    assert sessions_of(hot) == FRESH
    invoked("undo", f"--run={step['run']}", f"--store={hot}")
    with opened(str(hot)) as place:
        assert place.catalog.roots
    assert {t: r for t, r in dump(hot).items() if t in owned(hot)}.keys() <= before.keys()
    assert invoked(*PRUNE[:1], f"--policy={own}", "--dry-run", judge_by(), f"--store={hot}").code == 0
    monkeypatch.delenv("COPY_OF_MINE")
    refused(64, *PRUNE[:1], f"--policy={own}", judge_by(), "--yes", f"--store={hot}", says="COPY_OF_MINE", alone=False)


@pytest.mark.parametrize("to, says", [("cold.db", "whole path"), ("a\\nb", "one line"), (7, "one line")])
def test_a_policy_names_a_place_that_is_the_same_from_every_folder(tmp_path, to, says):
    own = tmp_path / "own.toml"
    own.write_text(f'[exports]\nto = {to}\n' if to == 7 else f'[exports]\nto = "{to}"\n')
    with pytest.raises(Refusal, match=says):
        policy.read(own)


@pytest.mark.parametrize("url", ["postgresql://me:secret@db/x", "mysql://db/x?password=secret"])
def test_a_password_has_no_place_in_a_policy(tmp_path, url):
    own = tmp_path / "own.toml"
    own.write_text(f'[exports]\nto = "{url}"\n')
    with pytest.raises(Refusal) as caught:
        policy.read(own)
    assert caught.value.code == 64 and "secret" not in str(caught.value)
