"""A store may keep its texts in UTF-8 or in either order of UTF-16: every verb reads and writes what is there, and a
text that is none in its encoding stays whole."""

import functools
import shutil
import subprocess

import command
import nasty
import pytest
import wide
from command import judge_by, sessions_of

invoked = functools.partial(command.invoked, inside=True)
PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--json")


@pytest.fixture(params=wide.ENCODINGS)
def encoding(request):
    return request.param


@pytest.fixture
def store(tmp_path, encoding):
    (tmp_path / "store").mkdir()
    return wide.planted(command.grove(trees=6, parts=3, pad=300, fresh=1), tmp_path / "store" / "opencode.db",
                        "1.18.33", encoding)


def test_statistics_count_every_session(store):
    said = invoked("stats", f"--store={store}", "--json").json
    assert said["sessions"]["total"] == 18 and said["rows"]["part"] == 54


def test_what_is_pruned_was_exported_and_comes_back_octet_for_octet(store):
    before = wide.contents(store)
    said = invoked(*PRUNE, f"--store={store}").json
    assert said["applied"]["sessions"] == 15 and len(sessions_of(store)) == 3
    listed = invoked("restore", said["applied"]["export"], "--list", "--json", f"--store={store}").json
    assert len(listed) == 15
    invoked("undo", f"--store={store}")
    assert wide.contents(store) == before


def test_an_export_comes_back_into_the_same_store_octet_for_octet(store, tmp_path):
    before = wide.contents(store)
    invoked("export", f"--output={tmp_path / 'e.json.zst'}", f"--store={store}")
    invoked(*PRUNE, "--no-export", f"--store={store}")
    assert len(sessions_of(store)) == 3
    invoked("restore", tmp_path / "e.json.zst", f"--store={store}")
    assert wide.contents(store) == before


@pytest.mark.parametrize("other", wide.ENCODINGS)
def test_an_export_comes_into_a_store_of_another_encoding_with_the_same_texts(store, encoding, other, tmp_path):
    """Half of a surrogate pair has no octets in UTF-8; it takes those that it would have."""
    (tmp_path / "other").mkdir()
    empty = wide.planted(command.Recipe([]), tmp_path / "other" / "opencode.db", "1.18.33", other)
    there = wide.contents(empty, other)
    invoked("export", f"--output={tmp_path / 'e.json'}", f"--store={store}")
    invoked("restore", tmp_path / "e.json", f"--store={empty}")
    expected, found = wide.contents(store, encoding), wide.contents(empty, other)
    for table in ("session", "message", "part", "event", "event_sequence", "todo"):
        assert sorted(found[table]) == sorted(expected[table]), table
    assert there["account"] == found["account"]


def test_a_plan_is_applied_by_the_shell_too(store, tmp_path):
    if not shutil.which("sqlite3"):
        pytest.skip("no sqlite3 shell")
    plan = tmp_path / "plan.sql"
    invoked("plan", "--days=30", judge_by(), f"--out={plan}", f"--store={store}")
    done = subprocess.run(["sqlite3", str(store)], stdin=plan.open(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(sessions_of(store)) == 3


def test_what_is_reclaimed_comes_back_octet_for_octet(tmp_path, encoding):
    """An output that the client has cleared, with letters that no two encodings write alike."""
    recipe = command.grove(trees=2, parts=1, pad=300, fresh=1)
    output = nasty.tool(output='"' + "Ärger проект 😀 " * 400 + '"')
    for row in recipe.rows:
        if row.table == "part":
            row.values["data"] = output
    (tmp_path / "store").mkdir()
    store = wide.planted(recipe, tmp_path / "store" / "opencode.db", "1.18.33", encoding)
    before = wide.contents(store)
    said = invoked("reclaim", "--only=compacted", judge_by(), "--yes", "--json", f"--store={store}")
    after = wide.contents(store)
    assert after != before, said
    assert {table for table in before if before[table] != after[table]} == {"part"}
    invoked("undo", f"--store={store}")
    assert wide.contents(store) == before
