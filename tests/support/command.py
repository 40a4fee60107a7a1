"""The product as people call it: its command line, in a process of its own."""

import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import forests
import forked
import moments
import odd_values
import oracle
import pytest
import store_rows
from forests import LONG_AGO, NOW, Recipe, Row, Session
from invoke import Program
from opencode_lifecycle import tasks
from places import ROOT

STEPPED = Path(__file__).parent / "stepped.py"
OURS = ("", "-wal", "-shm", "-journal")  # what SQLite itself may have beside a store


@dataclass
class Ran:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        """The one JSON document on stdout; None where nothing was printed."""
        return json.loads(self.out) if self.out.strip() else None

    @property
    def sentence(self):
        """The last that was said: the reason of a refusal."""
        lines = self.err.strip().splitlines()
        return lines[-1] if lines else ""


def line(*words, program=("-m", "invoke")):
    return [sys.executable, *program, *map(str, words)]


def invoke(*words, program=("-m", "invoke"), stdin="", inside=False, **more):
    """Run a verb without a terminal; `inside` this process, which is quicker, where no lock is looked at."""
    more = {"env": os.environ, "timeout": 120} | more
    if inside:
        return _inside(words, stdin, more["env"])
    if program == ("-m", "invoke") and more.keys() == {"env", "timeout"} and forked.can(more["env"]):
        code, *said = forked.run([str(word) for word in words], ROOT, more["env"], stdin.encode(), more["timeout"])
        return Ran(code, *(_text(octets) for octets in said))
    done = subprocess.run(
        line(*words, program=program),
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        **more,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def _text(octets):
    """As `subprocess` reads text."""
    return octets.decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")


def _inside(words, stdin, env):
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        mock.patch.dict(os.environ, env),
        mock.patch("sys.stdin", io.StringIO(stdin)),
    ):
        try:
            Program(namespace=tasks.namespace()).run(["invoke", *map(str, words)])
        except SystemExit as end:
            code = end.code or 0
    return Ran(code, out.getvalue(), err.getvalue())


def invoked(*words, code=0, **more):
    """Run a verb that must end with this exit code, without a traceback."""
    ran = invoke(*words, **more)
    assert "Traceback" not in ran.err, ran.err
    assert ran.code == code, (words, ran)
    return ran


def refused(code, *words, says=(), alone=True, **more):
    """Run a verb that must be refused: an exit code, and one sentence that says these words."""
    ran = invoked(*words, code=code, **more)
    sentences = ran.err.strip().splitlines()
    assert sentences and (len(sentences) == 1 or not alone), ran.err
    assert sentences[-1].endswith("."), ran.err
    for word in (says,) if isinstance(says, str) else says:
        assert word in sentences[-1], (word, ran.err)
    return ran


# --- stores --------------------------------------------------------------------------------------


def grove(trees=12, parts=4, pad=1_000, fresh=1, updated=LONG_AGO):
    """Trees of a root, a child and its child, with messages, parts and events; the last ones are fresh."""
    sessions, rows = [], []
    for tree in range(trees):
        moment = NOW - 2 * moments.DAY if tree >= trees - fresh else updated + tree
        ids = [f"ses_{tree:04}_{place}" for place in "abc"]
        for id, parent in zip(ids, [None, *ids], strict=False):
            sessions.append(Session(id, parent, moment, title=f"tree {tree}"))
            rows.append(
                Row(
                    "message",
                    {"id": f"msg_{id}", "session_id": id, "time_updated": moment, "data": odd_values.DONE},
                )
            )
            rows += [
                Row(
                    "part",
                    {
                        "id": f"prt_{id}_{n}",
                        "message_id": f"msg_{id}",
                        "session_id": id,
                        "time_updated": moment,
                        "data": odd_values.PARTS[0],
                    },
                    pad,
                )
                for n in range(parts)
            ]
            rows.append(Row("event_sequence", {"aggregate_id": id, "seq": 1}))
            rows += [
                Row(
                    "event",
                    {
                        "id": f"evt_{id}_{n}",
                        "aggregate_id": id,
                        "seq": n,
                        "type": "message.updated.1",
                        "data": odd_values.EVENTS[0],
                    },
                    pad,
                )
                for n in range(2)
            ]
            rows.append(Row("todo", {"session_id": id}))
    return Recipe(sessions, rows=rows)


def planted(path, schema="1.18.33", **shape):
    return forests.build(grove(**shape), path, schema)


def stranger(path, **shape):
    """A store like the planted one that a client has made at another time: by its marks it is another."""
    planted(path, **shape)
    with opened(path) as con:
        con.execute("UPDATE migration SET time_completed = time_completed + 1")
        for table in ("project", "session"):
            con.execute(f"UPDATE {table} SET time_created = time_created + 1")
    return path


def dump(path):
    """The store as plain SQLite reads it; its journal stays as it is."""
    with opened(path) as con:
        return store_rows.dump(con)


@contextmanager
def opened(path):
    con = sqlite3.connect(path, isolation_level=None)
    try:
        yield con
    finally:
        con.close()


def trees_of(path, now=NOW):
    """The sessions of each tree, by the oracle."""
    with opened(path) as con:
        return [set(v.sessions) for v in oracle.judge(con, oracle.Policy(), now) if v.unit == "tree"]


def sessions_of(path):
    with opened(path) as con:
        return {id for (id,) in con.execute("SELECT id FROM session")}


def sound(path):
    """No damage, nothing of ours inside, and nothing of ours beside it."""
    with opened(path) as con:
        assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        names = {name for (name,) in con.execute("SELECT name FROM sqlite_master")}
    assert not [name for name in names if name.startswith("lc_")]
    nothing_beside(path)


def nothing_beside(path, *known):
    """Only SQLite's own files lie beside the store."""
    path = Path(path)
    stores = [path, *map(Path, known)]
    mine = {f"{store.name}{end}" for store in stores for end in OURS}
    assert {p.name for p in path.parent.iterdir()} <= mine


def whole_trees(original, path):
    """Each tree of the original is there row for row, or gone without a trace; the ids that went."""
    gone = sessions_of(original) - sessions_of(path)
    for tree in trees_of(original):
        assert tree <= gone or not tree & gone, f"{sorted(tree)} was torn"
    with opened(original) as con:
        assert dump(path) == store_rows.survivors(con, gone)
    return gone


def copy(path, name="copy.db"):
    """A copy in a folder of its own."""
    there = Path(tempfile.mkdtemp(dir=Path(path).parent.parent)) / name
    with opened(path) as con:
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(path, there)
    return there


def judge_by(now=NOW):
    return f"--now={now}"


# --- other programs ------------------------------------------------------------------------------

OTHER = """
import sqlite3, sys
con = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    con.execute(statement).fetchall()
print("ready", flush=True)
sys.stdin.readline()
con.close()
"""


@contextmanager
def another(path, *statements):
    """Another program that has run these statements on the store and keeps it open."""
    child = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(path), *statements],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout.readline() == "ready\n"
        yield child
    finally:
        if child.poll() is None:
            child.stdin.write("\n")
            child.stdin.close()
        child.wait(30)
        child.stdout.close()


def writer(path):
    return another(path, "BEGIN IMMEDIATE")


def reader(path):
    return another(path, "BEGIN", "SELECT COUNT(*) FROM session")


def client(path):
    """What a client at rest is: the store open, nothing under way."""
    return another(path, "SELECT COUNT(*) FROM session")


class Stepped:
    """The command line with small batches, which waits before those that a test names."""

    def __init__(self, folder, *words, rows=1, wait=(), **more):
        self.marks = Path(folder)
        self.marks.mkdir(parents=True, exist_ok=True)
        asked = json.dumps({"rows": rows, "wait": list(wait), "marks": str(self.marks)})
        self.child = subprocess.Popen(
            line(asked, *words, program=(str(STEPPED),)),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **more,
        )

    def reached(self, batch):
        """Wait until the run stands before a batch."""
        ends = time.monotonic() + 60
        while not (self.marks / f"at-{batch}").exists():
            assert self.child.poll() is None, self.child.communicate()
            assert time.monotonic() < ends
            time.sleep(0.001)

    def go_on(self, batch):
        (self.marks / f"go-{batch}").touch()

    def kill(self, number=signal.SIGKILL):
        self.child.send_signal(number)
        return self.ended()

    def ended(self):
        out, err = self.child.communicate(timeout=120)
        return Ran(self.child.returncode, out, err)


# --- places --------------------------------------------------------------------------------------


@contextmanager
def mounted(folder, *words):
    """Something mounted at a folder; skips where this user may not."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", *words, str(folder)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"cannot mount: {done.stderr.strip()}")
    try:
        yield Path(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def small_disk(folder, size="4m"):
    return mounted(folder, "-t", "tmpfs", "-o", f"size={size}", "tmpfs")


def fill(folder, leave=0):
    """Leave so many bytes free on the disk of a folder."""
    free = shutil.disk_usage(folder).free - leave
    with (Path(folder) / "filler").open("wb") as file:
        file.write(b"x" * max(0, free))


@contextmanager
def read_only(path):
    """A file or folder that cannot be written, whoever asks."""
    if os.geteuid():
        mode = path.stat().st_mode
        path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            yield
        finally:
            path.chmod(mode)
        return
    for words in (["mount", "--bind", str(path), str(path)], ["mount", "-o", "remount,ro,bind", str(path)]):
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"cannot mount: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)
