"""The process that owns a private server: however the tests end, nothing of the server is left.

When the test process ends, whatever the reason (return, Ctrl-C, SIGKILL), the warden sees its pipe close, stops
the engine and everything that came out of it, and removes the folder.
"""

import ctypes
import inspect
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Warden:
    """The process that owns one server. Started by `Server` in a bare interpreter from this very source.

    It reads orders as lines of JSON from its standard input and answers each with one line. The end of its
    input, or a parent that is gone, is the order to leave.
    """

    def __init__(self, parent, base, account, stop):
        self.parent, self.stop, self.server, self.left = parent, stop, None, b""
        self.linux = sys.platform == "linux"
        # Orphans of a killed server become our children (PR_SET_CHILD_SUBREAPER), so none is missed.
        self.prctl(36, 1)
        self.folder = Path(tempfile.mkdtemp(prefix="oclt-", dir=base))
        self.account = {"user": account[0], "group": account[1], "extra_groups": []} if account else {}
        if account:
            os.chown(self.folder, *account)

    def prctl(self, option, value):
        if self.linux:
            ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0)

    def serve(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        try:
            self.say(folder=str(self.folder))
            while (order := self.listen()) is not None:
                ((verb, value),) = order.items()
                self.say(**getattr(self, "do_" + verb)(value))
        except BrokenPipeError:
            pass  # nobody is left to hear the answer: leave
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            try:
                self.end(self.stop)
            finally:
                self.remove_folder()

    def listen(self):
        while b"\n" not in self.left:
            # A process forked from the tests may hold the pipe open, so look at the parent as well.
            if os.getppid() != self.parent:
                return None
            if select.select([0], [], [], 0.5)[0]:
                data = os.read(0, 65536)
                if not data:
                    return None
                self.left += data
        line, _, self.left = self.left.partition(b"\n")
        return json.loads(line)

    def say(self, **answer):
        os.write(1, json.dumps(answer).encode() + b"\n")

    def environment(self):
        # Client settings of the person who runs the tests must not reach the server.
        ours = ("PG", "MYSQL", "MARIADB", "LC_", "LANG")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        return kept | {"LC_ALL": "C", "HOME": str(self.folder), "TMPDIR": str(self.folder)}

    def spawn(self, argv, out):
        return subprocess.Popen(
            argv, cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            # PR_SET_PDEATHSIG: if the warden itself is killed, the engine goes with it. (It has no threads.)
            preexec_fn=lambda: self.prctl(1, self.stop), **self.account,  # noqa: PLW1509
        )  # fmt: skip

    def do_run(self, argv):
        with tempfile.TemporaryFile() as out:
            code = self.spawn(argv, out).wait()
            out.seek(0)
            return {"code": code, "output": out.read().decode(errors="replace")}

    def do_start(self, argv):
        with (self.folder / "log").open("ab") as log:
            self.server = self.spawn(argv, log)
        return {"pid": self.server.pid}

    def do_alive(self, _):
        return {"alive": self.server is not None and self.server.poll() is None}

    def do_kill(self, number):
        self.end(number)
        return {}

    def end(self, number):
        """Signal the server, give it ten seconds, then kill it and all it has left behind."""
        if self.server:
            if self.server.poll() is None:
                self.server.send_signal(number)
                try:
                    self.server.wait(10)
                except subprocess.TimeoutExpired:
                    self.server.kill()
                    self.server.wait()
            self.remove_shared_memory(self.server.pid)
        while self.linux and (orphans := self.children()):
            for pid in orphans:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        self.server = None

    def children(self):
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                # "pid (name) state parent ..", and a name may hold anything.
                parent = (process / "stat").read_bytes().rpartition(b")")[2].split()[1]
            except OSError:
                continue  # it ended meanwhile
            if int(parent) == os.getpid():
                found.append(int(process.name))
        return found

    def remove_shared_memory(self, creator):
        # A Postgres that is killed leaves a System V segment that no folder holds.
        table = Path("/proc/sysvipc/shm")
        for line in table.read_text().splitlines()[1:] if table.exists() else ():
            _, segment, _, _, made_by, *_ = map(int, line.split())
            if made_by == creator:
                ctypes.CDLL(None).shmctl(segment, 0, None)

    def remove_folder(self):
        for _ in range(50):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not self.folder.exists():
                return
            time.sleep(0.1)


def warden_source():
    """The warden as a program: no import of this module (slow, and pytest is not its business)."""
    modules = "ctypes, json, os, select, shutil, signal, subprocess, sys, tempfile, time"
    start = "Warden(*json.loads(sys.argv[1])).serve()"
    return f"import {modules}\nfrom pathlib import Path\n{inspect.getsource(Warden)}\n{start}"
