"""Fixtures: the client, a world of sessions built once, and a copy of it for every test."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from client import Client, Unavailable, program, repository  # noqa: E402
from mock_model import Model, model  # noqa: E402
from world import World, build  # noqa: E402


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
def world(binary: Path, mock_model: Model, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    client = Client(binary, folder / "user", repository(folder / "project", mock_model.url))
    with client.serve() as server:
        ids = build(server)
    return World(client, mock_model, ids)


@pytest.fixture
def client(world: World, tmp_path: Path) -> Iterator[Client]:
    """A user of their own with the same store and the same repository."""
    yield from _user(world, tmp_path / "user")


@pytest.fixture
def twin(world: World, tmp_path: Path) -> Iterator[Client]:
    """Another such user, left alone: what happens here would have happened without us."""
    yield from _user(world, tmp_path / "twin")


def _user(world: World, home: Path) -> Iterator[Client]:
    client = Client(world.client.binary, home, world.client.work)
    client.copy_store(world.client.db)
    yield client
    assert not _left_after(client, seconds=2), "a process outlived its test"


def _left_after(client: Client, seconds: float) -> list[int]:
    """A killed process takes a moment to go."""
    end = time.monotonic() + seconds
    while (left := client.processes()) and time.monotonic() < end:
        time.sleep(0.02)
    return left
