"""Every template as every engine reads it: a change of a template or of sqlglot shows in the diff.

The text for SQLite, the reference, and for SQL Server, where nothing of it runs here, is kept whole. Postgres,
MariaDB and MySQL 8 run theirs in tests/conformance: of these a digest is kept, a line for each template.
`pytest tests/compiler/test_golden.py --update-golden` writes all anew. A layout whose text is that of v1 has no file.
"""

import functools
import hashlib

import pytest
from opencode_lifecycle.sql.compiler.dialects import DIALECTS
from opencode_lifecycle.sql.verbs import templates as sample
from places import GOLDEN

DIGESTS = GOLDEN / "digests.txt"
LAYOUTS = ("v1", "mixed")
WHOLE, DIGESTED = ("sqlite", "tsql"), ("postgres", "mysql", "mysql8")


def speaks(name, layout):
    return sample._speaks_of(name, sample.catalog(layout))


@functools.cache
def spellings(name, dialect):
    """The texts of a template for an engine, by layout: v1, and mixed where that differs."""
    found = {layout: sample.text(name, dialect, layout) for layout in LAYOUTS if speaks(name, layout)}
    if found.get("mixed") == found.get("v1"):
        found.pop("mixed", None)
    return found


def wanted(name):
    """The files of a template, and what must be in them."""
    return {GOLDEN / f"{name}.{dialect}{'.mixed' if layout == 'mixed' else ''}.sql": text
            for dialect in WHOLE for layout, text in spellings(name, dialect).items()}


def digest(name):
    """One line: the name of a template, and what each engine of a server reads, in the first 12 digits of a SHA-256."""
    marks = [f"{dialect}.{layout}={hashlib.sha256(text.encode()).hexdigest()[:12]}"
             for dialect in DIGESTED for layout, text in spellings(name, dialect).items()]
    return " ".join((name, *marks))


@pytest.mark.parametrize("name", sample.names())
def test_a_template_reads_as_its_golden_files(request, name):
    files = wanted(name)
    if request.config.getoption("--update-golden"):
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    for path, text in files.items():
        assert path.exists(), f"{path.name} is missing: pytest --update-golden writes it"
        assert path.read_text() == text


def test_what_a_server_reads_has_the_digest_that_is_kept(request):
    found = [digest(name) for name in sample.names()]
    if request.config.getoption("--update-golden"):
        DIGESTS.write_text("".join(f"{line}\n" for line in found))
    kept = DIGESTS.read_text().splitlines()
    changed = sorted({line.split()[0] for line in {*found} ^ {*kept}})
    assert not changed, f"{changed}: `invoke render NAME --dialect=mysql8` shows the text, --update-golden keeps it"


def test_every_engine_is_kept_whole_or_as_a_digest():
    assert {*WHOLE, *DIGESTED} == set(DIALECTS)


def test_no_golden_file_is_left_over(request):
    known = {path for name in sample.names() for path in wanted(name)}
    stale = sorted(set(GOLDEN.rglob("*.sql")) - known)
    if request.config.getoption("--update-golden"):
        for path in stale:
            path.unlink()
        stale = []
    assert not stale
