"""Where our files and the client's lie, by the rules of three systems, without those systems."""

import sys
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from opencode_lifecycle.sql import files, state, store
from opencode_lifecycle.sql.refusal import FAILED, Refusal

# By system: the class of its paths, the folder of a user, a folder that XDG names, one that is none from the root on.
SYSTEMS = {
    "linux": (PurePosixPath, "/home/ada", "/srv/xdg", "xdg"),
    "darwin": (PurePosixPath, "/Users/ada", "/Volumes/big disk/xdg", "~/xdg"),
    "win32": (PureWindowsPath, r"C:\Users\Ada", r"D:\xdg", r"\xdg"),
}
KINDS = {"data": "XDG_DATA_HOME", "state": "XDG_STATE_HOME", "config": "XDG_CONFIG_HOME", "cache": "XDG_CACHE_HOME"}
USUAL = {"data": ".local/share", "state": ".local/state", "config": ".config", "cache": ".cache"}


@pytest.fixture(params=SYSTEMS)
def system(request, monkeypatch):
    """The product as it runs on a system, with nothing in its environment; what `SYSTEMS` says of it."""
    kind, home, named, odd = SYSTEMS[request.param]
    paths = type("Path", (kind,), {"home": classmethod(lambda cls: cls(home)), "expanduser": lambda self: self})
    monkeypatch.setattr(sys, "platform", request.param)
    monkeypatch.setattr(files, "Path", paths)
    monkeypatch.setattr(store, "Path", paths)
    for variable in (*KINDS.values(), "HOME", "OPENCODE_DB", "OPENCODE_LIFECYCLE_STORE"):
        monkeypatch.delenv(variable, raising=False)
    if request.param != "win32":
        monkeypatch.setenv("HOME", home)
    return paths, paths(home), paths(named), odd


@pytest.mark.parametrize("kind", KINDS)
def test_our_folders_are_where_xdg_says_on_every_system(system, kind, monkeypatch):
    _, home, named, odd = system
    assert files.place(kind, "below") == home / USUAL[kind] / "opencode-lifecycle" / "below"
    monkeypatch.setenv(KINDS[kind], str(named))
    assert files.place(kind, "below") == named / "opencode-lifecycle" / "below"
    monkeypatch.setenv(KINDS[kind], odd)  # the specification: what is no absolute path is ignored
    assert files.place(kind) == home / USUAL[kind] / "opencode-lifecycle"


def test_what_we_remember_lies_in_the_state_folder(system):
    _, home, *_ = system
    assert state.folder() == home / ".local" / "state" / "opencode-lifecycle"


def test_the_clients_data_lies_where_xdg_says_on_every_system(system, monkeypatch):
    _, home, named, _ = system
    assert files.client_data() == home / ".local" / "share" / "opencode"
    monkeypatch.setenv("XDG_DATA_HOME", str(named))
    assert files.client_data() == named / "opencode"


def test_a_store_that_the_environment_names_lies_in_the_clients_folder_or_where_it_says(system, monkeypatch):
    _, home, named, _ = system
    monkeypatch.setenv("OPENCODE_DB", "opencode-beta.db")
    assert store.locate(None) == ("sqlite", str(home / ".local" / "share" / "opencode" / "opencode-beta.db"))
    monkeypatch.setenv("OPENCODE_DB", str(named / "other.db"))
    assert store.locate(None) == ("sqlite", str(named / "other.db"))


def test_a_home_that_is_no_folder_from_the_root_on_is_refused_where_it_counts(system, monkeypatch):
    monkeypatch.setenv("HOME", "")
    if sys.platform == "win32":  # there, nobody asks HOME
        assert files.place("data").is_absolute()
        return
    with pytest.raises(Refusal, match="HOME is empty") as refusal:
        files.place("data")
    assert refusal.value.code == FAILED
