"""What a store is called in a copy that holds those of many machines."""

from __future__ import annotations

import secrets
import socket

from .. import identity, state
from ..refusal import BAD_VALUE, Refusal
from ..store import Store
from ..words import printable

LONGEST = 100


def checked(name: str | None) -> str | None:
    """The name that the user gave, if any; raises `Refusal` 64 for one that is empty, too long or not printable."""
    if name is not None and (not name.strip() or len(name) > LONGEST or not name.isprintable()):
        raise Refusal(f"--origin={printable(name)}: not a printable name of 1 to {LONGEST} characters.", BAD_VALUE)
    return name


def named(place: Store, name: str | None) -> str:
    """The name that the user gave, else the one given last, else one of this machine and store; it is remembered, so
    that what is evicted goes by the same name as what is mirrored."""
    if place.path is None:
        return place.name[:LONGEST] if name is None else name
    identity.settle(place)
    if name is not None:
        state.name_origin(place.name, name)
        return name
    host = "".join(c for c in socket.gethostname() if c.isprintable())[:LONGEST - 10] or "host"
    return state.origin(place.name, f"{host}:{secrets.token_hex(4)}")


def known(place: Store) -> str | None:
    """The name that the store goes by in copies, if it was ever brought to one."""
    found = state.looked_up("origins", place.name) if place.path else []
    return str(found[0]["name"]) if found else None
