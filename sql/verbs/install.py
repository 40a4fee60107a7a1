"""What the verb install does and says: our plugin in OpenCode's client, and out of it again."""

from __future__ import annotations

from ...policies import policy as policies
from ...policies import units
from .. import files
from ..refusal import BAD_VALUE, UNSUPPORTED, Refusal
from ..unattended import install as installing
from ..unattended import job
from ..unattended.install import Installation
from ..unattended.status import JSON as STATUS
from ..words import many, plain, printable, program
from . import common, console

COMMANDS = "/sessions-stats, /sessions-prune, /sessions-archive, /sessions-restore"
PRICE = ("--server makes the client wait at its start while it installs packages of its own: some 12 seconds once, and "
         "more than a minute, with an empty screen, at each start at which the registry cannot be reached. Without it "
         "`run`, `serve`, web and desktop enforce nothing, and nothing waits.")


def install(store: str | None, *, remove: bool, server: bool, hours: str, json: bool) -> None:
    """Put the plugin into the client, or take it out. Raises what `unattended.install` raises."""
    if remove:
        if server or store:
            raise Refusal("--remove takes everything out that install wrote; give it alone.", BAD_VALUE)
        _tell(installing.remove(), json, f"The client has nothing of ours any more; `{program()} undo` and the others "
                                         "work as before.", "Nothing of ours was in the client.")
        return
    every = units.count(hours, "--hours")
    if not every:
        raise Refusal("--hours=0: enforcing takes an hour at least; `--remove` ends it.", BAD_VALUE)
    rules, _ = policies.load(None)
    with common.opened(store, write=False) as (place, _):
        name, path = place.name, place.path
    if path is None:
        raise Refusal("The client opens its SQLite file alone; name that, or leave --store out.", UNSUPPORTED)
    options = {"tool": list(job.program()), "store": name, "hours": every, "status": str(files.place("state", STATUS)),
               "folder": str(files.place("state", "client"))}
    if server and not json:
        console.talk.print(PRICE)
    done = installing.install(options, server)
    _tell(done, json, f"From its next start the terminal client has {COMMANDS}, says when a mark of size is passed or "
                      f"something was removed, and enforces the policy at most once in {many(every, 'hour')}, when "
                      "a session is done.", "Everything is installed as it should be.")
    if not json:
        common.warn_of_interval(rules, every)
    if (installing.client_config() / "cli.json").exists() and not json:
        console.talk.print(f"Client 2.x (it has a cli.json) takes no plugin of 1.x: there `{program()} schedule` does "
                           "the same work, unseen.")


def _tell(done: Installation, json: bool, then: str, nothing: str) -> None:
    if json:
        console.as_json(done.facts())
        return
    for path in done.changed:
        console.out.print(printable(path, 500))
    for why in done.left:
        console.talk.print(f"Left as it is: {plain(why)}.")
    console.talk.print(then if done.changed else nothing)
