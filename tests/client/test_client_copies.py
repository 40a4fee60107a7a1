"""The real client's store in a server or a cold file: a prompt brings its own tree's rows and no others, and what is
brought back, into an empty store or another machine's, is listed, opened and gone on with in a folder that is there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import mirrored
import pytest
from client import Client, repository
from lifecycle import must
from servers import *  # noqa: F403
from size import sized
from test_client import KEYS, assert_lists, assert_resumes, assert_sound
from world import CHILDREN, World, every_session, exports, rows, tree

Place = Callable[[str], str]


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where copies are kept: a server of this kind, or a cold file."""
    return lambda kind: str(tmp_path / "cold.db") if kind == "cold" else request.getfixturevalue(f"{kind}_url")


def rows_of(store: Path, session: str) -> dict[str, int]:
    """How many rows of each table belong to a session."""
    count = "SELECT COUNT(*) FROM {} WHERE {} = ?"
    return {table: rows(store, count.format(table, key), [session])[0][0] for table, key in KEYS.items()}


def machine(client: Client, folder: Path) -> Client:
    """Somebody else with a clone of the same repository, who has the client, and no session yet. The client works on a
    session in the session's own folder: it has to be there, and `opencode run` hears of nothing from another one."""
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(client.work), str(clone)], check=True, capture_output=True)
    other = Client(client.binary, folder / "home", clone)
    assert other.sessions() == []
    return other


@pytest.mark.parametrize("kind", sized(["postgres"], ["postgres"], ["postgres", "mysql"]))
def test_a_prompt_of_the_client_brings_the_rows_of_its_session_and_no_others(
        client: Client, world: World, place: Place, kind: str) -> None:
    url, session = place(kind), world.ids["new tools"]
    must(client, "mirror", f"--to={url}", "--origin=desk")
    with mirrored.counting(url) as written:
        again = json.loads(must(client, "mirror", f"--to={url}", "--json").out)
    assert written == {} and again["changed"] == 0
    before, project = rows_of(client.db, session), rows(client.db, "SELECT * FROM project")
    client.run("Once more. [[bash seq 1 5]] [[say done]]", session)
    after = rows_of(client.db, session)
    with mirrored.counting(url) as written:
        third = json.loads(must(client, "mirror", f"--to={url}", "--json").out)
    assert after["part"] > before["part"] and third["changed"] == 1
    expected = {table: before[table] + after[table] for table in KEYS if after[table]} | {"lifecycle_copy": 2}
    if rows(client.db, "SELECT * FROM project") != project:  # the client notes there when it was opened last
        expected |= {"project": 1, "lifecycle_project": 2}
    assert written == expected, "each row of the session goes and comes, and none of another"
    with mirrored.counting(url) as written:
        assert json.loads(must(client, "mirror", f"--to={url}", "--check", "--json").out)["differences"] == []
    assert written == {}


@pytest.mark.full
@pytest.mark.parametrize("kind", ["postgres", "mysql", "cold"])
def test_everything_comes_back_into_an_empty_store_and_the_client_goes_on(
        client: Client, world: World, place: Place, kind: str, tmp_path: Path) -> None:
    must(client, "mirror", f"--to={place(kind)}", "--origin=desk")
    new = Client(client.binary, tmp_path / "new", client.work)
    assert new.sessions() == []
    must(new, "restore", place(kind))
    some = {world.ids["new tools"], *tree(client.db, world.ids["old family"])[1:]}
    assert exports(new, some) == world.exported(some)
    with new.serve() as server:
        assert_lists(new, server, world.old | world.new)
        assert_resumes(server, world, "old tools", "old family", "old compacted", "new runner")
    assert_sound(new)


@pytest.mark.full
@pytest.mark.parametrize("kind", ["postgres", "mysql", "cold"])
def test_a_session_comes_back_on_another_machine_which_goes_on_and_so_does_the_first_one(
        client: Client, world: World, place: Place, kind: str, tmp_path: Path) -> None:
    must(client, "mirror", f"--to={place(kind)}", "--origin=desk")
    lap, session = machine(client, tmp_path), world.ids["old family"]
    own = lap.run("Hello from the lap.").session
    must(lap, "restore", place(kind), f"--session={session}")
    family = set(tree(client.db, session))
    assert every_session(lap.db) == family | {own}
    with lap.serve() as server:
        assert_lists(lap, server, family | {own})
        assert_resumes(server, world, "old family")
        assert server.prompt(session, "And once more.") == "Answer to And once more."
    must(lap, "mirror", f"--to={place(kind)}", "--origin=lap")
    must(client, "restore", place(kind), f"--session={session}", "--replace", "--yes")
    assert client.run("Back on the desk.", session).text == 'Answer to "Back on the desk."'  # its `run` adds them
    told = world.model.sent("Back on the desk.")
    assert [one for one in told if "And once more." in str(one)], "the desk knows what the lap said"
    for one in (lap, client):
        assert_sound(one)


@pytest.mark.full
@pytest.mark.parametrize("kind", ["postgres", "mysql", "cold"])
def test_a_session_goes_on_in_the_folder_that_another_machine_has_of_its_project(
        binary: Path, world: World, place: Place, kind: str, tmp_path: Path) -> None:
    """Its own folder is on the first machine alone: the client cannot work there, and goes by what the flag says."""
    desk = Client(binary, tmp_path / "desk" / "home", repository(tmp_path / "desk" / "project", world.model.url))
    with desk.serve() as server:
        session = server.create("far away")
        server.prompt(session, f"Delegate it. {CHILDREN}")
    must(desk, "mirror", f"--to={place(kind)}", "--origin=desk")
    lap = machine(desk, tmp_path)
    away = desk.work.parent.rename(tmp_path / "away")
    told = must(lap, "restore", place(kind), f"--session={session}").text
    assert f"{desk.work}, which is not on this machine" in told and "--into-folder=DIR" in told
    with lap.serve() as server, pytest.raises(RuntimeError):
        server.prompt(session, "Are you there?")
    must(lap, "restore", place(kind), f"--session={session}", "--replace", f"--into-folder={lap.work}", "--yes")
    with lap.serve() as server:
        assert_lists(lap, server, set(tree(lap.db, session)))
        server.prompt(session, "Where? [[bash pwd; echo lap >> here.txt]] [[say I looked]]")
    assert lap.run("Once more.", session).text == 'Answer to "Once more."'
    assert (lap.work / "here.txt").read_text() == "lap\n"
    assert [one for one in world.model.sent("Once more.") if one["role"] == "tool" and str(lap.work) in str(one)]
    must(lap, "mirror", f"--to={place(kind)}", "--origin=lap")
    away.rename(desk.work.parent)
    must(desk, "restore", place(kind), f"--session={session}", "--replace", f"--into-folder={desk.work}", "--yes")
    assert desk.run("Back on the desk.", session).text == 'Answer to "Back on the desk."'
    assert [one for one in world.model.sent("Back on the desk.") if "I looked" in str(one)]
    assert {folder for (folder,) in rows(desk.db, "SELECT directory FROM session")} == {str(desk.work)}
    for one in (lap, desk):
        assert_sound(one)
