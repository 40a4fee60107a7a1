"""Damaged files of every format end well or with a sentence, write no row that is not theirs, and cost little.

Five thousand files in the whole run; `LIFECYCLE_FUZZ=100000` makes more of them, `LIFECYCLE_FUZZ_SEED` others.
"""

import json
import os
import random
import resource
import shutil
import time
from collections import Counter
from pathlib import Path

import command
import entries
import moments
import moved
import pytest
from client_export import DOCUMENT
from damaged_files import (
    OWNED,
    damaged,
    damaged_originals,
    originals_text,
    packed,
    sealed_export,
    sealed_plan,
    values_of,
)
from forests import NOW
from opencode_lifecycle.policies.policy import Policy
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.cascade import plan_read
from opencode_lifecycle.sql.cascade import removal as pruning
from opencode_lifecycle.sql.reclamation import execute, originals
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from opencode_lifecycle.sql.reclamation import originals_file as valuefile
from opencode_lifecycle.sql.reclamation.kinds import EDITS
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.retention.selection import Question
from opencode_lifecycle.sql.transfer import export, restore
from opencode_lifecycle.sql.transfer.session_rows import find_trees, trees
from reclaimed import to_reclaim
from size import sized

FILES = int(os.environ.get("LIFECYCLE_FUZZ", sized(100, 5_000, 5_000)))
SEED = int(os.environ.get("LIFECYCLE_FUZZ_SEED", "0"))
SECONDS, KILOBYTES = 10, 250_000
WEEK = 7 * moments.DAY


# --- what has to hold ----------------------------------------------------------------------------


def rows(path):
    """Every row of every table, by table."""
    with command.opened(path) as con:
        con.text_factory, con.row_factory = bytes, None
        found = {}
        names = [name.decode() for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            cursor = con.execute(f'SELECT * FROM "{name}"')
            at = [column[0] for column in cursor.description]
            found[name] = at, Counter(cursor)
        return found


def only_new_sessions(before, after):
    """Nothing that was there has changed or gone, and what came is of sessions that were not there."""
    assert before.keys() == after.keys()
    at, had = before["session"]
    known = {row[at.index("id")] for row in had}
    names, found = after["message"]
    letters = {row[names.index("id")]: row[names.index("session_id")] for row in found}
    for table, (names, found) in after.items():
        assert not before[table][1] - found, table
        for row in found - before[table][1]:
            if table == "project":
                assert "commands" not in names or row[names.index("commands")] is None
                continue
            assert table in OWNED, table
            own = row[names.index(OWNED[table])]
            if table == "part":  # it is of the session of its message, whatever it says itself
                own = letters.get(row[names.index("message_id")], own)
            assert own not in known, (table, row)


def only_values(before, after):
    """Nothing but columns that a reclamation edits has changed, of rows that are the same."""
    edited = {(table, column) for _, table, column in EDITS}
    for table, (names, found) in after.items():
        stays = [i for i, name in enumerate(names) if (table, name) not in edited]

        def kept(some, stays=stays):
            return Counter(tuple(row[i] for i in stays) for row in some.elements())

        assert kept(before[table][1]) == kept(found), table


def only_left_sessions(before, after):
    """Nothing that was there has changed or gone; rows of 1.x came, and of no session that had its row of 1.x."""
    at, had = before["session"]
    known = {row[at.index("id")] for row in had}
    for table, (names, found) in after.items():
        assert not before[table][1] - found, table
        for row in found - before[table][1]:
            assert table in ("session", "message", "part", "todo"), table
            assert row[names.index(OWNED[table])] not in known, (table, row)


def held_to(what, dice_seed, path, grove, folder, do, rule):
    """Do with a damaged file what the verbs do: on a copy of a store, within time and memory. The way it ended."""
    copy = folder / "copy.db"
    for end in command.OURS:
        copy.with_name(copy.name + end).unlink(missing_ok=True)
    shutil.copy(grove, copy)
    began, most = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        with store.opened(str(copy)) as place:
            do(place, path)
        end = "well"
    except Refusal as refusal:
        assert refusal.code in (1, 64, 73, 78), refusal
        assert str(refusal).isprintable(), (what, dice_seed, refusal)
        end = "refused"
    assert time.monotonic() - began < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < KILOBYTES
    rule(end)
    return end


def fuzzed(what, tmp_path, grove, make, do, rule, say, share):
    """So many files of a kind, each of a seed of its own, which is told with what fails."""
    before, untouched, ends, faults = rows(grove), grove.read_bytes(), Counter(), {}
    path, copy = tmp_path / "file.json", tmp_path / "copy.db"

    def left():
        """The rows now; they are what they were where not an octet of the store's files is another."""
        log = copy.with_name(copy.name + "-wal")
        same = copy.read_bytes() == untouched and not (log.exists() and log.stat().st_size)
        return before if same else rows(copy)

    for number in range(max(1, int(FILES * share))):
        dice = random.Random(f"{what} {SEED} {number}")
        packed(dice, path, make(dice))
        try:
            ends[held_to(what, number, path, grove, tmp_path, do,
                         lambda end: rule(before, left(), end))] += 1
        except Exception as fault:  # noqa: BLE001 - all of them are told, each kind once
            at = fault.__traceback__
            while at.tb_next:
                at = at.tb_next
            place = f"{type(fault).__name__} {Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}"
            faults.setdefault(place, (number, str(fault)[:300]))
            ends["wrong"] += 1
    say(f"{what}: {dict(ends)}")
    assert not faults, "\n".join(f"{place}: file {number}: {said}" for place, (number, said) in faults.items())
    assert ends["well"] or what == "plan"


# --- the formats ---------------------------------------------------------------------------------


@pytest.fixture
def grove(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=3, parts=2, pad=50)


def without(path, prefix):
    """The store after the removal of a tree, by plain SQL."""
    with command.opened(path) as con:
        con.execute("PRAGMA journal_mode = DELETE")
        for table, key in OWNED.items():
            con.execute(f'DELETE FROM "{table}" WHERE "{key}" LIKE ?', (prefix + "%",))
    return path


def listed_and_restored(place, path):
    assert not valuefile.is_one(path)
    try:
        restore.contents(path)
    finally:
        wanted = restore.contents(path, place)
        restore.compare(place, path, wanted)
        restore.restore(place, path, wanted)


def nothing_unless_well(rule):
    def held(before, after, end):
        if end == "refused":
            assert before == after
        rule(before, after)
    return held


def test_damaged_exports(grove, tmp_path, say):
    with store.opened(str(grove)) as place:
        find_trees(place)
        chosen = [one for one in trees(place) if "ses_0000_a" in one[1]]
        export.write(place, chosen, tmp_path / "whole.json", lambda *_: None)
    text = (tmp_path / "whole.json").read_bytes()
    assert sealed_export(text) == text
    without(grove, "ses_0000")

    def make(dice):
        found = damaged(dice, text)
        return sealed_export(found) if dice.randrange(6) else found

    fuzzed("export", tmp_path, grove, make, listed_and_restored, nothing_unless_well(only_new_sessions), say, 0.52)


def test_damaged_exports_of_the_client(grove, tmp_path, say):
    long = json.dumps(DOCUMENT, indent=1).encode()
    fuzzed("client", tmp_path, grove, lambda dice: damaged(dice, long), listed_and_restored,
           nothing_unless_well(only_new_sessions), say, 0.15)


def test_damaged_plans(grove, tmp_path, say):
    with store.opened(str(grove)) as place:
        question = Question("", NOW, Policy(max_age=moments.DAY).values(NOW), (), None, False)
        _, made = pruning.plan(place, question, (), pruning.EXPORT_FIRST)
        out = []
        made.write(place.catalog, out.append)
    text = "".join(out).encode()
    assert made.lines and sealed_plan(text) == text

    def verified(place, path):
        with path.open("rb") as file:
            said = file.read().decode("utf-8", "surrogateescape")
        found = plan_read.read(said, str(path))
        pruning.refuse_foreign(found, place)
        plan_read.verify(found, place.catalog, said, str(path), True)

    def make(dice):
        found = damaged(dice, text)
        return sealed_plan(found) if dice.randrange(3) else found

    def rule(before, after, end):
        assert before == after

    fuzzed("plan", tmp_path, grove, make, verified, rule, say, 0.1)


def reclaimed(path, kinds, file):
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(kinds, NOW, WEEK, rules=Policy()))
        originals.write(place, plan, file)
        execute.run(place, plan, file, "", lambda _: None)
    with command.opened(path) as con:
        con.execute("PRAGMA journal_mode = DELETE")


def brought_back(place, path):
    if not valuefile.is_one(path):
        raise Refusal("another kind of file.", 1)
    originals.contents(path)
    originals.bring_back(place, path)


@pytest.mark.parametrize(("kinds", "rule"), [(("compacted", "outputs", "reasoning", "diffs"), only_values),
                                             (("leftovers",), only_left_sessions)])
def test_damaged_originals(tmp_path, say, kinds, rule):
    path = tmp_path / "s.db"
    moved.moved(path, 0) if kinds == ("leftovers",) else entries.built(path, 5, "1.18.33", False, 12)
    reclaimed(path, kinds, tmp_path / "o.zst")
    head, values = values_of(tmp_path / "o.zst")
    assert len(values) > 2
    assert originals_text(head, values) == originals_text(head, values, False)
    fuzzed(" ".join(kinds), tmp_path, path, lambda dice: damaged_originals(dice, head, values), brought_back,
           nothing_unless_well(rule), say, 0.08 if rule is only_values else 0.15)
