"""On every server too a tree stays of which anything changed between plan and removal."""

import sqlite3
from contextlib import closing, suppress

import by_url
import every_column
import moments
import oracle
import product
import pytest
import worlds
from forests import NOW

MONTH = oracle.Policy(max_age_ms=30 * moments.DAY, grace_ms=moments.DAY)


@pytest.mark.parametrize("shell", [False, True], ids=["apply", "shell"])
@pytest.mark.parametrize("schema", ["1.18.33", "2.0.26-mixed"])
def test_a_tree_stays_when_a_column_of_its_rows_changed_since_the_plan(schema, shell, tmp_path, url):
    changes = [(table, column) for table, column in every_column.owned(schema) if table not in every_column.LOG]
    path = every_column.planted(tmp_path, schema, changes)
    assert not worlds.load(path, url).left
    _, _, text = product.planned(url, MONTH, NOW)
    assert text.count("\nINSERT INTO lc_planned") == len(changes) + 1
    spared = changed(url, path, changes)
    assert len(spared) > len(changes) * 3 // 4
    before = worlds.dump(url)
    if shell:
        told = by_url.run_shell(url, text)
        assert (told.returncode, told.stderr) == (0, "")
    else:
        product.applied(url, text, ())
    after = worlds.dump(url)
    gone = [row for table, rows in before.items() for row in rows if row not in after[table]]
    assert any(every_column.ids(len(changes)) in str(row) for row in gone)
    assert not [row for row in gone if any(id in str(row) for id in spared)]


def changed(url, path, changes):
    """Make the changes; the sessions whose was made, since a server refuses those of keys that others refer to."""
    made = set()
    with closing(sqlite3.connect(path)) as con:
        for table, column, key, id, value in list(every_column.updates(con, changes)):
            with suppress(Exception):
                assert "'" not in f"{value}{id}"
                new = f"'{value}'" if isinstance(value, str) else value
                by_url.run_sql(url, f"UPDATE {worlds.quote(url, table)} SET {worlds.quote(url, column)} = {new} "
                                     f"WHERE {worlds.quote(url, key)} = '{id}'")
                made.add(id)
    return made
