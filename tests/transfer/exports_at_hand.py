"""A small store, and an export of it that is read back."""

import json
from pathlib import Path

import command
import pytest
from command import judge_by
from opencode_lifecycle.sql.store import opened
from opencode_lifecycle.sql.transfer import export, packing
from opencode_lifecycle.sql.transfer import session_rows as source

__all__ = ["grove"]  # fixtures


SUFFIXES = (".json", ".json.gz", ".json.zst")
PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--json")


def exported(store, path, **more):
    with opened(str(store)) as place:
        source.find_trees(place)
        return export.write(place, source.trees(place), Path(path), lambda done, of: None, **more)


def document(path):
    with packing.reading(Path(path)) as file:
        return json.load(file)


@pytest.fixture
def grove(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=6, parts=3, pad=300)
