"""What was removed under an older client comes back into the store that a newer one has upgraded."""

import itertools
import json
import tomllib
from dataclasses import replace
from importlib import resources

import command
import forests
import opencode_lifecycle.sql
import pytest
from command import invoked, judge_by
from forests import Recipe, Row
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.store import opened
from opencode_lifecycle.sql.transfer import export, restore
from opencode_lifecycle.sql.transfer import session_rows as source

# One of each shape that the tables of sessions have had, oldest first; the last one was opened by 2.0 as well.
CHAIN = ("1.2.1", "1.2.20", "1.14.34", "1.14.41", "1.15.0", "1.15.13", "1.17.0", "1.17.11", "1.18.33", "2.0.26-mixed")
ALWAYS = ("session", "message", "part", "todo")
ID = "ses_0000_a"


def recipe():
    plain = command.grove(trees=3, parts=2, pad=50)
    more = [
        Row("todo", {"session_id": ID, "content": "carry on", "position": 0}),
        Row("session_message", {"id": "msg_m1", "session_id": ID, "seq": 1, "type": "agent-switched", "data": "{}"}),
        Row("session_message", {"id": "msg_m2", "session_id": ID, "seq": 2, "type": "agent-switched", "data": "{}"}),
        Row("session_input", {"id": "inp_1", "session_id": ID, "prompt": "{}", "admitted_seq": 1}),
        Row("session_context_epoch", {"session_id": ID, "baseline": "b", "snapshot": "{}", "baseline_seq": 0}),
    ]
    return replace(plain, rows=[*plain.rows, *more])


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """For each version an export of all sessions, and the rows that are in it."""
    folder, found = tmp_path_factory.mktemp("older"), {}
    for schema in CHAIN[:-1]:
        path, file = forests.build(recipe(), folder / f"{schema}.db", schema), folder / f"{schema}.json"
        exported(path, file)
        found[schema] = file, counts(path)
    return found


def exported(path, file):
    with opened(str(path)) as place:
        source.find_trees(place)
        assert export.write(place, source.trees(place), file, lambda done, of: None).lost == {}


def counts(path):
    with command.opened(path) as con:
        tables = [name for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        owned = [name for name in tables if name in (*ALWAYS, "event", "event_sequence") or name.startswith("session_")]
        rows = {name: con.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in owned}
        return {name: n for name, n in rows.items() if n}


def left_by_the_upgrade(old, new):
    """The tables that the client empties or drops on its way, by its own migrations, and that show it."""
    at = CHAIN.index
    gone = set()
    if at(old) < at("1.17.0") <= at(new):
        gone |= {"session_message"}
    if old == "1.17.0" and at(new) >= at("1.17.11"):
        gone |= {"session_context_epoch"}
    if new == "2.0.26-mixed":
        gone |= {"session_input", "session_context_epoch"}
    return gone


@pytest.mark.parametrize(("old", "new"), [*itertools.combinations(CHAIN, 2)])
def test_every_session_comes_back_into_a_newer_store(files, tmp_path, old, new):
    file, before = files[old]
    path = forests.build(Recipe(), tmp_path / "opencode.db", new)
    bare = counts(path)
    with opened(str(path)) as place:
        done = restore.restore(place, file)
    after = {name: n - bare.get(name, 0) for name, n in counts(path).items() if n != bare.get(name, 0)}
    gone = left_by_the_upgrade(old, new)
    assert done.stayed == {}
    assert {name for name in done.left if "." not in name} == gone & before.keys()
    assert after == {name: n for name, n in before.items() if name not in gone}
    for name in gone & before.keys():
        assert done.left[name] == before[name], "what is left is counted"
    assert all(name in after for name in ALWAYS)


@pytest.mark.parametrize("schema", CHAIN[:-1])
def test_nothing_is_left_where_the_client_is_the_same(files, tmp_path, schema):
    file, before = files[schema]
    path = forests.build(Recipe(), tmp_path / "opencode.db", schema)
    with opened(str(path)) as place:
        done = restore.restore(place, file)
    assert done.left == {} and done.stayed == {}
    assert before.items() <= counts(path).items()


def test_no_upgrade_is_taken_for_granted_on_the_way_back(files, tmp_path):
    path = forests.build(Recipe(), tmp_path / "opencode.db", "1.15.13")
    with opened(str(path)) as place, pytest.raises(Refusal, match="session_context_epoch, which"):
        restore.restore(place, files["1.17.0"][0])


def test_a_session_of_before_1_15_is_in_no_workspace_any_more(tmp_path):
    old = forests.build(recipe(), tmp_path / "old.db", "1.14.41")
    with command.opened(old) as con:
        con.execute("UPDATE session SET workspace_id = 'wrk_1' WHERE id = ?", (ID,))
    exported(old, tmp_path / "e.json")
    new = forests.build(Recipe(), tmp_path / "new.db", "1.18.33")
    with opened(str(new)) as place:
        done = restore.restore(place, tmp_path / "e.json")
    with command.opened(new) as con:
        assert con.execute("SELECT workspace_id FROM session WHERE id = ?", (ID,)).fetchone() == (None,)
    assert done.left["session.workspace_id"] == 1


def upgraded(path):
    """What the upgrade to 1.17 does to the table of the messages of a later layout."""
    with command.opened(path) as con, command.opened(forests.build(Recipe(), f"{path}.new", "1.18.33")) as new:
        con.execute("PRAGMA foreign_keys=OFF")
        con.execute("DROP TABLE session_message")
        for (made,) in new.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'session_message' AND sql > '' ORDER BY type DESC"
        ):
            con.execute(made)


def test_an_undo_after_the_upgrade_brings_all_back_and_names_what_stays_in_the_file(tmp_path):
    (tmp_path / "store").mkdir()
    path = forests.build(recipe(), tmp_path / "store" / "opencode.db", "1.15.13")
    before = command.sessions_of(path)
    invoked("prune", "--days=30", judge_by(), "--yes", f"--store={path}")
    assert command.sessions_of(path) < before
    upgraded(path)
    ran = invoked("undo", "--json", f"--store={path}")
    assert command.sessions_of(path) == before
    told = json.loads(ran.out)
    assert told["left_in_file"] == {"session_message": 2}
    assert "because the client's own upgrade removes it: 2 session_message." in " ".join(ran.err.split())
    again = invoked("restore", told["file"], "--replace", "--json", f"--store={path}")
    assert json.loads(again.out)["left_in_file"] == {"session_message": 2}
    assert json.loads(again.out)["rows"] == {}, "all else is the same as in the file"


def test_every_step_names_a_table_that_the_client_had(files):
    steps = tomllib.loads((resources.files(opencode_lifecycle.sql) / "schema" / "upgrades.toml").read_text())
    had = {name for schema in forests.schema_names() for name in forests.template(schema)[1]} | {"session_entry"}
    assert {step["table"] for found in steps.values() for step in found} <= had


def test_a_tree_whose_rows_lack_a_column_that_the_store_wants_is_named_before_a_row_of_it_is_written(tmp_path):
    """No upgrade that is known adds such a column; one that nobody knows yet may."""
    old, new = tmp_path / "old.db", tmp_path / "opencode.db"
    exported(forests.build(recipe(), old, "1.18.33"), tmp_path / "e.json")
    forests.build(Recipe(), new, "1.18.33")
    with command.opened(new) as con:
        (sql,) = con.execute("SELECT sql FROM sqlite_master WHERE name = 'session_input'").fetchone()
        con.execute("DROP TABLE session_input")
        con.execute(sql.replace("(", "(owner text NOT NULL, ", 1))
    ran = invoked("restore", tmp_path / "e.json", f"--store={new}", "--json", code=3)
    done = json.loads(ran.out)
    assert set(done["stayed"]) == {ID} and "session_input without owner" in done["stayed"][ID]
    assert "--replace" not in ran.err and "did not come back" in ran.sentence
    assert command.sessions_of(new) == {id for id in command.sessions_of(old) if not id.startswith("ses_0000")}


def test_a_restore_says_that_older_sessions_come_back_without_their_cost(tmp_path):
    for version, said in (("1.14.41", 9), ("1.15.0", 0)):
        store = forests.build(recipe(), tmp_path / f"{version}.db", version)
        exported(store, tmp_path / f"{version}.json")
        new = forests.build(Recipe(), tmp_path / f"into_{version}.db", "1.18.33")
        ran = invoked("restore", tmp_path / f"{version}.json", f"--store={new}")
        assert (f"Cost and tokens of {said} sessions" in ran.err) == bool(said), ran.err
