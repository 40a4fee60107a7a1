"""One run of `enforce`: its steps, its announcement, its bound, and what stops it."""

import json
import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import dump, invoke, invoked, opened, planted, sessions_of, sound, stranger
from forests import NOW
from opencode_lifecycle.sql import files, state
from opencode_lifecycle.sql.refusal import BUSY, FAILED, Refusal
from opencode_lifecycle.sql.unattended import enforce, machine
from opencode_lifecycle.sql.words import HOUR

STEPS = ["warn", "archive", "reclaim", "evict", "space", "exports"]


def test_the_first_run_of_a_policy_announces_and_changes_nothing(nightly):
    before = dump(nightly.db)
    told = nightly.said("--json").json
    assert [one["step"] for one in told["steps"]] == STEPS
    size = told["announced"]["bytes"]
    assert told["announced"] == {"due": NOW + 21 * HOUR, "trees": 6, "sessions": 18, "bytes": size}
    assert dump(nightly.db) == before
    status = json.loads((state.folder() / "status.json").read_text())["stores"][str(nightly.db)]
    assert status["announced"] == told["announced"] and status["evicted"] is None


def test_the_run_after_it_is_due_does_it_and_undo_takes_it_back(nightly):
    before = dump(nightly.db)
    nightly.steps()
    assert nightly.steps(hours=20)["evict"]["status"] == "announced"
    done = nightly.steps(hours=40)["evict"]
    assert done["status"] == "done" and done["sessions"] == 18 and len(sessions_of(nightly.db)) == 18
    sound(nightly.db)
    status = json.loads((state.folder() / "status.json").read_text())["stores"][str(nightly.db)]
    assert status["evicted"]["run"] == done["run"] and status["evicted"]["undo"] == done["undo"]
    invoked(*done["undo"].split()[1:], "--yes", inside=True)
    assert dump(nightly.db) == before


def test_the_run_of_the_next_night_does_it_though_it_begins_earlier_in_the_night_or_on_a_short_day(nightly):
    """A timer begins up to an hour later than it says, and a night of spring comes an hour early."""
    nightly.steps()
    assert nightly.steps(hours=22)["evict"]["status"] == "done"


def test_a_second_run_within_the_interval_does_nothing_and_says_when_the_next_is_due(nightly):
    nightly.steps()
    ran = nightly.said(hours=19)
    assert "the next is due 20 hours after it" in ran.err and not ran.out
    assert {one["status"] for one in nightly.steps(hours=19).values()} == {"skipped"}
    assert nightly.check(hours=19).code == 0


def test_yes_skips_the_announcement_also_right_after_it(nightly):
    nightly.steps()
    assert nightly.steps("--yes")["evict"]["status"] == "done"
    assert {one["status"] for one in nightly.steps("--yes").values()} == {"skipped"}


def test_another_limit_is_announced_anew_and_another_mark_is_not(nightly):
    nightly.steps("--yes")
    nightly.write("[limits]\nmax_age = '90d'\n[warn]\nsizes = ['7MB']\n")
    assert nightly.steps()["evict"]["status"] == "nothing"
    nightly.write("[limits]\nmax_age = '1d'\n")
    assert nightly.steps()["evict"]["status"] == "announced"


def test_an_announcement_is_of_one_store(nightly, tmp_path):
    nightly.steps()
    other = tmp_path / "other" / "opencode.db"
    other.parent.mkdir()
    with opened(nightly.db) as old, opened(other) as new:
        old.backup(new)
    nightly.db = other
    assert nightly.steps(hours=30)["evict"]["status"] == "announced"


def test_what_was_announced_of_a_store_was_not_of_the_one_that_took_its_place(nightly, tmp_path):
    nightly.steps("--yes")
    other = stranger(tmp_path / "other.db", trees=12, fresh=6)
    before = sessions_of(other)
    old = nightly.db.rename(tmp_path / "old.db")
    other.rename(nightly.db)
    assert nightly.steps(hours=30)["evict"]["status"] == "announced" and sessions_of(nightly.db) == before
    nightly.db.rename(tmp_path / "new.db")
    old.rename(nightly.db)
    assert nightly.steps(hours=31)["evict"]["status"] != "announced"


def test_a_policy_without_limits_evicts_nothing_and_announces_nothing(nightly):
    nightly.write("")
    assert nightly.steps()["evict"]["status"] == "nothing"


def test_a_dry_run_shows_all_steps_and_leaves_nothing_behind(nightly, own_folders):
    before = dump(nightly.db)
    assert list(nightly.steps("--dry-run")) == STEPS
    assert nightly.steps("--dry-run", "--yes")["evict"]["status"] == "planned"
    assert dump(nightly.db) == before and not list(own_folders.rglob("*.zst"))
    assert not list(own_folders.rglob("status.json"))
    assert nightly.steps()["evict"]["status"] == "announced"


def test_a_dry_run_tells_what_would_go_now_and_what_its_own_steps_would_free(nightly):
    nightly.steps()
    with opened(nightly.db) as con:
        con.execute("DELETE FROM session WHERE id LIKE 'ses_0000_%'")
    assert nightly.steps("--dry-run")["evict"]["announced"]["trees"] == 5
    found = nightly.steps("--dry-run", "--yes")
    assert found["evict"]["status"] == found["space"]["status"] == "planned"
    nightly.write("[limits]\nmax_age = '90d'\n[space]\nmethod = 'none'\n")
    assert nightly.steps("--dry-run", "--yes")["space"]["status"] == "nothing"


def test_the_next_command_works_from_any_folder_and_by_the_same_policy(nightly, own_folders, monkeypatch):
    monkeypatch.chdir(nightly.db.parent)
    nightly.write("[limits]\nmax_age = '90d'\n[warn]\nsizes = ['1kB']\n")

    def told(*flags, hours=0):
        invoked("enforce", "--store=opencode.db", "--policy=../policy.toml", f"--now={NOW + hours * HOUR}", *flags,
                inside=True)
        path = own_folders / "state" / "opencode-lifecycle" / "status.json"
        return json.loads(path.read_text())["stores"][str(nightly.db)]

    first = told()
    policy = nightly.db.parent / ".." / "policy.toml"
    assert first["command"] == f"invoke enforce --yes --store={nightly.db} --policy={policy}"
    assert f"--dry-run --store={nightly.db}`" in first["warnings"][0]
    assert told(hours=30)["evicted"]["undo"].startswith(f"invoke undo --store={nightly.db} --run=")


def test_a_run_that_waits_still_says_how_large_the_file_is(nightly):
    nightly.steps()
    size = nightly.db.stat().st_size
    assert nightly.said("--json", hours=1).json["file"] == {"before": size, "after": size}


def test_what_a_run_exports_it_does_not_let_go_of_and_each_limit_says_what_it_took(nightly, own_folders):
    nightly.write("[limits]\nmax_age = '90d'\n[exports]\nmax_size = '1b'\n")
    with opened(nightly.db) as con:  # so that there is something to reclaim
        con.execute("INSERT INTO event (id, aggregate_id, seq, type, data) VALUES ('evt_x', 'ses_none', 1, 'x', '{}')")
    first = nightly.steps("--yes")
    exports = sorted(one["export"] for one in (first["reclaim"], first["evict"]) if one.get("export"))
    folder = own_folders / "data" / "opencode-lifecycle" / "exports"
    assert len(exports) == 2 and sorted(map(str, folder.iterdir())) == exports
    assert first["exports"]["status"] == "nothing" and nightly.check(hours=21).code == 2
    assert "1 export beyond 1 byte of all gone" in nightly.steps(hours=21)["exports"]["why"]


@pytest.mark.parametrize("facts", ["{", "[]", "{}", '{"used": 1}'])
def test_what_another_version_or_a_damage_left_of_the_last_run_is_no_last_run(nightly, facts):
    nightly.steps()
    with state.opened() as db:
        for table in ("enforced", "status", "looks"):
            db.execute(f"UPDATE {table} SET facts = ?", (facts,))
    assert nightly.check(hours=1).code == 2
    assert nightly.steps(hours=30)["evict"]["status"] == "done"


def test_idle_trees_are_archived_and_undo_takes_it_back(nightly):
    nightly.write("[enforce]\narchive_after = '90d'\n")
    before = dump(nightly.db)
    assert nightly.steps("--dry-run")["archive"]["status"] == "planned" and dump(nightly.db) == before
    done = nightly.steps()["archive"]
    assert (done["status"], done["sessions"]) == ("done", 6)
    with opened(nightly.db) as con:
        archived = {id for (id,) in con.execute("SELECT id FROM session WHERE time_archived IS NOT NULL")}
    assert archived == {f"ses_{n:04}_a" for n in range(6)}
    assert nightly.steps(hours=24)["archive"]["status"] == "nothing" and nightly.check(hours=50).code == 0
    assert nightly.check(hours=24 * 89).code == 2
    invoked("undo", f"--store={nightly.db}", "--yes", inside=True)
    assert dump(nightly.db) == before


def test_one_run_takes_half_of_the_trees_and_of_the_bytes_the_oldest_first(nightly, tmp_path):
    nightly.write("[limits]\nmax_age = '1d'\n")
    first = nightly.steps("--yes")["evict"]
    assert (first["trees"], first["rest"]["trees"]) == (6, 6)
    assert sessions_of(nightly.db) == {f"ses_{n:04}_{place}" for n in range(6, 12) for place in "abc"}
    assert "6 trees left for the next run" in first["why"]
    taken = [nightly.steps(hours=24 * night)["evict"]["sessions"] for night in range(1, 7)]
    assert taken == [9, 3, 3, 0, 0, 0] and len(sessions_of(nightly.db)) == 3  # one tree alone is more than a half


def test_a_tree_that_alone_is_over_the_share_stays_is_told_and_holds_up_no_other(nightly):
    with opened(nightly.db) as con:
        con.execute("UPDATE part SET data = json_set(data, '$.text', ?) WHERE id = 'prt_ses_0000_a_0'", ["x" * 10**7])
    done = nightly.steps("--yes")["evict"]
    assert done["sessions"] == 15 and done["rest"]["alone"] == 1 and "only `prune` takes such a tree" in done["why"]
    assert "ses_0000_a" in sessions_of(nightly.db)
    assert nightly.check(hours=30).code == 0  # no run can take it


# --- what is checked -------------------------------------------------------------------------------------------------


def test_check_changes_nothing_and_exits_with_two_where_there_is_work(nightly, own_folders):
    before = dump(nightly.db)
    assert nightly.check().code == 2 and not list(own_folders.rglob("*"))
    nightly.steps()
    assert nightly.check(hours=20).code == 0          # announced, not yet due
    assert nightly.check(hours=30).code == 2 and dump(nightly.db) == before
    nightly.steps(hours=30)
    assert nightly.check(hours=31).code == 0 and nightly.check(hours=60).code == 0
    assert nightly.check(hours=24 * 89).code == 2     # what was fresh is over its age by now


def test_check_hears_of_growth_of_a_new_tree_and_of_free_pages(nightly):
    nightly.write("[limits]\nmax_sessions = 12\n[space]\n")
    nightly.steps()
    assert nightly.check(hours=30).code == 0
    with opened(nightly.db) as con:
        con.execute("UPDATE session SET parent_id = NULL WHERE id = 'ses_0011_b'")
    assert "There are 13 trees, and 12 may stay" in nightly.check(hours=30).err
    nightly.steps("--yes", hours=30)
    with opened(nightly.db) as con:
        con.execute("UPDATE part SET data = json_set(data, '$.text', ?) WHERE id = 'prt_ses_0011_a_0'", ["x" * 10**7])
    assert "came since the last run" in nightly.check(hours=60).err
    nightly.steps(hours=60)
    with opened(nightly.db) as con:
        con.execute("UPDATE part SET data = '{}' WHERE id = 'prt_ses_0011_a_0'")
    assert "are free inside the file" in nightly.check(hours=90).err
    nightly.steps(hours=90)
    assert nightly.check(hours=120).code == 0


def test_check_hears_of_growth_by_which_a_tree_may_be_over_its_own_size(nightly):
    nightly.write("[limits]\nmax_tree_size = '300kB'\n[reclaim]\norphans = false\nevents = false\n"
                  "compacted = false\ndiffs = false\n[space]\nmethod = 'none'\n[enforce]\nmax_share = '100%'\n")
    assert nightly.steps()["evict"]["status"] == "nothing" and nightly.check(hours=30).code == 0
    with opened(nightly.db) as con:
        con.execute("UPDATE part SET data = json_set(data, '$.text', ?) WHERE id = 'prt_ses_0001_a_0'", ["x" * 150_000])
    assert nightly.check(hours=30).code == 0               # no tree can be over it yet
    with opened(nightly.db) as con:
        con.execute("UPDATE part SET data = json_set(data, '$.text', ?) WHERE id = 'prt_ses_0000_a_0'", ["x" * 400_000])
    looked = nightly.check(hours=30)
    assert looked.code == 2 and "came since the last run, so that a tree may be over its size" in looked.err
    assert nightly.steps("--yes", hours=30)["evict"]["trees"] == 1
    assert nightly.check(hours=60).code == 0


def test_in_the_empty_environment_of_cron_the_store_of_the_home_folder_is_found(tmp_path):
    """Nothing but HOME: no PATH, no language, no XDG folders."""
    db = tmp_path / ".local" / "share" / "opencode" / "opencode.db"
    db.parent.mkdir(parents=True)
    planted(db, trees=12, fresh=6)
    own = tmp_path / ".config" / "opencode-lifecycle" / "policy.toml"
    own.parent.mkdir(parents=True)
    own.write_text("[limits]\nmax_age = '90d'\n[enforce]\nannounce = 0\n[warn]\nsizes = ['100kB']\n")
    program = Path(sys.executable).with_name("opencode-lifecycle")
    words = ["/usr/bin/env", "-i", f"HOME={tmp_path}", str(program), "enforce", "--quiet", f"--now={NOW}"]
    done = subprocess.run(words, capture_output=True, text=True, cwd="/", timeout=120)
    assert (done.returncode, len(sessions_of(db))) == (0, 18), done
    assert "evict: done. 18 sessions evicted" in done.stdout and "over the mark of 100.0 kB" in done.stderr
    assert (tmp_path / ".local" / "state" / "opencode-lifecycle" / "status.json").exists()


# --- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_does_not_keep_the_others_from_their_work(nightly, monkeypatch, step):
    def fails(*_):
        raise Refusal("It would not.", FAILED)

    steps = dict(enforce.STEPS)
    monkeypatch.setitem(enforce.STEPS, step, fails)
    done = nightly.steps("--yes", code=3)
    assert done[step]["status"] == "failed" and done[step]["why"] == "It would not."
    assert [name for name, one in done.items() if one["status"] == "failed"] == [step]
    assert (step == "evict") or done["evict"]["status"] == "done"
    monkeypatch.setitem(enforce.STEPS, step, steps[step])
    assert nightly.check(hours=30).code == 2  # what has failed is tried again


def test_what_a_client_stands_in_the_way_of_is_skipped_and_no_failure(nightly, monkeypatch):
    def busy(*_):
        raise Refusal("A client has it open.", BUSY)

    monkeypatch.setitem(enforce.STEPS, "space", busy)
    assert nightly.steps("--yes")["space"]["status"] == "skipped"


@pytest.mark.parametrize("which", ["export", "state", "all"])
def test_a_full_disk_takes_nothing_and_the_next_run_goes_on(nightly, monkeypatch, which):
    nightly.steps("--dry-run")
    with state.opened(), state.only_run("x", "x"):            # our folders are there
        before = dump(nightly.db)
    with monkeypatch.context() as patched:
        def full(handle):
            raise OSError(28, "No space left on device")

        if which in ("export", "all"):
            patched.setattr(files.os, "fsync", full)
        if which in ("state", "all"):
            def no_room(**_):
                raise Refusal("database or disk is full", FAILED)
            patched.setattr(state, "begin", no_room)
        told = nightly.steps("--yes", code=3)
    assert told["evict"]["status"] == "failed" and dump(nightly.db) == before
    assert nightly.steps("--yes", hours=30)["evict"]["status"] == "done"


def test_a_clock_that_jumps_back_is_announced_anew_and_stops_no_later_run(nightly):
    nightly.steps(hours=24 * 365 * 5)                         # everything is old in five years
    told = nightly.steps(hours=0)                             # and the clock is right again
    assert told["evict"]["announced"]["due"] == NOW + 21 * HOUR     # what was announced then counts for nothing
    assert nightly.steps(hours=48)["evict"]["status"] == "done"
    assert len(sessions_of(nightly.db)) == 18


def test_two_runs_at_once_are_one_and_the_other_says_so(nightly):
    with state.only_run(str(nightly.db), files.file_number(nightly.db)):
        ran = invoke(*nightly.words("--yes"))
    assert ran.code == BUSY and "Another run of opencode-lifecycle" in ran.err


def test_of_many_runs_at_once_one_evicts(nightly):
    words = nightly.words("--yes", "--json")
    fork = multiprocessing.get_context("fork")
    said = fork.Queue()
    runs = [fork.Process(target=lambda: said.put(invoke(*words))) for _ in range(4)]
    for run in runs:
        run.start()
    found = [said.get() for _ in runs]
    for run in runs:
        run.join()
    assert {one.code for one in found} <= {0, BUSY}
    evicted = [one for one in found if not one.code and
               {"done"} == {step["status"] for step in one.json["steps"] if step["step"] == "evict"}]
    assert len(evicted) == 1 and len(sessions_of(nightly.db)) == 18


def test_another_machine_on_the_same_home_is_waited_for_and_not_for_ever(nightly, monkeypatch):
    with monkeypatch.context() as there:
        there.setattr(machine.socket, "gethostname", lambda: "other")
        there.setattr(machine, "kernel", lambda: "another kernel")
        gone = machine.only_machine(str(nightly.db))
        gone.__enter__()                                      # and never ends
    ran = nightly.said("--yes", code=BUSY)
    assert "Another machine, other, works on" in ran.err
    with state.opened() as db:
        db.table("machines").update(str(nightly.db), {"moment": int(time.time() * 1000) - 7 * HOUR})
    assert nightly.steps("--yes")["evict"]["status"] == "done"


def test_a_machine_that_was_started_anew_and_a_container_on_it_are_the_same_machine(nightly, monkeypatch):
    for host, kernel in (("here", "old kernel"), ("container", machine.kernel())):
        with monkeypatch.context() as there:
            there.setattr(machine.socket, "gethostname", lambda host=host: host)
            there.setattr(machine, "kernel", lambda kernel=kernel: kernel)
            machine.only_machine(str(nightly.db)).__enter__()
        monkeypatch.setattr(machine.socket, "gethostname", lambda: "here")
        with machine.only_machine(str(nightly.db)):
            pass


def test_a_run_that_meets_another_machine_in_the_midst_stops_there(nightly, monkeypatch):
    class Elsewhere:
        def __init__(self):
            self.steps = 0

        def __call__(self, store, orders, probe):
            with state.opened() as db:
                db.table("machines").upsert({"store": store.name, "host": "other", "kernel": "x",
                                             "moment": int(time.time() * 1000)}, pk="store")
            return enforce.StepReport("archive", enforce.NOTHING, "")

    monkeypatch.setitem(enforce.STEPS, "archive", Elsewhere())
    before = sessions_of(nightly.db)
    assert nightly.steps("--yes")["evict"]["status"] == "skipped" and sessions_of(nightly.db) == before


def test_the_command_of_the_user_hears_of_announcements_and_evictions(nightly, tmp_path, monkeypatch):
    heard = []
    monkeypatch.setattr("opencode_lifecycle.sql.verbs.enforce.notify", lambda command, text: heard.append(text) or "")
    nightly.write("[limits]\nmax_age = '90d'\n[warn]\nnotify = 'tell me'\n")
    nightly.steps()
    nightly.steps(hours=19)
    nightly.steps(hours=47)
    nightly.steps(hours=90)
    assert len(heard) == 2 and "evict what is over" in heard[0] and "undo" in heard[1]
