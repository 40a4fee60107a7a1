"""Removal of whole trees: the plan file, its guard and deletions, and what carries them out.

A module is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lazily import modules

if TYPE_CHECKING:
    from . import anew as anew
    from . import orphans as orphans
    from . import plan_file as plan_file
    from . import plan_read as plan_read
    from . import removal as removal
    from . import shipment as shipment
else:
    __getattr__ = modules(__name__)
