"""Where what goes is kept, as the flags of prune and apply say: a file, a store of copies, or nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...policies.policy import Policy
from .. import verbs
from ..store import Store
from . import common

if TYPE_CHECKING:  # what copies is loaded where something is copied
    from ..cascade.shipment import Shipment


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """The flags that say where what goes is kept, as they were typed."""

    export: str | None = None
    export_to: str | None = None
    no_export: bool = False


@contextmanager
def kept(asked: Keeping, rules: Policy, store: str | None, place: Store, verb: str, ignored: Collection[str] = (),
         ) -> Iterator[Path | Shipment | None]:
    """Where what goes is kept. Raises `Refusal` 64 for two places at once, or a variable of the policy that is not
    set."""
    common.refuse_both(asked.export, asked.no_export, asked.export_to)
    to = asked.export_to or ("" if asked.export or asked.no_export else rules.ships_to())
    if to:
        with verbs.copies.shipment(to, store, place, ignored) as found:
            yield found
    else:
        yield common.export_file(place, verb, asked.export, asked.no_export)
