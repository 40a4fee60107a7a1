"""Our exports: where they are, which there are, and how they end."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import files, state
from ..refusal import BAD_VALUE, FAILED, Refusal
from ..store import Store
from ..words import printable

SUFFIXES = (".json", ".json.gz", ".json.zst", ".originals.zst", ".jsonl.zst")  # the last: originals of 0.1


@dataclass(frozen=True)
class Kept:
    """A file in the exports folder; `sessions` and `store` as the history of runs has them."""

    path: Path
    octets: int
    made: int
    store: str | None
    sessions: int | None


def folder() -> Path:
    """Where exports go that nobody chose a place for; made on first use."""
    return files.home("data", "exports")


def place_of(chosen: str | None, store: Store, verb: str, ending: str = ".json.zst") -> Path:
    """The file that was asked for, which must not be there yet, or a new name in our folder.

    Our names hold a tag of the store, so that stores of one file name do not meet. If two runs choose the same name,
    `files.new_file` refuses the second.
    """
    if chosen:
        return asked_for(chosen, ending)
    stem = re.sub(r"[^A-Za-z0-9-]+", "-", Path(store.name).stem)[:40].strip("-") or "store"
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    for number in range(1_000):
        path = folder() / f"{stem}-{_tag(store)}-{stamp}{f'-{number}' if number else ''}-{verb}{ending}"
        if not os.path.lexists(path):
            return path
    raise Refusal(f"The exports folder {folder()} takes no further name for {stamp}; try again in a second.", FAILED)


def asked_for(chosen: str, ending: str) -> Path:
    """The file that --export names; raises `Refusal` 64 for what is no such name, or is taken."""
    path = files.absolute(chosen, "--export")
    if ending in SUFFIXES[:3] and not path.name.endswith(SUFFIXES[:3]):
        raise Refusal(f"--export={printable(chosen, 200)}: the name of an export ends in .json, .json.gz or .json.zst.",
                      BAD_VALUE)
    files.refuse_taken(path, "--export")
    return path


def _tag(store: Store) -> str:
    """What stands for a store in a name: eight digits."""
    return hashlib.sha256(store.name.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def listing() -> list[Kept]:
    """The files in our folder, the oldest first; nothing of ours is made for a look."""
    place = files.place("data", "exports")
    if not place.is_dir():
        return []
    runs: dict[str, dict[str, Any]] = {run["export"]: run for run in state.looked_up("runs", None) if run["export"]}
    found = []
    for path in place.iterdir():
        if path.name.endswith(SUFFIXES) and not path.name.startswith("."):
            try:
                facts, run = path.lstat(), runs.get(str(path), {})
            except OSError:  # gone in between
                continue
            if not stat.S_ISREG(facts.st_mode):  # a folder, a pipe, a link: no export of ours
                continue
            found.append(Kept(path, facts.st_size, int(facts.st_mtime * 1000), run.get("store"),
                              run.get("sessions")))
    return sorted(found, key=lambda kept: (kept.made, kept.path.name))


def outlived(found: list[Kept], now: int, max_age: int, max_size: int, fresh: Collection[str] = ()) -> list[Kept]:
    """Files over the limits (milliseconds, octets; 0 is off), the oldest first; never the newest of a store, nor one of
    the `fresh` paths."""
    newest = {kept.store: kept for kept in found}
    over, octets = [], sum(kept.octets for kept in found)
    for kept in found:
        old = max_age and kept.made < now - max_age
        stays = newest[kept.store] is kept or str(kept.path) in fresh
        if not stays and (old or (max_size and octets > max_size)):
            over.append(kept)
            octets -= kept.octets
    return over


def expire(now: int, max_age: int, max_size: int, fresh: Collection[str] = ()) -> list[Kept]:
    """Remove the files that the policy's limits on exports let go, and what killed runs left unfinished."""
    gone, stuck = [], None
    for kept in outlived(listing(), now, max_age, max_size, fresh):
        try:
            kept.path.unlink(missing_ok=True)
            gone.append(kept)
        except OSError as error:
            stuck = error
    if (place := files.place("data", "exports")).is_dir():
        files.sweep(place)
    if stuck:
        raise Refusal(f"{stuck.filename} cannot be removed: {stuck.strerror}.", FAILED)
    return gone
