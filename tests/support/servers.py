"""Fixtures of database servers, for a conftest:

    from servers import *  # noqa: F403

`TEST_POSTGRES_URL` and `TEST_MYSQL_URL` name servers to use in place of private ones: each test still gets a
database of its own there. A missing engine skips the test, or fails it with `REQUIRE_ENGINES=1`. MySQL 8, which
Debian's stable releases do not have, is tested where `TEST_MYSQL8_URL` names a server, and skipped elsewhere.
"""

import os
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from by_url import fresh_database
from engines_here import engines_wanted
from galera import Galera
from private_servers import MariaDB, Postgres

__all__ = [
    "galera",
    "galera_urls",
    "mysql8_admin_url",
    "mysql_admin_url",
    "mysql_durable",
    "mysql_lax_url",
    "mysql_server",
    "mysql_strict_url",
    "mysql_url",
    "postgres_admin_url",
    "postgres_ascii_url",
    "postgres_durable",
    "postgres_latin1_url",
    "postgres_pair",
    "postgres_server",
    "postgres_servers",
    "postgres_url",
]

STRICT = "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
LAX = ""


class Pair(NamedTuple):
    """One database seen through a primary and through its read-only hot standby."""

    primary: str
    standby: str
    servers: tuple

    def catch_up(self):
        """Wait until the standby shows what the primary has committed."""
        self.servers[1].catch_up()


@pytest.fixture(scope="session")
def postgres_server():
    """One private Postgres for the whole run."""
    with engines_wanted(), Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def mysql_server():
    """One private MariaDB for the whole run."""
    with engines_wanted(), MariaDB() as server:
        yield server


@pytest.fixture(scope="session")
def galera():
    """One private cluster of three nodes for the whole run: whoever kills a node starts it again."""
    with engines_wanted(), Galera() as cluster:
        yield cluster


@pytest.fixture
def galera_urls(galera):
    """An empty database of this test alone, through each of the three nodes."""
    with fresh_database(galera.admin_url) as url:
        yield [galera.url(urlsplit(url).path.lstrip("/"), number) for number in range(3)]


def server_url(request, variable, fixture):
    # The private server is asked for by name, so that it does not start when a URL is given.
    with engines_wanted():
        return os.environ.get(variable) or request.getfixturevalue(fixture).admin_url


@pytest.fixture(scope="session")
def postgres_admin_url(request):
    """The Postgres where tests make their databases: `TEST_POSTGRES_URL`, or the private one."""
    return server_url(request, "TEST_POSTGRES_URL", "postgres_server")


@pytest.fixture(scope="session")
def mysql_admin_url(request):
    """The MySQL or MariaDB where tests make their databases: `TEST_MYSQL_URL`, or the private one."""
    return server_url(request, "TEST_MYSQL_URL", "mysql_server")


@pytest.fixture(scope="session")
def mysql8_admin_url():
    """The MySQL where tests make their databases."""
    return os.environ.get("TEST_MYSQL8_URL") or pytest.skip("no MySQL 8 or newer: TEST_MYSQL8_URL names none")


@pytest.fixture
def postgres_url(postgres_admin_url):
    """An empty Postgres database, UTF-8, of this test alone."""
    with engines_wanted(), fresh_database(postgres_admin_url) as url:
        yield url


@pytest.fixture
def postgres_ascii_url(postgres_admin_url):
    """An empty Postgres database without an encoding (SQL_ASCII): bytes go in and out unchecked."""
    with engines_wanted(), fresh_database(postgres_admin_url, encoding="SQL_ASCII") as url:
        yield url


@pytest.fixture
def postgres_latin1_url(postgres_admin_url):
    """An empty Postgres database in LATIN1: most of Unicode cannot be stored."""
    with engines_wanted(), fresh_database(postgres_admin_url, encoding="LATIN1") as url:
        yield url


@pytest.fixture
def mysql_url(mysql_admin_url):
    """An empty MySQL or MariaDB database of this test alone, in the server's default sql_mode."""
    with engines_wanted(), fresh_database(mysql_admin_url) as url:
        yield url


@pytest.fixture
def mysql_strict_url(mysql_server):
    """An empty MariaDB database; new connections are strict. Always private: the mode is the server's."""
    with mysql_server.sql_mode(STRICT), fresh_database(mysql_server.admin_url) as url:
        yield url


@pytest.fixture
def mysql_lax_url(mysql_server):
    """An empty MariaDB database; new connections have an empty sql_mode, which truncates with a warning."""
    with mysql_server.sql_mode(LAX), fresh_database(mysql_server.admin_url) as url:
        yield url


@pytest.fixture
def postgres_durable():
    """A Postgres of this test alone with every safeguard on: it may be killed and started again."""
    with engines_wanted(), Postgres(durable=True) as server:
        yield server


@pytest.fixture
def mysql_durable():
    """A MariaDB of this test alone with every safeguard on: it may be killed and started again."""
    with engines_wanted(), MariaDB(durable=True) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_servers():
    """A Postgres primary and its hot standby."""
    with engines_wanted(), Postgres() as primary, Postgres(primary=primary) as standby:
        yield primary, standby


@pytest.fixture
def postgres_pair(postgres_servers):
    """An empty database, as a `Pair`: read and write through the primary, read only through the standby."""
    primary, standby = postgres_servers
    with fresh_database(primary.admin_url) as url:
        pair = Pair(url, standby.url(urlsplit(url).path.lstrip("/")), postgres_servers)
        pair.catch_up()
        yield pair
