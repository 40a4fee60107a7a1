"""A primary of Postgres that dies, and a standby that takes over: by a URL of both a run goes on."""

from urllib.parse import urlsplit

import product
import pytest
import worlds
from by_url import create_database, run_sql
from engines_here import engines_wanted
from forests import NOW
from private_servers import Postgres
from server_trees import *  # noqa: F403
from server_trees import OLD, TREES, applying, whole
from size import FULL


@pytest.mark.skipif(not FULL, reason="two servers of its own: with LIFECYCLE_FULL=1")
def test_a_removal_goes_on_with_the_standby_that_was_promoted(path, one_tree_a_batch):
    with engines_wanted(), Postgres() as primary, Postgres(primary=primary) as standby:
        url = create_database(primary.admin_url)
        worlds.load(path, url)
        name = urlsplit(url).path.lstrip("/")
        _, _, text = product.planned(url, OLD, NOW)
        several = url.replace(f"127.0.0.1:{primary.port}", f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}")

        def fail_over(batch):
            if batch == 2:
                standby.catch_up()
                primary.kill()
                run_sql(standby.url(name), "SELECT pg_promote()")

        done = applying(several + "?target_session_attrs=read-write", text, fail_over)
        assert (done.outcome.left, done.outcome.sessions) == ("", 2 * TREES)
        assert whole(path, standby.url(name)) == 0
