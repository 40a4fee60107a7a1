"""One line on a terminal that says what a verb is at, once nothing was to be seen for a second."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..words import plain

QUIET, EVERY = 1.0, 0.25   # seconds: without a word, and between two looks
BEGUN = 0.01               # the share from which on what is left can be told
# What a template is there for, as people call it: by its name, else by its room.
SAID = {
    "retention/usage": "Counting the rows of each session", "retention/running": "Looking for work in progress",
    "stats/piece": "Reading parts", "stats/note": "Reading events", "stats": "Counting", "schema": "Beginning",
    "retention": "Judging the trees", "cascade": "Looking at what goes", "transfer": "Comparing sessions",
    "reclamation": "Looking for what can be freed",
}


@dataclass
class Stage:
    """What is done since a moment, where in it we are, and what tells which share of it is done."""

    what: str
    where: str
    since: float
    share: Callable[[], float] | None = None

    def said(self) -> str:
        took, share = time.monotonic() - self.since, min(self.share(), 1) if self.share else 0
        left = f", {share:.0%}, about {took / share - took:.0f} s left" if BEGUN < share < 1 else ""
        return f"{self.what}{self.where}, {took:.0f} s{left}"


class Waiting:
    """The line. It shows while it is begun, where stderr is a terminal; `hidden` is for whoever writes there.

    A verb tells its stages, of which it knows how far they are. Within one the store tells each statement, which is not
    said then, and steps that know their own share, which are.
    """

    def __init__(self) -> None:
        self.quiet = False       # --quiet: no progress of any kind
        self._lock = threading.RLock()
        self._hidden = 0
        self._drawn = False
        self._ended: threading.Event | None = None
        self._quiet_since = 0.0
        self._stage: Stage | None = None
        self._step: Stage | None = None

    def at(self, what: str, step: int = 0, of: int = 0, share: Callable[[], float] | None = None) -> None:
        """What is done now, by the name of a template or in words; which of its steps, from 0; or a function that tells
        which share of it is done."""
        if self._ended is None:
            return
        said = SAID.get(what) or SAID.get(what.split("/")[0], what)
        self._step = Stage(said, f", step {step + 1} of {of}" if of > 1 else "", _since(self._step, said), share)
        if self._stage and self._stage.share and self._stage.share() >= 1:
            self._stage = None

    def stage(self, label: str, unit: str) -> Callable[[float, float], object]:
        """A stage, by the function that it is told by: what of it is done, and of how much."""
        def tell(done: float, of: float) -> None:
            if self._ended is not None:
                where = f", {done:,.0f} of {of:,.0f} {unit}"
                self._stage = Stage(label, where, _since(self._stage, label), lambda: done / of if of else 1)
                self._step = None
        return tell

    @contextmanager
    def begun(self) -> Iterator[None]:
        """While the block lasts, the line shows. One inside of another changes nothing."""
        if self._ended is not None or self.quiet or not _shows():
            yield
            return
        self._ended = ended = threading.Event()
        self._quiet_since = time.monotonic()
        thread = threading.Thread(target=self._draw, args=(ended,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            self._erase()
            self._ended = self._stage = self._step = None

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """While the block lasts, the terminal is somebody else's."""
        if self._ended is None:
            yield
            return
        with self._lock:
            self._hidden += 1
            self._erase()
        try:
            yield
        finally:
            with self._lock:
                self._hidden -= 1
                self._quiet_since = time.monotonic()

    def _draw(self, ended: threading.Event) -> None:
        while not ended.wait(EVERY):
            with self._lock:
                line = self._line()
                if line and not self._hidden and time.monotonic() - self._quiet_since > QUIET:
                    self._put(line)

    def _line(self) -> str:
        step, stage = self._step, self._stage
        shown = step if step and (step.share or not stage) else stage
        return shown.said() if shown else ""

    def _put(self, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write(f"\r\x1b[2K{plain(text)[:width]}")
        sys.stderr.flush()
        self._drawn = True

    def _erase(self) -> None:
        with self._lock:
            if self._drawn:
                sys.stderr.write("\r\x1b[2K")
                sys.stderr.flush()
                self._drawn = False


def _since(last: Stage | None, what: str) -> float:
    """When it began: with the last step, if that was the same."""
    return last.since if last and last.what == what else time.monotonic()


def _shows() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "unknown")


line = Waiting()
