"""Packages whose modules load when they are first asked for: a start pays for what its verb needs, and for no more."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType


def modules(package: str) -> Callable[[str], ModuleType]:
    """The `__getattr__` of such a package: `package.name` is its module of that name."""
    def asked(name: str) -> ModuleType:
        try:
            return importlib.import_module(f".{name}", package)
        except ModuleNotFoundError as error:
            if error.name != f"{package}.{name}":  # a package that this module needs
                raise
            raise AttributeError(f"{package} has no module {name}") from None
    return asked
