"""Runs the command line with small batches; marks each batch it comes to, and waits before those it is told.

The first argument is JSON: `rows` of a batch, `wait` (numbers of batches, from 1), `marks` (a folder).
"""

import json
import sys
import time
from pathlib import Path

from opencode_lifecycle import tasks
from opencode_lifecycle.sql.cascade import execute as apply
from opencode_lifecycle.sql.cascade import plan_file as script

asked = json.loads(sys.argv[1])
marks = Path(asked["marks"])
script.BATCH_ROWS = asked["rows"]
transact = apply._Carrier._transact
number = 0


def stepped(*words, **more):
    global number
    number += 1
    (marks / f"at-{number}").touch()
    while number in asked["wait"] and not (marks / f"go-{number}").exists():
        time.sleep(0.005)
    return transact(*words, **more)


apply._Carrier._transact = stepped
tasks.program.run(["invoke", *sys.argv[2:]])
