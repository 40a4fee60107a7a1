"""The dialects that a template is printed for, and where the SQL of one engine alone lies."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parents[1]  # the templates and the engines stand beside this folder
# A dialect is a folder of engine-only SQL and the sqlglot printer it is written with. The printer's name is that of a
# folder as well: there stands what a dialect has no file of its own for (mysql8 differs from mysql in a few).
DIALECTS = {"sqlite": "sqlite", "postgres": "postgres", "mysql": "mysql", "mysql8": "mysql", "tsql": "tsql"}


def own_file(dialect: str, name: str) -> Path:
    """Where a file of engine-only SQL is, if there is one of that name."""
    own = HERE / "engines" / dialect / name
    return own if own.exists() else HERE / "engines" / DIALECTS[dialect] / name
