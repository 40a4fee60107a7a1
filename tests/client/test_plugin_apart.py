"""The client never minds our plugin: tools that do not work, four clients at once, starts."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from client import Client, copied, repository
from lifecycle import must
from mock_model import Model
from plugin import entry, options, ours, script
from terminal import READY, needs_tmux, terminal

pytestmark = pytest.mark.full  # minutes of starts
# A tool that does not work, and what a question to it is answered with in the client.
BROKEN = {
    "garbage": ("head -c 20000 /dev/urandom", "No answer from"),
    "hanging": ("exec sleep 1000", "No answer from"),
    "failing": ("echo 'Something in it broke.' >&2; exit 1", "Something in it broke."),
    "missing": (None, "No answer from"),
}


@pytest.fixture(scope="module")
def plain(binary: Path, mock_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A user with one session, whose store the tests copy."""
    folder = tmp_path_factory.mktemp("plain")
    client = Client(binary, folder / "user", repository(folder / "project", mock_model.url))
    with client.serve() as server:
        assert server.prompt(server.create("first"), "Hello")
    return client


@pytest.fixture
def user(plain: Client, tmp_path: Path) -> Iterator[Client]:
    with copied(plain, tmp_path / "user") as client:
        yield client


@pytest.mark.parametrize("fault", BROKEN)
def test_a_tool_that_does_not_work_leaves_the_client_as_it_is(fault: str, user: Client, tmp_path: Path) -> None:
    needs_tmux()
    must(user, "install")
    body, answer = BROKEN[fault]
    tool = script(tmp_path, fault, body) if body else [str(tmp_path / "missing")]
    options(user, tool=tool, limit=2, hours=1e-9)
    ours(user).mkdir(parents=True, exist_ok=True)
    (ours(user) / "status.json").write_bytes(os.urandom(3000))
    with terminal(user) as screen:
        screen.shows(READY)
        screen.prompt("Hello there", "Answer to Hello there")
        wait((ours(user) / "client" / "enforced").exists)  # the run after it, which is let go of
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


def test_of_four_clients_one_enforces_the_policy_and_once(user: Client, tmp_path: Path) -> None:
    needs_tmux()
    must(user, "install")
    log = tmp_path / "log"
    with ExitStack() as stack:
        _, _, found = entry(user)
        real = " ".join(f'"{word}"' for word in found["tool"])
        options(user, tool=script(tmp_path, "tool", f'echo "$@" >> {log}\nexec {real} "$@"'))
        screens = [stack.enter_context(terminal(user, f"{n}")) for n in range(4)]
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
        done = ours(user) / "client" / "enforce.json"
        wait(lambda: done.exists() and done.stat().st_size)
        time.sleep(2)
        assert log.read_text().splitlines() == [f"enforce --store={found['store']} --json"]
        assert {step["step"] for step in json.loads(done.read_text())["steps"]} >= {"warn", "evict", "space"}


def wait(so: object, within: float = 90) -> None:
    end = time.monotonic() + within
    while not so():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_what_has_no_screen_enforces_the_policy_by_the_server_plugin_and_its_price_is_said(
        user: Client, say) -> None:
    """Here the registry answers at once that it cannot be reached; the price that is said is of one that does not."""
    took = []
    for server in (False, True):
        if server:
            assert "more than a minute, with an empty screen" in must(user, "install", "--server").text
        began = time.monotonic()
        told = user.call("run", "Hello", timeout=300)
        assert told.code == 0 and "Answer to Hello" in told.text
        took.append(time.monotonic() - began)
    done = ours(user) / "client" / "enforce.json"
    wait(lambda: done.exists() and done.stat().st_size)
    assert {step["step"] for step in json.loads(done.read_text())["steps"]} >= {"warn", "evict", "space"}
    say(f"`run` of one prompt took {took[0]:.1f} s without and {took[1]:.1f} s with the server plugin")


def test_a_start_costs_no_more_than_one_without_the_plugin(user: Client, say) -> None:
    """With figures, ten starts each by turns; the bound is loose, since others may work on the machine too. No
    network: the client is in a namespace of its own where that is allowed."""
    needs_tmux()
    alone = "unshare -n" if shutil.which("unshare") and not os.system("unshare -n true 2>/dev/null") else ""
    times: dict[bool, list[float]] = {False: [], True: []}
    must(user, "install")
    listed = entry(user)[0]
    for n in range(10):
        for plugin in (False, True):
            listed.rename(listed.with_suffix(".off")) if not plugin else listed.with_suffix(".off").rename(listed)
            with terminal(user, f"{plugin}{n}", before=alone) as screen:
                screen.shows(READY)
                times[plugin].append(time.monotonic() - screen.begun)
    without, beside = (statistics.median(times[plugin]) for plugin in (False, True))
    say(f"starts of the client without network: median {without:.2f} s without the plugin, {beside:.2f} s with it "
        f"({beside / without - 1:+.1%}); {times}")
    assert beside < without * 1.25 + 0.5
