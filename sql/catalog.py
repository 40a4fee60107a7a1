"""Which tables and columns a store has, read from the store itself, held against the manifest of known tables."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from . import side_effects
from .refusal import UNSUPPORTED, Refusal
from .side_effects import SideEffect
from .words import printable

SESSION_KEYS = ("session_id", "aggregate_id")
ROOTS = ("session", "session_v2")
APART = str.maketrans("", "", "_- ")


@dataclass(frozen=True)
class Owned:
    """A known table whose rows belong to sessions: its session key, its counted text columns, its columns."""

    name: str
    key: str
    columns: tuple[str, ...]
    bytes: tuple[str, ...] = ()
    via: Mapping[str, str] | None = None
    log: bool = False

    @property
    def activity(self) -> bool:
        """Whether the table's newest time stamp is activity of the session."""
        return self.name in (*ROOTS, "message", "session_message") and "time_updated" in self.columns

    @property
    def updated(self) -> str | None:
        return next((c for c in ("time_updated", "time_created") if c in self.columns), None)

    @property
    def checksum_terms(self) -> tuple[tuple[int, str, str], ...]:
        """Every column with its factor in the checksum of a row, and the portable function of its term; in whatever
        order the store has them, the factors are the same."""
        return tuple((2 * at + 1, c, checksum_function(c)) for at, c in enumerate(sorted(self.columns)))

    @property
    def spelled(self) -> tuple[str, ...]:
        """The text columns of a session's row that a plan pins by their content: all but those with a column of their
        own in the plan, long JSON, and the address under which a session is shared, which is a secret."""
        apart = ("id", "parent_id", "project_id", "share_url", "summary_diffs", "permission")
        return tuple(c for c in sorted(self.columns) if c not in apart and checksum_function(c) == "checksum_text")


@functools.cache
def manifest() -> dict[str, Any]:
    """The tables and columns that are known, as `schema/manifest.toml` lists them."""
    return tomllib.loads((Path(__file__).parent / "schema" / "manifest.toml").read_text())


@functools.cache
def checksum_function(column: str) -> str:
    """The portable function of a column's term in the checksum, by its name: a number counts by its value, a text
    by its length."""
    kinds = {"checksum_whole": manifest()["numbers"]["whole"], "checksum_real": manifest()["numbers"]["real"]}
    return next((name for name, patterns in kinds.items() if any(fnmatchcase(column, p) for p in patterns)),
                "checksum_text")


def is_session_key(column: str) -> bool:
    """Whether a column is a session key in whatever spelling: sessionID, session-id, SESSION_ID."""
    return column.lower().translate(APART) in {key.translate(APART) for key in SESSION_KEYS}


def sessions() -> tuple[str, ...]:
    """The names of all tables with rows of sessions that any client has had."""
    return tuple(manifest()["sessions"])


@dataclass(frozen=True)
class Catalog:
    """The tables of one store: `columns` by table name, the tables that refer to a session by foreign key or by a
    generated column, and what hangs on any table (`side_effects`)."""

    columns: Mapping[str, tuple[str, ...]]
    referring: frozenset[str] = field(default_factory=frozenset)
    side_effects: tuple[SideEffect, ...] = ()

    def has(self, table: str, column: str | None = None) -> bool:
        return table in self.columns and (column is None or column in self.columns[table])

    @functools.cached_property
    def owned(self) -> tuple[Owned, ...]:
        """The tables with sessions' rows that are there, children before parents."""
        return tuple(self._owned(name, known) for name, known in manifest()["sessions"].items()
                     if self.has(name, known["key"]))

    def _owned(self, name: str, known: Mapping[str, Any]) -> Owned:
        via = known.get("via")
        return Owned(
            name=name, key=known["key"], columns=self.columns[name], log=known.get("log", False),
            bytes=tuple(c for c in known.get("bytes", ()) if self.has(name, c)),
            via=via if via and self.has(via["table"]) else None,
        )

    @property
    def roots(self) -> tuple[str, ...]:
        """The tables that hold session rows: `session` (1.x), `session_v2` (2.x), or both."""
        return tuple(name for name in ROOTS if self.has(name, "id"))

    @property
    def layout(self) -> str:
        """A label for people: v1, v2, mixed or other. Rules ask for tables and columns, never for the label."""
        if not self.roots:
            return "other"
        return "mixed" if len(self.roots) == 2 else "v2" if self.roots == ("session_v2",) else "v1"

    @property
    def strangers(self) -> tuple[str, ...]:
        """Tables with a session key, however it is spelled, that the manifest does not know, by name."""
        known = {*manifest()["sessions"], *manifest()["others"]["tables"], *manifest()["secrets"]["tables"]}
        return tuple(sorted(name for name, columns in self.columns.items() if name not in known
                            and (name in self.referring or any(map(is_session_key, columns)))))

    def foreseen(self, also: Collection[str] = ()) -> tuple[SideEffect, ...]:
        """What hangs on the tables with sessions' rows, on what refers to them, and on the tables `also`."""
        referring = (one.name for one in self.side_effects if one.kind in ("key", "heir"))
        reached = {*manifest()["sessions"], *also, *referring}
        return tuple(one for one in self.side_effects if one.place in reached or one.kind == "function")

    def triggered(self, deletes: bool = True, also: Collection[str] = ()) -> tuple[SideEffect, ...]:
        """The same without the client's own foreign keys: a row that goes by one of those goes with its session.

        Without `deletes` no foreign key counts: none of ours changes the columns of a key.
        """
        return tuple(one for one in self.foreseen(also)
                     if one.kind != "key" or deletes and not self._clients_own(one))

    def _clients_own(self, key: SideEffect) -> bool:
        """From a session's row to the session, from a part to its message: both have the same session."""
        owned = {one.name.lower(): one for one in self.owned}
        child, parent = owned.get(key.name.lower()), owned.get(key.place.lower())
        if not child or not parent or key.name.lower() == key.place.lower():
            return False
        pairs = {f"{child.key}={parent.key}", f"{child.key}="} if child.name not in ROOTS and parent.name in (
            *ROOTS, "event_sequence") else set()
        if child.via and child.via["table"] == parent.name:
            pairs |= {f"{child.via['column']}=id", f"{child.via['column']}="}
        return key.through.lower() in pairs

    def keyed(self) -> str:
        """A digest of every table and column with a session key, and of what hangs on them: a plan is stale once it
        changes."""
        facts = sorted(f"{o.name}.{','.join(sorted(o.columns))}" for o in self.owned)
        facts += [f"{name}!" for name in (*self.strangers, "kv") if self.has(name)]
        facts += side_effects.facts(self.foreseen())
        return hashlib.sha256("\n".join(facts).encode("utf-8", "surrogateescape")).hexdigest()[:16]

    def refuse_strangers(self, ignored: Collection[str] = ()) -> None:
        """Stop before a deletion that could leave rows behind in a table nobody here knows, or set others in motion;
        raises `Refusal` 78."""
        self.refuse_side_effects(ignored)
        left = [name for name in self.strangers if name not in ignored]
        if left:
            raise Refusal(
                f"Table {printable(left[0])} holds rows of sessions and is unknown to this version, so nothing is "
                "removed; update opencode-lifecycle, or go on without its rows with "
                f"--ignore-table={printable(left[0])}.", UNSUPPORTED)

    def refuse_side_effects(self, ignored: Collection[str] = (), deletes: bool = True,
                            also: Collection[str] = ()) -> None:
        """Stop before a change of rows that would set others in motion; raises `Refusal` 78."""
        side_effects.refuse(self.triggered(deletes, also), ignored)
