"""The product as people install it: its own name in every hint, its verbs by purpose, its own words for a slip."""

import ast

import command
import pytest
from command import invoke, invoked
from places import ROOT

NAMED = ("-c", "import sys; sys.argv[0] = '/somewhere/bin/opencode-lifecycle'; "
               "from opencode_lifecycle.tasks import program; program.run()")


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=3, parts=1, pad=50)


# --- the name ------------------------------------------------------------------------------------


def strings(path):
    """The texts of a module that are no docstring, each with its line."""
    tree = ast.parse(path.read_text())
    spoken = {id(node.body[0].value) for node in ast.walk(tree)
              if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and isinstance(node.body[0], ast.Expr)}
    return [(node.lineno, node.value) for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken]


def test_no_sentence_writes_the_name_of_a_program_itself():
    verbs = {"invoke " + name for name in command.tasks.namespace().task_names}
    modules = [ROOT / "tasks.py", *(ROOT / "sql").rglob("*.py"), *(ROOT / "policies").glob("*.py")]
    found = [(path.name, line, text) for path in modules for line, text in strings(path)
             if any(name in text for name in verbs)]
    # What stands in the place of an attachment is kept in the store, for whoever reads it there later.
    assert {name for name, *_ in found} == {"standin.py"}


@pytest.mark.parametrize(("program", "name", "other"), [
    (NAMED, "opencode-lifecycle", "invoke"), (("-m", "invoke"), "invoke", "opencode-lifecycle "),
])
def test_every_hint_names_the_program_by_the_name_it_was_called_by(store, tmp_path, program, name, other):
    at = (f"--store={store}", command.judge_by())
    planned = invoked("plan", "--days=30", f"--out={tmp_path / 'plan.sql'}", *at, program=program)
    assert f"then: {name} apply {tmp_path / 'plan.sql'} --store={store}" in planned.err
    removed = invoked("prune", "--days=30", "--yes", *at, program=program)
    assert f"`{name} undo --store={store}`" in removed.err and f"Next: {name} vacuum" in removed.err
    told = invoke("restore", tmp_path / "none.json", at[0], program=program)
    assert told.code == 64 and f"`{name} exports` lists those of ours" in told.err
    assert other not in (planned.err + removed.err + told.err).replace(str(tmp_path), "").replace(
        "opencode-lifecycle/exports", "")
