"""A mirror after a reclaim at the source: row by row the copy keeps what it alone still holds, and says so."""

import json
import sqlite3

import by_url
import command
import engines_here
import forests
import moments
import moved
import private_servers
import pytest
from command import invoked, judge_by
from forests import LONG_AGO, NOW, Row, Session
from opencode_lifecycle.sql import store as stores

pytestmark = pytest.mark.whole  # on servers

OUTPUT = '{"type":"tool","tool":"bash","state":{"status":"completed","input":{},"output":"%s","metadata":{},' \
         '"title":"t","time":{"start":1,"end":2,"compacted":1700000000000}}}'
DIFFS = '{"role":"user","summary":{"diffs":[{"file":"a"},{"file":"b"}]}}'
REVERT = '{"messageID":"msg_1","diff":"d"}'
LATER = NOW - 10 * moments.DAY


@pytest.fixture(scope="module", params=[private_servers.Postgres, private_servers.MariaDB])
def server(request):
    with engines_here.engines_wanted(), request.param() as found:
        yield found


@pytest.fixture
def url(server):
    with by_url.fresh_database(server.admin_url) as found:
        yield found


@pytest.fixture
def store(tmp_path):
    """A session of which every kind takes something, and one of which none does."""
    rows = [Row("message", {"id": "msg_1", "session_id": "ses_1", "time_updated": LONG_AGO, "data": DIFFS}),
            *(Row("part", {"id": f"prt_{n}", "message_id": "msg_1", "session_id": "ses_1", "time_updated": LONG_AGO,
                           "data": OUTPUT % ("old output " * 9)}) for n in range(3)),
            Row("event_sequence", {"aggregate_id": "ses_1", "seq": 5}),
            *(Row("event", {"id": f"evt_{seq}", "aggregate_id": "ses_1", "seq": seq, "type": "session.updated.1",
                            "data": '{"info":{"id":"ses_1"}}'}) for seq in range(6))]
    sessions = [Session("ses_1", columns={"summary_diffs": '[{"file":"a"}]', "revert": REVERT}), Session("ses_2")]
    return forests.build(forests.Recipe(sessions, rows=rows), tmp_path / "opencode.db", "1.18.33")


def copied(store, url, *flags, code=0):
    return invoked("mirror", f"--to={url}", f"--store={store}", "--json", *flags, inside=True, code=code).json


def reclaim(store, *kinds, more=("--all-events",)):
    invoked("reclaim", f"--only={','.join(kinds)}", "--older-than=0d", judge_by(), *more, "--yes", f"--store={store}",
            inside=True)


def write(store, *statements):
    con = sqlite3.connect(store)
    with con:
        for statement in statements:
            con.execute(statement)
    con.close()


def rows(where, table, key="id"):
    """The rows of a store or a copy by key, columns that say nothing left out."""
    with stores.opened(str(where)) as place:
        names = place.catalog.columns[table]
        quoted = ", ".join(f'"{name}"' if "mysql" not in str(where) else f"`{name}`" for name in names)
        found = list(place.on.rows(place.connection, f"SELECT {quoted} FROM {table}"))
    at = names.index(key)
    return {row[at]: {n: v for n, v in zip(names, row, strict=True) if v is not None} for row in found}


def test_a_source_that_was_reclaimed_and_written_to_later_takes_nothing_from_the_copy(store, url):
    copied(store, url)
    full = {table: rows(store, table) for table in ("part", "message", "session", "event")}
    reclaim(store, "events", "compacted", "diffs")
    write(store,
          f"UPDATE session SET title = 'went on', time_updated = {LATER} WHERE id = 'ses_1'",
          f"INSERT INTO part SELECT 'prt_new', message_id, session_id, {LATER}, {LATER}, '{{}}' FROM part LIMIT 1",
          f"UPDATE part SET data = '{{\"type\":\"text\"}}', time_updated = {LATER} WHERE id = 'prt_2'",
          "INSERT INTO event SELECT 'evt_6', aggregate_id, 6, 'session.updated.1', '{}' FROM event_sequence",
          "UPDATE event_sequence SET seq = 6")
    now = {table: rows(store, table) for table in full}
    done = copied(store, url)
    assert done["richer"] == ["ses_1"]
    assert done["richer_rows"] == {"ses_1": {"part": 2, "message": 1, "event": 6, "session": 1}}
    assert rows(url, "part") == full["part"] | {id: now["part"][id] for id in ("prt_2", "prt_new")}
    assert rows(url, "message") == full["message"]
    assert rows(url, "event") == full["event"] | now["event"]
    kept = {"summary_diffs": '[{"file":"a"}]'}
    assert rows(url, "session") == now["session"] | {"ses_1": now["session"]["ses_1"] | kept}
    assert copied(store, url)["changed"] == 0
    assert copied(store, url, "--all")["richer_rows"] == done["richer_rows"], "the same the next time"
    done = copied(store, url, "--poorer")
    assert done["richer"] == []
    assert {table: rows(url, table) for table in full} == now


def test_a_revert_that_lost_its_diff_alone_keeps_it(store, url):
    copied(store, url)
    reclaim(store, "diffs")
    assert copied(store, url)["richer_rows"] == {"ses_1": {"message": 1, "session": 1}}
    kept = rows(url, "session")["ses_1"]
    assert (kept["revert"], kept["summary_diffs"]) == (REVERT, '[{"file":"a"}]')
    write(store, f"UPDATE session SET revert = NULL, time_updated = {LATER}")
    copied(store, url)
    assert "revert" not in rows(url, "session")["ses_1"], "what the client took back is taken back"


def test_what_the_client_deleted_goes_from_the_copy_and_a_log_that_began_anew_stands_alone(store, url):
    copied(store, url)
    write(store, "PRAGMA foreign_keys = ON", "DELETE FROM part WHERE id = 'prt_0'", "DELETE FROM event",
          "UPDATE event_sequence SET seq = 0",
          "INSERT INTO event VALUES ('evt_anew', 'ses_1', 0, 'session.created.1', '{}')")
    copied(store, url)
    assert rows(url, "event") == rows(store, "event") and rows(url, "part") == rows(store, "part")


def test_rows_of_1x_that_the_source_has_left_behind_stay_in_the_copy(tmp_path, url):
    store = tmp_path / "opencode.db"
    moved.moved(store, 3, troubles=(), sessions=20)
    copied(store, url)
    before = {table: rows(store, table) for table in ("session", "message", "part")}
    reclaim(store, "leftovers", more=())
    assert len(rows(store, "session")) < len(before["session"])
    write(store, f"UPDATE session_v2 SET title = 'went on', time_updated = {LATER}")
    assert copied(store, url)["richer"]
    assert {table: rows(url, table) for table in before} == before
    assert rows(url, "session_v2") == rows(store, "session_v2")


def test_a_session_that_the_copy_cannot_hold_any_more_stays_there_as_it_was(store, url):
    copied(store, url)
    before = rows(url, "part")
    write(store, f"UPDATE part SET data = 'x' || char(0), time_updated = {LATER} WHERE id = 'prt_1'",
          f"UPDATE session SET title = 'new', time_updated = {LATER} WHERE id = 'ses_2'")
    assert set(copied(store, url, code=3)["left"]) == {"ses_1"}
    assert rows(url, "part") == before and rows(url, "session")["ses_2"]["title"] == "new"


def test_a_project_that_was_edited_in_the_copy_is_not_overwritten_unseen(store, url):
    write(store, "DELETE FROM project WHERE id NOT IN (SELECT project_id FROM session)")
    copied(store, url)
    (id,) = rows(store, "project")
    with stores.opened(url) as place:
        place.on.execute(place.connection, "UPDATE project SET name = 'ours'")
    done = copied(store, url)
    assert done["projects"] == {id: False} and rows(url, "project")[id]["name"] == "ours"
    write(store, f"UPDATE project SET name = 'theirs', time_updated = {LATER + 10**11}")
    done = copied(store, url)
    assert done["projects"] == {id: True} and rows(url, "project") == rows(store, "project")
    assert copied(store, url)["projects"] == {}


def test_a_reclaimed_source_takes_nothing_from_the_copy_unless_asked_to(tmp_path, url):
    store = command.planted(tmp_path / "opencode.db", trees=3, parts=2, pad=200)

    def figures():
        found = invoked("stats", f"--store={url}", "--json", inside=True).json
        return json.dumps([found["rows"], found["bytes"]], sort_keys=True)

    copied(store, url)
    assert copied(store, url)["richer"] == []
    full = figures()
    reclaim(store, "events")
    assert len(copied(store, url)["richer"]) == 9 and figures() == full
    said = invoked("mirror", "--all", f"--to={url}", f"--store={store}", inside=True)
    assert "Richer in the copy" in said.err and "event" in said.err
    again = copied(store, url, "--poorer")
    assert again["richer"] == [] and again["sessions"] == 9 and figures() != full
