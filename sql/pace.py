"""Short transactions, and far enough apart, for as long as a client has the store open.

The client stands still while another program holds the write lock, and after 5 s it gives up. Its busy handler
sleeps up to 100 ms between two tries, so that a gap shorter than that can be missed every time (run with the real
client: transactions of 250 ms and gaps of 50 ms end in "database is locked", gaps of 110 ms never do).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .refusal import BUSY, Refusal

if TYPE_CHECKING:
    from .engines import Engine
    from .engines.sqlite.client_probe import Probe

Done = TypeVar("Done")

LONGEST = 0.25            # seconds that a client may have to wait for one transaction of ours
STRUCK = 0.17             # after which a transaction is taken back: what is left is for the commit
GAP, MORE = 0.12, 0.06    # seconds between two, and the random part
TRIES, REST = 4, 0.4      # of what cannot be parted, and the seconds that each waits longer than the one before
OPERATIONS = 1_000        # of SQLite's machine between two looks at the clock


class Timed(Protocol):
    """What of a store its clock needs."""

    connection: Any

    @property
    def on(self) -> Engine:
        """The driver of its engine."""

    def engine_run(self, name: str) -> None:
        """Run statements of the engine's own folder."""

    def roll_back(self) -> None:
        """End a transaction that something stopped half way, if the connection still has one."""


class TooLong(Exception):
    """A transaction was taken back, since it would have made a client wait for too long."""


class Pace:
    """The clock of one connection. Without a probe, as on a server, or without a client nothing is timed or delayed."""

    def __init__(self, probe: Probe | None = None):
        self._probe = probe
        self._timing = False
        self._began: float | None = None
        self._ended = 0.0
        self._struck = False
        self.longest = 0.0

    def client(self) -> bool:
        """Whether a client is known to have the store open now."""
        return bool(self._probe and self._probe.client())

    def begun(self) -> None:
        """The write lock is ours from now on."""
        if self._timing and self._began is None:
            self._began = time.monotonic()

    def check(self) -> None:
        """Raise `TooLong` where the transaction at hand has lasted long enough; for work outside of the engine."""
        if self._timing and self._late():
            raise TooLong

    @contextmanager
    def turn(self, store: Timed, look: Callable[[], object] | None = None) -> Iterator[None]:
        """Time for one transaction, which begins and ends inside; raises `TooLong` when it was taken back. `look` reads
        what is better read right before it, while nobody waits.

        Beside a client it waits until the last one is long enough ago, and brings the WAL into the file afterwards,
        which hinders no writer: the client's next commit would have to do it otherwise.
        """
        if not (self._probe and self._probe.client() != 0):  # where it cannot be known, somebody may be waiting
            if look:
                look()
            yield
            return
        time.sleep(max(0.0, self._ended + GAP + random.uniform(0, MORE) - time.monotonic()))
        if look:
            look()
        self._timing, self._began, self._struck = True, None, False
        try:
            with store.on.interrupted(store.connection, self._late, OPERATIONS):
                yield
        except store.on.Error:
            if not self._struck:
                raise
            raise TooLong from None
        finally:
            store.roll_back()
            self._ended = time.monotonic()
            self.longest = max(self.longest, self._ended - (self._began or self._ended))
            self._timing = False
        with suppress(store.on.Error):  # it does not matter which of the two programs does it
            store.engine_run("checkpoint_passive")

    def _late(self) -> bool:
        self.begun()
        now = time.monotonic()
        self._struck = self._struck or now - (self._began or now) > STRUCK
        return self._struck


TOO_BIG = "Too much is to be written at once while a client has the store open; close OpenCode and run it again."


def tries(work: Callable[[], object], times: int = TRIES) -> bool:
    """Do it, and again if the clock struck, after a rest: a machine may be busy. Whether it was done."""
    for rests in range(times):
        time.sleep(REST * rests)
        with suppress(TooLong):
            work()
            return True
    return False


def insist(work: Callable[[], Done], times: int = TRIES) -> Done:
    """The same; raises `Refusal` 75 where it cannot be done beside a client."""
    found: list[Done] = []
    if not tries(lambda: found.append(work()), times):
        raise Refusal(TOO_BIG, BUSY)
    return found[0]
