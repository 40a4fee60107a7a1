"""What the last run says of each store, for whatever shows it: a JSON file for the client, a text for Prometheus.

The rows are in our own database; both files are written from it, whole, while its lock is held, so that two runs at
once leave what both of them say.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .. import files, state
from ..words import DAY

FORGOTTEN = 90 * DAY   # a store of which nothing was heard for so long is left out
JSON, PROMETHEUS = "status.json", "opencode_lifecycle.prom"

Facts = dict[str, Any]
# Name, help, and the value of a store's facts; None where there is none to tell.
GAUGES: tuple[tuple[str, str, Callable[[Facts], float | None]], ...] = (
    ("file_bytes", "Size of the store's file.", lambda facts: facts.get("file_bytes")),
    ("free_bytes", "Bytes free inside the store's file.", lambda facts: facts.get("free_bytes")),
    ("growth_bytes_per_day", "Bytes of content that come in a day.", lambda facts: facts.get("per_day")),
    ("warnings", "Warnings of the last run.", lambda facts: len(facts.get("warnings") or ())),
    ("announced_sessions", "Sessions that a coming run will evict.",
     lambda facts: (facts.get("announced") or {}).get("sessions", 0)),
    ("last_eviction_sessions", "Sessions that the last eviction took.",
     lambda facts: (facts.get("evicted") or {}).get("sessions")),
    ("last_eviction_timestamp_seconds", "When sessions were last evicted.",
     lambda facts: _seconds((facts.get("evicted") or {}).get("moment"))),
    ("last_run_timestamp_seconds", "When a run last ended.", lambda facts: _seconds(facts.get("moment"))),
    ("last_run_failed", "Whether a step of the last run failed.", lambda facts: int(facts.get("outcome") == "failed")),
)


def write(store: str, now: int, facts: Facts) -> Path:
    """Say what a run found and did to a store; the path of the JSON file.

    `facts` are those of the status file: file_bytes, free_bytes, per_day, warnings, evicted, announced, outcome,
    command. Raises `Refusal` 1 where our state cannot be written.
    """
    with state.held() as db:
        table = db.table("status")
        table.upsert({"store": store, "moment": now, "facts": json.dumps({"moment": now} | facts)}, pk="store")
        table.delete_where("moment < ?", [now - FORGOTTEN])
        stores = {row["store"]: state.facts_of(row) for row in table.rows_where(order_by="store")}
        path = state.folder() / JSON
        files.put(path, (json.dumps({"stores": stores}, indent=2) + "\n").encode())
        files.put(state.folder() / PROMETHEUS, prometheus(stores).encode())
    return path


def last(store: str) -> Facts | None:
    """What the last run said of a store."""
    row = next(iter(state.looked_up("status", store)), None)
    return state.facts_of(row) if row else None


def prometheus(stores: dict[str, Facts]) -> str:
    """The facts of all stores in Prometheus' text format, for the textfile collector of its node exporter."""
    return "".join(f"# HELP opencode_lifecycle_{name} {told}\n# TYPE opencode_lifecycle_{name} gauge\n"
                   + "".join(_lines(name, ((store, value(facts)) for store, facts in stores.items())))
                   for name, told, value in GAUGES)


def _lines(name: str, values: Iterable[tuple[str, float | None]]) -> Iterable[str]:
    for store, value in values:
        if value is not None:
            label = store.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            label = label.encode("utf-8", "replace").decode()
            yield f'opencode_lifecycle_{name}{{store="{label}"}} {value!r}\n'


def _seconds(moment: int | None) -> float | None:
    return None if moment is None else moment / 1000
