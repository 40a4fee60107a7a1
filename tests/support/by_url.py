"""Databases by URL, on our servers and any other: statements, the engine's own shell, a database for a test."""

import contextlib
import os
import re
import secrets
import subprocess
from urllib.parse import parse_qsl, unquote, urlsplit

from engines_here import PSYCOPG, PYMYSQL, EngineMissing, driver, postgres_folder, program


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
        return driver(*PSYCOPG).connect(url, autocommit=True, connect_timeout=10)
    return driver(*PYMYSQL).connect(**mysql_arguments(url), autocommit=True, charset="utf8mb4")


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
        with contextlib.suppress(driver(*PYMYSQL).MySQLError):  # it may have left by itself
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
