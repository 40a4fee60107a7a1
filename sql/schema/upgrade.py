"""Rows of an older client's export as the client's own upgrade would have left them; `restore` asks for each row."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..catalog import Catalog


@functools.cache
def steps() -> dict[str, Any]:
    """What the client's upgrades did to rows, as `upgrades.toml` lists it."""
    return tomllib.loads(Path(__file__).with_name("upgrades.toml").read_text())


class Upgrade:
    """What upgrades up to the version of one store did to rows, row by row."""

    def __init__(self, catalog: Catalog):
        self.catalog = catalog
        self.steps = {kind: [step for step in found if "store" not in step or catalog.has(*step["store"].split("."))]
                      for kind, found in steps().items()}
        self.tables = {step["table"] for found in self.steps.values() for step in found}

    def knows_gone(self, table: str) -> bool:
        """Whether the store lacks a table because an upgrade dropped it."""
        return any(step["table"] == table and step.get("holds") for step in self.steps["left"])

    def row(self, table: str, row: dict[str, Any]) -> dict[str, Any] | None:
        """The row as the upgrade left it, None if the upgrade removed it."""
        if table not in self.tables:
            return row
        if any(self._holds(step, table, row) for step in self.steps["left"]):
            return None
        gone = {step["column"] for step in self.steps["emptied"] if self._holds(step, table, row)} & row.keys()
        return {**row, **dict.fromkeys(gone)} if gone else row

    def _holds(self, step: Mapping[str, Any], table: str, row: Mapping[str, Any]) -> bool:
        return (step["table"] == table
                and all(name not in row and self.catalog.has(table, name) for name in step.get("lacks", ()))
                and all(name in row and not self.catalog.has(table, name) for name in step.get("holds", ())))
