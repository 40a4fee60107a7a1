"""Where the tests' temporary files lie: in memory where there is room for them, since a disk is waited for as long as
everything else takes. A run at full size, which makes stores of gigabytes and measures them, stays on the disk.

TMPDIR, where somebody has set it, decides.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from size import FULL

MEMORY = Path("/dev/shm")
NAME = "opencode-lifecycle-tests-"
ROOM = 6 * 10**9


def in_memory():
    """Let this process and its children have their temporary files in memory; the worker processes of a run inherit
    it. What is left of a run that failed lies there until the next run."""
    if FULL or os.environ.get("TMPDIR") or not _fits(MEMORY):
        return
    _sweep()
    folder = MEMORY / f"{NAME}{os.getpid()}"
    folder.mkdir()
    folder.chmod(0o1777)  # private servers are another user's
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    atexit.register(_end, folder, os.getpid())


def keep():
    """Somebody may want to look at what a failed run has left."""
    atexit.unregister(_end)


def _fits(folder):
    try:
        found = os.statvfs(folder)
    except (AttributeError, OSError):
        return False
    return (found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC
            and os.access(folder, os.W_OK))


def _end(folder, owner):
    if os.getpid() == owner:  # not a child that a test has forked
        shutil.rmtree(folder, ignore_errors=True)


def _sweep():
    """Remove what runs have left that are over."""
    for folder in MEMORY.glob(f"{NAME}*"):
        number = folder.name.removeprefix(NAME)
        if number.isdecimal() and not Path(f"/proc/{number}").exists():
            shutil.rmtree(folder, ignore_errors=True)
