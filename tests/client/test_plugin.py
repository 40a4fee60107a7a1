"""Our plugin in the real client: what its user sees, and that the client never minds it."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from client import Client, copied
from lifecycle import must
from terminal import READY, Terminal, needs_tmux, terminal
from world import World, age, every_session

HANGS = "exec sleep 1000"
BROKEN = {"missing": None, "failing": "echo '{}'; exit 1", "garbage": "head -c 20000 /dev/urandom", "hanging": HANGS}


@pytest.fixture(scope="module")
def user(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A user of the same sessions, the old ones of which were not touched for months, with the plugin."""
    needs_tmux()
    with copied(world.client, Path(tmp_path_factory.mktemp("inside")) / "user") as client:
        age(client.db, world.old)
        must(client, "install")
        yield client


@pytest.fixture(scope="module")
def screen(user: Client) -> Iterator[Terminal]:
    """One start for all that is only looked at, with news of a run of the night before."""
    news(user)
    with terminal(user) as found:
        found.shows(READY)
        yield found


def ours(client: Client) -> Path:
    return client.home / "state" / "opencode-lifecycle"


def entry(client: Client) -> tuple[Path, str, dict]:
    """The file that lists the plugin, and the plugin's options."""
    file = client.home / "config" / "opencode" / "tui.jsonc"
    text = file.read_text()
    ((path, options),) = json.loads(text[text.index("{"):])["plugin"]
    return file, path, options


def options(client: Client, **more: object) -> None:
    file, path, found = entry(client)
    file.write_text(json.dumps({"plugin": [[path, found | more]]}))


def news(client: Client) -> None:
    facts = {"moment": 1, "file_bytes": 130_200_000, "free_bytes": 0, "per_day": 2_000_000,
             "warnings": ["The store takes 130.2 MB, over the mark of 100.0 MB."],
             "evicted": {"run": 7, "sessions": 12, "bytes": 3_000_000, "moment": 5, "undo": "tool undo --run=7"},
             "announced": None, "outcome": "done", "command": "tool history"}
    ours(client).mkdir(parents=True, exist_ok=True)
    (ours(client) / "status.json").write_text(json.dumps({"stores": {entry(client)[2]["store"]: facts}}))


def script(folder: Path, name: str, body: str) -> list[str]:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return [str(file)]


def test_what_happened_is_told_once_with_the_way_to_undo_it(screen: Terminal, user: Client) -> None:
    screen.shows("over the mark of 100.0 MB.", "/sessions-stats")
    screen.shows("12 sessions, 3.0 MB", "/sessions-restore", "tool undo --run=7")
    assert len(list((ours(user) / "client").glob("told-*"))) == 2
    screen.hides("tool undo")


def test_a_prune_is_shown_then_asked_then_done_and_taken_back(screen: Terminal, user: Client, world: World) -> None:
    before = every_session(user.db)
    screen.command("sessions-prune", "What your policy removes", "Not active for 30 days")
    told = screen.choose("nothing is removed yet", "Goes, the oldest first", down=1)
    assert "last active 60 days ago, the limit is 30 days" in told
    screen.choose("They are exported", "Cancel", "Confirm")
    assert every_session(user.db) == before
    screen.choose("became free inside the store")
    assert every_session(user.db) < before
    screen.command("sessions-restore", "What shall come back?", "run 1")
    screen.choose("All of it", "Only one tree")
    screen.choose("Take run 1 back?", "Confirm")
    screen.choose("Run 1 is taken back.")
    assert every_session(user.db) == before


def test_a_prune_that_is_not_confirmed_changes_nothing(screen: Terminal, user: Client) -> None:
    before = every_session(user.db)
    screen.command("sessions-prune", "All but the newest 100")
    screen.choose("Nothing to remove", down=5)
    screen.leave_dialog("Nothing to remove")
    assert every_session(user.db) == before


def test_a_session_is_archived_from_a_list_and_taken_out_again(screen: Terminal) -> None:
    for titles, said in ((("Archive: it sets", "idle for longest first"), "Archived: old plain"),
                         (("Enter takes one out again",), "No longer archived: old plain")):
        screen.command("sessions-archive", *titles)
        screen.types("old plain")
        screen.hides("old tools")
        screen.choose(said)
        screen.hides(said)


def test_the_figures_and_the_largest_trees_are_a_list_of_which_one_opens(screen: Terminal) -> None:
    told = screen.command("sessions-stats", "The largest trees")
    assert "Event log" in told and "2.0 MB a day" in told and "Could be reclaimed" in told
    screen.types("family")
    screen.shows("old family 3 sessions")
    screen.choose("Delegate")
    screen.shows("130.2 MB, 2.0 MB a day")  # the sidebar of a session


@pytest.mark.parametrize("fault", BROKEN)
def test_a_tool_that_does_not_work_leaves_the_client_as_it_is(fault: str, world: World, tmp_path: Path) -> None:
    needs_tmux()
    body = BROKEN[fault]
    with copied(world.client, tmp_path / "user") as client:
        must(client, "install")
        tool = script(tmp_path, fault, body) if body else [str(tmp_path / "nowhere")]
        options(client, tool=tool, limit=2, hours=1e-9)
        ours(client).mkdir(parents=True, exist_ok=True)
        (ours(client) / "status.json").write_bytes(os.urandom(3000))
        with terminal(client) as screen:
            screen.shows(READY)
            screen.prompt("Hello there", "Answer to")
            screen.command("sessions-stats", "Session store", "ok", "esc")
            screen.shows("No answer from") if fault != "failing" else None
            screen.leave_dialog("No answer from")
            screen.prompt("Hello again", "Hello again")
            assert (ours(client) / "client" / "enforced").exists()
            ended(tmp_path)


def ended(folder: Path) -> None:
    """A run that the client let go of would hang for hours, which is its limit: the test ends it."""
    for proc in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder / "hanging").encode() in (proc / "cmdline").read_bytes():
                os.killpg(os.getpgid(int(proc.name)), 9)
        except (OSError, ProcessLookupError):
            continue


def test_of_four_clients_one_enforces_the_policy_and_once(world: World, tmp_path: Path) -> None:
    needs_tmux()
    with copied(world.client, tmp_path / "user") as client, ExitStack() as stack:
        must(client, "install")
        log = tmp_path / "log"
        _, _, found = entry(client)
        real = " ".join(f'"{word}"' for word in found["tool"])
        options(client, tool=script(tmp_path, "tool", f'echo "$@" >> {log}\nexec {real} "$@"'))
        screens = [stack.enter_context(terminal(client, f"{n}")) for n in range(4)]
        for screen in screens:
            screen.shows(READY)
        for n, screen in enumerate(screens):
            screen.types(f"Prompt {n}")
            screen.shows(f"Prompt {n}")
        for screen in screens:
            screen.keys("Enter")
        for screen in screens:
            screen.shows("Answer to")
        screens[0].prompt("Another one", "Another one")
        done = ours(client) / "client" / "enforce.json"
        wait(lambda: done.exists() and done.stat().st_size)
        time.sleep(2)
        assert log.read_text().splitlines() == [f"enforce --store={found['store']} --json"]
        assert {step["step"] for step in json.loads(done.read_text())["steps"]} >= {"warn", "evict", "space"}


def wait(so: object, within: float = 90) -> None:
    end = time.monotonic() + within
    while not so():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_start_costs_no_more_than_one_without_the_plugin(world: World, tmp_path: Path, say) -> None:
    """With figures; the bound is loose, since others work on the machine too. No network: the client is in a namespace
    of its own where that is allowed."""
    needs_tmux()
    alone = "unshare -n" if shutil.which("unshare") and not os.system("unshare -n true 2>/dev/null") else ""
    times: dict[bool, list[float]] = {False: [], True: []}
    with copied(world.client, tmp_path / "user") as client:
        must(client, "install")
        listed = entry(client)[0]
        for n in range(4):
            for plugin in (False, True):
                listed.rename(listed.with_suffix(".off")) if not plugin else listed.with_suffix(".off").rename(listed)
                with terminal(client, f"{plugin}{n}", before=alone) as screen:
                    screen.shows(READY)
                    times[plugin].append(time.monotonic() - screen.begun)
    shown = {plugin: sorted(found) for plugin, found in times.items()}
    say(f"starts of the client without network, s: without the plugin {shown[False]}, with it {shown[True]}")
    assert min(times[True]) < min(times[False]) * 1.5 + 1
