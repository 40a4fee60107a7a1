"""A change of a template as data: the file, the text before and after, and what is broken then.

The first place in the file where the text before stands is changed.
"""

from typing import NamedTuple


class Mutant(NamedTuple):
    file: str
    before: str
    after: str
    broken: str


def of(file, *changes):
    return [Mutant(file, *change) for change in changes]
