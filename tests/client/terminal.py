"""The client's screen in a terminal of tmux's: keys go in, what is to be seen comes out."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from client import Client

READY = "ctrl+p commands"
PATIENCE = 90  # seconds; a machine that is busy takes long to start a client


def needs_tmux() -> str:
    found = shutil.which("tmux")
    if not found:
        if os.environ.get("REQUIRE_CLIENT") == "1":
            pytest.fail("tmux is required")
        pytest.skip("tmux is not installed")
    return found


@dataclass(frozen=True)
class Terminal:
    """One client in one terminal; `begun` is when it was started."""

    server: list[str]
    begun: float

    def _tmux(self, *words: str) -> str:
        return subprocess.run([*self.server, *words], capture_output=True, text=True, timeout=30).stdout

    @property
    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    @property
    def told(self) -> str:
        """The screen as one line of words, without frames."""
        return " ".join(re.sub(r"[┃│]", " ", self.screen).split())

    def shows(self, *words: str, within: float = PATIENCE) -> str:
        """Wait until all these words are on the screen; what it says."""
        end = time.monotonic() + within
        while not all(word in (told := self.told) for word in words):
            assert time.monotonic() < end, f"{words} did not come:\n{self.screen}"
            time.sleep(0.1)
        return told

    def hides(self, word: str, within: float = PATIENCE) -> None:
        end = time.monotonic() + within
        while word in self.told:
            assert time.monotonic() < end, f"{word} stays:\n{self.screen}"
            time.sleep(0.1)

    def types(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def keys(self, *names: str) -> None:
        self._tmux("send-keys", *names)

    def command(self, name: str, *titles: str) -> str:
        """A slash command, once the client offers it; what is to be seen when these titles are."""
        self.types(f"/{name}")
        self.shows(f"/{name} ", "Session store:")
        self.keys("Enter")
        return self.shows(*titles)

    def choose(self, *titles: str, down: int = 0) -> str:
        for _ in range(down):
            self.keys("Down")
            time.sleep(0.2)
        self.keys("Enter")
        return self.shows(*titles)

    def prompt(self, text: str, answer: str) -> None:
        self.types(text)
        self.shows(text)
        self.keys("Enter")
        self.shows(answer)

    def leave_dialog(self, title: str, within: float = PATIENCE) -> None:
        """Escape until it is gone: a key that comes while the client draws another dialog leaves that one."""
        end = time.monotonic() + within
        while title in self.told:
            assert time.monotonic() < end, f"{title} stays:\n{self.screen}"
            self.keys("Escape")
            time.sleep(1)


@contextmanager
def terminal(client: Client, name: str = "one", *, size: tuple[int, int] = (130, 40),
             before: str = "") -> Iterator[Terminal]:
    """The client on a screen, ended with all that is in its terminal; `before` is a command that starts it."""
    tmux = needs_tmux()
    client.data.mkdir(parents=True, exist_ok=True)
    server = [tmux, "-S", str(client.home / f"{name}.sock"), "-f", "/dev/null"]
    line = f"exec {before} {shlex.quote(str(client.binary))} 2>{shlex.quote(str(client.home / f'{name}.err'))}"
    env = client.env | {"TERM": "xterm-256color", "SHELL": "/bin/sh"}
    columns, rows = size
    begun = time.monotonic()
    subprocess.run([*server, "new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(client.work), line],
                   env=env, check=True, timeout=30, capture_output=True)
    screen = Terminal(server, begun)
    try:
        yield screen
    finally:
        pane = screen._tmux("display-message", "-p", "#{pane_pid}").strip()
        subprocess.run([*server, "kill-server"], capture_output=True, timeout=30)
        _gone(int(pane)) if pane.isdigit() else None


def _gone(pid: int) -> None:
    """The client ends when its terminal does; one that does not within some seconds is ended."""
    end = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.1)
    if Path(f"/proc/{pid}").exists():
        subprocess.run(["kill", "-KILL", str(pid)], capture_output=True)
