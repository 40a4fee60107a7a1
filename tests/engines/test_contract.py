"""Every driver defines the whole contract of `sql/engines`, name by name, and can be called as it says."""

import inspect
import re
import shutil
from collections.abc import Callable

import pytest
from engines_here import skip_or_fail
from opencode_lifecycle.sql.cascade.rule import Rule
from opencode_lifecycle.sql.catalog import ROOTS, Catalog
from opencode_lifecycle.sql.compiler import dialects, statements
from opencode_lifecycle.sql.engines import ENGINES, Engine, engine_module
from opencode_lifecycle.sql.engines.sqlite import driver as sqlite
from opencode_lifecycle.sql.refusal import FAILED, UNSUPPORTED, Refusal
from places import ROOT

FUNCTIONS = {name: said for name, said in vars(Engine).items() if inspect.isfunction(said) and name[0] != "_"}
EXCEPTIONS = [name for name in Engine.__annotations__ if name[0] != "_"]
DRIVERS = sorted(set(ENGINES.values()))


def words(function: Callable) -> list[tuple[str, object, object]]:
    """Name, kind and default of each parameter."""
    return [(one.name, one.kind, one.default) for one in inspect.signature(function).parameters.values()]


def driver(name: str):
    try:
        return engine_module(name)
    except Refusal as refusal:
        skip_or_fail(str(refusal))


@pytest.mark.parametrize("engine", DRIVERS)
def test_a_driver_defines_every_function_of_the_contract_as_it_is_called(engine):
    module = driver(engine)
    for name, said in FUNCTIONS.items():
        assert words(getattr(module, name)) == words(said)[1:], name


@pytest.mark.parametrize("engine", DRIVERS)
def test_a_driver_names_its_errors(engine):
    module = driver(engine)
    assert EXCEPTIONS == ["Error", "Conflict"]
    assert issubclass(module.Error, Exception) and issubclass(module.Conflict, module.Error)


def test_the_contract_holds_what_the_store_and_the_rooms_call_and_nothing_else():
    called = {name for path in (ROOT / "sql").rglob("*.py") if "engines" not in path.parts
              for name in re.findall(r"\bon\.(\w+)", path.read_text())}
    assert called == {*FUNCTIONS, *EXCEPTIONS}


def test_every_folder_with_a_driver_is_an_engine_of_the_contract():
    assert sorted(path.parent.name for path in (ROOT / "sql" / "engines").glob("*/driver.py")) == DRIVERS


@pytest.mark.parametrize("engine", [name for name in DRIVERS if name != "sqlite"])
def test_what_is_for_files_alone_is_refused_by_a_server(engine):
    module = driver(engine)
    for call in (lambda: module.rewrite(None, ROOT), lambda: module.run_to_end(None, "vacuum_incremental")):
        with pytest.raises(Refusal, match="Only an SQLite file") as refusal:
            call()
        assert refusal.value.code == UNSUPPORTED
    assert module.changes(None) is None and not module.damaged(OSError("malformed"))


def test_what_is_for_servers_alone_is_refused_for_a_file():
    for call in (lambda: sqlite.vacuum(None, "part", True), lambda: sqlite.analyze(None, "part")):
        with pytest.raises(Refusal, match="SQLite file") as refusal:
            call()
        assert refusal.value.code == UNSUPPORTED


# --- statements that only some engines have ---


def own_names() -> set[str]:
    """Every file of statements that only some engines need, as the product asks for it."""
    asked = re.compile(r"""\b(?:own_sql\([^"]*|engine_ready\()f?"(\w+(?:\{\w+\})?)\"""")
    said = {name for path in (ROOT / "sql").rglob("*.py") for name in asked.findall(path.read_text())}
    tables = {f"lock_{table}" for table in ROOTS}
    assert "lock_{table}" in said
    return {*said, *tables} - {"lock_{table}"}


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_has_each_file_of_statements_or_declares_why_it_needs_none(engine):
    held = {name for name in own_names() if dialects.own_file(engine, f"{name}.sql").exists()}
    declared = statements.not_needed(engine)
    assert held | declared.keys() == own_names() and not held & declared.keys()
    assert all(len(why) > 10 for why in declared.values())


def test_rows_of_a_server_are_locked_and_those_of_a_file_are_not_by_declaration():
    for engine in ENGINES:
        assert bool(statements.own_sql(engine, "lock_session")) == (engine != "sqlite")


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "sqlite"])
def test_an_engine_whose_lock_of_rows_is_missing_is_refused_and_deletes_without_it_never(engine, tmp_path, monkeypatch):
    folder = tmp_path / "sql"
    shutil.copytree(dialects.HERE, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    monkeypatch.setattr(dialects, "HERE", folder)
    dialects.own_file(engine, "lock_session.sql").unlink()
    with pytest.raises(Refusal, match="has no lock_session.sql") as refusal:
        Rule(engine, Catalog({"session": ("id",)}), False)
    assert refusal.value.code == FAILED
