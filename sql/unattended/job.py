"""What is to run by itself: the words of the command, its environment, and when."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .. import files
from ..refusal import BAD_VALUE, FAILED, Refusal
from ..words import NAMED, printable

NAME = "opencode-lifecycle"
ABOUT = "Keeps the sessions of OpenCode within the policy"
SPREAD = 60            # minutes over which the machines of a team spread, so that not all start at once
LIMIT_HOURS = 4        # a run that takes longer is ended; what it did stays, and the next goes on
FOLDERS = ("cache", "config", "data", "state")
EVERY = {"hourly": 1, "daily": 24, "weekly": 168, "1d": 24, "1w": 168, "7d": 168}
STEPS = (1, 2, 3, 4, 6, 8, 12, 24)  # hours that part a day into equal runs
PYTHON = "from opencode_lifecycle.tasks import program; program.run()"


@dataclass(frozen=True)
class Times:
    """When a job runs, in local time: every so many hours of a day, 24 being once a day and 168 on Mondays."""

    hours: int
    hour: int
    minute: int
    exact: bool = False  # the minute was asked for

    @property
    def weekly(self) -> bool:
        return self.hours > 24

    @property
    def of_day(self) -> tuple[int, ...]:
        """The hours of the day in which it runs."""
        step = min(self.hours, 24)
        return tuple(range(self.hour % step, 24, step))

    @property
    def delay(self) -> int:
        """Minutes within which it starts, where the scheduler knows a random delay."""
        return min(SPREAD, self.hours * 15)

    def spread(self, seed: str) -> Times:
        """A minute of this machine's own, for a scheduler without a random delay, unless one was asked for."""
        if self.exact:
            return self
        after = int.from_bytes(hashlib.sha256(seed.encode("utf-8", "surrogateescape")).digest()[:4], "big") % self.delay
        return Times(self.hours, self.hour, (self.minute + after) % 60)

    def late(self, delays: bool) -> str:
        """How much later than said it may start, where the scheduler `delays` it at random, or at our choice."""
        return f", up to {self.delay} minutes later" if delays or not self.exact else ""

    def __str__(self) -> str:
        how = "each Monday" if self.weekly else "each day" if self.hours == 24 else \
            "each hour" if self.hours == 1 else f"every {self.hours} hours"
        return f"{how}, at {self.minute} minutes past" if self.hours == 1 else \
            f"{how} at {', '.join(f'{hour:02}:{self.minute:02}' for hour in self.of_day)}"


@dataclass(frozen=True)
class Job:
    """A command by absolute path, the variables that it needs, and its times."""

    words: tuple[str, ...]
    environment: dict[str, str]
    times: Times


def times(every: str, at: str | None) -> Times:
    """`--every` and `--at` as typed. Raises `Refusal` 64 for what no scheduler here can do."""
    said = every.strip().lower()
    step = re.fullmatch(r"([0-9]{1,3})\s*h(ours?)?", said)
    hours = EVERY.get(said) or (int(step[1]) if step else 0)
    if hours not in (*STEPS, 168):
        raise Refusal(f"--every={printable(every)}: not one of hourly, 2h, 3h, 4h, 6h, 8h, 12h, daily, weekly.",
                      BAD_VALUE)
    if at is None:
        return Times(hours, 3, 0)
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", at.strip())
    if not found:
        raise Refusal(f"--at={printable(at)}: not a time of day such as 03:30.", BAD_VALUE)
    return Times(hours, int(found[1]), int(found[2]), exact=True)


def job(store: str, policy: str | None, when: Times) -> Job:
    """The job that enforces the policy on a store: an absolute path, or a URL without a password.

    Raises `Refusal`: 1 without a home, 64 for a value that cannot stand in a job.
    """
    if os.name == "posix" and not Path(os.environ.get("HOME", "")).is_absolute():
        raise Refusal("HOME is empty or no absolute path, so it cannot be known whose job this would be; set it.",
                      FAILED)
    if "://" in store and (urlsplit(store).password is not None or re.search(NAMED, store)):
        raise Refusal("--store holds a password, which would stand in the job to be read; leave it out of the URL, and "
                      "put it where the driver looks for it (on Postgres ~/.pgpass).", BAD_VALUE)
    words = (*program(), "enforce", "--quiet", f"--store={store}", *([f"--policy={policy}"] if policy else []))
    made = Job(words, environment(), when)
    for value in (*made.words, *made.environment.values()):
        _refuse_odd(value)
    return made


def program() -> tuple[str, ...]:
    """The words by which this program is found from anywhere; a link to it stays one, as an upgrade moves its end."""
    called = Path(sys.argv[0])
    if called.name.removesuffix(".exe") == NAME and (found := shutil.which(sys.argv[0])):
        return (str(Path(found).absolute()),)
    beside = Path(sys.executable).absolute().parent / (f"{NAME}.exe" if os.name == "nt" else NAME)
    return (str(beside),) if beside.is_file() else (str(Path(sys.executable).absolute()), "-c", PYTHON)


def environment() -> dict[str, str]:
    """Where our own files lie: a job sees nothing of the shell, and would look in the usual places."""
    return {files.KINDS[kind][0]: str(files.place(kind).parent) for kind in FOLDERS
            if os.name == "posix" or os.environ.get(files.KINDS[kind][0])}


def temporary(words: Sequence[str]) -> bool:
    """Whether the program lies where the next restart may sweep it away."""
    return Path(words[0]).parts[:2] == ("/", "tmp") or Path(words[0]).parts[:3] == ("/", "var", "tmp")


def _refuse_odd(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Refusal(f"{printable(value, 200)} is not UTF-8, and no job can hold it; move it to another name.",
                      BAD_VALUE) from None
    if not value.isprintable():
        raise Refusal(f"{printable(value, 200)} holds a character that cannot stand in a job; move it to another name.",
                      BAD_VALUE)
