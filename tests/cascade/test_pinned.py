"""A tree of which anything changed between plan and removal stays: any column of any table with rows of sessions."""

import functools
import shutil
import subprocess

import command
import engines_here
import forests
import pytest
import store_rows
from command import judge_by
from every_column import LOG, change, ids, owned, planted
from forests import Row
from opencode_lifecycle.sql import catalog
from opencode_lifecycle.sql.cascade import removal as prune

invoked = functools.partial(command.invoked, inside=True)
JUDGE = ("--days=30", judge_by())
SCHEMAS = ("1.2.1", "1.15.3", "1.17.19", "1.18.33", "2.0.26-mixed", "2.0.25-partial")
def tree_rows(path):
    """How many rows each tree has in all tables, by its own number, whatever they hold."""
    with command.opened(path) as con:
        names = [name for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for name in names:
            for row in con.execute(f'SELECT * FROM "{name}"'):
                found.setdefault(name, []).append(row)
    return found


def check(path, changes, run):
    before = tree_rows(path)
    run()
    nothing_went_but_the_last_tree(path, changes, before)


def nothing_went_but_the_last_tree(path, changes, before):
    after = tree_rows(path)
    gone = [row for table, rows in before.items() for row in rows if row not in after.get(table, [])]
    alone = [row for row in gone if not any(ids(len(changes)) in str(value) for value in row)]
    assert len(gone) > len(alone), "the tree that did not change stayed"
    assert not alone, alone


def by_apply(path, plan, *more):
    return lambda: invoked("apply", plan, "--yes", *more, f"--store={path}")


def by_shell(path, plan):
    if not shutil.which("sqlite3"):
        engines_here.skip_or_fail("no sqlite3 shell")

    def run():
        done = subprocess.run(["sqlite3", str(path)], stdin=plan.open(), capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")

    return run


RUNNERS = {"apply": lambda path, plan: by_apply(path, plan, "--no-export"), "apply with export": by_apply,
           "shell": by_shell}


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_tree_stays_when_a_column_of_its_rows_changed_since_the_plan(schema, runner, tmp_path):
    changes = [(table, column) for table, column in owned(schema) if table not in LOG]
    store, plan = planted(tmp_path, schema, changes), tmp_path / "plan.sql"
    invoked("plan", *JUDGE, f"--out={plan}", f"--store={store}")
    assert plan.read_text().count("\nINSERT INTO lc_planned") == len(changes) + 1
    change(store, changes)
    check(store, changes, RUNNERS[runner](store, plan))


def alike(table, column, kind, value):
    """Another value that no length, no number and no time tells from the first."""
    if kind in ("integer", "real"):
        return (value or 0) + 1_000_003
    return "" if value is None else f"{value[:-1]}{'x' if value[-1:] != 'x' else 'y'}"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_tree_stays_when_a_column_of_its_rows_changed_since_the_export(schema, tmp_path, monkeypatch):
    """Whatever the change, events included: what goes is what was exported, octet for octet."""
    changes = owned(schema)
    store = planted(tmp_path, schema, changes)
    export, before = prune.export_plan, {}

    def meanwhile(*words):
        done = export(*words)
        change(store, changes, alike)
        before.update(tree_rows(store))
        return done

    monkeypatch.setattr(prune, "export_plan", meanwhile)
    invoked("prune", *JUDGE, "--yes", f"--store={store}")
    nothing_went_but_the_last_tree(store, changes, before)


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("export", ["--no-export", None], ids=["without export", "with export"])
def test_a_tree_stays_when_a_table_got_a_row_of_it_since_the_plan(schema, export, tmp_path):
    """Also where the row says that the session is busy."""
    _, tables = forests.template(schema)
    names = [table for table in sorted(store_rows.OWNED) if table in tables and table not in (*catalog.ROOTS, *LOG)]
    store, plan = planted(tmp_path, schema, names), tmp_path / "plan.sql"
    invoked("plan", *JUDGE, f"--out={plan}", f"--store={store}")
    with command.opened(store) as con:
        con.execute("PRAGMA foreign_keys = OFF")
        for place, table in enumerate(names):
            if table == "event_sequence":
                con.execute("UPDATE event_sequence SET seq = seq + 1 WHERE aggregate_id = ?", (ids(place),))
                continue
            row = Row(table, {"id": f"new_{place}", "session_id": ids(place), "message_id": f"message_{ids(place)}",
                              "position": 7, "seq": 7, "key": "new", "data": "{}"})
            con.execute(f'DELETE FROM "{table}" WHERE session_id = ?', (ids(place),)) if table in UNIQUE else None
            forests.insert(con, row, tables[table], 1000 + place)
    check(store, names, by_apply(store, plan, *([export] if export else [])))


UNIQUE = ("session_context_epoch", "instruction_state")  # a session has one row of these: it is written anew
