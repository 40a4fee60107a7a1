"""Every driver defines the whole contract of `sql/engines`, name by name, and can be called as it says."""

import inspect
import re
from collections.abc import Callable

import pytest
from opencode_lifecycle.sql.engines import ENGINES, Engine, engine_module
from opencode_lifecycle.sql.engines.sqlite import driver as sqlite
from opencode_lifecycle.sql.refusal import UNSUPPORTED, Refusal
from places import ROOT
from servers import skip_or_fail

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
