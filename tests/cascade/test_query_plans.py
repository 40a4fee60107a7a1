"""No batch, and nothing that is asked of a single unit, reads a whole table of the client: a removal stays quick in a
store of any size."""

import sqlite3

import pytest
from opencode_lifecycle.sql.compiler.render import render
from opencode_lifecycle.sql.verbs import templates as sample
from sqlite_utils.utils import sqlite3 as ours

BATCH = ("cascade/guard", "cascade/delete", "cascade/delete_log", "cascade/leaving_log", "cascade/log_bytes",
         "retention/running")
SMALL = ("kv", "session_inbox", "session_pending")  # a queue holds what waits, and is empty mostly
SHORT = "USING INDEX session_v2_time_suspended_idx"  # holds nothing but the sessions that are claimed


@pytest.mark.parametrize("library", [ours, sqlite3], ids=["ours", "standard"])
@pytest.mark.parametrize("layout", sample.LAYOUTS)
@pytest.mark.parametrize("template", BATCH)
def test_every_statement_of_a_batch_finds_the_clients_rows_by_an_index(template, layout, library):
    known = sample.catalog(layout)
    connection = library.connect(":memory:")
    for (definition,) in sample.built(layout).execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"):
        connection.execute(definition)
    for name in ("schema/work", "cascade/work"):
        for statement in render(name, "sqlite", {"store": known}, {}):
            connection.execute(statement.sql)
    for statement in render(template, "sqlite", {"store": known}, sample.VALUES):
        for *_, detail in connection.execute("EXPLAIN QUERY PLAN " + statement.sql):
            whole = detail.startswith("SCAN ") and not detail.endswith(SHORT)
            assert not (whole and aliased(detail, statement.sql, known)), statement.sql


def aliased(detail, sql, known):
    """Whether the scanned name stands for a table of the client that may be large."""
    name = detail.split()[1]
    words = sql.replace("(", " ").split()
    tables = {words[i - 2] for i, word in enumerate(words) if word == name and words[i - 1] == "AS"} | {name}
    return any(table in known.columns and table not in SMALL for table in tables)
