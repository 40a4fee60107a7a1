"""An error that nobody foresaw, at any statement of any verb: one sentence, and exit code 1 before anything was changed
and 3 after it, once what was done is told; and the same verb again finishes."""

import contextlib
import shutil
from unittest import mock

import by_url
import command
import forests
import moments
import nasty
import pytest
import worlds
from attached import file, text
from attached import url as picture
from command import invoke, invoked, judge_by
from forests import Recipe
from opencode_lifecycle.sql.cascade import plan_file
from opencode_lifecycle.sql.engines import engine_module
from opencode_lifecycle.sql.reclamation import attachments, forecast, originals
from opencode_lifecycle.sql.retention import archive
from opencode_lifecycle.sql.transfer import carrier, spool
from reclaimed import message, part
from size import sized

FAULTS = {"postgres": "SELECT 1 / 0", "mysql": "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no such thing'",
          "sqlite": "SELECT abs(-9223372036854775807 - 1)"}
CALLS = ("execute", "execute_all", "write", "rows", "run_to_end")
OFTEN = ((plan_file, "BATCH_SESSIONS", 3), (archive, "AT_ONCE", 2), (forecast, "BATCH_ROWS", 4),
         (originals, "BATCH_ROWS", 4), (spool, "TOGETHER", 0), (carrier, "CHUNK_SESSIONS", 3), (attachments, "ROWS", 2))
SWEEP = sized(0, 0, 60)
PRUNE = ("prune", "--days=30", judge_by(), "--yes")
RECLAIM = ("reclaim", "--only=events,compacted", "--all-events", judge_by(), "--yes")
MOVE = ("reclaim", "--only=attachments", judge_by(), "--yes")
ARCHIVE = ("archive", "--older-than=30d", judge_by(), "--yes")
RENAMED = "UPDATE session SET title = 'renamed' WHERE id LIKE '%_b'"
# By name: what comes before, and the verb that meets the error.
VERBS = {
    "prune": ([], PRUNE),
    "apply": ([("plan", "--days=30", judge_by(), "--out=PLAN")], ("apply", "PLAN", "--yes")),
    "undo of prune": ([PRUNE], ("undo", "--yes")),
    "reclaim": ([], RECLAIM),
    "undo of reclaim": ([RECLAIM], ("undo", "--yes")),
    "undo of undo of reclaim": ([RECLAIM, ("undo", "--yes")], ("undo", "--yes", "--run=2")),
    "attachments": ([MOVE], ("restore", "--attachments")),
    "archive": ([], ARCHIVE),
    "undo of archive": ([ARCHIVE], ("undo", "--yes")),
    "restore": ([("export", "--output=FILE"), (*PRUNE, "--no-export")], ("restore", "FILE")),
    "undo of restore": ([("export", "--output=FILE"), (*PRUNE, "--no-export"), ("restore", "FILE")],
                        ("undo", "--yes", "--run=2")),
    "replace": ([("export", "--output=FILE"), RENAMED], ("restore", "FILE", "--replace", "--yes")),
    "undo of replace": ([("export", "--output=FILE"), RENAMED, ("restore", "FILE", "--replace", "--yes")],
                        ("undo", "--yes")),
}


@pytest.fixture(scope="module")
def grove(tmp_path_factory):
    found = command.grove(trees=4, parts=1, pad=50)
    rows = [message(), *(part(n, text(file(picture()))) for n in range(6)),
            *(part(10 + n, nasty.tool()) for n in range(6))]
    sessions = [*found.sessions, forests.Session("ses_1", updated=forests.NOW - 10 * moments.DAY)]
    return forests.build(Recipe(sessions, rows=[*found.rows, *rows]), tmp_path_factory.mktemp("g") / "opencode.db",
                         "1.18.33")


class World:
    """A store that can be had anew, on a file or a server, with folders of ours that know nothing of it."""

    def __init__(self, grove, folder, engine, url=None):
        self.grove, self.folder, self.engine, self.url, self.round = grove, folder, engine, url, 0

    def anew(self, monkeypatch):
        self.round += 1
        self.here = self.folder / str(self.round)
        for name in ("STATE", "DATA"):
            monkeypatch.setenv(f"XDG_{name}_HOME", str(self.here / name))
        self.here.mkdir()
        if self.url:
            worlds.empty(self.url)
            worlds.load(self.grove, self.url)
            self.store = self.url
        else:
            self.store = str(shutil.copy(self.grove, self.here / "opencode.db"))

    def dump(self):
        return worlds.dump(self.url) if self.url else command.dump(self.store)

    def words(self, words):
        named = {"PLAN": self.here / "plan.sql", "FILE": self.here / "e.json"}
        for name, path in named.items():
            words = [word.replace(name, str(path)) for word in words]
        return [*words, f"--store={self.store}"]

    def do(self, step):
        if isinstance(step, str):
            if self.url:
                by_url.run_sql(self.url, step)
            else:
                with command.opened(self.store) as con:
                    con.execute(step)
        else:
            with often():
                invoked(*self.words(step), inside=True)


@contextlib.contextmanager
def often():
    """Small batches, so that there are many transactions."""
    with contextlib.ExitStack() as stack:
        for module, name, value in OFTEN:
            stack.enter_context(mock.patch.object(module, name, value))
        yield


@contextlib.contextmanager
def broken(engine, at=None):
    """The statement of that number fails, once; how many there were."""
    on, counted, raw = engine_module(engine), [0], engine_module(engine).execute

    def through(real):
        def call(connection, *rest, **more):
            counted[0] += 1
            if counted[0] == at:
                raw(connection, FAULTS[engine])
            return real(connection, *rest, **more)
        return call

    with contextlib.ExitStack() as stack:
        for name in CALLS:
            stack.enter_context(mock.patch.object(on, name, through(getattr(on, name))))
        yield counted


def held(world, monkeypatch, before, verb):
    """Break the verb off at statement after statement, until it was in the midst of its changes; whether it was."""
    def prepared():
        world.anew(monkeypatch)
        for step in before:
            world.do(step)
        return world.dump()

    start = prepared()
    with often(), broken(world.engine) as counted:
        invoked(*world.words(verb), inside=True)
    end, low, high, found = world.dump(), 0, counted[0] + 1, False
    assert end != start
    for at in range(1, high, max(1, high // SWEEP)) if SWEEP else ():
        assert prepared() == start
        one(world, verb, at, start, end)
    while not found and high - low > 1:  # between an error before the first change and one after the last
        at = (low + high) // 2
        assert prepared() == start
        left = one(world, verb, at, start, end)
        found = left not in (start, end)
        low, high = (at, high) if left == start else (low, at)
    return found


def one(world, verb, at, start, end):
    """The verb with an error at a statement, and once more; what the store was in between."""
    with often(), broken(world.engine, at):
        ran = invoke(*world.words(verb), inside=True)
    left = world.dump()
    assert "Traceback" not in ran.err and (ran.sentence.endswith(".") or not ran.code), (at, ran)
    assert ran.code in ((1,) if left == start else (0, 1, 3) if left == end else (3,)), (at, ran)
    if ran.code == 3:
        assert "Stopped with work left" in ran.sentence and ran.out, (at, ran)
    if ran.code:
        invoke(*world.words(verb), inside=True)
        assert world.dump() == end, (at, ran)
    return left


@pytest.mark.parametrize("name", VERBS)
def test_an_unknown_error_of_a_file_is_a_sentence_and_the_verb_again_finishes(grove, tmp_path, monkeypatch, name):
    assert held(World(grove, tmp_path, "sqlite"), monkeypatch, *VERBS[name])


SOME = ("prune", "undo of prune", "undo of reclaim", "undo of archive")


@pytest.mark.parametrize("name", sized(SOME, SOME, VERBS))
def test_an_unknown_error_of_a_server_is_a_sentence_and_the_verb_again_finishes(grove, tmp_path, monkeypatch, url,
                                                                                engine, name):
    assert held(World(grove, tmp_path, engine, url), monkeypatch, *VERBS[name])


def test_an_unknown_error_in_the_midst_of_a_copy_is_told_with_what_was_copied(grove, url, engine):
    with often(), broken(engine) as counted:
        worlds.load(grove, url)
    for at in range(counted[0] // 2, counted[0], counted[0] // 8):
        worlds.empty(url)
        with often(), broken(engine, at):
            ran = invoke("mirror", f"--to={url}", f"--store={grove}", inside=True)
        if ran.code:
            assert ran.code == 3 and ran.out and "Stopped with work left" in ran.sentence, (at, ran)
        invoked("mirror", f"--to={url}", f"--store={grove}", inside=True)
        assert worlds.dump(url) == worlds.file_dump(grove)
