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


# --- help ----------------------------------------------------------------------------------------


def test_without_a_verb_the_program_lists_each_verb_once_by_purpose():
    bare, asked = invoked(program=NAMED), invoked("--help", program=NAMED)
    assert bare.out == asked.out and "Core options" not in bare.out
    listed = [line.split()[0] for line in bare.out.splitlines() if line.startswith("  ") and line[2] != " "]
    assert sorted(listed) == sorted(command.tasks.namespace().task_names)
    assert [purpose for purpose in command.tasks.PURPOSES if f"\n{purpose}\n" in bare.out] == [*command.tasks.PURPOSES]


@pytest.mark.parametrize("words", [("restore", "--help"), ("--help", "restore"), ("restore", "x.json", "-h")])
def test_the_help_of_a_verb_says_its_own_words_only(words):
    told = invoked(*words, program=NAMED).out
    assert told.startswith("Usage: opencode-lifecycle restore FILE [--FLAG=VALUE ...]\n\nBring sessions back")
    assert "--into-project=VALUE" in told
    assert not [word for word in ("Docstring", "other tasks", "core-opts", "STRING") if word in told]


@pytest.mark.parametrize("words", ["--help", "prune --help", "--list", "render cascade/guard"])
def test_a_reader_that_goes_away_hears_no_complaint(words):
    import subprocess

    child = subprocess.Popen(command.line(*words.split(), program=NAMED), cwd=ROOT, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
    child.stdout.close()
    assert child.stderr.read() == b"" and child.wait(60) in (0, 1)


# --- slips ---------------------------------------------------------------------------------------

SLIPS = {
    "prune --dayz=30": "prune has no flag --dayz; the nearest is --days.",
    "prune --dry --yes": "prune has no flag --dry; the nearest is --dry-run.",
    "prune --echo": "prune has no flag --echo; `opencode-lifecycle --help prune` lists those there are.",
    "prun": "There is no verb prun; the nearest is prune.",
    "--help prun": "There is no verb prun; the nearest is prune.",
    "qqqq": "There is no verb qqqq; `opencode-lifecycle --help` lists those there are.",
    "apply": "apply needs FILE; `opencode-lifecycle --help apply` shows how.",
    "prune --days": "--days needs a value.",
}


@pytest.mark.parametrize("words", SLIPS)
def test_a_slip_is_a_sentence_that_names_the_nearest_and_exits_64(words):
    ran = invoked(*words.split(), program=NAMED, code=64)
    assert ran.err.strip() == SLIPS[words] and not ran.out


def test_in_the_checkout_a_slip_says_the_same_and_a_dry_run_of_invoke_changes_nothing(store):
    before = command.dump(store)
    assert invoked("prune", "--dayz=30", code=1).err.strip() == SLIPS["prune --dayz=30"]
    ran = invoked("prune", "--days=30", "--yes", "--dry", command.judge_by(), f"--store={store}", code=64)
    assert "--dry-run" in ran.err and command.dump(store) == before
    assert "invoke --help apply" in invoked("apply", "--help", code=64).err


# --- completion ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "expected"), [("pru", {"prune"}), ("prune --dr", {"--dry-run"})])
def test_bash_completes_verbs_and_flags(tmp_path, typed, expected):
    import shlex
    import shutil
    import subprocess

    if not shutil.which("bash"):
        pytest.skip("no bash here")
    called = tmp_path / "opencode-lifecycle"
    called.write_text(f"#!/bin/sh\nexec {shlex.join(command.line(program=NAMED))} \"$@\"\n")
    called.chmod(0o755)
    (tmp_path / "script").write_text(invoked("--print-completion-script=bash", program=NAMED).out)
    words = ["opencode-lifecycle", *typed.split()]
    asked = (f"PATH={shlex.quote(str(tmp_path))}:$PATH; source {shlex.quote(str(tmp_path / 'script'))}; "
             f"COMP_WORDS=({shlex.join(words)}); _complete_opencode-lifecycle opencode-lifecycle "
             f"{shlex.quote(words[-1])}; echo ${{COMPREPLY[@]}}")
    done = subprocess.run(["bash", "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert set(done.stdout.split()) == expected, done.stderr


def test_there_is_a_completion_script_for_each_of_three_shells():
    for shell in ("bash", "zsh", "fish"):
        assert "opencode-lifecycle" in invoked(f"--print-completion-script={shell}", program=NAMED).out
