"""Stores that real clients wrote: every one is understood, pruned and left in order."""

import contextlib
import shutil
import sqlite3

import moments
import oracle
import pytest
import store_rows
from command import invoked
from places import STORES

CLIENTS = sorted(path.stem for path in STORES.glob("*.db"))
NOW = 1_795_150_000_000 + 100 * moments.DAY


@pytest.fixture(params=CLIENTS)
def real(request, tmp_path):
    path = tmp_path / "opencode.db"
    shutil.copy(STORES / f"{request.param}.db", path)
    return path


def looked(path, work):
    with contextlib.closing(sqlite3.connect(path)) as con:
        return work(con)


def aged(path, title, days):
    """Set a session and its messages back, as if nobody had touched them for so long."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as con:
        (id,) = con.execute("SELECT id FROM session WHERE title = ?", [title]).fetchone()
        con.execute("UPDATE session SET time_updated = ? WHERE id = ?", [NOW - days * moments.DAY, id])
        con.execute("UPDATE message SET time_updated = ? WHERE session_id = ?", [NOW - days * moments.DAY, id])
    return id


def touched(path, *titles):
    return [aged(path, title, 3) for title in titles]


def test_stats_count_what_is_there(real):
    found = invoked("stats", "--deep", f"--store={real}", f"--now={NOW}", "--json").json
    rows = looked(real, lambda con: {table: con.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
                                     for table in ("session", "message", "part", "todo")})
    assert {table: found["rows"][table] for table in rows} == rows
    assert found["sessions"] == {"total": 4, "root": 3, "child": 1, "archived": 1, "shared": 0, "orphan": 0}
    octets = looked(real, lambda con: con.execute("SELECT SUM(LENGTH(CAST(data AS BLOB))) FROM part").fetchone()[0])
    assert found["bytes"]["part"] == octets == sum(kind["bytes"] for kind in found["parts"].values())
    assert found["file"]["bytes"] == real.stat().st_size


def test_a_prune_leaves_the_survivors_byte_for_byte_and_returns_space(real):
    touched(real, "MAIN (fork #1)")
    policy = oracle.Policy(max_age_ms=30 * moments.DAY)
    removed = looked(real, lambda con: oracle.removed_ids(oracle.judge(con, policy, NOW)))
    wanted = looked(real, lambda con: store_rows.survivors(con, removed))
    assert len(removed) == 3
    before = real.stat().st_size
    applied = invoked("prune", f"--store={real}", "--days=30", f"--now={NOW}", "--yes", "--no-export", "--vacuum",
                      "--json").json["applied"]
    assert looked(real, store_rows.dump) == wanted
    assert looked(real, lambda con: con.execute("PRAGMA foreign_key_check").fetchall()) == []
    assert looked(real, lambda con: con.execute("PRAGMA integrity_check").fetchall()) == [("ok",)]
    assert applied["sessions"] == 3 and applied["returned_bytes"] == before - real.stat().st_size > 0
    assert invoked("prune", f"--store={real}", "--days=30", f"--now={NOW}", "--dry-run", "--json").json["remove"] == []


def test_an_idle_child_goes_and_its_parent_stays_as_it_was(real):
    parent, *_ = touched(real, "MAIN", "ARCH2", "MAIN (fork #1)")
    child = aged(real, "sub (@general subagent)", 40)
    wanted = looked(real, lambda con: store_rows.survivors(con, {child}))
    found = invoked("prune", f"--store={real}", "--children", f"--now={NOW}", "--yes", "--no-export", "--json").json
    assert [unit["sessions"] for unit in found["remove"]] == [[child]] and parent not in str(found["remove"])
    assert found["remove"][0]["reason"] == "child-age"
    assert looked(real, store_rows.dump) == wanted


def test_a_conversion_changes_nothing_but_the_file(real):
    before = looked(real, store_rows.dump)
    invoked("convert", f"--store={real}", "--yes")
    assert looked(real, store_rows.dump) == before
    assert looked(real, lambda con: con.execute("PRAGMA auto_vacuum").fetchone()) == (2,)
    invoked("prune", f"--store={real}", "--days=30", f"--now={NOW}", "--yes", "--no-export")
    size = real.stat().st_size
    returned = invoked("vacuum", f"--store={real}", "--method=incremental", "--json").json["returned_bytes"]
    assert returned == size - real.stat().st_size > 10 * 4096
