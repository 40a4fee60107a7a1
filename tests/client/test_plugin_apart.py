"""The client never minds our plugin: tools that do not work, four clients at once, starts."""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from client import copied
from lifecycle import must
from plugin import entry, options, ours, script
from terminal import READY, needs_tmux, terminal
from world import World

pytestmark = pytest.mark.full  # minutes of starts
# A tool that does not work, and what a question to it is answered with in the client.
BROKEN = {
    "garbage": ("head -c 20000 /dev/urandom", "No answer from"),
    "hanging": ("exec sleep 1000", "No answer from"),
    "failing": ("echo 'Something in it broke.' >&2; exit 1", "Something in it broke."),
    "missing": (None, "No answer from"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_tool_that_does_not_work_leaves_the_client_as_it_is(fault: str, world: World, tmp_path: Path) -> None:
    needs_tmux()
    with copied(world.client, tmp_path / "user") as client:
        must(client, "install")
        body, answer = BROKEN[fault]
        tool = script(tmp_path, fault, body) if body else [str(tmp_path / "missing")]
        options(client, tool=tool, limit=2, hours=1e-9)
        ours(client).mkdir(parents=True, exist_ok=True)
        (ours(client) / "status.json").write_bytes(os.urandom(3000))
        with terminal(client) as screen:
            screen.shows(READY)
            screen.prompt("Hello there", "Answer to Hello there")
            wait((ours(client) / "client" / "enforced").exists)  # the run after it, which is let go of
            screen.command("sessions-stats", answer, "ok", "esc")
            screen.leave_dialog(answer)
            screen.prompt("Hello again", "Answer to Hello again")
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
