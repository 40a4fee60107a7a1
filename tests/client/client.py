"""The real client, offline: installed once, run in folders of its own, never left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

VERSION = "1.18.33"
CACHE = "OPENCODE_CLIENT_CACHE"

# The watcher kills the whole process group when our end of the pipe closes, even if we were killed ourselves.
GUARDED = 'exec 3<&0 </dev/null; { read -r _ <&3; kill -KILL 0; } >/dev/null 2>&1 & exec "$@" 3<&-'

# A proxy that refuses: whatever the client tries to fetch fails at once instead of reaching the network.
NOWHERE = "http://127.0.0.1:9"

WAITS = 6_000  # looks, of a twentieth of a second, for what a loaded machine takes long to do


class Unavailable(RuntimeError):
    """The client cannot be installed here."""


class NotFound(LookupError):
    """The client does not know this session."""


@dataclass(frozen=True)
class Finished:
    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode(errors="replace") + self.err


@dataclass(frozen=True)
class Reply:
    session: str
    text: str


def program() -> Path:
    """The client's binary, installed into the cache on first use."""
    default = Path.home() / ".cache" / "opencode-lifecycle" / "client"
    folder = Path(os.environ.get(CACHE) or default).expanduser() / VERSION
    target = folder / "opencode"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _install(target)
    return target


def _install(target: Path) -> None:
    """Several packages may fit this machine (with and without AVX2): keep the first that starts."""
    npm = shutil.which("npm")
    if not npm:
        raise Unavailable("npm is not installed, and no client is in the cache")
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    with tempfile.TemporaryDirectory(dir=target.parent) as place:
        command = [npm, "install", "--prefix", place, *flags, f"opencode-ai@{VERSION}"]
        try:
            subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=600, check=True)
        except subprocess.SubprocessError as error:
            reason = " ".join((getattr(error, "stderr", None) or str(error)).split())[:200]
            raise Unavailable(f"npm could not install opencode-ai@{VERSION}: {reason}") from None
        for found in sorted(Path(place, "node_modules").glob("opencode-*/bin/opencode")):
            if _starts(found, Path(place)):
                found.replace(target)
                return
    raise Unavailable(f"no binary of opencode-ai@{VERSION} starts on this machine")


def _starts(binary: Path, home: Path) -> bool:
    binary.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home)}
    try:
        said = subprocess.check_output([binary, "--version"], env=environment, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return said.strip() == VERSION


@dataclass(frozen=True)
class Client:
    """One user of the client: `home` holds all that it writes, `work` is the repository it works in."""

    binary: Path
    home: Path
    work: Path

    @property
    def data(self) -> Path:
        return self.home / "data" / "opencode"

    @property
    def db(self) -> Path:
        return self.data / "opencode.db"

    @property
    def env(self) -> dict[str, str]:
        """Nothing of the caller's but the search path."""
        names = {
            "HOME": "home",
            "TMPDIR": "tmp",
            "XDG_DATA_HOME": "data",
            "XDG_CONFIG_HOME": "config",
            "XDG_STATE_HOME": "state",
            "XDG_CACHE_HOME": "cache",
        }
        folders = {name: self.home / folder for name, folder in names.items()}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        offline = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOWHERE)
        return {
            **{name: str(folder) for name, folder in folders.items()},
            **offline,
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
            "npm_config_registry": NOWHERE,
            "OPENCODE_DISABLE_MODELS_FETCH": "1",
            "OPENCODE_DISABLE_AUTOUPDATE": "1",
            "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
        }

    def call(self, *args: str, timeout: float = 300) -> Finished:
        """Run one command; its output goes to files, because the client cuts what it writes to a pipe."""
        self.data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = self._start(args, out, err)
            try:
                process.wait(timeout)
            finally:
                _end(process)
            out.seek(0)
            err.seek(0)
            return Finished(process.returncode, out.read(), err.read().decode(errors="replace"))

    def _start(self, args: tuple[str, ...], out, err) -> subprocess.Popen:
        command = ["sh", "-c", GUARDED, "sh", str(self.binary), *args]
        return subprocess.Popen(
            command,
            cwd=self.work,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )

    def _must(self, *args: str) -> Finished:
        done = self.call(*args)
        if "Session not found" in done.text:
            raise NotFound(args[-1])
        if done.code:
            raise RuntimeError(f"opencode {' '.join(args)} ended with {done.code}: {done.text[-2000:]}")
        return done

    def run(self, prompt: str, session: str | None = None) -> Reply:
        """Prompt a new session or a given one, and wait for the answer."""
        into = ["--session", session] if session else []
        done = self._must("run", "--format", "json", *into, prompt)
        events = [json.loads(line) for line in done.out.splitlines() if line.startswith(b"{")]
        text = "".join(event["part"]["text"] for event in events if event["type"] == "text")
        if not events or any(event["type"] == "error" for event in events):
            raise RuntimeError(f"the prompt failed: {done.text[-2000:]}")
        return Reply(events[0]["sessionID"], text)

    def sessions(self) -> list[dict]:
        """What `session list` shows: the roots of this project."""
        done = self._must("session", "list", "--format", "json", "--max-count", "1000")
        return json.loads(done.out or b"[]")

    def export(self, session: str) -> bytes:
        return self._must("export", session).out

    def delete(self, session: str) -> Finished:
        return self._must("session", "delete", session)

    def import_(self, file: Path) -> Finished:
        return self._must("import", str(file))

    @contextmanager
    def serve(self) -> Iterator[Server]:
        """A running `opencode serve`, stopped at the end whatever happens."""
        self.data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile() as log:
            process = self._start(("serve", "--port", str(_free_port())), log, log)
            try:
                yield Server(_address(process, log))
            finally:
                _end(process)

    def copy_store(self, source: Path) -> None:
        """Take over another client's store as it is, log included."""
        self.data.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(self.db)) as new:
            old.backup(new)
            # Before the client opens it, the copy is in the mode in which the client left the original.
            new.execute("PRAGMA journal_mode=WAL")

    def processes(self) -> list[int]:
        """What still runs with these folders; always empty where there is no /proc."""
        mark = f"HOME={self.home}/".encode()
        files = Path("/proc").glob("[0-9]*/environ")
        return [int(file.parent.name) for file in files if mark in _bytes_of(file)]


@dataclass(frozen=True)
class Server:
    """A served client, spoken to by HTTP."""

    url: str

    def ask(self, method: str, path: str, body: object = None) -> object:
        data = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data, kind, method=method)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=300) as response:
                return json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            problem = NotFound if error.code == 404 else RuntimeError
            raise problem(f"{method} {path}: {error.code} {text[:2000]}") from None

    def get(self, path: str) -> object:
        return self.ask("GET", path)

    def post(self, path: str, body: object) -> object:
        return self.ask("POST", path, body)

    def create(self, title: str) -> str:
        return self.post("/session", {"title": title})["id"]

    def prompt(self, session: str, text: str) -> str:
        """Prompt a session, wait, and return the closing answer."""
        reply = self.post(f"/session/{session}/message", {"parts": [{"type": "text", "text": text}]})
        if reply["info"].get("error"):
            raise RuntimeError(f"the prompt failed: {reply['info']['error']}")
        return "".join(part["text"] for part in reply["parts"] if part["type"] == "text")

    def fork(self, session: str) -> str:
        return self.post(f"/session/{session}/fork", {})["id"]

    def start_runner(self) -> str:
        """A session of the client's second runner, which keeps its messages in tables of their own."""
        return self.post("/api/session", {})["data"]["id"]

    def prompt_runner(self, session: str, text: str) -> str:
        """Prompt such a session, wait, and return the closing answer."""
        prompt = self.post(f"/api/session/{session}/prompt", {"prompt": {"text": text}})["data"]["id"]
        for _ in range(WAITS):
            newest = self.get(f"/api/session/{session}/message")["data"]
            if newest and newest[0].get("finish") == "stop" and prompt in [one["id"] for one in newest]:
                return "".join(part["text"] for part in newest[0]["content"] if part["type"] == "text")
            time.sleep(0.05)
        raise RuntimeError(f"the prompt got no answer: {newest}")

    def compact(self, session: str) -> None:
        self.post(f"/session/{session}/summarize", {"providerID": "mock", "modelID": "m"})

    def archive(self, session: str, at: int) -> None:
        self.ask("PATCH", f"/session/{session}", {"time": {"archived": at}})


def _free_port() -> int:
    """Port 0 would mean 4096 to the client, where somebody's own server may be expected."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _address(process: subprocess.Popen, log) -> str:
    """Wait until the server says where it listens."""
    for _ in range(WAITS):
        # The client writes where this file stands: look without moving it.
        text = os.pread(log.fileno(), 1 << 16, 0).decode(errors="replace")
        if "listening on http" in text:
            return text.partition("listening on ")[2].split()[0]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"opencode serve did not start: {text[-2000:]}")


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _end(process: subprocess.Popen) -> None:
    """Ask, then kill, the client and all of its process group."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
    # The watcher is still in the group, so the number cannot belong to anybody else yet.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdin.close()


def repository(folder: Path, model_url: str) -> Path:
    """A scratch repository whose project file names the mock model."""
    folder.mkdir(parents=True)
    (folder / "opencode.json").write_text(json.dumps(_project(model_url), indent=1))
    (folder / "README.md").write_text("a scratch project\n")
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "start"]):
        subprocess.run([*git, *command], cwd=folder, check=True, capture_output=True)
    return folder


def _project(model_url: str) -> dict:
    limits = {"context": 20000, "output": 2000}
    kinds = {"input": ["text", "image", "pdf"], "output": ["text"]}
    model = {"name": "M", "limit": limits, "attachment": True, "modalities": kinds}
    provider = {
        "npm": "@ai-sdk/openai-compatible",
        "name": "Mock",
        "options": {"baseURL": model_url, "apiKey": "x"},
        "models": {"m": model},
    }
    return {
        "provider": {"mock": provider},
        "model": "mock/m",
        "small_model": "mock/m",
        # A child may start a child or keep todos only where the permission is named, and the depth allows it.
        "permission": {"*": "allow", "task": "allow", "todowrite": "allow"},
        "subagent_depth": 3,
        "autoupdate": False,
        "share": "disabled",
    }


@contextmanager
def copied(client: Client, home: Path) -> Iterator[Client]:
    copy = Client(client.binary, home, client.work)
    copy.copy_store(client.db)
    yield copy
    assert_nothing_runs(copy)


def assert_nothing_runs(client: Client) -> None:
    """No process outlives its test; a killed one takes a moment to go."""
    end = time.monotonic() + 2
    while (left := client.processes()) and time.monotonic() < end:
        time.sleep(0.02)
    assert left == []
