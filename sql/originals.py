"""Original values of rows that a reclamation changes: written and read back before, brought back by `undo`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from . import attachments, exports, leftovers, reclaim, valuefile
from .apply import cause, let_go, refuse_migration
from .files import flush
from .reclaim import BATCH_BYTES, BATCH_ROWS, EDITS, Forecast
from .refusal import BAD_VALUE, FAILED, UNFINISHED, Refusal
from .store import Store, text_of
from .valuefile import Original
from .words import printable


@dataclass
class Returned:
    """What `undo` did: rows that have their original value again, rows that had it already, and rows that had changed
    since."""

    rows: dict[str, int]
    there: int = 0
    changed: int = 0


def place_of(export: str | None, moment: int) -> Path:
    """The file to write: the one asked for, or a new one among our exports; refuses to write over another."""
    if export:
        path = Path(export).expanduser()
    else:
        stamp = datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y%m%d-%H%M%S-%f")[:19]
        path = exports.folder() / f"reclaim-{stamp}.originals.zst"
    if path.exists():
        raise Refusal(f"--export={path}: the file exists already; name a new one.", BAD_VALUE)
    return path


def write(store: Store, plan: Forecast, path: Path) -> int:
    """Write the values that the forecast's batches will change, flush and read them back; the number of them.

    Raises `Refusal` 1 when the file cannot be written or does not read as written; nothing was changed then.
    """
    part = path.with_name(path.name + ".part")
    try:
        facts = {"store": store.name, "layout": store.catalog.layout, "kinds": list(plan.wish.kinds)}
        written = valuefile.write(part, facts, _originals(store, plan))
        if valuefile.verify(part) != written:
            raise Refusal(f"The export {path} does not read as it was written; nothing was changed.", FAILED)
        part.replace(path)
        flush(path.parent)
    except OSError as error:
        raise Refusal(f"The export {path} cannot be written ({error.strerror}); nothing was changed.",
                      FAILED) from None
    finally:
        part.unlink(missing_ok=True)
    return written[0]


def _originals(store: Store, plan: Forecast) -> Iterator[Original]:
    lists = dict.fromkeys((b.kind, b.table, b.column) for b in plan.batches if b.kind in reclaim.LOSSY)
    for kind, table, column in reversed(lists):  # what changed last comes back first
        if kind == "leftovers":
            yield from (Original(kind, *whose, row.encode()) for *whose, row in leftovers.originals(store))
            continue
        values = {"kind": kind, "name": table, "field": column}
        eased = kind if kind in reclaim.OF_MESSAGES else ""
        with store.octets():
            for id, value in store.rows("reclamation/originals", values, table=table, field=column, eased=eased):
                yield Original(kind, table, column, text_of(id), value.encode() if isinstance(value, str) else value)


def bring_back(store: Store, path: Path) -> Returned:
    """Put every original value back where its row still holds what the reclamation made of it.

    The file is verified whole before the first change. Raises `Refusal` 1 for a damaged file, 3 when it stopped
    with work left: running it again finishes.
    """
    if not path.is_file():
        raise Refusal(f"There is no export at {path}.", BAD_VALUE)
    valuefile.verify(path)
    for name in ("work", "work_attachments", "work_undo"):
        store.run(f"reclamation/{name}")
    store.engine_ready("ready_content")
    done, made = Returned({}), set()
    try:
        for group in _groups(path):
            if group[0].kind == "leftovers":
                _put_rows_back(store, group, done, made)
            else:
                _put_back(store, group, done)
    except store.on.Error as error:
        let_go(store)
        if not done.rows:
            raise
        raise Refusal(f"Stopped with work left: {cause(store, error)}. Run it again to finish.",
                      UNFINISHED) from None
    return done


def _groups(path: Path) -> Iterator[list[Original]]:
    """Values of one column, as many as a short transaction takes."""
    group: list[Original] = []
    size = 0
    for held in valuefile.read(path):
        other = group and (held.kind, held.table, held.column) != (group[0].kind, group[0].table, group[0].column)
        if group and (other or len(group) == BATCH_ROWS or size + held.octets > BATCH_BYTES):
            yield group
            group, size = [], 0
        group.append(held.take())
        size += held.octets
    if group:
        yield group


def _put_back(store: Store, group: list[Original], done: Returned) -> None:
    kind, table, column = group[0].kind, group[0].table, group[0].column
    change = EDITS.get((kind, table, column))
    if change is None or not store.catalog.has(table, column):
        raise Refusal(f"The export holds values of {printable(table)}.{printable(column)}, and this store has no such "
                      "column to put them in.", FAILED)
    number = len(group)
    store.engine_run("begin")
    refuse_migration(store)
    store.run("reclamation/undo_none")
    store.on.write(store.connection, "lc_original", ("id", "value"), _handed_over(store, group))
    if kind == "attachments":
        attachments.become(store, table)
    (there,) = store.one("reclamation/undo_there", table=table, field=column)
    rows = store.run("reclamation/undo_chosen", table=table, field=column, edit=change.rule)
    store.run("reclamation/undo", table=table, field=column)
    store.engine_run("commit")
    done.rows[table] = done.rows.get(table, 0) + rows
    done.there += there
    done.changed += number - rows - there


def _put_rows_back(store: Store, group: list[Original], done: Returned, made: set[str]) -> None:
    table = group[0].table
    if not store.catalog.has(table):
        raise Refusal(f"The export holds rows of {printable(table)}, and this store has no such table.", FAILED)
    store.engine_run("begin")
    rows = leftovers.put_back(store, table, [one.value for one in group], made)
    store.engine_run("commit")
    done.rows[table] = done.rows.get(table, 0) + rows
    done.there += len(group) - rows


def _handed_over(store: Store, group: list[Original]) -> Iterator[tuple]:
    """Ids and values of a group as the engine is handed a text, each let go of once it is written."""
    while group:
        one = group.pop()
        yield one.id, one.value if store.path else one.value.decode()
