"""Readers, writers, a client and a second run of ours on the store: what waits for whom, and who gives way."""

import sqlite3
import time
from threading import Timer

import command
import store_rows
from command import dump, invoked, refused
from store_at_hand import *  # noqa: F403
from store_at_hand import PRUNE, at, roots


def test_a_reader_with_a_snapshot_sees_what_it_saw_while_a_prune_goes_through(store):
    before = dump(store)
    con = sqlite3.connect(store, isolation_level=None)
    con.execute("BEGIN")
    assert store_rows.dump(con) == before
    invoked(*PRUNE, at(store))
    assert store_rows.dump(con) == before
    con.close()
    assert len(roots(store)) == 1
    command.sound(store)


def test_a_prune_with_vacuum_under_a_reader_removes_and_says_why_no_space_comes_back(store):
    with command.reader(store):
        ran = invoked(*PRUNE, "--vacuum", "--json", at(store), code=75)
    assert ran.json["applied"]["sessions"] == 33 and ran.json["applied"]["returned_bytes"] == 0
    assert "has the store open" in ran.sentence
    assert len(roots(store)) == 1
    command.sound(store)


def test_a_reader_with_a_snapshot_delays_only_the_shrinking_of_the_file(store):
    invoked("convert", at(store))
    size = store.stat().st_size
    with command.reader(store):
        ran = invoked(*PRUNE, "--vacuum", at(store))
        assert store.stat().st_size == size
        assert "reads an older state" in ran.err or "keeps its size" in ran.err
    invoked("checkpoint", at(store))
    assert store.stat().st_size < size / 2
    command.sound(store)


def test_without_a_wal_a_reader_is_waited_for_and_then_the_prune_gives_way(store, unchanged):
    with command.opened(store) as con:
        con.execute("PRAGMA journal_mode=DELETE")
    with command.reader(store):
        refused(75, *PRUNE, at(store), says=("locked", str(store)), alone=False)


def test_a_writer_that_holds_the_lock_for_three_seconds_is_waited_for(store):
    con = sqlite3.connect(store, isolation_level=None, check_same_thread=False)
    con.execute("BEGIN IMMEDIATE")
    timer = Timer(3, con.rollback)
    timer.start()
    started = time.monotonic()
    invoked(*PRUNE, at(store))
    assert time.monotonic() - started > 2.5
    timer.join()
    con.close()
    assert len(roots(store)) == 1
    command.sound(store)


def test_a_writer_that_holds_the_lock_for_longer_is_given_way_to(store, unchanged):
    with command.writer(store):
        refused(75, *PRUNE, at(store), says=("locked", str(store)), alone=False)


def test_a_writer_that_takes_the_lock_between_batches_stops_the_run_with_work_left(store, tmp_path):
    original = command.copy(store)
    run = command.Stepped(tmp_path / "marks", *PRUNE, "--json", at(store), wait=[4])
    run.reached(4)
    with command.writer(store):
        run.go_on(4)
        ran = run.ended()
    assert ran.code == 3 and "locked" in ran.sentence and "Traceback" not in ran.err
    assert ran.json["applied"]["sessions"] == 9
    assert len(command.whole_trees(original, store)) == 9
    command.sound(store)
    invoked(*PRUNE, at(store))
    assert len(roots(store)) == 1


def test_a_full_vacuum_and_a_conversion_give_way_to_a_writer(store, unchanged):
    with command.opened(store) as con:
        con.execute("PRAGMA journal_mode=DELETE")  # so that the probe sees nobody, and SQLite says it
    with command.writer(store):
        refused(75, "vacuum", "--method=full", at(store), says="locked")
        refused(75, "convert", at(store), says="locked")


def test_a_live_client_keeps_full_vacuum_and_convert_away_and_nothing_else(store):
    with command.client(store) as other:
        refused(75, "vacuum", "--method=full", at(store), says=(str(other.pid), "close OpenCode"))
        refused(75, "convert", at(store), "--yes", says=(str(other.pid), "convert"))
        invoked(*PRUNE, at(store))
        invoked("checkpoint", at(store))
    assert len(roots(store)) == 1
    command.sound(store)


def free(store):
    with command.opened(store) as con:
        return con.execute("PRAGMA freelist_count").fetchone()[0]


def test_a_live_client_lets_space_come_back_in_steps(store):
    invoked("convert", at(store))
    with command.client(store):
        invoked(*PRUNE, at(store))
        assert free(store) > 10
        ran = invoked("vacuum", "--json", at(store))
        assert ran.json["method"] == "incremental" and free(store) == 0
    command.sound(store)


def test_a_second_run_of_ours_is_told_to_wait(store, tmp_path):
    run = command.Stepped(tmp_path / "marks", *PRUNE, at(store), wait=[2])
    run.reached(2)
    half = dump(store)
    for words in (PRUNE, ("vacuum",), ("convert",), ("checkpoint",)):
        refused(75, *words, at(store), says=("Another run", str(store)))
    assert dump(store) == half
    invoked("stats", at(store))  # who only looks may look
    run.go_on(2)
    assert run.ended().code == 0
    assert len(roots(store)) == 1
