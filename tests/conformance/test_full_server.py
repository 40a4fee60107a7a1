"""The disk of a server is full: one sentence, nothing half on it, nothing gone that is not there; and with room the
next run finishes."""

import os
import random
import tempfile
from pathlib import Path
from unittest import mock

import by_url
import command
import pytest
from broken_off import *  # noqa: F403
from broken_off import MOMENTS, SHIP, World, clean
from engines_here import engines_wanted
from private_servers import MariaDB, Postgres
from size import sized

SERVERS = {"postgres": (Postgres, {"max_wal_size": "32MB", "min_wal_size": "32MB"}),
           "mysql": (MariaDB, {"innodb_log_file_size": "8M", "innodb_temp_data_file_path": "ibtmp1:1M:autoextend"})}


class Cramped:
    """A server on a small disk of its own."""

    def __init__(self, server, disk):
        self.server, self.disk = server, disk

    def room(self):
        """Give it room again; a server that went down over it is started."""
        (self.disk / "filler").unlink()
        if not self.server._ready():
            self.server.start()


@pytest.fixture(scope="module", params=sized(["postgres"], ["postgres"], list(SERVERS)))
def cramped(request):
    kind, settings = SERVERS[request.param]
    base = next(place for place in map(Path, ("/dev/shm", "/tmp")) if place.exists())
    place = base / f"oclt-disk-{os.getpid()}-{request.param}"
    try:
        with command.small_disk(place, "256m") as disk, engines_wanted():
            with mock.patch.object(tempfile, "tempdir", str(disk)):
                server = kind(**settings)
            with server:
                yield Cramped(server, disk)
    finally:
        place.rmdir()


@pytest.mark.parametrize("name", sized(["evict"], ["evict"], SHIP))
def test_a_server_whose_disk_is_full_takes_nothing_by_halves(cramped, tmp_path, a_tree_at_once, name, say):
    world, draw, refused = World(by_url.create_database(cramped.server.admin_url), tmp_path, pad=60_000), \
        random.Random(name), 0
    with world.proxy:
        start, end, octets = clean(world, name)
        for _ in range(MOMENTS):
            assert world.anew(name) == start
            room = draw.randrange(octets)
            command.fill(cramped.disk, room)
            try:
                ran = world.run(name)
            finally:
                cramped.room()
            world.held_against(name, start, end)
            if ran.code:
                refused += 1
                assert ran.code in (1, 3, 69, 75) and ran.sentence.endswith("."), (room, ran)
                assert "disk is full" in ran.sentence or ran.code != 1, (room, ran)
            else:
                assert world.found() == end, room
            again = world.run(name)
            assert again.code == 0 and world.found() == end, (room, again)
    say(f"{name}: no room {refused} times of {MOMENTS}")
