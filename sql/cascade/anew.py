"""The other way to the same rows: the store written anew, once, without what goes, and put in its place whole.

The guard chooses as it does for the deletions, many batches at a time, in one reading of the store. Then every row that
is not of a chosen session is copied, held against the store value by value, and counted against what the guards
counted. The new file takes the store's place only if nobody has changed, opened or pinned anything since. Whatever is
in the way, nothing has happened, and the batches go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from .. import space
from ..engines.sqlite import anew
from ..engines.sqlite.anew import Unlike
from ..files import temporary_folder
from ..store import Store
from ..words import many
from .rule import GUARD, Rule

if TYPE_CHECKING:
    from ..engines.sqlite.client_probe import Probe
    from .execute import _Carrier
    from .plan_file import Script, Turn

# Picoseconds, by a store of 1 GB: a batch's guard and deletions by row and octet that go, a vacuum by row and octet
# that stay; a guard alone, a look at each row of the file, and the copy, comparison and switch of what stays.
COSTS = {"batch_row": 12_000_000, "batch_octet": 1_200, "vacuum_row": 1_000_000, "vacuum_octet": 6_000,
         "guard_row": 1_500_000, "look_row": 2_500_000, "anew_row": 6_000_000, "anew_octet": 7_500,
         "anew_fixed": 40_000_000_000}
SECOND = 10**12
SESSIONS = 20_000         # that a guard looks at together: what it counts of them takes some megabytes


@dataclass(frozen=True)
class Ways:
    """What each way to the same rows costs by reckoning, in seconds; octets that stay; why the second is closed."""

    batches: float
    anew: float
    stays: int
    hindrance: str

    @property
    def chosen(self) -> bool:
        """Whether the store is to be written anew."""
        return not self.hindrance and self.anew < self.batches

    def sentence(self) -> str:
        one, other = ("what stays is written anew, once", "batch after batch and a vacuum")
        if self.hindrance:
            return f"Way: {other}, since {self.hindrance}."
        if not self.chosen:
            one, other = other, one
        least, most = sorted((self.anew, self.batches))
        return f"Way: {one} (about {least:.1f} s; {other}: {most:.1f} s)."


def ways(store: Store, probe: Probe | None, overwrite: bool) -> Ways:
    """Both ways for what a policy chose on this connection, and which of them is open."""
    in_batches, written, stays = map(int, store.one("cascade/ways", COSTS))
    return Ways(in_batches / SECOND, written / SECOND, stays, _hindrance(store, probe, overwrite, stays))


def _hindrance(store: Store, probe: Probe | None, overwrite: bool, stays: int) -> str:
    if store.path is None or probe is None:
        return "the store is on a server"
    if probe.client() != 0:
        return "another program has the store open, or it cannot be known"
    if overwrite:
        return "what goes is to be overwritten with zeros"
    if store.catalog.triggered():
        return "a deletion sets something in motion"
    if any(space.short_of(store.path, stays)):
        return "the disk has not the room"
    return anew.hindrance(store.connection)  # type: ignore[arg-type]


@dataclass
class _Found:
    """What the guards of all batches found: rows that go by table, and the state of the store that they saw."""

    rows: Counter[str] = field(default_factory=Counter)
    state: int | None = None


def write(run: _Carrier, probe: Probe, told: Callable[[str], object]) -> dict[str, int] | None:
    """Write the store of a prepared run anew without what its guards let go; the rows that went, by table. None where
    it is as it was; `told` hears why."""
    store, pins = run.store, set(run.pins())
    found = _Found()

    def sure(last: bool) -> None:
        if store.on.changes(store.connection) != found.state:
            raise Unlike("it was changed meanwhile")
        if probe.client() != 0:
            raise Unlike("another program has opened it")
        if last and set(run.pins()) != pins:  # to ask takes longer, and what was asked before would not count
            raise Unlike("a session was pinned meanwhile")

    store.once("cascade/work_anew")
    try:
        if why := _hindrance(store, probe, run.script.overwrite, 0):  # as it is now, after a question and an export
            raise Unlike(why)
        assert store.path
        with anew.beside(store.connection, temporary_folder()) as new:  # type: ignore[arg-type]
            store.engine_run("begin_read")
            _choose(run, found)
            _copy(store, found)
            store.engine_run("commit")
            anew.finish(store.connection, new)  # type: ignore[arg-type]
            _switch(run, new, sure)
    except (Unlike, OSError, ValueError, store.on.Error) as error:
        store.roll_back()
        told(str(error))
        store.run("cascade/leaving_none")
        run.relist()
        return None
    return {owned.name: rows for owned in store.catalog.owned if (rows := found.rows[owned.name])}


def _choose(run: _Carrier, found: _Found) -> None:
    """Have the guard choose, in one reading of the store, for as many batches at a time as may be. Its statements are
    run one by one: a call of its procedure would take the write lock, as the deletions are called in the same way."""
    store, script = run.store, run.script
    rule = Rule(script.engine, store.catalog, True, store.on.is_modern())
    if store.on.catalog(store.connection) != store.catalog:
        raise Unlike("its tables were changed meanwhile")
    found.state = store.on.changes(store.connection)
    run.keep()
    for first, turn in _together(script):
        store.run("cascade/together", {"first": first, "last": turn.batch})
        for sql in (turn.text, *(one.sql for one in rule.bodies[GUARD])):
            store.on.execute(store.connection, sql)
        if run.look:
            run.look.whole()
        found.rows.update({name: int(tally) for name, tally in store.rows("cascade/leaving_rows")})
        if store.catalog.has("event"):
            found.rows["event"] += store.one("cascade/leaving_log")[0]
        store.run("cascade/leaving")
        store.run("cascade/batch_none")
    if not any(found.rows.values()):
        raise Unlike("nothing of it may go")


def _together(script: Script) -> Iterator[tuple[int, Turn]]:
    """Turns that stand for several batches each, with the number of the first; the events of a slice go with its
    batch."""
    sessions = Counter(line.batch for line in script.lines)
    first, listed = 0, 0
    for turn, after in pairwise((*(one for one in script.turns if not one.slice), None)):
        assert turn
        first, listed = first or turn.batch, listed + sessions[turn.batch]
        if after is None or listed + sessions[after.batch] > SESSIONS:
            yield first, turn
            first = listed = 0


def _copy(store: Store, found: _Found) -> None:
    """Copy what stays, and hold it against the store: no row may lack but those that the guards counted, and every row
    that stays must be the same in both files."""
    store.told("Writing what stays anew")
    columns = store.catalog.columns
    anew.fill(store.connection, columns, store.catalog.owned)  # type: ignore[arg-type]
    for table, names in columns.items():
        rows = anew.kept(store.connection, table, names)  # type: ignore[arg-type]
        gone = found.rows.get(table, 0)
        if rows.before - rows.after != gone or rows.same != rows.after:
            raise Unlike(f"of {many(rows.before, 'row')} of {table}, {gone:,} were to go and {rows.after:,} came out, "
                         f"{rows.same:,} of them the same")


def _switch(run: _Carrier, new: object, sure: Callable[[bool], None]) -> None:
    """Put the new file in its place; what stops that is raised unless the store has been switched already."""
    store = run.store
    store.told("Putting it in the place of the store")
    state = store.on.changes(store.connection)
    try:
        anew.switch(new, store.path, sure)  # type: ignore[arg-type]
    except BaseException:
        if store.on.changes(store.connection) == state or store.one("cascade/leaving_left")[0]:
            raise
