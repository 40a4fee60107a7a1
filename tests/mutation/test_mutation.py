"""Single changes to the templates, each of which some case must notice.

No file of the checkout is changed: the templates are copied, and the product reads the copy.
"""

import contextlib
import shutil
from collections import Counter

import battery
import beside_the_way
import mutants
import pytest
from opencode_lifecycle.sql.compiler import dialects, kept, lower, portable, render, statements
from opencode_lifecycle.sql.verbs import templates as sample

SOURCE = dialects.HERE
CASES = {room: (*battery.CASES.get(room, ()), *beside_the_way.CASES.get(room, ()))
         for room in battery.CASES | beside_the_way.CASES}
MUTANTS = [*mutants.MUTANTS, *beside_the_way.MUTANTS]
ALL = [case for cases in CASES.values() for case in cases]
AT_LEAST = 30
tried: list = []
killed: Counter = Counter()


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the templates, which the product reads inside this module."""
    folder = tmp_path_factory.mktemp("templates") / "sql"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialects, "HERE", folder)
        forget()
        yield folder
    forget()


def forget():
    """Templates and spellings of functions are read anew."""
    for cached in (portable.templates, kept.code, statements._engine_text, lower._functions):
        cached.cache_clear()


@contextlib.contextmanager
def changed(folder, mutant):
    file = folder / mutant.file
    text = file.read_text()
    assert mutant.before in text, f"{mutant.file} has no such text any more:\n{mutant.before}"
    file.write_text(text.replace(mutant.before, mutant.after, 1))
    forget()
    try:
        yield
    finally:
        file.write_text(text)
        forget()


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.__name__)
def test_the_templates_as_they_are_pass(case, copied, tmp_path):
    case(tmp_path)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.file}: {mutant.broken}")
def test_a_changed_template_is_noticed(mutant, copied, tmp_path):
    tried.append(mutant)
    with changed(copied, mutant):
        assert not faults(mutant), "a change that the check refuses shows nothing about the cases"
        case = killer(mutant, tmp_path)
    assert case, f"{mutant.file}: nobody noticed that {mutant.broken}"
    killed[mutant.file, case.__name__] += 1


def faults(mutant):
    """What the closed world has against the changed template, with every table there is."""
    name = mutant.file.removesuffix(".sql")
    if name not in render.names():
        return []
    return portable.inspect(name, {"store": sample.catalog("mixed"), **sample.STRUCTURE})


def killer(mutant, folder):
    """The first case that fails; those of its folder come first, and who noticed a change of its file."""
    own = CASES.get(mutant.file.split("/")[0], ())
    likely = sorted(ALL, key=lambda case: (case not in own, -killed[mutant.file, case.__name__]))
    for case in likely:
        try:
            case(folder)
        except (Exception, pytest.fail.Exception):  # a statement that fails is noticed as well
            return case
    return None


def test_every_change_was_noticed(say):
    """Runs last."""
    say(f"{killed.total()} of {len(tried)} changed templates were noticed, of {len(MUTANTS)} that there are")
    assert len(MUTANTS) >= AT_LEAST
    assert killed.total() == len(tried)
