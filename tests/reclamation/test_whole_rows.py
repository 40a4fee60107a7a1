"""What a reclamation deletes whole: exported first, held against the lists of what goes, and put back."""

import sqlite3
from unittest import mock

import command
import forests
import pytest
import reclaim_oracle
from command import invoked, judge_by, refused
from forests import NOW, Row
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import execute, originals
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from reclaimed import WEEK, change, event, one_session, to_reclaim, undone

UPDATE = '{{"sessionID":"s","part":{{"id":"prt_1","n":{}}}}}'


def logs(path, sessions=3, events=4):
    """Sessions of which each has a log that repeats one part."""
    rows = []
    for id in (f"ses_{number}" for number in range(sessions)):
        rows += [Row("event", {"id": f"evt_{id}_{seq}", "aggregate_id": id, "seq": seq,
                               "type": "message.part.updated.1", "data": UPDATE.format(seq)}) for seq in range(events)]
        rows.append(Row("event_sequence", {"aggregate_id": id, "seq": events - 1}))
    return forests.build(forests.Recipe([forests.Session(f"ses_{n}") for n in range(sessions)], rows=rows), path,
                         "1.18.33")


def ran(path, kinds, export, between=lambda: None, **more):
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(kinds, NOW, WEEK, **more))
        originals.write(place, plan, export)
        between()
        return plan, execute.run(place, plan, export, "", lambda _: None)


def rows(path):
    return reclaim_oracle.rows_of(reclaim_oracle.read(path))


def events(path):
    return {row["id"] for row in reclaim_oracle.read(path)["event"].values()}


@pytest.mark.parametrize("all_events", [False, True])
@pytest.mark.parametrize("stretch", [4, 200_000])
def test_only_events_that_the_export_holds_go(tmp_path, stretch, all_events):
    """Meanwhile the client writes on, and makes one session anew under the same id."""
    path = logs(tmp_path / "s.db")
    before = events(path)

    def meanwhile():
        change(path, "DELETE FROM event WHERE aggregate_id = 'ses_1'")
        for seq in range(4):
            change(path, "INSERT INTO event (id, aggregate_id, seq, type, data) VALUES (?, 'ses_1', ?, "
                         "'message.part.updated.1', ?)", f"evt_anew_{seq}", seq, UPDATE.format(seq))
        change(path, "INSERT INTO event (id, aggregate_id, seq, type, data) VALUES ('evt_more', 'ses_2', 4, "
                     "'message.part.updated.1', ?)", UPDATE.format(4))

    with mock.patch.object(reclaim, "EVENTS_AT_ONCE", stretch):
        _, done = ran(path, ("events",), tmp_path / "o.zst", meanwhile, all_events=all_events)
    gone = {f"evt_ses_{session}_{seq}" for session in (0, 2) for seq in range(3 + all_events)}
    anew = {f"evt_anew_{seq}" for seq in range(4)}
    assert events(path) == before - gone - {f"evt_ses_1_{seq}" for seq in range(4)} | anew | {"evt_more"}
    assert done.gains["events"]["rows"] == len(gone)
    back = undone(path, tmp_path / "o.zst")
    assert back.rows == {"event": len(gone)}
    assert events(path) == before - {f"evt_ses_1_{seq}" for seq in range(4)} | anew | {"evt_more"}


@pytest.mark.parametrize(("kind", "rows_of"), [("compacted", 1), ("orphans", 1), ("leftovers", 0)])
def test_where_the_export_lacks_a_row_of_a_list_nothing_is_changed(tmp_path, kind, rows_of):
    path = told(tmp_path) if kind != "leftovers" else left(tmp_path)
    before = rows(path)
    plain = originals._of_list

    def without_one(*args):
        found = list(plain(*args))
        assert found or args[2] != kind
        return found[1:]

    with mock.patch.object(originals, "_of_list", without_one), pytest.raises(store.Refusal, match="run it again"):
        ran(path, (kind,), tmp_path / "o.zst")
    assert rows(path) == before and not (tmp_path / "o.zst").exists()


def told(tmp_path):
    state = '{"status":"completed","output":"old","time":{"start":1,"compacted":1700000000000}}'
    cleared = f'{{"type":"tool","state":{state}}}'
    return one_session(tmp_path, Row("message", {"id": "msg_1", "session_id": "ses_1", "data": "{}"}),
                       *(Row("part", {"id": f"prt_{n}", "message_id": "msg_1", "session_id": "ses_1", "data": cleared,
                                      "time_updated": forests.LONG_AGO}) for n in range(3)),
                       *(Row("todo", {"session_id": "ses_gone", "position": n}) for n in range(3)),
                       *(event(n, "{}", aggregate="ses_gone") for n in range(3)),
                       Row("event_sequence", {"aggregate_id": "ses_gone", "seq": 3}))


def left(tmp_path):
    import test_leftovers

    path = tmp_path / "s.db"
    test_leftovers.many(path)
    return path


def test_what_changed_between_forecast_and_export_is_neither_exported_nor_changed(tmp_path):
    path, kinds = told(tmp_path), ("orphans", "compacted")
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(kinds, NOW, WEEK))
        change(path, "UPDATE part SET data = replace(data, 'old', 'newer') WHERE id = 'prt_1'")
        change(path, "UPDATE event SET data = '{} ' WHERE id = 'evt_0001'")
        change(path, "INSERT INTO todo SELECT session_id, content, status, priority, 9, 1, 1 FROM todo LIMIT 1")
        before = reclaim_oracle.read(path)
        originals.write(place, plan, tmp_path / "o.zst")
        execute.run(place, plan, tmp_path / "o.zst", "", lambda _: None)
    after = reclaim_oracle.read(path)
    assert {row["id"] for row in after["event"].values()} == {"evt_0001"}
    assert after["todo"] == before["todo"]
    assert after["event_sequence"] == before["event_sequence"], "an event hangs on it that is in no file"
    assert [row["id"] for row in after["part"].values() if "newer" in row["data"]] == ["prt_1"]
    assert undone(path, tmp_path / "o.zst").changed == 0
    assert rows(path) == reclaim_oracle.rows_of(before)


def test_an_owner_that_came_back_keeps_what_is_its_own(tmp_path):
    path = told(tmp_path)
    ran(path, ("orphans",), tmp_path / "o.zst")
    change(path, "INSERT INTO session SELECT 'ses_gone', project_id, workspace_id, parent_id, slug, directory, path, "
                 "title, version, share_url, summary_additions, summary_deletions, summary_files, summary_diffs, "
                 "metadata, cost, tokens_input, tokens_output, tokens_reasoning, tokens_cache_read, "
                 "tokens_cache_write, revert, permission, agent, model, time_created, time_updated, "
                 "time_compacting, time_archived FROM session")
    back = undone(path, tmp_path / "o.zst")
    assert (sum(back.rows.values()), back.changed) == (0, 7)


@pytest.mark.parametrize("before", ["", "ALTER TABLE event ADD COLUMN wanted text"])
def test_a_file_without_what_the_store_wants_is_refused_before_a_row_is_written(tmp_path, before):
    """Its rows have no such column, or nothing in it."""
    path = told(tmp_path)
    if before:
        change(path, before)
    ran(path, ("orphans",), tmp_path / "o.zst")
    con = sqlite3.connect(path)
    (sql,) = con.execute("SELECT sql FROM sqlite_master WHERE name = 'event'").fetchone()
    con.execute("DROP TABLE event")
    con.execute(sql.replace(", wanted text", "").replace("(", "(wanted text NOT NULL, ", 1))
    con.commit()
    con.close()
    before = rows(path)
    with pytest.raises(store.Refusal, match="event without wanted") as refusal:
        undone(path, tmp_path / "o.zst")
    assert refusal.value.code == 78 and rows(path) == before


def test_events_and_orphans_go_to_a_file_that_undo_brings_back(tmp_path):
    path = logs(tmp_path / "opencode.db")
    before = rows(path)
    there = ("reclaim", "--only=events,orphans", judge_by(), f"--store={path}")
    said = refused(2, *there, alone=False)
    assert "go to" in said.err and "before they are packed" in said.err and "--no-export" in said.err
    applied = invoked(*there, "--yes", "--json").json["applied"]
    assert applied["rows"] == {"event": 9} and applied["export"]
    assert invoked("undo", f"--store={path}", "--json").json == {"rows": {"event": 9}, "there": 0, "changed": 0,
                                                                           "apart": {}, "stopped": ""}
    assert rows(path) == before
    again = invoked("history", f"--store={path}", "--json").json["runs"][-1]
    assert not again["can_undo"] and "reclaim --only=events" in again["why"]
    said = invoked(*there, "--yes", "--no-export")
    assert "what goes is gone" in said.err
    refused(64, "undo", f"--store={path}", says="exported to no file")


def test_a_disk_without_room_for_the_original_rows_is_told_before_anything_is_written(tmp_path):
    path = logs(tmp_path / "opencode.db")
    before = rows(path)
    full = mock.Mock(free=10)
    with mock.patch("shutil.disk_usage", return_value=full):
        refused(1, "reclaim", "--only=events", judge_by(), f"--store={path}", "--yes", says="are free", alone=False,
                inside=True)
    assert rows(path) == before and command.nothing_beside(path) is None
