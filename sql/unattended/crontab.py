"""A region of the user's crontab between two marks; what stands around it stays as it is, to the byte."""

from __future__ import annotations

import os
import re
import shutil
import socket
from dataclasses import dataclass

from ..refusal import FAILED, STALE_PLAN, Refusal
from .job import NAME, Job
from .systems import Standing, call, refuse_altered, said, sealed
from .systems import is_ours as sealed_by_us

BEGIN, END = f"# >>> {NAME} >>>", f"# <<< {NAME} <<<"
JOINED = f"{BEGIN} the line before had no end"  # so that removal gives back a last line without one
PLACE = "your crontab"


@dataclass(frozen=True)
class Region:
    """A crontab in three: what is before ours, ours with its marks ('' for none), what is behind it."""

    before: str
    ours: str
    behind: str

    @property
    def body(self) -> str:
        return self.ours.split("\n", 1)[1].removesuffix("\n").removesuffix(END)

    @property
    def rest(self) -> str:
        """The crontab without ours."""
        joined = self.ours.startswith(JOINED) and not self.behind
        return (self.before.removesuffix("\n") if joined else self.before) + self.behind


class Crontab:
    """The crontab of the user, through `crontab` itself."""

    title = "a region of your crontab"
    delays = False

    def missing(self) -> str:
        return "" if shutil.which("crontab") else "crontab is not here"

    def written(self, job: Job) -> dict[str, str]:
        return {PLACE: sealed(lines(job))}

    def advice(self, job: Job) -> str:
        return "A run that is missed while the machine is off is not made up by cron." if job.times.weekly else ""

    def found(self) -> list[Standing]:
        if self.missing():
            return []
        region = parted(load())
        return [Standing(PLACE, region.body, sealed_by_us(region.body))] if region.ours else []

    def install(self, job: Job) -> bool:
        for one in self.found():
            refuse_altered(one)
        text = load()
        region = parted(text)
        new = with_region(region, self.written(job)[PLACE])
        if new != text:
            store(new)
        return new != text

    def remove(self) -> list[str]:
        found = self.found()
        for one in found:
            refuse_altered(one)
        if found:
            region = parted(load())
            store(region.rest)
        return [one.place for one in found]


def parted(text: str) -> Region:
    """Find our region. Raises `Refusal` 73 where its marks do not stand as we set them: not twice, not one alone."""
    all_lines = re.findall(r"[^\n]*\n|[^\n]+", text)  # nothing else ends a line of a crontab
    begins = [at for at, line in enumerate(all_lines) if line.rstrip("\n") in (BEGIN, JOINED)]
    ends = [at for at, line in enumerate(all_lines) if line.rstrip("\n") == END]
    if not begins and not ends:
        return Region(text, "", "")
    if len(begins) != 1 or len(ends) != 1 or begins > ends:
        raise Refusal(f"The marks of ours in {PLACE} ({BEGIN}) do not stand as they were set; nothing was touched. "
                      "Take what is left of them out with `crontab -e`.", STALE_PLAN)
    first, last = begins[0], ends[0] + 1
    return Region("".join(all_lines[:first]), "".join(all_lines[first:last]), "".join(all_lines[last:]))


def with_region(region: Region, body: str) -> str:
    """The crontab with our region in its old place, or at the end."""
    before, behind = region.before, region.behind
    joined = region.ours.startswith(JOINED) if region.ours else bool(before) and not before.endswith("\n")
    if joined and not before.endswith("\n"):
        before += "\n"
    return f"{before}{JOINED if joined else BEGIN}\n{body}{END}\n{behind}"


def lines(job: Job) -> str:
    """The lines of the job: at its times, and, as cron makes up for nothing, once the machine is up again.

    A run too soon after another does nothing, by the policy's `min_interval`; a weekly job has no such second line.
    """
    times = job.times.spread(f"{socket.gethostname()} {_user()}")
    hours = ",".join(map(str, times.of_day))
    polite = "nice -n 19 " + (f"{quoted(found)} -c 3 " if (found := shutil.which("ionice")) else "")
    variables = "".join(f"{name}={quoted(value)} " for name, value in job.environment.items())
    command = variables + polite + " ".join(map(quoted, job.words))
    made = f"{times.minute} {hours} * * {'1' if times.weekly else '*'} {command}\n"
    return made if times.weekly else f"{made}@reboot sleep 300; {command}\n"


def quoted(word: str) -> str:
    """For /bin/sh, and with % escaped, at which cron ends the line."""
    return ("'" + word.replace("'", "'\\''") + "'").replace("%", "\\%")


def load() -> str:
    """The user's crontab, '' for none. Raises `Refusal` 1 where it cannot be read."""
    done = call(["crontab", "-l"])
    if done.returncode and b"no crontab for" not in done.stderr:
        raise Refusal(f"`crontab -l` failed: {said(done)}; `--with` chooses another scheduler.", FAILED)
    return "" if done.returncode else done.stdout.decode("utf-8", "surrogateescape")


def store(text: str) -> None:
    """Put a whole crontab in place, or take an empty one away."""
    done = call(["crontab", "-"], text.encode("utf-8", "surrogateescape")) if text else call(["crontab", "-r"])
    if done.returncode and text and not text.endswith("\n"):  # most crons want an end for the last line
        done = call(["crontab", "-"], (text + "\n").encode("utf-8", "surrogateescape"))
    if done.returncode:
        raise Refusal(f"`crontab` did not take the new text ({said(done)}); the old one stands.", FAILED)


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else ""
