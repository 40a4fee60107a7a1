"""Folders that another program copies to other machines while a database in them is written: told by their traces."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ...refusal import BAD_VALUE, Refusal
from ...words import printable

# What such a program leaves in a folder that it keeps in step, or in one above it.
MARKS = {
    ".dropbox": "Dropbox", ".dropbox.cache": "Dropbox",
    ".849C9593-D756-4E56-8D6E-42412F2A707B": "OneDrive",
    ".tmp.drivedownload": "Google Drive", ".tmp.driveupload": "Google Drive", ".shortcut-targets-by-id": "Google Drive",
    ".stfolder": "Syncthing", ".stversions": "Syncthing",
    ".nextcloudsync.log": "Nextcloud", ".owncloudsync.log": "ownCloud", ".sync-exclude.lst": "Nextcloud",
}
# How such a folder is called where its program made it.
NAMES = (
    (re.compile(r"Dropbox( \(.+\))?", re.IGNORECASE), "Dropbox"),
    (re.compile(r"OneDrive( - .+)?|OneDrive-.+", re.IGNORECASE), "OneDrive"),
    (re.compile(r"iCloud ?Drive|com~apple~CloudDocs|Mobile Documents", re.IGNORECASE), "iCloud Drive"),
    (re.compile(r"Google ?Drive( \(.+\))?|GoogleDrive-.+|My Drive", re.IGNORECASE), "Google Drive"),
)
APPLES = "CloudStorage"       # below ~/Library: one folder for each such program of macOS
VARIABLES = {"OneDrive": "OneDrive", "OneDriveConsumer": "OneDrive", "OneDriveCommercial": "OneDrive"}
BOXES = (".dropbox/info.json", "AppData/Local/Dropbox/info.json", "AppData/Roaming/Dropbox/info.json")


def refuse(path: Path, flag: str) -> None:
    """Raise `Refusal` 64 for a file in a folder that is kept in step with other machines."""
    if found := keeper(path):
        program, folder, why = found
        raise Refusal(f"{flag}={printable(path, 200)}: {printable(folder, 200)} is kept in step with other machines by "
                      f"{program} ({printable(why)}), which copies a database while it is written and may put an older "
                      "one in its place; choose a folder that stays on this machine, or a server.", BAD_VALUE)


def keeper(path: Path, environ: Mapping[str, str] = os.environ) -> tuple[str, Path, str] | None:
    """The program that keeps the folder of a file in step, that folder, and by what it is known; None for none."""
    asked = path.absolute()
    for place in dict.fromkeys((asked, asked.parent.resolve() / asked.name)):  # by its name, and by where a link leads
        known = dict(_told(environ))
        for folder in (place, *place.parents):
            if folder in known:
                return known[folder], folder, "its own settings say so"
            if found := _by_traces(folder):
                return found
    return None


def _by_traces(folder: Path) -> tuple[str, Path, str] | None:
    for mark, program in MARKS.items():
        with suppress(OSError):
            if (folder / mark).exists():
                return program, folder, f"{mark} is in it"
    if folder.parent.name == APPLES and folder.parent.parent.name == "Library":
        return folder.name.split("-")[0], folder, "macOS keeps such folders there"
    for name, program in NAMES:
        if name.fullmatch(folder.name):
            return program, folder, "by its name"
    return None


def _told(environ: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Folders that a program names in the environment or in a file of its own."""
    for variable, program in VARIABLES.items():
        if environ.get(variable):
            yield Path(environ[variable]), program
    home = environ.get("HOME") or environ.get("USERPROFILE")
    for name in BOXES if home else ():
        with suppress(OSError, ValueError, AttributeError):
            for account in json.loads((Path(str(home)) / name).read_text(encoding="utf-8")).values():
                yield Path(account["path"]), "Dropbox"
