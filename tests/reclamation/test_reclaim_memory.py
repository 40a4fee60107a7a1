"""What a reclamation and its undo take of memory: no more for a longer log, and a few times the largest row."""

import json
import sqlite3
from unittest import mock

import forests
import pytest
import reclaim_oracle
from entries import call, message, said
from forests import LONG_AGO, NOW, Recipe, Row, Session
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import execute
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from peaks import peak
from reclaimed import to_reclaim

pytestmark = pytest.mark.whole

MB = 10**6
BEYOND = 250 * MB                                # what a run may take beside five times its largest row


def logged(sessions, events):
    """Sessions whose logs update every other part four times."""
    found = []
    for session in range(sessions):
        found.append(Row("event_sequence", {"aggregate_id": f"ses_{session}", "seq": events}))
        found += [Row("event", {"id": f"evt_{session:03}_{n:03}", "aggregate_id": f"ses_{session}", "seq": n,
                                "type": "message.part.updated.1",
                                "data": f'{{"sessionID":"s","part":{{"id":"prt_{n % (events // 4)}"}}}}'})
                  for n in range(events)]
    return forests.Recipe([Session(f"ses_{n}") for n in range(sessions)], rows=found)


@pytest.mark.parametrize("all_events", [False, True])
@pytest.mark.parametrize("at_once", [1, 25, 45])
def test_a_log_that_is_read_in_stretches_loses_the_same_events(tmp_path, at_once, all_events):
    path = forests.build(logged(5, 20), tmp_path / "s.db", "1.18.33")
    expected = reclaim_oracle.reclaimed(reclaim_oracle.read(path), ("events",), NOW, 0, all_events)
    with mock.patch.object(reclaim, "EVENTS_AT_ONCE", at_once), mock.patch.object(reclaim, "BATCH_ROWS", 7):
        plan, done = run(path, all_events)
        assert reclaim_oracle.differences(expected, reclaim_oracle.read(path)) == []
        assert done.gains == plan.gains and plan.gains["events"]["rows"] == (100 if all_events else 75)
        assert run(path, all_events)[0].empty is True


def test_an_event_that_comes_after_the_forecast_of_its_stretch_is_reckoned_with(tmp_path):
    path = forests.build(logged(3, 20), tmp_path / "s.db", "1.18.33")
    with mock.patch.object(reclaim, "EVENTS_AT_ONCE", 20), store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(("events",), NOW, 0, False))
        with sqlite3.connect(path) as con:
            con.execute("INSERT INTO event (id, aggregate_id, seq, type, data) SELECT 'evt_0', aggregate_id, 99, type, "
                        "data FROM event WHERE id = 'evt_001_019'")
            before = con.execute("SELECT SUM(LENGTH(data)) FROM event").fetchone()[0]
        done = execute.run(place, plan, None, "", lambda _: None)
    with sqlite3.connect(path) as con:
        left = {id for (id,) in con.execute("SELECT id FROM event WHERE aggregate_id = 'ses_1'")}
        assert "evt_0" in left and con.execute("SELECT COUNT(*), SUM(LENGTH(data)) FROM event").fetchone() == \
            (61 - done.gains["events"]["rows"], before - done.gains["events"]["bytes"])


def run(path, all_events):
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(("events",), NOW, 0, all_events))
        return plan, execute.run(place, plan, None, "", lambda _: None)


def test_a_huge_row_is_shrunk_exported_and_brought_back_within_five_times_its_size(tmp_path, say):
    size = 40 * MB
    line = 'a "line" of what a tool said \N{EM DASH}\n'
    text = json.dumps({"type": "tool", "tool": "bash", "state": {
        "status": "completed", "input": {}, "output": line * (size // len(json.dumps(line))), "metadata": {"exit": 0},
        "title": "t", "time": {"start": 1, "end": 2, "compacted": 1700000000000}}}, ensure_ascii=False)
    size = len(text.encode())
    rows = [Row("message", {"id": "msg_1", "session_id": "ses_1", "time_updated": LONG_AGO, "data": "{}"}),
            Row("part", {"id": "prt_1", "message_id": "msg_1", "session_id": "ses_1", "time_updated": LONG_AGO,
                         "data": text})]
    path = forests.build(Recipe([Session("ses_1")], rows=rows), tmp_path / "s.db", "1.18.33")
    there, facts = peak(tmp_path, "reclaim", f"--store={path}", "--only=compacted", f"--now={NOW}", "--yes", "--json")
    assert facts["applied"]["rows"] == {"part": 1} and facts["applied"]["bytes"] > size * 0.99
    back, facts = peak(tmp_path, "undo", f"--store={path}", "--json")
    assert facts["rows"] == {"part": 1}
    with sqlite3.connect(path) as con:
        assert con.execute("SELECT data FROM part").fetchone()[0] == text
    say(f"a row of {size / MB:.0f} MB: {there / MB:.0f} MB to reclaim it, {back / MB:.0f} MB to bring it back")
    assert max(there, back) <= BEYOND + 5 * size


# Of a message of 2.x every result is taken apart and put together by itself: what counts beside the message is its
# largest entry.
@pytest.mark.parametrize(("results", "largest", "thought", "times"), [(40, 500_000, 0, 5), (1, 10 * MB, 10 * MB, 9)])
def test_messages_of_20_mb_are_cleared_within_a_few_times_their_size(
        tmp_path, say, results, largest, thought, times):
    line = 'a "line" of what a tool said \N{EM DASH}\n'
    text = json.dumps(line * (largest // len(json.dumps(line))), ensure_ascii=False)
    answers = [call(f'[{{"type":"text","text":{text}}}]', state=',"metadata":{"exit":0}')] * results
    reasoning = f'{{"type":"reasoning","text":"{"why " * (thought // 4)}","native":{{"id":"x"}}}}'
    data = said(*answers, reasoning)
    rows = [message(number, "assistant", data) for number in range(3)]
    rows += [message(7, "compaction", '{"status":"completed","summary":"s"}'), message(8, "user", "{}"),
             message(9, "user", "{}")]
    path = forests.build(Recipe([Session("ses_1", home="v2")], rows=rows), tmp_path / "s.db", "v2.0-mixed-simulated")
    taken, facts = peak(tmp_path, "reclaim", f"--store={path}", "--only=outputs,reasoning", f"--now={NOW}", "--yes",
                        "--json")
    size = len(data.encode())
    assert facts["applied"]["kinds"]["outputs"]["rows"] == facts["applied"]["kinds"]["reasoning"]["rows"] == 3
    assert all(gain["bytes"] == facts["kinds"][kind]["bytes"] for kind, gain in facts["applied"]["kinds"].items())
    assert facts["applied"]["bytes"] > 3 * size * 0.99
    say(f"three messages of {size / MB:.0f} MB, each with {results} results: {taken / MB:.0f} MB")
    assert taken <= BEYOND + times * size


@pytest.mark.full
def test_memory_is_the_same_for_three_times_as_many_events(tmp_path, say):
    peaks = []
    for sessions in (300, 900):
        empty = Recipe([Session(f"ses_{n}") for n in range(sessions)])
        path = forests.build(empty, tmp_path / f"{sessions}.db", "1.18.33")
        with sqlite3.connect(path) as con:
            con.executemany("INSERT INTO event_sequence (aggregate_id, seq) VALUES (?, 1000)",
                            [(f"ses_{n}",) for n in range(sessions)])
            con.executemany("INSERT INTO event (id, aggregate_id, seq, type, data) VALUES (?, ?, ?, ?, ?)", (
                (f"evt_{n:024}{seq:06}", f"ses_{n}", seq, "message.part.updated.1",
                 f'{{"sessionID":"s","part":{{"id":"prt_{seq // 3:026}"}}}}')
                for n in range(sessions) for seq in range(1_000)))
        taken, facts = peak(tmp_path, "reclaim", f"--store={path}", "--only=events", f"--now={NOW}", "--yes", "--json")
        assert facts["applied"]["rows"]["event"] == sessions * 666
        peaks.append(taken)
    say(f"{peaks[0] / MB:.0f} MB for 300,000 events, {peaks[1] / MB:.0f} MB for 900,000")
    assert peaks[1] <= min(BEYOND, peaks[0] * 1.1)
