"""What the tests of the oracle build: recipes by hand, and the verdict of each tree."""

import sqlite3
from contextlib import ExitStack, closing
from itertools import count

import forests
import odd_values
import oracle
import pytest
from forests import NOW, Chain, Recipe, Row
from moments import DAY
from odd_values import DONE
from oracle import Policy

__all__ = ["opened", "reasons"]  # fixtures


OLD = NOW - 100 * DAY
V1, MIXED, V2 = "1.18.34", "v2.0-mixed-simulated", "2.0.25-partial"
OPEN = odd_values.OPEN_MESSAGES[0]
RUNNING_PART = odd_values.OPEN_PARTS[0]
# Everything goes that nothing protects: each unprotected tree is older than a millisecond.
ALL = {"max_age_ms": 1, "grace_ms": 0}


@pytest.fixture
def opened(tmp_path):
    """A function that builds a recipe and opens it."""
    numbers = count()
    with ExitStack() as stack:

        def build(recipe, schema=V1):
            path = forests.build(recipe, tmp_path / f"{next(numbers)}.db", schema)
            return stack.enter_context(closing(sqlite3.connect(path)))

        yield build


@pytest.fixture
def reasons(opened):
    """A function from sessions (and rows) to {root: reason}; child units under ('child', root)."""

    def judged(sessions, rows=(), schema=V1, loose=False, chain=None, now=NOW, **policy):
        recipe = Recipe(list(sessions), chain or Chain(), list(rows), loose)
        verdicts = oracle.judge(opened(recipe, schema), Policy(**policy), now)
        return {name_of(verdict): verdict.reason for verdict in verdicts}

    return judged


def name_of(verdict):
    return verdict.root if verdict.unit == "tree" else ("child", verdict.root)


def message(session, time=OLD, data=DONE, name="msg_1"):
    return Row("message", {"id": name, "session_id": session, "time_updated": time, "data": data})


def part(session, time=OLD, data='{"type":"text"}', of="msg_1", name="prt_1"):
    values = {"id": name, "message_id": of, "session_id": session, "time_updated": time, "data": data}
    return Row("part", values)


def blob(session, size, name="msg_1"):
    """A message whose data has exactly this many octets."""
    return message(session, OLD, '"' + "x" * (size - 2) + '"', name)
