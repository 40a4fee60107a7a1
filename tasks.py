"""The command line: one thin task per verb, which reads flags, calls, asks and prints."""

from __future__ import annotations

import os
import sys

from opencode_lifecycle.sql import lean  # noqa: F401  before anything of Invoke

# isort: split
from invoke.collection import Collection
from invoke.context import Context
from invoke.program import Program
from opencode_lifecycle.sql import verbs
from opencode_lifecycle.sql.refusal import BAD_VALUE, Refusal
from opencode_lifecycle.sql.verbs.flags import ARCHIVE, EXPORT, IGNORE, JSON, RECLAIM, RUN, SELECT, STORE, TO, WITH
from opencode_lifecycle.sql.verbs.program import Installed, Restore, say_slips, verb

# Invoke keeps Python from keeping what it compiles, which then is a third of each start.
sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))

Word = str | None  # what a flag was given; None where it is left out


@verb(help=STORE | JSON | {"top": "How many of the largest trees to show", "now": SELECT["now"],
                           "policy": SELECT["policy"], "origin": "Only what this origin brought",
                           "deep": "Read every text too: kinds of rows, and what could be reclaimed"})
def stats(c: Context, store: Word = None, deep: bool = False, top: str = "10", json: bool = False, now: Word = None,
          policy: Word = None, origin: Word = None) -> None:
    """What is in the store and warnings; what could be reclaimed and how."""
    verbs.stats.stats(store, deep=deep, top=top, now=now, policy=policy, origin=origin, json=json)


@verb(help=SELECT | RUN | EXPORT | JSON | {"dry-run": "Show the plan and stop", "vacuum": "Return the space as well"},
      optional=["children"])
def prune(c: Context, store: Word = None, days: Word = None, older_than: Word = None, keep: Word = None,
          max_size: Word = None, larger_than: Word = None, children: str | bool | None = None, project: Word = None,
          origin: Word = None, policy: Word = None, now: Word = None, ignore_table: Word = None, dry_run: bool = False,
          yes: bool = False, vacuum: bool = False, export: Word = None, export_to: Word = None,
          no_export: bool = False, json: bool = False) -> None:
    """Plan, show, ask, export, remove: whole session trees, by a policy."""
    limits = verbs.common.Limits.of(locals())
    asked = verbs.keeping.Keeping(export=export, export_to=export_to, no_export=no_export)
    verbs.removal.prune(store, limits, asked, ignore_table=ignore_table, dry_run=dry_run, yes=yes, vacuum=vacuum,
                        json=json)


@verb(help=SELECT | JSON | {"out": "Write the script to this file instead of stdout",
                            "check": "Write nothing; exit 2 if anything would be removed"}, optional=["children"])
def plan(c: Context, store: Word = None, days: Word = None, older_than: Word = None, keep: Word = None,
         max_size: Word = None, larger_than: Word = None, children: str | bool | None = None, project: Word = None,
         origin: Word = None, policy: Word = None, now: Word = None, ignore_table: Word = None, out: Word = None,
         check: bool = False, json: bool = False) -> None:
    """Only the script, to read before it runs."""
    limits = verbs.common.Limits.of(locals())
    verbs.removal.plan(store, limits, ignore_table=ignore_table, out=out, check=check, json=json)


@verb(help=STORE | RUN | EXPORT | JSON | {"file": "The plan", "edited": "Lines of the list were struck out on purpose"},
      positional=["file"])
def apply(c: Context, file: str, store: Word = None, yes: bool = False, export: Word = None, export_to: Word = None,
          no_export: bool = False, edited: bool = False, json: bool = False) -> None:
    """Run a reviewed plan, exactly as it reads."""
    asked = verbs.keeping.Keeping(export=export, export_to=export_to, no_export=no_export)
    verbs.removal.apply(store, file, asked, edited=edited, yes=yes, json=json)


@verb(help=SELECT | JSON | {"session": "A session's id"}, positional=["session"], optional=["children"])
def explain(c: Context, session: str, store: Word = None, days: Word = None, older_than: Word = None, keep: Word = None,
            max_size: Word = None, larger_than: Word = None, children: str | bool | None = None, project: Word = None,
            origin: Word = None, policy: Word = None, now: Word = None, ignore_table: Word = None,
            json: bool = False) -> None:
    """Every rule's verdict on the tree of one session."""
    verbs.inspect.explain(store, session, verbs.common.Limits.of(locals()), json)


@verb(help=STORE | JSON | IGNORE | {
    "policy": SELECT["policy"], "now": SELECT["now"], "check": "Change nothing; exit 2 if there is something to do",
    "dry-run": "Show what each step would do, and stop", "yes": "Evict at once, without an announcement before",
    "quiet": "Say only what was evicted, announced, or failed"})
def enforce(c: Context, store: Word = None, policy: Word = None, check: bool = False, dry_run: bool = False,
            yes: bool = False, now: Word = None, ignore_table: Word = None, json: bool = False,
            quiet: bool = False) -> None:
    """The whole policy, unattended: warn, archive, reclaim, evict, give space back, expire exports."""
    verbs.enforce.run(store, policy=policy, check=check, dry_run=dry_run, yes=yes, now=now, ignore_table=ignore_table,
                      json=json, quiet=quiet)


@verb(help=RECLAIM)
def reclaim(c: Context, store: Word = None, only: Word = None, older_than: Word = None, all_events: bool = False,
            orphan_children: bool = False, policy: Word = None, now: Word = None, ignore_table: Word = None,
            dry_run: bool = False, yes: bool = False, export: Word = None, no_export: bool = False,
            json: bool = False) -> None:
    """Shrink what is kept: superseded events, cleared outputs, diffs, rows without an owner."""
    verbs.reclaim.reclaim(store, only=only, older_than=older_than, all_events=all_events,
                          orphan_children=orphan_children, policy=policy, now=now, ignore_table=ignore_table,
                          dry_run=dry_run, yes=yes, export=export, no_export=no_export, json=json)


@verb(help=STORE | JSON | RUN | {"method": "One of auto, incremental, full"})
def vacuum(c: Context, store: Word = None, method: str = "auto", yes: bool = False, json: bool = False) -> None:
    """Return free pages to the file system."""
    verbs.space.vacuum(store, method, yes, json)


@verb(help=STORE | JSON)
def checkpoint(c: Context, store: Word = None, json: bool = False) -> None:
    """Bring the WAL into the file."""
    verbs.space.checkpoint(store, json)


@verb(help=STORE | JSON | RUN)
def convert(c: Context, store: Word = None, yes: bool = False, json: bool = False) -> None:
    """Switch to incremental auto_vacuum, so that space can be returned in small steps."""
    verbs.space.convert(store, yes, json)


@verb(help=STORE | JSON | {
    "output": "The new file: .json, .json.gz or .json.zst", "session": "Only the tree of this session",
    "older-than": "Only trees not active for so long", "project": SELECT["project"], "now": SELECT["now"],
    "redact": "Replace texts, outputs, URLs and paths, for a bug report; such a file cannot be restored",
    "yes": "Nothing is asked here, and no file replaced; for scripts that say it everywhere"})
def export(c: Context, output: str, store: Word = None, session: Word = None, older_than: Word = None,
           project: Word = None, now: Word = None, redact: bool = False, yes: bool = False, json: bool = False) -> None:
    """Write whole session trees to a file, losslessly."""
    verbs.transfer.export(store, output, session=session, older_than=older_than, project=project, now=now,
                          redacting=redact, json=json)


@verb(help=STORE | JSON | {
    "file": "An export of ours, a file of `opencode export`, or a store that holds copies: a URL, or a cold file",
    "search": "Of a store: only trees with these words in a title", "project": "Of a store: only trees of this project",
    "origin": "Of a store: only trees that this origin brought",
    "session": "Only the tree of this session; with --attachments, only this session",
    "list": "Show what is inside and restore nothing", "replace": "Put exported rows in the place of those that differ",
    "into-project": "Give the sessions to this project: its id, folder or name",
    "into-folder": "Have the sessions work in this folder of this machine, in place of their own",
    "no-pin": "Do not protect what came back for 30 days", "yes": "Do not ask before rows are replaced",
    "attachments": "In place of a file: put attachments that were moved out back into their rows",
    "dry-run": "Look at everything, say what would come and go, and change nothing"} | IGNORE,
    positional=["file"], klass=Restore)
def restore(c: Context, file: str, store: Word = None, session: Word = None, list: bool = False, search: Word = None,
            project: Word = None, origin: Word = None, replace: bool = False, into_project: Word = None,
            into_folder: Word = None, no_pin: bool = False, attachments: bool = False, dry_run: bool = False,
            yes: bool = False, ignore_table: Word = None, json: bool = False) -> None:
    """Bring sessions back from an export, a server or a cold file, or their attachments, byte for byte."""
    ignored = verbs.common.names(ignore_table)
    wanted = verbs.copies.Wanted(session=session, search=search, project=project, origin=origin)
    if attachments and (file or list or search or project or origin or replace or into_project or into_folder
                        or no_pin):
        raise Refusal("--attachments takes the place of a file, and goes with --session, --dry-run and --json only.",
                      BAD_VALUE)
    if attachments:
        verbs.transfer.attached(store, session=session, dry_run=dry_run, ignored=ignored, json=json)
    else:
        verbs.transfer.restore(store, file, wanted, listing=list, replace=replace, into=into_project,
                               into_folder=into_folder, pin=not no_pin, dry_run=dry_run, yes=yes, ignored=ignored,
                               json=json)


@verb(help=STORE | RUN | JSON | IGNORE | {
    "run": "The number of a run, as `history` lists it; the last one when left out",
    "from_": "URL of the server or cold file that has what the run took, where nothing else names it",
    "no-pin": "Do not protect what came back for 30 days"})
def undo(c: Context, store: Word = None, run: Word = None, from_: Word = None, no_pin: bool = False, yes: bool = False,
         ignore_table: Word = None, json: bool = False) -> None:
    """Take back the last run that changed something, or any run that `history` lists."""
    verbs.transfer.undo(store, run=run, origin=from_, pin=not no_pin, yes=yes,
                        ignored=verbs.common.names(ignore_table), json=json)


@verb(help=JSON | {"expire": "Remove those that the policy's limits let go", "policy": SELECT["policy"],
                   "now": SELECT["now"]})
def exports(c: Context, expire: bool = False, policy: Word = None, now: Word = None, json: bool = False) -> None:
    """List our exports; let the policy's limits on them act."""
    verbs.transfer.exports(expire, policy, now, json)


@verb(help=ARCHIVE | {"output": "Not here: `export --output=FILE` writes sessions to a file"})
def archive(c: Context, store: Word = None, session: Word = None, older_than: Word = None, now: Word = None,
            ignore_table: Word = None, dry_run: bool = False, yes: bool = False, json: bool = False,
            output: Word = None) -> None:
    """Set the client's own archive flag; it frees nothing."""
    verbs.inspect.refuse_file(output)
    verbs.inspect.archive(store, True, session=session, older_than=older_than, now=now, ignore_table=ignore_table,
                          dry_run=dry_run, yes=yes, json=json)


@verb(help=ARCHIVE)
def unarchive(c: Context, store: Word = None, session: Word = None, older_than: Word = None, now: Word = None,
              ignore_table: Word = None, dry_run: bool = False, yes: bool = False, json: bool = False) -> None:
    """Clear the client's archive flag."""
    verbs.inspect.archive(store, False, session=session, older_than=older_than, now=now, ignore_table=ignore_table,
                          dry_run=dry_run, yes=yes, json=json)


@verb(help=STORE | {"session": "A session's id"}, positional=["session"])
def pin(c: Context, session: str, store: Word = None) -> None:
    """Protect a session and its tree from every removal."""
    verbs.inspect.pin(store, session)


@verb(help=STORE | {"session": "A session's id"}, positional=["session"])
def unpin(c: Context, session: str, store: Word = None) -> None:
    """Let go of a pinned session."""
    verbs.inspect.unpin(store, session)


@verb(help=STORE | JSON)
def pins(c: Context, store: Word = None, json: bool = False) -> None:
    """The pinned sessions of the store."""
    verbs.inspect.pins(store, json)


@verb(help=TO | {"store": "Take the tables of this store, not of the newest client known here",
                 "dry-run": "Print the statements and change nothing", "revert": "Drop what migrate made, no more",
                 "yes": "Do not ask, and drop tables that still hold rows"}, positional=[])
def migrate(c: Context, to: str, store: Word = None, dry_run: bool = False, revert: bool = False,
            yes: bool = False) -> None:
    """Make a server store, or bring its tables up to a newer client's."""
    (verbs.servers.revert(to, dry_run, yes) if revert else verbs.servers.migrate(to, store, dry_run))


@verb(help=STORE | TO | JSON | IGNORE | {
    "poorer": "Let the source win where the copy holds more of a session", "origin": "What this store is called there",
    "check": "Compare and write nothing; exit code 2 if anything differs", "all": "Bring every session, changed or not",
    "watch": "Go on until stopped, and look every so often: 5m", "without-events": "Leave the event log out"},
      positional=[])
def mirror(c: Context, to: str, store: Word = None, origin: Word = None, check: bool = False, watch: Word = None,
           without_events: bool = False, all: bool = False, poorer: bool = False, ignore_table: Word = None,
           json: bool = False) -> None:
    """Keep a server store up to date with what changed, and read each session back."""
    asked = verbs.servers.Asked(poorer=poorer, ignore_table=ignore_table, origin=origin, check=check, watch=watch,
                                without_events=without_events, everything=all, json=json)
    verbs.servers.mirror(to, store, asked)


@verb(help=STORE | JSON | {k: SELECT[k] for k in ("days", "older-than", "keep", "max-size", "larger-than", "children",
                                                  "policy")} | {
    "init": "Write your own policy, each key explained, with the values of --policy and the flags",
    "check": "Look at a file for slips; exit code 64 if there is one"}, optional=["children"])
def policy(c: Context, store: Word = None, days: Word = None, older_than: Word = None, keep: Word = None,
           max_size: Word = None, larger_than: Word = None, children: str | bool | None = None, policy: Word = None,
           init: bool = False, check: Word = None, json: bool = False) -> None:
    """The policy that holds, in a sentence and as TOML, with where each value was set; which patterns match nothing."""
    verbs.policy.policy(store, verbs.common.Limits.of(locals()), init=init, check=check, json=json)


@verb(help=STORE | JSON | {"all": "Runs on every store", "origin": "Of what was brought here only this origin's"})
def history(c: Context, store: Word = None, all: bool = False, origin: Word = None, json: bool = False) -> None:
    """Runs on the store: what each changed, and whether it can be undone; its size over time, and how fast it grows."""
    verbs.history.history(store, all, origin, json)


@verb(help=STORE | JSON | {"remove": "Take out what was installed", "hours": "Enforce at most once in so many hours",
                           "server": "Also for `run`, `serve`, web, desktop; each start may then wait for packages"})
def install(c: Context, store: Word = None, remove: bool = False, server: bool = False, hours: str = "24",
            json: bool = False) -> None:
    """Put commands, warnings and the enforcing of the policy into OpenCode's terminal client."""
    verbs.install.install(store, remove=remove, server=server, hours=hours, json=json)


@verb(help=STORE | JSON | WITH | {
    "every": "How often: hourly, 2h to 12h, daily or weekly", "at": "A time of day, local: 03:30",
    "policy": SELECT["policy"], "show": "Show what is scheduled", "dry-run": "Show what would be written and stop"})
def schedule(c: Context, store: Word = None, every: Word = None, at: Word = None, with_: Word = None,
             policy: Word = None, show: bool = False, dry_run: bool = False, json: bool = False) -> None:
    """Have the policy enforced by itself, by a job of this machine's own scheduler."""
    verbs.schedule.schedule(store, every=every, at=at, system=with_, policy=policy, show=show, dry_run=dry_run,
                            json=json)


@verb(help=JSON | WITH)
def unschedule(c: Context, with_: Word = None, json: bool = False) -> None:
    """Take out exactly what schedule put in."""
    verbs.schedule.unschedule(with_, json)


@verb(help={"name": "A template, as `retention/verdict`; `list` for the names of all",
            "dialect": "One of sqlite, postgres, mysql (MariaDB), mysql8, tsql",
            "layout": "The client's tables: v1, v2 or mixed"},
      positional=["name"])
def render(c: Context, name: str, dialect: str = "sqlite", layout: str = "v1") -> None:
    """The SQL of a template for an engine, on stdout."""
    verbs.templates.show(name, dialect, layout)


@verb()
def check(c: Context) -> None:
    """Hold every template against the portable subset, and render it for every engine."""
    verbs.templates.check()


@verb(help={"keep": "Leave the sample store where it is"})
def demo(c: Context, keep: bool = False) -> None:
    """Build a sample store in a temporary folder and show stats, prune and stats on it."""
    verbs.demo.run(lambda *words: Program(namespace=namespace()).run(["invoke", *words], exit=False), keep)


def namespace() -> Collection:
    """The tasks of this module, one a verb."""
    return Collection.from_module(sys.modules[__name__])


PURPOSES = {
    "Look": ("stats", "explain", "history", "demo"),
    "Remove": ("prune", "plan", "apply"),
    "Set once": ("enforce", "schedule", "unschedule", "install"),
    "Shrink what stays": ("reclaim",),
    "Give space back to the disk": ("vacuum", "checkpoint", "convert"),
    "Keep and bring back": ("pin", "unpin", "pins", "archive", "unarchive", "export", "restore", "undo", "exports"),
    "Servers": ("migrate", "mirror"),
    "Policies, and the SQL of the rules": ("policy", "render", "check"),
}

say_slips(lambda: list(namespace().task_names))
program = Installed(PURPOSES, namespace=namespace())
