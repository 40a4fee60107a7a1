"""The service of 2.x is a sign of a live client for the client's own store; archive says what 2.x makes of its flag."""

import json
import os
import subprocess
import sys

import command
import forests
import pytest
from command import invoked
from forests import LONG_AGO, NOW, Recipe, Session
from opencode_lifecycle.sql.engines.sqlite import client_probe as live

PASSWORD = "not-for-anybody"  # noqa: S105


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name, folder in (("XDG_STATE_HOME", "state"), ("XDG_DATA_HOME", "data")):
        monkeypatch.setenv(name, str(tmp_path / folder))
        (tmp_path / folder / "opencode").mkdir(parents=True)
    monkeypatch.delenv("OPENCODE_DB", raising=False)
    return tmp_path


@pytest.fixture
def other():
    """A process that is alive."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def registered(home, content):
    text = content if isinstance(content, str) else json.dumps(content)
    (home / "state/opencode/service.json").write_text(text)


def default(home):
    return command.planted(home / "data/opencode/opencode.db", trees=2)


def seen(store):
    with live.watching(store) as probe:
        return probe.client()


def test_a_service_that_is_alive_is_a_client_of_the_default_store_and_of_no_other(home, other, monkeypatch):
    registered(home, {"url": "http://x", "pid": other.pid, "password": PASSWORD})
    assert seen(default(home)) == other.pid
    elsewhere = command.planted(home / "other.db", trees=2)
    assert not seen(elsewhere)
    monkeypatch.setenv("OPENCODE_DB", str(elsewhere))
    assert seen(elsewhere) == other.pid


@pytest.mark.parametrize("content", [
    "", "{", "[]", "3", "null", '{"pid": "1"}', '{"pid": true}', '{"pid": 0}', '{"pid": -1}', '{"pid": 1e9}',
    '{"pid": 99999999999999999999}', '{"pid": null}', "[" * 60_000, "\udcff".encode("utf-8", "surrogatepass").hex(),
])
def test_a_file_that_names_no_process_is_no_sign(home, content):
    registered(home, content)
    assert not seen(default(home))


def test_a_service_that_ended_is_no_sign_nor_is_a_process_that_has_its_number_since(home, other):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    registered(home, {"pid": ended.pid})
    assert not seen(default(home))
    registered(home, {"pid": other.pid})
    os.utime(home / "state/opencode/service.json", (1_000_000_000, 1_000_000_000))
    if sys.platform == "linux":
        assert not seen(default(home))


def test_beside_the_service_no_full_vacuum_is_made_and_its_password_is_said_nowhere(home, other):
    registered(home, {"url": "http://x", "pid": other.pid, "password": PASSWORD})
    store = default(home)
    ran = invoked("vacuum", f"--store={store}", "--method=full", "--yes", code=75)
    assert str(other.pid) in ran.err and PASSWORD not in ran.err + ran.out
    assert not [path for path in home.rglob("*") if path.is_file() and path.name != "service.json"
                and PASSWORD.encode() in path.read_bytes()]


@pytest.mark.parametrize("schema, said", [("2.0.26-mixed", True), ("2.0.25-partial", True), ("1.18.33", False)])
def test_archive_says_that_no_list_of_2x_looks_at_the_flag(tmp_path, schema, said):
    path = forests.build(Recipe([Session("ses_1", home="v2", updated=LONG_AGO)]), tmp_path / "s.db", schema)
    for flag in (("--session=ses_1",), ("--older-than=30d", "--yes")):
        ran = invoked("archive", f"--store={path}", f"--now={NOW}", *flag, inside=True)
        assert ("no list of 2.x looks at the archive flag" in ran.err) is said
        invoked("unarchive", f"--store={path}", "--session=ses_1", inside=True)
