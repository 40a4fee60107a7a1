"""What every scheduler needs: to run its command, and to know what is ours by its content."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .. import files
from ..refusal import FAILED, STALE_PLAN, Refusal
from ..words import printable
from .job import Job

SEAL = "Written by opencode-lifecycle schedule; do not edit, unschedule removes it. sha256="
LIMIT = 60             # seconds that a scheduler's own command may take


@dataclass(frozen=True)
class Standing:
    """What stands in a scheduler under our name: where, as text, and whether it is what we wrote."""

    place: str
    text: str
    ours: bool


class Scheduler(Protocol):
    """One way of having a job run. Nothing here asks; every refusal is raised before, or takes back, what was done."""

    title: str
    delays: bool  # it starts a job at random within `Times.delay` minutes; the others at a minute of the machine's own

    def missing(self) -> str:
        """Why it cannot be used on this machine, without a full stop; '' where it can."""

    def written(self, job: Job) -> dict[str, str]:
        """What `install` writes, by place; nothing is done."""

    def advice(self, job: Job) -> str:
        """A sentence on what this scheduler leaves to the user; '' for nothing."""

    def found(self) -> list[Standing]:
        """What stands there under our name."""

    def install(self, job: Job) -> bool:
        """Put the job in place of an older one of ours; whether anything had to change."""

    def remove(self) -> list[str]:
        """Take out what we wrote; the places of it."""


def call(words: Sequence[str], text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a scheduler's command, in English. Raises `Refusal` 1 where it does not start or does not end."""
    try:
        return subprocess.run(words, input=text, capture_output=True, timeout=LIMIT,
                              env=os.environ | {"LC_ALL": "C", "LANGUAGE": "C"})
    except subprocess.TimeoutExpired:
        raise Refusal(f"`{' '.join(words[:3])}` did not end within {LIMIT} seconds.", FAILED) from None
    except OSError as error:
        raise Refusal(f"`{words[0]}` cannot be run: {error.strerror}.", FAILED) from None


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    """The first line that a command said of its failure."""
    lines = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
    return printable(lines[0], 300).rstrip(".") if lines else f"exit code {done.returncode}"


def digest(text: str) -> str:
    """The SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def sealed(body: str, before: str = "# ", after: str = "") -> str:
    """A text with a first line by which it is known again as ours, to the byte."""
    return f"{before}{SEAL}{digest(body)}{after}\n{body}"


def is_ours(text: str) -> bool:
    """Whether a text is to the byte what `sealed` made."""
    first, _, body = text.partition("\n")
    found = re.search(re.escape(SEAL) + "([0-9a-f]{64})", first)
    return found is not None and found[1] == digest(body)


def refuse_altered(found: Standing) -> None:
    """Raise `Refusal` 73 for what is not ours any more, or never was."""
    if not found.ours:
        raise Refusal(f"{printable(found.place, 500)} is not what `schedule` wrote: somebody changed it, or it is "
                      "somebody else's. Nothing was touched; take it out by hand, or put it back as it was.",
                      STALE_PLAN)


# --- files of a scheduler --------------------------------------------------------------------------------------------


def read(path: Path) -> Standing | None:
    """What lies under a name, None for nothing. A link is not ours, whatever it leads to."""
    if not os.path.lexists(path):
        return None
    try:
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise Refusal(f"{printable(path, 500)} cannot be read: {files.cause(error)}.", FAILED) from None
    return Standing(str(path), text, is_ours(text) and not path.is_symlink())


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all; raises `Refusal` 1 where that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.put(path, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise Refusal(f"{printable(path, 500)} cannot be written: {files.cause(error)}.", FAILED) from None


def delete(path: Path) -> None:
    """Remove a file, if it is there; raises `Refusal` 1 where that cannot be."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise Refusal(f"{printable(path, 500)} cannot be removed: {files.cause(error)}.", FAILED) from None
