"""One store by several names: links, mounts and copies of its file."""

import os
import subprocess

import command
import pytest
from command import dump, invoked, judge_by, refused
from opencode_lifecycle.sql import sqlite
from opencode_lifecycle.sql.refusal import Refusal

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
            with sqlite.only_run(None, str(store)), pytest.raises(Refusal, match="Another run"), \
                    sqlite.only_run(None, str(name)):
                pass
