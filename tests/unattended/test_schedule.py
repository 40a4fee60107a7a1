"""`schedule` puts a job into the machine's own scheduler, and `unschedule` takes out exactly that."""

import os
import sys
from pathlib import Path

import pytest
from command import invoked, refused
from machine import Machine
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.unattended import crontab, job, systemd
from opencode_lifecycle.sql.unattended.job import Job, Times

SYSTEMS = {"systemd": "systemctl", "cron": "crontab", "launchd": "launchctl", "windows": "schtasks"}
OWN = Path(sys.executable).parent / "opencode-lifecycle"


# --- every scheduler -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_job_is_installed_shown_installed_again_unchanged_and_taken_out_without_a_trace(name, at, machine):
    before = machine.files()
    made = at("schedule", f"--with={name}", "--at=03:30", "--json").json
    assert (made["system"], made["changed"], made["scheduled"]) == (name, True, True)
    after = {file: (machine.folder / file).read_bytes() for file in machine.files() - {"called"}}
    again = at("schedule", f"--with={name}", "--at=03:30", "--json").json
    assert not again["changed"]
    assert after == {file: (machine.folder / file).read_bytes() for file in machine.files() - {"called"}}
    shown = at("schedule", "--show", "--json").json["found"]
    assert set(shown) == {name} and all(one["ours"] for one in shown[name])
    removed = at("unschedule", "--json").json["removed"]
    assert set(removed) == {name} and len(removed[name]) == len(shown[name])
    assert machine.files() - {"called"} == before
    assert "Nothing of ours is scheduled." in at("unschedule").err
    assert at("schedule", "--show", "--json").json == {"scheduled": False, "found": {}}


@pytest.mark.parametrize("name", SYSTEMS)
def test_another_time_takes_the_place_of_the_one_before(name, at, machine):
    at("schedule", f"--with={name}", "--at=03:30")
    made = at("schedule", f"--with={name}", "--at=04:45", "--every=weekly", "--json").json
    assert made["changed"] and made["times"] == "each Monday at 04:45"
    (found,) = at("schedule", "--show", "--json").json["found"].values()
    assert any("45" in one["text"] for one in found) and not any("03:30" in one["text"] for one in found)
    at("unschedule")
    assert machine.files() == machine.files() & {"called"} | {f"bin/{one}" for one in SYSTEMS.values()}


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_somebody_changed_since_is_neither_replaced_nor_removed(name, at, machine):
    at("schedule", f"--with={name}", "--at=03:30")
    place = {"cron": machine.tab, "windows": machine.folder / "task.xml",
             "launchd": machine.home / "Library/LaunchAgents/opencode-lifecycle.plist",
             "systemd": Path(machine.env["XDG_CONFIG_HOME"]) / "systemd/user/opencode-lifecycle.service"}[name]
    altered = place.read_text().replace("enforce", "enforce --yes", 1)
    place.write_text(altered)
    for words in (("schedule", f"--with={name}", "--at=04:00"), ("unschedule",)):
        at(*words, code=73, says="is not what `schedule` wrote")
    assert place.read_text() == altered
    assert "unschedule will leave it" in at("schedule", "--show").err


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_dry_run_shows_what_would_be_written_for_any_system_and_writes_nothing(name, store, tmp_path):
    bare = Machine(tmp_path)
    shown = invoked("schedule", f"--store={store}", f"--with={name}", "--dry-run", env=bare.env).out
    assert "enforce" in shown and store in shown and "\\u{" not in shown
    found = invoked("schedule", f"--store={store}", f"--with={name}", "--dry-run", "--json", env=bare.env).json
    assert found["written"] and not found["scheduled"] and found["command"][1:] == [
        "enforce", "--quiet", f"--store={store}"]
    assert not bare.files()


def test_the_job_stands_in_one_scheduler_only(at, machine):
    at("schedule", "--with=cron")
    made = at("schedule", "--with=systemd", "--json").json
    assert made["removed"] == ["your crontab"] and not machine.tab.exists()
    assert set(at("schedule", "--show", "--json").json["found"]) == {"systemd"}
    at("unschedule")


def test_what_is_said_of_the_times_is_what_is_written(at, machine, store):
    cron = at("schedule", "--with=cron")
    assert "each day at 03:00, up to 60 minutes later," in cron.out and "min_interval" not in cron.err
    assert "evict nothing" in cron.err and "--days" not in cron.err
    assert "03:30, by" in at("schedule", "--with=cron", "--at=03:30").out
    timer = at("schedule", "--with=systemd", "--at=03:30", "--every=2h")
    assert "23:30, up to 30 minutes later," in timer.out
    assert "takes the place" in timer.err and "min_interval = 20 hours" in timer.err


def test_a_job_names_program_store_and_folders_from_the_root_on(at, machine):
    made = at("schedule", "--with=cron", "--json").json
    assert made["command"][0] == str(OWN) and Path(made["command"][3].partition("=")[2]).is_absolute()
    assert made["environment"] == {f"XDG_{kind}_HOME": os.environ[f"XDG_{kind}_HOME"]
                                   for kind in ("CACHE", "CONFIG", "DATA", "STATE")}


def test_without_variables_the_usual_folders_stand_in_the_job(at, machine):
    for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
        machine.env.pop(f"XDG_{kind}_HOME")
    assert at("schedule", "--with=cron", "--dry-run", "--json").json["environment"] == {
        "XDG_CACHE_HOME": f"{machine.home}/.cache", "XDG_CONFIG_HOME": f"{machine.home}/.config",
        "XDG_DATA_HOME": f"{machine.home}/.local/share",
        "XDG_STATE_HOME": f"{machine.home}/.local/state"}


def test_the_program_is_found_where_it_was_called(monkeypatch, tmp_path):
    link = tmp_path / "opencode-lifecycle"
    link.symlink_to(OWN)
    monkeypatch.setattr("sys.argv", [str(link), "schedule"])
    assert job.program() == (str(link),)
    monkeypatch.setattr("sys.argv", ["opencode-lifecycle", "schedule"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert job.program() == (str(link),) and job.temporary((str(link),)) == str(link).startswith("/tmp/")
    monkeypatch.setattr("sys.argv", ["/usr/bin/invoke", "schedule"])
    assert job.program() == (str(OWN),)
    monkeypatch.setattr("sys.executable", str(tmp_path / "x" / "python"))
    assert job.program() == (str(tmp_path / "x" / "python"), "-c", job.PYTHON)


def test_a_policy_stands_in_the_job_by_name_or_from_the_root_on(at, tmp_path, monkeypatch):
    (tmp_path / "p.toml").write_text("[limits]\nmax_age = '30d'\n")
    found = at("schedule", "--with=cron", f"--policy={tmp_path}/p.toml", "--dry-run", "--json").json["command"]
    assert found[-1] == f"--policy={tmp_path}/p.toml"
    assert at("schedule", "--with=cron", "--policy=default", "--dry-run", "--json").json["command"][-1] == \
        "--policy=default"


# --- which scheduler, and refusals -----------------------------------------------------------------------------------


def test_linux_takes_systemd_where_it_answers_else_cron(at, machine):
    assert at("schedule", "--json").json["system"] == "systemd"
    machine.fail("show-environment")
    assert at("schedule", "--json").json["system"] == "cron"
    at("schedule", "--with=systemd", code=78, says="your systemd does not answer (it is broken)")


@pytest.mark.parametrize("words, code, says", [
    (("--every=5h",), 64, "--every=5h"), (("--every=0h",), 64, "--every"), (("--every=monthly",), 64, "daily, weekly"),
    (("--at=24:00",), 64, "--at=24:00"), (("--at=3",), 64, "03:30"), (("--with=atd",), 64, "systemd, cron"),
    (("--policy=nosuch",), 64, "nosuch"), (("--show", "--every=daily"), 64, "--show"),
])
def test_a_value_that_cannot_be_is_one_sentence(words, code, says, at, machine):
    at("schedule", *words, code=code, says=says)
    assert not [line for line in machine.called if "enable" in line or line == "crontab -"]


def test_a_store_that_is_not_there_is_not_scheduled(machine, tmp_path):
    refused(69, "schedule", f"--store={tmp_path}/none.db", env=machine.env)
    assert not machine.called


def test_an_empty_home_is_refused(at, machine):
    machine.env["HOME"] = ""
    at("schedule", code=1, says="HOME")
    assert not machine.called


def test_a_machine_without_a_scheduler_is_told_what_to_do(store, tmp_path):
    refused(78, "schedule", f"--store={store}", env=Machine(tmp_path).env,
            says=("systemctl is not here", "crontab is not here", "--dry-run --with=cron"))


@pytest.mark.parametrize("url", ["postgresql://me:hunter2@db/opencode", "mysql://db/opencode?password=hunter2"])
def test_a_password_never_stands_in_a_job(url):
    with pytest.raises(Refusal, match="password") as refusal:
        job.job(url, None, Times(24, 3, 0))
    assert refusal.value.code == 64 and "hunter2" not in str(refusal.value)


def test_a_server_without_a_password_stands_in_the_job_as_it_was_given():
    assert "--store=postgresql://me@db/opencode" in job.job("postgresql://me@db/opencode", None, Times(24, 3, 0)).words


@pytest.mark.parametrize("path", ["/a\nb", "/a\x1bb", "/a\udcffb"])
def test_a_name_that_no_job_can_hold_is_refused(path):
    with pytest.raises(Refusal) as refusal:
        job.job(path, None, Times(24, 3, 0))
    assert refusal.value.code == 64


@pytest.mark.parametrize("name, word", [("systemd", "enable"), ("systemd", "restart"), ("cron", "-"),
                                        ("launchd", "bootstrap"), ("windows", "/Create")])
def test_a_scheduler_that_fails_leaves_nothing_behind(name, word, at, machine):
    before = machine.files()
    machine.fail(word if name != "cron" else "-\0")
    if name == "cron":
        (machine.bin / "crontab").write_text("#!/bin/sh\n[ $1 = -l ] && exit 1\necho no room >&2\nexit 1\n"
                                             .replace("&& exit 1", "&& { echo no crontab for me >&2; exit 1; }"))
    at("schedule", f"--with={name}", code=1, says="failed" if name != "cron" else "no room")
    assert machine.files() - {"called", "fails"} == before


def test_a_failing_change_of_a_timer_leaves_the_one_before(at, machine):
    at("schedule", "--with=systemd", "--at=03:30")
    folder = Path(machine.env["XDG_CONFIG_HOME"]) / "systemd/user"
    before = {path: path.read_bytes() for path in folder.glob("*.*") if path.is_file()}
    machine.fail("restart")
    at("schedule", "--with=systemd", "--at=04:30", code=1)
    assert before == {path: path.read_bytes() for path in folder.glob("*.*") if path.is_file()}
    assert (folder / "timers.target.wants/opencode-lifecycle.timer").is_symlink()


def test_a_timer_is_taken_out_where_no_systemd_answers_any_more(at, machine):
    at("schedule", "--with=systemd")
    (machine.bin / "systemctl").unlink()
    at("unschedule")
    assert not list(Path(machine.env["XDG_CONFIG_HOME"]).rglob("opencode-lifecycle.*"))


# --- times -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("every, at, calendar, cron", [
    ("daily", "03:30", "*-*-* 03:30:00", "30 3 * * *"), ("weekly", "23:05", "Mon *-*-* 23:05:00", "5 23 * * 1"),
    ("12h", "15:30", "*-*-* 03,15:30:00", "30 3,15 * * *"), ("1d", "0:00", "*-*-* 00:00:00", "0 0 * * *"),
    ("6 hours", "4:07", "*-*-* 04,10,16,22:07:00", "7 4,10,16,22 * * *"), ("1w", "9:9", None, None),
])
def test_times_are_said_in_the_words_of_each_scheduler(every, at, calendar, cron):
    if calendar is None:
        with pytest.raises(Refusal):
            job.times(every, at)
        return
    when = job.times(every, at)
    assert f"OnCalendar={calendar}\n" in systemd.timer(when)
    assert crontab.lines(Job(("/x",), {}, when)).startswith(cron + " ")


def test_without_a_time_machines_spread_over_an_hour_each_always_at_its_own_minute():
    when = job.times("daily", None)
    minutes = {when.spread(f"machine {n}").minute for n in range(300)}
    assert len(minutes) > 40 and when.spread("a") == when.spread("a")
    assert job.times("daily", "03:30").spread("a").minute == 30
    assert {job.times("hourly", None).spread(f"{n}").minute for n in range(300)} <= set(range(15))
