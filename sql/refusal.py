"""The one way in which the product says no: a sentence, which stands where it is raised, and an exit code."""

from __future__ import annotations

from .words import plain, printable

FAILED = 1
PENDING = 2
UNFINISHED = 3
BAD_VALUE = 64
NO_STORE = 69
STALE_PLAN = 73
BUSY = 75
UNSUPPORTED = 78
INTERRUPTED = 130


class Refusal(Exception):
    """A sentence that names the thing, the value and what helps; `code` is the exit code of the command.

    Whatever a name from a file or a store brings into it, it is one printable line. `lost`: the connection broke before
    anything was changed, and the URL names another host.
    """

    def __init__(self, sentence: str, code: int = FAILED, lost: bool = False):
        super().__init__(plain(sentence))
        self.code, self.lost = code, lost


def refused(store: str, said: str) -> Refusal:
    """What an engine says that has no sentence of its own here."""
    return Refusal(f"The store {store} refused a statement, which was taken back: {printable(said).rstrip('.')}.")


def unfinished(why: str, code: int = UNFINISHED) -> Refusal:
    """What is said once what a verb did before something stopped it has been told."""
    return Refusal(f"Stopped with work left: {why}. Run it again to finish.", code)
