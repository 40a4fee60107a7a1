"""One machine at a time: homes on a network are shared, and the locks of one kernel say nothing to another."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .. import state
from ..refusal import BUSY, Refusal
from ..words import HOUR, printable, stamp

LAPSES = 6 * HOUR  # a machine that was not heard of for so long has stopped in the midst of its run
KERNEL = Path("/proc/sys/kernel/random/boot_id")


def kernel() -> str:
    """What tells a running kernel from every other, '' if unknown; containers on a machine share it, and its locks."""
    try:
        return KERNEL.read_text().strip()
    except OSError:
        return ""


@contextmanager
def only_machine(store: str) -> Iterator[Callable[[], None]]:
    """Hold a store against runs on other machines that share our state folder; yields what says that we go on.

    Runs on this machine keep apart by a lock of the kernel, which has to be held by now: what an earlier one of ours
    left here when it was killed is no hindrance. Raises `Refusal` 75 while another machine is at work.
    """
    mine = {"store": store, "host": socket.gethostname(), "kernel": kernel()}

    def beat() -> None:
        with state.held() as db:
            other = next(db.table("machines").rows_where("store = ?", [store]), None)
            moment = int(time.time() * 1000)
            if other and _elsewhere(other, mine) and abs(moment - other["moment"]) < LAPSES:
                raise Refusal(f"Another machine, {printable(other['host'])}, works on {store} since "
                              f"{stamp(other['moment'])}; try again when it is done. If it was switched off, this one "
                              f"takes over {LAPSES // HOUR} hours after that.", BUSY)
            db.table("machines").upsert({**mine, "moment": moment}, pk="store")

    beat()
    try:
        yield beat
    finally:
        with suppress(Refusal), state.held() as db:
            db.table("machines").delete_where("store = ? and host = ? and kernel = ?", list(mine.values()))


def _elsewhere(other: dict[str, str], mine: dict[str, str]) -> bool:
    """Whether a run is of another machine: a machine that was started anew has its name, a container its kernel."""
    return other["host"] != mine["host"] and (other["kernel"] != mine["kernel"] or not mine["kernel"])
