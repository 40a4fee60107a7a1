"""A reclamation killed at any moment leaves a whole store, and the next run finishes it."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import forests
import nasty
import pytest
import reclaim_oracle
from forests import NOW

ROOT = Path(__file__).parents[1]
KINDS = ("orphans", "events", "compacted", "diffs")
WEEK = 7 * forests.DAY

# Small batches, so that there are many moments between two of them; a line is written after each.
CHILD = """
import sys
from opencode_lifecycle.sql import originals, reclaim, store
reclaim.BATCH_ROWS = 20
with store.opened(sys.argv[1]) as place:
    plan = reclaim.forecast(place, reclaim.Wish({kinds}, {now}, {week}))
    print(len(plan.batches), flush=True)
    reclaim.run(place, plan, None, "", lambda number: print(number, flush=True))
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
    return forests.build(forests.Recipe([forests.Session("ses_1")], rows=rows), path, "1.18.33")


def started(path):
    code = CHILD.format(kinds=KINDS, now=NOW, week=WEEK)
    child = subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    return child, int(child.stdout.readline())


def killed(path, rng):
    """Kill a run somewhere in its batches; whether some were committed and some were not."""
    child, batches = started(path)
    after = rng.randrange(batches)
    for _ in range(after):
        child.stdout.readline()
    time.sleep(rng.random() * 0.004)
    os.kill(child.pid, signal.SIGKILL)
    rest = child.stdout.read().split()
    child.wait()
    done = int(rest[-1]) if rest else after
    return 0 < done < batches


@pytest.mark.parametrize("kills", [5, pytest.param(20, marks=pytest.mark.full)])
def test_a_killed_run_leaves_a_whole_store_and_the_next_one_finishes(tmp_path, kills):
    rng, counted = random.Random(kills), 0
    for number in range(kills):
        path = worn(tmp_path / f"{number}.db")
        expected = reclaim_oracle.reclaimed(reclaim_oracle.read(path), KINDS, NOW, WEEK)
        counted += killed(path, rng)
        assert sound(path) == [("ok",)]
        child, _ = started(path)
        child.communicate()
        assert child.returncode == 0 and sound(path) == [("ok",)]
        assert reclaim_oracle.differences(expected, reclaim_oracle.read(path)) == []
    print(f"{counted} of {kills} kills struck between the first batch and the last")
    assert counted * 3 >= kills * 2


def sound(path):
    """What SQLite says of the file, which holds no table of ours."""
    con = sqlite3.connect(path)
    ours = con.execute("SELECT name FROM sqlite_master WHERE name LIKE 'lc!_%' ESCAPE '!'").fetchall()
    found = con.execute("PRAGMA integrity_check").fetchall()
    con.close()
    assert ours == []
    return found
