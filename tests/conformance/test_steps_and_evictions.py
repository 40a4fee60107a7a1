"""A store is used and evicted from by turns: the copy holds everything ever written, and any of it comes back."""

import random

import brought
import command
import mirrored
import pytest
from command import dump, invoked, judge_by, sessions_of
from forests import NOW
from size import sized

STEPS = sized(4, 8, 50)


class Evicted(mirrored.Used):
    """The same, but that what a prune takes is left to the copy alone."""

    def __init__(self, path, chance, place):
        super().__init__(path, chance)
        self.place = place

    def prune(self):
        self._verb("prune", f"--keep={max(1, len(self.ids()) - 2)}", judge_by(NOW + 10**10),
                   f"--export-to={self.place}")


def use(tmp_path, place, copied, seed):
    """Steps at random; after each the copy is what nothing had been taken from. In the end an empty store gets all."""
    used = Evicted(command.planted(tmp_path / "opencode.db", trees=3, parts=1, pad=20), random.Random(seed), place)
    kinds = []
    for number in range(STEPS):
        used.prune() if number == STEPS // 2 else kinds.append(used.step())
        mirrored.mirror(used.path, place)
        assert copied() == used.expected(), (seed, kinds)
    wanted = brought.content(used.shadow)
    new = brought.empty(tmp_path / "new.db", "1.18.33")
    invoked("restore", place, f"--store={new}", "--json", inside=True)
    assert {table: rows for table, rows in brought.content(new).items() if table not in brought.CONTENT} == \
        {table: rows for table, rows in wanted.items() if table not in brought.CONTENT}
    gone = sorted(sessions_of(used.shadow) - sessions_of(used.path))
    if gone:
        invoked("restore", place, f"--session={gone[0]}", f"--store={used.path}", inside=True)
        assert gone[0] in sessions_of(used.path)


@pytest.mark.parametrize("seed", range(sized(1, 1, 4)))
def test_a_cold_file_holds_everything_ever_written(tmp_path, seed):
    use(tmp_path, tmp_path / "cold.db", lambda: mirrored.held(tmp_path / "cold.db"), seed)
    assert dump(tmp_path / "cold.db")


@pytest.mark.parametrize("seed", range(sized(1, 1, 4)))
def test_a_server_holds_everything_ever_written(tmp_path, url, monkeypatch, seed):
    monkeypatch.setenv("OPENCODE_LIFECYCLE_COPY", url)  # where an undo looks for what a prune left there
    use(tmp_path, url, lambda: mirrored.copied(url), 100 + seed)
