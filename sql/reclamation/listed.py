"""What a reclamation will change, held against what its file of originals has of it: as sets of keys, in little memory.

Every kind has its list; a row that changed since is struck off before it is exported, so that list and file agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..store import Store, text_of

ROUND = 1 << 64
ListName = tuple[str, str, str]  # kind, table, column


@dataclass
class Keys:
    """Keys of rows, each as often as it came: how many there are and the sum of what a run hashes them to."""

    tally: int = 0
    total: int = 0

    def add(self, key: object, times: int = 1) -> None:
        key = text_of(key)
        self.tally += times
        self.total = (self.total + times * hash((type(key), key))) % ROUND


@dataclass
class Saved:
    """The keys that a file of originals has, by kind, table and column; those of events by the number of their log."""

    lists: dict[ListName, Keys] = field(default_factory=lambda: defaultdict(Keys))
    logs: dict[int, Keys] = field(default_factory=lambda: defaultdict(Keys))

    def lacks(self, store: Store, places: list[ListName]) -> str:
        """The first table of which a list names rows that the file does not have, '' if there is none."""
        return next((table for kind, table, column in places
                     if _keys(listed(store, kind, table, column)) != self.lists[kind, table, column]), "")

    def strike(self, store: Store) -> None:
        """Off the list of events go the logs of which others are in the file than it names."""
        found: dict[int, Keys] = defaultdict(Keys)
        for number, id in store.rows("reclamation/listed_events"):
            found[number].add(id)
        for number, keys in found.items():
            if keys != self.logs.get(number):
                store.run("reclamation/strike_log", {"number": number})


def _keys(rows: Iterator[tuple[object, int]]) -> Keys:
    found = Keys()
    for key, times in rows:
        found.add(key, int(times))
    return found


def listed(store: Store, kind: str, table: str, column: str) -> Iterator[tuple[object, int]]:
    """The keys of the rows that the list at hand names, and how many rows each stands for."""
    if kind == "leftovers":
        yield from ((key, 1) for (key,) in store.rows("reclamation/originals_leftovers", table=table,
                                                      columns=[key_of(store, table)]))
    elif kind == "orphans":
        yield from store.rows("reclamation/listed_orphans", {"name": table})
    else:
        yield from store.rows("reclamation/listed_target", {"kind": kind, "name": table, "field": column})


def key_of(store: Store, table: str) -> str:
    """The column by which an export names a row that it holds whole: its id, or its session's where it has none."""
    (owner,) = (one for one in store.catalog.owned if one.name == table)
    return "id" if "id" in owner.columns else owner.key
