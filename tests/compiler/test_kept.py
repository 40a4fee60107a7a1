"""Printed statements are kept from run to run, and what was kept is never taken for what it is not."""

import os
import time

import command
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencode_lifecycle.sql.compiler import dialects, kept, portable, render
from opencode_lifecycle.sql.verbs import templates

ENGINES = st.sampled_from(list(dialects.DIALECTS))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A cache of its own, and a process that has read nothing of it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(kept, "_shelves", {})
    return tmp_path / "opencode-lifecycle"


@pytest.fixture
def made(monkeypatch):
    """The names of the templates that had to be printed."""
    names = []

    def printed(name, *rest, real=portable.printed):
        names.append(name)
        return real(name, *rest)

    monkeypatch.setattr(portable, "printed", printed)
    return names


def again(monkeypatch, name=None, **changed):
    """What a new process renders."""
    kept.keep()
    monkeypatch.setattr(kept, "_shelves", {})
    structure = {"store": templates.catalog("v1"), **templates.STRUCTURE} | changed
    return render.render(name or templates.names()[0], "sqlite", structure, templates.VALUES)


def test_a_second_run_prints_nothing_and_says_the_same(folder, made, monkeypatch):
    first = again(monkeypatch)
    assert made and again(monkeypatch) == first
    assert len(made) == 1
    assert [oct(path.stat().st_mode & 0o777) for path in folder.iterdir()] == ["0o600"]


def test_other_tables_other_structure_and_other_code_are_printed_anew(folder, made, monkeypatch):
    again(monkeypatch)
    again(monkeypatch, store=templates.catalog("v2"))
    again(monkeypatch, idle=False)
    monkeypatch.setattr(kept, "code", lambda: "another version")
    again(monkeypatch)
    assert len(made) == 4


def test_the_code_is_all_that_statements_are_made_from(tmp_path, monkeypatch):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "one.sql").write_text("SELECT 1;")
    monkeypatch.setattr(dialects, "HERE", tmp_path)
    before, file = kept.code.__wrapped__(), tmp_path / "rules" / "one.sql"
    state = file.stat()
    time.sleep(0.02)  # as coarse as the clock of a file system is
    file.write_text("SELECT 2;")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert kept.code.__wrapped__() != before


@pytest.mark.parametrize("damage", [
    lambda text: "", lambda text: text[:-9], lambda text: text.replace("SELECT", "DELETE"), lambda text: "\n{}",
    lambda text: text.partition("\n")[0] + "\n[]",
])
def test_a_damaged_file_is_as_if_it_were_not_there(folder, made, monkeypatch, damage):
    first = again(monkeypatch)
    kept.keep()
    for path in folder.iterdir():
        path.write_text(damage(path.read_text()))
    assert again(monkeypatch) == first
    assert len(made) == 2


def test_a_folder_that_cannot_be_used_costs_time_alone(tmp_path, folder, made, monkeypatch):
    folder.write_text("in the way")
    assert again(monkeypatch) == again(monkeypatch)
    assert len(made) == 2


def test_a_structure_that_cannot_be_told_from_another_is_refused(folder, monkeypatch):
    with pytest.raises(TypeError):
        again(monkeypatch, idle=object())


def test_a_verb_that_finds_its_statements_loads_neither_parser_nor_templates(tmp_path, monkeypatch):
    store = command.planted(tmp_path / "opencode.db", trees=2)
    words = ["prune", "--days=30", "--dry-run", f"--store={store}"]
    command.invoked(*words)
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")  # which makes it a process of its own
    loaded = command.invoked(*words).err
    assert "opencode_lifecycle.sql.store" in loaded and "sqlglot" not in loaded and "jinja2" not in loaded
    assert "sqlite_utils" not in loaded  # nothing is written to our own state
    command.invoked("stats", "--json", f"--store={store}")
    loaded = command.invoked("stats", "--json", f"--store={store}").err
    assert "sql.stats.figures" in loaded and "sql.reclamation.forecast" not in loaded  # without --deep
    assert "rich.console" not in loaded and "verbs.drawing" not in loaded  # nothing is drawn


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), ENGINES)
def test_a_plain_text_is_quoted_as_sqlglot_quotes_it(text, dialect):
    assert render.literal(text, dialect) == portable.quoted(text, dialect)


@given(st.from_regex(render.PLAIN, fullmatch=True), ENGINES)
def test_so_is_every_text_that_takes_the_short_way(text, dialect):
    assert render.literal(text, dialect) == portable.quoted(text, dialect)


def test_a_value_that_looks_like_an_open_place_stays_a_value():
    said = render.literal("slot_id", "sqlite")
    assert said == "'slot_id'"
    assert not [name for name in templates.names() if render.OPEN in portable.source(
        name, {"store": templates.catalog("mixed"), **templates.STRUCTURE})]
