"""Single changes to the templates, each of which some case must notice.

No file of the checkout is changed: the templates are copied, and the product reads the copy.
"""

import contextlib
import os
import shutil
from collections import Counter
from pathlib import Path

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
# By mutant, the case that noticed it when the file was written: where to begin, and no more than that.
NOTICED_BY = Path(__file__).parent / "noticed_by.txt"
tried: dict = {}
killed: Counter = Counter()


def noticed_by():
    lines = NOTICED_BY.read_text().splitlines() if NOTICED_BY.exists() else []
    return dict(line.rsplit(" | ", 1) for line in lines)


HINTS = noticed_by()


def named(mutant):
    return f"{mutant.file}: {mutant.broken}"


class Printer:
    """Prints the templates of the copy. What Jinja makes of a template is printed once; a change of an engine's own
    files, which are read as a statement is printed, is another world."""

    def __init__(self):
        self.changes, self.engine, self.known, self.real = 0, 0, {}, portable.printed

    def changed(self, file, back):
        """A file was written, or written `back`: templates are read again where their time says so, which no two
        writings share."""
        self.changes += 1
        os.utime(file, ns=(self.changes * 10**9,) * 2)
        if "engines" in file.parts:
            self.engine = 0 if back else self.changes
            for cached in (statements._engine_text, lower._functions):
                cached.cache_clear()

    def code(self):
        return f"{os.getpid()} {self.changes}"

    def printed(self, name, dialect, structure, modern, pretty):
        key = self.engine, name, dialect, modern, pretty, portable.source(name, structure)
        if key not in self.known:
            self.known[key] = self.real(name, dialect, structure, modern, pretty)
        return self.known[key]


def forget():
    for cached in (portable.templates, kept.code, statements._engine_text, lower._functions):
        cached.cache_clear()


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the templates, which the product reads inside this module, and its printer."""
    folder, printer = tmp_path_factory.mktemp("templates") / "sql", Printer()
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialects, "HERE", folder)
        patch.setattr(kept, "code", printer.code)
        patch.setattr(portable, "printed", printer.printed)
        yield folder, printer
    forget()


@contextlib.contextmanager
def changed(copied, mutant):
    folder, printer = copied
    file = folder / mutant.file
    text = file.read_text()
    assert mutant.before in text, f"{mutant.file} has no such text any more:\n{mutant.before}"
    file.write_text(text.replace(mutant.before, mutant.after, 1))
    printer.changed(file, back=False)
    try:
        yield
    finally:
        file.write_text(text)
        printer.changed(file, back=True)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.__name__)
def test_the_templates_as_they_are_pass(case, copied, tmp_path):
    case(tmp_path)


@pytest.mark.parametrize("mutant", MUTANTS, ids=named)
def test_a_changed_template_is_noticed(mutant, copied, tmp_path):
    tried[named(mutant)] = ""
    with changed(copied, mutant):
        assert not faults(mutant), "a change that the check refuses shows nothing about the cases"
        case = killer(mutant, tmp_path)
    assert case, f"{mutant.file}: nobody noticed that {mutant.broken}"
    tried[named(mutant)] = case.__name__
    killed[mutant.file, case.__name__] += 1


def faults(mutant):
    """What the closed world has against the changed template, with every table there is."""
    name = mutant.file.removesuffix(".sql")
    if name not in render.names():
        return []
    return portable.inspect(name, {"store": sample.catalog("mixed"), **sample.STRUCTURE})


def killer(mutant, folder):
    """The first case that fails; the one that did before comes first, then those of the mutant's folder, and among
    them who noticed another change of the same file."""
    own = CASES.get(mutant.file.split("/")[0], ())
    likely = sorted(ALL, key=lambda case: (case.__name__ != HINTS.get(named(mutant)), case not in own,
                                             -killed[mutant.file, case.__name__]))
    for case in likely:
        try:
            case(folder)
        except (Exception, pytest.fail.Exception):  # a statement that fails is noticed as well
            return case
    return None


def test_every_change_was_noticed(say, request):
    """Runs last."""
    if request.config.getoption("update_golden"):
        NOTICED_BY.write_text("".join(f"{name} | {case}\n" for name, case in (HINTS | tried).items()
                                      if case and name in map(named, MUTANTS)))
    say(f"{killed.total()} of {len(tried)} changed templates were noticed, of {len(MUTANTS)} that there are")
    assert len(MUTANTS) >= AT_LEAST
    assert killed.total() == len(tried)
