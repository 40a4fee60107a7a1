"""What the verbs export, restore, undo and exports do and say."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from . import attachments, exports, originals, redact, source, state, valuefile, view
from . import export as exporting
from . import restore as restoring
from .explain import refuse_unknown
from .export import Written
from .prune import Question, decide
from .refusal import BAD_VALUE, PENDING, UNFINISHED, Refusal
from .restore import Held, Restored
from .select import project_id
from .store import Store
from .words import human, many, printable, stamp


def output(name: str, yes: bool, confirm: Callable[[str], bool]) -> Path:
    """The file to write; one that is there is written over only after a yes."""
    path = Path(name).expanduser().absolute()
    if not path.name.endswith((".json", ".json.gz", ".json.zst")):
        raise Refusal(f"--output={name}: the name of an export ends in .json, .json.gz or .json.zst.", BAD_VALUE)
    if path.exists() and not yes and not confirm(f"{path} exists. Write over it?"):
        raise Refusal(f"--output={name}: the file exists; add --yes to write over it.", PENDING)
    return path


def existing(name: str) -> Path:
    path = Path(name).expanduser().absolute()
    if not path.is_file():
        raise Refusal(f"There is no export at {name}; `invoke exports` lists those of ours.", BAD_VALUE)
    return path


def export(store: Store, path: Path, session: str | None, age: Question | None, project: str | None, redacting: bool,
           progress: Callable[..., object]) -> Written:
    """Export the tree of a session, the trees idle for longer than the question's limit, a project's, or all."""
    root = None
    if session is not None:
        refuse_unknown(store, session)
    if age:
        decide(store, age)
    else:
        source.find_trees(store)
    if session is not None:
        (root,) = store.one("retention/whereabouts", {"session": session})
    chosen = source.trees(store, root, project_id(store, project), age and age.values["active_since"])
    hidden = redact.redactor(source.tables(store)) if redacting else None
    return exporting.write(store, chosen, path, progress, redact=hidden, verify=False)


def show_export(done: Written, json: bool) -> None:
    """What was written; raises `Refusal` 3 when a damaged store did not give all of it."""
    if json:
        view.as_json({"file": str(done.path), "bytes": done.octets, "trees": done.trees, "sessions": done.sessions,
                      "rows": done.rows, "unreadable": done.lost})
    else:
        view.out.print(f"Exported {many(done.sessions, 'session')} of {many(done.trees, 'tree')} to "
                       f"{printable(done.path, 500)} ({human(done.octets)}).")
        for id, tables in done.lost.items():
            view.talk.print(f"Not readable in full: {id} ({', '.join(tables)}).")
    if done.lost:
        raise Refusal(f"The store is damaged: {len(done.lost):,} sessions could not be read in full; all that can be "
                      f"read of them is in {done.path}.", UNFINISHED)


def restore(store: Store, path: Path, verb: str, session: str | None, replace: bool, into: str | None, pin: bool,
            tell: Callable[..., object]) -> Restored:
    """Bring back what is in a file, remember the run, and protect what came back from the next one."""
    moment = int(time.time() * 1000)
    done = restoring.restore(store, path, session, replace, into, tell)
    if pin:
        state.brought_back(store.name, [id for id in done.sessions if id], moment)
    state.record(store=store.name, verb=verb, digest="", started=moment, ended=int(time.time() * 1000), outcome="done",
                 sentence=f"from {path}", sessions=len(done.sessions), rows=done.rows, freed_bytes=0)
    return done


def undo(store: Store, pin: bool, tell: Callable[..., object]) -> Restored | originals.Returned:
    """Bring back what the last run took: whole trees, or the values that a reclamation changed."""
    path = restoring.last_removal(store)
    if valuefile.is_one(path):
        return originals.bring_back(store, path)
    return restore(store, path, "undo", None, False, None, pin, tell)


def show_undone(done: Restored | originals.Returned, json: bool) -> None:
    if isinstance(done, Restored):
        show_restored(done, json)
    elif json:
        view.as_json({"rows": done.rows, "there": done.there, "changed": done.changed})
    else:
        rows = ", ".join(f"{n:,} {name}" for name, n in done.rows.items()) or "0"
        view.out.print(f"Rows with their original content again: {rows}; with it already: {done.there:,}; changed "
                       f"since, and left as they are: {done.changed:,}.")


def show_restored(done: Restored, json: bool) -> None:
    if json:
        view.as_json({"file": str(done.path), "sessions": done.sessions, "trees": done.trees, "rows": done.rows,
                      "unchanged_rows": done.skipped})
        return
    rows = ", ".join(f"{n:,} {name}" for name, n in done.rows.items() if n)
    view.out.print(f"Restored {many(len(done.sessions), 'session')} of {many(done.trees, 'tree')}" +
                   (f". Rows: {rows}." if rows else "; every row was there already."))
    if rows and done.skipped:
        view.talk.print(f"There already, the same as in the export: {many(done.skipped, 'row')}.")


def put_back(store: Store, session: str | None, dry_run: bool, json: bool) -> None:
    """Put attachments back into their rows, remember the run, and say what was put back; raises `Refusal` 3 when files
    are missing or were changed."""
    moment = int(time.time() * 1000)
    if session is not None:
        refuse_unknown(store, session)
    done = attachments.put_back(store, session, dry_run)
    if done.rows and not dry_run:
        state.record(store=store.name, verb="restore", digest="", started=moment, ended=int(time.time() * 1000),
                     outcome="done", sentence=f"attachments from {attachments.folder()}", sessions=0, rows=done.rows,
                     freed_bytes=0)
    if json:
        view.as_json({"folder": str(attachments.folder()), "rows": done.rows, "attachments": done.attachments,
                      "bytes": done.bytes, "missing": sorted(done.missing), "changed": sorted(done.changed)})
    else:
        rows = ", ".join(f"{n:,} {name}" for name, n in done.rows.items()) or "0"
        view.out.print(f"{'Would come' if dry_run else 'Came'} back: {many(done.attachments, 'attachment')} "
                       f"({human(done.bytes)}). Rows: {rows}.")
        for digest in sorted(done.missing | done.changed):
            view.talk.print(f"{'Missing' if digest in done.missing else 'Changed'}: {attachments.path_of(digest)}")
    if done.missing or done.changed:
        raise Refusal(f"{many(len(done.missing) + len(done.changed), 'attachment')} cannot come back: the files in "
                      f"{attachments.folder()} are missing or are not what they were; bring them back from a backup "
                      "and run it again.", UNFINISHED)


def show_contents(path: Path, session: str | None, json: bool) -> None:
    """The sessions of a file, whose digests all hold."""
    held = restoring.chosen(restoring.contents(path), session, path)
    if json:
        view.as_json([_fact(one) for one in held])
        return
    view.table(f"{many(len(held), 'session')} in {printable(path, 500)}",
               ("session", "tree", "title", "last active", "rows", "importable"),
               ((one.session, one.unit if one.unit != one.session else "", one.title, stamp(one.active),
                 sum(one.rows.values()), "yes" if one.importable else "no") for one in held))


def _fact(one: Held) -> dict:
    return {"session": one.session, "root": one.unit, "title": one.title, "last_active": one.active, "rows": one.rows,
            "importable": one.importable, "redacted": one.redacted, "unreadable": list(one.lost)}


def show_exports(now: int, rules, expire: bool, json: bool) -> None:
    """The files in our folder; with `expire`, those that the policy's limits let go are removed first."""
    gone = exports.expire(now, rules.exports_max_age, rules.exports_max_size) if expire else []
    found = exports.listing()
    if json:
        view.as_json({"folder": str(exports.folder()), "exports": [_file(kept) for kept in found],
                      "expired": [_file(kept) for kept in gone]})
        return
    if expire:
        view.talk.print(f"Removed {many(len(gone), 'export')} ({human(sum(kept.octets for kept in gone))}).")
    if not found:
        view.talk.print(f"There is no export in {exports.folder()}.")
        return
    view.table(f"Exports in {exports.folder()}", ("file", "made", "size", "sessions", "store"),
               ((kept.path.name, stamp(kept.made), view.Size(kept.octets),
                 "" if kept.sessions is None else kept.sessions, kept.store or "") for kept in found))


def _file(kept: exports.Kept) -> dict:
    return {"file": str(kept.path), "bytes": kept.octets, "made": kept.made, "store": kept.store,
            "sessions": kept.sessions}
