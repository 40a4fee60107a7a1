"""The command line: one thin task per verb, which reads flags, calls, asks and prints."""

from __future__ import annotations

import sys

from invoke import Collection, ParseError, Program
from opencode_lifecycle.sql.refusal import BAD_VALUE, Refusal
from opencode_lifecycle.sql.verbs.program import Installed, Restore, slip, verb
from opencode_lifecycle.sql.words import printable
from opencode_lifecycle.sql.words import program as called

STORE = {"store": "Path or URL of the store; the client's own when left out"}
JSON = {"json": "Print facts as JSON on stdout"}
SELECT = STORE | {
    "days": "Remove trees that were not active for so many days: 30",
    "older-than": "Like --days, with a unit: 12h, 6w, 3mo, 1y",
    "keep": "Remove trees beyond the newest N",
    "max-size": "Remove the oldest trees until the file fits: 500MB, 2GiB",
    "larger-than": "Remove single trees larger than this: 200MB",
    "children": "Remove idle child sessions of trees that stay (30d unless said otherwise)",
    "project": "Only trees of this project: its id, folder or name",
    "policy": "A policy by name or file; the user's own or the default when left out",
    "now": "The moment to judge by: epoch milliseconds or ISO 8601",
    "ignore-table": "Go on although this unknown table, or this trigger, has to do with rows of sessions: a,b",
}
RUN = {"yes": "Do not ask"}
IGNORE = {"ignore-table": SELECT["ignore-table"]}
EXPORT = {"export": "File for the export made before the removal", "no-export": "Make no export before the removal"}


@verb(help=STORE | JSON | {"top": "How many of the largest trees to show", "now": SELECT["now"],
                           "policy": SELECT["policy"]})
def stats(c, store=None, top="10", json=False, now=None, policy=None):
    """What is in the store, what could be reclaimed and how, and warnings."""
    from opencode_lifecycle.sql.verbs import inspect

    inspect.stats(store, top=top, now=now, policy=policy, json=json)


@verb(help=SELECT | RUN | EXPORT | JSON | {"dry-run": "Show the plan and stop", "vacuum": "Return the space as well"},
      optional=["children"])
def prune(c, store=None, days=None, older_than=None, keep=None, max_size=None, larger_than=None, children=None,
          project=None, policy=None, now=None, ignore_table=None, dry_run=False, yes=False, vacuum=False,
          export=None, no_export=False, json=False):
    """Plan, show, ask, export, remove: whole session trees, by a policy."""
    from opencode_lifecycle.sql.verbs import common, removal

    limits = common.Limits(days=days, older_than=older_than, keep=keep, max_size=max_size, larger_than=larger_than,
                           children=children, project=project, policy=policy, now=now)
    removal.prune(store, limits, ignore_table=ignore_table, dry_run=dry_run, yes=yes, vacuum=vacuum, export=export,
                  no_export=no_export, json=json)


@verb(help=SELECT | JSON | {"out": "Write the script to this file instead of stdout",
                            "check": "Write nothing; exit 2 if anything would be removed"}, optional=["children"])
def plan(c, store=None, days=None, older_than=None, keep=None, max_size=None, larger_than=None, children=None,
         project=None, policy=None, now=None, ignore_table=None, out=None, check=False, json=False):
    """Only the script, to read before it runs."""
    from opencode_lifecycle.sql.verbs import common, removal

    limits = common.Limits(days=days, older_than=older_than, keep=keep, max_size=max_size, larger_than=larger_than,
                           children=children, project=project, policy=policy, now=now)
    removal.plan(store, limits, ignore_table=ignore_table, out=out, check=check, json=json)


@verb(help=STORE | RUN | EXPORT | JSON | {"file": "The plan", "edited": "Lines of the list were struck out on purpose"},
      positional=["file"])
def apply(c, file, store=None, yes=False, export=None, no_export=False, edited=False, json=False):
    """Run a reviewed plan, exactly as it reads."""
    from opencode_lifecycle.sql.verbs import removal

    removal.apply(store, file, export=export, no_export=no_export, edited=edited, yes=yes, json=json)


@verb(help=SELECT | JSON | {"session": "A session's id"}, positional=["session"], optional=["children"])
def explain(c, session, store=None, days=None, older_than=None, keep=None, max_size=None, larger_than=None,
            children=None, project=None, policy=None, now=None, ignore_table=None, json=False):
    """Every rule's verdict on the tree of one session."""
    from opencode_lifecycle.sql.verbs import common, inspect

    limits = common.Limits(days=days, older_than=older_than, keep=keep, max_size=max_size, larger_than=larger_than,
                           children=children, project=project, policy=policy, now=now)
    inspect.explain(store, session, limits, json)


RECLAIM = STORE | RUN | JSON | {
    "only": "Only these kinds, whatever the policy switches: events,compacted",
    "older-than": "Diffs, outputs, reasoning and attachments: only of sessions idle for so long (`7d`)",
    "all-events": "Drop the whole event log of sessions that stay",
    "orphan-children": "Remove child sessions whose parent is gone as well",
    "dry-run": "Show the forecast and stop",
    "export": "File for the original rows, written before the first change",
    "no-export": "Do not export the original rows",
} | {name: SELECT[name] for name in ("policy", "now", "ignore-table")}


ORIGINALS = ".originals.zst"


@verb(help=RECLAIM)
def reclaim(c, store=None, only=None, older_than=None, all_events=False, orphan_children=False, policy=None, now=None,
            ignore_table=None, dry_run=False, yes=False, export=None, no_export=False, json=False):
    """Shrink what is kept: superseded events, cleared outputs, diffs, rows without an owner."""
    from opencode_lifecycle.sql.verbs import reclaim

    reclaim.reclaim(store, only=only, older_than=older_than, all_events=all_events, orphan_children=orphan_children,
                    policy=policy, now=now, ignore_table=ignore_table, dry_run=dry_run, yes=yes, export=export,
                    no_export=no_export, json=json)


@verb(help=STORE | JSON | RUN | {"method": "One of auto, incremental, full"})
def vacuum(c, store=None, method="auto", yes=False, json=False):
    """Return free pages to the file system."""
    from opencode_lifecycle.sql.verbs import space

    space.vacuum(store, method, yes, json)


@verb(help=STORE | JSON)
def checkpoint(c, store=None, json=False):
    """Bring the WAL into the file."""
    from opencode_lifecycle.sql.verbs import space

    space.checkpoint(store, json)


@verb(help=STORE | JSON | RUN)
def convert(c, store=None, yes=False, json=False):
    """Switch to incremental auto_vacuum, so that space can be returned in small steps."""
    from opencode_lifecycle.sql.verbs import space

    space.convert(store, yes, json)


@verb(help=STORE | JSON | {
    "output": "The new file: .json, .json.gz or .json.zst", "session": "Only the tree of this session",
    "older-than": "Only trees not active for so long", "project": SELECT["project"], "now": SELECT["now"],
    "redact": "Replace texts, outputs, URLs and paths, for a bug report; such a file cannot be restored",
    "yes": "Nothing is asked here, and no file replaced; for scripts that say it everywhere"})
def export(c, output, store=None, session=None, older_than=None, project=None, now=None, redact=False, yes=False,
           json=False):
    """Write whole session trees to a file, losslessly."""
    from opencode_lifecycle.sql.verbs import transfer

    transfer.export(store, output, session=session, older_than=older_than, project=project, now=now, redacting=redact,
                    json=json)


@verb(help=STORE | JSON | {
    "file": "An export of ours, or a file of `opencode export`",
    "session": "Only the tree of this session; with --attachments, only this session",
    "list": "Show what is inside and restore nothing", "replace": "Put exported rows in the place of those that differ",
    "into-project": "Give the sessions to this project: its id, folder or name",
    "no-pin": "Do not protect what came back for 30 days",
    "attachments": "In place of a file: put attachments that were moved out back into their rows",
    "yes": "Do not ask before rows are replaced",
    "dry-run": "Look at everything, say what would come and go, and change nothing"} | IGNORE,
    positional=["file"], klass=Restore)
def restore(c, file, store=None, session=None, list=False, replace=False, into_project=None, no_pin=False,
            attachments=False, dry_run=False, yes=False, ignore_table=None, json=False):
    """Bring sessions back from an export, or their attachments, byte for byte."""
    from opencode_lifecycle.sql.verbs import common, transfer

    ignored = common.names(ignore_table)
    if attachments and (file or list or replace or into_project or no_pin):
        raise Refusal("--attachments takes the place of a file, and goes with --session, --dry-run and --json only.",
                      BAD_VALUE)
    if attachments:
        transfer.attached(store, session=session, dry_run=dry_run, ignored=ignored, json=json)
    else:
        transfer.restore(store, file, session=session, listing=list, replace=replace, into=into_project,
                         pin=not no_pin, dry_run=dry_run, yes=yes, ignored=ignored, json=json)


@verb(help=STORE | RUN | JSON | IGNORE | {
    "run": "The number of a run, as `history` lists it; the last one when left out",
    "no-pin": "Do not protect what came back for 30 days"})
def undo(c, store=None, run=None, no_pin=False, yes=False, ignore_table=None, json=False):
    """Take back the last run that changed something, or any run that `history` lists."""
    from opencode_lifecycle.sql.verbs import common, transfer

    transfer.undo(store, run=run, pin=not no_pin, yes=yes, ignored=common.names(ignore_table), json=json)


@verb(help=JSON | {"expire": "Remove those that the policy's limits let go", "policy": SELECT["policy"],
                   "now": SELECT["now"]})
def exports(c, expire=False, policy=None, now=None, json=False):
    """List our exports; let the policy's limits on them act."""
    from opencode_lifecycle.sql.verbs import transfer

    transfer.exports(expire, policy, now, json)


ARCHIVE = STORE | JSON | RUN | IGNORE | {
    "session": "One session by id", "older-than": "Root sessions of trees idle for longer",
    "dry-run": "Show what would change and stop", "now": SELECT["now"]}


@verb(help=ARCHIVE | {"output": "Not here: `export --output=FILE` writes sessions to a file"})
def archive(c, store=None, session=None, older_than=None, now=None, ignore_table=None, dry_run=False, yes=False,
            json=False, output=None):
    """Set the client's own archive flag; it frees nothing."""
    if output:
        raise Refusal(f"archive only sets the client's flag; to write sessions to a file: {called()} export "
                      f"--output={printable(output, 200)}.", BAD_VALUE)
    from opencode_lifecycle.sql.verbs import inspect

    inspect.archive(store, True, session=session, older_than=older_than, now=now, ignore_table=ignore_table,
                    dry_run=dry_run, yes=yes, json=json)


@verb(help=ARCHIVE)
def unarchive(c, store=None, session=None, older_than=None, now=None, ignore_table=None, dry_run=False, yes=False,
              json=False):
    """Clear the client's archive flag."""
    from opencode_lifecycle.sql.verbs import inspect

    inspect.archive(store, False, session=session, older_than=older_than, now=now, ignore_table=ignore_table,
                    dry_run=dry_run, yes=yes, json=json)


@verb(help=STORE | {"session": "A session's id"}, positional=["session"])
def pin(c, session, store=None):
    """Protect a session and its tree from every removal."""
    from opencode_lifecycle.sql.verbs import inspect

    inspect.pin(store, session)


@verb(help=STORE | {"session": "A session's id"}, positional=["session"])
def unpin(c, session, store=None):
    """Let go of a pinned session."""
    from opencode_lifecycle.sql.verbs import inspect

    inspect.unpin(store, session)


@verb(help=STORE | JSON)
def pins(c, store=None, json=False):
    """The pinned sessions of the store."""
    from opencode_lifecycle.sql.verbs import inspect

    inspect.pins(store, json)


TO = {"to": "URL of a server store: postgresql://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE"}


@verb(help=TO | {"store": "Take the tables of this store, not of the newest client known here",
                 "dry-run": "Print the statements and change nothing"}, positional=[])
def migrate(c, to, store=None, dry_run=False):
    """Make a server store, or bring its tables up to a newer client's."""
    from opencode_lifecycle.sql.verbs import servers

    servers.migrate(to, store, dry_run)


@verb(help=STORE | TO | JSON | IGNORE | {"poorer": "Let the source win where the copy holds more of a session"},
      positional=[])
def mirror(c, to, store=None, poorer=False, ignore_table=None, json=False):
    """Copy every session to a server store, and read each one back."""
    from opencode_lifecycle.sql.verbs import servers

    servers.mirror(to, store, poorer=poorer, ignore_table=ignore_table, json=json)


@verb(help=STORE | JSON | {k: SELECT[k] for k in ("days", "older-than", "keep", "max-size", "larger-than", "children",
                                                  "policy")},
      optional=["children"])
def policy(c, store=None, days=None, older_than=None, keep=None, max_size=None, larger_than=None, children=None,
           policy=None, json=False):
    """The effective policy in one sentence, where its file is, and which of its patterns match nothing."""
    from opencode_lifecycle.sql.verbs import common, inspect

    limits = common.Limits(days=days, older_than=older_than, keep=keep, max_size=max_size, larger_than=larger_than,
                           children=children, policy=policy)
    inspect.policy(store, limits, json)


@verb(help=STORE | JSON | {"all": "Runs on every store"})
def history(c, store=None, all=False, json=False):
    """Runs on the store: what each changed, and whether it can be undone."""
    from opencode_lifecycle.sql.verbs import inspect

    inspect.history(store, all, json)


@verb(help={"name": "A template, as `retention/verdict`; `list` for the names of all",
            "dialect": "One of sqlite, postgres, mysql (MariaDB), mysql8, tsql",
            "layout": "The client's tables: v1, v2 or mixed"},
      positional=["name"])
def render(c, name, dialect="sqlite", layout="v1"):
    """The SQL of a template for an engine, on stdout."""
    from opencode_lifecycle.sql.verbs import templates

    templates.show(name, dialect, layout)


@verb()
def check(c):
    """Hold every template against the portable subset, and render it for every engine."""
    from opencode_lifecycle.sql.verbs import templates

    templates.check()


@verb(help={"keep": "Leave the sample store where it is"})
def demo(c, keep=False):
    """Build a sample store in a temporary folder and show stats, prune and stats on it."""
    from opencode_lifecycle.sql.verbs import demo as showing

    showing.run(lambda *words: Program(namespace=namespace()).run(["invoke", *words], exit=False), keep)


def namespace():
    return Collection.from_module(sys.modules[__name__])


PURPOSES = {
    "Look": ("stats", "explain", "history", "demo"),
    "Remove": ("prune", "plan", "apply"),
    "Shrink what stays": ("reclaim",),
    "Give space back to the disk": ("vacuum", "checkpoint", "convert"),
    "Keep and bring back": ("pin", "unpin", "pins", "archive", "unarchive", "export", "restore", "undo", "exports"),
    "Servers": ("migrate", "mirror"),
    "Policies, and the SQL of the rules": ("policy", "render", "check"),
}

# Invoke itself, in the checkout, says the same sentences after a slip; its exit code is its own.
ParseError.__str__ = lambda error: slip(error, list(namespace().task_names))

program = Installed(PURPOSES, namespace=namespace())
