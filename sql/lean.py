"""Invoke without `unittest.mock`, which it loads for those who test their tasks: an eighth of a start of ours.

Whoever asks Invoke for a mock gets a real one, loaded then. Where Invoke is loaded already nothing is done.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

MOCK = "unittest.mock"


def mock(*args: Any, **kwargs: Any) -> Any:
    """A mock as `unittest.mock.Mock` makes it."""
    from unittest.mock import Mock  # a fifth of a second, for a test that wants one

    return Mock(*args, **kwargs)


def load() -> None:
    """Load Invoke; what stands in for mocks is gone again afterwards."""
    if "invoke" in sys.modules or MOCK in sys.modules:
        return
    instead = ModuleType(MOCK)
    instead.Mock = mock  # type: ignore[attr-defined]
    sys.modules[MOCK] = instead
    try:
        import invoke  # noqa: F401
    finally:
        del sys.modules[MOCK]


load()
