"""Nothing that a deletion of ours sets in motion goes unseen: foreign keys at any depth, triggers, odd session keys."""

import shutil
import sqlite3
import subprocess
from contextlib import closing

import command
import drawn_side_effects as effects
import moments
import oracle
import product
import pytest
from client_schemas import FILES, catalog_of
from command import NOW, copy, invoked, refused
from drawn_side_effects import Extra, Pull, World
from hypothesis import HealthCheck, given, settings
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.cascade import removal as prune
from opencode_lifecycle.sql.refusal import STALE_PLAN, UNSUPPORTED, Refusal
from size import sized

EXAMPLES = settings(max_examples=sized(12, 30, 2_000), deadline=None,
                    suppress_health_check=[HealthCheck.function_scoped_fixture])
OLD = oracle.Policy(max_age_ms=30 * moments.DAY)
PRUNE = ("prune", "--days=30", f"--now={NOW}", "--yes", "--no-export")
ALL = [(Extra("star", place, action), action) for place in effects.CLIENTS for action in effects.ACTIONS]


@pytest.fixture(scope="module")
def grove(tmp_path_factory):
    return command.planted(tmp_path_factory.mktemp("side_effects") / "s.db", trees=3, parts=1, pad=10)


@pytest.fixture
def path(grove, tmp_path):
    return shutil.copy(grove, tmp_path / "mine.db")


def dump(path):
    with closing(sqlite3.connect(path)) as con:
        names = [name for (name,) in con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: sorted(map(repr, con.execute(f'SELECT * FROM "{name}"'))) for name in names}


def another(path, *statements):
    """Somebody else's work on the store."""
    with closing(sqlite3.connect(path)) as con:
        for statement in statements:
            con.execute(statement)
        con.commit()


def build(path, world):
    another(path, "CREATE TABLE pulled (what TEXT)", *(s for extra in world.extras for s in effects.table(extra)),
            *map(effects.trigger, world.pulls))
    return path


def plan(path, ignored=()):
    """The text of a plan."""
    with stores.opened(str(path)) as place, product.told(OLD):
        _, found = prune.plan(place, product.question_of(OLD, NOW), ignored)
        pieces: list[str] = []
        found.write(place.catalog, pieces.append)
    return "".join(pieces)


def run(path, ignored=()):
    """A removal through our runner, in this process; the refusal, or what the engine said."""
    with stores.opened(str(path)) as place, product.told(OLD):
        _, found = prune.plan(place, product.question_of(OLD, NOW), ignored)
        return prune.run(place, found, None, "prune", "", lambda _: None)


@EXAMPLES
@given(world=effects.worlds())
def test_whatever_hangs_on_the_clients_tables_is_named_or_left_alone(grove, tmp_path, world):
    path = build(shutil.copy(grove, tmp_path / "one.db"), world)
    before = dump(path)
    if world.moved:
        with pytest.raises(Refusal) as refusal:
            run(path)
        assert refusal.value.code == UNSUPPORTED
        flag = str(refusal.value).split("--ignore-table=")[1].rstrip(".")
        assert set(flag.split(",")) == world.moved
        assert dump(path) == before
        for one in world.moved if len(world.moved) > 1 else ():
            with pytest.raises(Refusal):
                run(path, world.moved - {one})
    try:
        run(path, world.moved)
    except Refusal as refusal:
        assert "FOREIGN KEY" in str(refusal) or "NOT NULL" in str(refusal), refusal
        assert dump(path) == before
    after = dump(path)
    changed = {name for name in after if after[name] != before[name]}
    named = {*before} - {"pulled", "project"} - {extra.name for extra in world.extras}
    assert changed <= named | world.reaching | ({"pulled"} if world.moved - world.reaching else set())
    path.unlink()


@pytest.mark.parametrize(("extra", "action"), ALL, ids=lambda v: v if isinstance(v, str) else v.parent)
def test_a_foreign_key_of_any_kind_to_any_table_stops_every_verb_that_deletes(path, extra, action):
    build(path, World((extra,), ()))
    before = dump(path)
    for words in (PRUNE, ("reclaim", "--only=events,orphans", "--yes", f"--now={NOW}"), ("plan", "--days=30")):
        says = (f"Table star refers to {extra.parent}", action, "--ignore-table=star")
        refused(UNSUPPORTED, *words, f"--store={path}", says=says, inside=True)
    assert dump(path) == before
    invoked("archive", "--session=ses_0000_a", f"--store={path}", inside=True)  # deletes nothing


@pytest.mark.parametrize("words", [
    PRUNE, ("plan", "--days=30"), ("reclaim", "--only=diffs", "--yes", f"--now={NOW}"),
    ("archive", "--session=ses_0000_a"), ("unarchive", "--session=ses_0000_a"), ("undo",), ("restore", "{file}"),
    ("restore", "--attachments"), ("reclaim", "--orphan-children", "--yes", f"--now={NOW}"),
], ids=lambda words: " ".join(words[:2]))
def test_a_trigger_stops_every_verb_that_writes(path, tmp_path, words):
    file = tmp_path / "e.json"
    invoked("export", f"--output={file}", f"--store={path}", inside=True)
    another(path, "CREATE TABLE pulled (what TEXT)", effects.trigger(Pull("audit", "session", "UPDATE")))
    words = [word.format(file=file) for word in words]
    before = dump(path)
    refused(UNSUPPORTED, *words, f"--store={path}", says=("Trigger audit on session", "--ignore-table=audit"),
            inside=True)
    assert dump(path) == before


def test_a_trigger_is_let_run_by_its_own_name_only(path):
    another(path, "CREATE TABLE pulled (what TEXT)", effects.trigger(Pull("audit", "message", "DELETE")))
    refused(UNSUPPORTED, *PRUNE, "--ignore-table=message", f"--store={path}", inside=True)
    invoked(*PRUNE, "--ignore-table=audit", f"--store={path}", inside=True)
    assert set(dump(path)["pulled"]) == {"('audit',)"}


def test_replacing_rows_deletes_and_so_a_foreign_key_stops_it(path, tmp_path):
    file = tmp_path / "e.json"
    invoked("export", f"--output={file}", f"--store={path}", inside=True)
    build(path, World((Extra("star", "part"),), ()))
    invoked("restore", file, "--no-pin", f"--store={path}", inside=True)
    ran = invoked("restore", file, "--replace", f"--store={path}", code=UNSUPPORTED, inside=True)
    assert "--ignore-table=star" in ran.err


@pytest.mark.parametrize("column", ["sessionID TEXT", "sessionId TEXT", '"SESSION-ID" TEXT', "aggregateId TEXT",
                                    "data TEXT, session_id TEXT AS (data ->> '$.s')",
                                    "data TEXT, sessionID TEXT AS (data ->> '$.s') STORED"])
def test_a_session_key_of_another_spelling_is_one(path, column):
    another(path, f"CREATE TABLE news ({column})")
    refused(UNSUPPORTED, *PRUNE, f"--store={path}", says="--ignore-table=news", inside=True)
    invoked(*PRUNE, "--ignore-table=news", f"--store={path}", inside=True)


@pytest.mark.parametrize("column", ["missionid TEXT", "session_ids TEXT", "fork_session_id TEXT", "id TEXT"])
def test_another_column_is_none(path, column):
    another(path, f"CREATE TABLE news ({column})")
    invoked(*PRUNE, f"--store={path}", inside=True)


def test_keys_between_the_clients_tables_that_the_client_has_not_are_no_ones_own(path):
    with closing(sqlite3.connect(path)) as con:
        con.execute("ALTER TABLE session ADD COLUMN origin TEXT REFERENCES session(id) ON DELETE SET NULL")
        con.execute("UPDATE session SET origin = 'ses_0000_a' WHERE id = 'ses_0002_a'")
        con.commit()
    before = dump(path)
    refused(UNSUPPORTED, *PRUNE, f"--store={path}", says="Table session refers to session", inside=True)
    assert dump(path) == before


def test_a_full_text_index_by_triggers_is_named_and_one_without_is_left_alone(path):
    another(path, "CREATE VIRTUAL TABLE words USING fts5(body)", "INSERT INTO words SELECT data FROM part")
    before = dump(path)
    invoked(*PRUNE, f"--store={path}", inside=True)
    assert {n: r for n, r in dump(path).items() if n.startswith("words")} == {
        n: r for n, r in before.items() if n.startswith("words")}
    another(path, "CREATE TRIGGER words_gone AFTER DELETE ON part BEGIN DELETE FROM words WHERE rowid = 1; END")
    refused(UNSUPPORTED, *PRUNE, f"--store={path}", says="--ignore-table=words_gone", inside=True)


def test_a_virtual_table_of_a_module_that_is_not_here_hinders_nothing(path):
    with closing(sqlite3.connect(path)) as con:
        con.execute("PRAGMA writable_schema = ON")
        con.execute("INSERT INTO sqlite_schema VALUES ('table', 'near', 'near', 0, "
                    "'CREATE VIRTUAL TABLE near USING nosuchmodule(v)')")
        con.commit()
    invoked("stats", "--json", f"--store={path}", inside=True)
    assert invoked("prune", "--days=30", f"--now={NOW}", "--dry-run", "--json", f"--store={path}", inside=True).json


LATER = {
    "key": list(effects.table(Extra("star", "part"))),
    "deep": [*effects.table(Extra("a", "part")), *effects.table(Extra("b", "a", "SET NULL"))],
    "trigger": ["CREATE TABLE pulled (what TEXT)", effects.trigger(Pull("audit", "event", "DELETE"))],
}


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("known", [False, True], ids=["bare", "ignored"])
def test_what_came_after_the_plan_stops_the_shell_and_apply(path, tmp_path, later, known):
    if known:
        another(path, *effects.table(Extra("old", "message")))
    file = tmp_path / "plan.sql"
    file.write_text(plan(path, ["old"]))
    trial = copy(path, "trial.db")
    done = subprocess.run(["sqlite3", str(trial)], input=file.read_text(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert dump(trial) != dump(path)
    another(path, *LATER[later])
    before = dump(path)
    done = subprocess.run(["sqlite3", str(path)], input=file.read_text(), capture_output=True, text=True)
    assert done.returncode and "must_be_foreseen" in done.stderr, done
    assert {"key": "star", "deep": "b|a", "trigger": "audit"}[later] in done.stdout
    assert dump(path) == before
    refused(STALE_PLAN, "apply", file, "--yes", "--no-export", f"--store={path}", says="foreign keys", inside=True)
    assert dump(path) == before


def test_what_comes_between_the_question_and_the_answer_stops_the_run(path):
    with stores.opened(str(path)) as place, product.told(OLD):
        _, found = prune.plan(place, product.question_of(OLD, NOW))
        another(path, *LATER["key"])
        before = dump(path)
        with pytest.raises(Refusal) as refusal:
            prune.run(place, found, None, "prune", "", lambda _: None)
    assert refusal.value.code == STALE_PLAN and dump(path) == before


def test_every_clients_own_keys_set_nothing_in_motion():
    for schema in FILES:
        found = catalog_of(schema)
        assert found.triggered() == (), schema
        assert found.foreseen(), schema
