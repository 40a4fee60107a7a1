"""Migrate follows a newer client's schema, and no mode of the server harms a row."""

import sqlite3
import threading

import forests
import nasty
import odd_values
import pytest
import worlds
from by_url import run_sql
from forests import NOW, Recipe, Row, Session
from server_trees import *  # noqa: F403
from server_trees import SCHEMA
from verbs import invoke, refused


def test_a_newer_clients_table_and_column_are_added_and_nothing_is_lost(path, url, tmp_path):
    worlds.load(path, url)
    newer = tmp_path / "newer.db"
    newer.write_bytes(path.read_bytes())
    con = sqlite3.connect(newer)
    con.executescript("ALTER TABLE session ADD COLUMN mood TEXT; UPDATE session SET mood = 'calm';"
                      "CREATE TABLE thought (id TEXT PRIMARY KEY, session_id TEXT, text TEXT);"
                      "INSERT INTO thought VALUES ('tho_1', 'ses_1', 'hm');")
    con.close()
    assert "ADD COLUMN" in invoke("migrate", f"--to={url}", f"--store={newer}", "--dry-run").stdout
    assert not worlds.load(newer, url).left
    assert worlds.dump(url) == worlds.file_dump(newer)
    assert not worlds.load(path, url).left and len(worlds.dump(url)["thought"]) == 1
    assert "--ignore-table=thought" in refused(78, "prune", "--days=30", f"--store={url}")


def test_migrate_is_idempotent_dry_first_and_recorded(url):
    dry = invoke("migrate", f"--to={url}", "--dry-run")
    assert "CREATE TABLE" in dry.stdout and not worlds.tables(url)
    assert invoke("migrate", f"--to={url}").returncode == 0
    assert "up to date" in invoke("migrate", f"--to={url}").stderr
    recorded = run_sql(url, "SELECT statement FROM lifecycle_change ORDER BY number")
    assert [one for (one,) in recorded] and all(one.strip() in dry.stdout for (one,) in recorded)


def test_machines_that_mirror_at_once_to_a_server_that_has_nothing_yet_all_get_there(path, url, tmp_path):
    ended = {}

    def mirrored(store):
        ended[store] = invoke("mirror", f"--store={store}", f"--to={url}")

    threads = []
    for number in range(3):
        store = tmp_path / f"{number}.db"
        store.write_bytes(path.read_bytes())
        threads.append(threading.Thread(target=mirrored, args=(store,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [done.returncode for done in ended.values()] == [0] * 3, ended
    assert len(worlds.dump(url)["session"]) == 8 and len(run_sql(url, "SELECT * FROM lifecycle_copy")) == 24


# What MariaDB's own check lets through: it is edited like a valid one, and keeps all the rest.
LENIENT = ("bad escape",)


@pytest.mark.parametrize("mode", ["strict", "lax"])
def test_no_mode_of_mariadb_overwrites_a_row_that_is_no_json(request, tmp_path, mode):
    url = request.getfixturevalue(f"mysql_{mode}_url")
    texts = [text for name, text in nasty.NOT_JSON if name not in LENIENT]
    texts += [text for name, text in nasty.RECLAIMABLE if "lone" in name or name == "nesting 40"]
    parts = {f"prt_{number:02}": text for number, text in enumerate(texts)} | {"prt_good": nasty.tool()}
    recipe = Recipe([Session("ses_a")], rows=[
        Row("message", {"id": "msg_a", "session_id": "ses_a", "data": odd_values.DONE}),
        *(Row("part", {"id": id, "message_id": "msg_a", "session_id": "ses_a", "data": text})
          for id, text in parts.items())])
    worlds.load(forests.build(recipe, tmp_path / "s.db", SCHEMA), url)
    done = invoke("reclaim", f"--store={url}", "--only=compacted", "--yes", "--no-export", f"--now={NOW}")
    assert done.returncode == 0, done.stderr
    after = dict(run_sql(url, "SELECT id, data FROM part"))
    assert nasty.MARKER in after.pop("prt_good")
    assert after == {id: text for id, text in parts.items() if id != "prt_good"}


OTHERS = "CREATE TABLE session (id VARCHAR(40) PRIMARY KEY, cart VARCHAR(40))"


@pytest.mark.parametrize("theirs", [OTHERS, "CREATE VIEW part AS SELECT 1 AS id"])
def test_a_table_or_a_view_of_somebody_elses_with_our_name_is_named_and_nothing_is_written(path, url, theirs):
    run_sql(url, theirs)
    before = worlds.tables(url)
    for verb in (("migrate",), ("mirror", f"--store={path}")):
        assert "somebody else's" in refused(78, *verb, f"--to={url}")
    assert worlds.tables(url) == before


def test_revert_drops_what_migrate_made_and_nothing_else_after_a_question(path, url):
    run_sql(url, "CREATE TABLE shop (id INT PRIMARY KEY)")
    assert "no table that migrate made" in refused(69, "migrate", f"--to={url}", "--revert", "--yes")
    assert invoke("migrate", f"--to={url}").returncode == 0
    made = worlds.tables(url)
    assert "Nothing was changed" in invoke("migrate", f"--to={url}", "--revert").stderr
    assert worlds.tables(url) == made
    done = invoke("migrate", f"--to={url}", "--revert", "--yes")
    assert done.returncode == 0 and worlds.tables(url) == ["shop"], done.stderr


def test_revert_drops_rows_only_when_it_is_told_to(path, url):
    worlds.load(path, url)
    shown = invoke("migrate", f"--to={url}", "--revert", "--dry-run")
    assert "session: 8 rows" in shown.stdout
    assert "still holds" in refused(2, "migrate", f"--to={url}", "--revert")
    assert len(run_sql(url, "SELECT id FROM session")) == 8
    assert invoke("migrate", f"--to={url}", "--revert", "--yes").returncode == 0
    assert not worlds.tables(url)
    worlds.load(path, url)  # and it can be made again
    assert worlds.dump(url) == worlds.file_dump(path)
