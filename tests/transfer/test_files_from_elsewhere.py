"""A file that somebody made by hand writes no row where it must not, and what it is made of costs no memory."""

import hashlib
import json
import resource

import command
import pytest
import zstandard
from client_export import DOCUMENT
from command import dump, invoked, refused
from forests import LONG_AGO
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import originals_file as valuefile
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.transfer import opencode_export as foreign
from opencode_lifecycle.sql.transfer import restore
from opencode_lifecycle.sql.transfer.packing import reading

HEAD = {"format": 1, "layout": "v1", "unit": "ses_x", "session": "ses_x", "redacted": False}
INFO = {"id": "ses_x", "title": "x", "time": {"updated": 1}}


def row(**values):
    return '{"row":' + json.dumps(values, separators=(",", ":")) + "}"


def session(id="ses_x", **more):
    plain = {"project_id": "global", "slug": "", "directory": "/", "title": "", "version": "1",
             "time_created": LONG_AGO, "time_updated": LONG_AGO}
    return row(id=id, **{**plain, **more})


def message(id="msg_x", session_id="ses_x"):
    return row(id=id, session_id=session_id, time_created=1, time_updated=1, data="{}")


def part(message_id="msg_x", session_id="ses_x", id="prt_x"):
    return row(id=id, message_id=message_id, session_id=session_id, time_created=1, time_updated=1, data="{}")


def element(tables, messages=(), head=HEAD, info=INFO):
    """An element as far as its digest, with tables {name: rows} and messages [(row, parts)]."""
    counts = {name: len(rows) for name, rows in tables.items() if rows}
    lists = ",\n".join(json.dumps(name) + ":[\n" + ",\n".join(rows) + "\n]" for name, rows in tables.items() if rows)
    letters = []
    for one, parts in messages:
        counts["message"] = counts.get("message", 0) + 1
        counts["part"] = counts.get("part", 0) + len(parts)
        inner = ",\n".join(f'{{"lifecycle":{each},"x":1}}' for each in parts)
        letters.append(f'{{"info":{{"lifecycle":{one},"x":1}},"parts":[\n{inner}\n]}}')
    said = json.dumps(head, separators=(",", ":"))[:-1]
    seal = json.dumps({"rows": counts, "importable": True, "lost": []}, separators=(",", ":"))[:-1]
    return (f'{{"lifecycle":{said},"rows":{{\n{lists}\n}}}},\n"info":{json.dumps(info)},\n"messages":[\n'
            + ",\n".join(letters) + ("\n" if letters else "") + f'],\n"seal":{seal},"digest":"')


def file(path, *elements):
    """An export with the right digests."""
    out, digest = b"[\n", hashlib.sha256(b"[\n")
    for number, one in enumerate(elements, 1):
        digest.update(one.encode())
        tail = b'"}}\n' if number == len(elements) else b'"}},\n'
        out += one.encode() + digest.hexdigest().encode() + tail
        digest = hashlib.sha256(tail)
    path.write_bytes(out + b"]\n")
    return path


@pytest.fixture
def grove(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=2, parts=1)


OWN = {"session": [session()]}
EVIL = {
    "a table of tokens": element({**OWN, "credential": [row(id="evil", label="l", value="v")]}),
    "a table of rights": element({**OWN, "permission": [row(id="evil", project_id="global")]}),
    "the client's journal": element({**OWN, "migration": [row(id="9", time_completed=1)]}),
    "a table of SQLite's": element({**OWN, "sqlite_master": [row(type="table")]}),
    "a table by a statement": element({**OWN, 'todo"; DROP TABLE part; --': [row(session_id="ses_x")]}),
    "a part of another session": element({**OWN, "part": [part("msg_gone", "ses_0000_a")]}),
    "a stray of a message that is there": element({**OWN, "part": [part("msg_ses_0000_a", "ses_x")]}),
    "a message of another session": element(OWN, [(message("msg_x", "ses_0000_a"), [])]),
    "a part of another message": element(OWN, [(message(), [part("msg_ses_0000_a")])]),
    "another session than the head's": element({"session": [session("ses_0000_a")]}),
    "a second session": element({"session": [session(), session("ses_0000_a")]}),
    "no session": element({"todo": [row(session_id="ses_0000_a", position=9)]}),
    "a number that is a text": element({**OWN, "event_sequence": [row(aggregate_id="ses_x", seq="abc")]}),
    "no number": element({**OWN, "event_sequence": [row(aggregate_id="ses_x", seq=None)]}),
    "a number of another": element({**OWN, "event_sequence": [row(aggregate_id="ses_0000_a", seq=0)]}),
    "a list": element({"session": [session(title=[1])]}),
    "a truth value": element({"session": [session(time_archived=True)]}),
    "a number of 100 bits": element({"session": [session(time_updated=1 << 100)]}),
    "half a pair": element({"session": [session(title="\ud800")]}),
    "no number at all": element({"session": [session(cost=float("nan"))]}),
    "no id": element({"session": [row(title="x")]}),
    "an id that is NULL": element({"session": [session(None)]}, head={**HEAD, "session": None}),
    "depth": element({"session": [session(title=0).replace(":0,", ":" + "[" * 99_999 + ",", 1)]}),
    "a negative length": element({"session": ['{"row":{"id":"ses_x"},"octets":{"title":-5},"json":{"title":\na\n}}']}),
    "a length beyond the end": element({"session": [
        '{"row":{"id":"ses_x"},"octets":{"title":2147483647},"json":{"title":\na\n}}']}),
    "a column twice": element({"session": ['{"row":{"id":"ses_x","id":"ses_y"}}']}),
    "a head of numbers": element(OWN, head={**HEAD, "session": 5, "unit": 5}),
    "a head of lists": element(OWN, head={**HEAD, "unit": [1]}),
    "a format that never was": element(OWN, head={**HEAD, "format": 0}),
    "a format of text": element(OWN, head={**HEAD, "format": "2"}),
    "a list for an info": element(OWN, info=[1]),
    "another's project": element({"project": [row(id="prj_evil", worktree="/")], **OWN}),
}


@pytest.mark.parametrize("what", EVIL)
def test_a_file_by_hand_writes_nothing_where_it_must_not(grove, tmp_path, what):
    before = dump(grove)
    refused(1, "restore", file(tmp_path / "e.json", EVIL[what]), f"--store={grove}", inside=True, says="e.json")
    assert dump(grove) == before


def test_one_session_comes_in_one_element(grove, tmp_path):
    before = dump(grove)
    twice = file(tmp_path / "e.json", element(OWN), element(OWN, head={**HEAD, "unit": "other"}))
    refused(1, "restore", twice, f"--store={grove}", inside=True, says="twice")
    assert dump(grove) == before


def test_what_keeps_to_the_rules_comes_in(grove, tmp_path):
    fine = element({"session": [session()], "part": [part("msg_gone", id="prt_stray")]}, [(message(), [part()])])
    invoked("restore", file(tmp_path / "e.json", fine), f"--store={grove}", inside=True)
    assert "ses_x" in command.sessions_of(grove)


def test_a_part_comes_with_its_message_whatever_session_it_names(grove, tmp_path):
    """The client shows it with the message: so the store had it, and so it comes back, to the octet."""
    before = dump(grove)
    drifted = element(OWN, [(message(), [part(session_id="ses_0000_a")])])
    invoked("restore", file(tmp_path / "e.json", drifted), f"--store={grove}", inside=True)
    with command.opened(grove) as con:
        assert con.execute("SELECT message_id, session_id FROM part WHERE id = 'prt_x'").fetchall() == [
            ("msg_x", "ses_0000_a")]
        for table in ("session", "message", "part"):
            con.execute(f"DELETE FROM {table} WHERE id LIKE '%_x'")
    assert dump(grove) == before


UNPRINTABLE = '"\\u001b[2J\\n\\ud800"'  # clears a terminal, breaks the line, and is no UTF-8
NAMED = {
    "a column": element({"session": [session(more="value").replace('"more"', UNPRINTABLE)]}),
    "a table": element({**OWN, "TABLE": [row(id="x")]}).replace('"TABLE"', UNPRINTABLE),
    "a session": element(OWN, head={**HEAD, "session": "ID"}).replace('"ID"', UNPRINTABLE),
    "a value": element({"session": [session(title=1 << 64)]}).replace("18446744073709551616", UNPRINTABLE),
}


@pytest.mark.parametrize("what", NAMED)
def test_a_refusal_is_one_printable_line(grove, tmp_path, what):
    path = file(tmp_path / "e.json", NAMED[what])
    with store.opened(str(grove)) as place, pytest.raises(Refusal) as refusal:
        restore.compare(place, path, restore.contents(path, place))
    assert str(refusal.value).isprintable(), refusal


@pytest.mark.parametrize("verb", ["--list", "--dry-run", "--json", "--yes"])
@pytest.mark.parametrize("what", NAMED)
def test_an_unprintable_name_in_a_file_reaches_no_terminal(grove, tmp_path, what, verb):
    before = dump(grove)
    ran = command.invoke("restore", file(tmp_path / "e.json", NAMED[what]), verb, f"--store={grove}", inside=True)
    assert "Traceback" not in ran.err and ran.code in ((0, 1) if verb == "--list" else (1, 78)), ran
    said = (ran.out + ran.err).encode().decode()  # UTF-8 can say it
    assert all(line.isprintable() for line in said.split("\n")), ran
    assert len(ran.err.strip().split("\n")) == 1
    assert dump(grove) == before


def test_what_is_nested_deeply_in_the_info_is_not_carried_along(grove, tmp_path):
    deep = element(OWN, [(message(), [part()])], info={**INFO, "x": "DEEP"}).replace('"DEEP"', "[" * 900 + "]" * 900)
    invoked("restore", file(tmp_path / "e.json", deep), f"--store={grove}", inside=True)
    assert "ses_x" in command.sessions_of(grove)


def test_a_project_from_elsewhere_brings_no_commands(grove, tmp_path):
    project = row(id="prj_new", worktree="/", sandboxes="[]", time_created=1, time_updated=1, commands='{"start":"x"}')
    made = element({"project": [project], "session": [session(project_id="prj_new")]})
    invoked("restore", file(tmp_path / "e.json", made), f"--store={grove}", inside=True)
    with command.opened(grove) as con:
        assert con.execute("SELECT commands FROM project WHERE id = 'prj_new'").fetchall() == [(None,)]


# --- files of `opencode export` ------------------------------------------------------------------

WRONG = (None, 5, 1.5, True, "x", [], [1], {}, {"a": []}, 1 << 100)


def places(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def with_other(value, path, other):
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_other(copy[path[0]], path[1:], other)
    return copy


def test_a_mistyped_export_of_the_client_is_read_or_refused(tmp_path):
    path = tmp_path / "e.json"
    for place in places(DOCUMENT):
        for other in WRONG:
            path.write_text(json.dumps(with_other(DOCUMENT, place, other)))
            try:
                restore.contents(path)
            except Refusal as refusal:
                assert refusal.code in (1, 64)


@pytest.mark.parametrize("half", ["\\ud83d", "\\udcff"])
def test_half_of_a_pair_stays_an_escape(tmp_path, half):
    path = tmp_path / "e.json"
    path.write_text(json.dumps(DOCUMENT).replace('"text": "t"', f'"text": "{half}"'))
    (found,) = [item for item in foreign.read_foreign(path) if getattr(item, "table", "") == "part"]
    assert half in found.values["data"] and found.values["data"].encode()


# --- packed files --------------------------------------------------------------------------------


def bomb(path, size, head=b"", mark=b" "):
    """Few octets that unpack to many."""
    packer = zstandard.ZstdCompressor(level=3).compressobj()
    with path.open("wb") as out:
        out.write(packer.compress(head))
        for _ in range(size >> 20):
            out.write(packer.compress(mark * (1 << 20)))
        out.write(packer.flush())
    return path


@pytest.mark.parametrize("head", [b"", b"[\n", b'{"info":', b'[\n{"lifecycle":', b'{"format":"'])
def test_what_unpacks_to_far_more_than_it_seems_takes_no_memory(tmp_path, head):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = bomb(tmp_path / "bomb.json.zst", 400 << 20, head)
    assert path.stat().st_size < 100_000
    assert not valuefile.is_one(path)
    with pytest.raises(Refusal, match="bomb"):
        restore.contents(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


def test_a_window_that_is_too_wide_is_refused(tmp_path):
    path = tmp_path / "wide.json.zst"
    wide = zstandard.ZstdCompressionParameters.from_level(3, window_log=27)
    packer = zstandard.ZstdCompressor(compression_params=wide).compressobj()  # of a size that is not known before
    path.write_bytes(packer.compress(b"[\n" * 99) + packer.flush())
    with pytest.raises(Refusal, match="wide"), reading(path) as found:
        found.read()
