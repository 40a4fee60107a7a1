"""A mirror that goes on: a look every so often, at a store that changed since the last one, until it is stopped."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from .. import store as stores
from ..engines import engine_module
from ..refusal import BAD_VALUE, BUSY, NO_STORE, Refusal
from ..words import printable

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
AT_LEAST = 3600           # seconds after which a round looks although the file did not change: the copy may have


def every(text: str) -> int:
    """Seconds of `30s`, `5m`, `1h` or `1d`; raises `Refusal` 64 for anything else."""
    found = re.fullmatch(r"\s*([0-9]{1,6})([smhd])\s*", text)
    if not found or not int(found[1]):
        raise Refusal(f"--watch={printable(text)}: not a duration such as 30s, 5m or 1h.", BAD_VALUE)
    return int(found[1]) * SECONDS[found[2]]


def keep_going(text: str, store: str | None, round: Callable[[], None], tell: Callable[[str], object],
               rest: Callable[[float], object] = time.sleep) -> None:
    """Do a round now, and again every so often where the store's file changed since, until interrupted.

    A server that does not answer and a store that is busy are told, and the next round tries again; any other refusal
    of the first round ends it. The connections are closed between two rounds, so that nothing is held from the client.
    """
    seconds, first, last, since = every(text), True, None, 0.0
    while True:
        now = traces(store)
        if now is None or now != last or time.monotonic() - since > AT_LEAST:
            try:
                round()
                last, since = now, time.monotonic()
            except Refusal as refusal:
                if refusal.code not in (BUSY, NO_STORE) and first:
                    raise
                last = None
                tell(str(refusal))
        first = False
        rest(seconds)


def traces(store: str | None) -> tuple[tuple[int, int], ...] | None:
    """What tells that a file was written to: size and time of it and its WAL; None for a server."""
    engine, where = stores.locate(store)
    path = engine_module(engine).path(where)
    if path is None:
        return None
    found = []
    for name in (path, Path(f"{path}-wal")):
        try:
            told = name.stat()
            found.append((told.st_size, told.st_mtime_ns))
        except OSError:
            found.append((0, 0))
    return tuple(found)
