"""A pooler before the server: one that keeps a connection for a client works, any other is refused at once."""

import by_url
import pytest
import worlds
from engines_here import engines_wanted
from pgbouncer import PgBouncer
from server_trees import *  # noqa: F403
from size import sized
from verbs import invoke, refused

KEEPING = [("session", 5), ("session", 1)]
SHARING = [("transaction", 5), ("transaction", 1), ("statement", 5)]


@pytest.fixture
def pooled(request, postgres_server, postgres_url):
    """The test's database through a pooler of this mode and size."""
    with engines_wanted(), PgBouncer(postgres_server, *request.param) as pooler:
        yield pooler.url(postgres_url.rsplit("/", 1)[1])


@pytest.mark.parametrize("pooled", KEEPING[:sized(1, 1, 2)], indirect=True)
def test_a_pooler_that_keeps_a_connection_for_each_client_is_as_good_as_the_server(path, pooled, postgres_url):
    worlds.load(path, postgres_url)
    done = invoke("prune", f"--store={pooled}", "--days=30", "--yes", "--no-export")
    assert done.returncode == 0, done.stderr
    assert not by_url.run_sql(postgres_url, "SELECT id FROM session")


@pytest.mark.parametrize("pooled", SHARING[:sized(1, 1, 3)], indirect=True)
def test_a_pooler_that_shares_them_out_by_transaction_is_refused_and_nothing_is_written(path, pooled, postgres_url):
    worlds.load(path, postgres_url)
    before = by_url.run_sql(postgres_url, "SELECT id FROM session")
    for words in (("prune", "--days=30", "--yes"), ("stats",), ("mirror",)):
        place = [f"--store={path}", f"--to={pooled}"] if words[0] == "mirror" else [f"--store={pooled}"]
        said = refused(78, *words, *place)
        assert "pool_mode = session" in said and "any" not in said.split("://")[0]
    assert by_url.run_sql(postgres_url, "SELECT id FROM session") == before
