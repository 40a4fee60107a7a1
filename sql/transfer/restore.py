"""Bringing sessions back from an export or a copy, byte for byte, whole trees in a transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from ..catalog import ROOTS
from ..refusal import BAD_VALUE, UNSUPPORTED, Refusal
from ..schema.upgrade import Upgrade
from ..store import Store, text_of
from ..words import printable, program
from . import exports_folder
from .compare import Facing, faced, fingerprints
from .copies import Copy, Item
from .folder import Folder
from .opencode_export import read_foreign
from .putting import WAITS, Putting, tree_name
from .reader import Opened, Stored, is_export, read
from .restored import ExportedSession, Restored
from .session_rows import tables
from .spool import groups, is_event, octets, too_big
from .vet import owner_in, vetted, writable

Place = Path | Copy


def contents(place: Place, store: Store | None = None) -> list[ExportedSession]:
    """The sessions of a file, read from front to end; raises `Refusal` for one that is damaged or cut short, or that
    holds what it must not: tables, where a `store` is at hand, that are none of its sessions' included. Those of a copy
    are measured where they lie."""
    if isinstance(place, Copy):
        return place.contents()
    if store:
        store.told("Reading the export")
    found: list[ExportedSession] = []
    opened, size, folder = Opened("", None, None, False), 0, ""
    for item in _rows(place, store):
        if isinstance(item, Opened):
            opened, size, folder = item, 0, ""
        elif isinstance(item, Stored):
            size += 0 if is_event(item) else octets(item.values)
            if item.table in ROOTS and isinstance(own := item.values.get("directory"), (str, bytearray)):
                folder = str(text_of(own))
        else:
            found.append(ExportedSession(opened.session, opened.unit, item.title, item.active, item.rows,
                                         item.importable, tuple(item.lost), opened.redacted, size, folder))
        del item  # before the next is read: a row may be huge
    return found


def _rows(path: Path, store: Store | None = None) -> Iterator[Item]:
    items = read(path) if is_export(path) else read_foreign(path)
    return _vetted(items, path, store) if store else vetted(items, path)


def _vetted(items: Iterable[Item], place: Place, store: Store) -> Iterator[Item]:
    return vetted(items, place, writable(store, tables(store)), owner_in(store))


@contextmanager
def _chosen(place: Place, units: Collection[str | None], store: Store) -> Iterator[Iterator[Item]]:
    """What belongs to these trees. A file was looked at as a whole by then; a copy is, while it is read, and what stops
    that ends the transaction there."""
    if not isinstance(place, Copy):
        yield _of(units, _rows(place))
    else:
        with closing(place.items(units, store)) as items:
            yield _vetted(items, place, store)


def chosen(held: list[ExportedSession], session: str | None, path: Place) -> list[ExportedSession]:
    """All sessions, or those of the tree that one is in."""
    if session is None:
        return held
    units = {one.unit for one in held if one.session == session}
    if not units:
        raise Refusal(f"{printable(session)} is not in {path}; `{program()} restore {path} --list` shows what is.",
                      BAD_VALUE)
    return [one for one in held if one.unit in units]


def restore(store: Store, path: Place, wanted: Collection[ExportedSession] | None = None, into: str | None = None,
            way: Mapping[str | None, Mapping[str, int]] | None = None,
            progress: Callable[[int, int], object] = lambda done, of: None,
            done: Restored | None = None, folder: Folder | None = None) -> Restored:
    """Put the sessions of a file back, or those wanted of them, a tree or several small ones in a transaction.

    The whole file is read and held against its digests before the first row is written; of a copy each tree is read
    before it is. A tree of which the store has other rows stays as it is and is told in `stayed`, and all others come.
    `way` names trees, and of each the sessions that make way for it, by the fingerprint of what was exported of them.
    `done` is filled in as trees come. `into` is another project for them, `folder` another folder.
    Raises `Refusal`: 1 for a damaged file, 64 for a redacted one, 78 for tables that the store does not have.
    """
    store.refuse_migration()
    wanted = contents(path, store) if wanted is None else wanted
    refuse_unfit(store, wanted, path)
    store.engine_ready("restore_open")
    back = Putting(store, way or {}, into, folder)
    back.ours = _ours(path)
    done = Restored(path) if done is None else done
    waiting = too_big(wanted) if store.pace.client() else set()
    done.stayed |= dict.fromkeys(map(tree_name, waiting), WAITS)
    units = {one.unit for one in wanted} - waiting
    with _chosen(path, units, store) as items:
        for group in groups(items if units else ()):
            back.bring(group, done)
            progress(len(done.sessions), len(wanted))
    return done


def _ours(place: Place) -> bool:
    """Whether the commands of a project, which the client runs, come along: from a file in our own folder, and from a
    copy that is brought back whole."""
    return place.whole if isinstance(place, Copy) else exports_folder.folder().resolve() == place.resolve().parent


def _of(units: Collection[str | None], items: Iterable[Item]) -> Iterator[Item]:
    """Only what belongs to these trees."""
    for item in items:
        if isinstance(item, Opened):
            skipping = item.unit not in units
        if not skipping:
            yield item
        del item  # before the next is read: a row may be huge


def stored(path: Path) -> dict[str, int]:
    """The fingerprint of each session of a file."""
    return fingerprints(_rows(path))


def compare(store: Store, path: Place, wanted: Collection[ExportedSession], into: str | None = None,
            folder: Folder | None = None) -> list[Facing]:
    """The wanted sessions of a file beside what the store has of them."""
    refuse_unfit(store, wanted, path)
    units, back = {one.unit for one in wanted}, Putting(store, {}, into, folder)
    with _chosen(path, units, store) as items:
        return list(faced(store, items, back.shaped, lambda item: item.unit in units))


def refuse_unfit(store: Store, held: Collection[ExportedSession], path: Place) -> None:
    """Raise `Refusal` for a file that is redacted (64), or of tables that the store has not (78)."""
    if any(one.redacted for one in held):
        raise Refusal(f"{path} is redacted: it was made to be shown, and cannot be restored.", BAD_VALUE)
    upgrade = Upgrade(store.catalog)
    missing = sorted({table for one in held for table in one.rows
                      if not store.catalog.has(table) and not upgrade.knows_gone(table)})
    if "session" in missing and store.catalog.has("session_v2"):
        raise Refusal(f"{path} holds sessions of client 1.x, and {store.name} has only the tables of 2.x: take an "
                      "element out of the array into a file of its own, and `opencode import` it.", UNSUPPORTED)
    if missing:
        raise Refusal(f"{path} holds rows of table {printable(missing[0])}, which {store.name} does not have; restore "
                      "it into a store of the same client version.", UNSUPPORTED)
