"""What a cold file holds comes back: everything into an empty store, or the tree of one session, byte for byte."""

import shutil

import brought
import command
import drawn
import forests
import pytest
from command import dump, invoked, refused, sessions_of
from forests import Recipe, Session
from hypothesis import given
from opencode_lifecycle.sql.store import opened
from opencode_lifecycle.sql.transfer import others, restore
from opencode_lifecycle.sql.transfer.copies import Copy
from places import STORES
from test_restore import NAMELESS

SCHEMA = "1.18.33"


@pytest.fixture
def cold(tmp_path):
    return command.planted(tmp_path / "cold.db", trees=4, parts=2, pad=100)


@pytest.fixture
def hot(tmp_path):
    (tmp_path / "hot").mkdir()
    return brought.empty(tmp_path / "hot" / "opencode.db", SCHEMA)


def bring_all(cold, hot):
    with opened(str(cold), write=False) as copies, opened(str(hot)) as place:
        copy = Copy(copies)
        done = restore.restore(place, copy)
        others.bring(copy, place)
    return done


@given(drawn.forests(), drawn.schemas())
def test_everything_comes_back_into_an_empty_store_byte_for_byte(tmp_path_factory, recipe, schema):
    folder = tmp_path_factory.mktemp("back")
    cold = forests.build(recipe, folder / "cold.db", schema)
    hot = brought.empty(folder / "opencode.db", schema, recipe.loose)
    before = dump(cold)
    done = bring_all(cold, hot)
    assert (done.stayed, done.stopped) == ({}, "")
    assert brought.content(hot) == brought.content(cold)
    assert dump(cold) == before
    again = bring_all(cold, hot)
    assert again.rows == {} and not again.stayed


def test_sessions_whose_ids_are_no_texts_come_back_as_well(tmp_path, hot):
    cold = forests.build(Recipe([Session(id) for id in (*NAMELESS, "ses_text")]), tmp_path / "cold.db", SCHEMA)
    bring_all(cold, hot)
    assert brought.content(hot) == brought.content(cold)


@pytest.mark.parametrize("name", ["1.2.15", "1.3.2", "1.15.13", "1.18.33"])
def test_stores_that_clients_made_come_back_whole(tmp_path, name):
    for file in STORES.glob(f"{name}.db*"):
        shutil.copy(file, tmp_path / file.name.replace(name, "cold"))
    cold, hot = tmp_path / "cold.db", brought.empty(tmp_path / "opencode.db", name)
    done = invoked("restore", cold, f"--store={hot}", "--json").json
    assert done["file"] == str(cold) and not done["stayed"]
    assert brought.content(hot) == brought.content(cold)


def test_one_session_brings_its_tree_and_an_undo_takes_it_away_again(cold, hot):
    invoked("restore", cold, "--session=ses_0001_b", f"--store={hot}")
    assert sessions_of(hot) == {"ses_0001_a", "ses_0001_b", "ses_0001_c"}
    assert "every row was there already" in invoked("restore", cold, "--session=ses_0001_b", f"--store={hot}").out
    invoked("undo", "--run=1", "--yes", f"--store={hot}")
    assert sessions_of(hot) == set()
    invoked("undo", "--run=3", f"--store={hot}")
    assert sessions_of(hot) == {"ses_0001_a", "ses_0001_b", "ses_0001_c"}


def test_a_tree_that_went_on_stays_and_replace_puts_the_copys_rows_in_its_place(cold, hot):
    invoked("restore", cold, f"--store={hot}")
    with command.opened(hot) as con:
        con.execute("UPDATE part SET data = '{}' WHERE id = 'prt_ses_0002_a_0'")
    ran = invoked("restore", cold, f"--store={hot}", "--json", code=3)
    assert list(ran.json["stayed"]) == ["ses_0002_a"]
    invoked("restore", cold, "--session=ses_0002_a", "--replace", "--yes", f"--store={hot}")
    assert brought.content(hot) == brought.content(cold)


def test_a_project_of_a_copy_brings_its_commands_only_with_everything(cold, hot):
    with command.opened(cold) as con:
        con.execute("UPDATE project SET commands = '{\"start\":\"run me\"}'")

    def commands():
        with command.opened(hot) as con:
            return {found for (found,) in con.execute("SELECT commands FROM project")}
    invoked("restore", cold, "--session=ses_0001_a", f"--store={hot}")
    assert commands() == {None}
    with command.opened(hot) as con:
        con.execute("DELETE FROM project")
    invoked("restore", cold, f"--store={hot}")
    assert commands() == {'{"start":"run me"}'}


def test_a_project_comes_back_in_the_folder_that_the_machine_has_it_in(tmp_path):
    """Whatever its row holds, by --origin, and by itself in the store that goes by that name."""
    stores = {name: command.planted(tmp_path / f"{name}.db", trees=1, parts=1, pad=10) for name in ("desk", "lap")}
    for at, (name, path) in enumerate(stores.items()):
        with command.opened(path) as con:
            con.execute("UPDATE session SET id = id || ?, parent_id = parent_id || ?", [name, name])
            con.execute("UPDATE message SET id = id || ?, session_id = session_id || ?", [name, name])
            con.execute("UPDATE part SET id = id || ?, message_id = message_id || ?, session_id = session_id || ?",
                        [name] * 3)
            con.execute("DELETE FROM event")
            con.execute("DELETE FROM event_sequence")
            con.execute("DELETE FROM todo")
            con.execute("UPDATE project SET worktree = ?, icon_url = CAST(x'c3' AS TEXT), icon_color = x'0061', "
                        "time_updated = time_updated + ?, name = ? || x'00'", [f"/home/{name}", at, name])
        invoked("mirror", f"--to={tmp_path}/cold.db", f"--store={path}", f"--origin={name}")
    wanted = {name: brought.content(path)["project"] for name, path in stores.items()}
    assert wanted["desk"] != wanted["lap"] == brought.content(tmp_path / "cold.db")["project"]
    for name in stores:
        new = brought.empty(tmp_path / f"new_{name}.db", SCHEMA)
        invoked("restore", tmp_path / "cold.db", f"--origin={name}", f"--store={new}")
        assert brought.content(new)["project"] == [row for row in wanted[name] if "prj_a" in row]
    with command.opened(stores["desk"]) as con:
        con.execute("PRAGMA foreign_keys = ON")
        con.execute("DELETE FROM project")
    invoked("restore", tmp_path / "cold.db", f"--store={stores['desk']}")
    assert brought.content(stores["desk"])["project"] == wanted["desk"]
    assert len(sessions_of(stores["desk"])) == 6


def test_the_list_names_trees_with_sizes_and_times_and_is_searched(cold):
    found = invoked("restore", cold, "--list", "--json").json
    assert [one["session"] for one in found] == ["ses_0003_a", "ses_0002_a", "ses_0001_a", "ses_0000_a"]
    assert set(found[0]) == {"session", "title", "project", "directory", "origin", "time_updated", "bytes", "vanished",
                             "sessions"}
    assert all(one["bytes"] > 300 and one["sessions"] == 3 and one["origin"] == "" for one in found)
    by_words = invoked("restore", cold, "--list", "--json", "--search=2 TREE").json
    assert [one["session"] for one in by_words] == ["ses_0002_a"]
    assert not invoked("restore", cold, "--list", "--json", "--search=tree nowhere").json
    of_child = invoked("restore", cold, "--list", "--json", "--session=ses_0002_c").json
    assert [one["session"] for one in of_child] == ["ses_0002_a"]
    home = found[0]["project"]
    assert len(invoked("restore", cold, "--list", "--json", f"--project={home}").json) == 4
    assert "tree 2" in invoked("restore", cold, "--list").out


def test_what_is_not_there_is_said_in_one_sentence(cold, hot, tmp_path):
    refused(64, "restore", cold, "--session=ses_nowhere", f"--store={hot}", says="ses_nowhere is not in")
    refused(64, "restore", cold, f"--store={cold}", says="is the store itself")
    refused(64, "restore", cold, "--list", "--project=nowhere", says="no project")
    refused(64, "restore", cold, "--list", "--origin=nowhere", says="nothing of an origin")
    file = tmp_path / "e.json"
    invoked("export", f"--output={file}", f"--store={cold}")
    refused(64, "restore", file, "--search=tree", f"--store={hot}", says="--search")
    refused(69, "restore", "postgresql://127.0.0.1:1/nowhere", "--list", says="127.0.0.1")


def test_a_run_that_came_from_a_file_is_undone_without_from(cold, hot, tmp_path):
    file = tmp_path / "e.json"
    invoked("export", f"--output={file}", f"--store={cold}")
    invoked("restore", file, f"--store={hot}")
    refused(64, "undo", f"--from={cold}", "--yes", f"--store={hot}", says="--from names a store")
