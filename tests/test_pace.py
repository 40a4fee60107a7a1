"""No client waits long for us: every verb that writes takes the lock briefly, and leaves it long enough."""

import json
import time
from contextlib import contextmanager
from unittest import mock

import beside
import command
import pytest
from command import invoked
from opencode_lifecycle.sql import history, pace
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.cascade import execute
from opencode_lifecycle.sql.engines.sqlite import client_probe as live
from opencode_lifecycle.sql.transfer import putting, spool
from size import sized

MB = sized(10, 40, 500)
OLD = 1_600_000_000_000
WORDS = json.dumps({"type": "text", "text": "word " * 800})
OUTPUT = json.dumps({"type": "tool", "tool": "bash", "state": {"status": "completed", "output": "line " * 800,
                                                               "time": {"start": 1, "end": 2, "compacted": OLD}}})
EVENT = json.dumps({"part": {"id": "prt", "text": "word " * 800}})


def insert(con, table, rows):
    columns = list(rows[0])
    con.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                    [tuple(row.values()) for row in rows])


def session(con, id, at, parts=0, events=0, data=WORDS):
    times = {"time_created": at, "time_updated": at}
    insert(con, "session", [{"id": id, "project_id": "p", "slug": "s", "directory": "/w", "title": id, "version": "1"}
                            | times])
    insert(con, "message", [{"id": f"msg_{id}", "session_id": id, "data": '{"role":"user"}'} | times])
    if parts:
        insert(con, "part", [{"id": f"prt_{id}_{n}", "message_id": f"msg_{id}", "session_id": id, "data": data} | times
                             for n in range(parts)])
    if events:
        insert(con, "event_sequence", [{"aggregate_id": id, "seq": events - 1}])
        insert(con, "event", [{"id": f"evt_{id}_{n}", "aggregate_id": id, "seq": n,
                               "type": "message.part.updated.1", "data": EVENT} for n in range(events)])


@pytest.fixture
def store(tmp_path):
    """Half of it is one tree's event log, half are parts; one session is live."""
    path = command.planted(tmp_path / "opencode.db", trees=1)
    with command.opened(path) as con:
        con.execute("PRAGMA journal_mode = WAL").fetchall()
        con.execute("BEGIN")
        con.execute("INSERT INTO project (id, worktree, sandboxes, time_created, time_updated)"
                    " VALUES ('p', '/w', '[]', 1, 1)")
        session(con, beside.SESSION, int(time.time() * 1000))
        session(con, "ses_log", OLD, parts=20, events=MB * 125)
        for n in range(10):
            session(con, f"ses_{n}", OLD, parts=MB * 12, data=OUTPUT if n % 2 else WORDS)
        con.execute("COMMIT")
    return path


def calm(store, *words, code=0):
    """Run a verb beside a client, which must not notice."""
    with beside.writer(store) as quiet:
        time.sleep(1)
    with beside.writer(store) as met:
        ran = invoked(*words, f"--store={store}", code=code)
    waits = sorted(met["waits"])
    assert met["errors"] == []
    noise = max(quiet["waits"])
    typical, longest = waits[int(len(waits) * 0.99)], waits[-1]
    print(f"{words[0]}: {len(waits)} writes, p99 {typical * 1000:.0f} ms, longest {longest * 1000:.0f} ms, "
          f"alone {noise * 1000:.0f} ms")
    assert typical <= 0.25 + noise and longest <= 0.5 + noise, (words, typical, longest, noise)
    with command.opened(store) as con:
        kept = {one for (one,) in con.execute("SELECT content FROM todo WHERE session_id = ?", (beside.SESSION,))}
        con.execute("DELETE FROM todo WHERE session_id = ?", (beside.SESSION,))
    assert set(met["written"]) <= kept
    return ran


def rows(store):
    with command.opened(store) as con:
        return {table: sorted(con.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
                for table in ("session", "message", "part", "event", "event_sequence")}


def test_no_client_waits_long_for_a_removal_and_its_undo(store):
    before = rows(store)
    calm(store, "prune", "--days=30", "--yes")
    assert len(rows(store)["event"]) < len(before["event"])
    calm(store, "undo")
    assert rows(store) == before
    calm(store, "archive", "--older-than=30d", "--yes")


def test_no_client_waits_long_for_a_reclamation_and_its_undo(store):
    invoked("convert", "--yes", f"--store={store}")
    before = rows(store)
    calm(store, "reclaim", "--only=compacted,events", "--all-events", "--yes")
    assert rows(store)["part"] != before["part"] and len(rows(store)["event"]) < len(before["event"])
    calm(store, "vacuum")
    calm(store, "undo")
    assert rows(store)["part"] == before["part"]


def test_what_would_take_too_long_is_taken_back_and_the_lock_let_go(store):
    with stores.opened(str(store)) as place, live.watching(place.path) as probe, command.client(store):
        place.pace = pace.Pace(probe)
        with pytest.raises(pace.TooLong), place.transaction():
            while True:
                place.pace.check()
        assert not place.on.in_transaction(place.connection)
        assert 0.15 < place.pace.longest < 0.5


def test_between_two_transactions_lies_a_gap_only_while_a_client_is_there(store):
    with stores.opened(str(store)) as place, live.watching(place.path) as probe:
        place.pace = pace.Pace(probe)

        def three():
            started = time.monotonic()
            for _ in range(3):
                with place.transaction():
                    pass
            return time.monotonic() - started

        three()
        alone = three()
        with command.client(store):
            three()
            assert three() >= 3 * pace.GAP
        assert alone < 3 * pace.GAP


def test_a_tree_too_big_to_come_back_at_once_waits_for_the_client_to_close(store):
    invoked("prune", "--days=30", "--yes", f"--store={store}")
    with mock.patch.object(pace, "STRUCK", -1.0), command.client(store):
        ran = command.invoke("undo", f"--store={store}", inside=True)
    assert ran.code == 75 and "close OpenCode" in ran.sentence and "is taken back" not in ran.err
    invoked("undo", f"--store={store}")


@pytest.fixture
def grove(tmp_path):
    """Many small trees, all of which went."""
    path = command.planted(tmp_path / "opencode.db", trees=60, fresh=1)
    invoked("prune", "--days=30", "--yes", f"--store={path}")
    return path


@contextmanager
def counted(longest=None):
    """The transactions of a restoration, by trees; those that bring more than `longest` are struck."""
    came, whole = [], putting.Putting._whole

    def watched(back, trees):
        if longest and len(trees) > longest:
            raise pace.TooLong
        whole(back, trees)
        came.append(len(trees))

    with mock.patch.object(putting.Putting, "_whole", watched):
        yield came


def test_small_trees_come_back_many_at_once(grove):
    with counted() as came:
        ran = command.invoke("undo", f"--store={grove}", inside=True)
    assert ran.code == 0 and sum(came) == 59 and len(came) <= 6


def test_a_group_that_would_keep_a_client_waiting_comes_in_pieces(grove):
    with counted(longest=4) as came:
        ran = command.invoke("undo", f"--store={grove}", inside=True)
    assert ran.code == 0 and sum(came) == 59 and max(came) <= 4 and len(came) < 59


def test_a_tree_of_a_group_that_the_store_has_otherwise_stays_and_the_others_come(grove):
    invoked("undo", f"--store={grove}")
    with command.opened(grove) as con:
        con.execute("UPDATE session SET title = 'mine' WHERE id = 'ses_0007_b'")
        con.execute("DELETE FROM session WHERE id < 'ses_0007' OR id BETWEEN 'ses_0008' AND 'ses_0050'")
    (file,) = (one["file"] for one in invoked("exports", "--json").json["exports"])
    ran = invoked("restore", file, f"--store={grove}", code=3)
    assert "ses_0007_a" in ran.sentence
    with command.opened(grove) as con:
        assert con.execute("SELECT COUNT(*) FROM session").fetchone() == (180,)
        assert con.execute("SELECT COUNT(*) FROM part").fetchone() == (720,)


def test_a_tree_that_cannot_come_back_beside_a_client_is_not_tried(grove):
    with mock.patch.object(spool, "HOPELESS", 0.0), counted() as came, command.client(grove):
        ran = command.invoke("undo", f"--store={grove}", inside=True)
    assert (ran.code, came) == (75, []) and "close OpenCode" in ran.sentence
    with mock.patch.object(spool, "HOPELESS", 0.0), counted() as came:
        ran = command.invoke("undo", f"--store={grove}", inside=True)
    assert ran.code == 0 and sum(came) == 59


def test_the_history_of_an_archived_session_is_written_while_nobody_waits(grove):
    seen, recorded = [], history.recorded

    def watched(store, verb, kind, **run):
        with command.opened(grove) as con:  # raises where somebody holds the write lock
            con.execute("PRAGMA busy_timeout = 0").fetchall()
            con.execute("UPDATE session SET time_archived = 5 WHERE id = 'ses_0059_a'")
            con.commit()
        seen.append(kind)
        return recorded(store, verb, kind, **run)

    invoked("undo", f"--store={grove}")
    with mock.patch.object(history, "recorded", watched):
        ran = command.invoke("archive", "--older-than=30d", "--yes", f"--now={command.NOW}", f"--store={grove}",
                             inside=True)
    assert ran.code == 0 and seen == [history.FLAGGED], ran
    assert "Archived" in ran.err


@pytest.mark.parametrize("stubborn", [0, 1])
def test_a_batch_that_would_keep_a_client_waiting_goes_tree_by_tree(tmp_path, stubborn):
    store = command.planted(tmp_path / "opencode.db", trees=12, fresh=1)
    whole, gone = execute._Carrier._transact, []

    def watched(*words):
        if not gone or len(gone) <= stubborn:
            gone.append(None)
            raise pace.TooLong
        return whole(*words)

    with mock.patch.object(execute._Carrier, "_transact", watched), mock.patch.object(pace, "REST", 0.0):
        ran = command.invoke("prune", "--days=30", "--yes", f"--now={command.NOW}", f"--store={store}", inside=True)
    assert ran.code == 0 and "Removed 33 sessions" in ran.out
    invoked("undo", f"--store={store}")


@pytest.mark.parametrize("change", ["", "UPDATE session SET title = 'theirs' WHERE id = 'ses_0003_a'"])
def test_what_comes_between_the_look_and_the_lock_is_seen_under_the_lock(tmp_path, change):
    store = command.planted(tmp_path / "opencode.db", trees=6, fresh=1)
    before, older = rows(store), command.copy(store)
    invoked("prune", "--days=30", "--yes", f"--store={store}")
    looked, everything = [], putting.Putting._all

    def watched(back, trees):
        everything(back, trees)
        if not looked:
            looked.append(True)
            with command.opened(older) as con:
                con.execute("ATTACH ? AS store", (str(store),))
                con.execute("INSERT INTO store.session SELECT * FROM main.session WHERE id = 'ses_0003_a'")
                con.execute("DETACH store")
            with command.opened(store) as con:
                con.execute(change or "SELECT 1")

    with mock.patch.object(putting.Putting, "_all", watched):
        ran = command.invoke("undo", f"--store={store}", inside=True)
    assert ran.code == (3 if change else 0), ran
    assert (rows(store) == before) is not bool(change)
    with command.opened(store) as con:
        assert con.execute("SELECT COUNT(DISTINCT id) FROM session").fetchone() == (16 if change else 18,)
