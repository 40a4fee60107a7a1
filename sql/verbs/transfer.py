"""What the verbs export, restore, undo and exports do and say."""

from __future__ import annotations

import shlex
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace as copied
from pathlib import Path
from typing import Any

from ...policies import policy as policies
from ...policies import units
from ...policies.policy import Policy
from .. import files, history
from .. import store as stores
from ..engines.sqlite.client_probe import Probe
from ..reclamation import attachment_files, attachments, originals, originals_file
from ..refusal import BAD_VALUE, UNFINISHED, Refusal, unfinished
from ..retention.explain import refuse_unknown
from ..retention.selection import Question, decide, project_id
from ..store import Store
from ..transfer import export as exporting
from ..transfer import exports_folder, folder, others, redact, session_rows
from ..transfer import restore as restoring
from ..transfer.compare import Facing
from ..transfer.copies import Copy
from ..transfer.export import Written
from ..transfer.folder import Folder
from ..transfer.restore import Place
from ..transfer.restored import ExportedSession, Restored
from ..words import human, json_text, many, printable, program, stamp
from . import came_back, common, console, copies
from . import undo as returning
from .common import Limits
from .copies import Wanted
from .undo import Bringing, Undone
from .waiting import line as waiting

# --- verbs -----------------------------------------------------------------------------------------------------------


def export(store: str | None, output: str, *, session: str | None, older_than: str | None, project: str | None,
           now: str | None, redacting: bool, json: bool) -> None:
    """The verb export; raises `Refusal` 3 where a damaged store did not give all of it."""
    path = _output(output)
    limits = Limits(older_than=older_than, project=project, now=now)
    question = common.question(limits)
    age = question if older_than else None
    with common.opened(store, write=False) as (place, _):
        done = _write(place, path, common.megabytes(waiting.stage("Exporting", "MB")), session=session, age=age,
                      project=project, redacting=redacting)
    _show_export(done, json)


def restore(store: str | None, file: str, wanted: Wanted, *, listing: bool, replace: bool, into: str | None,
            into_folder: str | None, pin: bool, dry_run: bool, yes: bool, ignored: list[str], json: bool) -> None:
    """The verb restore; raises `Refusal` 2 without a yes to what is replaced, 3 where trees stay out."""
    home = folder.named(into_folder)
    copied = stores.is_store(file)
    path = Path() if copied else _existing(file)
    if not copied and (wanted.search or wanted.project or wanted.origin):
        raise Refusal("--search, --project and --origin choose among the trees of a server or a cold file; of an "
                      "export --session takes one tree.", BAD_VALUE)
    if listing:
        copies.show(file, wanted, json) if copied else _show_contents(path, wanted.session, json)
        return
    with ExitStack() as stack:
        place, _ = stack.enter_context(common.opened(store, alone=not dry_run))
        source = stack.enter_context(copies.opened(file, place)) if copied else path
        tell = waiting.stage("Restoring", "sessions")
        place.catalog.refuse_side_effects(ignored, deletes=replace, also=others.TABLES if copied else ("project",))
        done = _bring_back(place, source, tell, wanted=wanted, replace=replace, into=into, home=home, pin=pin,
                           dry_run=dry_run, yes=yes, json=json)
    if done:
        came_back.show(done, json, came_back.Requested(wanted.flags, _into(into, into_folder), home,
                                                         place.path is not None))


def _into(project: str | None, home: str | None) -> str:
    said = {"into-project": project, "into-folder": home}
    return "".join(f" --{name}={shlex.quote(printable(value, 200))}" for name, value in said.items() if value)


def attached(store: str | None, *, session: str | None, dry_run: bool, ignored: list[str], json: bool) -> None:
    """The verb `restore --attachments`."""
    with common.opened(store, write=not dry_run, alone=not dry_run) as (place, _):
        place.catalog.refuse_side_effects(ignored, deletes=False)
        _put_back(place, session, dry_run, json)


def undo(store: str | None, *, run: str | None, origin: str | None, pin: bool, yes: bool, ignored: list[str],
         json: bool) -> None:
    """The verb undo; raises `Refusal` 64 for a run that cannot be taken back."""
    number = units.count(run, "--run") if run is not None else None
    with ExitStack() as stack:
        place, probe = stack.enter_context(common.opened(store, alone=True))
        tell = waiting.stage("Undoing", "sessions")
        place.ignored = ignored
        place.catalog.refuse_side_effects(place.ignored, deletes=False, also=("project",))
        done = take_back(place, probe, number, pin=pin, yes=yes, json=json, tell=tell,
                         held=lambda said: stack.enter_context(copies.held(said, origin, place)))
    came_back.show(done, json)


def exports(expire: bool, policy: str | None, now: str | None, json: bool) -> None:
    """The verb exports."""
    rules, _ = policies.load(policy)
    _show_exports(common.moment(now), rules, expire, json)


# --- files -----------------------------------------------------------------------------------------------------------


def _output(name: str) -> Path:
    """The file to write, which must not be there yet: an older one may hold the only copy of what is in it."""
    path = files.absolute(name, "--output")
    if not path.name.endswith((".json", ".json.gz", ".json.zst")):
        raise Refusal(f"--output={printable(name, 200)}: the name of an export ends in .json, .json.gz or .json.zst.",
                      BAD_VALUE)
    files.refuse_taken(path, "--output")
    return path


def _existing(name: str) -> Path:
    path = Path(name).expanduser().absolute()
    if not path.is_file():
        raise Refusal(f"There is no export at {printable(name, 200)}; `{program()} exports` lists those of ours.",
                      BAD_VALUE)
    return path


def _write(store: Store, path: Path, progress: Callable[..., object], *, session: str | None, age: Question | None,
           project: str | None, redacting: bool) -> Written:
    """Export the tree of a session, the trees idle for longer than the question's limit, a project's, or all."""
    root = None
    if session is not None:
        refuse_unknown(store, session)
    if age:
        decide(store, age)
    else:
        session_rows.find_trees(store)
    if session is not None:
        (root,) = store.one("retention/whereabouts", {"session": session})
    chosen = session_rows.trees(store, root, project_id(store, project), age.values["active_since"] if age else None)
    hidden = redact.Redactor(session_rows.tables(store)) if redacting else None
    return exporting.write(store, chosen, path, progress, redact=hidden, verify=False)


def _show_export(done: Written, json: bool) -> None:
    """What was written; raises `Refusal` 3 when a damaged store did not give all of it."""
    if json:
        console.as_json({"file": str(done.path), "bytes": done.octets, "trees": done.trees, "sessions": done.sessions,
                         "rows": done.rows, "unreadable": done.lost})
    else:
        console.out.print(f"Exported {many(done.sessions, 'session')} of {many(done.trees, 'tree')} to "
                          f"{printable(done.path, 500)} ({human(done.octets)}).")
        for id, tables in done.lost.items():
            console.talk.print(f"Not readable in full: {printable(id)} ({', '.join(tables)}).")
    if done.lost:
        raise Refusal(f"The store is damaged: {len(done.lost):,} sessions could not be read in full; all that can be "
                      f"read of them is in {done.path}.", UNFINISHED)


def _bring_back(store: Store, path: Place, tell: Callable[..., object], *, wanted: Wanted, replace: bool,
                into: str | None, home: Folder | None, pin: bool, dry_run: bool, yes: bool,
                json: bool) -> Undone | None:
    """Bring back what is in a file, of whichever kind of ours, or in a copy; None with `dry_run`, which only tells."""
    session = wanted.session
    if isinstance(path, Copy):
        copies.choose(path, wanted)
    elif originals_file.is_one(path):
        if session or replace or into or home or dry_run:
            raise Refusal(f"{printable(path, 500)} holds values that a reclamation changed, not sessions: it comes "
                          "back whole, without --session, --replace, --into-project, --into-folder or --dry-run.",
                          BAD_VALUE)
        return returning.values(store, path, "restore")
    chosen = restoring.chosen(restoring.contents(path, store), session, path)
    asked = Bringing(store=store, path=path, wanted=chosen, verb="restore", pin=pin, tell=tell, into=into,
                     folder=home)
    if not (replace or dry_run):
        return returning.put(asked)
    facing = restoring.compare(store, path, chosen, into, home)
    units = {one.unit for one in facing if replace and not one.absent and not one.equal}
    going = [one for one in facing if one.unit in units]
    _show_planned(path, facing, going, json, dry_run)
    if dry_run:
        return None
    done = Restored(path)
    if going:
        kept = exports_folder.place_of(None, store, "replace")
        console.talk.print(f"What they replace is exported first, and read back: {printable(kept, 500)}")
        console.insist(f"Replace rows of {many(len(units), 'tree')} in {store.name}?", yes, "add --yes to go on.")
        done.add(returning.replace_with(asked, going, kept))
    if done.stopped:
        return done
    apart = {one.unit for one in facing if not one.equal}
    done.add(_same([one for one in facing if one.unit not in apart], path))
    rest = [one for one in chosen if one.unit in apart - units]
    if rest:
        done.add(returning.put(copied(asked, wanted=rest)))
    return done


def _same(facing: list[Facing], path: Place) -> Restored:
    """Trees that the store has as the file has them."""
    left: Counter[str] = Counter()
    for one in facing:
        left.update(one.left)
    return Restored(path, [one.session for one in facing], len({one.unit for one in facing}),
                    skipped=sum(sum(one.file.values()) for one in facing), left=dict(left))


def _show_planned(path: Place, facing: list[Facing], going: list[Facing], json: bool, dry_run: bool) -> None:
    """What would come, and which rows of the store would make way for it."""
    if json:
        if dry_run:
            console.as_json({"file": str(path), "sessions": [_planned(one, one in going) for one in facing]})
        return
    there = sum(one.equal for one in facing)
    console.talk.print(f"Of {many(len(facing), 'session')} in {printable(path, 500)} the store has "
                       f"{sum(not one.absent for one in facing):,}, of which {there:,} are the same.")
    if going:
        console.table("Rows that are replaced", ("session", "title", "only in the store", "only in the file"),
                      ((one.session, one.title, came_back.rows_said(one.only_here), came_back.rows_said(one.only_there))
                       for one in going if not one.equal))


def _planned(one: Facing, replaced: bool) -> dict[str, Any]:
    return {"session": one.session, "root": one.unit, "there": not one.absent, "same": one.equal,
            "replaced": replaced and not one.absent, "only_in_store": one.only_here, "only_in_file": one.only_there,
            "left_in_file": one.left}


def take_back(store: Store, probe: Probe | None, number: int | None, *, pin: bool, yes: bool, json: bool,
              tell: Callable[..., object] = lambda *_: None, held: returning.Held = Path) -> Undone:
    """Take back a run: whole trees, or the values that a reclamation changed, or the client's flag."""
    def ask(question: str) -> None:
        console.insist(question, yes, f"{question} Add --yes to go on.")

    past, done = returning.undo(store, probe, number, pin=pin, ask=ask, tell=tell, held=held)
    stayed = not isinstance(done, originals.OriginalsRestored) and done.stayed  # which is told apart
    if not (json or stayed or done.stopped):
        console.talk.print(f"{past.name} is taken back.")
    return done


def _put_back(store: Store, session: str | None, dry_run: bool, json: bool) -> None:
    """Put attachments back into their rows, remember the run, and say what was put back; raises `Refusal` 3 when files
    are missing or were changed."""
    moment = int(time.time() * 1000)
    if session is not None:
        refuse_unknown(store, session)
    done = attachments.put_back(store, session, dry_run)
    if done.rows and not dry_run:
        with history.recorded(store.name, "restore", history.ATTACHED, needed=False, started=moment,
                              sentence=f"attachments from {attachment_files.folder()}") as told:
            told.outcome = history.IN_PART if done.stopped else history.DONE
            told.columns = {"rows": done.rows, "freed_bytes": 0}
    if json:
        console.as_json({"folder": str(attachment_files.folder()), "rows": done.rows, "attachments": done.attachments,
                         "bytes": done.bytes, "missing": sorted(done.missing), "changed": sorted(done.changed),
                         "stopped": done.stopped})
    else:
        rows = ", ".join(f"{n:,} {name}" for name, n in done.rows.items()) or "0"
        console.out.print(f"{'Would come' if dry_run else 'Came'} back: {many(done.attachments, 'attachment')} "
                          f"({human(done.bytes)}). Rows: {rows}.")
        for digest in sorted(done.missing | done.changed):
            what = "Missing" if digest in done.missing else "Changed"
            console.talk.print(f"{what}: {attachment_files.path_of(digest)}")
    if done.stopped:
        raise unfinished(done.stopped)
    if done.missing or done.changed:
        raise Refusal(f"{many(len(done.missing) + len(done.changed), 'attachment')} cannot come back: the files in "
                      f"{attachment_files.folder()} are missing or are not what they were; bring them back from a "
                      "backup and run it again.", UNFINISHED)


def _show_contents(path: Path, session: str | None, json: bool) -> None:
    """The sessions of a file, whose digests all hold; or how many values of which columns it has."""
    if originals_file.is_one(path):
        _show_originals(path, session, json)
        return
    held = restoring.chosen(restoring.contents(path), session, path)
    if json:
        console.as_json([_fact(one) for one in held])
        return
    away = {one.folder for one in held if not folder.is_here(one.folder)}
    more = (copies.AWAY,) if away else ()
    console.table(f"{many(len(held), 'session')} in {printable(path, 500)}",
                  ("session", "tree", "title", "last active", "rows", "importable", *more),
                  ((one.session, one.unit if one.unit != one.session else "", one.title, stamp(one.active),
                    sum(one.rows.values()), "yes" if one.importable else "no",
                    *((one.folder if one.folder in away else "",) if away else ())) for one in held))
    came_back.tell_away(away)


def _show_originals(path: Path, session: str | None, json: bool) -> None:
    if session:
        raise Refusal(f"{printable(path, 500)} holds values that a reclamation changed, not sessions; leave --session "
                      "out.", BAD_VALUE)
    found = originals.contents(path)
    if json:
        console.as_json([{"kind": kind, "table": table, "column": column, "values": values, "bytes": octets}
                         for (kind, table, column), (values, octets) in found.items()])
        return
    console.table(f"Original values in {printable(path, 500)}", ("kind", "table", "column", "values", "bytes"),
                  ((kind, table, column or "whole rows", values, console.Size(octets))
                   for (kind, table, column), (values, octets) in found.items()))


def _fact(one: ExportedSession) -> dict[str, Any]:
    return {"session": one.session, "root": one.unit, "title": one.title, "directory": json_text(one.folder),
            "last_active": one.active, "rows": one.rows, "importable": one.importable, "redacted": one.redacted,
            "unreadable": list(one.lost)}


def _show_exports(now: int, rules: Policy, expire: bool, json: bool) -> None:
    """The files in our folder; with `expire`, those that the policy's limits let go are removed first."""
    gone = exports_folder.expire(now, rules.exports_max_age, rules.exports_max_size) if expire else []
    found = exports_folder.listing()
    if json:
        console.as_json({"folder": str(exports_folder.folder()), "exports": [_file(kept) for kept in found],
                         "expired": [_file(kept) for kept in gone]})
        return
    if expire:
        console.talk.print(f"Removed {many(len(gone), 'export')} ({human(sum(kept.octets for kept in gone))}).")
    if not found:
        console.talk.print(f"There is no export in {exports_folder.folder()}.")
        return
    console.table(f"Exports in {exports_folder.folder()}", ("file", "made", "size", "sessions", "store"),
                  ((kept.path.name, stamp(kept.made), console.Size(kept.octets),
                    "" if kept.sessions is None else kept.sessions, kept.store or "") for kept in found))


def _file(kept: exports_folder.Kept) -> dict[str, Any]:
    return {"file": str(kept.path), "bytes": kept.octets, "made": kept.made, "store": kept.store,
            "sessions": kept.sessions}
