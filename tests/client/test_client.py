"""What the real client makes of a store that we have worked on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from client import Client, Server
from lifecycle import BUSY, lifecycle, must
from world import (
    World,
    age,
    bytes_on_disk,
    every_session,
    exports,
    free_pages,
    roots,
    rows,
    tree,
    unknown,
)

PRUNE = ("prune", "--days=30", "--yes", "--no-export")

KINDS = ("tools", "family", "compacted", "archived", "plain", "runner", "fork")

# Where rows of a session can be, and the column that says whose they are.
KEYS = {
    "session": "id",
    "message": "session_id",
    "part": "session_id",
    "todo": "session_id",
    "session_message": "session_id",
    "session_input": "session_id",
    "session_context_epoch": "session_id",
    "event": "aggregate_id",
    "event_sequence": "aggregate_id",
}

INCREMENTAL = 2


def aged_children(client: Client, world: World) -> set[str]:
    """Age a child with all below it in one family, only the grandchild in the other."""
    whole = tree(client.db, world.ids["new family"])[1:]
    part = tree(client.db, world.ids["old family"])[2:]
    age(client.db, [*whole, *part])
    return {*whole, *part}


def answers(server: Server, world: World, name: str) -> bool:
    """Whether a further prompt works, tool and all, whichever runner the session has."""
    ask = server.prompt_runner if name.endswith("runner") else server.prompt
    return ask(world.ids[name], f"Still there? [[bash echo here]] [[say yes, {name}]]") == f"yes, {name}"


def told_by(client: Client, world: World, name: str) -> list[dict]:
    """The conversation that the model gets to see when this client resumes this session."""
    prompt = f"What did we do in {name}?"
    client.run(prompt, world.ids[name])
    return world.model.sent(prompt)


def assert_lists(client: Client, server: Server, sessions: set[str]) -> None:
    """The client shows exactly these: all of them over HTTP, the roots in its list."""
    assert {found["id"] for found in server.get("/session?limit=1000")} == sessions
    assert {found["id"] for found in client.sessions()} == sessions & roots(client.db)


def assert_no_row_of(client: Client, sessions: set[str]) -> None:
    for table, key in KEYS.items():
        left = {owner for (owner,) in rows(client.db, f"SELECT {key} FROM {table}")} & sessions
        assert not left, f"{table} still has rows of {left}"


def assert_sound(client: Client) -> None:
    assert rows(client.db, "PRAGMA integrity_check") == [("ok",)]
    assert rows(client.db, "PRAGMA foreign_key_check") == []


def pragma(client: Client, name: str) -> int:
    return rows(client.db, f"PRAGMA {name}")[0][0]


@contextmanager
def prompted_without_pause(server: Server, session: str) -> Iterator[list[float]]:
    """Prompt a session again and again meanwhile, and note the seconds; a failure counts as infinite."""
    seconds: list[float] = []
    stop = threading.Event()

    def prompt() -> None:
        while not stop.is_set():
            start = time.monotonic()
            try:
                server.prompt(session, "Meanwhile? [[bash echo busy]]")
                seconds.append(time.monotonic() - start)
            except (RuntimeError, LookupError, OSError):
                seconds.append(float("inf"))
                return

    thread = threading.Thread(target=prompt)
    thread.start()
    try:
        yield seconds
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def pruned(client: Client, world: World) -> Client:
    age(client.db, world.old)
    must(client, *PRUNE)
    return client


def test_the_world_holds_two_sessions_of_every_kind(world: World) -> None:
    assert set(world.ids) == {f"{age} {kind}" for age in ("old", "new") for kind in KINDS}
    assert every_session(world.client.db) == world.old | world.new
    for family in ("old family", "new family"):
        below = rows(world.client.db, "SELECT id, parent_id FROM session WHERE parent_id IS NOT NULL")
        root, child, grandchild = tree(world.client.db, world.ids[family])
        assert {(child, root), (grandchild, child)} <= set(below)
        assert {root, child, grandchild} == world.trees(family)
    owners = {table: {owner for (owner,) in rows(world.client.db, f"SELECT {key} FROM {table}")}
              for table, key in KEYS.items()}
    assert owners["todo"] >= {world.ids["new tools"], *tree(world.client.db, world.ids["new family"])[1:]}
    assert owners["session_message"] == {world.ids["old runner"], world.ids["new runner"]}
    assert owners["event"] == owners["event_sequence"] == owners["session"]
    assert not world.model.failures


def test_the_client_knows_nothing_of_a_pruned_session(pruned: Client, world: World) -> None:
    with pruned.serve() as server:
        assert all(unknown(server.get, f"/session/{session}") for session in world.old)
    for session in tree(world.client.db, world.ids["old family"])[::2]:
        assert unknown(pruned.export, session)
        assert unknown(pruned.delete, session)
    assert_no_row_of(pruned, world.old)


def test_the_client_lists_exactly_the_survivors(pruned: Client, world: World) -> None:
    with pruned.serve() as server:
        assert_lists(pruned, server, world.new)
    assert_sound(pruned)


def test_every_survivor_exports_the_same_bytes_as_before(pruned: Client, world: World) -> None:
    assert exports(pruned, world.new) == {session: world.exports[session] for session in world.new}


def test_every_kind_of_survivor_answers_a_further_prompt(pruned: Client, world: World) -> None:
    with pruned.serve() as server:
        for kind in KINDS:
            assert answers(server, world, f"new {kind}")


def test_a_survivor_resumed_by_the_command_line_tells_the_model_the_same(
    pruned: Client, twin: Client, world: World
) -> None:
    expected = told_by(twin, world, "new tools")
    assert told_by(pruned, world, "new tools") == expected


def test_the_report_names_what_the_client_no_longer_shows(client: Client, world: World) -> None:
    age(client.db, world.old)
    report = json.loads(must(client, *PRUNE, "--json").out)
    named = [session for one in report["remove"] for session in one["sessions"]]
    assert sorted(named) == sorted(world.old)
    assert report["applied"]["sessions"] == len(world.old)
    assert {found["id"] for found in client.sessions()} == {root for name, root in world.ids.items() if "new" in name}


def test_an_aged_child_goes_and_its_parent_exports_the_same_bytes(client: Client, world: World) -> None:
    gone = aged_children(client, world)
    must(client, *PRUNE, "--children=30d")
    left = every_session(world.client.db) - gone
    assert every_session(client.db) == left
    assert_no_row_of(client, gone)
    parents = {world.ids["new family"], *tree(client.db, world.ids["old family"])}
    assert exports(client, parents) == {session: world.exports[session] for session in parents}


def test_a_parent_whose_child_went_tells_the_model_the_same(client: Client, twin: Client, world: World) -> None:
    aged_children(client, world)
    must(client, *PRUNE, "--children=30d")
    expected = told_by(twin, world, "new family")
    assert told_by(client, world, "new family") == expected


def test_an_attached_server_sees_a_prune_at_once(client: Client, world: World) -> None:
    age(client.db, world.old)
    with client.serve() as server:
        assert len(server.get("/session?limit=1000")) == len(world.old | world.new)
        must(client, *PRUNE)
        assert all(unknown(server.get, f"/session/{session}") for session in world.old)
        assert_lists(client, server, world.new)
        for kind in KINDS:
            assert answers(server, world, f"new {kind}")
    assert_no_row_of(client, world.old)
    assert_sound(client)


def test_a_server_that_works_during_a_prune_never_fails(client: Client, world: World) -> None:
    age(client.db, world.old)
    with client.serve() as server, prompted_without_pause(server, world.ids["new plain"]) as seconds:
        before = len(seconds)
        must(client, *PRUNE)
        during = len(seconds) - before
    assert during > 0 and max(seconds) < 5
    assert every_session(client.db) == world.new
    assert_sound(client)


@pytest.mark.parametrize("verb", [("vacuum", "--method=full"), ("convert",)], ids=lambda verb: verb[0])
def test_what_rewrites_the_file_is_refused_while_a_client_is_attached(
    client: Client, world: World, verb: tuple[str, ...]
) -> None:
    free_pages(client.db)
    with client.serve() as server:
        server.get("/session")
        free = pragma(client, "freelist_count")
        refused = lifecycle(client, *verb)
        assert refused.code == BUSY, refused.text
        assert len(refused.err.strip().splitlines()) == 1
        assert (pragma(client, "freelist_count"), pragma(client, "auto_vacuum")) == (free, 0)
        assert answers(server, world, "new plain")


def test_an_incremental_vacuum_works_while_a_client_is_attached(client: Client, world: World) -> None:
    must(client, "convert")
    with client.serve() as server:
        server.get("/session")
        free_pages(client.db)
        assert pragma(client, "freelist_count") > 0
        must(client, "vacuum", "--method=incremental")
        assert pragma(client, "freelist_count") == 0
        assert answers(server, world, "new tools")
        assert_lists(client, server, world.old | world.new)
    assert_sound(client)


def test_a_checkpoint_works_while_a_client_is_attached(client: Client, world: World) -> None:
    with client.serve() as server:
        assert answers(server, world, "new tools")
        must(client, "checkpoint")
        assert answers(server, world, "new tools")
    assert_sound(client)


def test_once_the_client_has_left_a_full_vacuum_shrinks_the_file_and_it_opens_again(
    client: Client, world: World
) -> None:
    free_pages(client.db)
    with client.serve() as server:
        server.get("/session")
        assert lifecycle(client, "vacuum", "--method=full").code == BUSY
    before = bytes_on_disk(client.db)
    must(client, "vacuum", "--method=full")
    assert bytes_on_disk(client.db) < before
    with client.serve() as server:
        assert_lists(client, server, world.old | world.new)
        assert answers(server, world, "new tools")


def test_a_session_prompted_between_plan_and_apply_is_spared(
    client: Client, world: World, tmp_path: Path
) -> None:
    age(client.db, world.old)
    plan = tmp_path / "plan.sql"
    must(client, "plan", "--days=30", f"--out={plan}")
    touched = ("old plain", "old runner", "old family")
    with client.serve() as server:
        for name in touched:
            assert answers(server, world, name)
        applied = must(client, "apply", str(plan), "--yes", "--no-export")
        spared = world.trees(*touched)
        assert_lists(client, server, spared | world.new)
        for name in touched:
            assert world.ids[name] in applied.text
            assert answers(server, world, name)
    assert_no_row_of(client, world.old - spared)


def test_a_child_started_between_plan_and_apply_saves_its_family(
    client: Client, world: World, tmp_path: Path
) -> None:
    age(client.db, world.old)
    plan = tmp_path / "plan.sql"
    must(client, "plan", "--days=30", f"--out={plan}")
    with client.serve() as server:
        server.prompt(world.ids["old plain"], "Delegate it. [[task look again [[say seen]]]]")
    must(client, "apply", str(plan), "--yes", "--no-export")
    family = tree(client.db, world.ids["old plain"])
    assert len(family) == 2
    assert every_session(client.db) == {*family, *world.new}


def test_a_converted_and_vacuumed_store_opens_in_the_client(client: Client, world: World) -> None:
    must(client, "convert")
    must(client, "vacuum", "--method=full")
    assert pragma(client, "auto_vacuum") == INCREMENTAL
    some = world.trees("old tools", "new family", "new runner")
    assert exports(client, some) == {session: world.exports[session] for session in some}
    with client.serve() as server:
        assert_lists(client, server, world.old | world.new)
        for kind in KINDS:
            assert answers(server, world, f"new {kind}")
    assert pragma(client, "auto_vacuum") == INCREMENTAL
    assert_sound(client)


def test_an_undone_prune_gives_the_client_every_session_back(client: Client, world: World) -> None:
    age(client.db, world.old)
    some = world.trees("old tools", "old family", "old runner")
    before = exports(client, some)
    todos = sorted(rows(client.db, "SELECT * FROM todo"))
    must(client, "prune", "--days=30", "--yes")
    assert every_session(client.db) == world.new
    must(client, "undo")
    assert sorted(rows(client.db, "SELECT * FROM todo")) == todos
    with client.serve() as server:
        assert_lists(client, server, world.old | world.new)
        assert exports(client, some) == before
        for kind in KINDS:
            assert answers(server, world, f"old {kind}")
    assert_sound(client)
