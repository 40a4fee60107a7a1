"""What speaks to people: one module a group of verbs, each loaded when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lazily import modules

if TYPE_CHECKING:
    from . import common as common
    from . import copies as copies
    from . import demo as demo
    from . import drawing as drawing
    from . import enforce as enforce
    from . import history as history
    from . import inspect as inspect
    from . import install as install
    from . import keeping as keeping
    from . import policy as policy
    from . import reclaim as reclaim
    from . import removal as removal
    from . import schedule as schedule
    from . import servers as servers
    from . import space as space
    from . import stats as stats
    from . import templates as templates
    from . import transfer as transfer
else:
    __getattr__ = modules(__name__)
