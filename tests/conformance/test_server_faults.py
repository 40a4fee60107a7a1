"""What goes wrong on a server: each time one sentence, the right exit code, and whole trees."""

import contextlib

import product
import pytest
import worlds
from by_url import create_database, run_sql
from forests import NOW
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.refusal import Refusal
from server_trees import *  # noqa: F403
from server_trees import OLD, TREES, applying, impatient, locked, whole
from verbs import invoke, refused


def test_a_table_locked_before_the_run_is_exit_75_and_nothing_went(path, url, one_tree_a_batch):
    worlds.load(path, url)
    _, _, text = product.planned(url, OLD, NOW)
    with locked(url, "part"), impatient(), pytest.raises(Refusal, match="is busy") as refusal:
        applying(url, text, lambda _: None)
    assert refusal.value.code == 75 and whole(path, url) == TREES


def test_a_table_locked_in_the_middle_is_exit_3_and_the_next_run_finishes(path, url, one_tree_a_batch):
    worlds.load(path, url)
    _, _, text = product.planned(url, OLD, NOW)
    with contextlib.ExitStack() as stack, impatient():
        done = applying(url, text, lambda batch: batch == 2 and stack.enter_context(locked(url, "part")))
    assert done.outcome.code == 3 and "is busy" in done.outcome.left
    assert done.outcome.sessions == 4 and whole(path, url) == TREES - 2
    again = applying(url, text, lambda _: None)
    assert not again.outcome.code and again.outcome.sessions == 4 and whole(path, url) == 0


def test_a_server_killed_in_the_middle_is_exit_3_and_the_next_run_finishes(path, durable, one_tree_a_batch):
    url = create_database(durable.admin_url)
    worlds.load(path, url)
    _, _, text = product.planned(url, OLD, NOW)
    done = applying(url, text, lambda batch: batch == 2 and durable.kill())
    assert done.outcome.code == 3 and "connection was lost" in done.outcome.left
    assert done.outcome.sessions == 4
    durable.start()
    assert whole(path, url) == TREES - 2
    again = applying(url, text, lambda _: None)
    assert not again.outcome.code and whole(path, url) == 0


def test_a_session_that_changes_between_plan_and_batch_is_spared(path, url, one_tree_a_batch):
    worlds.load(path, url)
    _, _, text = product.planned(url, OLD, NOW)
    change = f"UPDATE message SET time_updated = {NOW} WHERE session_id = 'ses_2_child'"
    done = applying(url, text, lambda batch: batch == 1 and run_sql(url, change))
    assert done.outcome.spared == {"ses_2": "changed"} and done.outcome.sessions == 6


def test_two_runs_on_one_store_do_not_meet(path, url):
    worlds.load(path, url)
    with store.opened(url) as place, place.only_run():
        said = refused(75, "prune", f"--store={url}", "--days=30", "--yes", "--no-export")
    assert "Another run" in said


def test_pins_stand_on_the_server_and_hold_a_tree_for_everybody(path, url, tmp_path):
    worlds.load(path, url)
    assert invoke("pin", "ses_1_child", f"--store={url}").returncode == 0
    elsewhere = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("STATE", "DATA", "CONFIG")}
    assert "ses_1_child" in invoke("pins", f"--store={url}", **elsewhere).stdout
    done = invoke("prune", f"--store={url}", "--days=30", f"--now={NOW}", "--yes", "--no-export", **elsewhere)
    assert done.returncode == 0 and whole(path, url) == 1
    assert invoke("unpin", "ses_1_child", f"--store={url}", **elsewhere).returncode == 0
    assert not run_sql(url, "SELECT session FROM lifecycle_pin")
