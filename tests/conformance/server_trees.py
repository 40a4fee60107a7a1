"""Trees on a server whose removal is disturbed, and how many of them are whole afterwards."""

import contextlib
import sqlite3
from unittest import mock

import by_url
import forests
import moments
import odd_values
import oracle
import pytest
import worlds
from forests import Recipe, Row, Session
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.cascade import plan_file as script
from opencode_lifecycle.sql.cascade import plan_read
from opencode_lifecycle.sql.cascade import removal as prune
from opencode_lifecycle.sql.engines.sqlite import client_probe as live

__all__ = ["one_tree_a_batch", "path"]  # fixtures


SCHEMA = "1.18.33"
OLD = oracle.Policy(max_age_ms=30 * moments.DAY)
TREES = 4


def rows_of(id):
    return [Row("message", {"id": f"msg_{id}", "session_id": id, "data": odd_values.DONE}),
            Row("part", {"id": f"prt_{id}", "message_id": f"msg_{id}", "session_id": id, "data": odd_values.PARTS[0]}),
            Row("event", {"id": f"evt_{id}", "aggregate_id": id, "seq": 0, "data": "{}"}),
            Row("event_sequence", {"aggregate_id": id})]


def forest():
    """Trees of two sessions, each with rows in every table that matters."""
    sessions, rows = [], []
    for number in range(TREES):
        for id, parent in ((f"ses_{number}", None), (f"ses_{number}_child", f"ses_{number}")):
            sessions.append(Session(id, parent))
            rows += rows_of(id)
    return Recipe(sessions, rows=rows)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return forests.build(forest(), tmp_path_factory.mktemp("faults") / "s.db", SCHEMA)


def whole(path, url):
    """How many trees are there still; fails if one is there in part."""
    left, full = worlds.dump(url), worlds.file_dump(path)
    con = sqlite3.connect(path)
    known = {table: worlds_key(con, table) for table in ("session", "message", "part", "event", "event_sequence")}
    con.close()
    present = set()
    for number in range(TREES):
        mine = {table: [row for row in rows if f"ses_{number}" in str(row[known[table]])]
                for table, rows in full.items() if table in known}
        there = {table: [row for row in mine[table] if row in left[table]] for table in mine}
        assert there == mine or not any(there.values()), f"tree {number} is there in part"
        if any(there.values()):
            present.add(number)
    return len(present)


def worlds_key(con, table):
    names = sorted(row[1] for row in con.execute(f"PRAGMA table_info({table})"))
    return names.index({"session": "id", "event": "aggregate_id", "event_sequence": "aggregate_id"}
                       .get(table, "session_id"))


@pytest.fixture
def one_tree_a_batch():
    with mock.patch.object(script, "BATCH_SESSIONS", 2):
        yield


def applying(url, text, progress):
    """Carry out a plan and hear of each batch; the run."""
    with store.opened(url) as place, live.watching(place.path) as probe:
        plan = plan_read.read(text, "plan.sql")
        return prune.run(place, plan, probe, "apply", "", progress)


def quick_locks(text):
    """The same plan, less patient."""
    quick = text.replace("lock_timeout = '10s'", "lock_timeout = '100ms'")
    return quick.replace("wait_timeout = 10", "wait_timeout = 1")


@contextlib.contextmanager
def impatient():
    real = script.engine_sql

    def quick(dialect, name, **values):
        return [script.Statement(quick_locks(one.sql), one.comment) for one in real(dialect, name, **values)]

    with mock.patch.object(script, "engine_sql", quick):
        yield


@contextlib.contextmanager
def locked(url, table):
    """Another session holds a table, as an ALTER or a backup would."""
    with contextlib.closing(by_url.connect(url)) as other, other.cursor() as cursor:
        if by_url.is_postgres(url):
            cursor.execute("BEGIN")
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        else:
            cursor.execute(f"LOCK TABLES {table} WRITE")
        yield
