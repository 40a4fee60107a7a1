"""Carrying out a plan: the steps of the script, one by one, on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from ..engines.sqlite.client_probe import Probe
from ..pace import LONGEST, TRIES, Pace, tries
from ..refusal import INTERRUPTED, STALE_PLAN, UNFINISHED, Refusal
from ..store import Store
from . import anew
from .plan_file import Script
from .rule import Transaction

if TYPE_CHECKING:
    from .witness import Look

TOO_BIG_WHILE_OPEN = 256 * 10**6
# What a batch takes, guard and deletion, in seconds for each session, row and octet.
PER_SESSION, PER_ROW, PER_OCTET = 3e-5, 1e-5, 1e-9


@dataclass
class Outcome:
    """What a run did: rows by table, sessions gone, units that stayed and why; `left` says why work is left. `resumed`:
    it went on with another host, and what the last one was about to commit may not be among the rows. `anew`: the store
    was written anew; `instead`: why it was not, although that was meant."""

    rows: dict[str, int] = field(default_factory=dict)
    sessions: int = 0
    spared: dict[str, str] = field(default_factory=dict)
    left: str = ""
    code: int = 0
    resumed: bool = False
    anew: bool = False
    instead: str = ""


def carry_out(script: Script, store: Store, probe: Probe | None, pins: Callable[[], Iterable[str]],
              ran_here: bool, progress: Callable[[int], object],
              look: Look | None = None, whole: bool = False) -> Outcome:
    """Run the script on `store`; with `whole` by writing the store anew, where nothing comes in between.

    `pins` is asked before each batch for the pins of that moment; `progress` hears the number of each batch done;
    `look` is taken at each batch, before it and before its first deletion; it may spare more than the guard does.
    What stops the run before its first commit is raised; later it is told in the outcome, with exit code 3, and
    the store holds whole trees only.
    """
    run = _Carrier(script, store, pins, look)
    run.prepare()
    (present,) = store.one("cascade/known")
    if script.lines and not present and not ran_here:
        raise Refusal(f"None of the plan's sessions is in {store.name}: it was made for another store.", STALE_PLAN)
    store.refuse_migration()
    store.pace = Pace(probe)
    outcome, size, committed = run.outcome, _Size(script, store), 0
    try:
        outcome.anew = whole and run.anew(probe)
        for turn in () if outcome.anew else script.transactions(store.catalog):
            batch = turn.batch
            if outcome.spared and outcome.spared.keys() & size.roots(batch):
                continue
            store.again(run.keep, run.resume)
            stay = _carry_out(script, store, turn, size, run.transact)
            outcome.spared |= dict.fromkeys(stay, "too-big-while-open")
            if stay and len(stay) == size.trees[batch]:
                continue
            committed += 1
            progress(batch)
    except KeyboardInterrupt:
        store.roll_back()
        outcome.left, outcome.code = "it was interrupted", INTERRUPTED
    except (Refusal, store.on.Error) as error:
        store.roll_back()
        if not committed:
            raise
        outcome.left, outcome.code = store.explain(error), UNFINISHED
    else:
        if outcome.spared:
            outcome.left, outcome.code = "a tree is too big to go while a client has the store open", UNFINISHED
    if store.on.alive(store.connection):
        outcome.spared = run.told | dict(store.rows("cascade/report")) | outcome.spared
        outcome.sessions = present - store.one("cascade/known")[0]
    else:  # a session in both layouts has a row in each of the two tables
        outcome.sessions = max(outcome.rows.get(table, 0) for table in store.catalog.roots)
    return outcome


@dataclass
class _Carrier:
    """A plan on its connection, and on the next one where that is lost, whose work tables begin anew: `before` are the
    rows that went by then, `told` what was spared and why."""

    script: Script
    store: Store
    pins: Callable[[], Iterable[str]]
    look: Look | None
    outcome: Outcome = field(default_factory=Outcome)
    before: dict[str, int] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    def prepare(self) -> None:
        modern = self.store.on.is_modern()
        sql = (step.sql for step in self.script.preparation(self.store.catalog, modern) if step.sql)
        self.store.on.execute_all(self.store.connection, sql)

    def relist(self) -> None:
        """The list once more, which no longer stands as the plan has it."""
        self.store.on.execute_all(self.store.connection, (step.sql for step in self.script.listed() if step.sql))

    def resume(self) -> None:
        self.before, self.outcome.resumed = self.outcome.rows, True
        self.prepare()
        self.keep()

    def anew(self, probe: Probe | None) -> bool:
        """Write the store anew without what goes; False where it is as it was, and batches go on."""
        def told(why: str) -> None:
            self.outcome.instead = why

        rows = anew.write(self, probe, told) if probe else None
        self.outcome.rows = rows or {}
        return rows is not None

    def keep(self) -> None:
        """Tell the guard about the pins of this moment."""
        self.store.run("cascade/keep_none")
        for id in self.pins():
            self.store.run("cascade/keep", {"id": id})

    def transact(self, turn: Transaction) -> None:
        """One transaction; its rows count once it is committed."""
        gone, told = self.store.again(partial(self._transact, turn), self.resume)
        self.told |= told
        self.outcome.rows = {owned.name: rows for owned in self.store.catalog.owned
                             if (rows := gone.get(owned.name, 0) + self.before.get(owned.name, 0))}

    def _transact(self, turn: Transaction) -> tuple[dict[str, int], dict[str, str]]:
        store, look = self.store, self.look
        with store.pace.turn(store, partial(look.early, turn.batch) if look else None):
            if store.path:
                _begin(turn.guard, store)
            else:
                store.on.execute_all(store.connection, turn.guard)
            if look:
                look.late()
            store.on.execute_all(store.connection, turn.removal)
            gone = dict(store.rows("cascade/gone"))  # so far
            told = {} if store.path else dict(store.rows("cascade/report"))
            with store.committing():
                store.on.execute_all(store.connection, turn.end)
        return gone, told


def _carry_out(script: Script, store: Store, turn: Transaction, size: _Size,
               run: Callable[[Transaction], object]) -> set[str]:
    """One batch, in one transaction or tree by tree; the roots of trees that stay, too big beside a client."""
    parts = size.parts(turn.batch)
    if store.pace.client() and size.too_big(turn.batch):
        return size.roots(turn.batch)
    if tries(partial(run, turn), 1 if parts else TRIES):
        return set()
    roots = size.roots(turn.batch)
    return _tree_by_tree(script, store, roots, run) if parts else roots


def _tree_by_tree(script: Script, store: Store, roots: set[str], run: Callable[[Transaction], object]) -> set[str]:
    """Trees of a batch that would keep a client waiting, each in a transaction of its own; those that stay."""
    batch = script.batches + 1
    stay: set[str] = set()
    turn = script.transaction(store.catalog, batch)
    for root in sorted(roots):
        store.run("cascade/part", {"batch": batch, "root_id": root})
        if not tries(partial(run, turn)):
            stay.add(root)
        store.run("cascade/part", {"batch": 0, "root_id": root})
    return stay


def _begin(statements: Iterable[str], store: Store) -> None:
    """Statements one after another; the clock runs once one of them has taken the lock."""
    for sql in statements:
        store.on.execute(store.connection, sql)
        store.pace.begun()


class _Size:
    """How large each batch is without its event logs, how many trees are in it, and whose."""

    def __init__(self, script: Script, store: Store):
        self._store = store
        self._sliced = {cut.batch for cut in script.slices}
        self.trees: dict[int, int] = {}
        self._octets: dict[int, int] = {}
        self._seconds: dict[int, float] = {}
        for row in store.rows("cascade/sizes"):
            batch, self.trees[batch], sessions, rows, octets = map(int, row)
            self._octets[batch] = octets
            self._seconds[batch] = PER_SESSION * sessions + PER_ROW * rows + PER_OCTET * octets

    def roots(self, batch: int) -> set[str]:
        return {root for (root,) in self._store.rows("cascade/roots", {"batch": batch})}

    def parts(self, batch: int) -> bool:
        """Whether it can be parted into trees."""
        return self.trees.get(batch, 0) > 1 and batch not in self._sliced

    def too_big(self, batch: int) -> bool:
        """Whether it is not worth trying while a client has the store open: its log would go, and the rest stay."""
        return (self._octets.get(batch, 0) > TOO_BIG_WHILE_OPEN
                or self._seconds.get(batch, 0) > LONGEST)
