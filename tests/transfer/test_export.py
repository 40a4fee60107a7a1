"""An export holds every row as it was stored, each element is what the client imports, and damage is found by name."""

import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import command
import forests
import moments
import nasty
import odd_values
import oracle
import pytest
from command import dump, invoked, judge_by, refused
from forests import LONG_AGO, NOW, Recipe, Row, Session
from hypothesis import given
from hypothesis import strategies as st
from opencode_lifecycle.sql.cascade import removal as prune
from opencode_lifecycle.sql.catalog import Owned
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.store import opened
from opencode_lifecycle.sql.transfer import export, packing, restore
from opencode_lifecycle.sql.transfer import format as element
from opencode_lifecycle.sql.transfer import reader as intake
from opencode_lifecycle.sql.transfer import session_rows as source
from places import STORES
from product import question_of, told
from size import sized

SUFFIXES = (".json", ".json.gz", ".json.zst")
PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--json")


def exported(store, path, **more):
    with opened(str(store)) as place:
        source.find_trees(place)
        return export.write(place, source.trees(place), Path(path), lambda done, of: None, **more)


def document(path):
    with packing.reading(Path(path)) as file:
        return json.load(file)


@pytest.fixture
def grove(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=6, parts=3, pad=300)


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


# --- damage --------------------------------------------------------------------------------------


def damage(octets, number, seed=7):
    """So many copies cut short, and as many with one octet flipped."""
    chance = random.Random(seed)
    for _ in range(number):
        yield octets[:chance.randrange(len(octets))]
        at = chance.randrange(len(octets))
        yield octets[:at] + bytes([octets[at] ^ 1 << chance.randrange(8)]) + octets[at + 1:]
    for short in range(1, 12):
        yield octets[:-short]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_export_that_is_damaged_anywhere_is_refused_by_name(grove, tmp_path, suffix):
    whole = exported(grove, tmp_path / f"e{suffix}").path
    held, octets, broken = restore.contents(whole), whole.read_bytes(), tmp_path / f"broken{suffix}"
    for copy in damage(octets, sized(30, 120, 400)):
        broken.write_bytes(copy)
        try:
            found = restore.contents(broken)
        except Refusal as refusal:
            assert str(broken) in str(refusal) and refusal.code in (1, 64, 78)
        else:  # a bit of the packing's head that says nothing about what is packed
            assert suffix != ".json" and len(copy) == len(octets) and found == held


def test_nothing_of_a_damaged_export_is_restored(grove, tmp_path):
    file = exported(grove, tmp_path / "e.json").path
    empty = command.planted(tmp_path / "store" / "empty.db", trees=0)
    before = dump(empty)
    octets = bytearray(file.read_bytes())
    octets[-200] ^= 1
    file.write_bytes(octets)
    refused(1, "restore", file, f"--store={empty}", says=("damaged", str(file)))
    assert dump(empty) == before


@pytest.mark.parametrize("octets", [b"", b"{}", b"[]", b"null", b"[\n", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xff" * 99,
                                    b'[\n{"lifecycle":{"format":1}', b'{"info":{},"messages":[]}'])
def test_garbage_is_refused_by_name(grove, tmp_path, octets):
    file = tmp_path / "garbage.json"
    file.write_bytes(octets)
    with pytest.raises(Refusal, match="garbage.json"):
        restore.contents(file)


def test_a_format_of_a_later_version_is_refused(grove, tmp_path):
    file = exported(grove, tmp_path / "e.json").path
    file.write_bytes(file.read_bytes().replace(b'"format":1', b'"format":2'))
    refused(78, "restore", file, f"--store={grove}", says=("format 2", "update"))


# --- before a removal ----------------------------------------------------------------------------


def test_a_prune_exports_what_it_removes_and_undo_brings_it_back(grove):
    before = dump(grove)
    done = invoked(*PRUNE, f"--store={grove}").json["applied"]
    assert done["sessions"] == 15 and len(restore.contents(Path(done["export"]))) == 15
    assert len(command.sessions_of(grove)) == 3
    invoked("undo", f"--store={grove}")
    assert dump(grove) == before
    command.sound(grove)
    tomorrow = int(time.time() * 1000) + moments.DAY
    ran = invoked("prune", "--days=30", judge_by(tomorrow), "--yes", "--json", f"--store={grove}")
    assert ran.json["remove"] == []
    assert [run["verb"] for run in invoked("history", "--json", f"--store={grove}").json["runs"]] == ["prune", "undo"]


def test_a_restored_tree_without_a_pin_may_go_again(grove):
    invoked(*PRUNE, f"--store={grove}")
    invoked("undo", "--no-pin", f"--store={grove}")
    assert invoked(*PRUNE, f"--store={grove}").json["applied"]["sessions"] == 15


def test_no_export_leaves_none_and_cannot_be_undone(grove):
    done = invoked(*PRUNE, "--no-export", f"--store={grove}")
    assert done.json["applied"]["export"] is None
    assert invoked("exports", "--json").json["exports"] == []
    refused(64, "undo", f"--store={grove}", says="without an export")


def test_the_head_of_a_plan_says_whether_an_export_is_made(grove):
    ran = invoked("plan", "--days=30", judge_by(), f"--store={grove}")
    assert "-- Export:    made by `apply` before the first batch, unless --no-export" in ran.out.splitlines()


@pytest.mark.parametrize("where", ["folder", "suffix", "there", "both"])
def test_an_export_that_cannot_be_written_stops_the_run_before_the_first_row(grove, tmp_path, where):
    before = dump(grove)
    (tmp_path / "there.json").touch()
    flags, code, said = {
        "folder": ([f"--export={tmp_path}/none/e.json"], 1, "does not exist"),
        "suffix": ([f"--export={tmp_path}/e.txt"], 64, ".json.zst"),
        "there": ([f"--export={tmp_path}/there.json"], 64, "exists already"),
        "both": ([f"--export={tmp_path}/e.json", "--no-export"], 64, "exclude each other"),
    }[where]
    refused(code, *PRUNE, *flags, f"--store={grove}", says=said, alone=False)
    assert dump(grove) == before


def test_a_full_disk_stops_the_run_before_the_first_row(tmp_path):
    (tmp_path / "store").mkdir()
    store = forests.build(Recipe(
        [Session("ses_a")],
        rows=[Row("message", {"id": "msg_a", "session_id": "ses_a", "data": odd_values.DONE})] + [
            Row("part", {"id": f"prt_{n}", "message_id": "msg_a", "session_id": "ses_a",
                         "data": json.dumps({"type": "text", "text": random.Random(n).randbytes(40_000).hex()})})
            for n in range(60)]), tmp_path / "store" / "opencode.db", "1.18.33")
    before = dump(store)
    with command.small_disk(tmp_path / "disk", "1m") as disk:
        refused(1, *PRUNE, f"--export={disk}/e.json.zst", f"--store={store}", says="the disk is full", alone=False)
        assert list(disk.iterdir()) == []
        refused(1, *PRUNE, f"--export={disk}/e.json", f"--store={store}", says="needs about", alone=False)
    assert dump(store) == before


def test_a_folder_that_cannot_be_written_stops_the_run_before_the_first_row(grove, tmp_path):
    before, folder = dump(grove), tmp_path / "closed"
    folder.mkdir()
    with command.read_only(folder):
        refused(1, *PRUNE, f"--export={folder}/e.json", f"--store={grove}", says=str(folder), alone=False)
    assert dump(grove) == before


def test_an_export_that_reads_back_otherwise_stops_the_run(grove, monkeypatch, tmp_path):
    def spoiled(handle):
        path = Path(f"/proc/self/fd/{handle}").readlink()
        octets = bytearray(path.read_bytes())
        octets[len(octets) // 2] ^= 4
        path.write_bytes(octets)

    if not sys.platform.startswith("linux"):
        pytest.skip("asks /proc for the file's name")
    monkeypatch.setattr(packing, "_drop_page_cache", spoiled)
    with pytest.raises(Refusal, match="is damaged"):
        exported(grove, tmp_path / "e.json")
    assert list(tmp_path.glob("*e.json*")) == [] and list(tmp_path.glob(".*")) == []


def test_a_tree_that_changed_between_plan_and_export_is_spared(grove, tmp_path):
    plan = tmp_path / "plan.sql"
    invoked("plan", "--days=30", judge_by(), f"--out={plan}", f"--store={grove}")
    with command.opened(grove) as con:
        con.execute("UPDATE part SET time_updated = ? WHERE id = 'prt_ses_0002_b_0'", [NOW])
        con.execute("DELETE FROM todo WHERE session_id = 'ses_0003_c'")
    done = invoked("apply", plan, "--yes", "--json", f"--store={grove}").json["applied"]
    assert done["spared_why"] == {"ses_0002_a": "changed", "ses_0003_a": "changed"}
    assert done["sessions"] == 9


def test_a_tree_that_was_otherwise_only_while_it_was_exported_is_spared(grove, tmp_path, monkeypatch):
    """Changed before its export and changed back after it: the guard sees what the plan saw, the export did not."""
    asked = oracle.Policy(max_age_ms=30 * moments.DAY)
    export_plan = prune.export_plan

    def disturbed(store, script, path, progress):
        with command.opened(grove) as con:
            con.execute("UPDATE part SET time_updated = ? WHERE id = 'prt_ses_0001_a_0'", [NOW])
            try:
                return export_plan(store, script, path, progress)
            finally:
                con.execute("UPDATE part SET time_updated = ? WHERE id = 'prt_ses_0001_a_0'", [LONG_AGO])

    monkeypatch.setattr(prune, "export_plan", disturbed)
    with opened(str(grove)) as place, told(asked):
        _, script = prune.plan(place, question_of(asked, NOW))
        done = prune.run(place, script, None, "prune", "", lambda batch: None, tmp_path / "e.json")
    assert done.outcome.spared == {"ses_0001_a": "changed"}
    assert {id for id in command.sessions_of(grove) if id.startswith("ses_0001")} == {
        "ses_0001_a", "ses_0001_b", "ses_0001_c"}


def test_a_prompt_that_lands_after_its_tree_was_exported_spares_the_tree(grove, tmp_path, monkeypatch):
    asked, export_plan = oracle.Policy(max_age_ms=30 * moments.DAY), prune.export_plan

    def then_prompted(*words):
        found = export_plan(*words)
        with command.opened(grove) as con:
            con.execute("INSERT INTO message VALUES ('msg_new', 'ses_0004_b', ?, ?, '{}')", [NOW, NOW])
        return found

    monkeypatch.setattr(prune, "export_plan", then_prompted)
    with opened(str(grove)) as place, told(asked):
        _, script = prune.plan(place, question_of(asked, NOW))
        done = prune.run(place, script, None, "prune", "", lambda batch: None, tmp_path / "e.json")
    assert done.outcome.spared == {"ses_0004_a": "changed"}


KILLS = sized(2, 5, 30)


def test_a_prune_killed_at_any_moment_has_removed_nothing_or_can_be_undone(tmp_path):
    (tmp_path / "store").mkdir()
    original = command.planted(tmp_path / "store" / "opencode.db", trees=60, parts=20, pad=4_000)
    before, chance, exporting, removing = dump(original), random.Random(4), 0, 0
    for number in range(KILLS):
        store, file = command.copy(original), tmp_path / f"{number}.json.zst"
        run = command.Stepped(tmp_path / f"marks-{number}", *PRUNE, f"--export={file}", f"--store={store}", rows=90)
        if number % 3:
            run.reached(chance.randint(2, 50))
        else:
            ends = time.monotonic() + 60
            while not list(tmp_path.glob(f".{number}.json*")) and not file.exists() and time.monotonic() < ends:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.1))
        run.kill()
        gone = command.whole_trees(original, store)
        exporting, removing = exporting + (not gone), removing + bool(gone)
        if gone:
            assert gone <= {one.session for one in restore.contents(file)}
            invoked("undo", f"--store={store}")
            assert dump(store) == before
        else:
            assert dump(store) == before
    print(f"{removing} of {KILLS} kills fell after the first batch, {exporting} before it.")
    assert removing and exporting


# --- damaged stores ------------------------------------------------------------------------------


@pytest.fixture
def torn(tmp_path):
    """A store with one leaf page of its parts overwritten."""
    (tmp_path / "store").mkdir()
    path = command.planted(tmp_path / "store" / "opencode.db", trees=8, parts=12, pad=900)
    with command.opened(path) as con:
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        con.execute("PRAGMA journal_mode=DELETE")
    octets = path.read_bytes()
    at = octets.index(b"prt_ses_0003_b_7msg_ses_0003_bses_0003_b") // 4096 * 4096
    path.write_bytes(octets[:at] + b"\x0d\x00\x00\xff\xff" * 800 + octets[at + 4000:])
    return path


def test_what_a_damaged_store_still_gives_is_exported_and_the_rest_is_named(torn, tmp_path):
    ran = invoked("export", f"--output={tmp_path}/e.json", "--json", f"--store={torn}", code=3)
    assert ran.json["sessions"] == 24 and "ses_0003_b" in ran.json["unreadable"]
    found = {one["info"]["id"]: one["seal"] for one in document(tmp_path / "e.json")}
    assert found["ses_0003_b"]["lost"] and not found["ses_0003_b"]["importable"]
    assert found["ses_0000_a"] == found["ses_0000_a"] | {"lost": [], "importable": True}


def test_nothing_is_removed_from_a_damaged_store(torn):
    with sqlite3.connect(torn) as con:
        before = con.execute("SELECT COUNT(*) FROM session").fetchall()
    refused(1, *PRUNE, f"--store={torn}", says="damaged", alone=False)
    with sqlite3.connect(torn) as con:
        assert con.execute("SELECT COUNT(*) FROM session").fetchall() == before


# --- choosing, redacting, expiring ---------------------------------------------------------------


def test_an_export_is_of_whole_trees_chosen_by_session_age_or_project(grove, tmp_path):
    def sessions(*flags):
        file = tmp_path / "e.json"
        file.unlink(missing_ok=True)
        invoked("export", f"--output={file}", *flags, f"--store={grove}")
        return [one["info"]["id"] for one in document(file)]

    assert sessions("--session=ses_0002_c") == ["ses_0002_a", "ses_0002_b", "ses_0002_c"]
    assert len(sessions("--older-than=30d", judge_by())) == 15
    assert len(sessions("--project=prj_a")) == 18 and sessions("--project=prj_b") == []
    refused(64, "export", f"--output={tmp_path}/e.txt", f"--store={grove}", says=".json.zst")
    refused(64, "export", f"--output={tmp_path}/f.json", "--session=ses_no", f"--store={grove}", says="ses_no")


def test_an_export_is_never_written_over_another(grove, tmp_path):
    (tmp_path / "e.json").write_text("mine")
    refused(64, "export", f"--output={tmp_path}/e.json", f"--store={grove}", says="exists already")
    assert (tmp_path / "e.json").read_text() == "mine"


def test_archive_with_an_output_names_the_verb_that_is_meant(grove):
    ran = invoked("archive", "--output=/tmp/x.json", f"--store={grove}", code=64)
    assert ran.sentence.endswith("invoke export --output=/tmp/x.json.")


def test_a_redacted_export_holds_nothing_that_was_written_and_is_not_restored(tmp_path):
    (tmp_path / "store").mkdir()
    said = "my secret plan"
    part = {"type": "tool", "tool": "bash", "callID": "call_1", "state": {
        "status": "completed", "input": {"command": said, "id": "hunter2", said: "x"}, "output": said, "title": said,
        "metadata": {"type": "hunter2", "sessionId": "ses_e08bc50f1ffeEjVqoN0steH3Gl"}, "time": {"start": 5, "end": 6}}}
    rows = [Row("message", {"id": "msg_a", "session_id": "ses_a", "data": odd_values.DONE}),
            Row("part", {"id": "prt_a", "message_id": "msg_a", "session_id": "ses_a", "data": json.dumps(part)}),
            Row("part", {"id": "prt_b", "message_id": "msg_a", "session_id": "ses_a", "data": said}),
            Row("todo", {"session_id": "ses_a", "content": said}),
            Row("session_share", {"session_id": "ses_a", "secret": "hunter2", "url": f"https://{said}"}),
            Row("event_sequence", {"aggregate_id": "ses_a"}),
            Row("event", {"aggregate_id": "ses_a", "type": "message.part.updated.1",
                          "data": json.dumps({"part": part})})]
    session = Session("ses_a", title=said, directory=f"/home/{said}", share_url=f"https://{said}",
                      columns={"metadata": json.dumps({"id": "hunter2"})})
    store = forests.build(Recipe([session], rows=rows), tmp_path / "store" / "opencode.db", "1.18.33")
    file = tmp_path / "e.json"
    invoked("export", f"--output={file}", "--redact", f"--store={store}")
    text = file.read_text()
    assert said not in text and "hunter2" not in text and "/home" not in text
    (one,) = document(file)
    state = one["messages"][0]["parts"][0]["state"]
    assert state["status"] == "completed" and state["time"] == {"start": 5, "end": 6}
    assert state["output"] == f"[redacted:output:{len(said)}]"
    assert state["metadata"]["sessionId"] == "ses_e08bc50f1ffeEjVqoN0steH3Gl"
    assert one["info"]["id"] == one["lifecycle"]["session"] and one["seal"]["rows"]["part"] == 2
    refused(64, "restore", file, f"--store={store}", says="redacted")


def test_a_redacted_export_keeps_only_words_of_the_client_and_ids_still_agree(tmp_path):
    """A word of one's own in every place: names of types, agents, models, tools, keys, ids, a column of a plugin's."""
    (tmp_path / "store").mkdir()
    part = {"type": "MARK", "tool": "MARK", "callID": "MARK", "agent": "MARK", "mime": "image/MARK", "MARK": 1, "x": {
        "MARK": "MARK"}, "state": {"status": "MARK", "input": {"MARK": 1, "phone": 5551234, "status": "completed"},
                                   "metadata": {"/home/MARK": 1, "id": "ses_MARK"}, "time": {"start": 7}}}
    data = {"role": "user", "agent": "MARK", "variant": "MARK", "tools": {"MARK": True}, "hash": "MARK",
            "model": {"providerID": "MARK", "modelID": "MARK"}, "system": "MARK", "format": {"type": "MARK"}}
    rows = [Row("message", {"id": "msg_MARK", "session_id": "ses_MARK", "data": json.dumps(data)}),
            Row("part", {"id": "prt_MARK", "message_id": "msg_MARK", "session_id": "ses_MARK",
                         "data": json.dumps(part)}),
            Row("part", {"id": "prt_MARK_stray", "message_id": "msg_gone", "session_id": "ses_MARK",
                         "data": "no json MARK"}),
            Row("todo", {"session_id": "ses_MARK", "content": "MARK", "status": "MARK", "priority": "MARK"}),
            Row("event_sequence", {"aggregate_id": "ses_MARK"}),
            Row("event", {"aggregate_id": "ses_MARK", "type": "MARK.1", "data": json.dumps({"MARK": part})})]
    store = forests.build(Recipe([Session("ses_MARK", title="MARK", directory="/MARK")], rows=rows),
                          tmp_path / "store" / "opencode.db", "1.18.33")
    con = sqlite3.connect(store)
    con.execute("ALTER TABLE session ADD COLUMN custom text")
    con.execute("UPDATE session SET custom = 'MARK', agent = 'MARK', model = '{\"id\": \"MARK\"}'")
    con.commit()
    con.close()
    file = tmp_path / "e.json"
    invoked("export", f"--output={file}", "--redact", f"--store={store}")
    text = file.read_text()
    assert "MARK" not in text and "5551234" not in text
    (one,) = document(file)
    (message,) = one["messages"]
    session = one["info"]["id"]
    assert session.startswith("ses_") and session == one["lifecycle"]["session"] == message["info"]["sessionID"]
    assert message["parts"][0]["messageID"] == message["info"]["id"]
    assert message["info"]["role"] == "user" and message["parts"][0]["state"]["time"] == {"start": 7}


def test_exports_expire_by_age_and_size_but_never_the_newest(grove, tmp_path, own_folders):
    folder = own_folders / "data" / "opencode-lifecycle" / "exports"
    folder.mkdir(parents=True)
    for number, age in enumerate((200, 100, 50, 95)):
        path = folder / f"old-{number}.json.zst"
        path.write_bytes(b"x" * 1_000)
        moment = NOW / 1000 - age * 86_400
        subprocess.run(["touch", "-d", f"@{moment:.0f}", str(path)], check=True)
    (folder / "notes.txt").write_text("not ours")
    ran = invoked("exports", "--expire", f"--now={NOW}", "--json")
    assert [Path(one["file"]).name for one in ran.json["expired"]] == ["old-0.json.zst", "old-1.json.zst",
                                                                       "old-3.json.zst"]
    assert {path.name for path in folder.iterdir()} == {"old-2.json.zst", "notes.txt"}
    ran = invoked("exports", "--expire", f"--now={NOW + 400 * moments.DAY}", "--json")
    assert ran.json["expired"] == [] and len(ran.json["exports"]) == 1


def test_what_is_no_file_in_the_exports_folder_stops_nothing(own_folders):
    folder = own_folders / "data" / "opencode-lifecycle" / "exports"
    folder.mkdir(parents=True)
    for name in ("a", "z"):
        path = folder / f"{name}.json.zst"
        path.write_bytes(b"x")
        subprocess.run(["touch", "-d", "@0" if name == "a" else "@9", str(path)], check=True)
    (folder / "b.json.zst").mkdir()
    os.mkfifo(folder / "c.json.zst")
    (folder / "d.json.zst").symlink_to(folder / "none")
    (folder / "e.json.zst").symlink_to(folder / "e.json.zst")
    (folder / os.fsdecode(b"\xff.json.zst")).symlink_to("a.json.zst")
    assert [Path(one["file"]).name for one in invoked("exports", "--json").json["exports"]] == [
        "a.json.zst", "z.json.zst"]
    ran = invoked("exports", "--expire", f"--now={NOW}", "--json")
    assert [Path(one["file"]).name for one in ran.json["expired"]] == ["a.json.zst"]
    assert len(list(folder.iterdir())) == 6
