"""Runs that bring back: a file or what an earlier run took, each remembered, so that it can be taken back as well."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...policies.policy import Policy
from .. import history, state
from ..cascade import removal
from ..cascade.plan_file import compose
from ..engines.sqlite.client_probe import Probe
from ..history import CAME, EDITED, FLAGGED, IN_PART, REMOVED, REPLACED, UNEDITED, Past
from ..reclamation import originals, originals_file
from ..retention import archive
from ..retention.selection import decide, selection
from ..store import Store
from ..transfer import export, exports_folder, others
from ..transfer import restore as restoring
from ..transfer.compare import Facing
from ..transfer.copies import Copy
from ..transfer.folder import Folder, noted
from ..transfer.restored import ExportedSession, Restored
from ..transfer.spool import too_big
from . import common

Tell = Callable[[int, int], object]
Ask = Callable[[str], None]
Held = Callable[[str], restoring.Place]
CHANGED_SINCE = "was written to since it came, and stays as it is"
GONE_SINCE = "is gone already"


@dataclass
class Removed:
    """What an undo took away again: sessions and rows by table, the export that has them, trees that stay and why;
    what stopped it half way, and the exit code of that."""

    sessions: int
    rows: dict[str, int]
    export: Path | str | None
    stayed: dict[str, str]
    stopped: str = ""
    code: int = 0


Undone = Restored | Removed | originals.OriginalsRestored | archive.Flagged


# --- trees of a file -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Bringing:
    """Sessions of a file that are to come into a store: for which verb, and which run that takes back; whether they are
    protected from the next removal; into which project and folder, if not their own; `tell` hears how many are done and
    in all."""

    store: Store
    path: restoring.Place
    wanted: Collection[ExportedSession]
    verb: str
    pin: bool
    tell: Tell
    into: str | None = None
    folder: Folder | None = None
    undoes: int | None = None


def put(asked: Bringing, *, way: Mapping[str | None, Mapping[str, int]] | None = None,
        export: Path | None = None) -> Restored:
    """Bring back the wanted sessions of a file and remember the run; `way` says what makes way for them, and `export`
    where that is.

    They are protected from the next removal before the first of them is there; of trees that do not come back that
    is taken back. Raises what `restore.restore` raises.
    """
    store, path, wanted = asked.store, asked.path, asked.wanted
    moment, done = _moment(), Restored(path)
    before = state.restored(store.name, moment)
    if asked.pin:
        state.brought_back(store.name, [one.session for one in wanted if one.session], moment)
    with history.recorded(store.name, asked.verb, REPLACED if way else CAME, first="tree", started=moment,
                          sentence=_sentence(asked), source=str(path), export=export and str(export),
                          undoes=asked.undoes, facts=_places(asked)) as run:
        try:
            with store.telling(done):
                restoring.restore(store, path, wanted, asked.into, way, asked.tell, done,
                                  asked.folder)
                if isinstance(path, Copy) and path.whole:
                    done.rows |= others.bring(path, store)
            run.outcome = IN_PART if done.stayed or done.stopped else history.DONE
        finally:
            if run.outcome != history.DONE:
                came = set(done.sessions)
                _unmark(store, [one.session for one in wanted if one.session not in came and one.session], before,
                        moment)
                run.outcome = IN_PART if done.trees else run.outcome
            run.facts |= _places(asked)  # with what was looked up by now
            run.facts |= {"anew": [id for id in done.anew if id is not None], "replaced": done.replaced}
            run.columns = {"sessions": len(done.sessions) if done.rows else 0, "rows": done.rows, "freed_bytes": 0}
    return done


def _sentence(asked: Bringing) -> str:
    return f"from {asked.path}" + (f" into {asked.folder.path}" if asked.folder else "")


def _places(asked: Bringing) -> dict[str, Any]:
    """What tells an undo of the run how its rows differ from those of the file."""
    return {"into": asked.into, "folder": asked.folder and asked.folder.facts()}


def _unmark(store: Store, sessions: list[str], before: Mapping[str, int], moment: int) -> None:
    """They did not come back: protected is only what was so before."""
    state.not_brought_back(store.name, [id for id in sessions if id not in before], moment)
    for id in set(sessions) & before.keys():
        state.brought_back(store.name, [id], before[id])


def replace_with(asked: Bringing, facing: Collection[Facing], kept: Path) -> Restored:
    """Put trees of a file in the place of what the store has of `facing`, which is exported to `kept` and read back
    first; a session that changed after that keeps its tree as it is."""
    store, units = asked.store, {one.unit for one in facing}
    asked = replace(asked, wanted=[one for one in asked.wanted if one.unit in units])
    waiting = too_big(asked.wanted) if store.pace.client() else set()
    trees: dict[str | None, list[str]] = {}
    for one in facing:
        if not one.absent and one.session and one.unit not in waiting:
            trees.setdefault(one.unit, []).append(one.session)
    if not trees:
        return put(asked)
    export.write(store, list(trees.items()), kept, lambda done, of: None)
    exported = restoring.stored(kept)
    way = {unit: {id: exported.get(id, 0) for id in ids} for unit, ids in trees.items()}
    return put(asked, way=way, export=kept)


def values(store: Store, path: Path, verb: str, undoes: int | None = None) -> originals.OriginalsRestored:
    """Give rows the values back that a file of originals has of them, and remember the run."""
    done = originals.OriginalsRestored({})
    with history.recorded(store.name, verb, UNEDITED, sentence=f"from {path}", source=str(path), undoes=undoes) as run:
        try:
            originals.bring_back(store, path, done)
            run.outcome = IN_PART if done.changed or done.stopped else history.DONE
        finally:
            run.facts |= {"kinds": sorted(done.kinds), "stood": sorted(done.stood)}
            run.columns = {"rows": done.rows, "freed_bytes": 0}
    return done


# --- undo ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TakingBack:
    """A run that is to be taken back. `ask` raises `Refusal` 2 where nobody says yes to what takes rows away; `tell`
    hears what is done and in all; `held` gives the file, or the store of copies, that a run names."""

    store: Store
    past: Past
    held: Held
    probe: Probe | None
    pin: bool
    ask: Ask
    tell: Tell

    def bringing(self, path: restoring.Place, wanted: Collection[ExportedSession]) -> Bringing:
        return Bringing(store=self.store, path=path, wanted=wanted, verb="undo", pin=self.pin, tell=self.tell,
                        undoes=self.past.number)


def undo(store: Store, probe: Probe | None, number: int | None, *, pin: bool, ask: Ask, tell: Tell,
         held: Held = Path) -> tuple[Past, Undone]:
    """Take back a run: the one of that number, or the last that changed something.

    `ask` raises `Refusal` 2 where nobody says yes to what takes rows away. Raises `Refusal` 64 for a run that cannot
    be taken back.
    """
    past = history.chosen(store.name, number)
    return past, _WAYS[past.kind](TakingBack(store=store, past=past, probe=probe, pin=pin, ask=ask, tell=tell,
                                             held=held))


def _removed(asked: TakingBack) -> Undone:
    store, past = asked.store, asked.past
    path, spared = asked.held(past.run["export"]), set(past.run["facts"].get("spared", ()))
    if isinstance(path, Copy):
        return _evicted(asked, path, spared)
    if originals_file.is_one(path):
        return values(store, path, "undo", past.number)
    wanted = [one for one in restoring.contents(path, store) if one.unit not in spared]
    return put(asked.bringing(path, wanted))


def _evicted(asked: TakingBack, copy: Copy, spared: set[str]) -> Undone:
    """What a run left to a store of copies; it knows the sessions of each tree that went."""
    units = {top: ids for top, ids in asked.past.run["facts"].get("units", {}).items() if top not in spared}
    copy.take(units)
    wanted = copy.contents()
    there = {one.session for one in wanted}
    done = put(asked.bringing(copy, wanted))
    done.stayed |= {top: f"is not in {copy} any more" for top, ids in units.items() if not there.issuperset(ids)}
    return done


def _edited(asked: TakingBack) -> Undone:
    return values(asked.store, Path(asked.past.run["export"]), "undo", asked.past.number)


def _unedited(asked: TakingBack) -> Undone:
    store, past = asked.store, asked.past
    asked.ask(f"{past.name} gave values back that had been reclaimed. Shrink them again?")
    path, done = Path(past.run["source"]), originals.OriginalsRestored({})
    with history.recorded(store.name, "undo", EDITED, sentence=f"undo of run {past.number}", export=str(path),
                          undoes=past.number) as run:
        try:
            originals.reduce_again(store, path, set(past.run["facts"].get("stood", ())), done)
            run.outcome = IN_PART if done.stopped else history.DONE
        finally:
            run.facts["kinds"], run.columns = sorted(done.kinds), {"rows": done.rows, "freed_bytes": 0}
    return done


def _came(asked: TakingBack) -> Undone:
    store, past = asked.store, asked.past
    whole, stayed = _untouched(asked, set(past.run["facts"]["anew"]))
    sessions = sum(len(faces) for faces in whole.values())
    if not sessions:
        return Removed(0, {}, None, stayed)
    asked.ask(f"{past.name} brought back sessions that were gone: remove {sessions:,} of them again, once they are "
              "exported?")
    store.catalog.refuse_strangers(store.ignored)
    sentence = f"Remove again what run {past.number} brought back."
    question = common.protecting(Policy(), _moment(), sentence)
    decide(store, question)
    for faces in whole.values():
        for id, top in _tops(faces).items():
            store.run("retention/unit_given", {"id": id, "root_id": top})
    store.run("retention/unit_order")
    chosen = selection(store, sentence, question.now, question.values)
    file = exports_folder.place_of(None, store, "undo")
    script = compose(store, chosen, removal.EXPORT_FIRST, question.overwrite)
    done = removal.run(store, script, asked.probe, "undo", sentence, lambda batch: asked.tell(batch, script.batches),
                       file, undoes=past.number)
    stayed |= dict.fromkeys(done.outcome.spared, CHANGED_SINCE)
    return Removed(done.outcome.sessions, done.outcome.rows, done.export, stayed, done.outcome.left, done.outcome.code)


def _replaced(asked: TakingBack) -> Undone:
    store, past = asked.store, asked.past
    facts, path = past.run["facts"], Path(past.run["export"])
    whole, stayed = _untouched(asked, {*facts.get("anew", ()), *facts.get("replaced", ())})
    if not whole:
        return Restored(path, stayed=stayed)
    asked.ask(f"{past.name} put rows in the place of others: export what {len(whole):,} trees are now, and put the "
              "others back?")
    faces = [one for found in whole.values() for one in found]
    done = replace_with(asked.bringing(path, restoring.contents(path, store)), faces,
                        exports_folder.place_of(None, store, "undo"))
    done.stayed |= stayed
    return done


def _flagged(asked: TakingBack) -> Undone:
    return archive.put_back(asked.store, asked.past.run["facts"]["flags"], asked.past.number)


def _untouched(asked: TakingBack, sessions: set[str]) -> tuple[dict[object, list[Facing]], dict[str, str]]:
    """Of the sessions that a run brought: by tree, those of trees that nobody wrote to since; and why others stay."""
    store, run = asked.store, asked.past.run
    path, facts = asked.held(run["source"]), run["facts"]
    if isinstance(path, Copy):
        path.only(sessions)
    wanted = [one for one in restoring.contents(path, store) if one.session in sessions]
    whole: dict[object, list[Facing]] = {}
    stayed: dict[str, str] = {}
    for one in restoring.compare(store, path, wanted, facts.get("into"), noted(facts.get("folder"))):
        if one.session in sessions:
            whole.setdefault(one.unit, []).append(one)
    for unit, faces in list(whole.items()):
        if not all(one.equal for one in faces):
            gone = all(one.absent for one in faces)
            stayed[str(unit)] = GONE_SINCE if gone else CHANGED_SINCE
            del whole[unit]
    return whole, stayed


def _tops(faces: Collection[Facing]) -> dict[str, str]:
    """For each of a tree's sessions the topmost above it that is among them."""
    parents = {one.session: one.parent for one in faces if one.session is not None}
    found: dict[str, str] = {}
    for id in parents:
        top, seen = id, set[str]()
        while (above := parents[top]) is not None and above in parents and top not in seen:
            seen.add(top)
            top = above
        found[id] = top
    return found


def _moment() -> int:
    return int(time.time() * 1000)


_WAYS = {REMOVED: _removed, EDITED: _edited, UNEDITED: _unedited, CAME: _came, REPLACED: _replaced, FLAGGED: _flagged}
