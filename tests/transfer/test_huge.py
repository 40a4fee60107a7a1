"""Huge values are looked at and written in slices, and come to the same as in one piece."""

import base64
import json
import random

import command
import pytest
from command import judge_by
from cut import Cut
from forests import LONG_AGO
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.engines.sqlite import driver
from opencode_lifecycle.sql.engines.sqlite import slices as sliced
from opencode_lifecycle.sql.engines.sqlite.driver import sqlite3
from opencode_lifecycle.sql.transfer import format as exported
from opencode_lifecycle.sql.transfer import huge, restore, session_rows
from opencode_lifecycle.sql.transfer.compare import Here
from opencode_lifecycle.sql.transfer.huge import Grammar, NoJson

TEXTS = (
    '{"a":1}', ' { "a" : [ 1 , -0.5e+3, true , null ] } ', '[]', '{}', '[[],{}]', '"x"', "0", "-1", "1e400", " true ",
    r'"\u00e9\n\"\\\/"', '"\x7fé\U0001f600"', '{"a":{"b":[{"c":""}]},"a":2}', "[" * 900 + "]" * 900,
    "", " ", "{", "}", "[1,]", "[,1]", '{"a":}', '{"a"}', '{"a":1,}', '{,}', "{1:2}", "[1 2]", "01", "1.", ".5", "+1",
    "1e", "-", "tru", "truefalse", "NaN", "Infinity", '"\n"', '"\x01"', r'"\x"', r'"\u12G4"', r'"\u12', '"', '"a', "[}",
    "{]", "1 2", '{"a":1}}', '[1]x', "'a'", "\ufeff{}", "[" * 1_100 + "]" * 1_100, "a", "{a:1}", '"a" "b"', "//x\n1",
)


def holds(text: bytes, sizes) -> bool:
    grammar, at = Grammar(), 0
    try:
        while at < len(text):
            size = next(sizes)
            grammar.feed(text[at:at + size])
            at += size
        grammar.end()
    except NoJson:
        return False
    return True


@pytest.mark.parametrize("text", TEXTS)
def test_the_grammar_is_that_of_sqlite_however_a_text_is_cut(text):
    octets = text.encode()
    (wanted,) = sqlite3.connect(":memory:").execute("SELECT json_valid(?)", [text]).fetchone()
    rng = random.Random(text)
    for size in (1, 2, 3, 7, len(octets) + 1):
        assert holds(octets, iter(lambda size=size: size, None)) == bool(wanted), size
    for _ in range(20):
        assert holds(octets, iter(lambda: rng.randint(1, 9), None)) == bool(wanted)


def test_a_text_that_was_changed_at_one_place_is_judged_as_by_python():
    rng = random.Random(1)
    text = json.dumps({"type": "tool", "state": {"output": 'a "b" \\ é\n' * 3, "n": [1, 2.5e-3, True, None, {}]}})
    for _ in range(2_000):
        at = rng.randrange(len(text))
        changed = text[:at] + rng.choice('"\\{}[],:0e-.t \n' + "é") + text[at + rng.randint(0, 1):]
        octets = changed.encode()
        assert holds(octets, iter(lambda: rng.randint(1, 30), None)) == exported.is_valid(octets), changed


@pytest.mark.parametrize("octets, is_text, valid, clean", [
    ('{"a":"é"}'.encode(), True, True, True), (b'{"a":"\xff"}', True, True, False),
    (b'{"a":"\x00"}', True, False, False),
    (b'{"a":"\xc3', True, False, False), (b'{"a":1}', False, False, False), (b"text", True, False, True),
])
def test_a_value_is_known_before_it_is_written(octets, is_text, valid, clean):
    found = huge.looked_at(Cut(octets, is_text))
    assert (found.valid, found.clean, found.head[:1], found.tail) == (valid, clean, octets[:1], octets[-1:])


@pytest.mark.parametrize("size", range(1, 12))
def test_base64_of_slices_is_that_of_the_whole(size):
    octets = bytes(range(50))
    coded = huge.Coded(Cut(octets, size=size))
    assert b"".join(coded) == base64.b64encode(octets) and len(coded) == len(base64.b64encode(octets))


ODD = {
    "as the client writes it": '{"type":"text","text":"%s"}', "with blanks around it": ' {"type":"text","text":"%s"}\n',
    "a list": '["%s"]', "no JSON": '{"type":"text","text":"%s', "an escape and letters": '{"a":"\\n é %s"}',
    "a text alone": '"%s"', "as base64 begins": '{"base64":"%s"}',
}


@pytest.fixture
def store(tmp_path):
    """Rows of every table that is read in slices, short and long, as texts and as what is none."""
    path = command.planted(tmp_path / "opencode.db", trees=2, parts=1, pad=10)
    values = [text % ("y" * size) for text in ODD.values() for size in (5, 400, 5_000)]
    moments = f"{LONG_AGO}, {LONG_AGO}"
    values += ["z" * 300 + "\x00", b"\x00\x01" * 300]
    with command.opened(path) as con:
        (session, message), = con.execute("SELECT session_id, id FROM message LIMIT 1").fetchall()
        for number, value in enumerate(values):
            con.execute("INSERT INTO part (id, message_id, session_id, time_created, time_updated, data) "
                        f"VALUES (?, ?, ?, {LONG_AGO}, {LONG_AGO}, ?)", [f"prt_{number:03}", message, session, value])
            con.execute("INSERT INTO message (id, session_id, time_created, time_updated, data) VALUES "
                        f"(?, ?, {LONG_AGO}, {LONG_AGO}, ?)",
                        [f"msg_{number:03}", session, value])
        con.execute("INSERT INTO part (id, message_id, session_id, time_created, time_updated, data) VALUES "
                    f"('prt_x', ?, ?, {moments}, CAST(? AS TEXT))", [message, session, b'{"a":"%b"}' % (b"\xff" * 500)])
        con.execute("INSERT INTO part (id, message_id, session_id, time_created, time_updated, data) VALUES "
                    f"(CAST(x'ff' AS TEXT), ?, ?, {moments}, ?)", [message, session, '{"a":"' + "b" * 500 + '"}'])
    return path


@pytest.mark.skipif(not driver.is_modern(), reason="this SQLite reads a value to tell how long it is")
@pytest.mark.parametrize("suffix", [".json", ".json.zst"])
def test_an_export_in_slices_is_the_same_file(store, tmp_path, monkeypatch, suffix):
    files = []
    for at, huge_from in enumerate((8 << 20, 200)):
        monkeypatch.setattr(session_rows, "IN_SLICES", huge_from)
        files.append(tmp_path / f"{at}{suffix}")
        command.invoked("export", f"--store={store}", f"--output={files[-1]}", "--yes", inside=True)
    assert files[0].read_bytes() == files[1].read_bytes()
    monkeypatch.setattr(session_rows, "IN_SLICES", 200)
    before = command.dump(store)
    with stores.opened(str(store)) as place:
        facing = restore.compare(place, files[0], restore.contents(files[0], place))
        assert facing and all(one.equal for one in facing)
        here = [(one.session, Here(place)) for one in facing]
        for session, found in here:
            found.look(session)
            assert found.fingerprint() == restore.stored(files[0])[session]
    assert command.dump(store) == before


@pytest.mark.skipif(not driver.is_modern(), reason="this SQLite reads a value to tell how long it is")
def test_a_row_whose_id_is_not_its_own_is_refused_and_not_mistaken_for_another(store, tmp_path, monkeypatch):
    monkeypatch.setattr(session_rows, "IN_SLICES", 200)
    with command.opened(store) as con:
        con.execute("PRAGMA foreign_keys = OFF")
        con.execute("INSERT INTO part SELECT NULL, message_id, session_id, 1, 2, data FROM part WHERE id = 'prt_x'")
        con.execute("INSERT INTO part SELECT NULL, message_id, session_id, 1, 2, data FROM part WHERE id = 'prt_x'")
    ran = command.invoke("export", f"--store={store}", f"--output={tmp_path / 'x.json'}", "--yes", inside=True)
    assert ran.code == 1 and "not its own alone" in ran.err


@pytest.mark.skipif(not driver.is_modern(), reason="this SQLite reads a value to tell how long it is")
def test_what_comes_back_in_slices_is_what_went_octet_by_octet(store, tmp_path, monkeypatch):
    before = command.dump(store)
    monkeypatch.setattr(session_rows, "IN_SLICES", 200)
    monkeypatch.setattr(sliced, "HUGE", 200)
    monkeypatch.setattr(sliced, "SLICE", 77)
    done = command.invoked("prune", f"--store={store}", "--days=1", "--yes", "--json", judge_by(), inside=True).json
    assert done["applied"]["rows"]["part"] > 20
    command.invoked("undo", f"--store={store}", "--yes", inside=True)
    assert command.dump(store) == before


@pytest.mark.skipif(not driver.is_modern(), reason="this SQLite reads a value to tell how long it is")
@pytest.mark.parametrize("made", [
    "CREATE INDEX by_data ON part (data)", "CREATE INDEX by_type ON part (json_extract(data, '$.type'))",
])
def test_a_table_that_takes_no_slices_gets_the_value_as_a_whole(tmp_path, monkeypatch, made):
    path = command.planted(tmp_path / "opencode.db", trees=2, parts=2, pad=500)
    with command.opened(path) as con:
        con.execute(made)
    before = command.dump(path)
    monkeypatch.setattr(sliced, "HUGE", 200)
    command.invoked("prune", f"--store={path}", "--days=1", "--yes", judge_by(), inside=True)
    command.invoked("undo", f"--store={path}", "--yes", inside=True)
    assert command.dump(path) == before
