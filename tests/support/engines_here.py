"""The engines, programs and drivers that are installed here; one that is missing skips its tests, or fails them."""

import contextlib
import importlib
import os
import random
import re
import shutil
import socket
import tempfile
from pathlib import Path

import pytest

PSYCOPG, PYMYSQL = ("psycopg", "psycopg[binary]"), ("pymysql", "PyMySQL")  # a module, and its package


class EngineMissing(Exception):
    """An engine, a client or a driver that is not installed here; the message says which."""


def skip_or_fail(reason):
    """End the running test: skipped on a laptop, failed where every engine has to be there."""
    if os.environ.get("REQUIRE_ENGINES") == "1":
        pytest.fail(f"{reason} (REQUIRE_ENGINES=1)", pytrace=False)
    pytest.skip(reason)


@contextlib.contextmanager
def engines_wanted():
    """Turn a missing engine into a skip or a failure."""
    try:
        yield
    except EngineMissing as missing:
        skip_or_fail(str(missing))


def driver(name, package):
    """A database driver, imported only when a test wants it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise EngineMissing(f"the driver {package} is not installed: pip install {package}") from None


def on_path(*names):
    """The first of these programs; an ordinary user's PATH lacks the folders where servers live."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])
    for name in names:
        if found := shutil.which(name, path=path):
            return Path(found)
    return None


def postgres_folder():
    """The folder of the newest Postgres: Debian's place first, then wherever PATH leads."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    by_version = sorted(debian, key=lambda path: [int(n) for n in re.findall(r"\d+", path.parts[4])])
    if by_version:
        return by_version[-1].parent
    # PATH often holds a lone symbolic link; the other programs stand beside its target.
    found = on_path("postgres")
    for folder in (found.resolve().parent, found.parent) if found else ():
        if (folder / "initdb").exists():
            return folder
    raise EngineMissing("Postgres is not installed (no initdb)")


def program(engine, *names):
    found = on_path(*names)
    if not found:
        raise EngineMissing(f"{engine} is not installed (no {names[0]})")
    return str(found)


def account(*names):
    """User and group to run an engine as: None for ourselves, and never root, which Postgres refuses."""
    if os.geteuid() != 0:
        return None
    import pwd

    for name in (*names, "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise EngineMissing(f"no ordinary user to run a server as (tried {', '.join(names)}, nobody)")


def open_to_all(folder):
    """Whether another user can reach this folder."""
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def temporary_base():
    """Where servers live. Short, for a socket's path has about 100 characters; reachable for their user."""
    places = [Path(tempfile.gettempdir()).resolve(), Path("/tmp")]
    return str(next((place for place in places if os.geteuid() != 0 or open_to_all(place)), places[0]))


def free_port():
    """A port that no connection of anybody is given, so that a server that is killed finds it free again.

    Every fourth: a node of Galera takes the next one as well. By the system, since a test may have set the seed.
    """
    given = Path("/proc/sys/net/ipv4/ip_local_port_range")
    lowest = int(given.read_text().split()[0]) if given.exists() else 32768
    while True:
        port = random.SystemRandom().randrange(10_000, max(lowest, 20_000), 4)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
