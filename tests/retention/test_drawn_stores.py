"""Stores of the real client, and those that are drawn."""

import shutil
import sqlite3
from contextlib import closing

import drawn
import forests
import oracle
import pytest
import size
import store_rows
from forests import NOW, Chain, Recipe, Session
from hypothesis import given, settings
from moments import DAY
from oracle import Policy
from oracle_stores import *  # noqa: F403
from oracle_stores import message
from places import STORES
from test_oracle_limits import sized


@pytest.mark.parametrize("name", sorted(path.name for path in STORES.glob("*.db")))
def test_a_store_of_the_real_client_has_three_trees(tmp_path, name):
    with closing(sqlite3.connect(shutil.copy(STORES / name, tmp_path))) as con:
        verdicts = oracle.judge(con, Policy(max_age_ms=30 * DAY), NOW)
        assert [(one.reason, len(one.sessions)) for one in verdicts] == [("age", 1), ("age", 1), ("age", 2)]
        kept = store_rows.survivors(con, oracle.removed_ids(verdicts))
        assert {table for table in kept if table in store_rows.OWNED and kept[table]} == set()
        assert len(kept["project"]) == 1


def test_a_recipe_prints_as_it_is_written():
    recipe = Recipe([Session("ses_1", "ses_2", updated=None)], Chain(3), [message("ses_1")], True)
    assert eval(repr(recipe), vars(forests)) == recipe
    assert repr(Recipe([Session("ses_1")])) == "Recipe(sessions=[Session(id='ses_1')])"


@settings(max_examples=size.sized(20, 60, 60))
@given(recipe=drawn.forests(), policy=drawn.policies(), schema=drawn.schemas())
def test_every_recipe_becomes_a_sound_store_in_every_schema(tmp_path_factory, recipe, policy, schema):
    path = forests.build(recipe, tmp_path_factory.getbasetemp() / "any.db", schema)
    with closing(sqlite3.connect(path)) as con:
        assert con.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        verdicts = oracle.judge(con, policy, NOW)
        judged = [one for verdict in verdicts if verdict.unit == "tree" for one in verdict.sessions]
        wanted = {session.id for session in recipe.sessions + recipe.chain.sessions()} - {None}
        assert sorted(judged, key=store_rows.id_order) == sorted(wanted, key=store_rows.id_order)


@settings(max_examples=size.sized(20, 60, 60))
@given(recipe=drawn.forests(portable=True))
def test_a_portable_recipe_holds_only_what_a_server_can_hold(recipe):
    for values in [vars(session) for session in recipe.sessions] + [row.values for row in recipe.rows]:
        for name, value in values.items():
            assert not isinstance(value, (bytes, float))
            assert not isinstance(value, str) or "\x00" not in value.encode("utf-8").decode()
            assert name not in ("time_updated", "updated") or isinstance(value, int)


def test_snug_limits_hit_a_size_exactly(opened):
    sessions, rows = sized(a=30, b=50, c=40)
    con = opened(Recipe(sessions, rows=rows))
    policy = Policy(max_size=1, max_tree_size=1)
    assert drawn.snug(con, policy, NOW, 1).max_tree_size == 50
    policy = drawn.snug(con, Policy(max_size=1), NOW, 2)
    assert [one.verdict for one in oracle.judge(con, policy, NOW)] == ["keep", "keep", "remove"]
    policy = drawn.snug(con, Policy(max_size=1), NOW, 2, short=1)
    assert [one.verdict for one in oracle.judge(con, policy, NOW)] == ["keep", "remove", "remove"]
