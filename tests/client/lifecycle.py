"""Our own command line, called as a user calls it, against a client's store."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from client import Client, Finished

ROOT = Path(__file__).resolve().parents[2]

BUSY = 75

PRUNE = ("prune", "--days=30", "--yes", "--no-export")


def lifecycle(client: Client, verb: str, *flags: str, timeout: float = 600) -> Finished:
    """Run one verb without a terminal; its state and exports stay in the client's folders."""
    command = [sys.executable, "-m", "invoke", verb, *flags, f"--store={client.db}"]
    done = subprocess.run(
        command, cwd=ROOT, env=client.env, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout
    )
    return Finished(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def must(client: Client, verb: str, *flags: str, timeout: float = 600) -> Finished:
    """The same, where anything but success fails the test with what was said."""
    done = lifecycle(client, verb, *flags, timeout=timeout)
    assert done.code == 0, f"{verb} {' '.join(flags)} ended with {done.code}: {done.text[-3000:]}"
    return done
