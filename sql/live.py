"""Is a client at work on a store? Asked without touching SQLite's own locks.

A client that has a WAL store open holds a read lock on byte 128 of the -shm file (run on Linux with 1.18.33).
POSIX locks of a process end when it closes any descriptor of the file, so a child process does the asking.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
        self._child = None
        if sys.platform == "linux":
            shm = store.with_name(store.name + "-shm")
            self._child = subprocess.Popen([sys.executable, "-I", "-S", "-c", PROBE, str(shm), str(os.getpid())],
                                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def client(self) -> int | None:
        """The pid of a program that has the store open, 0 for none, None where it cannot be known."""
        if self._child is None:
            return None
        try:
            self._child.stdin.write("\n")
            self._child.stdin.flush()
            answer = self._child.stdout.readline().strip()
        except OSError:
            return None
        return int(answer) if answer.lstrip("-").isdigit() else None

    def close(self) -> None:
        if self._child is not None:
            self._child.stdin.close()
            self._child.wait()
            self._child.stdout.close()


@contextmanager
def watching(store: Path | None) -> Iterator[Probe | None]:
    """A probe for a store in a file; None for a server, which keeps its own order."""
    if store is None:
        yield None
        return
    probe = Probe(store)
    try:
        yield probe
    finally:
        probe.close()
