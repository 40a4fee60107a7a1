"""The plan file against its own list: what is read is what runs, and nothing else runs."""

import re
import time

import command
import forests
import product
import pytest
from command import dump, refused, sessions_of
from forests import NOW, Recipe, Session
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.cascade import plan_file as script
from opencode_lifecycle.sql.cascade import plan_read
from opencode_lifecycle.sql.cascade import removal as prune
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.retention import selection
from plans_at_hand import *  # noqa: F403
from plans_at_hand import MONTH, apply, shell

# --- the file is held against its own list --------------------------------------------------------


def lines_of(plan, mark):
    return [
        number
        for number, text in enumerate(plan.read_text().split("\n"))
        if mark in text and text.startswith("INSERT INTO lc_planned")
    ]


def struck(plan, mark):
    """The plan without the first line of its list that holds this."""
    lines = plan.read_text().split("\n")
    del lines[lines_of(plan, mark)[0]]
    other = plan.with_name("struck.sql")
    other.write_text("\n".join(lines))
    return other


@pytest.mark.parametrize("mark", ("'ses_0001_a', 'ses_0001_a'", "'ses_0001_b', 'ses_0001_a'", "'ses_0001_c'"))
def test_a_line_that_is_struck_out_spares_its_tree_when_that_is_meant(store, plan, mark):
    edited, before = struck(plan, mark), dump(store)
    refused(73, "apply", edited, "--yes", "--no-export", f"--store={store}", says="--edited")
    assert dump(store) == before
    shells = command.copy(store)
    ran = apply(store, edited, "--edited")
    assert {id[:8] for id in sessions_of(store)} == {"ses_0001", "ses_0003"}
    assert ran.err.count("Spared") <= 1
    assert shell(shells, edited.read_text())[0] == 0
    assert dump(shells) == dump(store)


def test_all_lines_of_a_tree_may_be_struck_out(store, plan):
    edited = plan
    for mark in ("'ses_0001_a', 'ses_0001_a'", "'ses_0001_b', 'ses_0001_a'", "'ses_0001_c', 'ses_0001_a'"):
        edited = struck(edited, mark) if edited == plan else _again(edited, mark)
    apply(store, edited, "--edited")
    assert {id[:8] for id in sessions_of(store)} == {"ses_0001", "ses_0003"}


def _again(plan, mark):
    lines = plan.read_text().split("\n")
    del lines[lines_of(plan, mark)[0]]
    plan.write_text("\n".join(lines))
    return plan


def altered(text):
    """Plans that say something else than they did, each by one change."""
    lines = text.split("\n")
    for number, was in enumerate(lines):
        if was and number % 6 == 0:
            yield (
                number,
                was,
                "\n".join(
                    [*lines[:number], was[:-1] + ("x" if was[-1] != "x" else "y"), *lines[number + 1 :]]
                ),
            )
        if number % 14 == 0:
            yield number, "more", "\n".join([*lines[:number], "DELETE FROM session;", *lines[number:]])
        if was and number % 10 == 0 and not was.startswith("INSERT INTO lc_planned"):
            yield number, "less", "\n".join([*lines[:number], *lines[number + 1 :]])


def test_any_change_but_a_struck_line_is_refused_even_where_edits_are_allowed(store, plan):
    text, before, tried = plan.read_text(), dump(store), 0
    with stores.opened(str(store)) as place:
        for number, was, other in altered(text):
            with pytest.raises(Refusal) as refusal:
                read = plan_read.read(other, "plan.sql")
                prune.refuse_foreign(read, place)
                plan_read.verify(read, place.catalog, other, "plan.sql", edited=True)
            assert refusal.value.code == 73, (number, was)
            tried += 1
    assert dump(store) == before
    assert tried > 50
    for was, now in (
        (r"('ses_0001_b', 'ses_0001_a', 'ses_0001_a', 'prj_a', 0, 0), \d+", r"\1, 999"),
        (r"('ses_0001_b', 'ses_0001_a', 'ses_0001_a', 'prj_a', 0, 0), \d+", r"\1, " + "9" * 5_000),
        (r" -- tree 1 \|", " -- trea 1 |"),
        (r"(.*'ses_0001_b', 'ses_0001_a'.*\n)", r"\1\1"),
        (r"(.*'ses_0001_b', 'ses_0001_a'.*\n)(.*\n)", r"\2\1"),
        (r"'ses_0002_c', ", "'ses_0003_c', "),
        (r"-- Policy: .*", "-- Policy:    Remove nothing."),
        (r"(-- Marks: \w{7}).", r"\1x"),
        (r"BEGIN IMMEDIATE; INSERT INTO lc_batch .*VALUES \(2, .*\n", ""),
        (r"(BEGIN IMMEDIATE; INSERT INTO lc_batch .*\n)", r"\1\1"),
        (r"VALUES \(2, 0, NULL\)", "VALUES (2, 1, 9)"),
        (r"VALUES \(2, 0, NULL\)", "VALUES (1, 0, NULL)"),
        (r"VALUES \(2, 0, NULL\)", f"VALUES ({'2' * 5_000}, 0, NULL)"),
        (r"VALUES \(2, 0, NULL\)", f"VALUES (2, {'0' * 5_000}, NULL)"),
        (r"VALUES \('lc_guard'\); INSERT", "VALUES ('lc_remove'); INSERT"),
        (r"COMMIT;", "COMMIT; DELETE FROM session;"),
    ):
        bumped = re.sub(was, now, text, count=1)
        assert bumped != text, was
        plan.write_text(bumped)
        for words in ((), ("--edited",)):
            refused(73, "apply", plan, "--yes", *words, f"--store={store}", says="altered")
    plan.write_text(text + "DROP TABLE session;\n")
    refused(73, "apply", plan, "--yes", "--edited", f"--store={store}", says="altered")
    plan.write_text(text.replace("plan, format 2", "plan, format 1", 1))
    refused(73, "apply", plan, "--yes", "--edited", f"--store={store}", says="format 1")
    plan.write_text("SELECT 1;\n")
    refused(73, "apply", plan, "--yes", f"--store={store}", says="not a plan")
    plan.write_bytes(b"\xff\xfe\x00")
    refused(73, "apply", plan, "--yes", f"--store={store}", says="not a plan")
    plan.write_text("")
    refused(73, "apply", plan, "--yes", f"--store={store}", says="not a plan")
    refused(64, "apply", plan.with_name("none.sql"), "--yes", f"--store={store}", says="none.sql")
    refused(64, "apply", plan.parent, "--yes", f"--store={store}", says=str(plan.parent))


def test_a_plan_of_another_store_is_refused(plan, tmp_path):
    (tmp_path / "other").mkdir()
    recipe = Recipe([Session("ses_x"), Session("ses_y")])
    other = forests.build(recipe, tmp_path / "other" / "opencode.db", "1.18.33")
    before = dump(other)
    refused(73, "apply", plan, "--yes", "--no-export", f"--store={other}", says="another store", alone=False)
    old = forests.build(command.grove(trees=2), tmp_path / "other" / "old.db", "1.2.15")
    refused(73, "apply", plan, "--yes", "--no-export", f"--store={old}", says="tables")
    assert dump(other) == before
    foreign = plan.read_text().replace("-- Engine:    sqlite", "-- Engine:    postgres")
    (tmp_path / "foreign.sql").write_text(foreign)
    refused(73, "apply", tmp_path / "foreign.sql", "--yes", f"--store={other}", says="postgres")


@pytest.mark.parametrize(
    "change",
    (
        "CREATE TABLE session_mood (session_id TEXT)",
        "ALTER TABLE message ADD COLUMN mood TEXT",
        "CREATE TABLE mood (owner TEXT REFERENCES session (id))",
        "DROP TABLE todo",
    ),
)
def test_a_plan_is_stale_once_a_table_with_a_session_key_changed(store, plan, change):
    with command.opened(store) as con:
        con.execute(change)
    before = dump(store)
    refused(73, "apply", plan, "--yes", "--no-export", f"--store={store}", says="make the plan again")
    assert dump(store) == before


def test_twenty_thousand_sessions_are_written_in_two_seconds(tmp_path):
    sessions = [
        Session(f"ses_{n:05}", f"ses_{n - n % 4:05}" if n % 4 else None, title=f"title of {n}")
        for n in range(20_000)
    ]
    path = forests.build(Recipe(sessions), tmp_path / "many.db", "1.18.33")
    with stores.opened(str(path)) as place, product.told(MONTH):
        started = time.monotonic()
        selection.decide(place, product.question_of(MONTH, NOW))
        judged = time.monotonic()
        chosen = selection.selection(place, "", NOW, product.question_of(MONTH, NOW).values)
        written, cpu = time.monotonic(), time.process_time()
        count = 0

        def out(text):
            nonlocal count
            count += len(text)

        script.compose(place, chosen, "none", False).write(place.catalog, out)
        ended, spent = time.monotonic(), time.process_time() - cpu
    print(
        f"judged in {judged - started:.2f} s, read in {written - judged:.2f} s, "
        f"written in {ended - written:.2f} s "
        f"({spent:.2f} s of processor): {count:,} characters"
    )
    assert sum(len(u.sessions) for u in chosen.units) == 20_000
    assert spent <= 2  # the processor's time: a busy machine takes longer by the clock
