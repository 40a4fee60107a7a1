"""Huge results that the client has cleared are shrunk by their skeletons, to the octet what they would become whole."""

import json
import shutil
import sqlite3
from unittest import mock

import forests
import pytest
import reclaim_oracle
import wear
from cut import Cut
from nasty import RECLAIMABLE
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.engines.sqlite import driver
from opencode_lifecycle.sql.engines.sqlite import slices as sliced
from opencode_lifecycle.sql.reclamation import forecast, originals, originals_file, skeletons
from opencode_lifecycle.sql.stats import deep
from reclaimed import one_session, part, run

pytestmark = pytest.mark.skipif(not driver.is_modern(), reason="this SQLite reads a value to tell how long it is")
LONG = "long text \\n \\u00e9 é \\\" " * 12
TIME = '"time":{"start":1,"end":2,"compacted":1700000000000}'


def tool(state, more=""):
    return f'{{"type":"tool","tool":"bash","callID":"c"{more},"state":{{"status":"completed",{state},{TIME}}}}}'


# By name: the text, and whether all that is long in it goes when it is cleared: otherwise it stays as it is.
TEXTS = {
    "an output": (tool(f'"output":"{LONG}"'), True),
    "metadata and attachments": (tool(f'"output":"x","metadata":{{"output":"{LONG}","sessionId":"ses_9"}},'
                                      f'"attachments":[{{"url":"data:;base64,{LONG}"}}]'), True),
    "an output that is no text": (tool(f'"output":{{"a":["{LONG}"]}}'), True),
    "blanks between": (tool(f'"output" : "{LONG}" ').replace(",", " ,\n"), True),
    "an input": (tool(f'"input":{{"command":"{LONG}"}},"output":"y"'), False),
    "an output and a title": (tool(f'"title":"{LONG}","output":"{LONG}"'), False),
    "a link": (tool(f'"output":"y","metadata":{{"sessionId":"{LONG}"}}'), False),
    "a key that comes twice": (tool(f'"output":"y","output":"{LONG}"'), False),
    "a state that comes twice": (tool(f'"output":"{LONG}"', more=',"state":{"status":"completed"}'), False),
    "a key in another spelling": (tool(f'"out\\u0070ut":"{LONG}","output":"z"'), True),
    "a long key": (tool(f'"output":"y","metadata":{{"{LONG}":1}}'), True),
    "metadata of the part": (tool('"output":"y"', more=f',"metadata":{{"output":"{LONG}"}}'), False),
    "an output outside of the state": (tool('"output":"y"', more=f',"output":"{LONG}"'), False),
    "no JSON": (tool(f'"output":"{LONG}"') + "}", False),
    "short": (tool('"output":"a short one that goes all the same, since every part of this test is huge"'), True),
}


@pytest.fixture
def small(monkeypatch):
    """As if a hundred octets were huge."""
    for module in (skeletons, forecast, originals, deep):
        monkeypatch.setattr(module, "HUGE", 100)
    monkeypatch.setattr(skeletons, "LONG", 60)


def store(path, texts):
    return one_session(path, *(part(number, text) for number, text in enumerate(texts)))


def rows(path):
    db = driver.sqlite3.connect(str(path))
    db.text_factory = lambda octets: octets.decode("utf-8", "surrogateescape")
    found = [data for (data,) in db.execute("SELECT data FROM part ORDER BY id")]
    db.close()
    return found


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_a_skeleton_says_what_the_text_says_without_what_is_long(name, size, small):
    text, _ = TEXTS[name]
    value, more = skeletons.of(Cut(text.encode(), size=size))
    if name == "no JSON":
        assert value is None
        return
    assert LONG.encode() not in value and skeletons.WORD.encode() in value
    with sqlite3.connect(":memory:") as con:
        asked = "SELECT LENGTH(CAST(JSON_EXTRACT(?, '$.state.output') AS BLOB))"
        whole, bare = (con.execute(asked, [one]).fetchone()[0] for one in (text, value.decode()))
    assert "twice" in name or whole == bare + more


@pytest.mark.parametrize("text", [
    "plain", r"a\\n\n\"\\\"", r"\\u00e9\u00e9", r"\ud83d\ude00\u0041", "\xe9\u20ac\U0001f600",
    r"\\\\\\u0041\\\u0041", r"\/\b",
])
def test_octets_that_a_text_stands_for_are_counted_without_making_them(text):
    assert skeletons.spoken(text.encode()) == len(json.loads(f'"{text}"').encode("utf-8", "surrogatepass"))


def test_what_is_shrunk_by_its_skeleton_is_what_it_would_be_whole(tmp_path, request):
    texts = [text for text, _ in TEXTS.values()]
    path = store(tmp_path, texts)
    other = shutil.copy(path, tmp_path / "other.db")
    whole, _ = run(path, ("compacted",))
    request.getfixturevalue("small")
    sliced, _ = run(other, ("compacted",), export=tmp_path / "originals.zst")
    before, after = rows(path), rows(other)
    for (name, (text, safe)), one, two in zip(TEXTS.items(), before, after, strict=True):
        assert two == (one if safe else text), name
    gained = [plan.gains["compacted"]["rows"] for plan in (sliced, whole)]
    assert sum(safe for _, safe in TEXTS.values()) == gained[0] == gained[1] - sliced.too_large[0]
    assert sliced.too_large[1] == "prt_004" and whole.too_large[0] == 0


def test_nasty_values_come_to_the_same(tmp_path, request):
    path = store(tmp_path, [text for _, text in RECLAIMABLE])
    other = shutil.copy(path, tmp_path / "other.db")
    run(path, ("compacted",))
    request.getfixturevalue("small")
    run(other, ("compacted",))
    assert rows(other) == rows(path)


def test_a_deep_look_counts_each_huge_part_once_and_by_its_own_kind(tmp_path, request):
    texts = [text for name, (text, _) in TEXTS.items() if name != "no JSON"]  # which the head alone calls a tool
    path = store(tmp_path, [f'{{"type":"text","text":"{LONG}"}}', *texts])
    plain = deeply(path)
    request.getfixturevalue("small")
    looked = deeply(path)
    assert looked["parts"] == plain["parts"] and set(plain["parts"]) == {"text", "tool"}
    goes = looked["reclaimable"]["compacted"]
    assert 0 < goes["rows"] < plain["reclaimable"]["compacted"]["rows"]  # what is not told by its skeleton alone stays


def deeply(path):
    with stores.opened(str(path), write=False) as place:
        return deep.look(place, forecast.ReclaimRequest(("compacted",), forests.NOW, 0), 10, (), lambda done, of: None)


def test_what_was_shrunk_by_its_skeleton_comes_back_and_goes_again(tmp_path, small, monkeypatch):
    for module in (originals_file, sliced):
        monkeypatch.setattr(module, "HUGE", 100)
    path, export = store(tmp_path, [text for text, _ in TEXTS.values()]), tmp_path / "originals.zst"
    before = rows(path)
    monkeypatch.setattr(originals, "BATCH_ROWS", 1)
    with mock.patch.object(originals, "_hand_over", side_effect=AssertionError("handed over whole")):
        plan, _ = run(path, ("compacted",), export=export)
        gone = rows(path)
        with stores.opened(str(path)) as place:
            done = originals.bring_back(place, export)
        assert rows(path) == before and done.rows == {"part": plan.gains["compacted"]["rows"]}
        with stores.opened(str(path)) as place:
            assert originals.bring_back(place, export).there == done.rows["part"]
            again = originals.OriginalsRestored({})
            originals.reduce_again(place, export, (), again)
        assert rows(path) == gone and again.rows == done.rows
    db = driver.sqlite3.connect(str(path))
    db.execute("UPDATE part SET data = data || ' '")
    db.commit()
    changed = rows(path)
    with stores.opened(str(path)) as place:
        assert originals.bring_back(place, export).changed == done.rows["part"]
    assert rows(path) == changed
    db.close()


@pytest.mark.parametrize("made", ["CREATE INDEX by_data ON part (data)", "CREATE TRIGGER t AFTER UPDATE ON part BEGIN "
                                  "INSERT INTO seen VALUES (new.data); END"])
def test_a_table_that_takes_no_slices_gets_its_originals_as_they_are(tmp_path, small, monkeypatch, made):
    for module in (originals_file, sliced):
        monkeypatch.setattr(module, "HUGE", 100)
    path, export = store(tmp_path, [text for text, _ in TEXTS.values()]), tmp_path / "originals.zst"
    before = rows(path)
    run(path, ("compacted",), export=export)
    db = driver.sqlite3.connect(str(path))
    db.executescript(f"CREATE TABLE seen (data TEXT);{made}")
    db.close()
    with stores.opened(str(path)) as place:
        originals.bring_back(place, export)
    assert rows(path) == before
    db = driver.sqlite3.connect(str(path))
    assert all(data in before for (data,) in db.execute("SELECT data FROM seen"))
    db.close()


@pytest.mark.parametrize("kind", ["compacted", "outputs", "reasoning"])
@pytest.mark.parametrize("long", [60, 36])  # longer than the words that a rule knows
def test_what_each_kind_makes_of_nasty_rows_is_the_same_where_all_of_them_are_huge(tmp_path, request, kind, long):
    path = forests.build(wear.nasty_recipe(), tmp_path / "s.db", "1.18.33")
    other = shutil.copy(path, tmp_path / "other.db")
    before = rows(path)
    whole, _ = run(path, (kind,))
    request.getfixturevalue("small")
    request.getfixturevalue("monkeypatch").setattr(skeletons, "LONG", long)
    sliced, _ = run(other, (kind,), export=tmp_path / "originals.zst")
    found = list(zip(before, rows(path), rows(other), strict=True))
    assert all(two in (one, was) for was, one, two in found) and any(was != two for was, _, two in found)
    stayed = sum(one != two for _, one, two in found)
    assert stayed == sliced.too_large[0] == whole.gains[kind]["rows"] - sliced.gains[kind]["rows"]


def test_a_row_that_only_its_text_as_a_whole_could_tell_of_stays_and_is_named(tmp_path, monkeypatch):
    path = forests.build(wear.nasty_recipe(), tmp_path / "s.db", "1.18.33")
    before = reclaim_oracle.read(path)
    monkeypatch.setattr(skeletons, "LARGEST", 1)
    plan, done = run(path, ("diffs",))
    assert plan.too_large[0] > 0 and done.rows == {}
    assert reclaim_oracle.differences(before, reclaim_oracle.read(path)) == []
