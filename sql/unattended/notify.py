"""A command of the user's that is told what happened: its words run without a shell, the message is a variable."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from pathlib import Path

from ..words import printable

MESSAGE = "OPENCODE_LIFECYCLE_MESSAGE"
LIMIT = 20             # seconds; what shows a message takes less, and a hanging one must not hold a run


def notify(command: str, message: str, limit: float = LIMIT) -> str:
    """Run the command and wait for it; '' if it ended well, else one sentence that says what became of it.

    It is the user's own, from the policy file. Nothing of the message is on its command line. Nothing is raised: a run
    does not fail because nobody could be told.
    """
    shown = printable(command, 200)
    try:
        words = shlex.split(command)
    except ValueError as error:
        return f"notify={shown} cannot be read as a command ({error})."
    if not words:
        return "notify is empty, so nobody was told."
    try:
        if words[0].startswith("~"):  # without a shell nobody else would know the home folder
            words[0] = str(Path(words[0]).expanduser())
        # A group of its own, so that what it started ends with it.
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
                                 stderr=subprocess.DEVNULL, env=os.environ | {MESSAGE: message.replace("\0", " ")})
    except (OSError, ValueError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error).rstrip(".").lower()
        return f"notify={shown} could not be started: {why}."
    try:
        code = child.wait(limit)
    except subprocess.TimeoutExpired:
        _end(child)
        return f"notify={shown} was ended after {limit:g} seconds."
    return "" if code == 0 else f"notify={shown} ended with code {code}."


def _end(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
    child.wait()
