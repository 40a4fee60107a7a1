"""Every template as every engine reads it, kept in files: a change of a template or of sqlglot shows in the diff.

`pytest tests/compiler/test_golden.py --update-golden` writes them anew. A layout whose text is that of v1 has no file.
"""


import pytest
from opencode_lifecycle.sql.compiler.lower import DIALECTS
from opencode_lifecycle.sql.verbs import templates as sample
from places import GOLDEN

LAYOUTS = ("v1", "mixed")


def speaks(name, layout):
    return sample._speaks_of(name, sample.catalog(layout))


def wanted(name):
    """The files of a template, and what must be in them."""
    found = {}
    for dialect in set(DIALECTS.values()):  # mysql8 is mysql but for a collation, and how it reads JSON
        plain = sample.text(name, dialect, "v1") if speaks(name, "v1") else None
        mixed = sample.text(name, dialect, "mixed") if speaks(name, "mixed") else None
        if plain is not None:
            found[GOLDEN / f"{name}.{dialect}.sql"] = plain
        if mixed is not None and mixed != plain:
            found[GOLDEN / f"{name}.{dialect}.mixed.sql"] = mixed
    return found


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


def test_no_golden_file_is_left_over(request):
    known = {path for name in sample.names() for path in wanted(name)}
    stale = sorted(set(GOLDEN.rglob("*.sql")) - known)
    if request.config.getoption("--update-golden"):
        for path in stale:
            path.unlink()
        stale = []
    assert not stale
