"""The verdicts of the SQL against the oracle's, on generated forests and every schema."""

import re
import sqlite3
import subprocess
from dataclasses import replace

import drawn
import forests
import moments
import oracle
import product
import pytest
import store_rows
from forests import NOW
from hypothesis import example, given, note
from hypothesis import strategies as st
from judged import POLICIES, expected, unowned, weighed
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.retention import selection


@given(recipe=drawn.forests(), asked=POLICIES, schema=drawn.schemas(), choice=st.integers(0, 9),
       short=st.sampled_from((0, 1)))
def test_the_verdict_and_reason_of_every_tree_are_the_oracles(tmp_path_factory, recipe, asked, schema, choice, short):
    path = forests.build(recipe, tmp_path_factory.mktemp("s") / "s.db", schema)
    con = sqlite3.connect(path)
    asked, fixed = weighed(con, asked, choice, short)
    wanted = expected(con, asked)
    con.close()
    note(f"{schema} {asked}")
    assert product.decided(path, asked, NOW, fixed) == wanted


@given(recipe=drawn.forests(), asked=POLICIES, schema=drawn.schemas(), shell=st.booleans())
def test_what_survives_is_what_the_oracle_leaves_and_a_second_run_removes_nothing(
        tmp_path_factory, recipe, asked, schema, shell):
    path = forests.build(recipe, tmp_path_factory.mktemp("s") / "s.db", schema)
    con = sqlite3.connect(path)
    asked = replace(asked, unowned=unowned(con, asked))
    removed = oracle.removed_ids(oracle.judge(con, asked, NOW))
    wanted = store_rows.survivors(con, removed)
    con.close()
    before = broken_references(path)
    chosen, _, text = product.planned(path, asked, NOW)
    assert {s.id for unit in chosen.units for s in unit.sessions} == removed
    if shell:
        run_in_shell(path, text)
    else:
        done = product.applied(path, text, asked.pins)
        assert not done.outcome.spared and done.outcome.sessions == len(removed)
    con = sqlite3.connect(path)
    assert store_rows.dump(con) == wanted
    assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert broken_references(path) <= before
    assert not con.execute("SELECT name FROM sqlite_master WHERE name LIKE 'lc!_%' ESCAPE '!'").fetchall()
    con.close()
    again, _, _ = product.planned(path, asked, NOW)
    assert not again.units


def broken_references(path):
    con = sqlite3.connect(path)
    try:
        return set(con.execute("PRAGMA foreign_key_check").fetchall())
    except sqlite3.OperationalError:  # a partial schema names a table that is not there
        return set()
    finally:
        con.close()


# The shell prints what the pragma secure_delete was set to, then rows by table; spared units would follow.
SAYS = re.compile(rb"2\n(\w+\|\d+\n)*")


def run_in_shell(path, text):
    done = subprocess.run(["sqlite3", str(path)], input=text.encode("utf-8", "surrogateescape"), capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"") and SAYS.fullmatch(done.stdout)


@pytest.mark.parametrize("schema", forests.schema_names())
@given(recipe=drawn.forests(max_sessions=8), data=st.data())
@example(recipe=forests.Recipe(), data=None)
def test_every_schema_is_understood(tmp_path_factory, schema, recipe, data):
    path = forests.build(recipe, tmp_path_factory.mktemp("s") / "s.db", schema)
    con = sqlite3.connect(path)
    asked = oracle.Policy(max_age_ms=30 * moments.DAY, child_max_age_ms=moments.DAY)
    wanted = expected(con, asked)
    con.close()
    assert product.decided(path, asked, NOW) == wanted


@pytest.mark.parametrize(("asked", "plain"), [
    (oracle.Policy(max_age_ms=30 * moments.DAY), True), (oracle.Policy(max_age_ms=2 * moments.DAY), False),
    (oracle.Policy(max_sessions=3), True), (oracle.Policy(max_sessions=2), False),
    (oracle.Policy(child_max_age_ms=2 * moments.DAY), False), (oracle.Policy(max_size=10**9), False),
])
def test_that_nothing_goes_is_plain_where_ages_and_numbers_of_sessions_say_so(tmp_path, asked, plain):
    ages = {"ses_new": 0, "ses_old": 3 * moments.DAY, "ses_odd": moments.DAY}
    recipe = forests.Recipe([forests.Session(id, updated=NOW - age) for id, age in ages.items()])
    with store.opened(str(forests.build(recipe, tmp_path / "s.db", "v2.0-mixed-simulated"))) as place:
        assert selection.nothing_goes(place, product.question_of(asked, NOW)) is plain
