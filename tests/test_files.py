"""Files of ours: made by us alone, whole or not at all, never in the place of another, whatever the umask."""

import os
import stat
import subprocess
import sys
import time

import command
import pytest
from command import invoked, judge_by, refused
from opencode_lifecycle.sql import files
from opencode_lifecycle.sql.refusal import Refusal

PRUNE = ("prune", "--days=30", judge_by(), "--yes")


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "out"
    path.mkdir()
    return path


@pytest.fixture
def umask():
    usual = os.umask(0o022)
    yield os.umask
    os.umask(usual)


def put(path, content=b"content"):
    with files.new_file(path) as file:
        file.write(content)


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o277, 0o777])
def test_files_and_folders_are_for_their_owner_alone_whatever_the_umask(mask, umask, own_folders):
    umask(mask)
    put(files.home("data", "exports", "deep") / "x")
    umask(0o022)
    ours = own_folders / "data" / "opencode-lifecycle"
    assert {stat.S_IMODE(one.stat().st_mode) for one in (ours, ours / "exports", ours / "exports" / "deep")} == {0o700}
    assert stat.S_IMODE((ours / "exports" / "deep" / "x").stat().st_mode) == 0o600
    ours.chmod(0o755)  # as an older version may have left it
    files.home("data", "exports")
    assert stat.S_IMODE(ours.stat().st_mode) == 0o700


def test_a_name_that_is_taken_is_refused_and_what_has_it_stays(folder):
    (folder / "file").write_text("mine")
    (folder / "link").symlink_to(folder / "nowhere")
    (folder / "folder").mkdir()
    for name in ("file", "link", "folder"):
        with pytest.raises(Refusal, match="exists already"):
            put(folder / name)
    assert (folder / "file").read_text() == "mine" and not (folder / "nowhere").exists()
    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize("linking", [True, False], ids=["links", "no links"])
def test_a_name_that_another_takes_meanwhile_is_left_to_it(folder, linking, monkeypatch):
    if not linking:
        monkeypatch.setattr(files.os, "link", lambda *_, **__: (_ for _ in ()).throw(PermissionError(1, "no links")))
    put(folder / "y")
    assert (folder / "y").read_bytes() == b"content" and (folder / "y").stat().st_nlink == 1
    with pytest.raises(Refusal, match="exists already"), files.new_file(folder / "x") as file:
        file.write(b"ours")
        (folder / "x").write_text("theirs")
    assert (folder / "x").read_text() == "theirs" and len(list(folder.iterdir())) == 2


def test_of_many_processes_that_want_one_name_a_single_one_gets_it_whole(folder):
    words = ("import sys; from pathlib import Path; from opencode_lifecycle.sql import files, refusal\n"
             "try:\n with files.new_file(Path(sys.argv[1])) as f:\n  f.write(sys.argv[2].encode() * 100_000)\n"
             "except refusal.Refusal as error:\n sys.exit(error.code)")
    many = [subprocess.Popen([sys.executable, "-c", words, folder / "x", str(n)]) for n in range(6)]
    assert sorted(one.wait() for one in many) == [0, 64, 64, 64, 64, 64]
    assert [one.name for one in folder.iterdir()] == ["x"]
    assert len(set((folder / "x").read_bytes())) == 1 and (folder / "x").stat().st_size == 100_000


def test_nothing_is_left_of_a_file_that_failed(folder):
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error), files.new_file(folder / "x") as file:
            file.write(b"half")
            raise error
    with pytest.raises(Refusal, match="folder does not exist"):
        put(folder / "no" / "x")
    assert not list(folder.iterdir())


def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path):
    with command.small_disk(tmp_path / "disk", "1m") as disk:
        with pytest.raises(Refusal, match="the disk is full"):
            put(disk / "x", b"x" * 3_000_000)
        assert not list(disk.iterdir())


def test_a_folder_in_which_anybody_may_replace_a_file_is_refused(folder):
    folder.chmod(0o777)
    with pytest.raises(Refusal, match="everybody"):
        put(folder / "x")
    folder.chmod(0o1777)
    put(folder / "x")
    assert [one.name for one in folder.iterdir()] == ["x"]


def test_unfinished_files_of_killed_runs_go_and_those_at_work_stay(folder, own_folders):
    held = "import sys, time; from pathlib import Path; from opencode_lifecycle.sql import files\n" \
           "with files.new_file(Path(sys.argv[1])) as f:\n print('ready', flush=True); time.sleep(60)"
    ours = files.home("data", "exports")
    for where in (folder, ours):
        runs = [subprocess.Popen([sys.executable, "-c", held, where / n], stdout=subprocess.PIPE) for n in "ab"]
        for run in runs:
            assert run.stdout.readline() == b"ready\n"
        runs[0].kill()
        runs[0].wait()
        assert len(list(where.iterdir())) == 2
        for name in (".x.db.123.part", "x.zst.part"):
            (where / name).write_bytes(b"half")
        for left in where.iterdir():
            os.utime(left, (time.time() - 1_000,) * 2)
        put(where / "y")
        assert len(list(where.iterdir())) == 4  # the one at work, y, and two names of older versions
        for left in where.glob("*x*part"):
            os.utime(left, (time.time() - 90_000,) * 2)
        put(where / "z")
        assert len(list(where.glob("*x*part"))) == (0 if where == ours else 2)
        runs[1].kill()
        runs[1].wait()
        for run in runs:
            run.stdout.close()


def test_two_stores_of_one_name_pruned_together_have_an_export_each(tmp_path, own_folders):
    stores = []
    for name in "ab":
        (tmp_path / name).mkdir()
        stores.append(command.planted(tmp_path / name / "opencode.db", trees=3, fresh=0, parts=1, pad=10))
    before = [command.dump(store) for store in stores]
    runs = [subprocess.Popen(command.line(*PRUNE, f"--store={store}"), cwd=command.ROOT, stdin=subprocess.DEVNULL)
            for store in stores]
    assert [run.wait() for run in runs] == [0, 0]
    assert len(list((own_folders / "data" / "opencode-lifecycle" / "exports").iterdir())) == 2
    for store in stores:
        invoked("undo", f"--store={store}")
    assert [command.dump(store) for store in stores] == before


def test_an_empty_home_and_an_unusable_folder_are_sentences(tmp_path, own_folders):
    (tmp_path / "s").mkdir()
    store = command.planted(tmp_path / "s" / "opencode.db", trees=2, parts=1, pad=10)
    bare = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")} | {"HOME": ""}
    refused(1, *PRUNE, f"--store={store}", says="HOME is empty", alone=False, env=bare)
    (own_folders / "data").write_text("no folder")
    refused(1, *PRUNE, f"--store={store}", says="XDG_DATA_HOME", alone=False)
