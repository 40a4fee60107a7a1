"""Original values of rows that a reclamation changes: written and read back before, brought back by `undo`."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ..engines.spooled import whole as entire
from ..files import new_file
from ..pace import TooLong, insist
from ..refusal import BAD_VALUE, FAILED, Refusal
from ..store import Store, text_of
from ..transfer import export
from ..transfer.session_rows import HUGE
from ..words import printable
from . import attachments, huge_originals, leftovers, originals_file, stray_files, whole
from .forecast import MB, Forecast
from .huge_originals import NotInSlices
from .kinds import EDITS, KINDS, back
from .listed import ListName, Saved
from .originals_file import Original, StoredValue, StoredValueInLine

BATCH_BYTES = 2 * MB      # what comes back takes twice as long as what went
BATCH_ROWS = 500


@dataclass
class OriginalsRestored:
    """What `undo` did: rows that have their original value again, rows that had it already, and rows that are gone or
    had changed since. `kinds` are those that changed the rows, `stood` the rows that had it, as `spelled` has them;
    `apart` are sessions whose rows the store cannot take, and why; `stopped` says what stopped it half way."""

    rows: dict[str, int]
    there: int = 0
    changed: int = 0
    kinds: set[str] = field(default_factory=set)
    stood: set[str] = field(default_factory=set)
    apart: dict[str, str] = field(default_factory=dict)
    stopped: str = ""


def write(store: Store, plan: Forecast, path: Path) -> None:
    """Write the values that the forecast's batches will change, flush and read them back.

    Raises `Refusal` 1 when the file cannot be written, does not read as written, or lacks a row that a batch would
    change; nothing was changed then.
    """
    export.refuse_without_room(path, sum(gain["bytes"] for gain in plan.gains.values()), "changed")
    saved = Saved()
    facts = {"store": store.name, "layout": store.catalog.layout, "kinds": list(plan.request.kinds)}
    with new_file(path, "The export") as file:
        written = originals_file.write(file, facts, _originals(store, plan, saved))
        store.told("Reading the export back")
        file.flush()
        os.fsync(file.fileno())
        if originals_file.verify(Path(file.name)) != written:
            raise Refusal(f"The export {path} does not read as it was written; nothing was changed.", FAILED)
        if table := saved.lacks(store, [place for place in _places(store, plan) if place[0] != "events"]):
            raise Refusal(f"Rows of {table} changed while they were exported; nothing was changed, run it again.",
                          FAILED)


def _places(store: Store, plan: Forecast) -> list[ListName]:
    """The lists of the forecast in the order in which they come back: what changed last comes back first."""
    found: dict[ListName, None] = {}
    for batch in reversed(plan.batches):
        tables = leftovers.there(store) if batch.kind == "leftovers" else [batch.table]
        found |= {(batch.kind, table, batch.column): None for table in tables}
    return list(found)


def _originals(store: Store, plan: Forecast, saved: Saved) -> Iterator[Original]:
    yield from stray_files.originals(store, plan.beside)
    for place in _places(store, plan):
        if place[0] == "events":
            yield from _events(store, saved)
            continue
        keys = saved.lists[place]
        for key, one in _of_list(store, plan, *place):
            keys.add(key)
            yield one


def _events(store: Store, saved: Saved) -> Iterator[Original]:
    """The events that go; off the list go those of a log of which others were there to be written."""
    for log, key, one in whole.events(store):
        saved.logs[log].add(key)
        yield one
    saved.strike(store)


def _of_list(store: Store, plan: Forecast, kind: str, table: str, column: str) -> Iterator[tuple[object, Original]]:
    """What a list names, each with its key; what has changed since it was made is struck off it before."""
    if kind == "leftovers":
        yield from whole.leftovers(store, table)
        return
    if kind == "orphans":
        store.run("reclamation/strike_orphans", plan.request.values | {"name": table}, table=table)
        yield from whole.orphans(store, plan.request, table)
        return
    values = {"kind": kind, "name": table, "field": column}
    structure = {"table": table, "field": column, "eased": kind if KINDS[kind].find_v2 else ""}
    store.run("reclamation/strike_changed", values, **structure)
    sliced = table == "part" and store.on.sliceable(store.connection)
    with store.octets():
        for id, value in store.rows("reclamation/originals", values | {"huge": HUGE}, sliced=sliced, **structure):
            octets = value.encode() if isinstance(value, str) else value
            if octets is None and sliced:
                octets = store.on.slices(store.connection, table, column, id)
                if octets is None:  # gone since: what lacks it is refused below
                    continue
            name = text_of(id)
            own = name if isinstance(name, (str, bytes)) else str(name)
            yield id, Original(kind, table, column, own, octets)


def bring_back(store: Store, path: Path, done: OriginalsRestored | None = None) -> OriginalsRestored:
    """Put every original value back where its row still holds what the reclamation made of it.

    The file is verified whole before the first change. Raises `Refusal` 1 for a damaged file. `done` is filled in as
    rows come back; where something stops it half way, running it again finishes.
    """
    done, work = OriginalsRestored({}) if done is None else done, whole.MergeTables()
    others = _ready(store, path)
    done.apart = {session: why for session, why in others.items() if why}
    store.engine_ready("restore_open")  # orphans had no owner when they went, either

    def put(group: list[Original]) -> None:
        if back(group[0].kind) == "files":
            _put_files_back(store, group, done)
        elif back(group[0].kind) == "rows":
            _put_rows_back(store, _fitting(group, others), len(group), done, work)
        else:
            _put_back(store, group, done)

    _each(store, path, done, put)
    return done


def _put_files_back(store: Store, group: list[Original], done: OriginalsRestored) -> None:
    """Files beside the store, each where nothing is now."""
    for one in group:
        written = stray_files.put_back(store, one)
        done.kinds.add(one.kind)
        done.rows["files"] = done.rows.get("files", 0) + written
        done.there += not written


def reduce_again(store: Store, path: Path, stood: Collection[str], done: OriginalsRestored) -> None:
    """Shrink the values once more that an undo brought back, but for the rows that it found as they were.

    A value that has changed since stays. Raises what `bring_back` raises.
    """
    _ready(store, path)
    for _ in EDITS:  # a row of several kinds comes back in turns, and goes in turns
        before = sum(done.rows.values())
        _each(store, path, done, lambda group: _shrink(store, group, stood, done))
        if done.stopped or sum(done.rows.values()) == before:
            break


def contents(path: Path) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Values and octets of each kind, table and column in a file; raises `Refusal` 1 for a damaged one."""
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for held in originals_file.read(path):
        values, octets = found.get((held.kind, held.table, held.column), (0, 0))
        found[held.kind, held.table, held.column] = values + 1, octets + held.octets
    return found


def _ready(store: Store, path: Path) -> dict[str, str]:
    if not path.is_file():
        raise Refusal(f"There is no export at {path}.", BAD_VALUE)
    others = _vet(store, path)
    for name in ("work", "work_attachments", "work_undo"):
        store.once(f"reclamation/{name}")
    store.engine_ready("ready_content")
    return others


def _vet(store: Store, path: Path) -> dict[str, str]:
    """Hold the whole file against its digests, and every value against what a reclamation takes; leftovers of which
    sessions stay out, and why."""
    store.told("Reading the export")
    rows: dict[str, whole.RowVet] = {}
    place: ListName | None = None
    ids: set[int] = set()
    for held in originals_file.read(path):
        if back(held.kind) == "rows":
            if held.kind not in rows:
                rows[held.kind] = _row_vet(store, path, held.kind)
            rows[held.kind].look(held.table, entire(held.take().value))
        elif back(held.kind) == "files":
            stray_files.refuse_other(store, held)
        else:
            if place != (held.kind, held.table, held.column):
                _rule(store, held)
                place, ids = (held.kind, held.table, held.column), set()
            own = hash((type(held.id), held.id))  # the hash of a text is that of its octets
            if own in ids:
                raise Refusal(f"{printable(path, 500)} holds the value of {printable(held.id)} twice; nothing of it "
                              "was put back.", FAILED)
            ids.add(own)
    of_leftovers = rows.get("leftovers")
    return of_leftovers.end() if isinstance(of_leftovers, leftovers.LeftoverVet) else {}


def _fitting(group: list[Original], others: Collection[str]) -> list[Original]:
    """Without the rows of sessions that stay out."""
    if group[0].kind != "leftovers" or not others:
        return group
    return [one for one in group if leftovers.session_of(one.table, whole.row_of(one)) not in others]


def _row_vet(store: Store, path: Path, kind: str) -> whole.RowVet:
    if kind == "leftovers":
        return leftovers.LeftoverVet(store, path)
    return whole.RowVet(store, path, whole.tables(store, kind))


def _each(store: Store, path: Path, done: OriginalsRestored, put: Callable[[list[Original]], object]) -> None:
    with store.telling(done):
        for group in _groups(path):
            _in_pieces(group, put)


def _in_pieces(group: list[Original], put: Callable[[list[Original]], object]) -> None:
    """A group in one transaction, or in as many as keep no client waiting."""
    try:
        put(list(group) if len(group) > 1 else group)  # what is alone may be large, and is let go of
    except TooLong:
        middle = len(group) // 2
        _in_pieces(group[:middle], put)
        _in_pieces(group[middle:], put)


def _at_once(change: Callable[[], object], rows: int) -> None:
    """One transaction; raises `TooLong` where its rows can be parted, `Refusal` 75 for a single one."""
    if rows == 1:
        insist(change)
    else:
        change()


def _groups(path: Path) -> Iterator[list[Original]]:
    """Values of one column, as many as a short transaction takes."""
    group: list[Original] = []
    size = 0
    for held in originals_file.read(path):
        other = group and (held.kind, held.table, held.column) != (group[0].kind, group[0].table, group[0].column)
        if group and (other or len(group) == BATCH_ROWS or size + held.octets > BATCH_BYTES):
            yield group
            group, size = [], 0
        group.append(held.take())
        size += held.octets
    if group:
        yield group


def _rule(store: Store, one: Original | StoredValue | StoredValueInLine) -> str:
    """The rule that says what an original became; raises `Refusal` 1 for a column that is not there."""
    edit = EDITS.get((one.kind, one.table, one.column))
    if edit is None or not store.catalog.has(one.table, one.column):
        raise Refusal(f"The export holds values of {printable(one.table)}.{printable(one.column)}, and this store has "
                      "no such column to put them in.", FAILED)
    return edit.rule


def _put_back(store: Store, group: list[Original], done: OriginalsRestored) -> None:
    kind, table, column = group[0].kind, group[0].table, group[0].column
    rule, number = _rule(store, group[0]), len(group)
    stood: list[str] = []
    rows = 0
    huge = group[0] if huge_originals.is_one(store, group) else None
    if not huge:
        _hand_over(store, group)

    def change() -> None:
        nonlocal stood, rows
        with store.transaction():
            store.refuse_migration()
            if huge:
                stands, rows = huge_originals.put_back(store, huge, rule)
                stood = [spelled(kind, table, column, huge.id)] if stands else []
                return
            if kind == "attachments":
                attachments.become(store, table)
            stood = [spelled(kind, table, column, id) for (id,) in
                     store.rows("reclamation/undo_standing", table=table, field=column)]
            rows = store.run("reclamation/undo_chosen", table=table, field=column, edit=rule, sliced=False)
            store.run("reclamation/undo", table=table, field=column)

    try:
        _at_once(partial(store.again, change), number)
    except NotInSlices:
        huge = None
        _hand_over(store, group)
        _at_once(partial(store.again, change), number)
    done.rows[table] = done.rows.get(table, 0) + rows
    done.kinds |= {kind} if rows else set()
    done.stood.update(stood)
    done.there += len(stood)
    done.changed += number - rows - len(stood)


def _shrink(store: Store, group: list[Original], stood: Collection[str], done: OriginalsRestored) -> None:
    kind, table, column = group[0].kind, group[0].table, group[0].column
    group = [one for one in group if KINDS[kind].again and spelled(kind, table, column, one.id) not in stood]
    if not group:
        return
    rule, number, rows = _rule(store, group[0]), len(group), 0
    huge = group[0] if huge_originals.is_one(store, group) else None
    if not huge:
        _hand_over(store, group)

    def change() -> None:
        nonlocal rows
        with store.transaction():
            store.refuse_migration()
            if huge:
                rows = huge_originals.shrink(store, huge, rule)
                return
            rows = store.run("reclamation/redo_chosen", table=table, field=column)
            store.run("reclamation/redo", table=table, field=column, edit=rule)

    try:
        _at_once(partial(store.again, change), number)
    except NotInSlices:
        huge = None
        _hand_over(store, group)
        _at_once(partial(store.again, change), number)
    done.rows[table] = done.rows.get(table, 0) + rows
    done.kinds |= {kind} if rows else set()


def spelled(kind: str, table: str, column: str, id: object) -> str:
    """A value's place as the history keeps it."""
    return f"{kind} {table} {column} {id if isinstance(id, str) else repr(text_of(id))}"


def _put_rows_back(store: Store, group: list[Original], number: int, done: OriginalsRestored,
                   work: whole.MergeTables) -> None:
    """Rows of one table, of so many that the file has of it here."""
    if not group:
        done.changed += number
        return
    kind, table = group[0].kind, group[0].table
    rows = there = 0

    def change() -> None:
        nonlocal rows, there
        before = set(work.made)
        try:
            with store.transaction():
                rows, there = whole.put_back(store, kind, table, [entire(one.value) for one in group], work)
        except BaseException:  # a work table made in it went with it
            work.made.intersection_update(before)
            raise

    _at_once(partial(store.again, change), len(group))
    done.rows[table] = done.rows.get(table, 0) + rows
    done.kinds |= {kind} if rows or kind == "leftovers" else set()
    done.there += there
    done.changed += number - rows - there


def _hand_over(store: Store, group: list[Original]) -> None:
    store.run("reclamation/undo_none")
    store.on.write(store.connection, "lc_original", ("id", "value"), _handed_over(store, group))


def _handed_over(store: Store, group: list[Original]) -> Iterator[tuple[str | bytes, str | bytes | bytearray]]:
    """Ids and values of a group as the engine is handed a text, each let go of once it is written."""
    while group:
        one = group.pop()
        value = entire(one.value)
        yield one.id, value if store.path else value.decode()
