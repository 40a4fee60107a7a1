"""Is a client at work on a store? Asked without touching SQLite's own locks.

A client that has a WAL store open holds a read lock on byte 128 of the -shm file (run on Linux with 1.18.33).
POSIX locks of a process end when it closes any descriptor of the file, so a child process does the asking.

The service of 2.x says that it runs in a file of its state folder, on every system. It serves the client's own
store, and is a sign for no other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ...files import client_data

# Answers each line of its input with the pid of another process that holds the lock, 0 for nobody. F_GETLK names
# one holder only; when that is our own parent, /proc/locks tells whether there are more.
PROBE = r"""
import fcntl, os, struct, sys
path, parent = sys.argv[1], int(sys.argv[2])
LAYOUT = "hhqqi4x"
def others():
    try:
        file = open(path, "rb+")
    except FileNotFoundError:
        return 0
    with file:
        asked = struct.pack(LAYOUT, fcntl.F_WRLCK, os.SEEK_SET, 128, 1, 0)
        kind, _, _, _, pid = struct.unpack(LAYOUT, fcntl.fcntl(file, fcntl.F_GETLK, asked))
        if kind == fcntl.F_UNLCK:
            return 0
        if pid != parent:
            return pid or -1
        inode = os.fstat(file.fileno()).st_ino
    with open("/proc/locks") as locks:
        for line in locks:
            words = [w for w in line.split() if w != "->"]
            start, end = int(words[6]), 1 << 62 if words[7] == "EOF" else int(words[7])
            if int(words[5].rsplit(":", 1)[1]) == inode and start <= 128 <= end and int(words[4]) != parent:
                return int(words[4])
    return 0
for _ in sys.stdin:
    try:
        print(others(), flush=True)
    except Exception:
        print("unknown", flush=True)
"""


class Probe:
    """Asks a child process, again and again, whether somebody else has the store open."""

    def __init__(self, store: Path):
        self._child: subprocess.Popen[str] | None = None
        self._served = store.resolve() in _served()
        if sys.platform == "linux":
            shm = store.with_name(store.name + "-shm")
            self._child = subprocess.Popen([sys.executable, "-I", "-S", "-c", PROBE, str(shm), str(os.getpid())],
                                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def client(self) -> int | None:
        """The pid of a program that has the store open, 0 for none, None where it cannot be known."""
        holder = self._holder()
        return holder or (service() if self._served else 0) or holder

    def _holder(self) -> int | None:
        if self._child is None:
            return None
        try:
            asked, answers = _pipes(self._child)
            asked.write("\n")
            asked.flush()
            answer = answers.readline().strip()
        except OSError:
            return None
        return int(answer) if answer.lstrip("-").isdigit() else None

    def close(self) -> None:
        if self._child is not None:
            asked, answers = _pipes(self._child)
            asked.close()
            self._child.wait()
            answers.close()


def _pipes(child: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    """What the child is asked through, and what it answers through."""
    assert child.stdin and child.stdout
    return child.stdin, child.stdout


def _served() -> set[Path]:
    """The stores that the client's service may have open: the default, and the one that the environment names."""
    names = {"opencode.db", os.environ.get("OPENCODE_DB") or "opencode.db"}
    return {(client_data() / name).resolve() for name in names}


def service() -> int:
    """The pid of the client's service, 0 for none that is alive. Nothing else of its file, which holds a password, is
    kept."""
    home = os.environ.get("XDG_STATE_HOME")
    try:
        folder = Path(home) if home else Path.home() / ".local" / "state"
        with (folder / "opencode" / "service.json").open("rb") as file:
            pid, written = json.loads(file.read(65_536))["pid"], os.fstat(file.fileno()).st_mtime
    except (OSError, ValueError, LookupError, TypeError, RecursionError, RuntimeError):
        return 0
    sane = type(pid) is int and 0 < pid < 2**31 and pid != os.getpid()
    return pid if sane and _alive(pid) and _started(pid) <= written + 2 else 0


def _alive(pid: int) -> bool:
    if sys.platform == "win32":  # there, signal 0 ends a process
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True


def _started(pid: int) -> float:
    """When a process began, in seconds since 1970; 0 where it cannot be known. A number is given to another process
    after a crash, which then began after the file was written."""
    try:
        ticks = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
        boot = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime"))
    except (OSError, ValueError, StopIteration, IndexError):
        return 0
    return int(boot.split()[1]) + ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def watching(store: Path | None) -> Iterator[Probe | None]:
    """A probe for a store in a file; None for a server, which handles its clients itself."""
    if store is None:
        yield None
        return
    probe = Probe(store)
    try:
        yield probe
    finally:
        probe.close()
