"""A small store, a plan of three batches on it, and the ways to carry it out."""

import subprocess
from pathlib import Path
from unittest import mock

import command
import faulty
import moments
import oracle
import product
import pytest
from command import invoked, judge_by
from forests import NOW
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.cascade import plan_file as script
from opencode_lifecycle.sql.cascade import plan_read

__all__ = ["plan", "store"]  # fixtures


SECOND = "BEGIN IMMEDIATE; INSERT INTO lc_batch (number, slice, through) VALUES (2, "
MONTH = oracle.Policy(max_age_ms=30 * moments.DAY)
ASKED = ("--days=30", judge_by())


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=4, parts=2, pad=10)


@pytest.fixture
def plan(store, tmp_path):
    """A plan of three batches, a tree to each."""
    with mock.patch.object(script, "BATCH_SESSIONS", 3):
        path = tmp_path / "plan.sql"
        path.write_text(product.planned(store, MONTH, NOW)[2])
    assert "VALUES (3, 0, NULL)" in path.read_text()
    return path


def shell(store, text):
    """Run a script in the engine's own shell, in a folder of its own."""
    there = Path(store).parent.parent / "shell"
    there.mkdir(exist_ok=True)
    done = subprocess.run(
        ["sqlite3", str(store)], input=text.encode("utf-8", "surrogateescape"), capture_output=True, cwd=there
    )
    assert not list(there.iterdir())
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def apply(store, plan, *words, code=0):
    return invoked("apply", plan, "--yes", "--no-export", *words, f"--store={store}", code=code)


def pieces(store, text):
    """The statements of a plan: text, and whether there is a statement in it."""
    with stores.opened(str(store)) as place:
        return list(faulty.pieces(plan_read.read(text, "plan"), place.catalog))


def removed(store):
    with command.opened(store) as con:
        return oracle.removed_ids(oracle.judge(con, MONTH, NOW))
