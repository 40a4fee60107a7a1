"""The network stalls, the tool is killed, or the server is, at any moment of what goes to a server or comes from there:
no tree is there in part, nothing went that is nowhere else, and the next run finishes."""

import contextlib
import os
import random
import signal
import warnings
from urllib.parse import urlsplit

import by_url
import command
import pytest
from broken_off import *  # noqa: F403
from broken_off import MOMENTS, OTHERS, SHIP, TREES, VERBS, World, at_moments, clean
from opencode_lifecycle.sql.store import Store
from size import sized


@pytest.fixture
def world(url, tmp_path, a_tree_at_once):
    found = World(url, tmp_path)
    with found.proxy:
        yield found


@pytest.mark.parametrize("name", sized(["evict"], ["evict"], VERBS))
def test_a_network_that_stalls_is_noticed_and_the_next_run_finishes(world, name, say):
    def stall(moment, draw):
        world.proxy.at(moment, swallow=draw.random() < 0.5)
        return world.run(name)

    say(at_moments(world, name, stall, (3, 69, 75)))


@pytest.mark.parametrize("name", sized(["evict"], ["evict"], SHIP))
def test_a_tool_that_is_killed_while_it_ships_leaves_whole_trees_and_the_next_run_finishes(world, name, say):
    def kill(moment, draw):
        world.proxy.at(moment, then=lambda: os.kill(child, signal.SIGKILL), swallow=True)
        child = forked(lambda: world.run(name))
        return command.Ran(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "", "")

    say(at_moments(world, name, kill, (-signal.SIGKILL,)))


# Of what changes, its last commits: a tree each, and of the reclaimed events, six a tree, four each.
BATCHES = {"prune": TREES - 1, "archive": TREES - 1, "reclaim": (TREES * 6 + 3) // 4}


@pytest.mark.parametrize("name", sized(["prune"], ["prune"], BATCHES))
def test_what_a_commit_that_nobody_answers_did_can_be_taken_back(world, name):
    """It counts as done: nobody knows, and the history has to lead to what is gone."""
    start, _, _ = clean(world, name)
    last = world.proxy.commits
    assert world.anew(name) == start
    world.proxy.at(commit=last - BATCHES[name] + 1)
    ran = world.run(name)
    assert ran.code == 75 and "is not known" in ran.sentence, ran
    world.proxy.mend()
    assert world.found() != start
    command.invoked("undo", "--yes", f"--store={world.place}", inside=True)
    assert world.found() == start


@pytest.mark.parametrize("name", sized(["reclaim"], ["reclaim"], BATCHES))
def test_what_was_done_before_the_connection_was_lost_is_told_and_can_be_taken_back(world, name):
    start, end, _ = clean(world, name)
    last = world.proxy.commits
    assert world.anew(name) == start
    world.proxy.at(commit=last - BATCHES[name] + 2)
    ran = world.run(name)
    assert ran.code == 3 and ran.sentence.startswith("Stopped with work left: "), ran
    world.proxy.mend()
    assert world.held_against(name, start, end) not in (start, end)
    command.invoked("undo", "--yes", f"--store={world.place}", inside=True)
    assert world.found() == start


def forked(work):
    """A process like this one that does a piece of work; its number."""
    begin, told = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the other thread is the proxy's, and holds nothing
        child = os.fork()
    if not child:
        os.read(begin, 1)
        work()
        os._exit(0)
    os.write(told, b"x")
    os.close(begin)
    os.close(told)
    return child


@pytest.mark.parametrize("name", sized([], [], SHIP))
def test_a_server_that_is_killed_while_it_is_shipped_to_has_whole_trees_and_the_next_run_finishes(
        durable, tmp_path, a_tree_at_once, name, say):
    world = World(by_url.create_database(durable.admin_url), tmp_path)

    def kill(moment, draw):
        world.proxy.at(moment, then=durable.kill, swallow=True)
        return world.run(name)

    with world.proxy:
        say(at_moments(world, name, kill, (3, 69, 75), durable.start))


@pytest.mark.parametrize("name", sized(["archive"], ["archive"], [name for name in OTHERS if name != "migrate"]))
def test_a_verb_goes_on_by_another_host_where_its_own_is_cut_off(world, name):
    """The other host leads to the same server. A reclaim goes on only where it has changed nothing."""
    own = f"127.0.0.1:{world.proxy.port}"
    world.place = world.place.replace(own, f"{own},127.0.0.1:{urlsplit(world.url).port}")
    start, end, octets = clean(world, name)
    draw = random.Random(name)
    for _ in range(MOMENTS):
        assert world.anew(name) == start
        moment = draw.randrange(1, octets)
        world.proxy.at(moment, then=world.proxy.cut)
        ran = world.run(name)
        if name == "reclaim" and ran.code == 3:
            ran = world.run(name)
        assert ran.code == 0 and world.found() == end, (moment, ran)
        world.proxy.mend()


@pytest.mark.parametrize("name", ["archive", "restore", "undo"])
def test_a_verb_goes_on_by_another_host_where_its_own_is_cut_off_between_two_transactions(world, monkeypatch, name):
    """What it prepares before the next one is lost with the connection."""
    own = f"127.0.0.1:{world.proxy.port}"
    world.place = world.place.replace(own, f"{own},127.0.0.1:{urlsplit(world.url).port}")
    start, end, _ = clean(world, name)
    assert world.anew(name) == start
    done, usual = [], Store.transaction

    @contextlib.contextmanager
    def transaction(store):
        with usual(store):
            yield
        done.append(1)
        if len(done) == 1:
            world.proxy.at(1, then=world.proxy.cut)

    monkeypatch.setattr(Store, "transaction", transaction)
    ran = world.run(name)
    assert len(done) > 1 and world.proxy.cut_off and ran.code == 0 and world.found() == end, ran
