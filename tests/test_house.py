"""The rules of the house: where SQL may stand, what templates may say, what lies where, what is shipped."""

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from functools import cache

import pytest
import sqlglot
from client_schemas import FILES, catalog_of
from hypothesis import example, given
from hypothesis import strategies as st
from opencode_lifecycle.policies import policy, units
from opencode_lifecycle.sql import catalog
from opencode_lifecycle.sql.compiler import check
from opencode_lifecycle.sql.compiler.lower import DIALECTS
from opencode_lifecycle.sql.engines.sqlite import driver as sqlite
from opencode_lifecycle.sql.refusal import BAD_VALUE, Refusal
from opencode_lifecycle.sql.verbs import templates as sample
from opencode_lifecycle.sql.words import printable
from places import ROOT

SQL = ROOT / "sql"
MODULES = [ROOT / "tasks.py", *sorted(SQL.rglob("*.py")), *sorted((ROOT / "policies").glob("*.py"))]


# --- where SQL may stand -------------------------------------------------------------------------

STATEMENT = re.compile(
    r"""
    \bSELECT\b.+\bFROM\b | \bINSERT\s+(OR\s+\w+\s+)?INTO\s | \bREPLACE\s+INTO\s
  | \bUPDATE\s+\S+\s+SET\b | \bDELETE\s+FROM\b
  | \bCREATE\s+(\w+\s+)?(TABLE|INDEX|VIEW|TRIGGER|FUNCTION)\b | \b(ALTER|DROP)\s+(TABLE|INDEX|VIEW|TRIGGER)\b
  | \bTRUNCATE\s+TABLE\b | \bLOCK\s+TABLES?\b | \bBEGIN\s+(IMMEDIATE|TRANSACTION|WORK)\b
  | ^\s*(SELECT|WITH|SET|PRAGMA|ATTACH|DETACH|EXPLAIN|ANALYZE|REINDEX|SAVEPOINT|RELEASE|GRANT|COPY)\s+\S
  | ^\s*(WHERE|FROM|(LEFT\s+|CROSS\s+)?JOIN|GROUP\s+BY|ORDER\s+BY|HAVING|LIMIT)(\s|$)
  | ^\s*(VACUUM|BEGIN|COMMIT|ROLLBACK|ANALYZE|OPTIMIZE)\s*;?\s*$ | ^\s*VACUUM\s+(INTO|FULL|\()
""",
    re.VERBOSE | re.DOTALL,
)
# Sentences for people, and a sample of what the record of schema changes holds: none of them is ever run.
SPOKEN = {
    "an ALTER TABLE that does more than add a column",
    "ORDER BY inside IN or EXISTS means nothing",
    "SELECT *: the client changes the order of columns; name them",
    "CREATE INDEX ...",
    "LIMIT inside IN: MySQL and MariaDB refuse it",
    "LIMIT or ORDER BY on DELETE: Postgres and SQL Server refuse it",
    "LIMIT or ORDER BY on UPDATE: Postgres and SQL Server refuse it",
    "WITH before DELETE: MariaDB refuses it",
    "WITH before UPDATE: MariaDB refuses it",
    "WITH before INSERT: MariaDB refuses it; put it after the column list",
}


def documented(tree):
    """The nodes that are docstrings."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = (node.body for node in ast.walk(tree) if isinstance(node, kinds))
    return {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}


def texts(tree):
    """Line and text of every string, an f-string as one text with `{}` where it is filled in."""
    skipped = documented(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            yield node.lineno, "".join(p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_statement_stands_in_python(module):
    found = [
        f"{module.name}:{line}: {text}"
        for line, text in texts(ast.parse(module.read_text()))
        if STATEMENT.search(text) and text not in SPOKEN
    ]
    assert not found


def test_every_sentence_that_only_looks_like_a_statement_is_still_said():
    said = {text for module in MODULES for _, text in texts(ast.parse(module.read_text()))}
    assert said >= SPOKEN


@pytest.mark.parametrize(
    "code",
    [
        'x = "SELECT id FROM session"',
        'x = f"DELETE FROM {table}"',
        'x = "PRAGMA user_version"',
        'x = "VACUUM"',
        'x = "UPDATE session SET title = 1"',
        'x = "  WHERE id = 1"',
        'x = ("CREATE TEMPORARY TABLE "\n     "a (b)")',
        'x = "BEGIN IMMEDIATE"',
        'x = "COMMIT;"',
        'x = f"ALTER TABLE {name} ADD COLUMN b"',
        'x = "ORDER BY " + column',
        'x = f"INSERT INTO {table} VALUES (1)"',
        "x = \"VACUUM INTO 'f'\"",
        'def f():\n    "Says."\n    "DROP TABLE a"',
    ],
)
def test_a_statement_in_python_would_be_found(code):
    assert any(STATEMENT.search(text) for _, text in texts(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        'def f():\n    "SELECT id FROM session"',
        'x = "a full VACUUM needs twice the space"',
        'x = "Begin with stats."',
        'x = "nothing was selected from the store"',
        'x = "select"',
    ],
)
def test_a_sentence_is_no_statement(code):
    assert not any(STATEMENT.search(text) for _, text in texts(ast.parse(code)))


# --- what lies where -----------------------------------------------------------------------------

SIX = {"tasks.py", "sql", "policies", "tests", "pyproject.toml", "README.md"}
BESIDE = {"LICENSE", "uv.lock", "pylock.toml", "requirements.lock"}


def tracked():
    """The files of the repository, those not yet added among them, by path; None outside a checkout."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
    )
    return (
        [line for line in listed.stdout.splitlines() if (ROOT / line).exists()]
        if listed.returncode == 0
        else None
    )


@pytest.fixture
def files():
    found = tracked()
    if found is None:
        pytest.skip("this is no git checkout")
    return found


def test_the_top_level_holds_six_names_beside_dotfiles_license_and_lock(files):
    top = {path.split("/")[0] for path in files}
    assert top >= SIX
    assert {name for name in top - SIX - BESIDE if not name.startswith(".")} == set()
    assert len(top & (BESIDE - {"LICENSE"})) <= 1


# --- what templates may say ----------------------------------------------------------------------


def test_every_template_is_in_the_portable_subset_and_renders_for_every_engine():
    assert sample.faults() == []
    assert set(DIALECTS) == {"sqlite", "postgres", "mysql", "mysql8", "tsql"}


LIST = "SELECT d.id FROM lc_doomed AS d"
BANNED = [
    # deletion
    ("DELETE FROM part WHERE id = 'x'", "does not go by one of"),
    ("DELETE FROM part", "does not go by one of"),
    (f"DELETE FROM part WHERE session_id IN ({LIST}) OR id = 'x'", "does not go by one of"),
    (f"DELETE FROM part WHERE session_id NOT IN ({LIST})", "does not go by one of"),
    (f"DELETE FROM part WHERE EXISTS ({LIST})", "does not go by one of"),
    (
        f"DELETE FROM part WHERE id IN (SELECT p.id FROM part AS p WHERE NOT EXISTS ({LIST}))",
        "does not go by one of",
    ),
    (
        "DELETE FROM part WHERE id IN (SELECT p.id FROM part AS p LEFT JOIN lc_doomed AS d ON d.id = p.id)",
        "does not go by one of",
    ),
    ("DELETE FROM part WHERE id IN (SELECT d.id FROM (SELECT 'x' AS id) AS d)", "does not go by one of"),
    ("DELETE FROM part WHERE id IN (SELECT 'x' AS id)", "does not go by one of"),
    (f"DELETE FROM part WHERE id IN ({LIST} UNION ALL SELECT p.id FROM part AS p)", "does not go by one of"),
    (f"DELETE FROM part USING message AS m WHERE session_id IN ({LIST})", "USING on DELETE"),
    ("DELETE FROM session WHERE id IN (SELECT s.id FROM lc_superseded AS s)", "does not go by one of"),
    (f"DELETE FROM part AS p WHERE session_id IN ({LIST})", "an alias on the DELETE target"),
    (f"WITH a AS (SELECT 1 AS b) DELETE FROM part WHERE session_id IN ({LIST})", "WITH before DELETE"),
    (f"DELETE FROM part WHERE session_id IN ({LIST}) RETURNING id", "RETURNING"),
    (f"DELETE FROM part WHERE session_id IN ({LIST}) LIMIT 5", "LIMIT or ORDER BY on DELETE"),
    (f"DELETE FROM part WHERE session_id IN ({LIST}) ORDER BY id LIMIT 5", "LIMIT or ORDER BY on DELETE"),
    (f"DELETE FROM part WHERE session_id IN ({LIST} LIMIT 5)", "LIMIT inside IN"),
    (f"DELETE FROM part WHERE (id, session_id) IN ({LIST})", "a row value before IN"),
    (f"DELETE FROM main.part WHERE session_id IN ({LIST})", "a qualified table name"),
    # insertion and change
    ("INSERT OR IGNORE INTO lc_pin (id) VALUES ('a')", "INSERT OR, ON CONFLICT"),
    ("INSERT OR REPLACE INTO lc_pin (id) VALUES ('a')", "INSERT OR, ON CONFLICT"),
    ("INSERT INTO lc_pin (id) VALUES ('a') ON CONFLICT (id) DO NOTHING", "INSERT OR, ON CONFLICT"),
    (
        "INSERT INTO lc_pin (id) VALUES ('a') ON CONFLICT (id) DO UPDATE SET id = 'b'",
        "INSERT OR, ON CONFLICT",
    ),
    ("INSERT INTO lc_pin VALUES ('a')", "an INSERT without column names"),
    ("INSERT INTO lc_pin SELECT s.id FROM session AS s", "an INSERT without column names"),
    ("WITH a AS (SELECT 1 AS b) INSERT INTO lc_pin (id) SELECT b FROM a", "WITH before INSERT"),
    ("INSERT INTO lc_pin (id) DEFAULT VALUES", "an INSERT without column names"),
    ("UPDATE session AS s SET title = 'x' WHERE s.id = 'a'", "an alias on the UPDATE target"),
    ("UPDATE session SET title = 'x'", "an UPDATE without WHERE"),
    ("UPDATE session SET title = 'x' WHERE id = 'a' LIMIT 1", "LIMIT or ORDER BY on UPDATE"),
    ("WITH a AS (SELECT 1 AS b) UPDATE session SET title = 'x' WHERE id = 'a'", "WITH before UPDATE"),
    # queries
    ("WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT c.n + 1 FROM c) SELECT n FROM c", "recursive WITH"),
    ("WITH c AS MATERIALIZED (SELECT 1 AS n) SELECT c.n FROM c", "MATERIALIZED"),
    ("SELECT * FROM session", "SELECT *"),
    ("SELECT s.* FROM session AS s", "SELECT *"),
    ("SELECT x.a FROM (SELECT 1 AS a)", "a derived table without a name"),
    ("SELECT a.id FROM session AS a JOIN part AS b USING (id)", "a NATURAL or FULL join, or one by USING"),
    ("SELECT a.id FROM session AS a NATURAL JOIN part AS b", "a NATURAL or FULL join, or one by USING"),
    (
        "SELECT a.id FROM session AS a FULL JOIN part AS b ON a.id = b.id",
        "a NATURAL or FULL join, or one by USING",
    ),
    ("SELECT a.id FROM session AS a WHERE (a.id, a.title) = ('x', 'y')", "a row value in a comparison"),
    ("SELECT a.id FROM session AS a WHERE a.id IN ()", "an empty IN"),
    ("SELECT a.id FROM session AS a WHERE a.id IS a.title", "NullSafeEQ is not in the portable subset"),
    ("SELECT a.id FROM session AS a WHERE a.rowid = 1", "rowid: only SQLite has one"),
    ("SELECT a.id FROM session AS a ORDER BY a.title NULLS LAST", "NULLS FIRST or LAST"),
    ("SELECT a.id FROM session AS a ORDER BY a.title DESC NULLS FIRST", "NULLS FIRST or LAST"),
    ("SELECT a.id FROM session AS a WHERE a.title GLOB 'x*'", "Glob is not in the portable subset"),
    ("SELECT a.id FROM session AS a WHERE a.title REGEXP 'x'", "RegexpLike is not in the portable subset"),
    ("SELECT TRUE AS a", "Boolean is not in the portable subset"),
    ("SELECT x'00' AS a", "HexString is not in the portable subset"),
    ("SELECT @a AS a", "Parameter is not in the portable subset"),
    ("SELECT s.a > 1 AS b FROM session AS s", "a predicate in the select list"),
    ("SELECT EXISTS (SELECT 1 FROM part AS p) AS b", "a predicate in the select list"),
    ("SELECT s.id IN ('a') AS b FROM session AS s", "a predicate in the select list"),
    ("SELECT s.id IS NULL AS b FROM session AS s", "a predicate in the select list"),
    ("SELECT CASE WHEN json_valid(s.data) THEN 1 END AS b FROM part AS s", "CASE WHEN without a comparison"),
    ("SELECT v.a FROM (VALUES (1)) AS v (a)", "VALUES as a table"),
    (
        "SELECT s.id FROM session AS s WHERE s.id IN (SELECT p.id FROM part AS p ORDER BY p.id)",
        "ORDER BY inside IN",
    ),
    ("SELECT COUNT(*) FILTER (WHERE s.a > 1) AS n FROM session AS s", "Filter is not in the portable subset"),
    ("SELECT s.a / 10 AS b FROM session AS s", "Div is not in the portable subset"),
    ("SELECT s.a % 10 AS b FROM session AS s", "Mod is not in the portable subset"),
    ("SELECT CAST(s.a AS TEXT) AS b FROM session AS s", "Cast is not in the portable subset"),
    ("SELECT DISTINCT s.a FROM session AS s", "Distinct is not in the portable subset"),
    ("SELECT s.a FROM session AS s EXCEPT SELECT p.a FROM part AS p", "Except is not in the portable subset"),
    ("SELECT s.a FROM session AS s LIMIT 5 OFFSET 5", "Offset is not in the portable subset"),
    ("SELECT s.a COLLATE NOCASE AS b FROM session AS s", "Collate is not in the portable subset"),
    ("SELECT a.id FROM lc_unit AS a JOIN lc_unit AS b ON a.id = b.id", "lc_unit is named twice"),
    ("SELECT u.id FROM lc_unit AS u WHERE u.id IN (SELECT v.id FROM lc_unit AS v)", "lc_unit is named twice"),
    # functions
    ("SELECT unixepoch() AS t", "is not in the portable subset"),
    ("SELECT strftime('%s', 'now') AS t", "is not in the portable subset"),
    ("SELECT datetime('now') AS t", "is not in the portable subset"),
    ("SELECT CURRENT_TIMESTAMP AS t", "CurrentTimestamp is not in the portable subset"),
    ("SELECT length(s.title) AS n FROM session AS s", "Length is not in the portable subset"),
    ("SELECT group_concat(s.id, ',') AS n FROM session AS s", "GroupConcat is not in the portable subset"),
    ("SELECT json_type(s.data, '$.a') AS n FROM part AS s", "is not in the portable subset"),
    ("SELECT json_array_length(s.data) AS n FROM part AS s", "is not in the portable subset"),
    ("SELECT e.value FROM part AS p, json_each(p.data) AS e", "is not in the portable subset"),
    ("SELECT s.data -> '$.a' AS n FROM part AS s", "JSONExtract is not in the portable subset"),
    ("SELECT printf('%s', s.id) AS n FROM session AS s", "is not in the portable subset"),
    ("SELECT max(s.a, s.b) AS n FROM session AS s", "is not in the portable subset"),
    ("SELECT random() AS n", "is not in the portable subset"),
    ("SELECT load_extension('x') AS n", "is not in the portable subset"),
    # literals
    ("SELECT 'a\0b' AS c", "a NUL character in a literal"),
    ("SELECT 'a\\\nb' AS c", "backslash and newline in a literal"),
    # definitions and what only one engine knows
    ("CREATE TABLE lc_x (id INT)", "work tables, and only they, are temporary"),
    ("CREATE TEMPORARY TABLE x (id INT)", "work tables, and only they, are temporary"),
    ("CREATE TEMPORARY TABLE session (id INT)", "work tables, and only they, are temporary"),
    ("CREATE TEMPORARY TABLE IF NOT EXISTS lc_x (id INT)", "IF NOT EXISTS"),
    ("CREATE TEMPORARY TABLE lc_x AS SELECT 1 AS a", "a CREATE from a SELECT"),
    ("CREATE INDEX a ON part (id) WHERE id > 1", "a partial index"),
    ("CREATE VIEW v AS SELECT 1 AS a", "a CREATE VIEW"),
    ("CREATE TRIGGER t AFTER INSERT ON part BEGIN DELETE FROM part; END", "is not in the portable subset"),
    ("ALTER TABLE part DROP COLUMN data", "an ALTER TABLE that does more than add a column"),
    ("ALTER TABLE part RENAME TO parts", "an ALTER TABLE that does more than add a column"),
    ("DROP TABLE part", "Drop is not in the portable subset"),
    ("PRAGMA user_version", "Pragma is not in the portable subset"),
    ("VACUUM", "is not in the portable subset"),
    ("BEGIN IMMEDIATE", "is not in the portable subset"),
    ("COMMIT", "Commit is not in the portable subset"),
    ("ATTACH 'a' AS b", "Attach is not in the portable subset"),
    ("TRUNCATE TABLE part", "is not in the portable subset"),
    ("REINDEX", "not a statement of the portable subset"),
    ("EXPLAIN SELECT 1 AS a", "is not in the portable subset"),
]


@pytest.mark.parametrize(
    "statement, why", BANNED, ids=[statement.replace("\0", "NUL") for statement, _ in BANNED]
)
def test_what_an_engine_refuses_or_misreads_is_refused_here(statement, why):
    try:
        tree = sqlglot.parse_one(statement, read="sqlite")
    except sqlglot.ParseError:
        return  # refused with file and line before the closed world is asked
    reasons = [reason for _, reason in check.faults(tree)]
    assert any(why in reason for reason in reasons), reasons


@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM part WHERE session_id IN ({LIST})",
        f"DELETE FROM part WHERE session_id IN ({LIST}) AND NOT EXISTS (SELECT 1 FROM todo AS t)",
        "DELETE FROM event WHERE id IN (SELECT s.id FROM lc_superseded AS s)",
        "DELETE FROM lc_batch",
        "INSERT INTO lc_pin (id) VALUES (:id)",
        "UPDATE session SET title = 'x' WHERE id = 'a'",
        "SELECT s.id FROM session AS s ORDER BY s.id LIMIT 5",
        "CREATE TEMPORARY TABLE lc_x (id INT NOT NULL)",
    ],
)
def test_what_every_engine_reads_alike_is_let_through(statement):
    assert list(check.faults(sqlglot.parse_one(statement, read="sqlite"))) == []


# --- schemas -------------------------------------------------------------------------------------

LAYOUTS = {
    "2.0.26-mixed": "mixed",
    "2.0.25-partial": "v2",
    "v2.0-mixed-simulated": "mixed",
}  # the preview of 2.0 kept the names of 1.x


@pytest.mark.parametrize("schema", FILES, ids=lambda path: path.stem)
def test_every_table_of_every_client_is_in_the_manifest(schema):
    known = catalog.manifest()
    named = {*known["sessions"], *known["others"]["tables"], *known["secrets"]["tables"]}
    found = catalog_of(schema)
    assert set(found.columns) - named == set()
    assert found.strangers == ()


@pytest.mark.parametrize("schema", FILES, ids=lambda path: path.stem)
def test_every_schema_gets_its_layout(schema):
    found = catalog_of(schema)
    assert found.layout == LAYOUTS.get(schema.stem, "v1")
    owned = [table.name for table in found.owned]
    assert owned == [name for name in catalog.manifest()["sessions"] if name in found.columns]
    assert set(found.roots) <= set(owned) and found.roots


@pytest.mark.parametrize("column", ["session_id TEXT", "aggregate_id TEXT", "s TEXT REFERENCES session(id)"])
def test_a_table_with_a_session_key_that_nobody_knows_is_a_stranger(column):
    connection = sqlite.sqlite3.connect(":memory:")
    connection.executescript(f"CREATE TABLE session (id TEXT PRIMARY KEY); CREATE TABLE news ({column});")
    found = sqlite.catalog(connection)
    assert found.strangers == ("news",)
    with pytest.raises(Refusal, match="--ignore-table=news"):
        found.refuse_strangers()
    found.refuse_strangers(["news"])


# --- nothing is missing, nothing is left over ----------------------------------------------------


def bare(path):
    """A file of SQL without its comments."""
    return re.sub(r"<#.*?#>|--[^\n]*", "", path.read_text(), flags=re.DOTALL)


def templates():
    return sorted(SQL.glob("*/*.sql"))


NAMED = r'(?:<< name\.quoted\(")?(lc_\w+)'  # a name may end with that of a table of the client
CREATED = re.compile("CREATE TEMPORARY TABLE " + NAMED)
INDEXED = re.compile("CREATE INDEX " + NAMED)


def test_every_work_table_that_is_named_is_created_and_every_one_created_is_read():
    text = "\n".join(bare(path) for path in templates())
    created, indexes = CREATED.findall(text), INDEXED.findall(text)
    assert len(created) == len(set(created))
    assert set(re.findall(r"\blc_\w+", text)) - set(indexes) == set(created)
    read = set(re.findall("(?:FROM|JOIN) " + NAMED, re.sub(r"DELETE FROM \w+", "", text)))
    assert set(created) - read == set()


@cache
def python_texts():
    """What Python says: whole strings, and patterns for those that are put together."""
    whole, patterns = set(), set()
    for module in MODULES:
        for _, text in texts(ast.parse(module.read_text())):
            if re.match(r"[a-z]\w*[_/]", text) and "{}" in text:
                patterns.add(re.compile(re.escape(text).replace(r"\{\}", r"\w+") + r"\Z"))
            elif "{}" not in text:
                whole.add(text)
    return whole, patterns


def is_said(name):
    whole, patterns = python_texts()
    return name in whole or any(pattern.match(name) for pattern in patterns)


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(SQL)))
def test_no_template_is_left_over(path):
    name = str(path.relative_to(SQL).with_suffix(""))
    if path.name.startswith("_"):
        assert any(f'import "{name}.sql"' in other.read_text() for other in templates() if other != path)
    else:
        assert is_said(name) or is_said(path.name)


@pytest.mark.parametrize(
    "path",
    [path for dialect in DIALECTS
     for path in sorted((SQL / "engines" / dialect).iterdir()) if path.suffix in (".sql", ".txt")],
    ids=lambda path: str(path.relative_to(SQL)),
)
def test_no_file_of_an_engine_is_left_over(path):
    assert is_said(path.stem) or is_said(path.name)


# --- policies ------------------------------------------------------------------------------------

SENTENCES = {
    "default": "No limit is set, nothing removed (policies/default.toml); --days=90 would set one.",
    "small": "Remove session trees that do not fit into 1.0 GB of file, or larger than 200.0 MB; "
    "keep running, shared, pinned and lately restored ones, all active within 1 day, the newest 20 "
    "(policies/small.toml).",
    "tidy": "Remove session trees whose last activity is more than 90 days ago; "
    "from trees that stay, child sessions idle for more than 30 days; "
    "keep running, shared, pinned and lately restored ones, all active within 1 day, "
    "the newest 5 of each project (policies/tidy.toml).",
}


def test_every_policy_says_what_it_does():
    said = {name: policy.load(name)[0].sentence() for name in policy.names()}
    assert said == SENTENCES


def test_the_default_policy_names_and_explains_every_key_with_its_default():
    text = (ROOT / "policies" / "default.toml").read_text()
    document = tomllib.loads(text)
    assert {section: set(keys) for section, keys in document.items()} == {
        section: set(keys) for section, keys in policy.SECTIONS.items()
    }
    explained = set(re.findall(r"^(\w+) = .*?\s# \S.*$", text, re.MULTILINE))
    assert {key for keys in policy.SECTIONS.values() for key in keys} == explained
    assert policy.load("default")[0] == policy.Policy(source="policies/default.toml")


def test_without_a_file_of_ones_own_the_default_holds(own_folders):
    assert policy.load(None) == (policy.load("default")[0], False)
    own = policy.config_folder() / "policy.toml"
    own.parent.mkdir(parents=True)
    own.write_text("[limits]\nmax_sessions = 3\n")
    assert policy.load(None)[0].max_sessions == 3


@pytest.mark.parametrize(
    "text, why",
    [
        ("[limits]\nmax_ages = 3", "unknown key limits.max_ages .did you mean max_age"),
        ("[limit]\nmax_age = 3", r"unknown section \[limit\] .did you mean limits"),
        ("limits = 3", r"write \[limits\]"),
        ("[limits]\nmax_age = -3", "limits.max_age=-3: not a duration"),
        ("[limits]\nmax_age = true", "not a duration"),
        ("[limits]\nmax_size = '3 apples'", "limits.max_size=3 apples: not a size"),
        ("[limits]\nmax_sessions = 1.5", "not a whole number"),
        ("[protect]\ntitles = 'x'", "not a list of texts"),
        ("[protect]\ntitles = ['']", "not a list of texts"),
        ("[space]\noverwrite = 1", "neither true nor false"),
        ("[warn]\nsizes = ['x']", "warn.sizes=x: not a size"),
        ("[limits", "is no TOML"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(tmp_path, text, why):
    file = tmp_path / "p.toml"
    file.write_text(text)
    with pytest.raises(Refusal, match=why) as refused:
        policy.load(str(file))
    assert refused.value.code == BAD_VALUE and "\n" not in str(refused.value)


# --- units ---------------------------------------------------------------------------------------

HOUR, DAY = 3_600_000, 86_400_000
SAID = [
    (units.duration, "30", 30 * DAY),
    (units.duration, 30, 30 * DAY),
    (units.duration, "30d", 30 * DAY),
    (units.duration, "6w", 42 * DAY),
    (units.duration, "12h", 12 * HOUR),
    (units.duration, "3mo", 90 * DAY),
    (units.duration, "1y", 365 * DAY),
    (units.duration, "1.5d", 36 * HOUR),
    (units.duration, " 2 D ", 2 * DAY),
    (units.duration, "0", 0),
    (units.duration, 0, 0),
    (units.duration, "2MO", 60 * DAY),
    (units.size, "5", 5 * 10**6),
    (units.size, 5, 5 * 10**6),
    (units.size, "5b", 5),
    (units.size, "5kB", 5_000),
    (units.size, "500MB", 5 * 10**8),
    (units.size, "2GiB", 2**31),
    (units.size, "1MiB", 2**20),
    (units.size, "1.5 GB", 15 * 10**8),
    (units.size, "1tb", 10**12),
    (units.size, "1TiB", 2**40),
    (units.size, "0", 0),
    (units.count, "20", 20),
    (units.count, 0, 0),
    (units.count, " 7 ", 7),
    (units.moment, "1800000000000", 1_800_000_000_000),
    (units.moment, 1_800_000_000_000, 1_800_000_000_000),
    (units.moment, "2027-01-15", 1_799_971_200_000),
    (units.moment, "2027-01-15T08:00:00Z", 1_800_000_000_000),
    (units.moment, "2027-01-15 09:00+01:00", 1_800_000_000_000),
    (units.moment, "2027-01-15T08:00:00.250", 1_800_000_000_250),
]
UNSAID = [
    *(
        (units.duration, text)
        for text in (
            "",
            "-3",
            "-3d",
            "3m",
            "3min",
            "d",
            "3 4d",
            "1e3",
            "inf",
            "nan",
            "3d3",
            "0x3",
            "三",
            True,
            None,
            "٣d ago",
            "10" * 20,
        )
    ),
    *(
        (units.size, text)
        for text in ("", "-5MB", "5 MBs", "5M", "MB", "1,5GB", "1_000", "5 GB 3", False, "9" * 30)
    ),
    *((units.count, text) for text in ("", "-1", "1.0", "1e3", "+1", "a", True, 1.5, "1 2", "9" * 13)),
    *(
        (units.moment, text)
        for text in ("", "soon", "123", "2027-13-01", "-1800000000000", "18:00", "1" * 16)
    ),
]


@pytest.mark.parametrize("read, text, value", SAID, ids=lambda part: getattr(part, "__name__", str(part)))
def test_what_people_write_is_read(read, text, value):
    assert read(text, "--x") == value


@pytest.mark.parametrize("read, text", UNSAID, ids=lambda part: getattr(part, "__name__", str(part)))
def test_what_cannot_be_meant_is_refused_with_the_flag_and_the_value(read, text):
    with pytest.raises(Refusal) as refused:
        read(text, "--x")
    assert refused.value.code == BAD_VALUE and str(refused.value).startswith(f"--x={text}: ")


# --- foreign text --------------------------------------------------------------------------------


@given(
    text=st.text() | st.text(alphabet="-*/ \n\r\t\x1b\x00\x85\u2028\u2029\u202e\ud83d[]\\{}';a"),
    limit=st.sampled_from((80, 80, 40, 3)),
)
@example(text="\n.shell touch X", limit=80)
@example(text="--/**/" * 30, limit=80)
@example(text="-" * 200, limit=80)
@example(text="*/*" * 40, limit=40)
@example(text="\x1b]0;x\x07\u2028\u2029\x9b", limit=80)
def test_foreign_text_stays_on_its_line_and_inside_its_comment(text, limit):
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable() and len(shown.splitlines()) <= 1
    assert not any(mark in shown for mark in ("*/", "/*", "--"))
    assert not set(shown) & set("\n\r\x1b\x00\x85\u2028\u2029")


@given(
    text=st.text(
        alphabet=st.characters(codec="ascii", min_codepoint=32, exclude_characters="-*/\x7f"), max_size=80
    )
)
def test_plain_text_is_shown_as_it_is(text):
    assert printable(text) == text


# --- what is shipped -----------------------------------------------------------------------------


def new_enough():
    """Whether the build backend here is one that the project can be built with."""
    try:
        return int(importlib.metadata.version("setuptools").split(".")[0]) >= 77
    except importlib.metadata.PackageNotFoundError:
        return False


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy, so that nothing is left in the checkout."""
    folder, copy = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("copy") / "bundle"
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".*", "tests", "build", "*.egg-info", "__pycache__")
    )
    here = ["--no-build-isolation"] if new_enough() else []
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", *here, "-w", folder, copy],
        capture_output=True,
        text=True,
    )
    if built.returncode and not here and os.environ.get("REQUIRE_ENGINES") != "1":
        pytest.skip("no setuptools to build with, and none to be had")
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_every_file_that_the_product_reads_is_in_the_wheel(wheel):
    expected = {
        f"opencode_lifecycle/{path.relative_to(ROOT)}"
        for folder in ("sql", "policies")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".sql", ".toml", ".txt", ".py", ".jsonl", ".js", ".ts", ".md", ".html", ".css")
    }
    with zipfile.ZipFile(wheel) as packed:
        held = set(packed.namelist())
    assert expected | {"opencode_lifecycle/tasks.py"} <= held
    assert not {name for name in held if "/tests/" in name or name.startswith("tests")}


def test_the_installed_script_works_in_a_folder_that_is_not_the_checkout(wheel, tmp_path):
    target, place = tmp_path / "installed", tmp_path / "elsewhere"
    place.mkdir()
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", target, wheel],
        check=True,
        capture_output=True,
    )
    script = target / "bin" / "opencode-lifecycle"
    env = os.environ | {"PYTHONPATH": str(target)}

    def says(*words):
        return subprocess.run(
            [sys.executable, script, *words], cwd=place, env=env, capture_output=True, text=True, timeout=120
        )

    listed = says("--list")
    assert listed.returncode == 0, listed.stderr
    assert {"stats", "prune", "plan", "apply"} <= set(listed.stdout.split())
    rendered = says("render", "retention/verdict", "--dialect=postgres")
    assert rendered.returncode == 0, rendered.stderr
    assert "lc_verdict" in rendered.stdout
    found = subprocess.run(
        [sys.executable, "-c", "import opencode_lifecycle.sql as s; print(s.__file__)"],
        cwd=place,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith(str(target))
    assert list(place.iterdir()) == []


SLOW = ("sqlglot", "rich", "psycopg", "pymysql", "pymssql", "jinja2", "sqlite_utils", "zstandard")
LISTING = """
import sys
from invoke.main import program
sys.argv = ["invoke", "--list"]
program.run(["invoke", "--list"], exit=False)
print(*sorted({name.split(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def test_the_list_of_verbs_is_shown_without_loading_what_is_slow():
    done = subprocess.run(
        [sys.executable, "-c", LISTING], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0 and "prune" in done.stdout.split(), done.stderr
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "invoke" in loaded and loaded & set(SLOW) == set()
