"""A tree of which anything changed between plan and removal stays: any column of any table with rows of sessions."""

import functools
import shutil
import subprocess

import command
import forests
import oracle
import pytest
from command import judge_by
from forests import LONG_AGO, Recipe, Row, Session
from opencode_lifecycle.sql import catalog
from opencode_lifecycle.sql.transfer import exports_folder as exports

invoked = functools.partial(command.invoked, inside=True)
JUDGE = ("--days=30", judge_by())
SCHEMAS = ("1.2.1", "1.15.3", "1.17.19", "1.18.33", "2.0.26-mixed", "2.0.25-partial")
# A row of these says that the session is busy or shared: its tree would not go anyway.
BUSY = ("session_share", "session_inbox", "session_pending")
# The number of the last event stands for the log: older ones may be gone before the rest of their tree.
LOG = ("event",)


def owned(schema):
    """Every column of every table with rows of sessions, but for what would hold the tree anyway."""
    _, tables = forests.template(schema)
    return [(table, column) for table, columns in sorted(tables.items()) if table in oracle.OWNED and table not in BUSY
            for column, *_ in columns]


def ids(place):
    return f"ses_{place:03}"


def planted(folder, schema, changes):
    """A tree for each change and one without, with a row in every table."""
    _, tables = forests.template(schema)
    sessions, rows = [], []
    home = "both" if {"session", "session_v2"} <= set(tables) else "v2" if "session_v2" in tables else "v1"
    for place in range(len(changes) + 1):
        id = ids(place)
        sessions.append(Session(id, None, LONG_AGO, title=f"title {place:03}", home=home))
        for table in sorted(oracle.OWNED):
            if table in tables and table not in ("session", "session_v2", *BUSY):
                known = {"session_id": id, "aggregate_id": id, "id": f"{table}_{id}", "message_id": f"message_{id}",
                         "seq": 3, "data": '{"role":"user","time":{"created":1,"completed":2}}'}
                names = [name for name, *_ in tables[table]]
                rows.append(Row(table, {name: value for name, value in known.items() if name in names}))
    (folder / "store").mkdir()
    return forests.build(Recipe(sessions, rows=rows), folder / "store" / "opencode.db", schema)


def updates(con, changes, another=None):
    """For each change its table, column, key, id and new value."""
    for place, (table, column) in enumerate(changes):
        key = key_of(table)
        kind = {name: kind.lower() for _, name, kind, *_ in con.execute(f'PRAGMA table_info("{table}")')}[column]
        (value,) = con.execute(f'SELECT "{column}" FROM "{table}" WHERE "{key}" = ?', (ids(place),)).fetchone()
        yield table, column, key, ids(place), (another or other)(table, column, kind, value)


def change(path, changes, another=None):
    with command.opened(path) as con:
        con.execute("PRAGMA foreign_keys = OFF")
        for table, column, key, id, value in list(updates(con, changes, another)):
            con.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{key}" = ?', (value, id))


def other(table, column, kind, value):
    if kind in ("integer", "real"):
        return (value or 0) - 1
    if value is None:
        return "new"
    # What a session's row says is compared as it is; of all else, the length.
    spelled = table in catalog.ROOTS and column not in ("id", "parent_id", "summary_diffs", "permission")
    return value.swapcase() if spelled and value != value.swapcase() else f"{value}+"


def key_of(table):
    return "aggregate_id" if table in ("event", "event_sequence") else "id" if table in catalog.ROOTS else "session_id"


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
        pytest.skip("no sqlite3 shell")

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
    export, before = exports.of_plan, {}

    def meanwhile(*words):
        done = export(*words)
        change(store, changes, alike)
        before.update(tree_rows(store))
        return done

    monkeypatch.setattr(exports, "of_plan", meanwhile)
    invoked("prune", *JUDGE, "--yes", f"--store={store}")
    nothing_went_but_the_last_tree(store, changes, before)


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("export", ["--no-export", None], ids=["without export", "with export"])
def test_a_tree_stays_when_a_table_got_a_row_of_it_since_the_plan(schema, export, tmp_path):
    """Also where the row says that the session is busy."""
    _, tables = forests.template(schema)
    names = [table for table in sorted(oracle.OWNED) if table in tables and table not in (*catalog.ROOTS, *LOG)]
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
