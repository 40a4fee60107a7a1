"""Whole trees on their way into a copy: one transaction, read back before it is committed, and noted in it.

What a text column of a server cannot hold keeps its session out of the copy, by name. Where another origin's tree
stands in the copy, the newer one wins as a whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..catalog import ROOTS, Owned
from ..engines import TextLimits
from ..refusal import BUSY, Refusal
from ..schema.migrate import Column, Table
from ..store import Store
from . import richer
from .carried_rows import carried_rows
from .fitting import unfit
from .marks import Mark
from .sums import HUGE, Sum, joined, row_digest

CHUNK_BYTES = 32 * 10**6
CHUNK_ROWS = 20_000
CHUNK_SESSIONS = 400
WAIT, REST = 60.0, 0.25   # seconds for the run of somebody else on the copy, and between two looks
TRIES = 5                 # of a transaction that met another one
STANDS, EVEN, WEAKER = 2, 1, 0


@dataclass
class Copied:
    """What a run copied: sessions and rows by table.

    `newer` are sessions that the copy has in a later state than the source, `newer_there` those of them that
    another origin brought, by its name; `richer` those of which it keeps rows that the source has less of, or no more,
    by table; `left` says of each id that stayed out why it did. `projects` are rows that were not the same on both
    sides: True for those that the source overwrote. `stopped` says what stopped it half way.
    """

    origin: str = ""
    sessions: int = 0
    trees: int = 0
    bytes: int = 0
    changed: int = 0
    unchanged: int = 0
    vanished: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    newer: list[str] = field(default_factory=list)
    newer_there: dict[str, str] = field(default_factory=dict)
    richer: dict[str, dict[str, int]] = field(default_factory=dict)
    projects: dict[str, bool] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    stopped: str = ""


@dataclass
class Carrier:
    """What carries trees from a source into a copy, for an origin whose store was looked at in the moment `seen`."""

    source: Store
    target: Store
    there: Mapping[str, Table]
    origin: str
    seen: int
    poorer: bool = False
    events: bool = True
    copied: Copied = field(default_factory=Copied)

    def __post_init__(self) -> None:
        self.owned = tuple(one for one in self.source.catalog.owned if self.events or not one.log)
        self.source.once("transfer/mirror_work")
        for name in ("transfer/mirror_work", "transfer/mirror_richer_work", "transfer/copy_work", "cascade/work"):
            self.target.once(name)

    def bring(self, marks: Iterable[Mark]) -> None:
        """These sessions, in one transaction on the copy. Of one that cannot be held the copy keeps what it had, and
        the others are brought without it."""
        chosen = {mark.id: mark for mark in marks}
        while chosen and (unfit := self._again(chosen)):
            self.copied.left |= unfit
            chosen = {id: mark for id, mark in chosen.items() if id not in unfit}

    def _again(self, marks: Mapping[str, Mark]) -> dict[str, str]:
        """Try until the transaction meets no other one; one lost with its connection is not tried again here."""
        for tried in range(1, TRIES + 1):
            try:
                with waited(self.target):
                    return self._try(marks)
            except self.target.on.Error as error:
                if tried == TRIES or not self.target.on.alive(self.target.connection) or not _met(self.target, error):
                    raise
            time.sleep(REST * tried)
        return {}

    def _try(self, marks: Mapping[str, Mark]) -> dict[str, str]:
        """What the copy had of these sessions goes, what they are comes in, and is read back; what cannot be held, and
        why."""
        done = _Attempt(marks)
        self.target.engine_run("begin")
        self.target.engine_ready("unhurried")
        self.source.engine_run("begin_read")
        try:
            self._judge(done)
            self._replace(done)
            if not done.unfit:
                self._record(done)
            self.target.engine_run("rollback" if done.unfit else "commit")
        except BaseException:
            self.target.roll_back()
            raise
        finally:
            self.source.roll_back()
        if not done.unfit:
            self._count(done)
        return done.unfit

    def _judge(self, done: _Attempt) -> None:
        """Which trees stay as they are in the copy: newer ones, and those of another origin that are no weaker."""
        self.choose(self.target, done.marks)
        self.target.run("transfer/mirror_there")
        newer = {root for (root,) in self.target.rows("transfer/mirror_newer")} | self._lost(done.marks)
        done.stays |= self._left_behind(done.marks)
        self.target.run("transfer/copy_foreign", {"origin": self.origin})
        standing = {root: int(found) for root, found in self.target.rows("transfer/copy_stronger")}
        there: dict[str, set[str]] = {}
        if EVEN in standing.values():
            for id, digest in self.target.rows("transfer/copy_digests", {"origin": self.origin}):
                there.setdefault(id, set()).add(digest)
        for root, members in _by_root(done.marks).items():
            done.foreign |= {mark.id for mark in members} if root in standing else set()
            if standing.get(root) == EVEN:
                own = self.digests(mark.id for mark in members)
                equal = all(own[mark.id] in there.get(mark.id, ()) for mark in members)
                done.even |= {mark.id: own[mark.id] for mark in members} if equal else {}
            if root in newer or standing.get(root) in (STANDS, EVEN):
                done.stays |= {mark.id for mark in members if mark.id not in done.even}

    def _left_behind(self, marks: Mapping[str, Mark]) -> set[str]:
        """Ids of which the source has no session, and the copy has one: what is left of it there takes nothing here."""
        alone = {id for id, mark in marks.items() if not mark.rooted}
        return alone & {id for (id,) in self.target.rows("transfer/copy_rooted")} if alone else alone

    def _lost(self, marks: Mapping[str, Mark]) -> set[str]:
        """Trees of which the copy has what no origin has any more, and the source does not go on from: it would be
        lost."""
        alone = [] if self.poorer else [id for (id,) in self.target.rows("transfer/copy_alone")]
        if not alone:
            return set()
        found = richer.beyond(self.source, self.target, alone, self.owned,
                              lambda store, some: self.choose(store, {id: marks[id] for id in some}))
        self.choose(self.target, marks)
        return {marks[id].root for id in found}

    def _replace(self, done: _Attempt) -> None:
        ids = {id: mark for id, mark in done.marks.items() if id not in done.stays and id not in done.even}
        done.sent, done.whole = {id: Sum() for id in ids}, {id: Sum() for id in ids}
        if not ids:
            return
        chosen = {} if self.poorer else {id: mark for id, mark in ids.items() if id not in done.foreign}
        done.found = richer.find(self.source, self.target, chosen, self.owned, self.events,
                                 lambda store, some: self.choose(store, {id: ids[id] for id in some}))
        self.choose(self.source, ids)
        self.choose(self.target, ids)
        self.target.run("transfer/mirror_target")
        self.target.run("transfer/mirror_clear", events=self.events)
        with self.source.octets():
            for table in reversed(self.owned):
                self._send(table, done)
        received = self.received(ids)
        done.unfit |= {id: "came back different from the server" for id in ids
                       if id not in done.unfit and received[id] != done.sent[id]}
        richer.put_diffs_back(self.target, done.found)

    def _send(self, table: Owned, done: _Attempt) -> None:
        """The rows of one table, but for those that the copy has more of."""
        columns = [column for column in self.there[table.name].columns if column.name in table.columns]
        names = [column.name for column in columns]
        at = names.index("id") + 1 if "id" in names else 0
        for own in (False, True) if table.via else (False,):
            rows = carried_rows(self.source, table, names, own, _any_huge(done.marks))
            fitting = self._fitting(rows, table.name, columns, at, done)
            self.target.on.write(self.target.connection, table.name, names, fitting)

    def _fitting(self, found: Iterable[Sequence[Any]], table: str, columns: list[Column], at: int,
                 done: _Attempt) -> Iterator[tuple[Any, ...]]:
        """The rows that the copy can hold, summed by their session; a session with another one is noted and left."""
        limits = None if self.target.path else self.target.on.limits(self.target.connection)
        for owner, *values in found:
            owner, row = text(owner), tuple(values)
            if owner in done.unfit:
                continue
            digest = row_digest(table, row)
            done.whole[owner].add(digest)
            if at and (table, text(row[at - 1])) in done.found.shrunk:
                continue
            if limits is not None and (why := _unfit(table, columns, row, limits)):
                done.unfit[owner] = why
                continue
            done.sent[owner].add(digest)
            tallies = done.rows.setdefault(owner, {})
            tallies[table] = tallies.get(table, 0) + 1
            yield row
            del row, values  # before the next is read: a row may be huge

    def received(self, ids: Mapping[str, Mark], apart: bool = True) -> dict[str, Sum]:
        """What the copy holds of these sessions now, read back from the server; `apart` leaves out what stays there."""
        return self.sums(self.target, ids, apart)

    def digests(self, ids: Iterable[str]) -> dict[str, str]:
        """What the source's rows of these sessions come to."""
        chosen = dict.fromkeys(ids)
        self.choose(self.source, chosen)
        return {id: str(found) for id, found in self.sums(self.source, chosen, apart=False).items()}

    def sums(self, store: Store, ids: Mapping[str, Mark | None], apart: bool,
             without: Collection[tuple[str, str]] = (), diffs: bool = True) -> dict[str, Sum]:
        """What the rows of the sessions at hand come to, but for those `without`, by table and id; without `diffs`
        those of the sessions' own rows do not count. A server tells of a huge text what it comes to, not the text."""
        found = {id: Sum() for id in ids}
        huge = _any_huge(ids)
        with store.octets():
            for table in self.owned:
                columns = [one.name for one in self.there[table.name].columns if one.name in table.columns
                           and (diffs or table.name not in ROOTS or one.name not in richer.DIFFS)]
                at = columns.index("id") if "id" in columns else -1
                digested = [name for name in columns if huge and not store.path and name in table.bytes]
                for own in (False, True) if table.via else (False,):
                    for owner, *row in carried_rows(store, table, columns, own, huge, apart, digested):
                        row = list(joined(row, columns, digested)) if digested else row
                        if at < 0 or (table.name, text(row[at])) not in without:
                            found[text(owner)].add(row_digest(table.name, row))
                        del row  # before the next is read: a row may be huge
        return found

    def choose(self, store: Store, ids: Mapping[str, Mark | None]) -> None:
        """The sessions at hand, each with its tree, and newest time, number and octets of its rows at the source."""
        store.run("transfer/mirror_none")
        rows = ((id, id, None, 0, 0) if mark is None else (id, mark.root, mark.newest, mark.tally, mark.bytes)
                for id, mark in ids.items())
        store.on.write(store.connection, "lc_copy", ("id", "root_id", "newest", "tally", "bytes"), rows)

    def _record(self, done: _Attempt) -> None:
        """Write down what was brought, and what was not since the copy has it in a later state."""
        digests = {id: str(found) for id, found in done.whole.items()} | done.even
        rows = ((id, mark.root, mark.fingerprint, digests.get(id), mark.newest, mark.tally, mark.bytes,
                 int(id not in done.stays)) for id, mark in done.marks.items())
        self.target.run("transfer/copy_brought_none")
        self.target.on.write(self.target.connection, "lc_brought",
                             ("id", "root_id", "fingerprint", "digest", "newest", "tally", "bytes", "kept"), rows)
        self.target.run("transfer/copy_record", {"origin": self.origin, "seen": self.seen})

    def _count(self, done: _Attempt) -> None:
        copied = self.copied
        copied.newer += sorted(done.stays)
        copied.richer |= done.found.rows
        copied.trees += len({done.marks[id].root for id in done.sent})
        for id in done.sent:
            copied.bytes += done.marks[id].bytes
            copied.sessions += any(root in done.rows.get(id, ()) for root in self.source.catalog.roots)
            for name, tally in done.rows.get(id, {}).items():
                copied.rows[name] = copied.rows.get(name, 0) + tally


@dataclass
class _Attempt:
    """What one transaction is about: the sessions; those that stay as the copy has them, those of other origins among
    all, those that are the same there; what was sent of the others, and what the source has of them; rows by session
    and table; what the copy cannot hold."""

    marks: Mapping[str, Mark]
    stays: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    even: dict[str, str] = field(default_factory=dict)
    found: richer.Richer = field(default_factory=richer.Richer)
    sent: dict[str, Sum] = field(default_factory=dict)
    whole: dict[str, Sum] = field(default_factory=dict)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    unfit: dict[str, str] = field(default_factory=dict)


def text(id: Any) -> str:
    """An id as text, also where it was read as octets."""
    return id.decode("utf-8", "surrogateescape") if isinstance(id, bytearray) else id


def _by_root(marks: Mapping[str, Mark]) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = {}
    for mark in marks.values():
        found.setdefault(mark.root, []).append(mark)
    return found


def _any_huge(marks: Mapping[str, Mark | None]) -> bool:
    """Whether a session may have a huge text; of one that nobody looked at nothing is known."""
    return any(mark is None or mark.bytes > HUGE for mark in marks.values())


def _unfit(table: str, columns: list[Column], row: tuple[Any, ...], limits: TextLimits) -> str:
    return next((f"{table}.{column.name} {said}" for column, value in zip(columns, row, strict=True)
                 if (said := unfit(column, value, limits))), "")


def _met(target: Store, error: Exception) -> bool:
    """Whether the engine says of an error that another transaction was in the way."""
    try:
        with target.on.explained(target.name):
            raise error
    except Refusal as refusal:
        return refusal.code == BUSY
    except target.on.Error:
        return False


@contextmanager
def waited(target: Store, seconds: Callable[[], float] = lambda: WAIT) -> Iterator[None]:
    """Hold the copy alone; while another run does, wait for it, but not for ever. Raises `Refusal` 75."""
    until = time.monotonic() + seconds()
    while True:
        holding = target.only_run()
        try:
            holding.__enter__()
            break
        except Refusal as refusal:
            if refusal.code != BUSY or time.monotonic() > until:
                raise
        time.sleep(REST)
    try:
        yield
    except BaseException as error:
        if not holding.__exit__(type(error), error, error.__traceback__):
            raise
    else:
        holding.__exit__(None, None, None)


def chunks(trees: Iterable[list[Mark]]) -> Iterator[list[Mark]]:
    """Whole trees, as many in a transaction as are small."""
    chunk: list[Mark] = []
    octets = rows = 0
    for tree in trees:
        size, tally = sum(mark.bytes for mark in tree), sum(mark.tally for mark in tree)
        if chunk and (octets + size > CHUNK_BYTES or rows + tally > CHUNK_ROWS
                      or len(chunk) + len(tree) > CHUNK_SESSIONS):
            yield chunk
            chunk, octets, rows = [], 0, 0
        chunk += tree
        octets, rows = octets + size, rows + tally
    if chunk:
        yield chunk
