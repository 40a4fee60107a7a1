"""Places that cannot be written and disks that are full: an exit code, one sentence, a store that is as it was."""

import resource
import shutil

import command
import pytest
from command import dump, invoked, nothing_beside, refused
from opencode_lifecycle.sql.words import human
from store_at_hand import *  # noqa: F403
from store_at_hand import PRUNE, at, roots


def test_a_file_that_is_mounted_by_itself_and_read_only_is_refused(store):
    before = dump(store)
    with command.read_only(store):
        refused(1, *PRUNE, at(store), says=("mounted", str(store)), alone=False)
        refused(1, "convert", at(store), says=("mounted", str(store)))
        invoked("stats", at(store))
    assert dump(store) == before
    nothing_beside(store)


def test_a_read_only_folder_is_refused(store):
    before = dump(store)
    with command.read_only(store.parent):
        for words in (PRUNE, ("convert",), ("vacuum", "--method=full"), ("checkpoint",)):
            refused(1, *words, at(store), says=str(store), alone=False)
    assert dump(store) == before
    nothing_beside(store)


def test_a_state_folder_that_cannot_be_written_stops_a_run_before_it_begins(store, own_folders, unchanged):
    state = own_folders / "state"
    state.mkdir()
    with command.read_only(state):
        refused(1, *PRUNE, at(store), says=("state", "XDG_STATE_HOME"), alone=False)
        refused(1, "pin", "ses_0000_a", at(store), says="XDG_STATE_HOME")


def test_what_is_ours_is_for_our_own_eyes(store, own_folders):
    invoked(*PRUNE, at(store))
    ours = [own_folders / "state" / "opencode-lifecycle", *(own_folders / "state" / "opencode-lifecycle").rglob("*")]
    assert len(ours) >= 4
    assert {path.stat().st_mode & 0o777 for path in ours if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in ours if path.is_file()} == {0o600}


# --- a disk that is full -------------------------------------------------------------------------


@pytest.fixture
def tight(tmp_path):
    """A store on a small disk of its own; temporary files are there as well."""
    with command.small_disk(tmp_path / "disk", "8m") as disk:
        folder = disk / "store"
        folder.mkdir()
        yield command.planted(folder / "opencode.db", trees=40, pad=4_000)


def test_a_disk_that_is_full_stops_a_prune_before_it_changes_anything(tight):
    before = dump(tight)
    command.fill(tight.parent.parent)
    ran = refused(1, *PRUNE, at(tight), says=str(tight), alone=False)
    assert "full" in ran.sentence or "disk I/O" in ran.sentence
    (tight.parent.parent / "filler").unlink()
    assert dump(tight) == before
    command.sound(tight)


def test_a_disk_that_fills_during_a_prune_leaves_whole_trees(tight, tmp_path):
    (tmp_path / "else").mkdir()
    original = tmp_path / "else" / "original.db"
    shutil.copy(tight, original)
    run = command.Stepped(tmp_path / "marks", *PRUNE, "--json", at(tight), wait=[3])
    run.reached(3)
    command.fill(tight.parent.parent)
    run.go_on(3)
    ran = run.ended()
    assert ran.code == 3 and "Traceback" not in ran.err and "full" in ran.sentence, ran
    (tight.parent.parent / "filler").unlink()
    gone = command.whole_trees(original, tight)
    assert 6 <= len(gone) < 117 and ran.json["applied"]["sessions"] == len(gone)
    command.sound(tight)
    invoked(*PRUNE, at(tight))
    assert len(roots(tight)) == 1


def test_a_full_vacuum_and_a_conversion_ask_for_room_before_they_write(tight, monkeypatch):
    before, size = dump(tight), tight.stat().st_size
    with command.opened(tight) as con:
        used = (
            con.execute("PRAGMA page_count").fetchone()[0]
            - con.execute("PRAGMA freelist_count").fetchone()[0]
        )
    command.fill(tight.parent.parent, leave=100_000)
    for words in (("vacuum", "--method=full"), ("convert",)):
        monkeypatch.setenv("SQLITE_TMPDIR", str(tight.parent))  # all of it on one disk: twice the data
        refused(1, *words, at(tight), says=(f"needs {human(2 * used * 4096)} free", "nothing was changed"))
        monkeypatch.delenv("SQLITE_TMPDIR")
        refused(1, *words, at(tight), says=(f"needs {human(used * 4096)} free", "nothing was changed"))
    assert tight.stat().st_size == size and dump(tight) == before
    command.sound(tight)


def test_room_that_is_short_of_what_a_full_vacuum_needs_by_a_page_is_refused_and_just_enough_is_enough(
    tight, monkeypatch
):
    """The figure is the true one: with it the vacuum goes through."""
    before = dump(tight)
    with command.opened(tight) as con:
        needed = 2 * 4096 * con.execute("PRAGMA page_count").fetchone()[0]
        con.execute("PRAGMA journal_mode=DELETE")
        con.execute("PRAGMA journal_mode=WAL")
    monkeypatch.setenv("SQLITE_TMPDIR", str(tight.parent))
    room = shutil.disk_usage(tight).free
    if room < needed + 200_000:
        with command.opened(tight) as con:
            con.execute("DELETE FROM event")
            con.execute("VACUUM")
            con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            needed = 2 * 4096 * con.execute("PRAGMA page_count").fetchone()[0]
        before = dump(tight)
    command.fill(tight.parent.parent, leave=needed + 200_000)  # the shared memory and the frames' headers
    invoked("convert", at(tight))
    assert dump(tight) == before
    command.sound(tight)


def test_a_disk_that_fills_in_the_middle_of_a_full_vacuum_leaves_the_store_as_it_was(tight):
    """Somebody else took the room after it was asked for."""
    before, size = dump(tight), tight.stat().st_size
    command.fill(tight.parent.parent, leave=300_000)
    careless = (
        "-c",
        "import sys; from opencode_lifecycle.sql import space; space._refuse_without_room = print\n"
        "from opencode_lifecycle import tasks; tasks.program.run(['invoke', *sys.argv[1:]])",
    )
    for words in (("vacuum", "--method=full"), ("convert",)):
        ran = refused(1, *words, at(tight), says=str(tight), program=careless)
        assert "full" in ran.sentence or "disk I/O" in ran.sentence
    (tight.parent.parent / "filler").unlink()
    assert tight.stat().st_size == size and dump(tight) == before
    command.sound(tight)


@pytest.mark.parametrize("limit", (20_000, 140_000))
def test_a_limit_on_what_a_file_may_hold_stops_a_prune_whole(store, tmp_path, limit):
    """A quota, where nothing can be mounted: no file may grow beyond this."""
    (tmp_path / "other").mkdir()
    original = shutil.copy(store, tmp_path / "other" / "original.db")
    invoked("history", at(store))  # our own state is there

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    ran = command.invoke(*PRUNE, at(store), preexec_fn=limited)
    assert ran.code == 1 and "Traceback" not in ran.err and str(store) in ran.sentence, ran
    assert not command.whole_trees(original, store)
    command.sound(store)
