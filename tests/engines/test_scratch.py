"""Work tables lie in a file that has no name and ends with its connection: memory does not grow with the store."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import command
import pytest
from command import invoked, judge_by, refused
from opencode_lifecycle.sql.engines.sqlite import driver, scratch

LC = "CREATE TEMPORARY TABLE lc_some (id VARCHAR(191) NOT NULL PRIMARY KEY, number BIGINT)"
INDEX = "CREATE INDEX lc_some_number ON lc_some (number)"
# How far the memory of a process grows while it fills a work table with so many rows of 200 octets.
FILLED = """
import sys
from pathlib import Path
from opencode_lifecycle.sql.engines.sqlite import driver, scratch
if sys.argv[2] == "memory":
    scratch.attach = lambda connection: None
connection = driver.connect(sys.argv[1], write=False)
driver.execute(connection, "CREATE TEMPORARY TABLE lc_some (id TEXT NOT NULL PRIMARY KEY)")
def highest():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
before = highest()
driver.execute(connection, "INSERT INTO lc_some WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT "
               "600000) SELECT printf('%0200d', i) FROM n")
print((highest() - before) // 1024)
"""


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=8, parts=3, pad=2_000)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder of temporary files, which is empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("SQLITE_TMPDIR", str(folder))
    return folder


def where(connection, name="lc_some"):
    """The database of a table, as SQLite names it."""
    found = connection.execute("SELECT schema FROM pragma_table_list WHERE name = ?", [name]).fetchall()
    return [schema for (schema,) in found]


@pytest.mark.parametrize("write", [True, False])
def test_work_tables_and_their_indexes_are_made_in_a_file_and_not_in_the_store(store, temporary, write):
    before = Path(store).read_bytes()
    with closing(driver.connect(store, write)) as connection:
        driver.execute(connection, LC)
        driver.execute_all(connection, [INDEX, "INSERT INTO lc_some VALUES ('a', 1)"])
        assert where(connection) == ["scratch"]
        assert list(driver.rows(connection, "SELECT number FROM lc_some INDEXED BY lc_some_number")) == [(1,)]
    assert Path(store).read_bytes() == before


def test_the_file_has_no_name_from_the_start_so_that_a_killed_run_leaves_nothing(store, temporary):
    with closing(driver.connect(store, write=False)) as connection:
        driver.execute(connection, LC)
        assert not list(temporary.iterdir())
        open_files = [str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
        assert any(name.startswith(str(temporary)) for name in open_files)


def test_where_the_name_of_an_open_file_stays_it_goes_with_the_connection(store, temporary, monkeypatch):
    def keep(path, missing_ok=False):
        raise PermissionError("in use by a process")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", keep)
        connection = driver.connect(store, write=False)
    driver.execute(connection, LC)
    assert len(list(temporary.iterdir())) == 1
    driver.close(connection)
    assert not list(temporary.iterdir())


def test_a_rollback_takes_back_what_it_did_to_a_work_table(store, temporary):
    with closing(driver.connect(store, write=True)) as connection:
        driver.execute_all(connection, [LC, INDEX, "INSERT INTO lc_some VALUES ('a', 1)"])
        for sql in ("BEGIN IMMEDIATE", "UPDATE lc_some SET number = 2", "INSERT INTO lc_some VALUES ('b', 3)",
                    "DELETE FROM session", "ROLLBACK"):
            driver.execute(connection, sql)
        assert list(driver.rows(connection, "SELECT id, number FROM lc_some")) == [("a", 1)]
        assert next(driver.rows(connection, "SELECT COUNT(*) FROM session"))[0]


def test_a_table_of_that_name_in_the_store_is_neither_read_nor_written(store, temporary):
    with closing(sqlite3.connect(store)) as other:
        other.execute("CREATE TABLE lc_session (id TEXT, parent_id TEXT)")
        other.execute("INSERT INTO lc_session VALUES ('theirs', NULL)")
        other.commit()
    with closing(driver.connect(store, write=True)) as connection:
        driver.execute(connection, LC.replace("lc_some", "lc_session"))
        assert sorted(where(connection, "lc_session")) == ["main", "temp"]
    told = invoked("stats", "--json", judge_by(), f"--store={store}").json
    assert told["sessions"]["total"]
    with closing(sqlite3.connect(store)) as other:
        assert other.execute("SELECT id FROM lc_session").fetchall() == [("theirs",)]


def test_without_a_folder_for_temporary_files_they_lie_in_memory(store, monkeypatch):
    def full(**_):
        raise OSError("No space left on device")

    monkeypatch.setattr(scratch.tempfile, "mkstemp", full)
    with closing(driver.connect(store, write=False)) as connection:
        driver.execute(connection, LC)
        assert where(connection) == ["temp"]


def test_a_full_disk_of_temporary_files_is_said_and_changes_nothing(store, tmp_path):
    before = command.dump(store)
    with command.small_disk(tmp_path / "room", "4k") as room:
        refused(1, "prune", "--days=30", "--yes", "--no-export", judge_by(), f"--store={store}", says="temporary files",
                env=os.environ | {"SQLITE_TMPDIR": str(room)})
    assert command.dump(store) == before


def test_memory_does_not_grow_with_the_work_tables(store):
    def grown(kind):
        ran = subprocess.run([sys.executable, "-c", FILLED, store, kind], check=True, capture_output=True, text=True)
        return int(ran.stdout)

    assert grown("file") < 60 < 150 < grown("memory")  # MB; the table and its index are 250
