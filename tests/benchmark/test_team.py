"""What the benchmark of a team's server compares is the same work: both sides tell the same and leave the same."""

import by_url
import pytest
import team
from servers import *  # noqa: F403

SESSIONS = 100


@pytest.fixture(scope="module", params=["postgres", "mysql"])
def admin(request):
    return request.getfixturevalue(f"{request.param}_admin_url")


@pytest.fixture(scope="module")
def made(admin):
    url = team.make(admin, SESSIONS)
    by_url.run_sql(url, "UPDATE session SET share_url = 'https://example.org/s' WHERE id LIKE '%0000'",
                   "UPDATE part SET time_updated = time_updated + 1 WHERE id LIKE '%00'",
                   "DELETE FROM message WHERE id LIKE '%0020'", "DELETE FROM session WHERE id LIKE '%0023'")
    yield url
    by_url.drop_database(admin, url)


@pytest.mark.parametrize("what", ["stats", "prune"])
def test_rival_and_product_do_the_same_work(what, made, admin, tmp_path):
    run = [team.run(what, side, told, admin, made, tmp_path, None)
           for side, told in ((team.rival, team.told_by_rival), (team.product, team.told_by_product))]
    assert run[0].told == run[1].told and len(run[0].told) > 10
    assert run[0].left == run[1].left and sum(rows for rows, _ in run[0].left) > 1_000


def test_a_slow_product_is_found_out(capsys):
    def one(seconds, processor):
        return [team.Run(seconds, processor, 10**6, frozenset(), ())]

    assert not list(team.compared("prune", one(2, 2), one(3.4, 3.4)))
    assert list(team.compared("prune", one(2, 2), one(3.6, 3.6)))
    assert not list(team.compared("prune", one(2, 2), one(3.6, 3.4)))
    assert "ratio" in capsys.readouterr().out
