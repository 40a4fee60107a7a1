"""SQL stands in templates alone, and no template, engine file or work table is left over."""

import ast
import re
from functools import cache

import pytest
from opencode_lifecycle.sql.compiler.dialects import DIALECTS
from places import ROOT

SQL = ROOT / "sql"
MODULES = [ROOT / "tasks.py", *sorted(SQL.rglob("*.py")), *sorted((ROOT / "policies").glob("*.py"))]


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


# The sentences of the check name what it refuses; it never holds a connection.
SPEAKS_OF_SQL = SQL / "compiler" / "check.py"


@pytest.mark.parametrize("module", sorted({*MODULES} - {SPEAKS_OF_SQL}), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_statement_stands_in_python(module):
    found = [
        f"{module.name}:{line}: {text}"
        for line, text in texts(ast.parse(module.read_text()))
        if STATEMENT.search(text) and not text.endswith("...")
    ]
    assert not found


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
