"""Verbs that are broken off at moments, a tree a transaction: what stands where before, between and after."""

import random
from collections import Counter
from urllib.parse import urlsplit

import brought
import command
import pytest
import worlds
from command import dump, invoke, judge_by
from opencode_lifecycle.sql.cascade import plan_file
from opencode_lifecycle.sql.reclamation import forecast
from opencode_lifecycle.sql.retention import archive
from opencode_lifecycle.sql.transfer import carrier, spool
from proxy import Proxy
from size import sized

__all__ = ["a_tree_at_once"]  # a fixture

TREES = sized(3, 3, 12)
ONCE = ((plan_file, "BATCH_SESSIONS", 3), (archive, "AT_ONCE", 1), (spool, "TOGETHER", 0),
        (carrier, "CHUNK_SESSIONS", 3), (forecast, "BATCH_ROWS", 4))
PRUNE = ("prune", "--days=30", judge_by(), "--yes")
SHIP = {"mirror": ("mirror", "--to=PLACE", "--store=HOT"), "evict": (*PRUNE, "--export-to=PLACE", "--store=HOT")}
OTHERS = {
    "migrate": ("migrate", "--to=PLACE"),
    "restore": ("restore", "PLACE", "--store=NEW"),
    "stats": ("stats", "--store=PLACE"),
    "prune": (*PRUNE, "--store=PLACE"),
    "undo": ("undo", "--yes", "--store=PLACE"),
    "reclaim": ("reclaim", "--only=events", "--all-events", judge_by(), "--yes", "--store=PLACE"),
    "archive": ("archive", "--older-than=30d", judge_by(), "--yes", "--store=PLACE"),
}
VERBS = SHIP | OTHERS
MOMENTS = sized(1, 1, 20)


class World:
    """A client's store, an empty one, and a server that is spoken to through a proxy."""

    def __init__(self, url, folder, pad=300):
        self.pad, self.url, self.hot, self.new = pad, url, folder / "opencode.db", folder / "new.db"
        self.proxy = Proxy(urlsplit(url).port)
        through = url.replace(f":{urlsplit(url).port}/", f":{self.proxy.port}/")
        self.place = f"{through}?answer_timeout=1&connect_timeout=2"

    def anew(self, name):
        """As it is before the verb; what stands where."""
        worlds.empty(self.url)
        self.hot.unlink(missing_ok=True)
        command.planted(self.hot, trees=TREES, parts=2, pad=self.pad)
        brought.empty(self.new, "1.18.33")
        if name in OTHERS and name != "migrate":
            worlds.load(self.hot, self.url)
        if name == "undo":
            self.run("prune")
        return self.found()

    def run(self, name):
        named = {"PLACE": self.place, "HOT": str(self.hot), "NEW": str(self.new)}
        return invoke(*(_spelled(word, named) for word in VERBS[name]), inside=True)

    def found(self):
        """By place, the rows of each tree by table."""
        dumped = {"there": worlds.dump(self.url), "hot": dump(self.hot), "new": dump(self.new)}
        return {place: [{table: sorted(row for row in rows if f"ses_{tree:04}_" in str(row))
                         for table, rows in tables.items()} for tree in range(TREES)]
                for place, tables in dumped.items()}

    def held_against(self, name, start, end):
        """Each tree is as it was or as it is to be, with all of its rows; what left the store is on the server."""
        found = self.found()
        for place in found:
            for tree, (now, was, then) in enumerate(zip(found[place], start[place], end[place], strict=True)):
                now, was, then = (_some(rows) for rows in (now, was, then))
                if name == "reclaim":
                    assert all(Counter(then.get(table, [])) <= Counter(rows) <= Counter(was[table])
                               for table, rows in now.items()), (place, tree)
                else:
                    assert now in (was, then), (place, tree)
        if name == "evict":
            for hot, there in zip(found["hot"], found["there"], strict=True):
                assert _some(hot) or _some(there), "it is nowhere"
        return found


def _spelled(word, named):
    for name, place in named.items():
        word = word.replace(name, place) if word == name or word.endswith(f"={name}") else word
    return word


def _some(rows):
    """Without empty tables, and without those that the other side does not have."""
    return {table: found for table, found in rows.items() if found}


@pytest.fixture
def a_tree_at_once(monkeypatch):
    for module, name, value in ONCE:
        monkeypatch.setattr(module, name, value)


def clean(world, name):
    """What stands where before and after a run that nothing happens to, and how many octets it sends."""
    start = world.anew(name)
    world.proxy.at(None)
    ran = world.run(name)
    assert ran.code == 0, ran
    return start, world.found(), world.proxy.passed


def at_moments(world, name, break_at, codes, mend=lambda: None):
    """Break the verb off after so many octets, look, and run it again; how often that was between two transactions."""
    start, end, octets = clean(world, name)
    draw, between = random.Random(f"{world.url[:5]} {name}"), 0
    for _ in range(MOMENTS):
        assert world.anew(name) == start
        moment = draw.randrange(1, octets)
        ran = break_at(moment, draw)
        assert ran.code in (0, *codes) and "Traceback" not in ran.err, (moment, ran)
        assert ran.code <= 0 or ran.sentence.endswith("."), (moment, ran)
        mend()
        world.proxy.mend()
        left = world.held_against(name, start, end)
        assert ran.code or left == end, "only what comes after the last change may be lost without a word"
        between += left not in (start, end)
        again = world.run(name)
        assert again.code == 0 and world.found() == end, (moment, again)
    return f"{name} to {world.url[:5]}: {MOMENTS} times, {between} of them in the midst of its changes"
