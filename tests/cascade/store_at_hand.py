"""A small store in a folder of its own, and how to see that it is as it was."""

import command
import pytest
from command import dump, judge_by

__all__ = ["store", "unchanged"]  # fixtures


PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--no-export")


@pytest.fixture
def store(tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    return command.planted(folder / "opencode.db")


@pytest.fixture
def unchanged(store):
    """What the store holds is the same afterwards, and nothing of ours lies beside it."""
    before = dump(store)
    yield
    assert dump(store) == before
    command.sound(store)


def at(store):
    return f"--store={store}"


def roots(store):
    return {id for id in command.sessions_of(store) if id.endswith("_a")}
