"""The command line as a process whose memory is measured."""

import json
import os
import subprocess
import sys

RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def peak(folder, *words):
    """The most memory that a process of the command line had, and what it printed."""
    env = os.environ | {f"XDG_{name}_HOME": str(folder / name) for name in ("STATE", "DATA", "CONFIG")}
    ran = subprocess.run([sys.executable, "-c", MEASURED, COMMAND, *words], env=env, capture_output=True)
    assert ran.returncode in (0, 2), ran.stderr[-2000:]
    return int(ran.stderr.split()[-1]) * RSS_UNIT, json.loads(ran.stdout or b"null")


COMMAND = "import sys; from opencode_lifecycle import tasks; tasks.program.run(['invoke', *sys.argv[1:]])"
# A process begins with its parent's peak on Linux, so the parent is a small one.
MEASURED = """
import os, sys
pid = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-c", *sys.argv[1:]])
_, status, usage = os.wait4(pid, 0)
print(usage.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""
