"""A timer of the user's systemd: the unit that runs the job, and the one that starts it."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from ..refusal import FAILED, Refusal
from .job import ABOUT, LIMIT_HOURS, NAME, Job, Times
from .systems import Standing, call, delete, read, refuse_altered, said, sealed, write

TIMER, SERVICE = f"{NAME}.timer", f"{NAME}.service"


class Systemd:
    """The units of the user, through `systemctl --user`."""

    title = "a timer of your systemd"
    delays = True

    def missing(self) -> str:
        if not shutil.which("systemctl"):
            return "systemctl is not here"
        done = call(["systemctl", "--user", "show-environment"])
        return f"your systemd does not answer ({said(done)})" if done.returncode else ""

    def written(self, job: Job) -> dict[str, str]:
        return {str(folder() / SERVICE): sealed(service(job)), str(folder() / TIMER): sealed(timer(job.times))}

    def advice(self, job: Job) -> str:
        done = call(["loginctl", "show-user", str(os.getuid()), "--property=Linger", "--value"]) \
            if shutil.which("loginctl") else None
        return "It runs while you are logged in; `loginctl enable-linger` has it run always." \
            if done and done.stdout.strip() == b"no" else ""

    def found(self) -> list[Standing]:
        return [one for name in (SERVICE, TIMER) if (one := read(folder() / name))]

    def install(self, job: Job) -> bool:
        old = {one.place: one for one in self.found()}
        for one in old.values():
            refuse_altered(one)
        new = self.written(job)
        changed = {place: one.text for place, one in old.items()} != new
        for place, text in new.items() if changed else ():
            write(Path(place), text)
        try:
            for words in (["daemon-reload"], ["enable", TIMER], ["restart" if changed else "start", TIMER]):
                _must(words)
        except Refusal:
            self._put_back(new, old)
            raise
        return changed

    def _put_back(self, new: dict[str, str], old: dict[str, Standing]) -> None:
        for place in new:
            if place in old:
                write(Path(place), old[place].text)
            else:
                delete(Path(place))
        if not old:
            _unlink()
        call(["systemctl", "--user", "daemon-reload"])

    def remove(self) -> list[str]:
        found = self.found()
        for one in found:
            refuse_altered(one)
        if found:
            with contextlib.suppress(Refusal):  # without a manager there is nothing to stop; its link goes below
                call(["systemctl", "--user", "disable", "--now", TIMER])
            _unlink()
            for one in found:
                delete(Path(one.place))
            with contextlib.suppress(Refusal):
                call(["systemctl", "--user", "daemon-reload"])
        return [one.place for one in found]


def folder() -> Path:
    """Where the user's own units lie."""
    named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".config") / "systemd" / "user"


def service(job: Job) -> str:
    """The unit that runs the job once; a second start while it runs is none."""
    first, *others = job.words
    command = " ".join([quoted(first), *(quoted(word).replace("$", "$$") for word in others)])
    variables = "".join(f"Environment={quoted(f'{name}={value}')}\n" for name, value in job.environment.items())
    # 2 is work that waits for a word of the user's, 75 a store that is busy: neither is a failure of the job.
    return f"""[Unit]
Description={ABOUT}

[Service]
Type=oneshot
ExecStart={command}
{variables}SuccessExitStatus=2 75
Nice=19
CPUSchedulingPolicy=batch
IOSchedulingClass=idle
TimeoutStartSec={LIMIT_HOURS}h
KillSignal=SIGINT
"""


def timer(times: Times) -> str:
    """The unit that starts it, also after a time that the machine slept or was off through."""
    day = "Mon " if times.weekly else ""
    hours = ",".join(f"{hour:02}" for hour in times.of_day)
    return f"""[Unit]
Description={ABOUT}, {times}

[Timer]
OnCalendar={day}*-*-* {hours}:{times.minute:02}:00
RandomizedDelaySec={times.delay}min
AccuracySec=1min
Persistent=true

[Install]
WantedBy=timers.target
"""


def quoted(word: str) -> str:
    """A word of a unit file (systemd.syntax, systemd.unit: % begins a specifier)."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _must(words: list[str]) -> None:
    done = call(["systemctl", "--user", *words])
    if done.returncode:
        raise Refusal(f"`systemctl --user {' '.join(words)}` failed ({said(done)}), and nothing was scheduled; "
                      "`--with=cron` is another way.", FAILED)


def _unlink() -> None:
    """The link by which systemd starts the timer, where it could not take it away itself."""
    link = folder() / "timers.target.wants" / TIMER
    if link.is_symlink():
        delete(link)
