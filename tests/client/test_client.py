"""What the real client makes of a store that we have worked on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from client import Client, Server
from lifecycle import BUSY, PRUNE, lifecycle, must
from world import (
    AGES,
    RESUME,
    World,
    age,
    bytes_on_disk,
    every_session,
    exports,
    free_pages,
    resume,
    roots,
    rows,
    tree,
    unknown,
)

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


def test_the_world_holds_two_sessions_of_every_kind(world: World) -> None:
    store = world.client.db
    assert set(world.ids) == {f"{age} {kind}" for age in AGES for kind in KINDS}
    assert every_session(store) == world.old | world.new
    for family in ("old family", "new family"):
        root, child, grandchild = tree(store, world.ids[family])
        below = rows(store, "SELECT id, parent_id FROM session WHERE parent_id IS NOT NULL")
        assert {(child, root), (grandchild, child)} <= set(below)
    owners = {table: owners_in(store, table) for table in KEYS}
    assert owners["todo"] >= {world.ids["new tools"], *tree(store, world.ids["new family"])[1:]}
    assert owners["session_message"] == {world.ids["old runner"], world.ids["new runner"]}
    assert owners["event"] == owners["event_sequence"] == owners["session"]
    assert not world.model.failures


def test_the_client_knows_nothing_of_a_pruned_session(pruned: Client, world: World) -> None:
    with pruned.serve() as server:
        assert known(server, world.old) == []
    root, _, grandchild = tree(world.client.db, world.ids["old family"])
    for session in (root, grandchild):
        assert unknown(pruned.export, session)
        assert unknown(pruned.delete, session)
    assert_no_row_of(pruned, world.old)


def test_the_client_lists_exactly_the_survivors(pruned: Client, world: World) -> None:
    with pruned.serve() as server:
        assert_lists(pruned, server, world.new)
    assert_sound(pruned)


def test_every_survivor_exports_the_same_bytes_as_before(pruned: Client, world: World) -> None:
    assert exports(pruned, world.new) == world.exported(world.new)


def test_a_survivor_resumed_on_the_command_line_tells_the_model_the_same(
    client: Client, world: World
) -> None:
    age(client.db, world.old)
    must(client, *PRUNE)
    assert client.run(RESUME, world.ids["new tools"]).text == f"Answer to {RESUME}"
    assert world.model.sent(RESUME) == world.told["new tools"]


def test_the_report_names_exactly_what_went(client: Client, world: World) -> None:
    age(client.db, world.old)
    report = json.loads(must(client, *PRUNE, "--json").out)
    named = [session for one in report["remove"] for session in one["sessions"]]
    assert sorted(named) == sorted(world.old)
    assert report["applied"]["sessions"] == len(world.old)
    assert every_session(client.db) == world.new


def test_an_aged_child_goes_and_its_parent_is_as_before(client: Client, world: World) -> None:
    gone = aged_children(client, world)
    parents = {world.ids["new family"], *tree(client.db, world.ids["old family"])} - gone
    must(client, *PRUNE, "--children=30d")
    assert every_session(client.db) == (world.old | world.new) - gone
    assert_no_row_of(client, gone)
    assert exports(client, parents) == world.exported(parents)
    with client.serve() as server:
        assert_resumes(server, world, "new family", "old family")
        assert_lists(client, server, (world.old | world.new) - gone)


def test_an_attached_server_sees_a_prune_at_once(client: Client, world: World) -> None:
    age(client.db, world.old)
    with client.serve() as server:
        assert len(server.get("/session?limit=1000")) == len(world.old | world.new)
        must(client, *PRUNE)
        assert known(server, world.old) == []
        assert_lists(client, server, world.new)
        assert_resumes(server, world, *(f"new {kind}" for kind in KINDS))
    assert_no_row_of(client, world.old)
    assert_sound(client)


def test_a_server_that_works_during_a_prune_never_fails(client: Client, world: World) -> None:
    age(client.db, world.old)
    with client.serve() as server, prompted_without_pause(server, world.ids["new plain"]) as seconds:
        must(client, *PRUNE)
    assert len(seconds) > 1 and max(seconds) < 5
    assert every_session(client.db) == world.new
    assert_sound(client)


def test_what_rewrites_the_file_waits_until_the_client_has_left(client: Client, world: World) -> None:
    free_pages(client.db)
    with client.serve() as server:
        server.get("/session")
        free = pragma(client, "freelist_count")
        for verb in (["vacuum", "--method=full"], ["convert"]):
            refused = lifecycle(client, *verb)
            assert refused.code == BUSY, refused.text
            assert len(refused.err.strip().splitlines()) == 1
        assert (pragma(client, "freelist_count"), pragma(client, "auto_vacuum")) == (free, 0)
        assert_answers(server, world, "new tools")
    before = bytes_on_disk(client.db)
    must(client, "vacuum", "--method=full")
    assert bytes_on_disk(client.db) < before
    with client.serve() as server:
        assert_lists(client, server, world.old | world.new)
        assert_answers(server, world, "new tools")


def test_an_incremental_vacuum_and_a_checkpoint_work_while_a_client_is_attached(
    client: Client, world: World
) -> None:
    must(client, "convert")
    with client.serve() as server:
        assert_answers(server, world, "new tools")
        free_pages(client.db)
        assert pragma(client, "freelist_count") > 0
        must(client, "vacuum", "--method=incremental")
        assert pragma(client, "freelist_count") == 0
        must(client, "checkpoint")
        assert_answers(server, world, "new tools", "new runner")
        assert_lists(client, server, world.old | world.new)
    assert_sound(client)


def test_a_converted_and_vacuumed_store_opens_in_the_client(client: Client, world: World) -> None:
    must(client, "convert")
    must(client, "vacuum", "--method=full")
    assert pragma(client, "auto_vacuum") == INCREMENTAL
    some = {world.ids["new tools"], *tree(client.db, world.ids["new family"])[2:]}
    assert exports(client, some) == world.exported(some)
    with client.serve() as server:
        assert_lists(client, server, world.old | world.new)
        assert_resumes(server, world, *(f"new {kind}" for kind in KINDS))
    assert pragma(client, "auto_vacuum") == INCREMENTAL
    assert_sound(client)


def test_a_session_prompted_between_plan_and_apply_is_spared(
    client: Client, world: World, tmp_path: Path
) -> None:
    age(client.db, world.old)
    plan = tmp_path / "plan.sql"
    must(client, "plan", "--days=30", f"--out={plan}")
    touched = ("old plain", "old runner", "old family", "old archived")
    with client.serve() as server:
        assert_answers(server, world, *touched[:3])
        server.prompt(world.ids["old archived"], "Delegate it. [[task look again [[say seen]]]]")
        applied = must(client, "apply", str(plan), "--yes", "--no-export")
        spared = {session for name in touched for session in tree(client.db, world.ids[name])}
        assert len(spared - world.old) == 1
        assert_lists(client, server, spared | world.new)
        assert [name for name in touched if world.ids[name] not in applied.text] == []
        assert_answers(server, world, *touched)
    assert_no_row_of(client, world.old - spared)
    assert_sound(client)


def test_an_undone_prune_gives_the_client_every_session_back(client: Client, world: World) -> None:
    age(client.db, world.old)
    some = [world.ids["old tools"], world.ids["old runner"], tree(client.db, world.ids["old family"])[1]]
    before = exports(client, some)
    todos = sorted(rows(client.db, "SELECT * FROM todo"))
    must(client, "prune", "--days=30", "--yes")
    assert every_session(client.db) == world.new
    must(client, "undo")
    assert sorted(rows(client.db, "SELECT * FROM todo")) == todos
    assert exports(client, some) == before
    with client.serve() as server:
        assert_lists(client, server, world.old | world.new)
        assert_resumes(server, world, *(f"old {kind}" for kind in KINDS))
    assert_sound(client)


def aged_children(client: Client, world: World) -> set[str]:
    """Age a child with all below it in one family, only the grandchild in the other."""
    whole = tree(client.db, world.ids["new family"])[1:]
    part = tree(client.db, world.ids["old family"])[2:]
    age(client.db, [*whole, *part])
    return {*whole, *part}


def assert_answers(server: Server, world: World, *names: str) -> None:
    """A further prompt works, tool and all, whichever runner the session has."""
    for name in names:
        ask = server.prompt_runner if name.endswith("runner") else server.prompt
        assert ask(world.ids[name], f"Still there? [[bash echo here]] [[say yes, {name}]]") == f"yes, {name}"


def assert_resumes(server: Server, world: World, *names: str) -> None:
    """A first further prompt works, and the model is sent what it would have been sent without us."""
    for name in names:
        assert resume(server, world.model, world.ids[name], name) == world.told[name]


def known(server: Server, sessions: set[str]) -> list[str]:
    return [session for session in sorted(sessions) if not unknown(server.get, f"/session/{session}")]


def assert_lists(client: Client, server: Server, sessions: set[str]) -> None:
    """The client shows exactly these: all of them over HTTP, the roots in its list."""
    assert {found["id"] for found in server.get("/session?limit=1000")} == sessions
    assert {found["id"] for found in client.sessions()} == sessions & roots(client.db)


def owners_in(store: Path, table: str) -> set[str]:
    return {owner for (owner,) in rows(store, f"SELECT {KEYS[table]} FROM {table}")}


def assert_no_row_of(client: Client, sessions: set[str]) -> None:
    for table in KEYS:
        left = owners_in(client.db, table) & sessions
        assert not left, f"{table} still has rows of {left}"


def assert_sound(client: Client) -> None:
    assert rows(client.db, "PRAGMA integrity_check") == [("ok",)]
    assert rows(client.db, "PRAGMA foreign_key_check") == []


def pragma(client: Client, name: str) -> int:
    return rows(client.db, f"PRAGMA {name}")[0][0]


@contextmanager
def prompted_without_pause(server: Server, session: str) -> Iterator[list[float]]:
    """Prompt a session again and again meanwhile, and note the seconds; a failure counts as infinite."""
    server.prompt(session, "The first answer of a server is slow.")
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
        while not seconds:
            time.sleep(0.01)
        yield seconds
    finally:
        stop.set()
        thread.join()
