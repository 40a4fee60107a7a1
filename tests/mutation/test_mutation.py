"""Single changes to the templates, each of which some case must notice.

No file of the checkout is changed: the templates are copied, and the product reads the copy.
"""

import contextlib
import shutil
from collections import Counter
from pathlib import Path

import battery
import pytest
from mutants import MUTANTS

from opencode_lifecycle.sql import lower, render, sample

SOURCE = Path(render.__file__).parent
ALL = [case for cases in battery.CASES.values() for case in cases]
AT_LEAST = 30
killed: Counter = Counter()


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the templates, which the product reads inside this module."""
    folder = tmp_path_factory.mktemp("templates") / "sql"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    with pytest.MonkeyPatch.context() as patch:
        for module in (render, lower):
            patch.setattr(module, "HERE", folder)
        forget()
        yield folder
    forget()


def forget():
    """Templates and spellings of functions are read anew."""
    for cached in (render._templates, render._without_values, lower._functions):
        cached.cache_clear()


@contextlib.contextmanager
def changed(folder, mutant):
    file = folder / mutant.file
    text = file.read_text()
    assert text.count(mutant.before) == 1, (
        f"{mutant.file}: the text that is changed to show that {mutant.broken} must stand there once, "
        f"not {text.count(mutant.before)} times:\n{mutant.before}")
    file.write_text(text.replace(mutant.before, mutant.after))
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
    with changed(copied, mutant):
        assert not faults(mutant), "a change that the check of all templates refuses shows nothing about the cases"
        case = killer(mutant, tmp_path)
    assert case, f"{mutant.file}: nobody noticed that {mutant.broken}"
    killed[mutant.file, case.__name__] += 1


def faults(mutant):
    """What the closed world has against the changed template, with every table there is."""
    name = mutant.file.removesuffix(".sql")
    if name not in render.names():
        return []
    return [fault for layout in ("mixed",) if sample._speaks_of(name, sample.catalog(layout))
            for fault in render.inspect(name, {"store": sample.catalog(layout), **sample.STRUCTURE})]


def killer(mutant, folder):
    """The first case that fails; those that failed for this template before, and its folder's, are asked first."""
    own = battery.CASES.get(mutant.file.split("/")[0], ())
    likely = sorted(ALL, key=lambda case: (case not in own, -killed[mutant.file, case.__name__]))
    for case in likely:
        try:
            case(folder)
        except (Exception, pytest.fail.Exception):  # a statement that fails is noticed like a failed assertion
            return case
    return None


def test_enough_changes_were_noticed(request):
    """Runs last, and says who noticed how many."""
    if not killed:
        pytest.skip("the changes did not run in this process")
    print(f"\n{sum(killed.values())} of {len(MUTANTS)} changed templates were noticed:")
    for case in ALL:
        print(f"  {sum(n for (_, name), n in killed.items() if name == case.__name__):3} {case.__name__}")
    assert len(MUTANTS) >= AT_LEAST and sum(killed.values()) == len(MUTANTS)
