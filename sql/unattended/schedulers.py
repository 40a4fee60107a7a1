"""The schedulers there are, and the one that fits this machine."""

from __future__ import annotations

import sys

from ..refusal import BAD_VALUE, UNSUPPORTED, Refusal
from ..words import printable
from .crontab import Crontab
from .launchd import Launchd
from .systemd import Systemd
from .systems import Scheduler, Standing
from .windows import Windows

SCHEDULERS: dict[str, Scheduler] = {"systemd": Systemd(), "cron": Crontab(), "launchd": Launchd(),
                                    "windows": Windows()}
FITTING = {"darwin": ("launchd", "cron"), "win32": ("windows",)}
USUAL = ("systemd", "cron")


def chosen(name: str | None) -> str:
    """The scheduler of that name, or the first that fits this machine.

    Raises `Refusal`: 64 for a name that is none, 78 where it is not here, or none is.
    """
    if name is not None and name not in SCHEDULERS:
        raise Refusal(f"--with={printable(name)}: not one of {', '.join(SCHEDULERS)}.", BAD_VALUE)
    tried = (name,) if name else FITTING.get(sys.platform, USUAL)
    missing = {}
    for one in tried:
        missing[one] = SCHEDULERS[one].missing()
        if not missing[one]:
            return one
    why = "; ".join(f"{one}: {said}" for one, said in missing.items())
    raise Refusal(f"No job can be scheduled here ({why}); `--dry-run --with=cron` shows the line for a scheduler of "
                  "your own.", UNSUPPORTED)


def found(name: str | None = None) -> dict[str, list[Standing]]:
    """What stands under our name, by scheduler; those that hold nothing are left out."""
    if name is not None and name not in SCHEDULERS:
        raise Refusal(f"--with={printable(name)}: not one of {', '.join(SCHEDULERS)}.", BAD_VALUE)
    there = {one: SCHEDULERS[one].found() for one in ((name,) if name else SCHEDULERS)}
    return {one: installed for one, installed in there.items() if installed}
