"""SQL Server is only read. No server runs here: a driver that records stands in, and Microsoft's parser reads on."""

import pytest
import sqlglot
from command import invoked, refused
from opencode_lifecycle.sql import side_effects
from opencode_lifecycle.sql.compiler import portable, render
from opencode_lifecycle.sql.compiler.dialects import HERE
from opencode_lifecycle.sql.compiler.statements import engine_sql, split
from opencode_lifecycle.sql.engines.sqlite import driver as sqlite
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.schema.client import built
from opencode_lifecycle.sql.verbs import templates as sample
from sqlglot import exp
from tsql.tsql_parser import errors

tsql = pytest.importorskip("opencode_lifecycle.sql.engines.tsql.driver", reason="pymssql is not installed",
                           exc_type=Refusal)
URL = "mssql://sa:hush@db.example/sessions"


@pytest.mark.parametrize(("address", "code", "said"), [
    ("mssql://sa:hush@127.0.0.1:1/db", 69, "does not answer"),
    ("sqlserver://sa:hush@no.such.host.invalid/db", 69, "does not answer"),
    ("mssql://sa:hush@host", 64, "names no database"),
    ("mssql://sa:hush@host:port/db", 64, "cannot be read"),
    ("mssql://sa:hush@host/db?encryption=maybe", 64, "encryption"),
    ("mssql://sa:hush@host/db?schema=team", 64, "default"),
])
def test_a_bad_address_is_one_sentence_without_the_password(address, code, said):
    found = refused(code, "stats", f"--store={address}", says=said)
    assert "hush" not in found.err and "sa:" not in found.err


@pytest.mark.parametrize(("error", "code", "said"), [
    ((18456, b"Login failed for user 'sa'."), 69, "refused the user or the password"),
    (((4060, b'Cannot open database "x" requested by the login.'),), 69, "is not there"),
    ((1222, b"Lock request time out period exceeded."), 75, "is busy"),
    ((1205, b"Transaction was deadlocked."), 75, "is busy"),
    ((20047, b"DBPROCESS is dead or not enabled"), 75, "connection was lost"),
    ((229, b"The SELECT permission was denied on the object 'part', database 'x', schema 'dbo'."), 1,
     "SELECT on part"),
])
def test_what_the_server_raises_becomes_a_sentence(error, code, said):
    with pytest.raises(Refusal, match=said) as refusal, tsql.explained(URL):
        raise tsql.pymssql.OperationalError(*error)
    assert refusal.value.code == code and "hush" not in str(refusal.value)


def changes(tree):
    """Whether a portable statement makes or changes a table that is not a work table."""
    if not isinstance(tree, (exp.Insert, exp.Update, exp.Delete, exp.Create, exp.Alter)):
        return False
    return not tree.this.find(exp.Table).name.startswith("lc_")


@pytest.mark.parametrize("layout", ["v1", "mixed"])
def test_of_all_templates_only_statements_on_work_tables_are_sent(layout):
    sent, kept = 0, 0
    for name in sample.names():
        if not sample._speaks_of(name, sample.catalog(layout)):
            continue
        structure = {"store": sample.catalog(layout), **sample.STRUCTURE}
        statements = render.render(name, "tsql", structure, sample.VALUES)
        for one, (_, _, body) in zip(statements, split(portable.source(name, structure)), strict=True):
            if changes(sqlglot.parse_one(body, read="sqlite")):
                kept += 1
                with pytest.raises(Refusal, match="nothing is changed"):
                    tsql.refuse_change(one.sql)
            else:
                sent += 1
                tsql.refuse_change(one.sql)
    assert sent > 100 and kept > 15


def test_what_would_be_set_in_motion_is_read():
    for into in (False, True):
        for one in side_effects.statements("tsql", ["part"], ["it's"], into):
            tsql.refuse_change(one.sql)


@pytest.mark.parametrize("sql", [
    "SELECT 1 DELETE FROM part", "SELECT id INTO copied FROM part", "EXEC sp_rename 'part', 'p'", "BEGIN TRANSACTION",
    "DELETE part", "DELETE TOP (5) FROM part", "WITH x AS (SELECT 1 AS a) UPDATE part SET id = 'y'", "ALTER TABLE x",
    "INSERT part (id) VALUES ('x')", "UPDATE STATISTICS part", "CREATE VIEW v AS SELECT 1", "SELECT 1; drop table x",
    "INSERT INTO [part] (id) VALUES (N'#lc_')", "TRUNCATE TABLE #lc_a; TRUNCATE TABLE part", "update part set id = 1",
    "SELECT '--' DELETE FROM part", "SELECT N'it''s' /* ' */ DELETE FROM part", "SELECT [a]]] DELETE FROM part",
])
def test_what_could_change_a_table_is_not_sent(sql):
    with pytest.raises(Refusal, match="nothing is changed"):
        tsql.refuse_change(sql)


@pytest.mark.parametrize("sql", [
    "SELECT N'x; DELETE FROM part' AS a", "SELECT t.[update] FROM part AS t", "DELETE FROM #lc_doomed",
    "SET LOCK_TIMEOUT 10000", "WITH x AS (SELECT 1 AS a) INSERT INTO #lc_a (id) SELECT a FROM x",
])
def test_what_reads_is_sent(sql):
    tsql.refuse_change(sql)


@pytest.mark.parametrize("name", [path.name for path in sorted(HERE.glob("engines/tsql/*.sql"))
                                  if path.stem in ("facts", "tables", "references", "indexes", "sizes", "prelude")])
def test_what_its_own_folder_reads_is_sent(name):
    for statement in engine_sql("tsql", name.removesuffix(".sql")):
        tsql.refuse_change(statement.sql)


# ---- the open verbs, carried through over a driver that records

class Recorder:
    """A connection to a store without a row: it answers what is asked of the schema, and zeros for all sums."""

    def __init__(self):
        self.sent = []

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def close(self):
        pass

    def execute(self, sql):
        self.sent.append(sql)
        self.rows = iter(self.answer(sql))

    def fetchone(self):
        return next(self.rows, None)

    def answer(self, sql):
        own = {name: engine_sql("tsql", name)[0].sql for name in ("facts", "tables")}
        if sql == own["facts"]:
            return [("dbo", 150)]
        if sql == own["tables"]:
            return list(sqlite.definitions(built("v1")))
        tree = sqlglot.parse_one(sql, read="tsql")
        if not isinstance(tree, exp.Select) or tree.args.get("group"):
            return []
        sums = all(one.find(exp.AggFunc) or one.find(exp.Subquery) for one in tree.selects)
        return [(0,) * len(tree.selects)] if sums else []


@pytest.fixture
def recorder(monkeypatch):
    found = Recorder()
    monkeypatch.setattr(tsql.pymssql, "connect", lambda **_: found)
    return found


@pytest.mark.parametrize("words", [("stats",), ("stats", "--json"), ("plan", "--days=30", "--max-size=1GB"),
                                   ("prune", "--days=30", "--children", "--dry-run"), ("pins",),
                                   ("reclaim", "--dry-run", "--only=events,compacted,diffs,orphans")])
def test_a_verb_that_reads_comes_to_its_end_and_sends_only_what_the_parser_takes(recorder, words):
    said = invoked(*words, f"--store={URL}", inside=True)
    assert "hush" not in said.out + said.err
    assert recorder.sent and errors([(f"{number}", sql) for number, sql in enumerate(recorder.sent)]) == []


@pytest.mark.parametrize("words", [("prune", "--days=30", "--yes"), ("vacuum",), ("reclaim", "--yes"), ("undo",),
                                   ("archive", "--older-than=30d", "--yes"), ("checkpoint",)])
def test_a_verb_that_writes_is_refused_before_it_does_anything(recorder, words):
    refused(78, *words, f"--store={URL}", says="invoke plan --out", inside=True)


def test_no_export_is_made_of_what_was_never_read_back_here(recorder, tmp_path):
    refused(78, "export", f"--output={tmp_path / 'x.json'}", f"--store={URL}", says="exported", inside=True)
    assert not list(tmp_path.iterdir())


def test_migrate_prints_the_tables_and_makes_none(recorder):
    made = invoked("migrate", f"--to={URL}", "--dry-run", inside=True).out
    assert "CREATE TABLE lifecycle_pin" in made and errors(("made.sql", made)) == []
    refused(78, "migrate", f"--to={URL}", says="invoke migrate --dry-run", inside=True)
