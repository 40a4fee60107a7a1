"""Our plugin in the real client: what its user sees, and that the client never minds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from client import Client, copied
from lifecycle import must
from plugin import news, ours
from terminal import READY, Terminal, needs_tmux, terminal
from world import World, age, every_session


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


def test_the_figures_and_the_largest_trees_are_a_list_of_which_one_opens(screen: Terminal, user: Client) -> None:
    must(user, "stats", "--deep")
    told = screen.command("sessions-stats", "The largest trees")
    assert "Event log" in told and "2.0 MB a day" in told and "Could be reclaimed" in told
    screen.types("family")
    screen.shows("old family 3 sessions")
    screen.choose("Delegate")
    screen.shows("130.2 MB, 2.0 MB a day")  # the sidebar of a session
