"""A node of a cluster that dies while a verb works through it: the verb goes on by another node, or leaves whole trees
and the same verb again finishes. And rows by LOAD DATA, on every node."""

import random

import command
import mirrored
import pytest
from broken_off import *  # noqa: F403
from broken_off import World, clean
from by_url import run_sql
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.refusal import Refusal
from size import sized

MOMENTS = sized(1, 1, 6)
GO_ON = ("archive", "restore", "undo")  # wherever they are
VICTIM, OTHERS = 1, (2, 0)


class Nodes(World):
    """A world whose server is a cluster: a verb speaks through the proxy to the node that dies, and may go on with the
    others. What stands there is read on another node, once that has all that was committed."""

    def __init__(self, galera, urls, folder):
        super().__init__(urls[VICTIM], folder)
        own = f"127.0.0.1:{self.proxy.port}"
        self.place = self.place.replace(own, ",".join([own, *(f"127.0.0.1:{galera.nodes[n].port}" for n in OTHERS)]))
        self.node, self.url = galera.nodes[VICTIM], urls[OTHERS[0]]

    def found(self):
        run_sql(self.url, "SET SESSION wsrep_sync_wait = 15", "SHOW TABLES", "SELECT 1")
        return super().found()

    def anew(self, name):
        self.back()
        self.proxy.mend()
        return super().anew(name)

    def back(self):
        """The node is there again, with all that the others have."""
        if self.node.gone:
            self.node.start()
            self.node.gone = False

    def kill(self):
        self.node.gone = True
        self.node.kill()
        self.proxy.cut()


@pytest.fixture
def nodes(galera, galera_urls, tmp_path, a_tree_at_once):
    galera.nodes[VICTIM].gone = False
    found = Nodes(galera, galera_urls, tmp_path)
    with found.proxy:
        yield found
        found.back()


@pytest.mark.parametrize("name", [*GO_ON, "reclaim"])
def test_a_verb_goes_on_by_another_node_when_its_own_is_killed(nodes, galera_urls, name):
    """The first time as it commits in the midst of its changes, then anywhere. A reclaim goes on only where it has
    changed nothing."""
    start, end, octets = clean(nodes, name)
    middle, draw = nodes.proxy.commits // 2 + 1, random.Random(name)
    for number in range(MOMENTS):
        assert nodes.anew(name) == start
        moment = {"octets": draw.randrange(1, octets)} if number else {"commit": middle}
        nodes.proxy.at(**moment, then=nodes.kill)
        ran = nodes.run(name)
        assert nodes.node.gone and "Traceback" not in ran.err, (moment, ran)
        nodes.held_against(name, start, end)
        if name not in GO_ON and ran.code in (3, 75):
            ran = nodes.run(name)
        assert ran.code == 0 and nodes.found() == end, (moment, ran)
    nodes.back()
    for nodes.url in galera_urls:
        assert nodes.found() == end


@pytest.mark.parametrize("splits", [False, True])
def test_rows_come_to_every_node_by_load_data_in_one_transaction_or_by_insert(tmp_path, galera, galera_urls, splits):
    """A cluster may be set to commit what is loaded a few thousand rows at a time: then nothing is. More than it takes
    in one piece goes through in several."""
    store = command.planted(tmp_path / "opencode.db", trees=3, parts=40, pad=20_000)
    node = galera.nodes[VICTIM]
    settings = {"wsrep_max_ws_size": 1 << 20, "wsrep_load_data_splitting": "ON" if splits else "OFF"}
    run_sql(node.admin_url, *(f"SET GLOBAL {name} = {value}" for name, value in settings.items()))
    try:
        with stores.reached("mysql", galera_urls[VICTIM]) as place:
            assert place.connection.loads is not splits
        said = command.invoked("mirror", f"--to={galera_urls[VICTIM]}", f"--store={store}", inside=True)
    finally:
        run_sql(node.admin_url, *(f"SET GLOBAL {name} = DEFAULT" for name in settings))
    assert ("wsrep_load_data_splitting=OFF" in said.err) is splits
    for url in galera_urls:
        run_sql(url, "SET SESSION wsrep_sync_wait = 15", "SHOW TABLES", "SELECT 1")
        assert mirrored.copied(url) == mirrored.held(store)


def test_what_is_loaded_and_breaks_off_is_on_no_node(galera_urls):
    """Its first rows have gone to the other nodes by then."""
    run_sql(galera_urls[VICTIM], "CREATE TABLE rows_here (id BIGINT PRIMARY KEY, data LONGTEXT)")

    def broken():
        yield from ((number, "x" * 100_000) for number in range(100))
        raise Refusal("it broke off", 1)

    with stores.reached("mysql", galera_urls[VICTIM]) as place:
        place.on.execute(place.connection, "SET SESSION wsrep_trx_fragment_size = 1000000")
        place.engine_run("begin")
        with pytest.raises(Refusal, match="broke off"):
            place.on.write(place.connection, "rows_here", ("id", "data"), broken())
        place.roll_back()
        place.engine_run("begin")
        assert place.on.write(place.connection, "rows_here", ("id", "data"), iter([(1, "y")])) == 1
        place.engine_run("commit")
    for url in galera_urls:
        assert run_sql(url, "SET SESSION wsrep_sync_wait = 7", "SELECT id, data FROM rows_here") == [(1, "y")]
