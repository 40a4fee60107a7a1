"""Rows of 1.x that the move to 2.x left behind: which of them go, that nothing of 2.x changes, that all comes back."""

import contextlib
import sqlite3

import moved
import product
import pytest
import reclaim_oracle
from command import invoked, judge_by
from forests import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from moments import DAY
from opencode_lifecycle.policies.policy import Policy
from opencode_lifecycle.sql import state, store
from opencode_lifecycle.sql.reclamation import execute, originals
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from opencode_lifecycle.sql.reclamation.kinds import KINDS as EVERY_KIND
from opencode_lifecycle.sql.transfer import mirror
from oracle import Policy as Asked
from reclaimed import to_reclaim
from servers import *  # noqa: F403

WEEK = 7 * DAY
FEW = settings.default.max_examples // 3
PLAIN = Policy()
TABLES = ("part", "message", "todo", "session")


def run(path, kinds=("leftovers",), export=None, rules=PLAIN, between=lambda: None):
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(kinds, NOW, WEEK, rules=rules))
        if export:
            originals.write(place, plan, export)
        between()
        return plan, execute.run(place, plan, export, "", lambda _: None)


def without(rows, ids):
    """The store without the rows of 1.x of these sessions."""
    own = {row["id"] for row in rows["message"].values() if row["session_id"] in ids}
    gone = {"part": lambda row: row["message_id"] in own, "session": lambda row: row["id"] in ids}
    left = dict(rows)
    for table in TABLES:
        is_gone = gone.get(table, lambda row: row["session_id"] in ids)
        left[table] = {place: row for place, row in rows[table].items() if not is_gone(row)}
    return left


@settings(max_examples=FEW)
@given(seed=st.integers(0, 2**30))
def test_only_what_2x_has_taken_over_whole_or_removed_goes_and_all_of_it_comes_back(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("s")
    path = folder / "s.db"
    ids = moved.leftovers(moved.moved(path, seed))
    before = reclaim_oracle.read(path)
    plan, done = run(path, export=folder / "o.zst")
    after = reclaim_oracle.read(path)
    assert {row["id"] for row in before["session"].values()} - {row["id"] for row in after["session"].values()} == ids
    assert reclaim_oracle.differences(without(before, ids), after) == []
    assert sum(plan.leftovers) == len(ids)
    assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    assert done.rows == {table: len(before[table]) - len(after[table]) for table in TABLES} or not ids
    assert run(path)[0].batches == ()
    with store.opened(str(path)) as place:
        assert originals.bring_back(place, folder / "o.zst").changed == 0
    found = reclaim_oracle.read(path)
    assert all(sorted(before[table].values(), key=repr) == sorted(found[table].values(), key=repr) for table in before)


@settings(max_examples=FEW)
@given(seed=st.integers(0, 2**30))
def test_the_verdict_on_every_tree_that_2x_knows_is_the_same_before_and_after(tmp_path_factory, seed):
    path = tmp_path_factory.mktemp("s") / "s.db"
    told = moved.moved(path, seed)
    asked = Asked(max_age_ms=90 * DAY, protect_titles=["never*"])
    before = product.decided(path, asked, NOW)
    run(path)
    gone = {moved.root(told, one) for one in told if one.gone and one.id in moved.leftovers(told)}
    assert product.decided(path, asked, NOW) == {root: said for root, said in before.items() if root not in gone}


@settings(max_examples=FEW)
@given(seed=st.integers(0, 2**30))
def test_with_all_kinds_at_once_a_second_run_changes_nothing_and_undo_restores_what_was_1x(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("s")
    path = folder / "s.db"
    moved.moved(path, seed)
    kinds = tuple(kind for kind in EVERY_KIND if kind not in ("files", "orphans"))
    before = reclaim_oracle.read(path)
    plan, done = run(path, kinds, folder / "o.zst")
    assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    assert run(path, kinds)[0].batches == ()
    with store.opened(str(path)) as place:
        assert originals.bring_back(place, folder / "o.zst").changed == 0
    found = reclaim_oracle.read(path)
    assert all(sorted(before[table].values(), key=repr) == sorted(found[table].values(), key=repr) for table in before)


@pytest.mark.parametrize("change", [
    "DELETE FROM kv",
    "UPDATE kv SET value = 'completed' WHERE key LIKE 'migration%'",
    "UPDATE kv SET key = 'migration.v2-v3' WHERE key LIKE 'migration%'",
    "UPDATE kv SET time_created = 0 WHERE key LIKE 'migration%'",
    "DROP TABLE kv",
])
def test_without_the_clients_own_word_that_the_move_is_done_nothing_goes(tmp_path, change):
    path = tmp_path / "s.db"
    moved.moved(path, 3, troubles=())
    executed(path, change)
    if "kv SET value" in change:
        with pytest.raises(store.Refusal, match="moving"):
            run(path)
    else:
        assert run(path)[0].gains["leftovers"] == {"rows": 0, "bytes": 0}


def executed(path, statement):
    con = sqlite3.connect(path)
    with con:
        con.execute(statement)
    con.close()


def many(path):
    """A store of which much is left over: taken over and removed."""
    for seed in range(1000):
        told = moved.moved(path, seed, troubles=())
        if sum(one.gone for one in told) and sum(not one.gone for one in told):
            found = moved.leftovers(told)
            if {one.gone for one in told if one.id in found} == {True, False}:
                return told
    raise AssertionError("no such seed")


def left(path):
    return {row["id"] for row in reclaim_oracle.read(path)["session"].values()}


def test_a_tree_that_was_removed_stays_while_something_protects_it(tmp_path):
    path = tmp_path / "s.db"
    told = many(path)
    gone = next(one.id for one in told if one.gone and one.id in moved.leftovers(told))
    tree = {one.id for one in told if moved.root(told, one) == moved.root(told, next(o for o in told if o.id == gone))}
    state.pin(str(path.resolve()), gone, NOW)
    run(path)
    assert tree <= left(path)


def test_a_title_that_the_policy_protects_keeps_what_was_removed(tmp_path):
    path = tmp_path / "s.db"
    told = many(path)
    gone = {one.id for one in told if one.gone and one.id in moved.leftovers(told)}
    run(path, rules=Policy(titles=("a ti*",)))
    assert left(path) & {one.id for one in told} == gone | ({one.id for one in told} - moved.leftovers(told))


@pytest.mark.parametrize("statement", [
    "UPDATE part SET time_updated = time_updated + 1",
    "UPDATE message SET data = data || ' '",
    "INSERT INTO part SELECT id || 'x', message_id, session_id, time_created, time_updated, data FROM part",
    "UPDATE kv SET value = replace(value, 'completed', 'done')",
])
def test_a_session_that_changed_since_the_forecast_stays(tmp_path, statement):
    path = tmp_path / "s.db"
    many(path)
    before, changed = left(path), {row["session_id"] for row in reclaim_oracle.read(path)["part"].values()}
    if "kv" in statement:
        with pytest.raises(store.Refusal):
            run(path, between=lambda: executed(path, statement))
        assert left(path) == before
    else:
        plan, done = run(path, between=lambda: executed(path, statement))
        assert changed and changed <= left(path) != before
        assert done.gains["leftovers"]["rows"] < plan.gains["leftovers"]["rows"]


@pytest.mark.whole
@pytest.mark.parametrize("engine", ["postgres", "mysql"])
def test_a_server_is_left_with_the_same_rows(tmp_path, request, engine):
    url = request.getfixturevalue(f"{engine}_url")
    path = tmp_path / "s.db"
    many(path)
    with store.opened(str(path)) as source, store.reached(*store.locate(url), True) as target:
        mirror.mirror(source, target, lambda done, of: None)
    with store.opened(url) as place:
        before = keys(place)
    run(path)
    _, done = run(url, export=tmp_path / "o.zst")
    with store.opened(url) as place, store.opened(str(path)) as source:
        assert keys(place) == keys(source) != before
    assert run(url)[0].batches == ()
    with store.opened(url) as place:
        assert originals.bring_back(place, tmp_path / "o.zst").rows == done.rows
        assert keys(place) == before


def keys(place):
    wanted = {"part": "id, data, time_updated", "message": "id, data", "session": "id, title, cost",
              "todo": "session_id, position", "session_message": "id, data", "session_v2": "id",
              "event_sequence": "aggregate_id"}
    return {table: sorted(place.on.rows(place.connection, f"SELECT {names} FROM {table}"))
            for table, names in wanted.items()}


def test_a_session_that_was_renamed_since_it_came_back_keeps_none_of_the_others_out(tmp_path):
    path, file = tmp_path / "s.db", tmp_path / "o.zst"
    many(path)
    before = reclaim_oracle.read(path)
    run(path, export=file)
    with store.opened(str(path)) as place:
        assert originals.bring_back(place, file).changed == 0
    renamed = min(left(path) & {row["id"] for row in before["session"].values()} - {
        row["id"] for row in before["session_v2"].values()})
    executed(path, f"UPDATE session SET title = 'renamed' WHERE id = '{renamed}'")
    executed(path, f"DELETE FROM session WHERE id <> '{renamed}'")
    with store.opened(str(path)) as place:
        done = originals.bring_back(place, file)
    assert done.changed and done.rows["session"] == len({row["id"] for row in before["session"].values()}) - 1


def test_a_session_with_rows_that_lack_a_column_of_the_store_stays_out_named_and_all_others_come(tmp_path):
    path, file = tmp_path / "s.db", tmp_path / "o.zst"
    many(path)
    before = reclaim_oracle.read(path)
    run(path, export=file)
    gone = {row["id"] for row in before["session"].values()} - left(path)
    with contextlib.closing(sqlite3.connect(path)) as con:
        (sql,) = con.execute("SELECT sql FROM sqlite_master WHERE name = 'todo'").fetchone()
    executed(path, "DROP TABLE todo")
    executed(path, sql.replace("(", "(owner text NOT NULL, ", 1))
    lack = gone & {row["session_id"] for row in before["todo"].values()}
    assert lack and gone - lack
    ran = invoked("restore", file, f"--store={path}", code=3)
    assert left(path) == {row["id"] for row in before["session"].values()} - lack
    assert all(id in ran.err for id in lack) and "todo without owner" in ran.sentence and "All others came" in ran.err


def test_a_forecast_says_in_words_what_is_left_over_and_what_is_no_json(tmp_path):
    path = tmp_path / "s.db"
    many(path)
    executed(path, "UPDATE message SET data = 'summary diffs' WHERE id = (SELECT min(id) FROM message)")
    said = invoked("reclaim", "--only=leftovers,diffs,compacted", "--older-than=0d", "--dry-run", judge_by(),
                   f"--store={path}", inside=True)
    assert "Leftovers: rows of client 1.x of " in said.err and "Not JSON, and left as they are: 1 row" in said.err
