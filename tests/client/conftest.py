"""Fixtures: the client, a world of sessions built once, and a copy of it for every test."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from client import (  # noqa: E402
    Client,
    Unavailable,
    assert_nothing_runs,
    copied,
    program,
    repository,
)
from lifecycle import PRUNE, must  # noqa: E402
from mock_model import Model, model  # noqa: E402
from world import World, age, build, resume  # noqa: E402


@pytest.fixture(scope="session")
def binary() -> Path:
    try:
        return program()
    except Unavailable as reason:
        if os.environ.get("REQUIRE_CLIENT") == "1":
            pytest.fail(f"the client is required: {reason}")
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def mock_model() -> Iterator[Model]:
    with model() as running:
        yield running


@pytest.fixture(scope="session")
def world(binary: Path, mock_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    client = Client(binary, folder / "user", repository(folder / "project", mock_model.url))
    with client.serve() as server:
        ids = build(server)
    with copied(client, folder / "twin") as twin, twin.serve() as server:
        told = {name: resume(server, mock_model, session, name) for name, session in ids.items()}
    yield World(client, mock_model, ids, told)
    assert_nothing_runs(client)


@pytest.fixture
def client(world: World, tmp_path: Path) -> Iterator[Client]:
    """A user of their own with the same store and the same repository."""
    with copied(world.client, tmp_path / "user") as client:
        yield client


@pytest.fixture(scope="module")
def pruned(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The same after the old sessions were pruned; for tests that change nothing."""
    with copied(world.client, tmp_path_factory.mktemp("pruned") / "user") as client:
        age(client.db, world.old)
        must(client, *PRUNE)
        yield client
