"""What a copy has more of than its source, row by row: a reclamation at the source takes nothing from the copy.

A reclamation moves no time stamp, and every write of the client does. So a row of the same time that is smaller at the
source was shrunk there; events, and rows of 1.x beside those of 2.x, that are gone there were dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from ..catalog import Owned
from ..schema.migrate import ID_LENGTH
from ..store import Store

DIFFS = ("summary_diffs", "revert")  # of a session's own row: the copy keeps those that the source gave up
Choose = Callable[[Store, Collection[str]], None]


@dataclass
class Richer:
    """Rows of the copy that stay: which of them the source has in a smaller form, and how many by session and table."""

    shrunk: set[tuple[str, str]] = field(default_factory=set)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, session: str, table: str, rows: int) -> None:
        tallies = self.rows.setdefault(session, {})
        tallies[table] = tallies.get(table, 0) + rows


def find(source: Store, target: Store, chosen: Collection[str], owned: tuple[Owned, ...], events: bool,
         choose: Choose) -> Richer:
    """Look at the chosen sessions on both sides, inside the transactions at hand; what stays is left in the copy's work
    tables."""
    found = Richer()
    target.run("transfer/mirror_richer_none")
    choose(target, chosen)
    target.run("transfer/mirror_there")
    differing = [id for (id,) in target.rows("transfer/mirror_differs")]
    if not differing:
        return found
    _face(source, target, differing, owned, choose)
    target.run("transfer/mirror_richer", events=events)
    target.run("transfer/mirror_was")
    found.shrunk = set(target.rows("transfer/mirror_shrunk"))
    for session, table, rows in target.rows("transfer/mirror_stays"):
        found.add(session, table, int(rows))
    for (session,) in target.rows("transfer/mirror_early"):
        found.add(session, "session", 1)
    return found


def beyond(source: Store, target: Store, chosen: Collection[str], owned: tuple[Owned, ...],
           choose: Choose) -> set[str]:
    """Of the chosen sessions, those of which the copy has messages or parts that the source has not."""
    target.run("transfer/mirror_richer_none")
    _face(source, target, chosen, owned, choose)
    return {id for table in owned if "id" in table.columns and table.key != "id" and not table.log
            for (id,) in target.rows("transfer/copy_beyond", owned=table)}


def _face(source: Store, target: Store, chosen: Collection[str], owned: tuple[Owned, ...], choose: Choose) -> None:
    """Leave in the copy's work tables what rows the source has of the chosen sessions, which are at hand on both sides
    then."""
    choose(source, chosen)
    choose(target, chosen)
    names = ("name", "id", "owner_id", "newest", "octets", "seq")
    for table in owned:
        for own in (False, True) if table.via else (False,):
            rows = source.rows("transfer/mirror_source", owned=table, by_itself=own)
            target.on.write(target.connection, "lc_source", names, _named(table.name, rows))


def _named(table: str, rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """Rows that the copy can have as well: what it cannot hold keeps its session out, and is told by name."""
    for id, owner, newest, octets, seq in rows:
        if id is None or type(id) is str and len(id) <= ID_LENGTH and "\0" not in id and _utf8(id):
            yield table, id, owner, newest, octets, seq if type(seq) is int else None


def _utf8(id: str) -> bool:
    return id.isascii() or not any("\ud800" <= mark <= "\udfff" for mark in id)


def put_diffs_back(target: Store, found: Richer) -> None:
    """Once the source's rows are in: their sessions keep the diffs that the copy had of them."""
    for table in target.catalog.roots:
        if not (target.catalog.has(table, "summary_diffs") and target.catalog.has(table, "revert")):
            continue
        for id in list(_ids(target, table)):
            found.add(id, table, 1)
        target.run("transfer/mirror_diffs_back", table=table)


def _ids(target: Store, table: str) -> Iterator[str]:
    return (id for (id,) in target.rows("transfer/mirror_diffs", table=table))
