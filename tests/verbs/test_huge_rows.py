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
SIZES = sized([36], [36], [50, 300, 900])  # MB: from 32 on the C library gives back what is freed
TIMES, BESIDE = 1.2, 150 * MB  # what a process of any verb may hold: so often the row, and so much beside it
LINE = json.dumps('a "line" of what a tool said \N{EM DASH}\n', ensure_ascii=False)[1:-1]


def long(size):
    return LINE * (size // len(LINE.encode()))


def result(size, time=',"compacted":1700000000000'):
    return (f'{{"type":"tool","tool":"bash","callID":"c","state":{{"status":"completed","input":{{"command":"ls"}},'
            f'"output":"{long(size)}","title":"t","metadata":{{"exit":0}},"time":{{"start":1,"end":2{time}}}}}}}')


def cleared(path, size):
    """Client 1.x: a result that the client has cleared."""
    ids = {"session_id": "ses_1", "time_updated": LONG_AGO}
    rows = [Row("message", ids | {"id": "msg_1", "data": '{"role":"user"}'}),
            Row("part", ids | {"id": "prt_1", "message_id": "msg_1", "data": result(size)})]
    return forests.build(Recipe([Session("ses_1")], rows=rows), path, "1.18.33")


def logged(path, size):
    """Client 1.x: an event with a result."""
    session, part = f"ses_{1:026}", f"prt_{1:026}"
    rows = [Row("event_sequence", {"aggregate_id": session, "seq": 1}), Row("event", {
        "id": "evt_1", "aggregate_id": session, "seq": 1, "type": "message.part.updated.1",
        "data": f'{{"sessionID":"{session}","part":{{"id":"{part}","n":{result(size)}}}}}'})]
    return forests.build(Recipe([Session(session)], rows=rows), path, "1.18.33")


def spoken(path, size):
    """Client 2.x: a message with such a result."""
    rows = [message_2(1, "assistant", said(call(f'[{{"type":"text","text":"{long(size)}"}}]')))]
    return forests.build(Recipe([Session("ses_1", home="v2")], rows=rows), path, "v2.0-mixed-simulated")


LOOKS = {"stats": ("stats", "--json"), "plan": ("plan", "--days=30", "--check"), "deep": ("stats", "--deep", "--json"),
         "export": ("export", "--output={file}", "--json"), "list": ("restore", "{file}", "--list", "--json")}
CLEARS = {"reclaim": ("reclaim", "--only=compacted", "--yes", "--json"), "undo reclaim": ("undo", "--json"),
          "undo that": ("undo", "--run=2", "--yes", "--json")}
REMOVES = {"prune": ("prune", "--days=30", "--yes", "--json"), "undo prune": ("undo", "--json")}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("built, verbs", [
    (cleared, LOOKS | CLEARS | REMOVES), (logged, {"deep": LOOKS["deep"]} | REMOVES), (spoken, LOOKS | REMOVES)])
def test_no_verb_holds_more_than_a_row_at_a_time(tmp_path, say, built, verbs, size):
    path, row = built(tmp_path / "s.db", size * MB), size * MB
    found = {}
    for name, (verb, *flags) in verbs.items():
        place = [] if name == "list" else [f"--store={path}"]
        now = [] if verb in ("restore", "undo", "export") else [f"--now={NOW}"]
        found[name] = peak(tmp_path, verb, *(flag.format(file=tmp_path / "e.json.zst") for flag in flags), *place, *now)
    base, _ = peak(tmp_path, "policy", "--json")
    say(f"{built.__name__}, a row of {size} MB: " + ", ".join(
        f"{name} {taken / MB:.0f} MB" for name, (taken, _) in found.items())
        + f"; a process that does nothing {base / MB:.0f} MB")
    assert not {name: taken for name, (taken, _) in found.items() if taken > TIMES * row + BESIDE}
    for name in found.keys() & CLEARS.keys():
        assert found[name][1].get("applied", found[name][1])["rows"] == {"part": 1}
    assert found["undo prune"][1]["rows"]["session_v2" if built is spoken else "session"] == 1
