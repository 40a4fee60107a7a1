"""Pinned sessions: of a file in our own state, of a server in a table of ours there, where the whole team sees them."""

from __future__ import annotations

from typing import Any

from .. import identity, state
from ..refusal import UNSUPPORTED, Refusal
from ..store import Store
from ..words import program

TABLE = "lifecycle_pin"


def pin(store: Store, session: str, since: int) -> None:
    """Protect a session from `since` (milliseconds) on; raises `Refusal` 78 on a server without our table."""
    if store.path:
        identity.settle(store)
        state.pin(store.name, session, since)
        return
    if not store.catalog.has(TABLE):
        raise Refusal(f"{store.name} has no table {TABLE} for pins; `{program()} migrate --to=URL` makes it.",
                      UNSUPPORTED)
    store.run("retention/unpin_server", {"id": session})
    store.run("retention/pin_server", {"id": session, "moment": since})


def unpin(store: Store, session: str) -> bool:
    """Forget a pin; whether there was one."""
    if store.path:
        identity.settle(store)
        return state.unpin(store.name, session)
    there = session in {row["session"] for row in pins(store)}
    if there:
        store.run("retention/unpin_server", {"id": session})
    return there


def pinned(store: Store) -> list[str]:
    """The ids of pinned sessions, the oldest pin first."""
    return [row["session"] for row in pins(store)]


def pins(store: Store) -> list[dict[str, Any]]:
    """Session and moment of every pin, the oldest first."""
    if store.path:
        identity.settle(store)
        return state.pins(store.name)
    if not store.catalog.has(TABLE):
        return []
    return [{"session": id, "since": since} for id, since in store.rows("retention/pins_server")]
