"""One process, measured from outside: seconds on the clock, seconds of processor, peak memory."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

# ru_maxrss counts KiB on Linux and bytes on macOS.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Measured:
    seconds: float
    processor: float
    peak: int
    code: int
    output: str
    errors: str


def measure(argv: list[str], cwd: Path, env: dict[str, str]) -> Measured:
    """Run to the end. `wait4` gives what this one process used, with the children it waited for.

    A child begins with the peak of the process that started it, so this one must stay small: it never reads a
    store into memory, and stores are made in processes of their own.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        return Measured(
            seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT, process.returncode,
            _text(out), _text(err),
        )


def _text(file) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
