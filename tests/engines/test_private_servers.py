"""The private servers start, answer through driver and shell, and leave nothing, however the tests end."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import by_url
import engines_here
import pytest
from by_url import fresh_database, run_shell, run_sql
from places import SUPPORT
from private_servers import MariaDB, Postgres

pytestmark = pytest.mark.whole

ENGINES = pytest.mark.parametrize("engine", [Postgres, MariaDB])


def processes_in(folder):
    """Processes whose working folder is in or below this one (every engine works in its data folder)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str((process / "cwd").readlink()).startswith(str(folder)):
                found.append(int(process.name))
    return found


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def started(engine, **options):
    with engines_here.engines_wanted():
        return engine(**options)


@pytest.fixture(scope="module", params=[Postgres, MariaDB])
def server(request):
    """A server of either engine, shared by the tests that do it no harm."""
    with started(request.param) as server:
        yield server


def error_of(server):
    return engines_here.driver(*server.driver).Error


@ENGINES
def test_a_server_answers_and_is_gone_afterwards(engine):
    with started(engine) as server:
        assert run_sql(server.admin_url, "SELECT 1") == [(1,)]
        assert processes_in(server.folder)
    assert not server.folder.exists()
    assert not processes_in(server.folder)
    assert not listens(server.port)


def test_each_database_is_fresh_and_dropped_even_while_in_use(server):
    with fresh_database(server.admin_url) as url:
        assert run_sql(url, "CREATE TABLE t (a INT)", "INSERT INTO t VALUES (1)", "SELECT a FROM t") == [(1,)]
        forgotten = by_url.connect(url)
        for statement in ("BEGIN", "SELECT a FROM t"):
            forgotten.cursor().execute(statement)
    with pytest.raises(error_of(server)):
        by_url.connect(url)
    with fresh_database(server.admin_url) as url, pytest.raises(error_of(server)):
        run_sql(url, "SELECT a FROM t")
    with contextlib.suppress(error_of(server)):
        forgotten.close()


def test_the_engines_own_shell_runs_a_script(server):
    with fresh_database(server.admin_url) as url:
        script = "CREATE TABLE t (a VARCHAR(9));\nINSERT INTO t VALUES ('é%');\nSELECT a FROM t;\n"
        done = run_shell(url, script)
        assert (done.returncode, done.stderr) == (0, "")
        assert "é%" in done.stdout
        assert run_sql(url, "SELECT a FROM t") == [("é%",)]
        argv, _ = by_url.shell(url)
        assert server.password not in " ".join(argv)


@ENGINES
def test_what_was_committed_outlives_a_kill(engine):
    with started(engine, durable=True) as server, fresh_database(server.admin_url) as url:
        run_sql(url, "CREATE TABLE t (a INT)", "INSERT INTO t VALUES (1)")
        server.kill()
        assert not processes_in(server.folder / "data")
        server.start()
        assert run_sql(url, "SELECT a FROM t") == [(1,)]


def test_a_password_is_wanted(server):
    wrong = re.sub(r":[^:@]*@", ":no@", server.admin_url)
    with pytest.raises(error_of(server)):
        by_url.connect(wrong)


def test_a_postgres_that_is_killed_leaves_no_shared_memory():
    table = Path("/proc/sysvipc/shm")
    if not table.exists():
        pytest.skip("this system has no list of shared memory")
    with started(Postgres) as server:
        ours = [line for line in table.read_text().splitlines()[1:] if line.split()[4] == str(server.pid)]
        assert len(ours) == 1
        server.kill()
    assert ours[0].split()[1] not in [line.split()[1] for line in table.read_text().splitlines()]


def test_a_server_that_cannot_start_says_why():
    with engines_here.engines_wanted(), pytest.raises(RuntimeError, match="no_such_setting"):
        Postgres(no_such_setting=1)


# --- the fixtures, in a run of their own --------------------------------------------------------------------


@pytest.fixture
def run(tmp_path):
    """Start pytest on a file of tests that has the fixtures; extra lines go into its conftest."""

    def start(tests, conftest="", **environment):
        (tmp_path / "test_inner.py").write_text("import by_url, os, time\n" + tests)
        imports = "import engines_here, private_servers\nfrom servers import *\n"
        (tmp_path / "conftest.py").write_text(imports + conftest)
        plain = {key: value for key, value in os.environ.items() if key not in VARIABLES}
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-s", "-rs", "-p", "no:cacheprovider", "test_inner.py"],
            cwd=tmp_path, env=plain | {"PYTHONPATH": str(SUPPORT)} | environment, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    return start


VARIABLES = ("TEST_POSTGRES_URL", "TEST_MYSQL_URL", "REQUIRE_ENGINES", "PYTEST_ADDOPTS")
SLEEPER = """
def test_sleep(postgres_server, mysql_server):
    print()
    print("folder", postgres_server.folder)
    print("folder", mysql_server.folder)
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_tests_are_killed(run, number):
    for engine in (engines_here.postgres_folder, lambda: engines_here.program("MariaDB", "mariadbd")):
        with engines_here.engines_wanted():
            engine()
    tests = run(SLEEPER)
    folders = []
    for line in tests.stdout:
        if line.startswith("folder"):
            folders.append(Path(line.split()[1]))
        if line.startswith("ready"):
            break
    assert len(folders) == 2
    assert all(processes_in(folder) for folder in folders)
    os.killpg(tests.pid, number)
    tests.communicate(timeout=60)
    deadline = time.monotonic() + 20
    while any(processes_in(folder) or folder.exists() for folder in folders) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(processes_in(folder) for folder in folders)
    assert not any(folder.exists() for folder in folders)


MISSING = """
def nothing():
    raise engines_here.EngineMissing("Postgres is not installed (no initdb)")
private_servers.postgres_folder = nothing
"""
ONE = """
def test_one(postgres_url):
    assert by_url.run_sql(postgres_url, "SELECT 1") == [(1,)]
"""


def test_a_missing_engine_is_a_skip_that_says_why(run):
    output, _ = run(ONE, MISSING).communicate(timeout=60)
    assert "1 skipped" in output
    assert "Postgres is not installed" in output


def test_a_missing_engine_is_a_failure_where_engines_are_required(run):
    tests = run(ONE, MISSING, REQUIRE_ENGINES="1")
    output, _ = tests.communicate(timeout=60)
    assert tests.returncode == 1, output
    assert "Postgres is not installed (no initdb) (REQUIRE_ENGINES=1)" in output


def test_a_given_url_wins_over_a_private_server(run, server):
    name = "postgres" if isinstance(server, Postgres) else "mysql"
    inner = f"""
def test_given({name}_url):
    assert {name}_url.rpartition("/")[0] == os.environ["TEST_{name.upper()}_URL"].rpartition("/")[0]
    assert by_url.run_sql({name}_url, "SELECT 1") == [(1,)]
"""
    no_private = f"private_servers.{type(server).__name__}.__init__ = None\n"
    given = {f"TEST_{name.upper()}_URL": server.admin_url}
    output, _ = run(inner, no_private, **given).communicate(timeout=60)
    assert "1 passed" in output, output
    listed = "SELECT datname FROM pg_database" if name == "postgres" else "SHOW DATABASES"
    assert not [row for row in run_sql(server.admin_url, listed) if row[0].startswith("oclt_")]


VARIANTS = """
import psycopg, pymysql, pytest
from by_url import run_sql

def test_utf8_sorts_as_people_do(postgres_url):
    rows = run_sql(postgres_url, "SELECT x FROM (VALUES ('a'), ('B'), ('c')) AS v (x) ORDER BY x")
    assert [row[0] for row in rows] == ["a", "B", "c"]

def test_ascii(postgres_ascii_url):
    assert run_sql(postgres_ascii_url, "SHOW server_encoding") == [(b"SQL_ASCII",)]  # psycopg's choice

def test_latin1(postgres_latin1_url):
    assert run_sql(postgres_latin1_url, "SHOW server_encoding") == [("LATIN1",)]
    with pytest.raises(psycopg.errors.UntranslatableCharacter):
        run_sql(postgres_latin1_url, "SET client_encoding = 'UTF8'", "SELECT '\\u20ac'")

def test_pair(postgres_pair):
    run_sql(postgres_pair.primary, "CREATE TABLE t (a INT)", "INSERT INTO t VALUES (1)")
    postgres_pair.catch_up()
    assert run_sql(postgres_pair.standby, "SELECT a FROM t") == [(1,)]
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        run_sql(postgres_pair.standby, "INSERT INTO t VALUES (2)")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        run_sql(postgres_pair.standby, "CREATE TEMPORARY TABLE w (a INT)")

def test_pair_again_with_a_reader_that_stays(postgres_pair):
    from by_url import connect
    connect(postgres_pair.standby).execute("SELECT 1")

def test_strict(mysql_strict_url):
    with pytest.raises(pymysql.err.DataError):
        run_sql(mysql_strict_url, "CREATE TABLE t (a VARCHAR(2))", "INSERT INTO t VALUES ('long')")

def test_lax(mysql_lax_url):
    sql = "CREATE TABLE t (a VARCHAR(2))", "INSERT INTO t VALUES ('long')", "SELECT a FROM t"
    assert run_sql(mysql_lax_url, *sql) == [("lo",)]

def test_default_again(mysql_url):
    assert "STRICT_TRANS_TABLES" in run_sql(mysql_url, "SELECT @@sql_mode")[0][0]

def test_durable(postgres_durable, mysql_durable):
    assert run_sql(postgres_durable.admin_url, "SHOW fsync") == [("on",)]
    assert run_sql(mysql_durable.admin_url, "SELECT @@innodb_flush_log_at_trx_commit") == [(1,)]
"""


def test_the_variants(run):
    tests = run(VARIANTS, REQUIRE_ENGINES=os.environ.get("REQUIRE_ENGINES", ""))
    output, _ = tests.communicate(timeout=120)
    assert tests.returncode == 0, output
    if "skipped" in output:
        engines_here.skip_or_fail(output.partition("SKIPPED")[2].strip() or output)
