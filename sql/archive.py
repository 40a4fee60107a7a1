"""The client's archive flag: set and cleared, by id or by age, and put back as it was."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from . import history
from .explain import refuse_unknown
from .pace import insist
from .prune import Question, decide
from .store import Store

AT_ONCE = 200  # flags put back in one transaction


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


def unlisted(store: Store) -> int:
    """How many of the chosen sessions are of 2.x, whose lists do not look at the flag."""
    return int(store.one("retention/unlisted")[0])


def change(store: Store, moment: int | None) -> None:
    """Set the flag of the chosen sessions to `moment` (milliseconds), or clear it, in one transaction, and remember
    the run: the history keeps what each flag was. Raises `Refusal` 75 for too many beside a client."""
    def work() -> None:
        with store.transaction():
            found = {table: [[id, was, moment]
                             for id, was in store.rows("retention/flags", {"flag": flag}, table=table)
                             if was is None or type(was) is int]
                     for table in store.catalog.roots}
            flags.update(found)
            numbers.append(_begun(store, "unarchive" if moment is None else "archive", found, None))
            store.run("retention/archive", {"moment": moment})

    flag, flags, numbers = 0 if moment is None else 1, {}, []
    insist(work, times=1)
    _ended(numbers[-1], flags, history.DONE)


def put_back(store: Store, flags: Mapping[str, Sequence], undoes: int) -> tuple[list[str], list[str]]:
    """Give every session the flag that it had, and remember the run; ids of those, and of those that changed since."""
    done: dict[str, list] = {table: [] for table in flags}
    stayed: set[str] = set()
    number = _begun(store, "undo", {table: [[id, became, was] for id, was, became in rows]
                                    for table, rows in flags.items()}, undoes)
    for table, rows in flags.items():
        for at in range(0, len(rows) if store.catalog.has(table) else 0, AT_ONCE):
            _unflag(store, table, rows[at:at + AT_ONCE], done[table], stayed)
        stayed |= set() if store.catalog.has(table) else {id for id, *_ in rows}
    _ended(number, done, history.IN_PART if stayed else history.DONE)
    return sorted({id for rows in done.values() for id, *_ in rows} - stayed), sorted(stayed)


def _unflag(store: Store, table: str, rows: Sequence, done: list, stayed: set[str]) -> None:
    """A few flags in one transaction."""
    def work() -> None:
        changed.clear()
        with store.transaction():
            for id, was, became in rows:
                if store.run("retention/unflag", {"id": id, "was": was, "became": became}, table=table):
                    changed.append([id, became, was])

    changed: list[list] = []
    insist(work)
    done += changed
    stayed |= {id for id, *_ in rows} - {id for id, *_ in changed}


def _begun(store: Store, verb: str, flags: Mapping, undoes: int | None) -> int | None:
    return history.begun(True, history.FLAGGED, store=store.name, verb=verb, digest="",
                         started=int(time.time() * 1000), sentence="", undoes=undoes, facts={"flags": flags})


def _ended(number: int | None, flags: Mapping, outcome: str) -> None:
    rows = {table: len(found) for table, found in flags.items() if found}
    history.ended(number, outcome, rows=rows, freed_bytes=0, sessions=0,
                  facts={"kind": history.FLAGGED, "flags": flags})
