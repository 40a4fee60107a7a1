"""Giving space back: checkpoints, vacuum by the method that fits, conversion to incremental auto_vacuum.

Two numbers are never mixed: bytes free inside the file, and bytes given back to the file system.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .engines.sqlite.client_probe import Probe
from .files import temporary_folder
from .pace import TOO_BIG, TooLong
from .refusal import BAD_VALUE, BUSY, FAILED, PENDING, UNSUPPORTED, Refusal
from .store import Store
from .words import human, printable, program

FIRST_PAGES, MOST_PAGES = 200, 4_000  # in a step: a few at first, then what STEP takes
STEP = 0.08               # seconds of write lock
METHODS = ("auto", "incremental", "full")


@dataclass(frozen=True)
class SpaceReturned:
    """Bytes before and after, as the file system counts them; `rest` says why space is still held."""

    method: str
    before: int
    after: int
    free_bytes: int
    seconds: float
    rest: str = ""

    @property
    def returned_bytes(self) -> int:
        return max(0, self.before - self.after)


def facts(store: Store) -> dict[str, Any]:
    """Sizes in bytes by name, as `Engine.file_facts` tells them."""
    return store.on.file_facts(store.connection, store.path)


def facts_after(store: Store, before: dict[str, Any]) -> dict[str, Any]:
    """The store's figures once more; those from before where a server cannot tell any more, or not now."""
    try:
        return facts(store) if store.on.alive(store.connection) else before
    except store.on.Error:
        return before


def on_disk(store: Store) -> int:
    """Bytes of the file and its WAL."""
    found = facts(store)
    return int(found["bytes"] + found["wal_bytes"])


def checkpoint(store: Store, probe: Probe | None) -> SpaceReturned:
    """Bring the WAL into the file; cut it to nothing only where nobody else has the store open."""
    _file_of(store, "checkpoint", "the server does so by itself")
    started, before = time.monotonic(), on_disk(store)
    alone = _client(probe) == 0
    (busy, *_), *_ = store.engine_rows("checkpoint_truncate" if alone else "checkpoint_passive")
    rest = "another program still reads an older state; the WAL shrinks once it is done" if busy else \
        "" if alone else "a client has the store open, so the WAL keeps its size and is written from its start again"
    return SpaceReturned("checkpoint", before, on_disk(store), facts(store)["free_bytes"],
                         time.monotonic() - started, rest)


def vacuum(store: Store, probe: Probe | None, method: str, ask: Callable[[str], bool],
           progress: Callable[[int, int], object]) -> SpaceReturned:
    """Give free pages back to the file system.

    Raises `Refusal`: 75 while a client has the store open (full), 78 when the store keeps no track of free pages
    (incremental), 1 when the disk has not the room it needs.
    """
    if method not in METHODS:
        raise Refusal(f"--method={printable(method)}: not one of {', '.join(METHODS)}.", BAD_VALUE)
    if not store.path:
        return _vacuum_server(store, method, ask, progress)
    started, before, found = time.monotonic(), on_disk(store), facts(store)
    chosen = _fitting(found, probe) if method == "auto" else method
    if chosen == "incremental":
        if found["auto_vacuum"] != "incremental":
            raise Refusal("The store's auto_vacuum mode is " + found["auto_vacuum"] + ", so incremental vacuum would "
                          f"free nothing; run `{program()} convert` once, or `{program()} vacuum --method=full`.",
                          UNSUPPORTED)
        _incremental(store, progress)
    elif chosen == "full":
        _alone(probe, ask, "vacuum --method=full")
        _refuse_without_room(store.path, found)
        _rewrite(store, store.path, found["used_bytes"], "vacuum_full")
    rest = _last_checkpoint(store, probe)
    return SpaceReturned(chosen, before, on_disk(store), facts(store)["free_bytes"], time.monotonic() - started, rest)


def convert(store: Store, probe: Probe | None, ask: Callable[[str], bool]) -> SpaceReturned:
    """Switch to incremental auto_vacuum, which SQLite does with the next full VACUUM, and check that it did.

    Raises `Refusal` 75 while a client has the store open, 1 when the disk has not the room or the mode did not take.
    """
    path = _file_of(store, "convert", "the server keeps track of free space by itself")
    started, before, found = time.monotonic(), on_disk(store), facts(store)
    if found["auto_vacuum"] == "incremental":
        return SpaceReturned("none", before, before, found["free_bytes"], 0.0)
    _alone(probe, ask, "convert")
    _refuse_without_room(path, found)
    _rewrite(store, path, found["used_bytes"], "auto_vacuum_incremental", "vacuum_full")
    rest = _last_checkpoint(store, probe)
    after = facts(store)
    if after["auto_vacuum"] != "incremental":
        raise Refusal(f"The store still has auto_vacuum {after['auto_vacuum']} after the conversion.", FAILED)
    return SpaceReturned("convert", before, on_disk(store), after["free_bytes"], time.monotonic() - started, rest)


def _rewrite(store: Store, path: Path, used: int, *names: str) -> None:
    """Write the file anew: first what is used goes to a temporary file, then to the WAL, whose growth can be seen."""
    wal = path.with_name(path.name + "-wal")

    def share() -> float:
        written = wal.stat().st_size if wal.exists() else 0
        return 0.5 + 0.5 * min(1, written / max(used, 1)) if written else 0

    store.told("Writing the file anew", share=share)
    store.connection = store.on.rewrite(store.connection, path, *names)
    store.told("Bringing the WAL into the file")


def _file_of(store: Store, verb: str, why: str) -> Path:
    """The store's file; raises `Refusal` 78 for a server."""
    if not store.path:
        raise Refusal(f"`{verb}` is for SQLite files: {why}; `{program()} vacuum` looks after {store.name}.",
                      UNSUPPORTED)
    return store.path


def _vacuum_server(store: Store, method: str, ask: Callable[[str], bool],
                   progress: Callable[[int, int], object]) -> SpaceReturned:
    """A server's own words for it, table by table; full only when it is asked for, since it locks others out."""
    if method == "incremental":
        raise Refusal(f"--method=incremental is for SQLite files; {store.name} knows auto and full.", UNSUPPORTED)
    full = method == "full"
    if full and not ask(f"Each table of {store.name} is written anew, and nobody can use it meanwhile. Go on?"):
        raise Refusal("Nothing was changed: `vacuum --method=full` locks every table while it is written anew; "
                      "add --yes to go on.", PENDING)
    started, before = time.monotonic(), on_disk(store)
    names = [table.name for table in store.catalog.owned]
    for done, name in enumerate(names, 1):
        store.on.vacuum(store.connection, name, full)
        progress(done, len(names))
    found = facts(store)
    rest = "" if full or not found["free_bytes"] else "what is free inside the tables is room for new rows"
    return SpaceReturned("full" if full else "auto", before, found["bytes"], found["free_bytes"],
                         time.monotonic() - started, rest)


def _fitting(found: dict[str, Any], probe: Probe | None) -> str:
    """Full where nobody is in the way, in steps where somebody may be, nothing where nothing is free."""
    if not found["free_bytes"]:
        return "none"
    return "incremental" if found["auto_vacuum"] == "incremental" and _client(probe) != 0 else "full"


def _incremental(store: Store, progress: Callable[[int, int], object]) -> None:
    """Small steps, each a short transaction; ends when a step frees nothing more."""
    found = facts(store)
    pages, total = FIRST_PAGES, found["free_bytes"] // found["page_size"]
    left = total
    while left:
        pages = _step(store, pages)
        found = facts(store)
        now = found["free_bytes"] // found["page_size"]
        if now >= left:
            return
        left = now
        progress(total - left, total)


def _step(store: Store, pages: int) -> int:
    """Free so many pages in one transaction, fewer if it takes too long; how many to free in the next."""
    try:
        with store.pace.turn(store):
            began = time.monotonic()
            store.on.run_to_end(store.connection, "vacuum_incremental", pages=pages)
            took = time.monotonic() - began
    except TooLong:
        if pages == 1:
            raise Refusal(TOO_BIG, BUSY) from None
        return _step(store, max(1, pages // 4))
    return max(10, min(MOST_PAGES, int(pages * min(2, STEP / max(took, 1e-6)))))


def _last_checkpoint(store: Store, probe: Probe | None) -> str:
    """The file shrinks when the WAL reaches it."""
    return checkpoint(store, probe).rest


def _client(probe: Probe | None) -> int | None:
    """The pid of a program that has the file open, 0 for none, None where it cannot be known."""
    return probe.client() if probe else None


def _alone(probe: Probe | None, ask: Callable[[str], bool], verb: str) -> None:
    pid = _client(probe)
    if pid:
        who = f" (process {pid})" if pid > 0 else ""
        raise Refusal(f"A program{who} has the store open, and `{verb}` would lock it out for the whole run; "
                      "close OpenCode and try again.", BUSY)
    if pid is None and not ask("It cannot be known here whether OpenCode has the store open. Is it closed?"):
        raise Refusal(f"`{verb}` needs OpenCode closed, which cannot be seen here; run it on a terminal and confirm.",
                      BUSY)


def _refuse_without_room(path: Path, found: dict[str, Any]) -> None:
    """A full VACUUM writes the remaining data twice: to a temporary file, and to the WAL beside the store."""
    for folder, needed, free in short_of(path, found["used_bytes"]):
        raise Refusal(f"A full vacuum needs {human(needed)} free in {folder} for a while, and {human(free)} is "
                      f"there; nothing was changed. `{program()} vacuum --method=incremental` needs almost none "
                      f"once `{program()} convert` has run.", FAILED)


def short_of(path: Path, octets: int) -> Iterator[tuple[Path, int, int]]:
    """Folders that have not the room for a file of that size to be written twice, to a temporary file and to the WAL of
    a store: each with what it needs and what is free there."""
    needs: dict[int, tuple[Path, int]] = {}
    for folder in (path.parent, temporary_folder()):
        device = folder.stat().st_dev
        needs[device] = (folder, needs.get(device, (folder, 0))[1] + octets)
    for folder, needed in needs.values():
        free = shutil.disk_usage(folder).free
        if free < needed:
            yield folder, needed, free
