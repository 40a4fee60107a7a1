"""Space that comes back, to the byte: what is said is what the file system says, by either SQLite library."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import command
import pytest
from command import dump, invoked, judge_by, refused
from forests import NOW

PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--no-export", "--json")

# Runs the command line where pysqlite3 cannot be imported, as on a machine without its wheel.
STANDARD = """
import sys
sys.modules["pysqlite3"] = None
from opencode_lifecycle import tasks
from sqlite_utils.utils import sqlite3
assert sqlite3.__name__ == "sqlite3", sqlite3
tasks.program.run(["invoke", *sys.argv[1:]])
"""


@pytest.fixture(params=("as installed", "standard"))
def library(request):
    """The program that runs the command line: with pysqlite3 where it is installed, and without it."""
    return {"program": ("-c", STANDARD)} if request.param == "standard" else {}


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=20, parts=10, pad=3_000)


def at(store):
    return f"--store={store}"


def on_disk(store):
    return sum(path.stat().st_size for path in (store, Path(f"{store}-wal")) if path.exists())


def free(store):
    with command.opened(store) as con:
        (pages,), (size,) = (
            con.execute("PRAGMA freelist_count").fetchone(),
            con.execute("PRAGMA page_size").fetchone(),
        )
    return pages * size


def mode(store):
    with command.opened(store) as con:
        return con.execute("PRAGMA auto_vacuum").fetchone()[0]


def test_both_libraries_are_there_to_be_tested():
    """On a machine without the wheel both are the standard one."""
    say = "from sqlite_utils.utils import sqlite3; print(sqlite3.__name__)"
    with_it = subprocess.run([sys.executable, "-c", say], capture_output=True, text=True, check=True).stdout
    if sys.platform == "linux" and os.uname().machine == "x86_64":
        assert "pysqlite3" in with_it
    assert command.invoke("--list", program=("-c", STANDARD)).code == 0


def test_freed_and_returned_are_the_file_systems_own_numbers(store, library):
    before, kept = on_disk(store), free(store)
    applied = invoked(*PRUNE, at(store), **library).json["applied"]
    assert applied["returned_bytes"] == 0 and applied["freed_bytes"] == free(store) - kept > 1_000_000
    before = on_disk(store)
    ran = invoked("vacuum", "--json", at(store), **library).json
    assert ran["method"] == "full" and ran["before_bytes"] == before and ran["after_bytes"] == on_disk(store)
    assert (
        ran["returned_bytes"] == before - on_disk(store) > 1_000_000 and ran["free_bytes"] == free(store) == 0
    )
    again = invoked("vacuum", "--json", at(store), **library).json
    assert again["method"] == "none" and again["returned_bytes"] == 0


def test_a_prune_with_vacuum_returns_what_it_says(store, library):
    before = on_disk(store)
    applied = invoked(*PRUNE, "--vacuum", at(store), **library).json["applied"]
    with command.opened(store) as con:
        size = con.execute("PRAGMA page_count").fetchone()[0] * 4096
    assert on_disk(store) == store.stat().st_size == size
    assert (
        applied["returned_bytes"] == before - on_disk(store) > 1_000_000
        and applied["freed_bytes"] > 1_000_000
    )


def test_a_conversion_is_checked_and_space_then_comes_back_in_steps(store, library):
    content = dump(store)
    with command.opened(store) as con:
        assert con.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    ran = invoked("convert", "--json", at(store), **library).json
    assert ran["method"] == "convert" and mode(store) == 2 and dump(store) == content
    assert invoked("convert", "--json", at(store), **library).json["method"] == "none"
    invoked(*PRUNE, at(store), **library)
    pages = free(store) // 4096
    assert pages > 300
    before = on_disk(store)
    with command.client(store):  # somebody is there, so that the steps are taken
        ran = invoked("vacuum", "--json", at(store), **library).json
        assert ran["method"] == "incremental" and free(store) == 0
        assert ran["before_bytes"] == before and ran["after_bytes"] == on_disk(store)
    invoked("checkpoint", at(store), **library)
    assert store.stat().st_size < before - (pages - 10) * 4096
    command.sound(store)


def test_incremental_by_itself_frees_all_pages_not_one(store, library):
    invoked("convert", at(store), **library)
    invoked(*PRUNE, at(store), **library)
    pages, size = free(store) // 4096, store.stat().st_size
    ran = invoked("vacuum", "--method=incremental", "--json", at(store), **library).json
    assert free(store) == 0 and store.stat().st_size <= size - pages * 4096 < size - 300 * 4096
    assert ran["returned_bytes"] == ran["before_bytes"] - on_disk(store)


def test_auto_chooses_full_where_nobody_is_in_the_way(store, library):
    invoked("convert", at(store), **library)
    invoked(*PRUNE, at(store), **library)
    assert invoked("vacuum", "--json", at(store), **library).json["method"] == "full"
    assert mode(store) == 2


def test_incremental_is_refused_where_it_would_free_nothing(store, library):
    before = dump(store)
    refused(78, "vacuum", "--method=incremental", at(store), says=("none", "invoke convert"), **library)
    assert dump(store) == before


def test_a_store_that_shrinks_at_each_commit_is_understood(store, library):
    with command.opened(store) as con:
        con.execute("PRAGMA auto_vacuum=FULL")
        con.execute("VACUUM")
    before = on_disk(store)
    invoked(*PRUNE, at(store), **library)
    invoked("checkpoint", at(store), **library)
    assert on_disk(store) < before / 2 and mode(store) == 1
    assert invoked("vacuum", "--json", at(store), **library).json["method"] == "none"
    assert invoked("convert", "--json", at(store), **library).json["method"] == "convert" and mode(store) == 2


def test_a_checkpoint_cuts_the_wal_where_nobody_reads_it(store, library):
    with command.another(
        store, "PRAGMA wal_autocheckpoint=0", f"UPDATE part SET time_created = {NOW}"
    ) as other:
        other.kill()
        other.wait()
    wal = Path(f"{store}-wal").stat().st_size
    assert wal > 100_000
    ran = invoked("checkpoint", "--json", at(store), **library).json
    assert ran["method"] == "checkpoint" and on_disk(store) == store.stat().st_size
    assert ran["before_bytes"] >= wal and ran["after_bytes"] == on_disk(store)


def test_a_checkpoint_under_a_client_moves_the_wal_and_says_that_it_keeps_its_size(store, library):
    with command.another(store, "PRAGMA wal_autocheckpoint=0", f"UPDATE part SET time_created = {NOW}"):
        wal = Path(f"{store}-wal").stat().st_size
        ran = invoked("checkpoint", "--json", at(store), **library).json
        assert "keeps its size" in ran["rest"] and Path(f"{store}-wal").stat().st_size == wal
        copy = store.with_name("copy.db")
        copy.write_bytes(store.read_bytes())  # the file alone holds everything
        con = sqlite3.connect(copy)
        assert con.execute(f"SELECT COUNT(*) FROM part WHERE time_created <> {NOW}").fetchone() == (0,)
        con.close()


@pytest.mark.parametrize("limit", (4_000_000, 1_500_000, 700_000))
def test_after_a_prune_by_size_and_a_vacuum_the_file_fits_or_it_is_said_by_how_much_not(
    store, limit, library
):
    assert on_disk(store) > 2_500_000
    words = ("prune", f"--max-size={limit}B", judge_by(), "--yes", "--no-export", "--vacuum", at(store))
    ran = invoked(*words, "--json", **library)
    over = ran.json.get("applied", {}).get("over_max_size_bytes", 0)
    assert over == max(0, on_disk(store) - limit)
    assert ("more than the limit" in ran.err) == (over > 0)
    assert bool(ran.json["remove"]) == (limit < 4_000_000)


def test_a_limit_that_what_is_protected_is_over_is_told_in_figures(store, library):
    for tree in range(3):
        invoked("pin", f"ses_{tree:04}_a", at(store))
    ran = invoked(
        "prune",
        "--max-size=100kB",
        judge_by(),
        "--yes",
        "--no-export",
        "--vacuum",
        "--json",
        at(store),
        **library,
    )
    assert len(ran.json["remove"]) == 17
    assert ran.json["applied"]["over_max_size_bytes"] == on_disk(store) - 100_000 > 0
    assert "more than the limit of 100.0 kB" in ran.err
