"""Without pysqlite3, which has wheels for one system only, the product runs on the SQLite that Python itself brings."""

import sqlite3

import command
import pytest
from command import invoked, judge_by
from opencode_lifecycle.sql.compiler import statements
from opencode_lifecycle.sql.verbs import demo, templates

# The product in a process that cannot import pysqlite3, as on a machine where it is not installed.
WITHOUT = ("-c", "import sys; sys.modules['pysqlite3'] = None; sys.argv[0] = 'opencode-lifecycle'; "
                 "from opencode_lifecycle.tasks import program; program.run()")
ASKED = ("-c", "import sys; sys.modules['pysqlite3'] = None; "
               "from opencode_lifecycle.sql.engines.sqlite.library import sqlite3; print(sqlite3.__name__)")


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=8, parts=3, pad=2_000)


def test_the_library_is_the_standard_one_where_the_newer_is_not_there():
    assert invoked(program=ASKED).out.strip().startswith("sqlite3")


@pytest.mark.parametrize("layout", ["v1", "v2", "mixed"])
def test_no_statement_is_too_deep_for_the_parser_of_an_older_library(layout):
    """It takes 100 open brackets, calls and the like; a newer one takes any number, and shows nothing here."""
    deep = []
    for name in filter(lambda one: templates._speaks_of(one, templates.catalog(layout)), templates.names()):
        for statement in statements.split(templates.text(name, "sqlite", layout)):
            try:
                sqlite3.connect(":memory:").execute(f"EXPLAIN {statement[2]}")
            except sqlite3.Error as error:  # most often, of a table that is not there
                deep += [name] if "overflow" in str(error) else []
    assert not deep


def test_a_plan_reads_the_same_on_both_libraries(store):
    words = ("plan", "--days=30", judge_by(), f"--store={store}")
    assert invoked(*words, program=WITHOUT).out.replace("opencode-lifecycle ", "") == \
        invoked(*words).out.replace("opencode-lifecycle ", "")


def test_a_prune_gives_its_space_back_and_an_undo_brings_all_back_byte_for_byte(store):
    before, at = command.dump(store), f"--store={store}"
    stats = invoked("stats", "--json", at, judge_by(), program=WITHOUT).json
    done = invoked("prune", "--days=30", "--vacuum", "--yes", "--json", judge_by(), at, program=WITHOUT).json
    assert done["applied"]["sessions"] and done["applied"]["returned_bytes"] > 0
    left = invoked("stats", "--json", at, judge_by(), program=WITHOUT).json
    assert left["sessions"]["total"] == stats["sessions"]["total"] - done["applied"]["sessions"]
    invoked("undo", "--yes", at, program=WITHOUT)
    assert command.dump(store) == before


def test_values_are_reclaimed_and_come_back(tmp_path):
    path = tmp_path / "opencode.db"
    demo.build(path, trees=6)
    before, at = command.dump(path), f"--store={path}"
    done = invoked("reclaim", "--only=outputs,events,reasoning", "--older-than=1d", "--yes", "--json", at,
                   program=WITHOUT).json
    assert done["applied"] and command.dump(path) != before
    invoked("undo", "--yes", at, program=WITHOUT)
    assert command.dump(path) == before


def test_space_verbs_and_exports_work(store, tmp_path):
    at = f"--store={store}"
    for words in (("export", f"--output={tmp_path / 'all.json.zst'}"), ("convert", "--yes"), ("vacuum", "--yes"),
                  ("checkpoint",), ("history",), ("exports",)):
        invoked(*words, *([at] if words != ("exports",) else []), program=WITHOUT)
    assert "ses_" in invoked("restore", tmp_path / "all.json.zst", "--list", program=WITHOUT).out
