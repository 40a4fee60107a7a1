"""What each verb takes of memory beside very many small sessions: it does not grow with them."""

import shutil
import sys
from pathlib import Path

import pytest
from forests import NOW
from peaks import peak
from size import sized

sys.path.append(str(Path(__file__).parents[1] / "benchmark"))
from make_store import make_small

pytestmark = pytest.mark.whole
FEW, MANY = 10_000, sized(40_000, 40_000, 200_000)
MB = 10**6
OCTETS = 400              # of memory for each session beyond: what SQLite sorts, it sorts in memory
FIXED = 24 * MB           # and what fills up to a limit of its own: caches, what is held before it spills
VERBS = {
    "stats": ("stats", "--json"),
    "stats --deep": ("stats", "--deep", "--json"),
    "plan": ("plan", "--days=30", "--out={folder}/plan.sql"),
    "plan --json": ("plan", "--days=30", "--json"),
    "export": ("export", "--output={folder}/e.json.zst", "--json"),
    "prune": ("prune", "--days=30", "--yes", "--no-export", "--json"),
    "prune --vacuum": ("prune", "--days=30", "--yes", "--no-export", "--vacuum", "--json"),
    "prune --export": ("prune", "--days=30", "--yes", "--export={folder}/e.json.zst", "--json"),
}


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    folder = tmp_path_factory.mktemp("many")
    found = {}
    for sessions in (FEW, MANY):
        found[sessions] = folder / f"{sessions}.db"
        make_small(found[sessions], "small_sessions.sql", sessions)
    return found


@pytest.mark.parametrize("verb", VERBS)
def test_memory_does_not_grow_with_the_number_of_sessions(verb, stores, tmp_path):
    held = {}
    for sessions, made in stores.items():
        folder = tmp_path / str(sessions)
        folder.mkdir()
        store = shutil.copy(made, folder / "opencode.db")
        words = [word.format(folder=folder) for word in VERBS[verb]]
        held[sessions], _ = peak(folder, *words, f"--store={store}", f"--now={NOW}")
    more = held[MANY] - held[FEW]
    print(f"{verb}: {held[FEW] / MB:.0f} and {held[MANY] / MB:.0f} MB")
    assert more < FIXED + OCTETS * (MANY - FEW)
