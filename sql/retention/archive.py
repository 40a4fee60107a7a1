"""The client's archive flag: set and cleared, by id or by age, and put back as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .. import history
from ..pace import insist
from ..store import Store
from .explain import refuse_unknown
from .selection import Question, decide

AT_ONCE = 1_000  # flags that change in one transaction


@dataclass
class Flagged:
    """Sessions whose flag changed, those that stay as they are and why, rows by table; what stopped it half way."""

    sessions: list[str] = field(default_factory=list)
    stayed: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    stopped: str = ""


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


def change(store: Store, moment: int | None) -> Flagged:
    """Set the flag of the chosen sessions to `moment` (milliseconds), or clear it, and remember the run: the history
    keeps what each flag was. A flag that somebody else changes meanwhile stays."""
    flag = 0 if moment is None else 1
    flags = {table: [[id, was, moment] for id, was in store.rows("retention/flags", {"flag": flag}, table=table)
                     if not isinstance(was, (bytes, bytearray))] for table in store.catalog.roots}
    return _run(store, "unarchive" if moment is None else "archive", flags, None)


def put_back(store: Store, flags: Mapping[str, Sequence[Any]], undoes: int) -> Flagged:
    """Give every session the flag that it had, and remember the run; one that changed since stays."""
    return _run(store, "undo", {table: [[id, became, was] for id, was, became in rows]
                                for table, rows in flags.items()}, undoes)


def _run(store: Store, verb: str, flags: Mapping[str, list[Any]], undoes: int | None) -> Flagged:
    """Change flags, each from what it is to what it becomes, a few in a transaction."""
    done: dict[str, list[Any]] = {table: [] for table in flags}
    told = Flagged()
    with history.recorded(store.name, verb, history.FLAGGED, undoes=undoes, facts={"flags": flags}) as run:
        run.facts["flags"], run.columns = done, {"rows": told.rows, "freed_bytes": 0}
        with store.telling(told):
            for table, rows in flags.items():
                for at in range(0, len(rows) if store.catalog.has(table) else 0, AT_ONCE):
                    try:
                        done[table] += _flag(store, table, rows[at:at + AT_ONCE])
                    except store.on.Error as error:  # an undo takes back those that did change
                        done[table] += rows[at:at + AT_ONCE] if history.unsure(error) else []
                        raise
                    told.rows |= {table: len(done[table])} if done[table] else {}
        changed = set().union(*map(_ids, done.values()))
        stayed = {id for table, rows in flags.items() for id in _ids(rows) - _ids(done[table])}
        run.outcome = history.IN_PART if stayed else history.DONE
    told.sessions = sorted(changed - stayed)
    told.stayed = {} if told.stopped else dict.fromkeys(sorted(stayed), "has another flag since, or is gone")
    return told


def _flag(store: Store, table: str, rows: Sequence[Any]) -> list[Any]:
    """A few flags in one transaction; those that changed. Where that is cut off and another host goes on, those that
    are what they were to become by then had been changed."""
    changed: set[str] = set()
    landed: set[str] = set()

    def work() -> None:
        _list(store, rows)
        with store.transaction():
            store.run("retention/flag_chosen", table=table)
            changed.clear()
            changed.update(id for (id,) in store.rows("retention/flagged"))
            store.run("retention/flag", table=table)

    def elsewhere() -> None:
        _list(store, [(id, becomes, becomes) for id, _, becomes in rows])
        store.run("retention/flag_chosen", table=table)
        landed.update(id for (id,) in store.rows("retention/flagged"))

    insist(lambda: store.again(work, elsewhere))
    return [row for row in rows if row[0] in changed | landed]


def _list(store: Store, rows: Sequence[Any]) -> None:
    """Flags into the work table: of which session, what each is, and what it becomes."""
    store.once("retention/work_flags")
    store.run("retention/flag_none")
    store.on.write(store.connection, "lc_flag", ("id", "was", "becomes"), rows)


def _ids(rows: Sequence[Any]) -> set[str]:
    return {id for id, *_ in rows}
