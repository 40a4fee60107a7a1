"""An export holds every row as it was stored, and each element is what the client imports."""

import io
import json
import shutil
from pathlib import Path

import command
import forests
import nasty
import odd_values
import pytest
from exports_at_hand import *  # noqa: F403
from exports_at_hand import SUFFIXES, document, exported
from forests import Recipe, Row, Session
from hypothesis import given
from hypothesis import strategies as st
from opencode_lifecycle.sql.catalog import Owned
from opencode_lifecycle.sql.transfer import format as element
from opencode_lifecycle.sql.transfer import reader as intake
from places import STORES

# --- what is in it -------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_export_is_a_json_array_of_sessions_parents_before_children(grove, tmp_path, suffix):
    done = exported(grove, tmp_path / f"e{suffix}")
    found = document(done.path)
    assert [one["info"]["id"] for one in found] == [f"ses_{n:04}_{place}" for n in range(6) for place in "abc"]
    assert {one["lifecycle"]["unit"] for one in found[:3]} == {"ses_0000_a"}
    assert found[0]["messages"][0]["info"]["role"] == "assistant"
    assert [len(message["parts"]) for message in found[0]["messages"]] == [3]
    assert all(one["seal"]["importable"] for one in found)
    assert done.rows == {"project": 18, "session": 18, "message": 18, "part": 54, "event_sequence": 18, "event": 36,
                         "todo": 18}
    assert mode_of(done.path) == 0o600


def mode_of(path):
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("store", sorted(STORES.glob("*.db")), ids=lambda path: path.stem)
def test_valid_json_stands_in_the_file_once_as_it_is(store, tmp_path):
    (tmp_path / "store").mkdir()
    here = shutil.copy(store, tmp_path / "store" / "opencode.db")
    octets = exported(here, tmp_path / "e.json").path.read_bytes()
    with command.opened(here) as con:
        for table in ("part", "message"):
            for (data,) in con.execute(f"SELECT CAST(data AS BLOB) FROM {table}"):
                assert data[1:-1] in octets
    assert len(json.loads(octets)) == len(command.sessions_of(here))


def test_secrets_are_in_no_export(grove, tmp_path):
    with command.opened(grove) as con:
        con.execute("INSERT INTO account VALUES ('a', 'e', 'u', 'TOPSECRET', 'TOPSECRET', 1, 1, 1)")
        con.execute("INSERT INTO credential (id, label, value, time_created, time_updated)"
                    " VALUES ('c', 'l', 'TOPSECRET', 1, 1)")
    assert b"TOPSECRET" not in exported(grove, tmp_path / "e.json").path.read_bytes()


def test_what_is_no_json_stands_as_base64_and_marks_its_session(tmp_path):
    rows = [Row("message", {"id": "msg_a", "session_id": "ses_a", "data": odd_values.DONE}),
            Row("message", {"id": "msg_b", "session_id": "ses_b", "data": odd_values.DONE}),
            Row("part", {"id": "prt_a", "message_id": "msg_a", "session_id": "ses_a", "data": "not json"}),
            Row("part", {"id": "prt_b", "message_id": "msg_b", "session_id": "ses_b", "data": odd_values.PARTS[0]})]
    store = forests.build(Recipe([Session("ses_a"), Session("ses_b")], rows=rows), tmp_path / "s.db", "1.18.33")
    first, second = document(exported(store, tmp_path / "e.json").path)
    assert (first["seal"]["importable"], second["seal"]["importable"]) == (False, True)
    part = first["messages"][0]["parts"][0]
    assert part["lifecycle"]["json"]["data"] == {"base64": "bm90IGpzb24=", "type": "text"}


VALUES = st.one_of(
    st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.binary(max_size=40),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(lambda text: bytearray(text.encode())),
    st.binary(max_size=40).map(bytearray),
    st.sampled_from([bytearray(text) for _, text in (*nasty.NASTY, *nasty.INVALID_UTF8)]
                    + [blob for _, blob in nasty.BLOBS]
                    + [float("inf"), bytearray(b'{"base64":"AA==","type":"blob"}')]))


ROWS = st.fixed_dictionaries({"id": VALUES, "data": VALUES, 'odd "name"\n': VALUES})


@given(st.lists(ROWS, max_size=4), st.booleans())
def test_every_value_comes_back_with_its_type(rows, merging):
    table = Owned("part", "session_id", ("id", "data", 'odd "name"\n'), ("data",))
    encode = element.encoder(table, merging)
    for row in rows:
        text = row["data"]
        said = int(isinstance(text, bytearray) and 0 not in text and element.is_valid(text))
        pieces = encode([*(row[column] for column in table.columns), said], b'"id":"x"')
        written = joined(pieces)
        json.loads(written)
        assert reread(written + b"\n", len(intake.ITEM) if merging else 0) == row


ASCII = st.characters(min_codepoint=1, max_codepoint=126)
PLAIN = st.text(ASCII, max_size=9).map(lambda text: bytearray(text, "ascii"))
USUAL = st.fixed_dictionaries({
    "id": PLAIN, "seq": st.one_of(st.integers(), st.none()), 'odd "%d"\n': PLAIN,
    "data": st.one_of(PLAIN, st.sampled_from([b'{"a":1}', b"[]", b"{}", b'{"a":"\\u0000"}', '{"ä":"🚀"}'.encode(),
                                              b'{"base64":"AA==","type":"blob"}']).map(bytearray))})


@given(st.lists(USUAL, max_size=4), st.booleans())
def test_the_quick_way_writes_what_the_close_look_writes(rows, merging):
    table = Owned("part", "session_id", ("id", "seq", 'odd "%d"\n', "data"), ("data",))
    seen = []
    encode, closely = element.encoder(table, merging, lambda: seen.append(False)), element._closely(table, merging)
    for row in rows:
        given = [*row.values(), int(element.is_valid(row["data"]))]
        pieces, sound = closely(given, b'"id":"x"')
        assert joined(encode(given, b'"id":"x"')) == joined(pieces) and (not seen) == sound
        seen.clear()


def test_a_row_of_the_usual_shape_goes_the_quick_way():
    table = Owned("event", "aggregate_id", ("id", "seq", "type", "data"), ("data",))
    row = (bytearray(b"evt_1"), 7, bytearray(b"message.updated.1"), bytearray(b'{"a":1}'), 1)
    for merging in (False, True):
        shape = element._usual(table, tuple(map(type, row)), merging)
        assert joined(shape(row, b'"id":1')) == joined(element._closely(table, merging)(row, b'"id":1')[0])


def joined(pieces):
    return b"".join(bytes(piece) for piece in pieces)


def reread(octets, start):
    tape = intake._Tape(io.BytesIO(octets), Path("e.json"))
    found = intake._row(tape, tape.text(), start)
    return {name: bytearray(found[name].encode()) if isinstance(found[name], str) else found[name]
            for name in ("id", "data", 'odd "name"\n')}
