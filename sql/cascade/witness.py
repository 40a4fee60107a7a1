"""What goes is what was exported: the rows of the file, as they were read back from it, held against those that are
about to be deleted, in the transaction that deletes them."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ..catalog import Catalog, Owned
from ..store import Store, text_of
from ..transfer.read_back import ROUND, Summed, Total, row_mark
from ..transfer.session_rows import HUGE, as_it_is, in_slices, with_huge
from .plan_file import Script


def asked(script: Script, catalog: Catalog) -> Summed:
    """What is to be summed up of the script's sessions where they are read back."""
    return Summed({owned.name: owned.columns for owned in catalog.owned},
                  [owned.name for owned in catalog.owned if owned.log], _cuts(script))


def _cuts(script: Script) -> dict[str, tuple[list[int], list[int]]]:
    """For each session whose log goes ahead: up to which event each slice goes, and the slices' numbers."""
    batches: dict[int, list[tuple[int, int]]] = {}
    for cut in script.slices:
        batches.setdefault(cut.batch, []).append((cut.through or 0, cut.slice))
    found = {batch: ([through for through, _ in sorted(cuts)], [number for _, number in sorted(cuts)])
             for batch, cuts in batches.items()}
    return {line.id: found[line.batch] for line in script.lines if line.batch in found}


@dataclass
class Look:
    """The last look at the rows that go: `early`, before a batch's transaction, so that the write lock is not held
    while they are read, and `late`, in it, once the guard has chosen what may go; `whole`: the same where all rows of
    a batch are there still, its event logs among them."""

    early: Callable[[int], None]
    late: Callable[[], None]
    whole: Callable[[], None]


def looking(store: Store, script: Script, sums: Iterable[Total]) -> Look:
    """A look that spares each unit of which a row is not what was exported.

    The late one reads again only where the early one found something, where the store was changed by somebody else in
    between, where an engine does not say whether it was, and for slices of an event log, of which it reads one each.
    """
    sliced, cuts = {cut.batch for cut in script.slices}, _cuts(script)
    changes, exported = store.on.changes, Totals(sums)
    statements = {of_log: [(owned, _statement(store, owned, by_itself, of_log))
                           for owned in store.catalog.owned if owned.log or not of_log
                           for by_itself in ((False, True) if owned.via else (False,))]
                  for of_log in (False, True)}
    sound: tuple[int, int] | None = None  # the batch whose rows are what was exported, and the store's state then

    def otherwise(number: int) -> list[str]:
        return [id for id, total in read(number > 0).items() if exported.of(id, (number,)) != total]

    def read(of_log: bool) -> dict[str, int]:
        found: dict[str, int] = {}
        with store.octets():
            for owned, sql in statements[of_log]:
                width, rows = len(owned.columns), store.on.rows(store.connection, sql)
                for row in with_huge(store, owned, rows, as_it_is) if in_slices(store, owned) else rows:
                    session = str(text_of(row[-1]))
                    found[session] = (found.get(session, 0) + row_mark(owned.name, row[:width])) % ROUND
        return found

    def spare(ids: Iterable[str]) -> None:
        for root in dict.fromkeys(store.one("cascade/unit_of", {"id": id})[0] for id in ids):
            store.run("cascade/spare", {"root_id": root})

    def early(batch: int) -> None:
        nonlocal sound
        sound, now = None, changes(store.connection)
        if now is not None and batch not in sliced:
            store.run("cascade/doomed_batch", {"batch": batch})
            sound = None if otherwise(0) else (batch, now)

    def late() -> None:
        (batch, number) = store.one("cascade/at")
        if sound is None or sound != (batch, changes(store.connection)):
            spare(otherwise(number))

    def whole() -> None:
        spare([id for id, total in read(False).items()
               if exported.of(id, (0, *cuts.get(id, ((), ()))[1])) != total])

    return Look(early, late, whole)


class Totals:
    """What the rows of each session came to, slice by slice, in as little memory as numbers take."""

    def __init__(self, sums: Iterable[Total]):
        keys, totals = array("Q"), array("Q")
        for id, number, total in sums:
            keys.append(_key(id, number))
            totals.append(total)
        order = sorted(range(len(keys)), key=keys.__getitem__)
        self._keys = array("Q", map(keys.__getitem__, order))
        self._totals = array("Q", map(totals.__getitem__, order))

    def of(self, id: str, numbers: Sequence[int]) -> int | None:
        """The sum of some slices of a session; None where nothing is known of any of them, or not for sure."""
        found = [total for number in numbers for total in self._found(_key(id, number))]
        return sum(found) % ROUND if found else None

    def _found(self, key: int) -> array[int]:
        return self._totals[bisect_left(self._keys, key):bisect_right(self._keys, key)]


def _key(id: str, number: int) -> int:
    """A number for a session and a slice. Where two were the same, the sum of both is what no session's rows come to,
    and its unit stays."""
    return int.from_bytes(hashlib.sha256(f"{number} {id}".encode("utf-8", "surrogatepass")).digest()[:8], "big")


def _statement(store: Store, owned: Owned, by_itself: bool, sliced: bool) -> str:
    (statement,) = store.render("cascade/doomed_rows", {"huge": HUGE}, owned=owned, by_itself=by_itself,
                                sliced=sliced, huge=in_slices(store, owned))
    return statement.sql
