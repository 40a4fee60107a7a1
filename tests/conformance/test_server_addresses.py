"""URLs that name no store, or not the one that is meant: one sentence without the password."""

from urllib.parse import unquote, urlsplit

import by_url
import engines_here
import private_servers
import pytest
import worlds
from by_url import run_sql
from opencode_lifecycle.sql.engines import engine_module
from opencode_lifecycle.sql.refusal import Refusal
from server_trees import *  # noqa: F403
from verbs import invoke, refused


def test_a_wrong_password_is_said_without_the_password(url):
    wrong = url.replace(urlsplit(url).netloc.rsplit("@", 1)[0], "tester:secret-word")
    said = refused(69, "stats", f"--store={wrong}")
    assert "refused" in said and "secret-word" not in said and "tester" not in said


def test_a_database_or_a_server_that_is_not_there_is_69(url):
    assert "no such database" in refused(69, "stats", f"--store={by_url.beside(url, 'nowhere')}")
    port = engines_here.free_port()
    assert "does not answer" in refused(69, "stats", f"--store={urlsplit(url).scheme}://a:b@127.0.0.1:{port}/x")


def test_an_empty_database_is_69_and_says_what_makes_the_tables(url):
    assert "invoke migrate" in refused(69, "stats", f"--store={url}")


@pytest.mark.parametrize("address", [
    "postgresql://u:hush@host:port/db", "mysql://u:hush@host:99999999/db", "mysql://u:hush@host", "mysql:///",
    "postgresql://u:hush@[::1/db", "oracle://u:hush@host/db", "mysql://u:hush@h/db?sslmode=maybe",
    "postgresql://u:hush@h/db?no_such_word=1", "postgresql://",
])
def test_a_url_that_cannot_be_read_is_64_and_keeps_its_password(address):
    assert "hush" not in refused(64, "stats", f"--store={address}")


@pytest.mark.parametrize(("scheme", "package", "extra"), [("postgresql", "psycopg", "postgres"),
                                                           ("mariadb", "pymysql", "mysql"),
                                                           ("mssql", "pymssql", "mssql")])
def test_a_driver_that_is_not_installed_is_one_sentence_with_the_command(tmp_path, scheme, package, extra):
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text("raise ImportError")
    said = refused(78, "stats", f"--store={scheme}://a:hush@127.0.0.1/b", PYTHONPATH=str(tmp_path))
    assert f"[{extra}]'" in said and "hush" not in said


@pytest.mark.parametrize(("number", "said", "sentence"), [
    (1273, "Unknown collation: 'utf8mb4_0900_bin'", "is too old"),
    (3157, "The JSON document exceeds the maximum depth.", "deeper than 100 levels"),
])
def test_what_only_other_servers_answer_is_a_sentence(number, said, sentence):
    engine = engines_here.driver(*private_servers.MariaDB.driver)
    address = "mysql://u:hush@db.example/sessions"
    with pytest.raises(Refusal, match=sentence) as refusal, engine_module("mysql").explained(address):
        raise engine.err.OperationalError(number, said)
    assert refusal.value.code == 78 and "hush" not in str(refusal.value)


def test_a_search_path_of_the_url_is_a_store_of_its_own(path, postgres_url):
    run_sql(postgres_url, "CREATE SCHEMA team_a")
    mine = f"{postgres_url}?options=-csearch_path%3Dteam_a"
    worlds.load(path, mine)
    assert not worlds.tables(postgres_url)
    assert "#team_a" in invoke("stats", f"--store={mine}").stdout
    refused(69, "stats", f"--store={postgres_url}")


def test_a_database_that_is_not_utf_8_is_refused(postgres_latin1_url, postgres_ascii_url):
    assert "LATIN1" in refused(78, "migrate", f"--to={postgres_latin1_url}")
    assert "SQL_ASCII" in refused(78, "migrate", f"--to={postgres_ascii_url}")


def test_verbs_that_need_work_tables_say_so_on_a_standby(path, postgres_pair):
    worlds.load(path, postgres_pair.primary)
    postgres_pair.catch_up()
    for words in (("stats",), ("prune", "--days=30"), ("plan", "--days=30"), ("explain", "ses_1", "--days=30"),
                  ("archive", "--older-than=30d")):
        assert "standby" in refused(78, *words, f"--store={postgres_pair.standby}")
    assert invoke("pins", f"--store={postgres_pair.standby}").returncode == 0
    assert "standby" in refused(78, "pin", "ses_1", f"--store={postgres_pair.standby}")


def parts_of(url):
    found = urlsplit(url)
    return found.hostname, found.port, found.username, unquote(found.password), found.path.lstrip("/")


def test_what_libpq_reads_beside_the_url_counts_and_the_store_has_the_name_that_it_means(path, postgres_url, tmp_path):
    worlds.load(path, postgres_url)
    host, port, user, password, database = parts_of(postgres_url)
    passes, services = tmp_path / "pgpass", tmp_path / "services"
    passes.write_text(f"{host}:{port}:*:{user}:{password.replace(':', chr(92) + ':')}\n")
    passes.chmod(0o600)
    services.write_text(f"[team]\nhost={host}\nport={port}\nuser={user}\ndbname={database}\n")
    files = {"PGPASSFILE": str(passes), "PGSERVICEFILE": str(services)}
    shown = f"postgresql://{host}:{port}/{database}"
    for store, more in ((f"postgresql://{user}@{host}:{port}/{database}", {}), ("postgresql:///?service=team", {}),
                        ("postgresql://", {"PGSERVICE": "team"}),
                        ("postgresql://", {"PGHOST": host, "PGPORT": str(port), "PGUSER": user,
                                           "PGDATABASE": database})):
        done = invoke("stats", f"--store={store}", **files, **more)
        assert done.returncode == 0 and shown in done.stdout, (store, done.stderr)
    assert "service nobody" in refused(64, "stats", "--store=postgresql:///?service=nobody", **files)


def test_what_the_programs_of_mariadb_read_beside_the_url_counts(path, mysql_url, tmp_path):
    worlds.load(path, mysql_url)
    host, port, user, password, database = parts_of(mysql_url)
    (tmp_path / ".my.cnf").write_text(f"[client]\nuser={user}\npassword='{password}'\nhost={host}\nport={port}\n")
    for store in (f"mysql://{host}:{port}/{database}", f"mysql:///{database}"):
        done = invoke("stats", f"--store={store}", HOME=str(tmp_path))
        assert done.returncode == 0, done.stderr
    assert invoke("stats", f"--store=mysql://{user}@{host}:{port}/{database}", MYSQL_PWD=password).returncode == 0
    (tmp_path / ".my.cnf").write_text("no file of options")
    assert "mend it" in refused(64, "stats", f"--store=mysql:///{database}", HOME=str(tmp_path))


def test_tls_that_is_asked_for_is_had_or_the_store_is_refused(url):
    mode = "sslmode=require" if by_url.is_postgres(url) else "ssl-mode=required"
    assert "TLS" in refused(69, "migrate", f"--to={url}?{mode}")
    assert "TLS" in refused(69, "migrate", f"--to={url}?{mode.replace('require', 'verify-ca').removesuffix('d')}")
    assert not worlds.tables(url)


def test_of_several_hosts_the_one_that_can_be_written_to_is_chosen(path, postgres_pair):
    hosts = [f"127.0.0.1:{parts_of(url)[1]}" for url in (postgres_pair.standby, postgres_pair.primary)]
    several = postgres_pair.primary.replace(hosts[1], ",".join(hosts)) + "?target_session_attrs=read-write"
    done = invoke("mirror", f"--store={path}", f"--to={several}")
    assert done.returncode == 0 and ",".join(hosts) in done.stdout, done.stderr
