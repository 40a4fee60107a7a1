"""The command line as a process: what it prints, and its exit code."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def invoke(*words, **environment):
    return subprocess.run([sys.executable, "-m", "invoke", *map(str, words)], cwd=ROOT, capture_output=True,
                          text=True, env=os.environ | environment, timeout=120)


def refused(code, *words, **environment):
    """One sentence on stderr, that exit code, nothing on stdout and no traceback; the sentence."""
    done = invoke(*words, **environment)
    said = done.stderr.strip()
    assert done.returncode == code, (done.returncode, said[-800:])
    assert not done.stdout and "\n" not in said and said.endswith("."), said
    return said
