"""The real client at work while a verb writes: no request waits long, none fails. LIFECYCLE_FULL=1 takes 500 MB."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import heavy
import pytest
from client import Client, Server, copied
from lifecycle import must
from world import World

MB = 500 if os.environ.get("LIFECYCLE_FULL") else 10
STREAM = "Stream. [[bash for i in $(seq 1 100); do echo this is line $i of the output; sleep 0.01; done]]"
VERBS = (("prune", "--days=30", "--yes"), ("undo",), ("reclaim", "--only=compacted", "--yes"), ("undo",))
LONGEST = 0.5             # seconds that a request may wait longer than without us


@pytest.fixture
def heavy_client(world: World, tmp_path: Path) -> Iterator[Client]:
    with copied(world.client, tmp_path / "user") as client:
        with heavy.begun(client.db) as con:
            for n in range(MB // 2):
                for make in (heavy.plain, heavy.compacted):
                    make(con, f"ses_{make.__name__}_{n}", 1_000_000 // heavy.ROW)
        yield client


@contextmanager
def again_and_again(work) -> Iterator[list[float]]:
    """Seconds that each call took, filled in until the end, where what a call raised is raised."""
    took, failed, ends = [], [], threading.Event()

    def go() -> None:
        while not ends.is_set() and not failed:
            started = time.monotonic()
            try:
                work()
            except Exception as error:
                failed.append(error)
            took.append(time.monotonic() - started)
            ends.wait(0.02)

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield took
    finally:
        ends.set()
        thread.join()
    for error in failed:
        raise error


@contextmanager
def at_work(server: Server) -> Iterator[list[float]]:
    """A prompt streams the output of a command; meanwhile another session gets one new title after another, each of
    them a write of which the caller hears when it is done."""
    streaming, titled = server.create("streaming"), server.create("titled")
    with again_and_again(lambda: server.prompt(streaming, STREAM)), \
            again_and_again(lambda: server.ask("PATCH", f"/session/{titled}", {"title": f"{time.time_ns()}"})) as took:
        yield took


def told(name: str, took: list[float]) -> float:
    """The longest, in seconds."""
    typical, longest = sorted(took)[int(len(took) * 0.99)], max(took)
    print(f"| {name} | {len(took):,} | {typical * 1000:.0f} ms | {longest * 1000:.0f} ms |")
    return longest


def test_the_client_streams_and_writes_on_while_verbs_run(heavy_client: Client) -> None:
    with heavy_client.serve() as server:
        with at_work(server) as took:  # it begins slowly
            while len(took) < 50:
                time.sleep(0.1)
        longest, alone = {}, []
        for verb, *flags in (*VERBS, ("",)):
            with at_work(server) as took:
                time.sleep(4)
            alone.append(told("without us", took))
            if verb:
                with at_work(server) as took:
                    must(heavy_client, verb, *flags, timeout=3_000)
                longest[verb] = max(longest.get(verb, 0.0), told(f"`{verb}`", took))
    assert max(longest.values()) <= max(alone) + LONGEST, (longest, alone)
