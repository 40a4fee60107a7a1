"""A Galera cluster of three nodes: what one writes the others read, one run at a time in all of it, and a transaction
that loses, or a node that dies, costs nothing but time."""

import contextlib
import json
import random
import threading
import time
from unittest import mock
from urllib.parse import urlsplit

import command
import product
import pytest
import worlds
from by_url import run_sql
from forests import NOW
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.cascade import plan_read, shipment
from opencode_lifecycle.sql.cascade.execute import carry_out
from opencode_lifecycle.sql.cascade.witness import Look
from opencode_lifecycle.sql.transfer import carrier, mirror
from server_trees import *  # noqa: F403
from server_trees import OLD, TREES, applying, whole
from size import sized
from verbs import invoke, refused

NOTHING = Look(lambda _: None, lambda: None, lambda: None)


def database(urls):
    return urlsplit(urls[0]).path.lstrip("/")


def on_every_node(path, urls):
    """How many trees each node has, whole."""
    for url in urls:
        run_sql(url, "SET SESSION wsrep_sync_wait = 15", "SELECT 1 FROM session LIMIT 1")
    found = {whole(path, url) for url in urls}
    assert len(found) == 1
    return found.pop()


def test_every_verb_finds_on_its_node_what_another_verb_wrote_on_another(path, galera_urls):
    first, second, third = galera_urls
    assert not invoke("mirror", f"--store={path}", f"--to={first}").returncode
    assert json.loads(invoke("stats", "--json", f"--store={second}").stdout)["sessions"]["total"] == 2 * TREES
    assert not invoke("pin", "ses_1_child", f"--store={third}").returncode
    assert "ses_1_child" in invoke("pins", f"--store={first}").stdout
    done = invoke("prune", "--days=30", f"--now={NOW}", "--yes", f"--store={second}")
    assert done.returncode == 0 and on_every_node(path, galera_urls) == 1, done.stderr
    back = invoke("undo", "--yes", f"--store={second}")
    assert back.returncode == 0 and on_every_node(path, galera_urls) == TREES, back.stderr
    more = [("archive", "--older-than=30d", "--yes"), ("vacuum", "--yes"), ("migrate",)]
    for words in [("reclaim", "--yes", "--all-events", "--only=events"), *sized([], [], more)]:
        place = f"--to={third}" if words == ("migrate",) else f"--store={third}"
        done = invoke(*words, place)
        assert done.returncode == 0, done.stderr


def test_one_run_at_a_time_in_the_whole_cluster_and_a_dead_one_holds_nothing(path, galera_urls):
    worlds.load(path, galera_urls[0])
    with store.opened(galera_urls[0]) as place, place.only_run():
        assert list(place.on.rows(place.connection, "SELECT @@wsrep_sync_wait, @@in_transaction")) == [(7, 0)]
        assert "Another run" in refused(75, "prune", f"--store={galera_urls[1]}", "--days=30", "--yes")
        place.connection.holder._force_close()
        with store.opened(galera_urls[2]) as another, another.only_run(), pytest.raises(place.on.Error), \
                place.transaction():
            pass  # it notices before it writes
    with store.opened(galera_urls[1]) as place, place.only_run():
        pass


def test_a_batch_that_another_node_overtakes_is_done_again_and_spares_what_changed(path, galera_urls):
    worlds.load(path, galera_urls[0])
    _, _, text = product.planned(galera_urls[0], OLD, NOW)
    changes = iter([f"UPDATE session SET time_updated = {NOW} WHERE id = 'ses_2_child'"])

    def overtake():
        for change in changes:
            run_sql(galera_urls[1], change)
            time.sleep(0.3)  # until it is here, where it ends our transaction

    with store.opened(galera_urls[0]) as place:
        done = carry_out(plan_read.read(text, "plan.sql"), place, None, list, False, lambda _: None,
                         Look(lambda _: None, overtake, overtake))
    assert done.spared == {"ses_2": "changed"} and done.sessions == 2 * (TREES - 1) and not done.code


def test_what_is_more_than_the_cluster_takes_in_one_piece_goes_through_in_several(path, galera, galera_urls):
    worlds.load(path, galera_urls[0])
    many = "INSERT INTO event (id, aggregate_id, seq, type, data) " \
           "SELECT CONCAT('evt_', seq), 'ses_0', seq, 'x', REPEAT('z', 60000) FROM seq_1_to_60"
    run_sql(galera_urls[0], many, "UPDATE event_sequence SET seq = 60 WHERE aggregate_id = 'ses_0'")
    limit = "SET GLOBAL wsrep_max_ws_size = {}"
    try:
        for node in galera.nodes:
            run_sql(node.admin_url, limit.format(1 << 20))
        done = invoke("prune", f"--store={galera_urls[0]}", "--days=30", f"--now={NOW}", "--yes")
        assert done.returncode == 0, done.stderr
        assert on_every_node(path, galera_urls) == 0
        back = invoke("undo", "--yes", f"--store={galera_urls[0]}")
        assert back.returncode == 0, back.stderr
        assert run_sql(galera_urls[2], "SET wsrep_sync_wait = 7", "SELECT COUNT(*) FROM event") == [(2 * TREES + 60,)]
    finally:
        for node in galera.nodes:
            run_sql(node.admin_url, limit.format("DEFAULT"))


@pytest.mark.parametrize("victim", sized([0], [0], [0, 1]))
def test_a_removal_goes_on_with_another_node_when_one_is_killed(path, galera, galera_urls, one_tree_a_batch, victim):
    worlds.load(path, galera_urls[0])
    _, _, text = product.planned(galera_urls[0], OLD, NOW)
    with galera_back(galera, victim):
        several = galera.url(database(galera_urls))
        done = applying(several, text, lambda batch: batch == 2 and galera.nodes[victim].kill())
        assert (done.outcome.left, done.outcome.sessions) == ("", 2 * TREES)
        assert done.outcome.rows["session"] == 2 * TREES
        assert whole(path, galera_urls[2]) == 0
        if victim == 0:
            past = invoke("stats", f"--store={several}")
            assert past.returncode == 0, past.stderr
            assert "does not answer" in refused(69, "stats", f"--store={galera_urls[0]}")
    assert on_every_node(path, galera_urls) == 0


def test_a_mirror_goes_on_with_another_node_when_one_is_killed(path, galera, galera_urls):
    several = galera.url(database(galera_urls), 1, 2, 0)
    killed = iter([1])
    with galera_back(galera, 1), store.opened(str(path), write=False) as source, \
            store.reached(*store.server(several)) as target, mock.patch.object(carrier, "CHUNK_SESSIONS", 2):
        done = mirror.mirror(source, target, lambda *_: [galera.nodes[number].kill() for number in killed], origin="a")
        assert (done.stopped, done.sessions) == ("", 2 * TREES)
        assert whole(path, galera_urls[0]) == TREES
    assert on_every_node(path, galera_urls) == TREES
    assert run_sql(galera_urls[1], "SELECT COUNT(*) FROM lifecycle_copy WHERE vanished IS NULL") == [(2 * TREES,)]


@pytest.mark.parametrize("step", sized([], ["_carried"], ["_carried", "_send", "_record"]))
def test_an_eviction_into_the_cluster_removes_nothing_that_its_nodes_do_not_have(
        tmp_path, galera, galera_urls, monkeypatch, step):
    """The node that is written to dies: the others have it all, and are read, or nothing is removed."""
    hot = command.planted(tmp_path / "opencode.db", trees=4, parts=2, pad=100)
    before, several = command.dump(hot), galera.url(database(galera_urls), 1, 2, 0)
    place, killed = shipment if step == "_carried" else carrier.Carrier, []
    usual = getattr(place, step)

    def then(*given):
        done = usual(*given)
        if not killed:
            killed.append(galera.nodes[1].kill())
        return done
    monkeypatch.setattr(place, step, then)
    with galera_back(galera, 1):
        ran = command.invoke("prune", "--days=30", f"--now={NOW}", "--yes", f"--export-to={several}",
                             f"--store={hot}", inside=True)
        there = run_sql(galera_urls[0], "SET wsrep_sync_wait = 7", "SELECT COUNT(*) FROM session")[0][0]
        assert killed and "Traceback" not in ran.err
        assert (ran.code, there) == (0, 9) if command.dump(hot) != before else ran.code in (69, 75), ran
    command.invoked("prune", "--days=30", f"--now={NOW}", "--yes", f"--export-to={several}", f"--store={hot}",
                    inside=True)
    assert len(command.sessions_of(hot)) == 3
    command.invoked("undo", f"--from={galera_urls[2]}", f"--store={hot}", inside=True)
    assert command.dump(hot) == before


@contextlib.contextmanager
def galera_back(galera, number):
    """Whatever happens, the node is there again afterwards."""
    try:
        yield
    finally:
        galera.nodes[number].kill()
        galera.nodes[number].start()


def test_mirrors_and_prunes_at_once_on_three_nodes_leave_whole_trees_and_no_deadlock(path, galera_urls):
    worlds.load(path, galera_urls[0])
    until, ended = time.monotonic() + sized(4, 4, 300), []

    def work(*words):
        while time.monotonic() < until:
            done = invoke(*words)
            ended.append((words[0], done.returncode, done.stderr))

    first, second, third = galera_urls
    threads = [threading.Thread(target=work, args=words) for words in (
        ("mirror", f"--store={path}", f"--to={first}"), ("mirror", f"--store={path}", f"--to={second}"),
        ("prune", "--days=30", f"--now={NOW}", "--yes", "--no-export", f"--store={third}"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {code for _, code, _ in ended} <= {0, 75}, ended
    assert all(code == 0 or "Another run" in said for _, code, said in ended), ended
    assert invoke("mirror", f"--store={path}", f"--to={second}").returncode == 0
    assert on_every_node(path, galera_urls) == TREES


@pytest.mark.parametrize("moment", range(sized(0, 0, 20)))
def test_a_node_killed_at_any_moment_leaves_whole_trees_and_the_next_run_finishes(path, galera, galera_urls, moment):
    """Before every odd one a mirror is under way, before every even one a prune; the node may be any of the three."""
    draw = random.Random(moment)
    several, victim = galera.url(database(galera_urls)), draw.randrange(3)
    left = next(url for number, url in enumerate(galera_urls) if number not in (0, victim))
    verbs = {"mirror": ("mirror", f"--store={path}", f"--to={several}"),
             "prune": ("prune", "--days=30", f"--now={NOW}", "--yes", "--no-export", f"--store={several}")}
    worlds.load(path, galera_urls[0])
    if moment % 2:
        run_sql(galera_urls[0], *(f"DELETE FROM {table}" for table in (
            "event_sequence", "event", "part", "message", "session", "lifecycle_copy")))
    verb = verbs["mirror" if moment % 2 else "prune"]
    with galera_back(galera, victim):
        timer = threading.Timer(draw.uniform(0.3, 2.5), galera.nodes[victim].kill)
        timer.start()
        done = invoke(*verb)
        timer.join()
        assert done.returncode in (0, 3, 75), done.stderr
        assert 0 <= whole(path, left) <= TREES
        again = invoke(*verb)
        assert again.returncode in (0, 69), again.stderr
        assert whole(path, left) == (TREES if moment % 2 else 0)
    assert on_every_node(path, galera_urls) == (TREES if moment % 2 else 0)
