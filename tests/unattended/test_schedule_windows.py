"""The task for Windows is what the documented schema allows, and does what its command line says."""

import re
from xml.etree import ElementTree

import pytest
from machine import Machine
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.unattended import job, windows
from opencode_lifecycle.sql.unattended.job import Job

# The parts of Microsoft's Task Scheduler Schema that are used: the elements of each type, in their order where the
# type is a sequence (a list) and in any where it is an `all` (a set), or the form of a text. ? is an optional one.
DURATION = r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?)?"
BOOLEAN = "true|false"
SCHEMA = {
    "Task": {"RegistrationInfo?", "Triggers?", "Settings?", "Principals?", "Actions"},
    "RegistrationInfo": {"URI?", "Source?", "Date?", "Author?", "Version?", "Description?"},
    "Triggers": ["CalendarTrigger"],
    "CalendarTrigger": ["Enabled?", "StartBoundary?", "EndBoundary?", "Repetition?", "ExecutionTimeLimit?",
                        "RandomDelay?", "ScheduleByDay?", "ScheduleByWeek?"],
    "Repetition": {"Interval", "Duration?", "StopAtDurationEnd?"},
    "ScheduleByDay": {"DaysInterval?"}, "ScheduleByWeek": {"WeeksInterval?", "DaysOfWeek?"},
    "DaysOfWeek": {"Monday?"}, "Principals": ["Principal"],
    "Principal": {"UserId?", "LogonType?", "RunLevel?", "DisplayName?", "GroupId?"},
    "Settings": {"MultipleInstancesPolicy?", "DisallowStartIfOnBatteries?", "StopIfGoingOnBatteries?",
                 "StartWhenAvailable?", "RunOnlyIfNetworkAvailable?", "ExecutionTimeLimit?", "Priority?"},
    "Actions": ["Exec"], "Exec": ["Command", "Arguments?", "WorkingDirectory?"],
    "Monday": "", "Enabled": BOOLEAN, "DisallowStartIfOnBatteries": BOOLEAN, "StopIfGoingOnBatteries": BOOLEAN,
    "StartWhenAvailable": BOOLEAN, "RunOnlyIfNetworkAvailable": BOOLEAN, "StartBoundary": r"[0-9-]{10}T[0-9:]{8}",
    "Interval": DURATION, "Duration": DURATION, "RandomDelay": DURATION, "ExecutionTimeLimit": DURATION,
    "DaysInterval": "[1-9][0-9]?", "WeeksInterval": "[1-9]", "LogonType": "InteractiveToken|S4U|Password",
    "RunLevel": "LeastPrivilege|HighestAvailable", "MultipleInstancesPolicy": "Parallel|Queue|IgnoreNew|StopExisting",
    "Priority": "[0-9]|10", "Command": ".+", "Arguments": ".+", "Source": ".+", "Description": ".+",
}
ATTRIBUTES = {"Task": {"version": "1.2"}, "Principal": {"id": "Author"}, "Actions": {"Context": "Author"}}


def wrong(element):
    """What the schema does not allow below an element."""
    name = element.tag.removeprefix("{" + windows.SPACE + "}")
    if element.attrib != ATTRIBUTES.get(name, {}):
        yield f"{name}: {element.attrib}"
    rule = SCHEMA.get(name)
    if rule is None or isinstance(rule, str):
        if rule is None or not re.fullmatch(rule, element.text or "", re.DOTALL) or len(element):
            yield f"{name}: {element.text}"
        return
    inside = [one.tag.removeprefix("{" + windows.SPACE + "}") for one in element]
    known = [one.rstrip("?") for one in rule]
    if len(set(inside)) != len(inside) or set(inside) - set(known):
        yield f"{name}: {inside}"
    elif isinstance(rule, list) and [one for one in known if one in inside] != inside:
        yield f"{name}: {inside} are not in their order"
    if missing := {one for one in rule if not one.endswith("?")} - set(inside):
        yield f"{name} lacks {missing}"
    for one in element:
        yield from wrong(one)


def read(octets):
    """A file as the Task Scheduler reads it: UTF-16 with its mark, which the first line repeats."""
    assert octets[:2] == b"\xff\xfe"
    text = octets.decode("utf-16")
    head, _, rest = text.partition("\r\n")
    assert head == '<?xml version="1.0" encoding="UTF-16"?>'
    assert re.search(r"(?<!\r)\n", text) is None
    return ElementTree.fromstring(rest)


def made(every="daily", at=None, environment=None):
    return Job(("C:\\Program Files\\opencode-lifecycle.exe", "enforce", "--quiet", "--store=C:\\Us & ers\\é.db"),
               environment or {}, job.times(every, at))


@pytest.mark.parametrize("every", ["hourly", "3h", "12h", "daily", "weekly"])
def test_a_task_is_what_the_schema_allows(every):
    root = read(windows.octets(windows.task(made(every))))
    assert root.tag == "{" + windows.SPACE + "}Task" and not list(wrong(root))
    text = {one.tag.rpartition("}")[2]: one.text for one in root.iter()}
    assert (text["StartWhenAvailable"], text["Priority"], text["DisallowStartIfOnBatteries"]) == ("true", "9", "false")
    assert ("Monday" in text) == (every == "weekly") and ("Interval" in text) == every.endswith(("h", "ly", "y")) * (
        every not in ("daily", "weekly"))


@pytest.mark.parametrize("change", [("<Enabled>true", "<Enabled>yes"), ("Repetition", "Repeat"), ("PT3H", "3H"),
                                    ("<Priority>9", "<Priority>99"), ('version="1.2"', 'version="7"')])
def test_the_schema_would_find_a_mistake(change):
    text = windows.task(made("3h"))
    assert change[0] in text
    assert list(wrong(read(windows.octets(text.replace(*change)))))


def test_a_command_is_split_as_windows_does_it():
    command, arguments = windows.command(made())
    assert command == "C:\\Program Files\\opencode-lifecycle.exe"
    assert arguments == 'enforce --quiet "--store=C:\\Us & ers\\é.db"'


def test_variables_are_set_by_cmd_and_what_it_would_change_is_refused():
    tame = Job(("C:\\Program Files\\x.exe", "enforce"), {"XDG_STATE_HOME": "D:\\my state"}, job.times("daily", None))
    assert windows.command(tame) == (
        "cmd.exe", '/d /c "set "XDG_STATE_HOME=D:\\my state"&& "C:\\Program Files\\x.exe" enforce"')
    for value in ("D:\\100%", 'D:\\"', "D:\\a&b"):
        with pytest.raises(Refusal) as refusal:
            windows.command(Job(tame.words, {"XDG_STATE_HOME": value}, tame.times))
        assert refusal.value.code == 64


@pytest.mark.parametrize("wide", [True, False])
def test_a_task_is_known_again_as_windows_prints_it(wide, tmp_path, monkeypatch):
    machine = Machine(tmp_path, "schtasks")
    monkeypatch.setenv("PATH", str(machine.bin))
    if wide:
        (tmp_path / "wide").touch()
    scheduler = windows.Windows()
    assert scheduler.install(made()) and not scheduler.install(made()) and scheduler.install(made(at="04:00"))
    (found,) = scheduler.found()
    assert found.ours and "URI" in found.text
    task = tmp_path / "task.xml"
    task.write_text(task.read_text().replace("04:00:00", "05:00:00"))
    with pytest.raises(Refusal) as refusal:
        scheduler.remove()
    assert refusal.value.code == 73 and task.exists()


def test_another_task_of_that_name_is_not_ours(tmp_path, monkeypatch):
    machine = Machine(tmp_path, "schtasks")
    monkeypatch.setenv("PATH", str(machine.bin))
    for text in ("<Task/>", "no xml", "<Task><RegistrationInfo><Source>x</Source></RegistrationInfo></Task>"):
        (tmp_path / "task.xml").write_text(text)
        with pytest.raises(Refusal):
            windows.Windows().install(made())
        assert (tmp_path / "task.xml").read_text() == text
