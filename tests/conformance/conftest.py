"""The servers of the suite: private ones, or those that the environment names."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from by_url import fresh_database  # noqa: E402
from engines_here import engines_wanted
from galera import Galera
from private_servers import MariaDB, Postgres
from servers import *  # noqa: E402, F403
from size import sized  # noqa: E402


@pytest.fixture(scope="session")
def mysql_server():
    """A MariaDB that takes the largest rows of the suite."""
    with engines_wanted(), MariaDB(max_allowed_packet="256M") as server:
        yield server


@pytest.fixture(scope="session")
def galera():
    """A cluster that takes them as well."""
    with engines_wanted(), Galera(max_allowed_packet="256M") as cluster:
        yield cluster


@pytest.fixture(scope="session")
def galera_admin_url(galera):
    """The second node: what a test loads is read on the node that it was written to, as anywhere."""
    return galera.nodes[1].admin_url


@pytest.fixture(scope="session", params=["postgres", "mysql", *sized([], [], ["galera"])])
def engine(request):
    return request.param


@pytest.fixture(scope="session")
def admin_url(request, engine):
    return request.getfixturevalue(f"{engine}_admin_url")


@pytest.fixture
def url(admin_url):
    """An empty database of this test alone."""
    with engines_wanted(), fresh_database(admin_url) as found:
        yield found


@pytest.fixture(scope="session")
def shared_url(admin_url):
    """A database for all examples of generated stores; each example drops the tables of the one before."""
    with engines_wanted(), fresh_database(admin_url) as found:
        yield found


@pytest.fixture(params=[Postgres, MariaDB], ids=["postgres", "mysql"])
def durable(request):
    """A server of this test alone that may be killed and started again."""
    with engines_wanted(), request.param(durable=True) as server:
        yield server
