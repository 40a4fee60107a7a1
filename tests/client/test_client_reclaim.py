"""What the real client makes of sessions that were reclaimed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from client import Client, Server, copied
from lifecycle import must
from opencode_lifecycle.sql.reclamation.kinds import KINDS
from world import World, every_session, resume, roots, rows, unknown

STREAM = "for i in $(seq 1 400); do echo this is line number $i of the output; sleep 0.01; done"
TOUCHED = ("new tools", "old family", "new compacted", "old runner", "stream")
SILENT = ("orphans", "events", "compacted", "diffs")

MARK_CLEARED = """
UPDATE part SET data = json_set(data, '$.state.time.compacted', 1700000000000)
WHERE data ->> '$.type' = 'tool' AND data ->> '$.state.status' = 'completed' AND session_id IN (?, ?)
"""
ADD_DIFFS = """
UPDATE message SET data = json_set(data, '$.summary', json('{"diffs":[{"file":"a.txt","patch":"--- a","additions":1,
"deletions":0,"status":"modified"}]}'))
WHERE data ->> '$.role' = 'user'
"""
STRAYS = (
    "INSERT INTO event_sequence (aggregate_id, seq) VALUES ('ses_gone', 3)",
    "INSERT INTO event (id, aggregate_id, seq, type, data)"
    " VALUES ('evt_gone', 'ses_gone', 3, 'session.updated.1', '{}')",
    "INSERT INTO message (id, session_id, time_created, time_updated, data)"
    " VALUES ('msg_gone', 'ses_gone', 1, 1, '{}')",
    "INSERT INTO part (id, message_id, session_id, time_created, time_updated, data)"
    " VALUES ('prt_gone', 'msg_gone', 'ses_gone', 1, 1, '{}')",
)


@pytest.fixture(scope="module")
def worn(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, dict[str, str]]]:
    """The same sessions after long use: a streamed output, cleared results, diffs, rows without an owner."""
    with copied(world.client, tmp_path_factory.mktemp("worn") / "user") as client:
        with client.serve() as server:
            stream = server.create("stream")
            server.prompt(stream, f"Stream. [[bash {STREAM}]]")
        ids = world.ids | {"stream": stream}
        with closing(sqlite3.connect(client.db)) as db, db:
            db.execute(MARK_CLEARED, (ids["new tools"], ids["old family"]))
            db.execute(ADD_DIFFS)
            for statement in STRAYS:
                db.execute(statement)
        yield client, ids


@pytest.fixture(scope="module")
def told(world: World, worn, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict]]:
    """What the model is sent when these sessions are resumed and nothing was reclaimed."""
    client, ids = worn
    with copied(client, tmp_path_factory.mktemp("told") / "user") as twin, twin.serve() as server:
        return {name: resume(server, world.model, ids[name], name) for name in TOUCHED}


def reclaim(client: Client, *kinds: str, export: bool = False) -> dict:
    flags = () if export else ("--no-export",)
    done = must(client, "reclaim", f"--only={','.join(kinds)}", "--older-than=0h", "--yes", "--json", *flags)
    return json.loads(done.out)


@pytest.mark.parametrize("kinds", [*((kind,) for kind in SILENT), SILENT], ids="+".join)
def test_reclaimed_sessions_work_on_and_the_model_is_sent_the_same(
        world: World, worn, told, tmp_path: Path, kinds: tuple[str, ...]) -> None:
    source, ids = worn
    with copied(source, tmp_path / "user") as client:
        facts = reclaim(client, *kinds)
        assert all(facts["applied"]["kinds"][kind]["rows"] > 0 for kind in kinds)
        assert {one["id"] for one in client.sessions()} == every_session(client.db) & roots(client.db)
        assert json.loads(client.export(ids["new tools"]))["info"]["id"] == ids["new tools"]
        with client.serve() as server:
            for name in TOUCHED:
                shown(server, ids[name], name)
                assert resume(server, world.model, ids[name], name) == told[name], name
            copy = server.fork(ids["new tools"])
            assert server.prompt(copy, "And the copy? [[say it works]]") == "it works"
            server.ask("DELETE", f"/session/{ids['stream']}")
            assert unknown(server.get, f"/session/{ids['stream']}")
        assert rows(client.db, "PRAGMA integrity_check") == [("ok",)]
        if "orphans" in kinds:
            assert rows(client.db, "PRAGMA foreign_key_check") == []
    assert not world.model.failures


def shown(server: Server, session: str, name: str) -> None:
    where = f"/api/session/{session}/message" if name.endswith("runner") else f"/session/{session}/message"
    assert server.get(where)


def test_of_a_streamed_output_few_events_remain(worn, tmp_path: Path) -> None:
    source, ids = worn
    with copied(source, tmp_path / "user") as client:
        before = log(client, ids["stream"])
        facts = reclaim(client, "events")
        after = log(client, ids["stream"])
    assert before[0] > 100
    assert after[1] < before[1] * 0.05
    foreseen, done = facts["kinds"]["events"]["bytes"], facts["applied"]["kinds"]["events"]["bytes"]
    assert abs(foreseen - done) <= foreseen * 0.02


def log(client: Client, session: str) -> tuple[int, int]:
    """Rows and octets of the event log of a session."""
    query = "SELECT COUNT(*), SUM(LENGTH(CAST(data AS BLOB))) FROM event WHERE aggregate_id = ?"
    return rows(client.db, query, [session])[0]


def test_an_attached_server_goes_on_while_its_store_is_reclaimed(world: World, worn, told, tmp_path: Path) -> None:
    source, ids = worn
    with copied(source, tmp_path / "user") as client, client.serve() as server:
        shown(server, ids["new tools"], "new tools")
        reclaim(client, *SILENT)
        for name in TOUCHED:
            assert resume(server, world.model, ids[name], name) == told[name], name


def test_an_undone_reclamation_gives_every_message_back(worn, tmp_path: Path) -> None:
    source, ids = worn
    with copied(source, tmp_path / "user") as client:
        before = {name: client.export(ids[name]) for name in ("new tools", "old family")}
        reclaim(client, "compacted", "diffs", export=True)
        assert client.export(ids["new tools"]) != before["new tools"]
        must(client, "undo")
        assert {name: client.export(ids[name]) for name in before} == before


ENLARGE = """
UPDATE part SET data = json_set(data, '$.state.output', ?)
WHERE session_id = ? AND data ->> '$.type' = 'tool' AND data ->> '$.state.status' = 'completed'
"""


def test_the_model_is_sent_a_placeholder_for_old_outputs(world: World, worn, tmp_path: Path) -> None:
    source, ids = worn
    session = ids["old tools"]
    with copied(source, tmp_path / "user") as client:
        with client.serve() as server:
            server.prompt(session, "One more turn.")
        with closing(sqlite3.connect(client.db)) as db, db:
            db.execute(ENLARGE, ("long " * 12_000, session))
        facts = reclaim(client, "outputs")
        with client.serve() as server:
            shown(server, session, "old tools")
            sent = resume(server, world.model, session, "old tools")
            assert server.prompt(server.fork(session), "And the copy? [[say it works]]") == "it works"
        results = [str(one["content"]) for one in sent if one["role"] == "tool"]
        cleared = sum("Old tool result content cleared" in result for result in results)
        assert facts["applied"]["kinds"]["outputs"]["rows"] == cleared > 0
        assert any("long long" in result for result in results)
        assert json.loads(client.export(session))["info"]["id"] == session


THINK = """
INSERT INTO part (id, message_id, session_id, time_created, time_updated, data)
SELECT 'prt_thought' || id, id, session_id, 1, 1, ? FROM message
WHERE session_id = ? AND data ->> '$.role' = 'assistant'
"""
THOUGHT = '{"type":"reasoning","text":"a thought","time":{"start":1,"end":2},"metadata":{"x":{"signature":"y"}}}'


def test_reasoning_that_is_not_sent_any_more_goes_unnoticed(world: World, worn, tmp_path: Path) -> None:
    source, ids = worn
    session = ids["new compacted"]
    with copied(source, tmp_path / "user") as client:
        with closing(sqlite3.connect(client.db)) as db, db:
            db.execute(THINK, (THOUGHT, session))
        with copied(client, tmp_path / "twin") as twin, twin.serve() as server:
            told = resume(server, world.model, session, "new compacted")
        facts = reclaim(client, "reasoning")
        with client.serve() as server:
            shown(server, session, "new compacted")
            assert resume(server, world.model, session, "new compacted") == told
        assert 0 < facts["applied"]["kinds"]["reasoning"]["rows"] < rows(
            client.db, "SELECT COUNT(*) FROM part WHERE id LIKE 'prt_thought%'")[0][0]


def test_after_all_kinds_together_every_session_works_on(world: World, worn, tmp_path: Path) -> None:
    source, ids = worn
    with copied(source, tmp_path / "user") as client:
        with client.serve() as server:
            server.prompt(ids["old tools"], "One more turn.")
        with closing(sqlite3.connect(client.db)) as db, db:
            db.execute(ENLARGE, ("long " * 12_000, ids["old tools"]))
            db.execute(THINK, (THOUGHT, ids["new compacted"]))
        facts = reclaim(client, *(kind for kind in KINDS if kind != "files"))
        assert {"outputs", "reasoning", *SILENT} <= set(facts["applied"]["kinds"])
        assert {one["id"] for one in client.sessions()} == every_session(client.db) & roots(client.db)
        with client.serve() as server:
            for name in (*TOUCHED, "old tools"):
                shown(server, ids[name], name)
                resume(server, world.model, ids[name], name)
                assert json.loads(client.export(ids[name]))["info"]["id"] == ids[name]
            for name in ("new tools", "old tools", "new compacted"):
                assert server.prompt(server.fork(ids[name]), "And the copy? [[say it works]]") == "it works"
                server.ask("DELETE", f"/session/{ids[name]}")
                assert unknown(server.get, f"/session/{ids[name]}")
        assert rows(client.db, "PRAGMA integrity_check") == [("ok",)]
        assert rows(client.db, "PRAGMA foreign_key_check") == []
    assert not world.model.failures
