"""What a run leaves for others to read, and the command of the user's that is told."""

import json
import multiprocessing
import re
import stat
import sys
import time

import pytest
from opencode_lifecycle.sql import files, state
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.unattended import status
from opencode_lifecycle.sql.unattended.notify import notify
from opencode_lifecycle.sql.words import DAY, human

NOW = 1_800_000_000_000
FACTS = {"file_bytes": 700, "free_bytes": 20, "per_day": 3.5, "warnings": ["Large."], "announced": None,
         "evicted": {"run": 4, "sessions": 9, "bytes": 100, "moment": NOW, "undo": "invoke undo --run=4"},
         "outcome": "done", "command": "invoke history"}
SAMPLE = re.compile(r'(opencode_lifecycle_[a-z_]+)\{store="((?:[^"\\\n]|\\["\\n])*)"\} (-?[0-9.e+]+)\Z')


def read():
    return json.loads((state.folder() / "status.json").read_text())["stores"]


def metrics():
    """The text file as Prometheus reads it: each name with its HELP and TYPE before its samples."""
    found, named, helped = {}, None, None
    for line in (state.folder() / "opencode_lifecycle.prom").read_text().splitlines():
        if line.startswith("# HELP "):
            helped = line.split()[2]
        elif line.startswith("# TYPE "):
            _, _, named, kind = line.split()
            assert (named, kind) == (helped, "gauge") and named not in found
            found[named] = {}
        else:
            name, store, value = SAMPLE.match(line).groups()
            assert name == named
            found[name][store] = float(value)
    return {name.removeprefix("opencode_lifecycle_"): values for name, values in found.items()}


def test_the_status_of_each_store_stands_in_the_file_beside_that_of_others():
    status.write("a.db", NOW, FACTS)
    status.write("b.db", NOW + 1, FACTS | {"outcome": "failed"})
    path = status.write("a.db", NOW + 2, FACTS | {"warnings": []})
    assert path == state.folder() / "status.json" and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read() == {"a.db": {"moment": NOW + 2, **FACTS, "warnings": []},
                      "b.db": {"moment": NOW + 1, **FACTS, "outcome": "failed"}}
    assert status.last("a.db") == read()["a.db"] and status.last("c.db") is None
    assert not [one for one in state.folder().iterdir() if one.name.endswith(".part")]


def test_prometheus_reads_the_same():
    status.write("a.db", NOW, FACTS)
    status.write('b "x"\\\n.db', NOW, {"outcome": "failed", "announced": {"sessions": 3}})
    odd = 'b \\"x\\"\\\\\\n.db'
    found = metrics()
    assert found["file_bytes"] == {"a.db": 700} and found["growth_bytes_per_day"] == {"a.db": 3.5}
    assert found["warnings"] == {"a.db": 1, odd: 0} and found["last_run_failed"] == {"a.db": 0, odd: 1}
    assert found["last_run_timestamp_seconds"]["a.db"] == NOW / 1000
    assert found["announced_sessions"] == {"a.db": 0, odd: 3} and found["last_eviction_sessions"] == {"a.db": 9}


def test_a_store_of_which_nothing_was_heard_for_long_is_left_out():
    status.write("a.db", NOW, FACTS)
    status.write("b.db", NOW + 91 * DAY, FACTS)
    assert set(read()) == {"b.db"}


def test_whoever_asks_for_a_status_makes_nothing(own_folders):
    assert status.last("a.db") is None and not list(own_folders.rglob("*"))


def many(number):
    for n in range(10):
        status.write(f"{number}.db", NOW + n, FACTS)


def test_runs_at_once_leave_what_all_of_them_say_and_a_reader_never_sees_half_a_file():
    status.write("first.db", NOW, FACTS)
    runs = [multiprocessing.get_context("fork").Process(target=many, args=(n,)) for n in range(3)]
    for run in runs:
        run.start()
    looks = 0
    while any(run.is_alive() for run in runs):
        assert "first.db" in read() and metrics()["file_bytes"]
        looks += 1
    assert [run.exitcode for run in runs] == [0, 0, 0] and looks
    assert {store: facts["moment"] for store, facts in read().items()} == {
        "first.db": NOW, **{f"{n}.db": NOW + 9 for n in range(3)}}


def test_a_full_disk_leaves_the_status_as_it_was(monkeypatch):
    status.write("a.db", NOW, FACTS)
    before = (state.folder() / "status.json").read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(Refusal, match="No space left"):
        patched.setattr(files.os, "fsync", full)
        status.write("a.db", NOW + 1, FACTS)
    assert (state.folder() / "status.json").read_bytes() == before and status.last("a.db")["moment"] == NOW
    assert not [one for one in state.folder().iterdir() if one.name.endswith(".part")]


# --- notify ----------------------------------------------------------------------------------------------------------


def told(tmp_path, code):
    script = tmp_path / "tell it.py"
    script.write_text(f"import os, sys, time, pathlib\nhere = pathlib.Path({str(tmp_path)!r})\n{code}")
    return f"{sys.executable} '{script}'"


def test_the_command_of_the_user_gets_the_message_in_a_variable_and_no_shell_sees_it(tmp_path):
    command = told(tmp_path, "said = os.environ['OPENCODE_LIFECYCLE_MESSAGE'] + repr(sys.argv[1:])\n"
                   "(here / 'said').write_text(said)")
    message = f"$(touch {tmp_path}/shell) `touch {tmp_path}/shell`; 'x' \"y\"\nline"
    assert notify(command + " '$HOME;' ~", message) == ""
    assert (tmp_path / "said").read_text() == message + "['$HOME;', '~']"
    assert not (tmp_path / "shell").exists()


def test_the_command_may_begin_in_the_home_folder(tmp_path, monkeypatch):
    script = tmp_path / "tell it"
    script.write_text('#!/bin/sh\ntouch "$0.told"\n')
    script.chmod(0o700)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert notify("'~/tell it'", "x") == "" and (tmp_path / "tell it.told").exists()
    assert "could not be started" in notify("~nobody-of-that-name/tell", "x")


@pytest.mark.parametrize("command, says", [
    ("/nowhere/there 'a b'", "could not be started"), ("'open", "cannot be read"), ("  ", "is empty"),
    (f"{sys.executable} -c 'raise SystemExit(7)'", "ended with code 7"),
])
def test_a_command_that_fails_is_one_sentence_and_no_failure(command, says):
    said = notify(command, "x")
    assert says in said and said.endswith(".") and "\n" not in said


def test_a_command_that_hangs_is_ended_with_all_that_it_started(tmp_path):
    command = told(tmp_path, "import subprocess\n"
                   "code = 'import time, sys; time.sleep(3); open(sys.argv[1], \"w\")'\n"
                   "subprocess.Popen([sys.executable, '-c', code, str(here / 'late')])\ntime.sleep(60)")
    began = time.monotonic()
    assert "was ended after 1 seconds" in notify(command, "x", limit=1)
    assert time.monotonic() - began < 3
    time.sleep(3)
    assert not (tmp_path / "late").exists()


def test_what_the_command_says_reaches_nobody(tmp_path, capfd):
    assert notify(told(tmp_path, "print('out'); print('err', file=sys.stderr); sys.stdin.read()"), "x") == ""
    assert capfd.readouterr() == ("", "")


def test_of_a_mark_that_was_passed_it_is_said_where_the_run_itself_brought_the_store_below_it(nightly):
    size = nightly.db.stat().st_size
    nightly.write(f"[limits]\nmax_age = '90d'\n[warn]\nsizes = ['{size - 1}B']\n[space]\nmethod = 'full'\n")
    ran = nightly.said("--yes", "--json").json
    assert ran["file"]["after"] < size - 1
    assert [text.split("`")[2] for text in ran["warnings"]] == \
        [f". This run has brought it to {human(ran['file']['after'])}."]
    assert status.last(str(nightly.db))["warnings"] == ran["warnings"]
