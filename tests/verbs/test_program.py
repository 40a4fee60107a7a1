"""The product as people install it: its own name in every hint, its verbs by purpose, its own words for a slip."""

import ast
import os
import shlex
import shutil
import subprocess

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


@pytest.fixture
def named(tmp_path):
    """A folder with the program under its own name, and its completion script for a shell; skips without that shell."""
    def made(shell):
        if not shutil.which(shell):
            pytest.skip(f"no {shell} here")
        called = tmp_path / "opencode-lifecycle"
        called.write_text(f"#!/bin/sh\nexec {shlex.join(command.line(program=NAMED))} \"$@\"\n")
        called.chmod(0o755)
        (tmp_path / "script").write_text(invoked(f"--print-completion-script={shell}", program=NAMED).out)
        return tmp_path
    return made


def shown(*words, folder):
    """What a shell prints that finds the program in a folder, and knows nothing of its user."""
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder), "TERM": "dumb",
                   "PS1": "> "}
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


TYPED = pytest.mark.parametrize(("typed", "expected"), [("pru", {"prune"}), ("prune --dr", {"--dry-run"})])


@TYPED
def test_bash_completes_verbs_and_flags(named, typed, expected):
    folder, words = named("bash"), ["opencode-lifecycle", *typed.split()]
    asked = (f"source {shlex.quote(str(folder / 'script'))}; COMP_WORDS=({shlex.join(words)}); "
             f"_complete_opencode-lifecycle opencode-lifecycle {shlex.quote(words[-1])}; echo ${{COMPREPLY[@]}}")
    done = shown("bash", "-c", asked, folder=folder)
    assert set(done.stdout.split()) == expected, done.stderr


@TYPED
def test_fish_completes_verbs_and_flags(named, typed, expected):
    folder = named("fish")
    done = shown("fish", "--no-config", "-c", f"source {shlex.quote(str(folder / 'script'))}; "
                 f"complete -C {shlex.quote(f'opencode-lifecycle {typed}')}", folder=folder)
    assert set(done.stdout.split()) == expected, done.stderr


# What zsh is told at its prompt, in a terminal that a second zsh makes for it.
PROMPT = """
zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell 'autoload -U compinit; compinit -u; source {script}; print -r -- rea""dy'
zpty -r shell line '*ready*'
zpty -n -w shell $'opencode-lifecycle {typed}\t'
zpty -r shell line '*{expected}*'
print -r -- "$line"
"""


@TYPED
def test_zsh_completes_verbs_and_flags_once_compinit_has_run(named, typed, expected):
    folder, (word,) = named("zsh"), expected
    asked = PROMPT.format(script=shlex.quote(str(folder / "script")), typed=typed, expected=word)
    done = shown("zsh", "-f", "-c", asked, folder=folder)
    assert word in done.stdout, done.stderr  # zsh itself waits for the word, which is more than what was typed


def test_there_is_a_completion_script_for_each_of_three_shells():
    for shell in ("bash", "zsh", "fish"):
        assert "opencode-lifecycle" in invoked(f"--print-completion-script={shell}", program=NAMED).out
