"""A plan that an error or a lock stops in the engine's own shell leaves whole trees."""

import contextlib
import subprocess
import time

import by_url
import engines_here
import faulty
import private_servers
import product
import pytest
import worlds
from by_url import run_sql
from forests import NOW
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.cascade import plan_read
from opencode_lifecycle.sql.cascade import removal as prune
from server_trees import *  # noqa: F403
from server_trees import OLD, TREES, locked, quick_locks, whole
from size import FULL


def test_an_error_after_any_statement_of_a_plan_leaves_whole_trees_in_the_engines_own_shell(
        path, url, one_tree_a_batch):
    worlds.load(path, url)
    _, plan, text = product.planned(url, OLD, NOW)
    with store.opened(url) as place:
        pieces = [text for text, _ in faulty.pieces(plan, place.catalog)]
    assert plan.batches == TREES
    seen = set()
    fault = "SELECT broken FROM nowhere;\n"
    for cut in range(3, len(pieces), 1 if FULL else 7):
        done = by_url.run_shell(url, "".join([*pieces[:cut], fault, *pieces[cut:]]))
        assert done.returncode != 0 and "nowhere" in done.stderr
        left = whole(path, url)
        seen.add(left)
        if left < TREES:
            worlds.load(path, url)
    assert len(seen) > 2


def test_an_error_inside_of_a_procedure_leaves_whole_trees_in_the_shell_and_by_our_runner(
        path, url, one_tree_a_batch):
    """In the second batch: what it had deleted comes back, the first batch stays."""
    worlds.load(path, url)
    _, _, text = product.planned(url, OLD, NOW)
    engine = "postgres" if by_url.is_postgres(url) else "mysql"
    texts, reached = list(faulty.broken(text, faulty.FAULTS[engine]))[::1 if FULL else 3], 0
    for number, broken in enumerate(texts):
        for run in (in_shell, by_us) if FULL or number % 2 == 0 else (in_shell,):
            stopped = run(url, broken)
            left = whole(path, url)
            assert left == (TREES - 1 if stopped else 0)
            worlds.load(path, url)
        reached += stopped
    # Not of a slice of a log, nor after the last statement.
    assert reached > (40 if FULL else 13) and len(texts) - reached < (12 if FULL else 5)


def in_shell(url, text):
    done = by_url.run_shell(url, text)
    assert (done.returncode != 0) == (faulty.FAULT in done.stderr)
    return done.returncode != 0


def by_us(url, text):
    with store.opened(url) as place, faulty.carried_out(text):
        done = prune.run(place, plan_read.read(text, "plan"), None, "apply", "", lambda _: None).outcome
    assert (done.code == 3) == bool(done.left)
    return done.code == 3


TABLES = ("session", "message", "part", "event", "event_sequence", "todo")


def held_tables(url, stack):
    """Other sessions hold every table that can be had at once; how many they got."""
    statement = "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE NOWAIT" if by_url.is_postgres(url) else \
        "LOCK TABLES {} WRITE NOWAIT"
    return sum(bool(held(url, stack, statement.format(table))) for table in TABLES)


def held_rows(url, stack):
    """Other sessions hold every row that can be had at once; how many they got."""
    return sum(held(url, stack, f"SELECT * FROM {table} FOR UPDATE SKIP LOCKED") for table in TABLES)


def held(url, stack, statement):
    """Run a statement that locks in a session of its own; the rows it gave, or whether it got its lock."""
    cursor = stack.enter_context(contextlib.closing(by_url.connect(url))).cursor()
    cursor.execute("BEGIN")
    engine = private_servers.Postgres if by_url.is_postgres(url) else private_servers.MariaDB
    try:
        cursor.execute(statement)
    except engines_here.driver(*engine.driver).OperationalError:
        return 0
    return len(cursor.fetchall()) if cursor.description else 1


def interrupted(url, before, between, after):
    """Feed a script to the engine's own shell, and call `between` once it has carried out what comes before."""
    argv, environment = by_url.shell(url, *(() if by_url.is_postgres(url) else ("--unbuffered",)))
    with subprocess.Popen(argv, env=environment, encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        process.stdin.write(before + "SELECT 'half way';\n")
        process.stdin.flush()
        for line in process.stdout:
            if "half way" in line:
                break
        between()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(after)
            process.stdin.close()
        process.stdout.read()
        said = process.stderr.read()
    return process.returncode, said


@pytest.mark.parametrize("locks", [held_tables, held_rows])
def test_a_lock_before_any_statement_of_a_plan_leaves_whole_trees_in_the_engines_own_shell(
        path, url, one_tree_a_batch, locks, say):
    worlds.load(path, url)
    _, plan, text = product.planned(url, OLD, NOW)
    with store.opened(url) as place:
        pieces = [quick_locks(text) for text, _ in faulty.pieces(plan, place.catalog)]
    begun = [number for number, text in enumerate(pieces) if text.startswith("INSERT INTO lc_batch")]
    places = range(3, len(pieces)) if FULL else (begun[1], begun[2] + 1)
    stopped, seen = 0, set()
    for cut in places:
        with contextlib.ExitStack() as stack:
            code, said = interrupted(url, "".join(pieces[:cut]), lambda: locks(url, stack), "".join(pieces[cut:]))
        left = whole(path, url)
        assert "lock" in said.lower() if code else left == 0, (cut, code, said)
        stopped += code != 0
        seen.add(left)
        if left < TREES:
            worlds.load(path, url)
    say(f"a lock before {len(places)} statements of {len(pieces)} stopped {stopped}; trees left: {sorted(seen)}")
    assert stopped > len(places) // 2 and len(seen) > (2 if FULL else 1)


WAITS = {  # in the second batch, for a lock that the test holds until it has taken others
    "postgres": "IF (SELECT MAX(b.number) FROM lc_batch AS b) = 2 THEN PERFORM pg_advisory_xact_lock(4711); END IF;",
    "mysql": "IF (SELECT MAX(b.number) FROM lc_batch AS b) = 2 THEN DO GET_LOCK('half way', 60); "
             "DO RELEASE_LOCK('half way'); END IF;",
}
HOLDS = {"postgres": "SELECT pg_advisory_lock(4711)", "mysql": "SELECT GET_LOCK('half way', 0)"}
RELEASES = {"postgres": "SELECT pg_advisory_unlock(4711)", "mysql": "SELECT RELEASE_LOCK('half way')"}
WAITING = {"postgres": "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted "
                       "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
           "mysql": "SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE = 'User lock'"}


@pytest.mark.parametrize("locks", [held_tables, held_rows])
def test_a_lock_inside_of_a_procedure_leaves_whole_trees_in_the_engines_own_shell(
        path, url, one_tree_a_batch, locks, say):
    worlds.load(path, url)
    _, _, text = product.planned(url, OLD, NOW)
    engine = "postgres" if by_url.is_postgres(url) else "mysql"
    texts = list(faulty.broken(quick_locks(text), WAITS[engine]))
    stopped, seen, texts = 0, set(), texts if FULL else texts[::12]
    for text in texts:
        code, said = met_inside(url, text, engine, locks)
        left = whole(path, url)
        # Where the second batch had all its locks by then, it is one of the later ones that stops.
        assert 0 < left < TREES and "lock" in said.lower() if code else left == 0, (left, code, said)
        stopped += code != 0
        seen.add(left)
        worlds.load(path, url)
    say(f"a lock at {len(texts)} places inside of the procedures stopped {stopped}; trees left: {sorted(seen)}")
    assert stopped > 1


def met_inside(url, text, engine, locks):
    """Run a plan in the shell; others take what locks they can while it waits in the middle of a procedure."""
    with contextlib.ExitStack() as stack:
        holder = stack.enter_context(contextlib.closing(by_url.connect(url))).cursor()
        holder.execute(HOLDS[engine])
        argv, environment = by_url.shell(url)
        shell = stack.enter_context(subprocess.Popen(argv, env=environment, encoding="utf-8", stdin=subprocess.PIPE,
                                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        shell.stdin.write(text)
        shell.stdin.close()
        while shell.poll() is None and not run_sql(url, WAITING[engine]):
            time.sleep(0.02)
        locks(url, stack)
        holder.execute(RELEASES[engine])
        said = shell.stderr.read()
        shell.stdout.read()
        return shell.wait(), said


@pytest.mark.parametrize("table", TABLES)
def test_a_table_that_another_session_holds_stops_the_shell_with_whole_trees(path, url, one_tree_a_batch, table):
    worlds.load(path, url)
    _, _, text = product.planned(url, OLD, NOW)
    with locked(url, table):
        done = by_url.run_shell(url, quick_locks(text))
    assert done.returncode != 0 and whole(path, url) == TREES
