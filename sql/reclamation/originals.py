"""Original values of rows that a reclamation changes: written and read back before, brought back by `undo`."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..cascade.execute import cause, let_go, refuse_migration
from ..files import new_file
from ..history import NOT_AGAIN
from ..pace import TooLong, insist
from ..refusal import BAD_VALUE, FAILED, UNFINISHED, Refusal
from ..store import Store, text_of
from ..words import printable
from . import attachments, forecast, leftovers, originals_file, stray_files
from .forecast import EDITS, MB, Forecast
from .originals_file import Original

BATCH_BYTES = 2 * MB      # what comes back takes twice as long as what went
BATCH_ROWS = 500


@dataclass
class Returned:
    """What `undo` did: rows that have their original value again, rows that had it already, and rows that are gone or
    had changed since. `kinds` are those that changed the rows, `stood` the rows that had it, as `spelled` has them."""

    rows: dict[str, int]
    there: int = 0
    changed: int = 0
    kinds: set[str] = field(default_factory=set)
    stood: set[str] = field(default_factory=set)


def write(store: Store, plan: Forecast, path: Path) -> int:
    """Write the values that the forecast's batches will change, flush and read them back; the number of them.

    Raises `Refusal` 1 when the file cannot be written or does not read as written; nothing was changed then.
    """
    facts = {"store": store.name, "layout": store.catalog.layout, "kinds": list(plan.wish.kinds)}
    with new_file(path, "The export") as file:
        written = originals_file.write(file, facts, _originals(store, plan))
        file.flush()
        os.fsync(file.fileno())
        if originals_file.verify(Path(file.name)) != written:
            raise Refusal(f"The export {path} does not read as it was written; nothing was changed.", FAILED)
    return written[0]


def _originals(store: Store, plan: Forecast) -> Iterator[Original]:
    yield from stray_files.originals(store, plan.beside)
    lists = dict.fromkeys((b.kind, b.table, b.column) for b in plan.batches if b.kind in forecast.LOSSY)
    for kind, table, column in reversed(lists):  # what changed last comes back first
        if kind == "leftovers":
            yield from (Original(kind, *whose, row.encode()) for *whose, row in leftovers.originals(store))
            continue
        values = {"kind": kind, "name": table, "field": column}
        eased = kind if kind in forecast.OF_MESSAGES else ""
        with store.octets():
            for id, value in store.rows("reclamation/originals", values, table=table, field=column, eased=eased):
                yield Original(kind, table, column, text_of(id), value.encode() if isinstance(value, str) else value)


def bring_back(store: Store, path: Path, done: Returned | None = None) -> Returned:
    """Put every original value back where its row still holds what the reclamation made of it.

    The file is verified whole before the first change. Raises `Refusal` 1 for a damaged file, 3 when it stopped
    with work left: running it again finishes. `done` is filled in as rows come back.
    """
    done, made = Returned({}) if done is None else done, set()
    _ready(store, path)

    def put(group: list[Original]) -> None:
        if group[0].kind == stray_files.KIND:
            _put_files_back(store, group, done)
        elif group[0].kind == "leftovers":
            _put_rows_back(store, group, done, made)
        else:
            _put_back(store, group, done)

    _each(store, path, done, put)
    return done


def _put_files_back(store: Store, group: list[Original], done: Returned) -> None:
    """Files beside the store, each where nothing is now."""
    for one in group:
        written = stray_files.put_back(store, one)
        done.kinds.add(one.kind)
        done.rows["files"] = done.rows.get("files", 0) + written
        done.there += not written


def reduce_again(store: Store, path: Path, stood: Collection[str], done: Returned) -> None:
    """Shrink the values once more that an undo brought back, but for the rows that it found as they were.

    A value that has changed since stays. Raises what `bring_back` raises.
    """
    _ready(store, path)
    for _ in EDITS:  # a row of several kinds comes back in turns, and goes in turns
        before = sum(done.rows.values())
        _each(store, path, done, lambda group: _shrink(store, group, stood, done))
        if sum(done.rows.values()) == before:
            break


def contents(path: Path) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Values and octets of each kind, table and column in a file; raises `Refusal` 1 for a damaged one."""
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for held in originals_file.read(path):
        values, octets = found.get((held.kind, held.table, held.column), (0, 0))
        found[held.kind, held.table, held.column] = values + 1, octets + held.octets
    return found


def _ready(store: Store, path: Path) -> None:
    if not path.is_file():
        raise Refusal(f"There is no export at {path}.", BAD_VALUE)
    _vet(store, path)
    for name in ("work", "work_attachments", "work_undo"):
        store.once(f"reclamation/{name}")
    store.engine_ready("ready_content")


def _vet(store: Store, path: Path) -> None:
    """Hold the whole file against its digests, and every value against what a reclamation takes."""
    rows, place, ids = None, None, set()
    for held in originals_file.read(path):
        if held.kind == "leftovers":
            rows = rows or leftovers.Vet(store, path)
            rows.look(held.table, held.take().value)
        elif held.kind == stray_files.KIND:
            stray_files.refuse_other(store, held)
        else:
            if place != (held.kind, held.table, held.column):
                _rule(store, held)
                place, ids = (held.kind, held.table, held.column), set()
            if hash(held.id) in ids:
                raise Refusal(f"{printable(path, 500)} holds the value of {printable(held.id)} twice; nothing of it "
                              "was put back.", FAILED)
            ids.add(hash(held.id))
    if rows:
        rows.end()


def _each(store: Store, path: Path, done: Returned, put: Callable[[list[Original]], object]) -> None:
    try:
        for group in _groups(path):
            _in_pieces(group, put)
    except store.on.Error as error:
        let_go(store)
        if not done.rows:
            raise
        raise Refusal(f"Stopped with work left: {cause(store, error)}. Run it again to finish.",
                      UNFINISHED) from None


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


def _rule(store: Store, one: Original | originals_file.Held | originals_file.HeldInLine) -> str:
    """The rule that says what an original became; raises `Refusal` 1 for a column that is not there."""
    change = EDITS.get((one.kind, one.table, one.column))
    if change is None or not store.catalog.has(one.table, one.column):
        raise Refusal(f"The export holds values of {printable(one.table)}.{printable(one.column)}, and this store has "
                      "no such column to put them in.", FAILED)
    return change.rule


def _put_back(store: Store, group: list[Original], done: Returned) -> None:
    kind, table, column = group[0].kind, group[0].table, group[0].column
    rule, number = _rule(store, group[0]), len(group)
    _hand_over(store, group)

    def change() -> None:
        nonlocal stood, rows
        with store.transaction():
            refuse_migration(store)
            if kind == "attachments":
                attachments.become(store, table)
            stood = [spelled(kind, table, column, id) for (id,) in
                     store.rows("reclamation/undo_standing", table=table, field=column)]
            rows = store.run("reclamation/undo_chosen", table=table, field=column, edit=rule)
            store.run("reclamation/undo", table=table, field=column)

    stood, rows = [], 0
    _at_once(change, number)
    done.rows[table] = done.rows.get(table, 0) + rows
    done.kinds |= {kind} if rows else set()
    done.stood.update(stood)
    done.there += len(stood)
    done.changed += number - rows - len(stood)


def _shrink(store: Store, group: list[Original], stood: Collection[str], done: Returned) -> None:
    kind, table, column = group[0].kind, group[0].table, group[0].column
    group = [one for one in group if kind not in NOT_AGAIN and spelled(kind, table, column, one.id) not in stood]
    if not group:
        return
    rule, number = _rule(store, group[0]), len(group)
    _hand_over(store, group)

    def change() -> None:
        nonlocal rows
        with store.transaction():
            refuse_migration(store)
            rows = store.run("reclamation/redo_chosen", table=table, field=column)
            store.run("reclamation/redo", table=table, field=column, edit=rule)

    rows = 0
    _at_once(change, number)
    done.rows[table] = done.rows.get(table, 0) + rows
    done.kinds |= {kind} if rows else set()


def spelled(kind: str, table: str, column: str, id: object) -> str:
    """A value's place as the history keeps it."""
    return f"{kind} {table} {column} {id if isinstance(id, str) else repr(text_of(id))}"


def _put_rows_back(store: Store, group: list[Original], done: Returned, made: set[str]) -> None:
    table = group[0].table
    if not store.catalog.has(table):
        raise Refusal(f"The export holds rows of {printable(table)}, and this store has no such table.", FAILED)

    def change() -> None:
        nonlocal rows
        before = set(made)
        try:
            with store.transaction():
                rows = leftovers.put_back(store, table, [one.value for one in group], made)
        except BaseException:  # a work table made in it went with it
            made.intersection_update(before)
            raise

    rows = 0
    _at_once(change, len(group))
    done.rows[table] = done.rows.get(table, 0) + rows
    done.kinds.add("leftovers")
    done.there += len(group) - rows


def _hand_over(store: Store, group: list[Original]) -> None:
    store.run("reclamation/undo_none")
    store.on.write(store.connection, "lc_original", ("id", "value"), _handed_over(store, group))


def _handed_over(store: Store, group: list[Original]) -> Iterator[tuple]:
    """Ids and values of a group as the engine is handed a text, each let go of once it is written."""
    while group:
        one = group.pop()
        yield one.id, one.value if store.path else one.value.decode()
