"""A task of the Task Scheduler of Windows, made from its XML."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from ..refusal import BAD_VALUE, FAILED, Refusal
from .job import ABOUT, LIMIT_HOURS, NAME, Job, Times
from .systems import SEAL, Standing, call, digest, refuse_altered, said

SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
PLACE = f"the task {NAME}"
MEANT_BY_CMD = '%"!^&|<>'


class Windows:
    """The tasks of the user, through `schtasks`."""

    title = "a task of the Task Scheduler"
    delays = True

    def missing(self) -> str:
        return "" if shutil.which("schtasks") else "schtasks is not here"

    def written(self, job: Job) -> dict[str, str]:
        return {PLACE: task(job)}

    def advice(self, job: Job) -> str:
        return "It runs while you are logged in."

    def found(self) -> list[Standing]:
        done = call(["schtasks", "/Query", "/TN", NAME, "/XML"]) if not self.missing() else None
        if done is None or done.returncode:
            return []
        text = _decoded(done.stdout)
        return [Standing(PLACE, text, _ours(text))]

    def install(self, job: Job) -> bool:
        old, new = self.found(), task(job)
        for one in old:
            refuse_altered(one)
        if old and seal_of(old[0].text) == seal_of(new):
            return False
        with _file(new) as path:
            done = call(["schtasks", "/Create", "/TN", NAME, "/XML", path, "/F"])
        if done.returncode:
            raise Refusal(f"`schtasks /Create` failed: {said(done)}.", FAILED)
        return True

    def remove(self) -> list[str]:
        found = self.found()
        for one in found:
            refuse_altered(one)
            done = call(["schtasks", "/Delete", "/TN", NAME, "/F"])
            if done.returncode:
                raise Refusal(f"`schtasks /Delete` failed: {said(done)}.", FAILED)
        return [one.place for one in found]


def task(job: Job) -> str:
    """The task as text; `octets` is what schtasks reads. It starts late rather than never, and on a battery too."""
    root = ElementTree.Element("Task", {"version": "1.2", "xmlns": SPACE})
    _put(root, "RegistrationInfo/Description", ABOUT)
    _trigger(root, job.times)
    principal = _put(root, "Principals/Principal")
    principal.set("id", "Author")
    _put(principal, "LogonType", "InteractiveToken")
    _put(principal, "RunLevel", "LeastPrivilege")
    settings = _put(root, "Settings")
    for name, value in {"MultipleInstancesPolicy": "IgnoreNew", "DisallowStartIfOnBatteries": "false",
                        "StopIfGoingOnBatteries": "false", "StartWhenAvailable": "true",
                        "RunOnlyIfNetworkAvailable": "false", "ExecutionTimeLimit": f"PT{LIMIT_HOURS}H",
                        "Priority": "9"}.items():
        _put(settings, name, value)
    action = _put(root, "Actions/Exec")
    root.find("Actions").set("Context", "Author")  # type: ignore[union-attr]
    for name, value in zip(("Command", "Arguments"), command(job), strict=True):
        _put(action, name, value)
    # Windows writes a task anew in its own way, so what is known again is what it does and when.
    info = root.find("RegistrationInfo")
    source = ElementTree.Element("Source")
    source.text = SEAL + digest(_meant(root))
    info.insert(0, source)  # type: ignore[union-attr]
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-16"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def octets(text: str) -> bytes:
    """UTF-16 with its mark, and the line ends of Windows."""
    return text.replace("\n", "\r\n").encode("utf-16")


def _trigger(root: ElementTree.Element, times: Times) -> None:
    trigger = _put(root, "Triggers/CalendarTrigger")
    _put(trigger, "Enabled", "true")
    _put(trigger, "StartBoundary", f"2024-01-01T{times.of_day[0]:02}:{times.minute:02}:00")  # a Monday
    if times.hours < 24:
        _put(trigger, "Repetition/Interval", f"PT{times.hours}H")
        _put(trigger.find("Repetition"), "Duration", "P1D")
    _put(trigger, "RandomDelay", f"PT{times.delay}M")
    if times.weekly:
        week = _put(trigger, "ScheduleByWeek")
        _put(week, "WeeksInterval", "1")
        _put(week, "DaysOfWeek/Monday")
    else:
        _put(trigger, "ScheduleByDay/DaysInterval", "1")


def command(job: Job) -> tuple[str, str]:
    """The program and its arguments as one text; variables are set by cmd, for a task has none of its own."""
    first, *others = job.words
    if not job.environment:
        return first, subprocess.list2cmdline(others)
    for value in (*job.environment.values(), *job.words):
        if odd := sorted(set(value) & set(MEANT_BY_CMD)):
            raise Refusal(f"{value} holds {' '.join(odd)}, which cmd would take for its own; move it to another name.",
                          BAD_VALUE)
    sets = "".join(f'set "{name}={value}"&& ' for name, value in job.environment.items())
    return "cmd.exe", f'/d /c "{sets}{subprocess.list2cmdline(job.words)}"'


def _put(parent: ElementTree.Element | None, names: str, text: str | None = None) -> ElementTree.Element:
    assert parent is not None
    for name in names.split("/"):
        parent = ElementTree.SubElement(parent, name)
    parent.text = text
    return parent


def _meant(root: ElementTree.Element) -> str:
    """What a task does and when: command, arguments and trigger, without the name space that Windows may repeat."""
    said = {"Command", "Arguments", "StartBoundary", "Interval", "RandomDelay", "DaysInterval", "WeeksInterval"}
    return "\n".join(sorted(f"{name}={(one.text or '').strip()}" for one in root.iter()
                            if (name := one.tag.rsplit("}", 1)[-1]) in said))


def seal_of(text: str) -> str:
    """The digest that a task carries; '' for one that is not ours."""
    try:
        root = ElementTree.fromstring(text.partition("?>")[2] if text.startswith("<?xml") else text)
    except ElementTree.ParseError:
        return ""
    found = next((one.text or "" for one in root.iter() if one.tag.rsplit("}", 1)[-1] == "Source"), "")
    return found.removeprefix(SEAL) if found.startswith(SEAL) and found[len(SEAL):] == digest(_meant(root)) else ""


def _ours(text: str) -> bool:
    return bool(seal_of(text))


def _decoded(octets: bytes) -> str:
    """What schtasks prints: UTF-16 where it begins with the mark, else what the console has."""
    marked = octets[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = octets.decode("utf-16") if marked else octets.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").strip()


@contextlib.contextmanager
def _file(text: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "task.xml"
        path.write_bytes(octets(text))
        yield str(path)
