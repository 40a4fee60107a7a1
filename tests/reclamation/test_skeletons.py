"""Huge results that the client has cleared are shrunk by their skeletons, to the octet what they would become whole."""

import shutil

import pytest
from cut import Cut
from nasty import RECLAIMABLE
from opencode_lifecycle.sql.engines.sqlite import driver
from opencode_lifecycle.sql.reclamation import execute, forecast, originals, skeletons
from opencode_lifecycle.sql.stats import deep
from reclaimed import one_session, part, run

pytestmark = pytest.mark.skipif(not driver.is_modern(), reason="this SQLite reads a value to tell how long it is")
LONG = "long text \\n \\u00e9 é \\\" " * 12
TIME = '"time":{"start":1,"end":2,"compacted":1700000000000}'


def tool(state, more=""):
    return f'{{"type":"tool","tool":"bash","callID":"c"{more},"state":{{"status":"completed",{state},{TIME}}}}}'


# By name: the text, and whether all that is long in it goes when it is cleared.
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
    "a key in another spelling": (tool(f'"out\\u0070ut":"{LONG}","output":"z"'), False),
    "a long key": (tool(f'"output":"y","metadata":{{"{LONG}":1}}'), False),
    "metadata of the part": (tool('"output":"y"', more=f',"metadata":{{"output":"{LONG}"}}'), False),
    "an output outside of the state": (tool('"output":"y"', more=f',"output":"{LONG}"'), False),
    "no JSON": (tool(f'"output":"{LONG}"') + "}", False),
    "short": (tool('"output":"a short one that goes all the same, since every part of this test is huge"'), True),
}


@pytest.fixture
def small(monkeypatch):
    """As if a hundred octets were huge."""
    for module in (skeletons, forecast, execute, originals, deep):
        monkeypatch.setattr(module, "HUGE", 100)
    monkeypatch.setattr(skeletons, "LONG", 60)


def store(path, texts):
    return one_session(path, *(part(number, text) for number, text in enumerate(texts)))


def rows(path):
    db = driver.sqlite3.connect(str(path))
    found = [data for (data,) in db.execute("SELECT data FROM part ORDER BY id")]
    db.close()
    return found


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_a_skeleton_knows_whether_it_may_stand_for_the_text(name, size, small):
    text, safe = TEXTS[name]
    value, found = skeletons.of(Cut(text.encode(), size=size))
    assert found is safe
    assert value is None if name == "no JSON" else LONG.encode() not in value and len(value) < len(text.encode())


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
