"""The benchmark measures what it says: a store the client could have written, and a rival that is right."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from forest import DAY, NOW
from make_store import make, make_small
from rival import OLDEST
from rival import sqlite3 as library

RIVAL = Path(__file__).with_name("rival.py")
SIZE = 20_000_000
modern = pytest.mark.skipif(library.sqlite_version_info < OLDEST, reason="the rival needs a newer SQLite")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("benchmark") / "opencode.db"
    make(path, SIZE)
    return path


@pytest.fixture
def db(store):
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    yield connection
    connection.close()


@pytest.mark.parametrize("script, each", [("small_parts.sql", (1, 10, 100, 30, 1)),
                                          ("small_sessions.sql", (1, 2, 4, 2, 1))])
def test_a_store_of_small_rows_has_as_many_as_were_asked_for(tmp_path, script, each):
    make_small(tmp_path / "opencode.db", script, 10)
    db = sqlite3.connect(tmp_path / "opencode.db")
    assert each == tuple(db.execute(f"SELECT COUNT(*) / 10.0 FROM {table}").fetchone()[0]
                         for table in ("session", "message", "part", "event", "event_sequence"))
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("SELECT COUNT(*) FROM part WHERE NOT json_valid(data)").fetchone() == (0,)
    assert db.execute("SELECT MAX(time_updated) FROM session").fetchone()[0] < NOW
    db.close()


def rival(what, store):
    done = subprocess.run([sys.executable, RIVAL, what, store, f"--now={NOW}"],
                          check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def ids(db):
    return {id for (id,) in db.execute("SELECT id FROM session")}


def removable(db):
    """Sessions of trees with nothing newer than 30 days, climbing parent by parent."""
    sessions = {id: facts for id, *facts in db.execute("""
        SELECT s.id, s.parent_id, max(s.time_updated, coalesce(max(m.time_updated), 0)), s.share_url
        FROM session s LEFT JOIN message m ON m.session_id = s.id GROUP BY s.id""")}
    trees = {}
    for id in sessions:
        root = id
        while sessions[root][0] in sessions:
            root = sessions[root][0]
        trees.setdefault(root, []).append(id)
    return {id for ids in trees.values() for id in ids
            if not any(sessions[one][2] or sessions[one][1] >= NOW - 30 * DAY for one in ids)}


def test_the_size_is_the_one_asked_for(store):
    assert 0.8 * SIZE < store.stat().st_size < 1.25 * SIZE


def test_the_same_seed_gives_the_same_bytes(store, tmp_path):
    make(tmp_path / "again.db", SIZE)
    assert (tmp_path / "again.db").read_bytes() == store.read_bytes()


def test_the_file_is_as_the_client_makes_it(db):
    assert [db.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "page_size", "auto_vacuum", "freelist_count")] == ["wal", 4096, 0, 0]


@pytest.mark.parametrize("table", ["message", "part", "event"])
def test_all_data_is_json_text(db, table):
    bad = f"SELECT count(*) FROM {table} WHERE typeof(data) <> 'text' OR NOT json_valid(data)"
    assert db.execute(bad).fetchone() == (0,)


def test_an_event_repeats_its_part_in_full(db):
    """The last event of a part holds what its row holds, and the ids beside."""
    events, rows = db.execute("""
        SELECT count(*),
          sum(json_remove(e.data ->> '$.part', '$.id', '$.sessionID', '$.messageID') = json(p.data))
        FROM part p JOIN event e ON e.aggregate_id = p.session_id AND e.data ->> '$.part.id' = p.id
        WHERE e.seq = (SELECT max(seq) FROM event x WHERE x.aggregate_id = p.session_id
                       AND x.data ->> '$.part.id' = p.id)
        AND p.session_id IN (SELECT DISTINCT aggregate_id FROM event LIMIT 5)""").fetchone()
    assert events == rows > 0


@modern
def test_the_rival_removes_whole_old_trees_and_nothing_else(store, db, tmp_path):
    copy = tmp_path / "copy.db"
    copy.write_bytes(store.read_bytes())
    before = ids(db)
    expected = removable(db)
    done = rival("prune", copy)
    after = sqlite3.connect(copy)
    assert ids(after) == before - expected
    assert 0.6 < len(expected) / len(before) < 0.95
    assert done["session"] == len(expected)
    for table in ("message", "part", "todo", "event", "event_sequence"):
        key = "aggregate_id" if table.startswith("event") else "session_id"
        counts = db.execute(f"SELECT {key}, count(*) FROM {table} GROUP BY 1")
        assert done[table] == sum(count for id, count in counts if id in expected)
    assert after.execute("PRAGMA freelist_count").fetchone() == (0,)
    after.close()


@modern
def test_the_rival_cuts_the_same_ids_from_the_text_that_json_finds(store, db):
    """Its shortcut through the head of the text, against plain JSON."""
    figures = rival("deep", store)
    newest = {}
    rows = db.execute("""
        SELECT aggregate_id, type, coalesce(data ->> '$.part.id', data ->> '$.info.id', aggregate_id),
          length(CAST(data AS BLOB))
        FROM event WHERE aggregate_id IN (SELECT id FROM session) ORDER BY seq""").fetchall()
    for aggregate, kind, entity, octets in rows:
        newest[aggregate, kind, entity] = octets
    gains = {row["kind"]: (row["n"], row["bytes"]) for row in figures["reclaimable"]}
    assert gains["events"] == (len(rows) - len(newest), sum(row[3] for row in rows) - sum(newest.values()))
    kinds = db.execute("SELECT data ->> '$.type', count(*) FROM part GROUP BY 1").fetchall()
    assert {row["kind"]: row["n"] for row in figures["parts"]} == dict(kinds)
