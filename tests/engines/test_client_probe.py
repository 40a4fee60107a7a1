"""Is a client at work? Answered without disturbing SQLite's own locks, which a careless look would drop."""

import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import command
import moments
import oracle
import product
import pytest
from forests import NOW
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.cascade import execute as carrying
from opencode_lifecycle.sql.engines.sqlite import client_probe as live

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere it cannot be known, and is not guessed"
)

WRITE = """
import sqlite3, sys
con = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    con.execute("BEGIN IMMEDIATE")
    print("written")
except sqlite3.OperationalError as error:
    print(error)
"""


@pytest.fixture
def store(tmp_path):
    return command.planted(tmp_path / "opencode.db", trees=2, parts=1, pad=10)


def written_by_another(store):
    return subprocess.run(
        [sys.executable, "-c", WRITE, str(store)], capture_output=True, text=True
    ).stdout.strip()


def test_another_program_is_seen_by_its_process_and_ourselves_are_not(store):
    with stores.opened(str(store)) as place, live.watching(place.path) as probe:
        list(place.rows("retention/exists", {"id": "x"}))  # a look, so that we hold what a client holds
        assert probe.client() == 0
        with command.client(store) as other:
            assert probe.client() == other.pid
            with command.client(store) as second:
                assert probe.client() in (other.pid, second.pid)
            assert probe.client() == other.pid
        assert probe.client() == 0


def test_it_is_asked_anew_each_time(store):
    with live.watching(store) as probe:
        for _ in range(3):
            assert probe.client() == 0
            with command.client(store) as other:
                assert probe.client() == other.pid


def test_a_client_that_was_killed_is_not_seen(store):
    with live.watching(store) as probe, command.client(store) as other:
        assert probe.client() == other.pid
        other.kill()
        other.wait()
        assert probe.client() == 0
        assert Path(f"{store}-shm").exists()


@pytest.mark.parametrize("journal", ("WAL", "DELETE"))
def test_a_look_does_not_drop_the_locks_of_a_transaction_under_way(store, journal):
    with command.opened(store) as con:
        con.execute(f"PRAGMA journal_mode={journal}")
    with stores.opened(str(store)) as place, live.watching(place.path) as probe:
        place.engine_run("begin")
        assert written_by_another(store) == "database is locked"
        for _ in range(5):
            probe.client()
        assert written_by_another(store) == "database is locked"
        place.engine_run("rollback")
        assert written_by_another(store) == "written"


def test_nothing_else_that_we_ask_of_the_file_drops_them_either(store):
    """Sizes are asked of the folder: opening and closing the file itself would end our locks."""
    with stores.opened(str(store)) as place, live.watching(place.path) as probe:
        place.engine_run("begin")
        place.on.file_facts(place.connection, place.path)
        place.on.size_facts(place.connection, place.path, place.catalog)
        assert probe.client() == 0
        assert written_by_another(store) == "database is locked"
        place.engine_run("rollback")


def test_a_careless_look_would_have_dropped_them(store):
    """The danger is real: this is what the probe must not do in our own process."""
    con = sqlite3.connect(store, isolation_level=None)
    con.execute("BEGIN IMMEDIATE")
    assert written_by_another(store) == "database is locked"
    with Path(f"{store}-shm").open("rb"):
        pass
    assert written_by_another(store) == "written"
    con.close()


def test_a_client_that_opens_the_store_between_two_batches_is_seen_before_the_next_step(store, tmp_path):
    grown = command.planted(tmp_path / "grown.db", trees=6, parts=2, pad=10)
    run = command.Stepped(
        tmp_path / "marks",
        "prune",
        "--days=30",
        command.judge_by(),
        "--yes",
        "--no-export",
        "--vacuum",
        "--json",
        f"--store={grown}",
        wait=[3],
    )
    run.reached(3)
    with command.client(grown) as other:
        run.go_on(3)
        ran = run.ended()
    assert ran.code == 75 and str(other.pid) in ran.sentence
    assert ran.json["applied"]["sessions"] == 15 and ran.json["applied"]["returned_bytes"] == 0


def test_a_tree_too_big_for_one_transaction_stays_while_a_client_is_there(store):
    text = product.planned(store, oracle.Policy(max_age_ms=30 * moments.DAY), NOW)[2]
    before = command.dump(store)
    with mock.patch.object(carrying, "TOO_BIG_WHILE_OPEN", 10):
        with command.client(store):
            done = product.applied(store, text).outcome
        assert done.code == 3 and done.spared == {"ses_0000_a": "too-big-while-open"}
        assert command.dump(store) == before
        assert product.applied(store, text).outcome.sessions == 3


def test_a_look_takes_little_time(store):
    with live.watching(store) as probe:
        probe.client()
        started = time.monotonic()
        for _ in range(50):
            probe.client()
        assert time.monotonic() - started < 2.5


def test_where_it_cannot_be_known_a_full_vacuum_asks_and_without_a_terminal_gives_way(store):
    blind = (
        "-c",
        "import sys; from opencode_lifecycle.sql.engines.sqlite import client_probe\n"
        "client_probe.Probe.client = lambda self: None\n"
        "from opencode_lifecycle import tasks; tasks.program.run(['invoke', *sys.argv[1:]])",
    )
    before = command.dump(store)
    for words in (("vacuum", "--method=full"), ("convert",)):
        command.refused(75, *words, f"--store={store}", says="cannot be seen", program=blind)
    assert command.dump(store) == before
    command.invoked("convert", "--yes", f"--store={store}", program=blind)
    command.sound(store)


def test_the_child_that_looks_ends_with_us(store):
    with live.watching(store) as probe:
        child = probe._child
        assert child.poll() is None
    assert child.returncode == 0
