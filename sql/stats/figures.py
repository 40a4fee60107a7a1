"""What is in a store: figures from the templates of `stats`, and the warnings that follow from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from ..refusal import Refusal
from ..retention import selection
from ..store import Store, neighbours
from ..unattended import marks
from ..words import DAY, human, json_text, program
from . import looks

AGES = ("0-7 days", "8-30 days", "31-90 days", "91-365 days", "over a year", "unknown")


def gather(store: Store, now: int, top: int, sizes: Sequence[int], origin: str | None = None,
           there: str = "") -> dict[str, object]:
    """The figures of `stats --json` that no text has to be read for: of each row its keys, its times, and from its
    header how long it is. What the last deep look found stands beside them. A size of the file from any of the `sizes`
    on, in octets, is warned of. On a server that holds copies only what `origin` brought counts, or all. The commands
    that warnings name end with `there`, the flag for this store.
    """
    count(store)
    if origin is None:
        return told(store, now, top, sizes, looks.last(store.name), there)
    narrow(store, origin)
    return told(store, now, top, sizes, looks.NONE, there) | {"origin": origin}


def count(store: Store) -> None:
    """Fill the work tables: one pass over each table of the client, of which no text is read."""
    for name in ("schema/work", "retention/usage", "retention/session", "retention/climb_roots"):
        store.run(name)
    selection.climb(store)
    store.run("retention/root")


def narrow(store: Store, origin: str) -> None:
    """Leave in the work tables what an origin brought; raises `Refusal` 64 for one that brought nothing."""
    store.run("stats/of_origin", {"origin": selection.known_origin(store, origin)})


def told(store: Store, now: int, top: int, sizes: Sequence[int], deep: dict[str, object],
         there: str = "") -> dict[str, object]:
    """Every figure of `stats --json` by what the work tables hold, with those of a deep look."""
    tables = list(store.rows("stats/tables"))
    values = {"top": top} | {f"{name}_ago": now - days * DAY
                             for name, days in (("week", 7), ("month", 30), ("quarter", 90), ("year", 365))}
    names = ("total", "root", "child", "archived", "shared", "orphan")
    found = {
        "store": store.name, "engine": store.engine, "layout": store.catalog.layout, "now": now,
        "file": store.on.file_facts(store.connection, store.path),
        "sessions": dict(zip(names, map(int, store.one("stats/sessions")), strict=True)),
        "rows": {name: int(tally) for name, tally, _, _ in tables},
        "bytes": {name: int(octets) for name, _, octets, _ in tables},
        **deep,
        "largest": [{"id": json_text(id), "title": json_text(title), "sessions": n, "bytes": int(octets),
                     "last_active": active} for id, title, n, octets, active in store.rows("stats/largest", values)],
        "ages": [{"label": AGES[age], "sessions": n, "bytes": int(octets)}
                 for age, n, octets in store.rows("stats/ages", values)],
    }
    found["warnings"] = list(_warnings(store, found, {name: int(most) for name, _, _, most in tables}, sizes, there))
    return found


# A part of 279 MB made the client's move to 2.x run out of memory at each start; the usual row is far below this.
OVERSIZED = 20 * 10**6
SLIMS = {"event": "events", "part": "compacted,outputs"}  # the kinds that slim a table's rows


def _oversized(largest: Mapping[str, int], there: str) -> Iterator[str]:
    for name, kinds in SLIMS.items():
        if largest.get(name, 0) >= OVERSIZED:
            yield (f"The largest row of {name} has {human(largest[name])}. The client's move from 1.x to 2.x may fail "
                   f"or crawl on rows of {human(OVERSIZED)} and more; `{program()} reclaim --only={kinds}{there}` "
                   "slims them where it can.")


def _warnings(store: Store, found: dict[str, Any], largest: Mapping[str, int],
              sizes: Sequence[int], there: str) -> Iterator[str]:
    file, gains = found["file"], found["reclaimable"]
    with suppress(Refusal):  # our own state is not what is looked at here
        if mark := marks.standing(store.name, found["now"], file["bytes"], sizes, f"{program()} {marks.HELPS}{there}"):
            yield mark.text
    if file["free_bytes"] * 5 > file["bytes"]:
        free = human(file["free_bytes"])
        yield (f"{free} are free inside the file: `{program()} vacuum{there}` returns them to the disk."
               if store.path else
               f"{free} are free inside the tables: `{program()} vacuum --method=full{there}` returns them.")
    if file["wal_bytes"] > max(64 * 10**6, file["bytes"] // 4):
        yield f"The WAL has {human(file['wal_bytes'])}: `{program()} checkpoint{there}` brings it into the file."
    log = found["bytes"].get("event", 0)
    if log > 100 * 10**6 and log * 2 > sum(found["bytes"].values()):
        repeated = human((gains or {}).get("events", {}).get("bytes", 0))
        takes = f"`{program()} reclaim --only=events{there}`"
        yield (f"The event log holds {human(log)}, more than half of all content; "
               + (f"newer entries repeat {repeated} of it, which {takes} takes out." if gains else
                  f"{takes} takes out what newer entries repeat."))
    if store.catalog.has("part"):
        yield from _oversized(largest, there)
    if file["auto_vacuum"] == "none" and file["bytes"] >= 500 * 10**6:
        yield (f"The file never shrinks by itself: `{program()} convert{there}` lets later runs return space in small "
               "steps.")
    if found["sessions"]["orphan"]:
        yield (f"Sessions whose parent is gone: {found['sessions']['orphan']:,}; each roots a tree of its own, "
               "and is judged like any other.")
    if store.catalog.strangers:
        yield (f"Table {store.catalog.strangers[0]} holds rows of sessions and is unknown here: "
               "nothing is removed until --ignore-table names it.")
    for one in store.catalog.triggered():
        yield f"{one.sentence()}; nothing is changed until that is settled."
    beside = neighbours(store.path) if store.path else []
    if beside:
        yield f"Other stores lie beside this one: {', '.join(beside)}; name one with --store."
