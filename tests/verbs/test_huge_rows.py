"""What each verb takes of memory beside rows that are far larger than all others: at most one of them at a time."""

import json

import forests
import pytest
from entries import call, said
from entries import message as message_2
from forests import LONG_AGO, NOW, Recipe, Row, Session
from opencode_lifecycle.sql.engines.sqlite import driver
from peaks import peak
from size import sized

pytestmark = [pytest.mark.whole, pytest.mark.skipif(
    not driver.is_modern(), reason="this SQLite reads a value to tell how long it is")]
MB = 10**6
ROW = sized(36, 36, 300) * MB  # from 32 MB on the C library gives back at once what is freed
BESIDE = 60 * MB  # caches and slices
# Times the row that each may hold. To put a text into a row, SQLite holds it twice: the value, and the record that it
# makes of it; what came out of the file is a third copy. An undo asks in SQL whether the row is what was made of it.
# The head of an event is looked at twice by one statement, which has the text twice meanwhile.
ONCE, TWICE = 1.2, 2.2
PUT, UNDONE = 3.2, 6
LINE = 'a "line" of what a tool said \N{EM DASH}\n'


def result(size, **time):
    state = {"status": "completed", "input": {"command": "ls"}, "output": LINE * (size // len(json.dumps(LINE))),
             "title": "t", "metadata": {"exit": 0}, "time": {"start": 1, "end": 2} | time}
    return json.dumps({"type": "tool", "tool": "bash", "callID": "c", "state": state}, ensure_ascii=False)


def old(path):
    """Client 1.x: a result, one that is cleared, and an event, each in a session of its own."""
    rows = []
    for number, data in enumerate((result(ROW), result(ROW, compacted=1_700_000_000_000))):
        ids = {"session_id": f"ses_{number}", "time_updated": LONG_AGO}
        rows += [Row("message", ids | {"id": f"msg_{number}", "data": '{"role":"user"}'}),
                 Row("part", ids | {"id": f"prt_{number}", "message_id": f"msg_{number}", "data": data})]
    long, part = f"ses_{2:026}", result(ROW)
    rows += [Row("event_sequence", {"aggregate_id": long, "seq": 2}), *(Row("event", {
        "id": f"evt_{seq}", "aggregate_id": long, "seq": seq, "type": "message.part.updated.1",
        "data": f'{{"sessionID":"{long}","part":{{"id":"prt_{2:026}","n":{part}}}}}'}) for seq in (1, 2))]
    return forests.build(Recipe([Session("ses_0"), Session("ses_1"), Session(long)], rows=rows), path, "1.18.33")


def new(path):
    """Client 2.x: a message with such a result."""
    text = json.dumps(LINE * (ROW // len(json.dumps(LINE))), ensure_ascii=False)
    rows = [message_2(1, "assistant", said(call(f'[{{"type":"text","text":{text}}}]')))]
    return forests.build(Recipe([Session("ses_1", home="v2")], rows=rows), path, "v2.0-mixed-simulated")


@pytest.mark.parametrize("built", [old, new])
def test_no_verb_holds_more_than_a_row_at_a_time(tmp_path, say, built):
    path = built(tmp_path / "s.db")
    at, now, file = f"--store={path}", f"--now={NOW}", str(tmp_path / "e.json.zst")
    verbs = [("stats", ONCE, ("stats", at, now, "--json")), ("plan", ONCE, ("plan", at, now, "--days=30", "--check")),
             ("export", ONCE, ("export", at, f"--output={file}", "--json")),
             ("list", ONCE, ("restore", file, "--list", "--json"))]
    if built is old:
        verbs += [("deep", TWICE, ("stats", "--deep", at, now, "--json")),
                  ("reclaim", ONCE, ("reclaim", at, now, "--only=compacted", "--yes", "--json")),
                  ("undo reclaim", UNDONE, ("undo", at, "--yes", "--json"))]
    verbs += [("prune", ONCE, ("prune", at, now, "--days=30", "--yes", "--json")),
              ("undo prune", PUT, ("undo", at, "--yes", "--json"))]
    base, _ = peak(tmp_path, "policy", "--json")
    found = {name: peak(tmp_path, *words)[0] - base for name, _, words in verbs}
    say(f"{built.__name__}, rows of {ROW / MB:.0f} MB, beside {base / MB:.0f} MB: "
        + ", ".join(f"{name} {taken / MB:.0f}" for name, taken in found.items()))
    assert not {name: taken for name, times, _ in verbs if (taken := found[name]) > times * ROW + BESIDE}
