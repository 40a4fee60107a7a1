"""Private servers on loopback, in temporary folders: Postgres and MariaDB. A server is a context manager."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from by_url import run_sql
from engines_here import PSYCOPG, PYMYSQL, account, driver, free_port, postgres_folder, program, temporary_base
from warden import warden_source

USER = "tester"


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

    scheme, admin_database, driver = "postgresql", "postgres", PSYCOPG

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

    scheme, admin_database, driver = "mysql", "mysql", PYMYSQL

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
