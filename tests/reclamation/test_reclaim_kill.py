"""A reclamation or an undo killed at any moment leaves a whole store, and the next run finishes it."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import forests
import moments
import nasty
import odd_values
import pytest
import reclaim_oracle
import wear
import zstandard
from forests import NOW
from places import ROOT
from size import sized

KILLS = pytest.mark.parametrize("kills", [sized(3, 5, 5), pytest.param(20, marks=pytest.mark.full)])
WEEK = 7 * moments.DAY
KINDS = ("orphans", "events", "compacted", "diffs", "reasoning")
LOSSY = ("compacted", "diffs", "outputs", "reasoning")
# Small batches, so that there are many moments between two of them; their number is written, and a line after each.
START = """
import sys
from pathlib import Path
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import execute, forecast as reclaim, originals
from opencode_lifecycle.sql.verbs import transfer
reclaim.BATCH_ROWS = originals.BATCH_ROWS = 20
"""
RECLAIM = START + f"""
with store.opened(sys.argv[1]) as place:
    plan = reclaim.forecast(place, reclaim.ReclaimRequest(tuple(sys.argv[2].split(",")), {NOW}, {WEEK}))
    export = Path(sys.argv[3]) if sys.argv[3] else None
    if export:
        originals.write(place, plan, export)
    print(len(plan.batches), flush=True)
    execute.run(place, plan, export, "", lambda number: print(number, flush=True))
"""
UNDO = START + """
engine_run = store.Store.engine_run
def telling(place, name, **values):
    engine_run(place, name, **values)
    if name == "commit":
        print(1, flush=True)
store.Store.engine_run = telling
with store.opened(sys.argv[1]) as place:
    print(int(sys.argv[2]), flush=True)
    transfer.take_back(place, None, None, pin=True, yes=True, json=False)
"""


def worn(path):
    """A store with work for every kind, a few hundred rows of each."""
    diffs = '{"role":"user","summary":{"diffs":[{"file":"a","patch":"%s"}]}}' % ("x" * 3_000)
    rows = [forests.Row("message", {"id": f"msg_{n:03}", "session_id": "ses_1", "data": diffs,
                                    "time_updated": forests.LONG_AGO}) for n in range(300)]
    rows += [forests.Row("part", {"id": f"prt_{n:03}", "message_id": f"msg_{n:03}", "session_id": "ses_1",
                                  "time_updated": forests.LONG_AGO,
                                  "data": nasty.tool('"%s"' % ("output " * 500))}) for n in range(300)]
    rows += [forests.Row("event", {"id": f"evt_{n:03}", "aggregate_id": "ses_1" if n % 2 else "ses_gone", "seq": n,
                                   "type": "message.part.updated.1",
                                   "data": '{"part":{"id":"prt_001","text":"%s"}}' % ("y" * 2_000)})
             for n in range(400)]
    rows += list(conversation(300))
    sessions = [forests.Session("ses_1"), forests.Session("ses_2")]
    return forests.build(forests.Recipe(sessions, rows=rows), path, "1.18.33")


def conversation(answers):
    """Answers with a thought and a result each, and a compaction behind them."""
    ends = {answers: '{"type":"compaction","auto":true}', answers + 1: None, answers + 2: None}
    for n in range(answers + 3):
        data = {answers: '{"role":"user"}', answers + 1: SUMMARY % answers, answers + 2: '{"role":"user"}'}
        texts = [ends[n]] if n in ends else [wear.THOUGHTS[0], wear.result_of(4_000)]
        yield wear.placed("message", f"msg_2_{n:03}", data.get(n, odd_values.DONE), session_id="ses_2", time_created=n)
        yield from (wear.placed("part", f"prt_2_{n:03}_{m}", text, message_id=f"msg_2_{n:03}", session_id="ses_2")
                    for m, text in enumerate(texts) if text)


SUMMARY = ('{"role":"assistant","summary":true,"parentID":"msg_2_%03d","finish":"stop",'
           '"time":{"created":1,"completed":2}}')


def started(code, path, *words):
    child = subprocess.Popen([sys.executable, "-c", code, str(path), *map(str, words)], cwd=ROOT,
                             stdout=subprocess.PIPE, text=True)
    return child, int(child.stdout.readline())


def finished(code, path, *words):
    child, _ = started(code, path, *words)
    child.communicate()
    assert child.returncode == 0 and sound(path) == [("ok",)]


def killed(rng, code, path, *words):
    """Kill a run somewhere in its batches; whether some were committed and some were not."""
    child, batches = started(code, path, *words)
    after = rng.randrange(batches)
    for _ in range(after):
        child.stdout.readline()
    time.sleep(rng.random() * 0.004)
    os.kill(child.pid, signal.SIGKILL)
    done = after + len(child.stdout.read().split())
    child.wait()
    assert sound(path) == [("ok",)]
    return 0 < done < batches


@KILLS
def test_a_killed_run_leaves_a_whole_store_and_the_next_one_finishes(tmp_path, kills, say):
    rng, counted = random.Random(kills), 0
    original = worn(tmp_path / "original.db")
    expected = reclaim_oracle.reclaimed(reclaim_oracle.read(original), KINDS, NOW, WEEK)
    for number in range(kills):
        path = shutil.copy(original, tmp_path / f"{number}.db")
        counted += killed(rng, RECLAIM, path, ",".join(KINDS), "")
        finished(RECLAIM, path, ",".join(KINDS), "")
        assert reclaim_oracle.differences(expected, reclaim_oracle.read(path)) == []
    say(f"{counted} of {kills} kills struck between the first batch and the last")
    assert counted * 3 >= kills * 2


@KILLS
def test_what_a_killed_run_took_comes_back_even_if_the_undo_is_killed_as_well(tmp_path, kills, say):
    rng, counted = random.Random(kills), 0
    original = worn(tmp_path / "original.db")
    before = reclaim_oracle.read(original)
    for number in range(kills):
        path, export = shutil.copy(original, tmp_path / f"{number}.db"), tmp_path / f"{number}.zst"
        struck = killed(rng, RECLAIM, path, ",".join(LOSSY), export)
        taken = reclaim_oracle.read(path)
        counted += struck and killed(rng, UNDO, path, values_in(export) // 20)
        kept = reclaim_oracle.read(path)
        assert all(row["data"] in (before[table][at]["data"], taken[table][at]["data"])
                   for table in ("part", "message") for at, row in kept[table].items())
        if reclaim_oracle.differences(before, kept):  # or the undo was through before it was killed
            finished(UNDO, path, 0)
        assert reclaim_oracle.differences(before, reclaim_oracle.read(path)) == []
    say(f"{counted} of {kills} times both kills struck between the first batch and the last")
    assert counted * 3 >= kills


def values_in(export):
    """How many values an export of originals holds, by its last line."""
    with export.open("rb") as raw:
        lines = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True).read()
    return json.loads(lines.splitlines()[-1])["values"]


def sound(path):
    """What SQLite says of the file, which holds no table of ours."""
    con = sqlite3.connect(path)
    ours = con.execute("SELECT name FROM sqlite_master WHERE name LIKE 'lc!_%' ESCAPE '!'").fetchall()
    found = con.execute("PRAGMA integrity_check").fetchall()
    con.close()
    assert ours == []
    return found
