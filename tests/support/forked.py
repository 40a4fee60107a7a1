"""Verbs as processes of their own, without paying for Python's imports each time.

A server process of each test worker loads what every verb loads, opens no store, and forks for every run. The
child is what `python -m invoke` would be: its own process, environment, folder and files, and it ends by itself.
"""

import atexit
import functools
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

# What Python and rich read of their environment when they start is not read anew by a fork.
AT_START = ("PYTHON", "LC_", "LANG", "TZ", "LD_", "COLUMNS", "LINES", "TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR")
START = dict(os.environ)


def run(words, cwd, env, stdin, timeout):
    """Exit code and the octets of stdout and stderr; `subprocess.TimeoutExpired` after so many seconds."""
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        told.write(stdin)
        told.seek(0)
        ours, theirs = socket.socketpair()
        with ours:
            order = json.dumps({"words": words, "cwd": str(cwd), "env": dict(env)}).encode()
            with theirs:
                socket.send_fds(_server(os.getpid()), [b"x"], [f.fileno() for f in (theirs, told, out, err)])
            ours.sendall(struct.pack("!I", len(order)) + order)
            pid = _number(ours)
            ours.settimeout(timeout)
            try:
                code = _number(ours)
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(words, timeout) from None
        out.seek(0)
        err.seek(0)
        return code, out.read(), err.read()


def can(env):
    """Whether a fork would be what a new process is under this environment."""
    return sys.platform == "linux" and all(
        env.get(name) == START.get(name) for name in {*env, *START} if name.startswith(AT_START))


@functools.cache
def _server(worker):
    """The end of a socket at which this worker asks for runs."""
    ours, theirs = socket.socketpair()
    child = subprocess.Popen([sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()],
                             cwd=Path(__file__).parents[2], env=START, stdin=subprocess.DEVNULL)
    theirs.close()

    def end():
        ours.close()
        child.wait()

    atexit.register(end)
    return ours


def _number(connection):
    octets = b""
    while len(octets) < 4:
        octets += connection.recv(4 - len(octets)) or _gone()
    return struct.unpack("!i", octets)[0]


def _gone():
    raise ConnectionError("the server of forks has ended")


# --- the server ----------------------------------------------------------------------------------


def serve(asked):
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those that wait for a run are nobody's care
    while True:
        octets, fds, *_ = socket.recv_fds(asked, 1, 4)
        if not octets:
            return
        if not os.fork():
            asked.close()
            _wait(*fds)
        for fd in fds:
            os.close(fd)


def _load():
    """What every verb loads; nothing that reads the environment, nothing that opens a file of a store."""
    from opencode_lifecycle import sql

    for module in ("rich.console", "rich.progress", "rich.table", "sqlite_utils", "zstandard", "invoke.main",
                   "opencode_lifecycle.policies.policy"):
        importlib.import_module(module)
    for found in pkgutil.walk_packages(sql.__path__, f"{sql.__name__}."):
        if not found.name.startswith(f"{sql.__name__}.verbs") and not found.name.endswith(".driver"):
            importlib.import_module(found.name)
    gc.freeze()


def _wait(talk, *files):
    """In a process between: start the run, tell its number, wait, tell its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    connection = socket.socket(fileno=talk)
    (length,) = struct.unpack("!I", connection.recv(4, socket.MSG_WAITALL))
    order = json.loads(connection.recv(length, socket.MSG_WAITALL))
    pid = os.fork()
    if not pid:
        connection.close()
        _become(order, files)
    for fd in files:
        os.close(fd)
    try:
        connection.sendall(struct.pack("!i", pid))
        _, status = os.waitpid(pid, 0)
        connection.sendall(struct.pack("!i", os.waitstatus_to_exitcode(status)))
    finally:
        os._exit(0)


def _become(order, files):
    """The run itself."""
    code = 1
    try:
        for fd, place in zip(files, (0, 1, 2), strict=True):
            os.dup2(fd, place)
            os.close(fd)
        os.chdir(order["cwd"])
        os.environ.clear()
        os.environ.update(order["env"])
        sys.argv = ["invoke", *order["words"]]
        sys.path[0] = order["cwd"]
        runpy.run_module("invoke", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                code = code or 120
        os._exit(code & 0xFF)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
