"""What keeps the house a map: who may import whom, one name one meaning, nothing too long to be read at one sitting."""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from longest import PLACES, Files
from places import ROOT

MODULES = [ROOT / "tasks.py", *sorted((ROOT / "sql").rglob("*.py")), *sorted((ROOT / "policies").glob("*.py"))]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
# The floors, from the ground up: a folder, or a module that stands flat in sql/, imports from below its own alone.
FLOORS = ("lazily words", "refusal", "files", "compiler", "side_effects", "catalog", "engines", "pace state", "store",
          "history identity space", "retention schema", "transfer", "cascade reclamation", "unattended",
          "policies stats", "verbs", "tasks")
LONGEST_FILE, LONGEST_FUNCTION = 400, 50


def room(path: Path) -> str:
    """The folder under sql/, or the module that stands flat there; policies and tasks are rooms of their own."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "sql" and len(parts) > 1 else parts[0]


def short(path: Path) -> str:
    return str(path.relative_to(ROOT).with_suffix("")).removeprefix("sql/")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path):
    """The product's own files that a module imports, at its head or later."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith("opencode_lifecycle")):
            base = path.parents[node.level - 1] if node.level else ROOT
            names = (node.module or "").split(".")[0 if node.level else 1:]
            for name in node.names:
                yield from found(base.joinpath(*filter(None, names)), name.name)


def found(folder: Path, name: str):
    """A module of that name in the folder, or the folder or module itself, in which it is a name."""
    for one in ((folder / name).with_suffix(".py"), folder / name / "__init__.py", folder.with_suffix(".py"),
                folder / "__init__.py"):
        if one.exists():
            yield one
            return


def floor(name: str) -> int:
    return next(at for at, names in enumerate(FLOORS) if name in names.split())


def upward(path: Path) -> set[tuple[str, str]]:
    """What a module imports of another room that is not below its own."""
    here = room(path)
    return {(short(path), room(other)) for other in imports(path)
            if room(other) != here and floor(room(other)) >= floor(here)}


def test_no_import_goes_upward_and_so_no_two_rooms_import_each_other():
    assert not set().union(*map(upward, MODULES))


@pytest.mark.parametrize("path, said", [
    ("sql/words.py", "from .verbs import console"), ("sql/store.py", "from .transfer.export import write"),
    ("sql/state.py", "from .pace import tries"), ("sql/retention/pins.py", "from opencode_lifecycle.sql import space\n"
     "from opencode_lifecycle.sql.cascade import removal"), ("policies/policy.py", "from ..sql.verbs import console"),
])
def test_an_import_upward_would_be_found(path, said, monkeypatch):
    monkeypatch.setitem(globals(), "tree", lambda _: ast.parse(said))
    assert upward(ROOT / path)


def test_only_verbs_and_tasks_import_verbs_and_policies():
    askers = {short(path) for path in MODULES for other in imports(path)
              if room(other) in ("verbs", "policies") and room(path) not in ("verbs", "policies", "tasks")}
    assert not askers


def test_nothing_below_the_verbs_prints_or_asks():
    said = [f"{short(path)}:{node.lineno}" for path in MODULES if room(path) not in ("verbs", "tasks")
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("print", "input")]
    assert not said


def test_no_module_is_named_as_a_folder_beside_it_and_every_folder_with_python_is_a_package():
    for path in MODULES:
        assert path.name == "__init__.py" or not path.with_suffix("").is_dir(), path
        assert path.parent == ROOT or (path.parent / "__init__.py").exists(), path


def test_nobody_asks_an_engine_what_it_can_do():
    """It is in the contract (`sql/engines`), and every driver defines all of that."""
    asked = re.compile(r"\b(?:get|has)attr\([\w.]*\bon\b,")
    assert asked.search('getattr(store.on, "octets", None)')
    assert not [path for path in MODULES if asked.search(path.read_text())]


def test_no_two_classes_have_one_name():
    where = defaultdict(list)
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                where[node.name].append(short(path))
    assert not {name: paths for name, paths in where.items() if len(paths) > 1}


def too_long(paths):
    """The files and the functions with more lines than are read at one sitting."""
    files = {str(path.relative_to(ROOT)) for path in paths if len(path.read_text().splitlines()) > LONGEST_FILE}
    functions = {f"{short(path)}: {node.name}" for path in paths for node in ast.walk(tree(path))
                 if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                 and node.end_lineno - node.lineno >= LONGEST_FUNCTION}
    return files, functions


def test_no_file_and_no_function_is_too_long(say):
    ours, theirs = too_long(MODULES), too_long(TESTS)
    for what, (files, functions) in (("of the product", ours), ("of tests", theirs)):
        say(f"{what}: {len(files)} files over {LONGEST_FILE} lines, {len(functions)} functions over {LONGEST_FUNCTION}")
    assert ours == (set(), set())
    assert theirs == (set(), set())


def test_the_files_that_run_first_are_there():
    assert not [path for path in PLACES if not path.exists()]


def test_files_of_the_client_are_run_by_one_process_and_any_other_file_by_itself():
    scope = Files._split_scope
    tests = ("tests/client/test_client.py::test_a", "tests/client/test_exports.py::test_b[x/client/y]",
             "tests/verbs/test_program.py::test_c", "tests/test_space.py::test_d[client/1]")
    assert [scope(Files.__new__(Files), name) for name in tests] == [
        "client", "client", "tests/verbs/test_program.py", "tests/test_space.py"]
