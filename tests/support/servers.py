"""Private database servers for tests: Postgres and MariaDB on loopback, in temporary folders.

The helpers know nothing of pytest; the fixtures at the end are for a conftest:

    from servers import *  # noqa: F403

Each server is owned by a small process, its warden, that creates the folder, runs the engine as an ordinary
user and waits. When the test process ends, whatever the reason (return, Ctrl-C, SIGKILL), the warden sees its
pipe close, stops the engine and everything that came out of it, and removes the folder. So nothing is left.

`TEST_POSTGRES_URL` and `TEST_MYSQL_URL` name servers to use in place of private ones: each test still gets a
database of its own there. A missing engine skips the test, or fails it with `REQUIRE_ENGINES=1`. MySQL 8, which
Debian's stable releases do not have, is tested where `TEST_MYSQL8_URL` names a server, and skipped elsewhere.
"""

import contextlib
import ctypes
import importlib
import inspect
import json
import os
import re
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest

__all__ = [
    "mysql8_admin_url",
    "mysql_admin_url",
    "mysql_durable",
    "mysql_lax_url",
    "mysql_server",
    "mysql_strict_url",
    "mysql_url",
    "postgres_admin_url",
    "postgres_ascii_url",
    "postgres_durable",
    "postgres_latin1_url",
    "postgres_pair",
    "postgres_server",
    "postgres_servers",
    "postgres_url",
]

STRICT = "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
LAX = ""
USER = "tester"


class EngineMissing(Exception):
    """An engine, a client or a driver that is not installed here; the message says which."""


def skip_or_fail(reason):
    """End the running test: skipped on a laptop, failed where every engine has to be there."""
    if os.environ.get("REQUIRE_ENGINES") == "1":
        pytest.fail(f"{reason} (REQUIRE_ENGINES=1)", pytrace=False)
    pytest.skip(reason)


@contextlib.contextmanager
def engines_wanted():
    """Turn a missing engine into a skip or a failure."""
    try:
        yield
    except EngineMissing as missing:
        skip_or_fail(str(missing))


# --- the warden ---------------------------------------------------------------------------------------------


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


# --- finding engines ----------------------------------------------------------------------------------------


def driver(name, package):
    """A database driver, imported only when a test wants it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise EngineMissing(f"the driver {package} is not installed: pip install {package}") from None


def on_path(*names):
    """The first of these programs; an ordinary user's PATH lacks the folders where servers live."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])
    for name in names:
        if found := shutil.which(name, path=path):
            return Path(found)
    return None


def postgres_folder():
    """The folder of the newest Postgres: Debian's place first, then wherever PATH leads."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    by_version = sorted(debian, key=lambda path: [int(n) for n in re.findall(r"\d+", path.parts[4])])
    if by_version:
        return by_version[-1].parent
    # PATH often holds a lone symbolic link; the other programs stand beside its target.
    found = on_path("postgres")
    for folder in (found.resolve().parent, found.parent) if found else ():
        if (folder / "initdb").exists():
            return folder
    raise EngineMissing("Postgres is not installed (no initdb)")


def program(engine, *names):
    found = on_path(*names)
    if not found:
        raise EngineMissing(f"{engine} is not installed (no {names[0]})")
    return str(found)


def account(*names):
    """User and group to run an engine as: None for ourselves, and never root, which Postgres refuses."""
    if os.geteuid() != 0:
        return None
    import pwd

    for name in (*names, "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise EngineMissing(f"no ordinary user to run a server as (tried {', '.join(names)}, nobody)")


def open_to_all(folder):
    """Whether another user can reach this folder."""
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def temporary_base():
    """Where servers live. Short, for a socket's path has about 100 characters; reachable for their user."""
    places = [Path(tempfile.gettempdir()).resolve(), Path("/tmp")]
    return str(next((place for place in places if os.geteuid() != 0 or open_to_all(place)), places[0]))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- servers ------------------------------------------------------------------------------------------------


class Server:
    """A private server. A context manager; `admin_url` names it, `log()` is what it said."""

    scheme, admin_database = "", ""
    wait_seconds = 60

    def __init__(self, accounts, stop, password=None):
        # Characters that need quoting in a URL, so that a reader of URLs who forgets to unquote is found out.
        self.password = password or f"p@s/{secrets.token_hex(6)}%"
        self.port = self.pid = None
        order = json.dumps([os.getpid(), temporary_base(), account(*accounts), stop])
        self.warden = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", warden_source(), order],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd="/", start_new_session=True,  # a Ctrl-C in the terminal is for the tests, not for the warden
        )  # fmt: skip
        try:
            self.folder = Path(self._answer()["folder"])
            self.make()
            self.start()
            self.provide()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def make(self):
        """Create the data folder."""
        raise NotImplementedError

    def command(self):
        """The command line of the server, for `self.port`."""
        raise NotImplementedError

    def provide(self):
        """Make the user that the URLs name."""
        raise NotImplementedError

    def connect(self):
        """A connection to the admin database through the socket: it can be no other server than this one."""
        raise NotImplementedError

    def order(self, **order):
        self.warden.stdin.write(json.dumps(order).encode() + b"\n")
        self.warden.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self.warden.stdout.readline()
        if not line:
            raise RuntimeError(f"the warden is gone: {self.warden.stderr.read().decode(errors='replace')}")
        return json.loads(line)

    def run(self, *argv):
        """Run a command as the server's user, in its folder."""
        answer = self.order(run=[str(arg) for arg in argv])
        if answer["code"]:
            raise RuntimeError(f"{argv[0]} ended with {answer['code']}:\n{answer['output']}")
        return answer["output"]

    def start(self):
        """Start the server, for the first time or after `kill`. The port stays the same once it was had."""
        known, self.port = self.port, self.port or free_port()
        for _ in range(3):
            self.pid = self.order(start=[str(arg) for arg in self.command()])["pid"]
            if self._ready():
                return
            # Between our look at the port and the server's bind, somebody else may have taken it.
            if known or "in use" not in self.log():
                break
            self.port = free_port()
        raise RuntimeError(f"{type(self).__name__} did not start:\n{self.log()[-3000:]}")

    def _ready(self):
        problem = driver(*self.driver).OperationalError
        deadline = time.monotonic() + self.wait_seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(problem):
                self.connect().close()
                return True
            if not self.order(alive=None)["alive"]:
                return False
            time.sleep(0.02)
        return False

    def kill(self):
        """SIGKILL to the server and all its processes, as a power cut would. `start` brings it back."""
        self.order(kill=signal.SIGKILL)

    def log(self):
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def url(self, database):
        """The URL of one of its databases, over TCP with a password."""
        return f"{self.scheme}://{USER}:{quote(self.password, safe='')}@127.0.0.1:{self.port}/{database}"

    @property
    def admin_url(self):
        return self.url(self.admin_database)

    def close(self):
        """Stop the server and wait until its processes and its folder are gone."""
        with contextlib.suppress(BrokenPipeError):
            self.warden.stdin.close()
        self.warden.wait(60)
        self.warden.stdout.close()
        self.warden.stderr.close()


class Postgres(Server):
    """A private Postgres. `durable` keeps every safeguard of a real one; `primary` makes it a hot standby.

    Further arguments are settings: `Postgres(work_mem="64kB")`.
    """

    scheme, admin_database, driver = "postgresql", "postgres", ("psycopg", "psycopg[binary]")

    def __init__(self, *, durable=False, primary=None, **settings):
        self.programs = postgres_folder()
        driver(*self.driver)
        self.primary = primary
        # Shared memory in files of the data folder: nothing is left in /dev/shm when the server is killed.
        self.settings = {"listen_addresses": "127.0.0.1", "dynamic_shared_memory_type": "mmap"}
        if not durable:
            self.settings |= {"fsync": "off", "full_page_writes": "off"}
        if primary:
            self.settings |= {"hot_standby": "on", "wal_retrieve_retry_interval": "100ms"}
        self.settings |= settings
        # SIGQUIT: stop at once. No checkpoint, for the folder goes away; and it takes its children with it.
        super().__init__(["postgres"], signal.SIGQUIT, password=primary.password if primary else None)

    def make(self):
        data = self.folder / "data"
        if self.primary:
            self.run(
                self.programs / "pg_basebackup", "-D", data, "-R", "--checkpoint=fast", "--no-sync",
                "-h", self.primary.folder, "-p", self.primary.port, "-U", USER,
            )  # fmt: skip
            return
        # The socket stands in a folder that only this user can enter: it needs no password. The cluster's
        # collation is C, which exists everywhere; `create_database` gives each database a better one.
        self.run(
            self.programs / "initdb", "-D", data, "-U", USER, "-E", "UTF8", "--locale=C", "--no-sync",
            "--auth-local=trust", "--auth-host=scram-sha-256",
        )  # fmt: skip

    def command(self):
        settings = self.settings | {"port": self.port, "unix_socket_directories": self.folder}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [self.programs / "postgres", "-D", self.folder / "data", *options]

    def connect(self):
        return driver(*self.driver).connect(
            host=str(self.folder), port=self.port, user=USER, dbname=self.admin_database, autocommit=True
        )

    def provide(self):
        if not self.primary:
            with self.connect() as connection:
                connection.execute(f"ALTER ROLE {USER} PASSWORD '{self.password}'")

    def catch_up(self, seconds=20):
        """On a standby: wait until it shows what the primary has committed."""
        with self.primary.connect() as connection:
            (goal,) = connection.execute("SELECT pg_current_wal_flush_lsn()").fetchone()
        deadline = time.monotonic() + seconds
        with self.connect() as connection:
            while time.monotonic() < deadline:
                sql = f"SELECT pg_last_wal_replay_lsn() >= '{goal}'::pg_lsn"
                if connection.execute(sql).fetchone()[0]:
                    return
                time.sleep(0.01)
        raise TimeoutError(f"the standby did not reach {goal} in {seconds} s:\n{self.log()[-3000:]}")


class MariaDB(Server):
    """A private MariaDB with its own defaults (strict sql_mode, utf8mb4). `durable` as for Postgres.

    Further arguments are settings: `MariaDB(max_allowed_packet="1M")`.
    """

    scheme, admin_database, driver = "mysql", "mysql", ("pymysql", "PyMySQL")

    def __init__(self, *, durable=False, **settings):
        self.server_program = program("MariaDB", "mariadbd")
        self.install_program = program("MariaDB", "mariadb-install-db")
        driver(*self.driver)
        self.settings = {"bind_address": "127.0.0.1", "character_set_server": "utf8mb4"}
        if not durable:
            quick = {"flush_log_at_trx_commit": 0, "doublewrite": 0, "flush_method": "nosync"}
            self.settings |= {f"innodb_{name}": value for name, value in quick.items()}
        self.settings |= settings
        super().__init__(["mysql"], signal.SIGKILL)

    @property
    def socket(self):
        return self.folder / "sock"

    def make(self):
        self.run(
            self.install_program, "--no-defaults", f"--datadir={self.folder / 'data'}", "--skip-test-db",
            "--auth-root-authentication-method=normal", "--skip-name-resolve",
        )  # fmt: skip

    def command(self):
        places = {"datadir": "data", "socket": "sock", "pid_file": "pid", "tmpdir": "."}
        settings = self.settings | {name: self.folder / place for name, place in places.items()}
        settings |= {"port": self.port, "skip_name_resolve": 1}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [self.server_program, "--no-defaults", *options]

    def connect(self):
        return driver(*self.driver).connect(unix_socket=str(self.socket), user="root", autocommit=True)

    def provide(self):
        with self.connect() as connection, connection.cursor() as cursor:
            # Without name resolution `localhost` is the socket; every other root is one without a password.
            cursor.execute("DELETE FROM mysql.global_priv WHERE user = 'root' AND host <> 'localhost'")
            cursor.execute("FLUSH PRIVILEGES")
            cursor.execute(f"CREATE USER {USER}@'127.0.0.1' IDENTIFIED BY '{self.password}'")
            cursor.execute(f"GRANT ALL ON *.* TO {USER}@'127.0.0.1' WITH GRANT OPTION")

    @contextlib.contextmanager
    def sql_mode(self, mode):
        """Another sql_mode for the connections made meanwhile."""
        [(before,)] = run_sql(self.admin_url, "SELECT @@GLOBAL.sql_mode")
        run_sql(self.admin_url, f"SET GLOBAL sql_mode = '{mode}'")
        try:
            yield
        finally:
            run_sql(self.admin_url, f"SET GLOBAL sql_mode = '{before}'")


# --- by URL: our servers and any other ----------------------------------------------------------------------


def is_postgres(url):
    return urlsplit(url).scheme.startswith("postgres")


def mysql_arguments(url):
    """What PyMySQL needs to know, out of a URL."""
    parts = urlsplit(url)
    return {
        "host": parts.hostname or "127.0.0.1",
        "port": parts.port or 3306,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": unquote(parts.path.lstrip("/")) or None,
        **{key: value for key, value in parse_qsl(parts.query) if key == "unix_socket"},
    }


def connect(url):
    """A connection that commits by itself, through psycopg or PyMySQL."""
    if is_postgres(url):
        return driver(*Postgres.driver).connect(url, autocommit=True, connect_timeout=10)
    return driver(*MariaDB.driver).connect(**mysql_arguments(url), autocommit=True, charset="utf8mb4")


def run_sql(url, *statements):
    """Run statements one by one; the rows of the last one."""
    with contextlib.closing(connect(url)) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)  # no arguments: both drivers then leave % alone
        return list(cursor.fetchall()) if cursor.description else []


def shell(url, *options):
    """The engine's own shell on this database: its command line and environment (which has the password)."""
    password = unquote(urlsplit(url).password or "")
    if not is_postgres(url):
        to = mysql_arguments(url)
        argv = [
            program("the MariaDB client", "mariadb", "mysql"), "--no-defaults", "--protocol=tcp",
            f"--host={to['host']}", f"--port={to['port']}", f"--user={to['user']}",
            f"--database={to['database'] or ''}", "--default-character-set=utf8mb4",
        ]  # fmt: skip
        return [*argv, *options], {**os.environ, "MYSQL_PWD": password}
    address = re.sub(r"^(\w+://[^:@/]*):[^@/]*@", r"\1@", url)
    return [psql(), "--no-psqlrc", f"--dbname={address}", *options], {**os.environ, "PGPASSWORD": password}


def psql():
    """psql itself; what Debian has on PATH is a wrapper that chooses a version, and costs its start."""
    with contextlib.suppress(EngineMissing):
        if (found := postgres_folder() / "psql").exists():
            return str(found)
    return program("psql", "psql")


def run_shell(url, script, *options, timeout=120):
    """Feed a script to the engine's own shell; the completed process, with text in UTF-8."""
    argv, environment = shell(url, *options)
    how = {"input": script, "encoding": "utf-8", "capture_output": True, "timeout": timeout}
    return subprocess.run(argv, env=environment, check=False, **how)


def create_database(admin_url, *, encoding="UTF8"):
    """A new empty database beside the one named; its URL. `encoding` is Postgres's word for it."""
    name = f"oclt_{secrets.token_hex(5)}"
    options = postgres_options(admin_url, encoding) if is_postgres(admin_url) else ""
    run_sql(admin_url, f"CREATE DATABASE {name}{options}")
    return beside(admin_url, name)


def beside(url, name):
    """The same URL for another database. (`urlunsplit` makes `postgresql:/` of `postgresql:///`.)"""
    return re.sub(r"^([^:]+://[^/?]*)(/[^?]*)?", lambda match: f"{match[1]}/{name}", url)


def postgres_options(admin_url, encoding):
    """What CREATE DATABASE needs for this encoding.

    UTF-8 databases sort as people expect (`a` before `B`), as most real ones do: SQL that relies on the order
    of bytes without saying so fails here. The other encodings get C, the one locale that suits them all.
    """
    locale = "LC_COLLATE 'C' LC_CTYPE 'C'"
    if encoding == "UTF8":
        icu = "SELECT 1 FROM pg_collation WHERE collprovider = 'i'"
        recent = "current_setting('server_version_num')::int >= 150000"
        if not run_sql(admin_url, f"{icu} AND {recent} LIMIT 1"):
            return " TEMPLATE template0 ENCODING 'UTF8'"
        locale += " LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
    return f" TEMPLATE template0 ENCODING '{encoding}' {locale}"


def drop_database(admin_url, url):
    """Drop a database, whoever may still be connected to it: a test that failed must not block the next."""
    name = urlsplit(url).path.lstrip("/")
    if is_postgres(admin_url):
        run_sql(admin_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        return
    busy = run_sql(admin_url, f"SELECT id FROM information_schema.processlist WHERE db = '{name}'")
    for (connection,) in busy:
        with contextlib.suppress(driver(*MariaDB.driver).MySQLError):  # it may have left by itself
            run_sql(admin_url, f"KILL {connection}")
    run_sql(admin_url, "SET lock_wait_timeout = 20", f"DROP DATABASE IF EXISTS {name}")


@contextlib.contextmanager
def fresh_database(admin_url, **options):
    """The URL of an empty database that is dropped afterwards."""
    url = create_database(admin_url, **options)
    try:
        yield url
    finally:
        drop_database(admin_url, url)


class Pair(NamedTuple):
    """One database seen through a primary and through its read-only hot standby."""

    primary: str
    standby: str
    servers: tuple

    def catch_up(self):
        """Wait until the standby shows what the primary has committed."""
        self.servers[1].catch_up()


# --- fixtures -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server():
    """One private Postgres for the whole run."""
    with engines_wanted(), Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def mysql_server():
    """One private MariaDB for the whole run."""
    with engines_wanted(), MariaDB() as server:
        yield server


def server_url(request, variable, fixture):
    # The private server is asked for by name, so that it does not start when a URL is given.
    with engines_wanted():
        return os.environ.get(variable) or request.getfixturevalue(fixture).admin_url


@pytest.fixture(scope="session")
def postgres_admin_url(request):
    """The Postgres where tests make their databases: `TEST_POSTGRES_URL`, or the private one."""
    return server_url(request, "TEST_POSTGRES_URL", "postgres_server")


@pytest.fixture(scope="session")
def mysql_admin_url(request):
    """The MySQL or MariaDB where tests make their databases: `TEST_MYSQL_URL`, or the private one."""
    return server_url(request, "TEST_MYSQL_URL", "mysql_server")


@pytest.fixture(scope="session")
def mysql8_admin_url():
    """The MySQL where tests make their databases."""
    return os.environ.get("TEST_MYSQL8_URL") or pytest.skip("no MySQL 8 or newer: TEST_MYSQL8_URL names none")


@pytest.fixture
def postgres_url(postgres_admin_url):
    """An empty Postgres database, UTF-8, of this test alone."""
    with engines_wanted(), fresh_database(postgres_admin_url) as url:
        yield url


@pytest.fixture
def postgres_ascii_url(postgres_admin_url):
    """An empty Postgres database without an encoding (SQL_ASCII): bytes go in and out unchecked."""
    with engines_wanted(), fresh_database(postgres_admin_url, encoding="SQL_ASCII") as url:
        yield url


@pytest.fixture
def postgres_latin1_url(postgres_admin_url):
    """An empty Postgres database in LATIN1: most of Unicode cannot be stored."""
    with engines_wanted(), fresh_database(postgres_admin_url, encoding="LATIN1") as url:
        yield url


@pytest.fixture
def mysql_url(mysql_admin_url):
    """An empty MySQL or MariaDB database of this test alone, in the server's default sql_mode."""
    with engines_wanted(), fresh_database(mysql_admin_url) as url:
        yield url


@pytest.fixture
def mysql_strict_url(mysql_server):
    """An empty MariaDB database; new connections are strict. Always private: the mode is the server's."""
    with mysql_server.sql_mode(STRICT), fresh_database(mysql_server.admin_url) as url:
        yield url


@pytest.fixture
def mysql_lax_url(mysql_server):
    """An empty MariaDB database; new connections have an empty sql_mode, which truncates with a warning."""
    with mysql_server.sql_mode(LAX), fresh_database(mysql_server.admin_url) as url:
        yield url


@pytest.fixture
def postgres_durable():
    """A Postgres of this test alone with every safeguard on: it may be killed and started again."""
    with engines_wanted(), Postgres(durable=True) as server:
        yield server


@pytest.fixture
def mysql_durable():
    """A MariaDB of this test alone with every safeguard on: it may be killed and started again."""
    with engines_wanted(), MariaDB(durable=True) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_servers():
    """A Postgres primary and its hot standby."""
    with engines_wanted(), Postgres() as primary, Postgres(primary=primary) as standby:
        yield primary, standby


@pytest.fixture
def postgres_pair(postgres_servers):
    """An empty database, as a `Pair`: read and write through the primary, read only through the standby."""
    primary, standby = postgres_servers
    with fresh_database(primary.admin_url) as url:
        pair = Pair(url, standby.url(urlsplit(url).path.lstrip("/")), postgres_servers)
        pair.catch_up()
        yield pair
