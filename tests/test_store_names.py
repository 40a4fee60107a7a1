"""One store by several names: links, mounts and copies of its file."""

import os
import subprocess

import command
import pytest
from command import dump, invoked, judge_by, refused
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.store import opened

PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--no-export")
WRITING = (PRUNE, ("vacuum",), ("checkpoint",), ("convert",), ("archive", "--older-than=30d", "--yes", judge_by()))


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=2, parts=1, pad=10)


def test_a_file_with_a_second_name_is_read_but_never_written(store, tmp_path):
    other = tmp_path / "other.db"
    os.link(store, other)
    before = dump(store)
    for words in WRITING:
        refused(1, *words, f"--store={other}", says=(str(other), "hard links"), alone=False)
    invoked("stats", f"--store={other}")
    assert dump(store) == before
    other.unlink()
    invoked(*PRUNE, f"--store={store}")


def test_a_file_mounted_by_itself_is_read_but_never_written(store, tmp_path):
    there = tmp_path / "a b\\c"
    there.mkdir()
    other = there / "opencode.db"
    other.touch()
    if subprocess.run(["mount", "--bind", store, other], capture_output=True).returncode:
        pytest.skip("cannot mount")
    try:
        refused(1, *PRUNE, f"--store={other}", says="single file mounted", alone=False)
        invoked("stats", f"--store={other}")
    finally:
        subprocess.run(["umount", "--lazy", other], check=True)


def test_one_run_at_a_time_by_whatever_name(store, tmp_path):
    (tmp_path / "link").symlink_to(store.parent)
    with command.mounted(tmp_path / "mounted", "--bind", store.parent) as mounted:
        for name in (store, tmp_path / "link" / store.name, mounted / store.name):
            with opened(str(store)) as one, one.only_run(), opened(str(name)) as other, \
                    pytest.raises(Refusal, match="Another run"), other.only_run():
                pass


def protected(store):
    return invoked("prune", "--days=30", judge_by(), "--dry-run", "--json", f"--store={store}").json["protected"]


def test_a_store_that_moves_takes_pins_and_history_along_and_back(store, tmp_path):
    before = dump(store)
    invoked("pin", "ses_0000_a", f"--store={store}")
    (tmp_path / "new").mkdir()
    moved = store.rename(tmp_path / "new" / "other.db")
    assert protected(moved) == {"pinned": 1}
    invoked("unpin", "ses_0000_a", f"--store={moved}")
    invoked("prune", "--days=30", judge_by(), "--yes", f"--store={moved}")
    store = moved.rename(store)
    invoked("undo", f"--store={store}")
    assert dump(store) == before
    assert protected(store)  # brought back a moment ago


def test_a_copy_begins_with_the_protections_and_goes_its_own_way(store):
    invoked("pin", "ses_0000_a", f"--store={store}")
    other = command.copy(store)
    assert protected(other) == {"pinned": 1}
    invoked("unpin", "ses_0000_a", f"--store={other}")
    assert protected(other) == {} and protected(store) == {"pinned": 1}


def test_a_store_whose_place_another_took_has_its_pins_and_its_sizes_where_it_is_now(store, tmp_path):
    invoked("pin", "ses_0000_a", f"--store={store}")
    invoked("vacuum", f"--store={store}")
    other = command.stranger(tmp_path / "other.db", trees=3, parts=1, pad=10)
    moved = store.rename(tmp_path / "moved.db")
    other.rename(store)
    assert not invoked("history", f"--store={store}", "--json").json["sizes"]
    assert not invoked("history", "--all", "--json").json["stores"]
    assert protected(moved) == {"pinned": 1} and protected(store) == {"pinned": 1}
    assert invoked("history", f"--store={moved}", "--json").json["sizes"]


@pytest.mark.parametrize("words", [("stats",), ("enforce",), ("schedule", "--dry-run", "--with=cron")])
def test_a_name_that_is_no_utf8_is_one_sentence(store, words):
    odd = store.rename(os.fsdecode(os.fsencode(store.parent) + b"/a\xff.db"))
    refused(64, *words, f"--store={odd}", says="no UTF-8", inside=True)


def test_a_backup_put_in_the_place_of_its_store_keeps_the_pins(store):
    backup = command.copy(store)
    invoked("pin", "ses_0000_a", f"--store={store}")
    backup.replace(store)
    assert protected(store) == {"pinned": 1}


def test_the_history_of_a_store_that_was_moved_a_moment_ago_is_its_own(store, tmp_path):
    invoked("prune", "--days=30", judge_by(), "--yes", f"--store={store}")
    moved = store.rename(tmp_path / "moved.db")
    assert [one["verb"] for one in invoked("history", f"--store={moved}", "--json").json["runs"]] == ["prune"]


def test_a_store_that_was_vacuumed_is_the_same(store, tmp_path):
    invoked("pin", "ses_0001_a", f"--store={store}")
    invoked("prune", "--days=30", judge_by(), "--yes", f"--store={store}")
    invoked("vacuum", "--method=full", "--yes", f"--store={store}")
    invoked("convert", "--yes", f"--store={store}")
    with command.opened(store) as con:
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        con.execute(f"VACUUM INTO '{tmp_path}/vacuumed.db'")
    store.unlink()
    moved = (tmp_path / "vacuumed.db").rename(tmp_path / "other.db")
    assert [one["verb"] for one in invoked("history", f"--store={moved}", "--json").json["runs"]] == ["prune"]
    assert "ses_0001_a" in invoked("pins", f"--store={moved}", "--json").out


@pytest.mark.parametrize("words", [PRUNE[:-1], ("reclaim", "--all-events", "--yes", judge_by()),
                                   ("reclaim", "--only=orphans", "--yes", judge_by()), ("exports",)])
def test_a_data_folder_that_cannot_be_used_is_one_sentence(store, words):
    with command.opened(store) as con:
        con.execute("INSERT INTO event (id, aggregate_id, seq, type, data) VALUES ('evt_x', 'ses_none', 1, 'x', '{}')")
    before = dump(store)
    more = [] if words == ("exports",) else [f"--store={store}"]
    refused(1, *words, *more, env=os.environ | {"XDG_DATA_HOME": "/proc/none"}, says="XDG_DATA_HOME", alone=False)
    assert dump(store) == before


def test_an_export_by_a_relative_name_is_found_from_any_other_folder(store, tmp_path, monkeypatch):
    before = dump(store)
    for name, verb in (("mine.json", PRUNE[:-1]), ("values.zst", ("reclaim", "--all-events", "--yes", judge_by()))):
        (tmp_path / name.split(".")[0]).mkdir()
        monkeypatch.chdir(tmp_path / name.split(".")[0])
        invoked(*verb, f"--export={name}", f"--store={store}", inside=True)
        assert (tmp_path / name.split(".")[0] / name).exists() and dump(store) != before
        monkeypatch.chdir(tmp_path)
        invoked("undo", "--yes", f"--store={store}", inside=True)
        assert dump(store) == before
