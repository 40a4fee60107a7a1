"""A server that keeps its connection open and says nothing: how long that is borne.

A statement may honestly take hours, so silence alone ends nothing. Every so often the server is asked, over a second
connection, whether it still works on it; what does not answer there either is given up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..refusal import BUSY, Refusal

WORD = "answer_timeout"   # of a URL: the seconds between two looks; 0 waits for ever
SECONDS = 60
ASKING = 10               # seconds for the second connection, unless the URL's connect_timeout says otherwise
# What a look found, in tenths of what is enough to give the connection up: the server works on the statement; it cannot
# be told; it waits for us, though its answer may be on its way; nobody is there.
WORKS, UNCLEAR, WAITS, GONE = 0, 1, 5, 10


@dataclass
class Silence:
    """What is done about a connection that is silent for so many `seconds`; `looked` tells what a look found, and `end`
    ends what the server still keeps of it."""

    seconds: float
    looked: Callable[[], int] = lambda: GONE
    end: Callable[[], object] = lambda: None
    doubt: int = 0

    def heard(self) -> None:
        self.doubt = 0

    def borne(self) -> bool:
        """Whether to wait on, after so long a silence."""
        found = self.looked()
        self.doubt = self.doubt + found if found else 0
        if self.doubt < GONE:
            return True
        if found == WAITS:
            self.end()
        return False


def given_up(name: str) -> Refusal:
    """What is said of it."""
    return Refusal(f"The store {name} has stopped answering, though its connection stands; try again when it answers, "
                   f"or raise {WORD} in its URL.", BUSY, several(name))


def several(name: str) -> bool:
    """Whether the name of a store, as it is told, is that of several hosts."""
    return "," in name.partition("://")[2].partition("/")[0]


def seconds(said: str) -> float | None:
    """The value of the word in a URL; None for one that cannot be read."""
    return float(said) if said.isdigit() and len(said) < 7 else None
