"""One line on a terminal that says what a verb is at, once nothing was to be seen for a second."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..words import plain

QUIET, EVERY = 1.0, 0.25   # seconds: without a word, and between two looks
# What a template is there for, as people call it: by its name, else by its room.
SAID = {
    "retention/usage": "Counting the rows of each session", "retention/running": "Looking for work in progress",
    "stats/piece": "Reading parts", "stats/note": "Reading events", "stats": "Counting", "schema": "Beginning",
    "retention": "Judging the trees", "cascade": "Looking at what goes", "transfer": "Comparing sessions",
    "reclamation": "Looking for what can be freed",
}


class Waiting:
    """The line. It shows while it is begun, where `stream` is a terminal; `hidden` is for whoever writes there."""

    def __init__(self) -> None:
        self.quiet = False       # --quiet: no progress of any kind
        self._lock = threading.RLock()
        self._hidden = 0
        self._drawn = False
        self._ended: threading.Event | None = None
        self._what, self._since, self._quiet_since = "", 0.0, 0.0
        self._step = ""
        self._share: Callable[[], float] | None = None

    def at(self, what: str, step: int = 0, of: int = 0, share: Callable[[], float] | None = None) -> None:
        """What is done now, by the name of a template or in words; which of its steps, from 0; or a function that tells
        which share of it is done."""
        if self._ended is None:
            return
        said = SAID.get(what) or SAID.get(what.split("/")[0], what)
        if said != self._what:
            self._what, self._since = said, time.monotonic()
        self._step, self._share = f", step {step + 1} of {of}" if of > 1 else "", share

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
            self._ended, self._what = None, ""

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
                if not self._hidden and self._what and time.monotonic() - self._quiet_since > QUIET:
                    self._put(self._line())

    def _line(self) -> str:
        took, share = time.monotonic() - self._since, self._share() if self._share else 0
        left = f", {share:.0%}, about {took / share - took:.0f} s left" if 0 < share < 1 else ""
        return f"{self._what}{self._step}, {took:.0f} s{left}"

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


def _shows() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "unknown")


line = Waiting()
