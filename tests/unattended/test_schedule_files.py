"""What is written for systemd, cron and launchd is what they read, and cron runs it."""

import json
import os
import plistlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from opencode_lifecycle.sql import state
from opencode_lifecycle.sql.unattended import crontab, job, launchd, systemd
from opencode_lifecycle.sql.unattended.job import Job, Times

HARD = "/home/me/a 'b' \"c\" $HOME ${x} %h %% \\d `e` #;&|<>é"


# --- systemd ---------------------------------------------------------------------------------------------------------

verified = pytest.mark.skipif(not shutil.which("systemd-analyze") and not os.environ.get("REQUIRE_ENGINES"),
                              reason="systemd-analyze is not here")


@pytest.fixture
def short():
    """A folder of so short a name that the address of a socket in it fits."""
    with tempfile.TemporaryDirectory(prefix="oclt-", dir="/tmp") as folder:
        yield folder


@verified
@pytest.mark.parametrize("every", ["hourly", "2h", "12h", "daily", "weekly"])
def test_systemd_finds_nothing_wrong_with_the_units(every, tmp_path, short):
    program = tmp_path / "with a blank, % and $HOME" / "opencode-lifecycle"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    made = Job((str(program), "enforce", f"--store={HARD}"), {"XDG_STATE_HOME": HARD}, job.times(every, None))
    (tmp_path / systemd.SERVICE).write_text(systemd.service(made))
    (tmp_path / systemd.TIMER).write_text(systemd.timer(made.times))
    run = {"capture_output": True, "text": True, "env": os.environ | {"XDG_RUNTIME_DIR": short}}
    units = [str(tmp_path / name) for name in (systemd.SERVICE, systemd.TIMER)]
    done = subprocess.run(["systemd-analyze", "verify", "--user", *units], **run)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    calendar = systemd.timer(made.times).split("OnCalendar=")[1].splitlines()[0]
    assert subprocess.run(["systemd-analyze", "calendar", calendar], **run).returncode == 0
    program.unlink()  # it does look
    assert subprocess.run(["systemd-analyze", "verify", "--user", *units], **run).returncode


def test_a_word_of_a_unit_is_read_back_as_it_was():
    made = Job(("/a b%c$d", "enforce", HARD), {"A": HARD}, Times(24, 3, 0))
    lines = systemd.service(made).splitlines()
    exec_start = next(line for line in lines if line.startswith("ExecStart=")).partition("=")[2]
    words = [word.replace("%%", "%") for word in shlex.split(exec_start)]
    assert [words[0], *(word.replace("$$", "$") for word in words[1:])] == list(made.words)
    variable = next(line for line in lines if line.startswith("Environment=")).partition("=")[2]
    assert [word.replace("%%", "%") for word in shlex.split(variable)] == [f"A={HARD}"]
    for line in ("Nice=19", "IOSchedulingClass=idle", "Type=oneshot"):
        assert line in lines
    assert {"RandomizedDelaySec=60min", "Persistent=true"} <= set(systemd.timer(made.times).splitlines())


# --- cron ------------------------------------------------------------------------------------------------------------

TABS = [b"", b"# mine\n", b"MAILTO=me\n5 4 * * * a%b\n", b"0 1 * * * x", b"\n\n  \n",
        "0 1 * * * \u2028\x0cé\r\n".encode(), b"0 1 * * * \xff\xfe\n"]


@pytest.mark.parametrize("tab", TABS)
def test_the_users_own_lines_stay_to_the_byte(tab, at, machine):
    if tab:
        machine.tab.write_bytes(tab)
    at("schedule", "--with=cron")
    first = machine.tab.read_bytes()
    assert first.startswith(tab) and first.endswith(b"\n") and first.count(b"# >>>") == 1
    at("schedule", "--with=cron")
    assert machine.tab.read_bytes() == first
    at("unschedule")
    assert (machine.tab.read_bytes() if machine.tab.exists() else b"") == tab


def test_lines_behind_our_region_stay_behind_it(at, machine):
    machine.tab.write_bytes(b"0 1 * * * x")
    at("schedule", "--with=cron", "--at=03:30")
    machine.tab.write_bytes(machine.tab.read_bytes() + b"0 2 * * * y\n")
    at("schedule", "--with=cron", "--at=04:30")
    text = machine.tab.read_bytes()
    assert text.startswith(b"0 1 * * * x\n# >>>") and text.endswith(b"<<<\n0 2 * * * y\n")
    at("unschedule")
    assert machine.tab.read_bytes() == b"0 1 * * * x\n0 2 * * * y\n"


def test_a_cron_that_wants_an_end_for_the_last_line_gets_one(at, machine):
    machine.tab.write_bytes(b"0 1 * * * x")
    (machine.folder / "strict").touch()
    at("schedule", "--with=cron")
    at("unschedule")
    assert machine.tab.read_bytes() == b"0 1 * * * x\n"


@pytest.mark.parametrize("tab", [f"{crontab.BEGIN}\n0 1 * * * x\n", f"{crontab.END}\n",
                                 f"{crontab.END}\n{crontab.BEGIN}\n", f"{crontab.BEGIN}\n{crontab.END}\n" * 2])
def test_marks_that_do_not_stand_as_we_set_them_stop_everything(tab, at, machine):
    machine.tab.write_text(tab)
    for verb in (("schedule", "--with=cron"), ("unschedule",)):
        at(*verb, code=73, says="crontab -e")
    assert machine.tab.read_text() == tab


def test_a_crontab_that_cannot_be_read_is_not_written(at, machine):
    machine.tab.write_text("0 1 * * * x\n")
    machine.fail("-l")
    at("schedule", "--with=cron", code=1, says="it is broken")
    assert machine.tab.read_text() == "0 1 * * * x\n"


def as_cron(line):
    """The command of a line as cron hands it to the shell: up to the first % that is not escaped."""
    command, at = "", 0
    while at < len(line):
        if line[at:at + 2] == "\\%":
            command, at = command + "%", at + 2
        elif line[at] == "%":
            break
        else:
            command, at = command + line[at], at + 1
    return command


def teller(folder):
    """A program that writes down its words and its environment."""
    folder.mkdir()
    path = folder / "opencode-lifecycle"
    path.write_text(f"#!{sys.executable}\nimport json, os, sys, pathlib\n"
                    f"with open({str(folder / 'said')!r}, 'a') as said:\n"
                    "    said.write(json.dumps([sys.argv[1:], dict(os.environ)]) + '\\n')\n")
    path.chmod(0o755)
    return path


def test_the_shell_of_cron_gives_the_program_its_words_and_variables(tmp_path):
    path = teller(tmp_path / "a 'b' %c $d")
    made = Job((str(path), "enforce", f"--store={HARD}"), {"XDG_STATE_HOME": HARD}, job.times("daily", "03:30"))
    for line, before in zip(crontab.lines(made).splitlines(), ("30 3 * * * ", "@reboot sleep 300; "), strict=True):
        assert line.startswith(before)
        env = {"HOME": "/", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "me"}
        subprocess.run(["/bin/sh", "-c", as_cron(line.removeprefix(before))], env=env, check=True, cwd="/")
    said = [json.loads(line) for line in (path.parent / "said").read_text().splitlines()]
    assert [words for words, _ in said] == [["enforce", f"--store={HARD}"]] * 2
    assert said[0][1]["XDG_STATE_HOME"] == HARD and said[0][1]["HOME"] == "/"


def test_the_line_enforces_the_policy_on_the_store_from_an_empty_environment(at, machine, store):
    at("schedule", "--with=cron", "--at=03:30")
    (line,) = [line for line in machine.tab.read_text().splitlines() if line.startswith("30 3 ")]
    command = as_cron(line.removeprefix("30 3 * * * "))
    done = subprocess.run(["env", "-i", f"HOME={machine.home}", "PATH=/usr/bin:/bin", "/bin/sh", "-c", command],
                          cwd="/", capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    status = json.loads((Path(machine.env["XDG_STATE_HOME"]) / "opencode-lifecycle" / "status.json").read_text())
    assert status["stores"][store]["outcome"] in ("done", "nothing") and not list(machine.home.iterdir())


# --- launchd ---------------------------------------------------------------------------------------------------------

# launchd.plist(5): the keys that are used, and what each takes.
KEYS = {"Label": str, "ProgramArguments": list, "EnvironmentVariables": dict, "StartCalendarInterval": list,
        "ProcessType": str, "LowPriorityIO": bool, "LowPriorityBackgroundIO": bool, "Nice": int,
        "StandardOutPath": str, "StandardErrorPath": str}
CALENDAR = {"Minute": range(60), "Hour": range(24), "Day": range(1, 32), "Weekday": range(8), "Month": range(1, 13)}


@pytest.mark.parametrize("every", ["hourly", "8h", "daily", "weekly"])
def test_the_property_list_of_launchd_has_documented_keys_alone(every, at, machine):
    at("schedule", "--with=launchd", f"--every={every}")
    path = machine.home / "Library/LaunchAgents/opencode-lifecycle.plist"
    found = plistlib.loads(path.read_bytes())
    assert {key: type(value) for key, value in found.items()} == KEYS
    assert found["Label"] == path.stem and found["ProcessType"] == "Background" and -20 <= found["Nice"] <= 20
    assert all(isinstance(word, str) for word in found["ProgramArguments"])
    assert Path(found["ProgramArguments"][0]).is_absolute() and Path(found["StandardOutPath"]).parent.is_dir()
    assert len(found["StartCalendarInterval"]) == {"hourly": 24, "8h": 3}.get(every, 1)
    for one in found["StartCalendarInterval"]:
        assert all(value in CALENDAR[key] for key, value in one.items())
        assert ("Weekday" in one) == (every == "weekly")
    assert path.stat().st_mode & 0o022 == 0  # launchd loads none that others may write
    at("unschedule")


def test_a_property_list_holds_any_path():
    made = Job(("/x", f"--store={HARD}"), {"A": HARD}, Times(24, 3, 0))
    found = plistlib.loads((launchd.HEAD + launchd.agent(made)).encode())
    assert found["ProgramArguments"] == list(made.words) and found["EnvironmentVariables"] == {"A": HARD}


# --- a real cron -----------------------------------------------------------------------------------------------------

CRON = ("mount -t tmpfs t /var/spool/cron/crontabs && mount -t tmpfs t /run && chmod 1730 /var/spool/cron/crontabs && "
        "crontab - && exec cron -f")


def no_cron():
    if not hasattr(os, "geteuid") or os.geteuid():
        return "cron runs as root alone"
    if not (shutil.which("cron") and shutil.which("crontab") and shutil.which("unshare")):
        return "cron is not here"
    done = subprocess.run(["unshare", "-m", "-p", "--fork", "mount", "-t", "tmpfs", "t", "/run"], capture_output=True)
    return "this machine lets nobody mount" if done.returncode else ""


@pytest.mark.whole
def test_a_real_cron_runs_the_job_in_its_own_bare_environment(tmp_path, store):
    if why := no_cron():
        assert why == "cron runs as root alone" or not os.environ.get("REQUIRE_ENGINES"), why
        pytest.skip(why)
    path = teller(tmp_path / "a 'b' %c")
    soon = time.localtime(time.time() + 62)
    when = Times(24, soon.tm_hour, soon.tm_min, exact=True)
    told = Job((str(path), "enforce", "--store=/é %h"), {"XDG_STATE_HOME": "/a 'b' %c"}, when)
    lines = crontab.lines(told) + crontab.lines(job.job(store, None, when))
    text = crontab.with_region(crontab.parted("# mine\n"), lines)
    status = state.folder() / "status.json"
    with subprocess.Popen(["unshare", "-m", "-p", "--fork", "--kill-child", "sh", "-c", CRON], stdin=subprocess.PIPE,
                          env={"PATH": os.environ["PATH"] + ":/usr/sbin", "XDG_DATA_HOME": "/nowhere"}) as cron:
        try:
            cron.stdin.write(text.encode())
            cron.stdin.close()
            limit = time.monotonic() + 180
            while not ((path.parent / "said").exists() and status.exists()) and time.monotonic() < limit:
                assert cron.poll() is None
                time.sleep(0.5)
        finally:
            cron.kill()
    ((words, env),) = [json.loads(line) for line in (path.parent / "said").read_text().splitlines()]
    assert words == ["enforce", "--store=/é %h"] and env["XDG_STATE_HOME"] == "/a 'b' %c"
    assert "XDG_DATA_HOME" not in env and env["PATH"] == "/usr/bin:/bin"
    assert json.loads(status.read_text())["stores"][store]["outcome"] == "nothing"
