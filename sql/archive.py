"""The client's archive flag: set and cleared, by id or by age."""

from __future__ import annotations

from .explain import refuse_unknown
from .prune import Question, decide
from .store import Store


def choose(store: Store, question: Question, session: str | None, flag: bool) -> list[tuple[str, str, int]]:
    """Leave the choice in the work tables; return id, title and last activity of the sessions that would change.

    By age, the rules of removal choose: roots of trees that are idle for longer and that nothing protects.
    """
    if session is not None:
        refuse_unknown(store, session)
    decide(store, question)
    if session is not None:
        store.run("retention/choose", {"id": session})
    return list(store.rows("retention/archivable", {"flag": int(flag)}))


def change(store: Store, moment: int | None) -> None:
    """Set the flag of the chosen sessions to `moment` (milliseconds), or clear it, in one transaction."""
    store.engine_run("begin")
    store.run("retention/archive", {"moment": moment})
    store.engine_run("commit")
