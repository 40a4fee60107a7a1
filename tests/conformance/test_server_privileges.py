"""What a user may not do is one sentence that names the privilege; nothing is lost."""

import contextlib
import re
import sqlite3
from urllib.parse import urlsplit

import by_url
import command
import forests
import nasty
import odd_values
import pytest
import worlds
from by_url import run_sql
from forests import NOW, Recipe, Row, Session
from server_trees import *  # noqa: F403
from server_trees import SCHEMA, TREES, forest, whole
from verbs import invoke, refused


@pytest.fixture
def guest(url, admin_url, engine):
    """A user who may connect and read, and no more; its URL, and a function that grants it more."""
    name, host = f"guest_{urlsplit(url).path[-6:]}", "@'127.0.0.1'"
    database = urlsplit(url).path.lstrip("/")
    if engine == "postgres":
        run_sql(url, f"CREATE ROLE {name} LOGIN PASSWORD 'hush'",
                f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")
        more = {"read": f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}",
                "work": f"GRANT TEMPORARY ON DATABASE {database} TO {name}",
                "note": f"GRANT INSERT, DELETE ON lifecycle_change TO {name}",
                "hold": f"GRANT UPDATE ON session TO {name}"}
    else:
        run_sql(url, f"CREATE USER {name}{host} IDENTIFIED BY 'hush'")
        more = {"read": f"GRANT SELECT ON {database}.* TO {name}{host}",
                "work": f"GRANT CREATE TEMPORARY TABLES ON {database}.* TO {name}{host}",
                "note": f"GRANT INSERT, DELETE ON {database}.lifecycle_change TO {name}{host}",
                "hold": f"GRANT UPDATE ON {database}.session TO {name}{host}"}
    yield url.replace(urlsplit(url).netloc.rsplit("@", 1)[0], f"{name}:hush"), lambda what: run_sql(url, more[what])
    if engine == "postgres":
        run_sql(url, f"DROP OWNED BY {name}", f"DROP ROLE {name}")
    else:
        run_sql(admin_url, f"DROP USER {name}{host}")


def test_each_verb_names_the_privilege_that_it_lacks(path, url, guest):
    worlds.load(path, url)
    theirs, grant = guest
    grant("read")
    assert "TEMPORARY" in refused(1, "stats", f"--store={theirs}")
    grant("work")
    assert invoke("stats", f"--store={theirs}").returncode == 0
    said = invoke("archive", "--session=ses_1", f"--store={theirs}")
    assert said.returncode == 1 and "UPDATE on session" in said.stderr, said.stderr
    grant("hold")
    said = invoke("prune", f"--store={theirs}", "--days=30", f"--now={NOW}", "--yes", "--no-export")
    assert said.returncode == 1 and "DELETE on part" in said.stderr, said.stderr
    assert "INSERT on lifecycle_pin" in refused(1, "pin", "ses_1", f"--store={theirs}").replace("DELETE", "INSERT")
    said = refused(1, "mirror", f"--store={path}", f"--to={theirs}")
    assert "privilege" in said and whole(path, url) == TREES


def test_what_a_verb_may_not_do_is_one_sentence_that_names_the_privilege(path, url, guest, tmp_path):
    stray = Row("part", {"id": "prt_stray", "message_id": "msg_gone", "session_id": "ses_gone", "data": nasty.tool()})
    worlds.load(forests.build(Recipe(forest().sessions, rows=[*forest().rows, stray]), tmp_path / "s.db", SCHEMA), url)
    newer = tmp_path / "newer.db"
    newer.write_bytes(path.read_bytes())
    with contextlib.closing(sqlite3.connect(newer)) as con:
        con.execute("ALTER TABLE session ADD COLUMN mood TEXT")
    plan, export = tmp_path / "plan.sql", tmp_path / "export.json"
    for words in (("plan", "--days=30", f"--now={NOW}", f"--out={plan}"), ("export", f"--output={export}"),
                  ("pin", "ses_3"), ("archive", "--session=ses_2", "--yes")):
        command.invoked(*words, f"--store={url}", inside=True)
    run_sql(url, f"UPDATE part SET data = '{nasty.tool()}' WHERE id = 'prt_ses_2'",
            *(f"DELETE FROM {table} WHERE {key} = 'ses_1_child'" for table, key in (
                ("part", "session_id"), ("message", "session_id"), ("event", "aggregate_id"),
                ("event_sequence", "aggregate_id"), ("session", "id"))))
    theirs, grant = guest
    before = worlds.dump(url)

    def lacking(what, *words, to="--store"):
        said = command.invoke(*words, f"{to}={theirs}", inside=True)
        assert said.code == 1 and re.search(rf"privilege {what}[ ,]", said.sentence), said
        assert "Traceback" not in said.err and "hush" not in said.err and worlds.dump(url) == before

    grant("read")
    for words in (("stats",), ("plan", "--days=30"), ("explain", "ses_1", "--days=30"), ("reclaim", "--dry-run"),
                  ("prune", "--days=30", "--dry-run"), ("export", f"--output={tmp_path / 'x.json'}"),
                  ("apply", plan, "--yes"), ("archive", "--older-than=1d", "--yes")):
        lacking("TEMPORARY" if by_url.is_postgres(url) else "CREATE TEMPORARY TABLES", *words)
    grant("work")
    lacking("UPDATE on part", "reclaim", "--only=compacted", "--yes", f"--now={NOW}")
    lacking("DELETE on part", "reclaim", "--only=orphans", "--yes")
    lacking("INSERT on session", "restore", export)
    lacking("UPDATE on session", "archive", "--session=ses_1", "--yes")
    lacking("UPDATE on session", "unarchive", "--session=ses_2", "--yes")
    lacking("DELETE on lifecycle_pin", "pin", "ses_1")
    lacking("DELETE on lifecycle_pin", "unpin", "ses_3")
    lacking("MAINTAIN on part" if by_url.is_postgres(url) else "INSERT on part", "vacuum")
    noted = run_sql(url, "SELECT * FROM lifecycle_change")
    lacking("INSERT on lifecycle_change", "migrate", f"--store={newer}", to="--to")
    grant("note")
    lacking("ALTER on session", "migrate", f"--store={newer}", to="--to")
    assert run_sql(url, "SELECT * FROM lifecycle_change") == noted
    grant("hold")
    lacking("DELETE on part", "prune", f"--now={NOW}", "--days=30", "--yes", "--no-export")
    lacking("DELETE on part", "apply", plan, "--yes")


def test_a_read_only_server_of_mariadb_is_said_to_be_one_and_loses_nothing(path, mysql_server):
    with by_url.fresh_database(mysql_server.admin_url) as url:
        worlds.load(path, url)
        database = urlsplit(url).path.lstrip("/")
        run_sql(url, "CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'hush'",
                f"GRANT ALL ON {database}.* TO reader@'127.0.0.1'", "SET GLOBAL read_only = 1")
        theirs = url.replace(urlsplit(url).netloc.rsplit("@", 1)[0], "reader:hush")
        try:
            assert invoke("stats", f"--store={theirs}").returncode == 0
            for words in (("prune", "--days=30", f"--now={NOW}", "--yes", "--no-export"), ("pin", "ses_1"),
                          ("archive", "--session=ses_1", "--yes")):
                said = invoke(*words, f"--store={theirs}")
                assert said.returncode == 78 and "name the primary server" in said.stderr, said.stderr
        finally:
            run_sql(url, "SET GLOBAL read_only = 0", "DROP USER reader@'127.0.0.1'")
        assert whole(path, url) == TREES


def test_a_database_of_mariadb_in_another_character_set_keeps_every_letter(tmp_path, mysql_url):
    run_sql(mysql_url, f"ALTER DATABASE {urlsplit(mysql_url).path.lstrip('/')} CHARACTER SET latin1")
    texts = [text.decode() for _, text in nasty.PORTABLE]
    recipe = Recipe([Session("ses_\U0001f600", title="\u20ac \U0001f600")], rows=[
        Row("message", {"id": "msg_1", "session_id": "ses_\U0001f600", "data": odd_values.DONE}),
        *(Row("part", {"id": f"prt_{n}", "message_id": "msg_1", "session_id": "ses_\U0001f600", "data": text})
          for n, text in enumerate(texts))])
    path = forests.build(recipe, tmp_path / "s.db", SCHEMA)
    assert not worlds.load(path, mysql_url).left
    assert worlds.dump(mysql_url) == worlds.file_dump(path)
