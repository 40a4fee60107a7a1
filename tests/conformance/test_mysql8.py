"""MySQL 8 and newer, where TEST_MYSQL8_URL names a server: the same verbs, but what its JSON functions cannot do."""

import by_url
import drawn
import forests
import moments
import nasty
import pytest
import test_conformance
import test_migrated_servers as migrated
import test_server_faults as faults
import test_server_privileges as privileges
import test_shell_faults as in_shell
import worlds
from forests import NOW, Recipe, Row, Session
from hypothesis import assume, given
from hypothesis import strategies as st
from opencode_lifecycle.sql.transfer import fitting
from server_trees import *  # noqa: F403
from test_conformance import FEW, POLICIES, SCHEMA
from verbs import invoke, refused

# These hold here as they do on MariaDB.
test_a_row_of_50_mb_arrives_and_goes = test_conformance.test_a_row_of_50_mb_arrives_and_goes
test_a_second_mirror_brings_what_changed = \
    test_conformance.test_a_second_mirror_brings_what_changed_and_leaves_what_only_the_copy_has
test_an_older_source_overwrites_nothing = \
    test_conformance.test_an_older_source_never_overwrites_a_newer_copy_of_a_session
test_an_error_after_any_statement_leaves_whole_trees = \
    in_shell.test_an_error_after_any_statement_of_a_plan_leaves_whole_trees_in_the_engines_own_shell
test_a_table_locked_before_the_run = faults.test_a_table_locked_before_the_run_is_exit_75_and_nothing_went
test_a_table_locked_in_the_middle = faults.test_a_table_locked_in_the_middle_is_exit_3_and_the_next_run_finishes
test_a_session_that_changes_is_spared = faults.test_a_session_that_changes_between_plan_and_batch_is_spared
test_two_runs_do_not_meet = faults.test_two_runs_on_one_store_do_not_meet
test_pins_hold_for_everybody = faults.test_pins_stand_on_the_server_and_hold_a_tree_for_everybody
test_each_verb_names_the_privilege_that_it_lacks = privileges.test_each_verb_names_the_privilege_that_it_lacks
test_a_newer_clients_table_is_added = \
    migrated.test_a_newer_clients_table_and_column_are_added_and_nothing_is_lost
test_migrate_is_idempotent = migrated.test_migrate_is_idempotent_dry_first_and_recorded


@pytest.fixture(scope="session")
def engine():
    return "mysql8"


@pytest.fixture(scope="session")
def admin_url(mysql8_admin_url):
    return mysql8_admin_url


@pytest.fixture(scope="session")
def shared_url(admin_url):
    with by_url.fresh_database(admin_url) as found:
        yield found


def is_too_deep(text):
    return isinstance(text, str) and fitting.levels(text) > 100


@FEW
@given(recipe=drawn.forests(portable=True), asked=POLICIES, schema=drawn.schemas(), choice=st.integers(0, 9),
       short=st.sampled_from((0, 1)))
def test_the_verdict_and_reason_of_every_tree_are_the_oracles(
        tmp_path_factory, shared_url, recipe, asked, schema, choice, short):
    assume(not any(is_too_deep(row.values.get("data")) for row in recipe.rows))
    file = tmp_path_factory.mktemp("s") / "s.db"
    test_conformance.judge_alike(file, shared_url, recipe, asked, schema, choice, short)


@FEW
@given(recipe=drawn.forests(portable=True), asked=POLICIES, schema=drawn.schemas(), shell=st.booleans())
def test_what_survives_is_what_the_oracle_leaves_and_a_second_run_removes_nothing(
        tmp_path_factory, shared_url, recipe, asked, schema, shell):
    assume(not any(is_too_deep(row.values.get("data")) for row in recipe.rows))
    test_conformance.prune_alike(tmp_path_factory.mktemp("s") / "s.db", shared_url, recipe, asked, schema, shell)


def test_a_lock_before_any_statement_of_a_plan_leaves_whole_trees(path, url, one_tree_a_batch, say):
    in_shell.test_a_lock_before_any_statement_of_a_plan_leaves_whole_trees_in_the_engines_own_shell(
        path, url, one_tree_a_batch, in_shell.held_rows, say)


def test_nasty_rows_arrive_byte_for_byte_and_those_nested_too_deep_stay_out_by_name(tmp_path, url):
    texts = [one for one in nasty.PORTABLE if not is_too_deep(one[1].decode())]
    file = test_conformance.nasty_store(tmp_path / "s.db", texts)
    assert not worlds.load(file, url).left
    assert worlds.dump(url) == worlds.file_dump(file)
    deep = test_conformance.nasty_store(tmp_path / "deep.db", [one for one in nasty.PORTABLE if one not in texts])
    done = worlds.load(deep, url)
    assert done.left and all("deeper than the 100 levels" in why for why in done.left.values())


def test_a_row_nested_too_deep_that_is_there_all_the_same_stops_every_verb_in_one_sentence(tmp_path, url):
    recipe = Recipe([Session("ses_a")], rows=[Row("message", {"id": "msg_a", "session_id": "ses_a", "data": "{}",
                                                              "time_updated": NOW - 2 * moments.DAY})])
    worlds.load(forests.build(recipe, tmp_path / "s.db", SCHEMA), url)
    deep = '{"role":"assistant","x":' + "[" * 101 + "]" * 101 + "}"
    by_url.run_sql(url, f"UPDATE message SET data = '{deep}'")
    assert "100 levels" in refused(78, "prune", "--days=1", f"--store={url}", "--yes", "--no-export", f"--now={NOW}")
    assert len(worlds.dump(url)["session"]) == 1


def test_reclaim_deletes_rows_and_edits_none(tmp_path, url):
    file = test_conformance.nasty_store(tmp_path / "s.db", nasty.encoded(nasty.RECLAIMABLE[:9]))
    worlds.load(file, url)
    before = worlds.dump(url)["part"]
    assert "MySQL" in refused(78, "reclaim", "--only=compacted", "--yes", "--no-export", f"--store={url}")
    done = invoke("reclaim", "--yes", "--no-export", f"--store={url}", f"--now={NOW}")
    assert done.returncode == 0, done.stderr
    assert worlds.dump(url)["part"] == before
    gains = invoke("stats", "--deep", "--json", f"--store={url}").stdout
    assert '"events"' in gains and '"compacted"' not in gains


def test_export_prune_and_undo_bring_every_row_back(tmp_path, url):
    file = test_conformance.nasty_store(tmp_path / "s.db", nasty.encoded(nasty.RECLAIMABLE[:9]))
    worlds.load(file, url)
    before = worlds.dump(url)
    done = invoke("prune", "--days=30", f"--now={NOW}", "--yes", "--vacuum", f"--store={url}")
    assert done.returncode == 0 and not worlds.dump(url)["session"], done.stderr
    done = invoke("undo", f"--store={url}")
    assert done.returncode == 0, done.stderr
    assert worlds.dump(url) == before
