"""`stats` in two readings: the figures that need no text, and the deep look, which is kept until a run."""

import json
import re

import command
import mirrored
import pytest
from command import invoked
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.compiler.dialects import DIALECTS
from opencode_lifecycle.sql.reclamation.forecast import ReclaimRequest
from opencode_lifecycle.sql.reclamation.kinds import USUAL
from opencode_lifecycle.sql.stats import deep, figures
from opencode_lifecycle.sql.verbs import demo
from opencode_lifecycle.sql.words import DAY

DEEP = ("deep", "parts", "events", "reclaimable")
NOW = 1_800_000_000_000


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "opencode.db"
    demo.build(path, trees=9)
    return path


def looked(path, texts=True):
    with stores.opened(str(path), write=False) as place:
        if texts:
            return deep.look(place, ReclaimRequest(USUAL, NOW, 7 * DAY), 10, (), lambda done, of: None)
        return figures.gather(place, NOW, 10, ())


def test_without_deep_no_text_is_read(store, monkeypatch):
    said = []
    with stores.opened(str(store), write=False) as place:
        execute, rows = place.on.execute, place.on.rows
        monkeypatch.setattr(place.on, "execute", lambda con, sql: said.append(sql) or execute(con, sql))
        monkeypatch.setattr(place.on, "rows", lambda con, sql: said.append(sql) or rows(con, sql))
        figures.gather(place, NOW, 10, ())
    beside = [re.sub(r"OCTET_LENGTH\(\w+\.\"?data\"?\)", "", sql) for sql in said]
    assert len(said) > 10 and not [sql for sql in beside if re.search(r"json|\bdata LIKE|\(\w+\.data\b", sql, re.I)]


def test_both_readings_say_the_same_of_what_both_say(store):
    plain, deep = looked(store, texts=False), looked(store)
    assert [name for name in DEEP if plain[name] is not None] == [] and plain.keys() == deep.keys()
    assert {name: plain[name] for name in plain if name not in (*DEEP, "warnings")} == \
        {name: deep[name] for name in plain if name not in (*DEEP, "warnings")}


def test_the_last_deep_look_is_shown_with_its_moment_until_a_run(store):
    at = f"--store={store}"
    assert invoked("stats", "--json", at).json["deep"] is None
    assert "stats --deep" in invoked("stats", at).err
    deep = invoked("stats", "--deep", "--json", at, f"--now={NOW}").json
    assert deep["deep"] == NOW and deep["reclaimable"]["events"]["rows"] > 0
    later = invoked("stats", "--json", at).json
    assert {name: later[name] for name in DEEP} == {name: deep[name] for name in DEEP}
    assert "What could be reclaimed, as of 2027-01-15 08:00 (--deep looks again)" in invoked("stats", at).out
    invoked("reclaim", "--only=events", "--yes", "--no-export", at)
    assert invoked("stats", "--json", at).json["deep"] is None


def test_a_look_that_cannot_be_kept_is_shown_all_the_same(store, own_folders):
    (own_folders / "state").write_text("in the way")
    assert invoked("stats", "--deep", "--json", f"--store={store}").json["reclaimable"]


def test_some_sessions_at_a_time_come_to_the_same_as_all_at_once(store, monkeypatch):
    with command.opened(store) as con:  # a part without its message, and a session without parts
        con.execute("PRAGMA foreign_keys = OFF")
        con.execute("DELETE FROM message WHERE id IN (SELECT id FROM message LIMIT 3)")
        con.execute("DELETE FROM part WHERE session_id IN (SELECT id FROM session ORDER BY id DESC LIMIT 1)")
        there = con.execute("SELECT COUNT(*), SUM(LENGTH(CAST(data AS BLOB))) FROM part").fetchone()
    whole = looked(store)
    told = []
    monkeypatch.setattr(deep, "PARTS_AT_ONCE", 1)
    monkeypatch.setattr(deep, "EVENTS_AT_ONCE", 1)
    with stores.opened(str(store), write=False) as place:
        found = deep.look(place, ReclaimRequest(USUAL, NOW, 7 * DAY), 10, (), lambda *done: told.append(done))
    assert found == whole
    assert (sum(one["rows"] for one in found["parts"].values()),
            sum(one["bytes"] for one in found["parts"].values())) == there
    assert told == sorted(told) and len(told) > 10 and told[-1][0] == told[-1][1]


def test_a_row_that_the_client_can_hardly_carry_is_warned_of(store, monkeypatch):
    monkeypatch.setattr(figures, "OVERSIZED", 10_000)
    said = [text for text in looked(store, texts=False)["warnings"] if "rows of 10.0 kB and more" in text]
    assert len(said) == 2 and all(text.startswith("The largest row of ") for text in said)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("alone", [False, True])
def test_each_engine_can_print_the_deep_look(store, dialect, alone):
    from opencode_lifecycle.sql.compiler.render import render

    with stores.opened(str(store), write=False) as place:
        (one,) = render("stats/piece", dialect, {"store": place.catalog, "marked": False, "alone": alone,
                                                  "sliced": True}, {"first": 1, "last": 9, "huge": 1})
    assert "part" in one.sql


def marked(path, name):
    """A store whose parts and messages have what a reclamation takes; its ids are its own."""
    store = command.planted(path, trees=2, parts=3, pad=300, updated=NOW - 90 * DAY)
    with command.opened(store) as con:
        for table, columns in {"session": ("id", "parent_id"), "message": ("id", "session_id"), "todo": ("session_id",),
                               "part": ("id", "message_id", "session_id"), "event": ("id", "aggregate_id"),
                               "event_sequence": ("aggregate_id",)}.items():
            con.execute(f"UPDATE {table} SET " + ", ".join(f"{one} = {one} || '{name}'" for one in columns))
        con.execute(f"UPDATE part SET data = ? WHERE id LIKE '%_0{name}'", [mirrored.OUTPUT % ("long " * len(name))])
        con.execute("UPDATE message SET data = ?", [json.dumps({"summary": {"diffs": [{"file": name}]}})])
        con.execute("UPDATE event SET data = ?", [json.dumps({"sessionID": "s", "info": {"id": name}})])
        con.execute("DELETE FROM message WHERE session_id LIKE 'ses_0000_c%'")
        con.execute(f"UPDATE part SET session_id = 'ses_gone{name}' WHERE message_id LIKE 'msg_ses_0000_c%'")
    return store


def test_a_deep_look_at_what_one_origin_brought_is_that_of_a_store_that_has_nothing_else(tmp_path):
    desk, lap = (marked(tmp_path / f"{name}.db", name) for name in ("desk", "laptop"))
    for cold, origins in (("alone", [desk]), ("both", [desk, lap])):
        for store in origins:
            invoked("mirror", f"--to={tmp_path}/{cold}.db", f"--store={store}", f"--origin={store.stem}")
    at = ("stats", "--deep", "--json", f"--now={NOW}")
    alone = invoked(*at, f"--store={tmp_path}/alone.db").json
    both = invoked(*at, f"--store={tmp_path}/both.db").json
    of_desk = invoked(*at, f"--store={tmp_path}/both.db", "--origin=desk").json
    same = (*DEEP, "sessions", "rows", "bytes", "largest", "ages")
    assert {key: of_desk[key] for key in same} == {key: alone[key] for key in same} and of_desk["origin"] == "desk"
    assert all(alone["reclaimable"][kind]["rows"] for kind in ("compacted", "diffs", "events", "orphans"))
    assert both["reclaimable"]["orphans"]["rows"] == 2 * alone["reclaimable"]["orphans"]["rows"]
    kept = invoked("stats", "--json", f"--store={tmp_path}/both.db").json
    assert kept["reclaimable"] == both["reclaimable"], "a look at a part of it is not kept for the whole"


def test_a_command_that_a_warning_names_works_on_the_store_that_was_looked_at(store, tmp_path):
    policy = tmp_path / "p.toml"
    policy.write_text('[warn]\nsizes = ["1kB"]\n')
    found = invoked("stats", f"--store={store}", f"--policy={policy}", "--json").json
    named = [command for text in found["warnings"] for command in text.split("`")[1::2]]
    assert named and all(command.endswith(f" --store={store}") for command in named)
