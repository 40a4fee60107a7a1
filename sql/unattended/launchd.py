"""An agent of launchd, on macOS: a property list in the user's own folder."""

from __future__ import annotations

import os
import plistlib
import shutil
import socket
from pathlib import Path
from typing import Any

from .. import files
from ..refusal import FAILED, Refusal
from .job import NAME, Job
from .systems import Standing, call, delete, is_ours, read, refuse_altered, said, sealed, write

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Launchd:
    """The agents of the user, through `launchctl`."""

    title = "an agent of launchd"
    delays = False

    def missing(self) -> str:
        return "" if shutil.which("launchctl") else "launchctl is not here"

    def written(self, job: Job) -> dict[str, str]:
        return {str(path()): HEAD + sealed(agent(job), "<!-- ", " -->")}

    def advice(self, job: Job) -> str:
        return "A run that is missed in sleep is made up on waking, one that is missed while the machine is off is not."

    def found(self) -> list[Standing]:
        one = read(path())
        return [Standing(one.place, one.text, _ours(one))] if one else []

    def install(self, job: Job) -> bool:
        old = self.found()
        for one in old:
            refuse_altered(one)
        (place, text), = self.written(job).items()
        if old and old[0].text == text and not call(["launchctl", "print", f"{domain()}/{NAME}"]).returncode:
            return False
        write(Path(place), text)
        call(["launchctl", "bootout", f"{domain()}/{NAME}"])
        done = call(["launchctl", "bootstrap", domain(), place])
        if done.returncode:
            delete(Path(place))
            raise Refusal(f"`launchctl bootstrap {domain()}` failed ({said(done)}), and nothing is scheduled.", FAILED)
        return True

    def remove(self) -> list[str]:
        found = self.found()
        for one in found:
            refuse_altered(one)
            call(["launchctl", "bootout", f"{domain()}/{NAME}"])
            delete(Path(one.place))
        return [one.place for one in found]


def path() -> Path:
    """Where the agent lies: the file has the name of its label."""
    return Path.home() / "Library" / "LaunchAgents" / f"{NAME}.plist"


def domain() -> str:
    """The session of the user, as launchctl names it."""
    return f"gui/{os.getuid()}" if hasattr(os, "getuid") else "gui"


def agent(job: Job) -> str:
    """The property list without its first line. A run that is missed in sleep is made up on waking."""
    times = job.times.spread(f"{socket.gethostname()} {domain()}")
    day = {"Weekday": 1} if times.weekly else {}
    log = str(files.place("state") / "schedule.log")
    facts: dict[str, Any] = {
        "Label": NAME, "ProgramArguments": list(job.words), "EnvironmentVariables": job.environment,
        "StartCalendarInterval": [day | {"Hour": hour, "Minute": times.minute} for hour in times.of_day],
        "ProcessType": "Background", "LowPriorityIO": True, "LowPriorityBackgroundIO": True, "Nice": 19,
        "StandardOutPath": log, "StandardErrorPath": log,
    }
    return plistlib.dumps(facts).decode().removeprefix(HEAD)


def _ours(one: Standing) -> bool:
    return one.text.startswith(HEAD) and is_ours(one.text.removeprefix(HEAD)) and not Path(one.place).is_symlink()
