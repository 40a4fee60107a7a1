"""The plugin goes into files of the user's, and comes out of them without a trace."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from command import invoked, planted, refused
from opencode_lifecycle.sql.unattended import jsonc

MINE = '{\n  // my own\n  "theme": "night", // dark\n  "plugin": [\n    "./mine.js", // first\n  ],\n}\n'
INSIDE = ("once.js", "facts.js", "tui.js", "server.js", "package.json")


@pytest.fixture
def places(own_folders, monkeypatch, tmp_path):
    """The client's folder of configuration, the plugin's, and a store."""
    monkeypatch.setenv("OPENCODE_LIFECYCLE_STORE", str(planted(tmp_path / "opencode.db", trees=1)))
    config = own_folders / "config" / "opencode"
    config.mkdir(parents=True)
    return config, own_folders / "data" / "opencode-lifecycle" / "client"


def entry(path):
    """Our entry in a file of the client's."""
    (found,) = [one for one in jsonc.read(path.read_text()).member("plugin").value if isinstance(one, list)]
    return found


def listed(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_a_client_without_any_file_gets_one_and_loses_it_again(places):
    config, folder = places
    ran = invoked("install")
    assert "/sessions-stats" in ran.err and str(config / "tui.jsonc") in ran.out
    assert {path.name for path in folder.iterdir()} == {*INSIDE, "installed.json"}
    path, options = entry(config / "tui.jsonc")
    assert path == str(folder / "tui.js")
    assert Path(options["tool"][0]).is_absolute() and os.access(options["tool"][0], os.X_OK)
    assert options["store"] == os.environ["OPENCODE_LIFECYCLE_STORE"] and options["hours"] == 24
    assert options["status"].endswith("opencode-lifecycle/status.json")
    invoked("install", "--remove")
    assert listed(config) == {} and not folder.exists()
    assert "Nothing of ours" in invoked("install", "--remove").err


@pytest.mark.parametrize("text", [MINE, "{}", '{\r\n\t"theme": "x"\r\n}\r\n', '{ "plugin": [] }', '{"plugin":["a"]}\n'])
def test_what_the_user_wrote_stays_to_the_octet(places, text):
    config, _ = places
    mine = config / "tui.jsonc"
    mine.write_bytes(text.encode())
    mine.chmod(0o640)
    invoked("install")
    before = jsonc.read(text).value.get("plugin", [])
    assert jsonc.read(mine.read_bytes().decode()).value["plugin"] == [*before, entry(mine)]
    assert mine.stat().st_mode & 0o777 == 0o640
    invoked("install", "--remove")
    assert mine.read_bytes() == text.encode() and mine.stat().st_mode & 0o777 == 0o640


def test_a_second_installation_changes_nothing_and_other_hours_only_the_entry(places):
    config, folder = places
    (config / "tui.jsonc").write_text(MINE)
    invoked("install")
    before = listed(config), listed(folder)
    again = invoked("install")
    assert (listed(config), listed(folder)) == before and again.out == "" and "as it should be" in again.err
    invoked("install", "--hours=6")
    assert entry(config / "tui.jsonc")[1]["hours"] == 6
    invoked("install", "--remove")
    assert listed(config) == {"tui.jsonc": MINE}


def test_beside_a_tui_json_a_file_of_its_own_is_written(places):
    config, _ = places
    (config / "tui.json").write_text('{"theme": "night"}')
    invoked("install")
    assert (config / "tui.json").read_text() == '{"theme": "night"}' and (config / "tui.jsonc").exists()
    invoked("install", "--remove")
    assert listed(config) == {"tui.json": '{"theme": "night"}'}


def test_what_the_user_added_to_our_file_stays(places):
    config, _ = places
    invoked("install")
    path = config / "tui.jsonc"
    path.write_text(path.read_text().replace('"plugin": [', '"theme": "night", // mine\n  "plugin": ["./b.js", '))
    invoked("install", "--remove")
    assert jsonc.read(path.read_text()).value == {"theme": "night", "plugin": ["./b.js"]}
    assert "// mine" in path.read_text()


def test_an_entry_that_an_editor_wrote_in_other_letters_comes_out_as_well(places, monkeypatch, own_folders):
    config, _ = places
    monkeypatch.setenv("XDG_DATA_HOME", str(own_folders / "d\u00e4ta"))
    (config / "tui.jsonc").write_text(MINE)
    invoked("install")
    for written, by_hand in (("\\u00e4", "\u00e4"), ("\u00e4", "\\u00E4")):
        text = (config / "tui.jsonc").read_text("utf-8").replace(written, by_hand)
        (config / "tui.jsonc").write_text(text, "utf-8")
        assert "as it should be" in invoked("install").err
    invoked("install", "--remove")
    assert listed(config) == {"tui.jsonc": MINE}


def test_a_link_to_a_file_elsewhere_stays_a_link(places, tmp_path):
    config, _ = places
    (tmp_path / "dotfiles.jsonc").write_text(MINE)
    (config / "tui.jsonc").symlink_to(tmp_path / "dotfiles.jsonc")
    invoked("install")
    assert (config / "tui.jsonc").is_symlink() and "tui.js" in (tmp_path / "dotfiles.jsonc").read_text()
    invoked("install", "--remove")
    assert (config / "tui.jsonc").is_symlink() and (tmp_path / "dotfiles.jsonc").read_text() == MINE


@pytest.mark.parametrize("text", ["{ theme: 1 }", "[1]", '{"plugin": "mine"}', '{"plugin": [', '\n{"a": 1,\n  oops }'])
def test_a_file_that_cannot_be_read_stays_and_the_entry_is_named(places, text):
    config, folder = places
    (config / "tui.jsonc").write_text(text)
    refused(64, "install", says=[str(config / "tui.jsonc"), str(folder / "tui.js"), "stays as it is"])
    assert listed(config) == {"tui.jsonc": text} and not any(folder.glob("*.js"))


def test_a_file_of_ours_that_was_changed_by_hand_is_neither_replaced_nor_removed(places):
    config, folder = places
    invoked("install")
    (folder / "facts.js").write_text("// mine now\n")
    refused(1, "install", "--hours=6", says=[str(folder / "facts.js"), "move it away"])
    done = invoked("install", "--remove")
    assert listed(folder) == {"facts.js": "// mine now\n"} and "Left as it is" in done.err
    assert listed(config) == {}


def test_files_of_an_older_version_are_replaced_and_known_at_removal(places):
    _, folder = places
    invoked("install")
    record = json.loads((folder / "installed.json").read_text())
    (folder / "tui.js").write_text("// older\n")
    record["files"]["tui.js"] = hashlib.sha256(b"// older\n").hexdigest()
    (folder / "installed.json").write_text(json.dumps(record))
    assert str(folder / "tui.js") in invoked("install").out
    assert "sessions-stats" in (folder / "tui.js").read_text()
    invoked("install", "--remove")
    assert not folder.exists()


def test_the_server_plugin_comes_only_on_request_and_its_price_is_said(places):
    config, folder = places
    invoked("install")
    assert not (config / "opencode.jsonc").exists()
    (config / "opencode.json").write_text('{\n  "model": "x", // mine\n}\n')
    said = invoked("install", "--server").err
    assert "registry cannot be reached" in said and "empty screen" in said
    assert entry(config / "opencode.json")[0] == str(folder / "server.js")
    done = invoked("install", "--remove", "--json").json
    assert str(config / "opencode.json") in done["changed"]
    assert listed(config) == {"opencode.json": '{\n  "model": "x", // mine\n}\n'}


def test_client_2_is_told_what_it_can_have(places):
    config, _ = places
    assert "2.x" not in invoked("install").err
    (config / "cli.json").write_text("{}")
    assert "schedule" in invoked("install").err
    assert (config / "cli.json").read_text() == "{}"


def test_values_that_cannot_be(places):
    refused(64, "install", "--hours=0", says="--hours=0")
    refused(64, "install", "--hours=x", says="--hours=x")
    refused(64, "install", "--remove", "--server", says="--remove")
    refused(69, "install", "--store=/nowhere/opencode.db", says="/nowhere/opencode.db")
