"""A tree too large for one transaction: its event log goes first, in slices; the rest in one, or not at all."""

import contextlib
import sqlite3
from unittest import mock

import moments
import oracle
import product
import pytest
from forests import NOW, Recipe, Row, Session, build
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.cascade import execute as apply
from opencode_lifecycle.sql.cascade import plan_file as script
from opencode_lifecycle.sql.cascade import plan_read
from opencode_lifecycle.sql.cascade import removal as prune
from opencode_lifecycle.sql.engines.sqlite import client_probe as live

pytestmark = pytest.mark.whole

KB = 1_000
OLD = NOW - 90 * moments.DAY
ASKED = oracle.Policy(max_age_ms=30 * moments.DAY)


@pytest.fixture
def huge(tmp_path):
    """One tree of two sessions with 60 events of 2 KB and 40 parts of 3 KB, and a small one beside it."""
    sessions = [Session("ses_a", updated=OLD), Session("ses_b", parent="ses_a", updated=OLD),
                Session("ses_small", updated=OLD - 1)]
    rows = [Row("event_sequence", {"aggregate_id": id, "seq": 29}) for id in ("ses_a", "ses_b")]
    rows += [Row("event", {"id": f"evt_{id}_{n}", "aggregate_id": id, "seq": n, "type": "message.part.updated.1",
                           "data": '{"part":"~PAD~"}'}, 2 * KB) for id in ("ses_a", "ses_b") for n in range(30)]
    rows += [Row("message", {"id": "msg_1", "session_id": "ses_a", "time_updated": OLD, "data": "{}"})]
    rows += [Row("part", {"id": f"prt_{n}", "message_id": "msg_1", "session_id": "ses_a", "time_updated": OLD,
                          "data": '{"type":"text","text":"~PAD~"}'}, 3 * KB) for n in range(40)]
    path = build(Recipe(sessions, rows=rows), tmp_path / "s.db", "1.18.33")
    with mock.patch.object(script, "BATCH_BYTES", 20 * KB), mock.patch.object(script, "SLICE_BYTES", 30 * KB):
        yield path


def counts(path):
    with contextlib.closing(sqlite3.connect(path)) as con:
        return {table: con.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
                for table in ("session", "part", "event", "event_sequence")}


def test_the_log_of_a_huge_tree_is_cut_where_its_octets_say(huge):
    _, plan, text = product.planned(huge, ASKED, NOW)
    throughs = [cut.through for cut in plan.slices]
    assert len(throughs) >= 4 and throughs == sorted(throughs) and throughs[-1] == 29
    assert text.count("BEGIN IMMEDIATE; ") == plan.batches + len(throughs)


def test_no_slice_is_larger_than_the_limit_and_one_event(huge):
    _, plan, _ = product.planned(huge, ASKED, NOW)
    edges = [-1, *(cut.through for cut in plan.slices)]
    with contextlib.closing(sqlite3.connect(huge)) as con:
        for low, high in zip(edges, edges[1:], strict=False):
            octets = con.execute("SELECT SUM(LENGTH(CAST(data AS BLOB))) FROM event WHERE seq > ? AND seq <= ?",
                                 (low, high)).fetchone()[0]
            assert octets <= 30 * KB + 2 * 2_100


def test_after_a_kill_between_slices_the_tree_is_whole_but_for_its_log_and_a_second_run_finishes(huge):
    _, plan, text = product.planned(huge, ASKED, NOW)
    began = [i for i, line in enumerate(text.splitlines()) if line.startswith("BEGIN IMMEDIATE; ")]
    cut = "\n".join(text.splitlines()[:began[3]])  # the small tree and two slices are done
    con = sqlite3.connect(huge)
    con.executescript("\n".join(line for line in cut.splitlines() if not line.startswith(".")))
    con.close()
    found = counts(huge)
    assert found["session"] == 2 and found["part"] == 40 and 0 < found["event"] < 60 and found["event_sequence"] == 2
    done = product.applied(huge, text)
    assert not done.outcome.spared and counts(huge) == {"session": 0, "part": 0, "event": 0, "event_sequence": 0}


def test_a_tree_too_big_for_one_transaction_stays_while_a_client_is_attached(huge):
    _, _, text = product.planned(huge, ASKED, NOW)
    plan = plan_read.read(text, "plan.sql")
    with (store.opened(str(huge)) as place, mock.patch.object(apply, "TOO_BIG_WHILE_OPEN", 50 * KB),
          mock.patch.object(live.Probe, "client", lambda _: 4711), live.watching(place.path) as probe):
        done = prune.run(place, plan, probe, "apply", "", lambda _: None)
    assert (done.outcome.code, done.outcome.spared) == (3, {"ses_a": "too-big-while-open"})
    assert counts(huge) == {"session": 2, "part": 40, "event": 60, "event_sequence": 2}
    assert product.applied(huge, text).outcome.code == 0 and counts(huge)["session"] == 0
