"""Every row of the table of refusals is a run that ends so."""

import itertools
import os
import re
from unittest import mock

import attached
import command
import pytest
from command import dump, invoke, judge_by
from machine import Machine
from opencode_lifecycle.sql import state
from opencode_lifecycle.sql.engines import engine_module
from opencode_lifecycle.sql.files import file_number
from opencode_lifecycle.sql.reclamation import attachment_files, originals_file
from opencode_lifecycle.sql.reclamation.originals_file import Original
from opencode_lifecycle.sql.retention import archive
from opencode_lifecycle.sql.transfer import session_rows, spool
from places import ROOT

PAGE = (ROOT / "sql" / "verbs" / "README.md").read_text()
TABLE = re.findall(r"^\| (\d+) \| (.*) \| (.*) \|$", PAGE.split("## What is refused\n", 1)[1], re.MULTILINE)
GO = ("--days=30", judge_by(), "--yes")


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=3, parts=1, pad=10)


def altered(store, *statements):
    with command.opened(store) as con:
        for statement in statements:
            con.execute(statement)


def run(store, *words):
    return invoke(*words, f"--store={store}", inside=True)


def export_that_lacks(store, folder):
    queue = session_rows.Source.queue
    with mock.patch.object(session_rows.Source, "queue", lambda self, ids: queue(self, [f"no {id}" for id in ids])):
        return run(store, "prune", *GO)


def damaged_file(store, folder):
    assert run(store, "export", f"--output={folder}/e.json").code == 0
    (folder / "e.json").write_bytes((folder / "e.json").read_bytes()[:-9])
    return run(store, "restore", folder / "e.json")


def unproven_file(store, folder):
    with (folder / "o.originals.zst").open("wb") as file:
        facts = {"store": str(store), "layout": "v1", "kinds": ["files"]}
        originals_file.write(file, facts, [Original("files", "", '{"mode": 420, "mtime_ns": 1}', "../x", b"x")])
    return run(store, "restore", folder / "o.originals.zst")


def open_folder(store, folder):
    (folder / "all").mkdir()
    (folder / "all").chmod(0o777)
    return run(store, "prune", *GO, f"--export={folder}/all/e.json")


def second_name(store, folder):
    os.link(store, folder / "other.db")
    return run(store, "prune", *GO)


def other_rows(store, folder):
    assert run(store, "export", f"--output={folder}/e.json").code == 0
    altered(store, "UPDATE part SET data = '{}' WHERE id = 'prt_ses_0000_a_0'")
    return run(store, "restore", folder / "e.json")


def lacking_column(store, folder):
    assert run(store, "export", f"--output={folder}/e.json").code == 0
    (table,) = [sql for name, sql in definitions(store) if name == "todo"]
    altered(store, "DROP TABLE todo", table.replace("(", "(owner text NOT NULL, ", 1),
            "DELETE FROM session WHERE id LIKE 'ses_0000%'")
    return run(store, "restore", folder / "e.json")


def definitions(store):
    with command.opened(store) as con:
        return con.execute("SELECT name, sql FROM sqlite_master").fetchall()


def half_way(store, folder):
    flag, meets = archive._flag, itertools.count()

    def fails(*what):
        if next(meets):
            raise engine_module("sqlite").Error("no such thing")
        return flag(*what)

    with mock.patch.object(archive, "AT_ONCE", 1), mock.patch.object(archive, "_flag", fails):
        return run(store, "archive", "--older-than=30d", judge_by(), "--yes")


def too_big(store, folder):
    assert run(store, "export", f"--output={folder}/e.json").code == 0
    with command.client(store), mock.patch.object(spool, "HOPELESS", -1):
        return run(store, "restore", folder / "e.json")


def lost_attachment(store, folder):
    path = attached.store(folder / "s.db", {"a": attached.file(attached.url())}, messages=False)
    assert run(path, "reclaim", "--only=attachments", judge_by(), "--yes").code == 0
    for file in attachment_files.folder().rglob("*"):
        if file.is_file():
            file.unlink()
    return run(path, "restore", "--attachments")


def plan(store, folder):
    path = folder / "plan.sql"
    assert run(store, "plan", *GO[:2], f"--out={path}").code == 0
    return path


def struck_plan(store, folder):
    path = plan(store, folder)
    lines = path.read_text().split("\n")
    del lines[next(i for i, one in enumerate(lines) if one.startswith("INSERT INTO lc_planned"))]
    path.write_text("\n".join(lines))
    return run(store, "apply", path, "--yes")


def changed_tables(store, folder):
    path = plan(store, folder)
    altered(store, "CREATE TABLE session_mood (session_id TEXT)")
    return run(store, "apply", path, "--yes")


def second_run(store, folder):
    with state.only_run(str(store), file_number(store)):
        return run(store, "prune", *GO)


def under_a_client(store, folder):
    with command.client(store):
        return invoke("convert", "--yes", f"--store={store}")


def unknown_column(store, folder):
    altered(store, "ALTER TABLE session ADD COLUMN mood TEXT DEFAULT 'glad'")
    assert run(store, "export", f"--output={folder}/e.json").code == 0
    altered(store, "ALTER TABLE session DROP COLUMN mood", "DELETE FROM session WHERE id LIKE 'ses_0000%'")
    return run(store, "restore", folder / "e.json")


def changed_job(store, folder):
    (folder / "machine").mkdir()
    machine = Machine(folder / "machine", "crontab")
    with mock.patch.dict(os.environ, machine.env):
        assert run(store, "schedule").code == 0
        machine.tab.write_text(machine.tab.read_text().replace("nice", "nicer", 1))
        return invoke("unschedule", inside=True)


def synced_folder(store, folder):
    (folder / "Dropbox").mkdir()
    return run(store, "mirror", f"--to={folder}/Dropbox/cold.db")


def no_scheduler(store, folder):
    (folder / "machine").mkdir()
    with mock.patch.dict(os.environ, Machine(folder / "machine").env):
        return run(store, "schedule")


def interrupted(store, folder):
    with mock.patch("opencode_lifecycle.sql.store.opened", side_effect=KeyboardInterrupt):
        return run(store, "stats")


def after(*statements, words=("prune", *GO)):
    def change(store, folder):
        altered(store, *statements)
        return run(store, *words)
    return change


RUNS = {  # by the first words of the row
    "the export lacks a session": export_that_lacks, "a file of sessions is cut short": damaged_file,
    "a file of original values": unproven_file, "the export would lie": open_folder,
    "the store's file has a second name": second_name,
    "a flag or a verb that there is not": lambda store, folder: run(store, "prune", "--dayz=3"),
    "nobody said yes": lambda store, folder: run(store, "prune", *GO[:2]),
    "`plan --check`": lambda store, folder: run(store, "plan", *GO[:2], "--check"),
    "the store has other rows": other_rows, "the file of an attachment": lost_attachment,
    "rows of a tree lack": lacking_column, "an error of the engine": half_way,
    "a cold file in a folder": synced_folder,
    "a value, a policy": lambda store, folder: run(store, "prune", "--days=many"),
    "the store is not there": lambda store, folder: run(folder / "none.db", "stats"),
    "a plan whose head or list": struck_plan, "a plan of another store": changed_tables,
    "a job of `schedule`": changed_job,
    "another run works on the store": second_run, "a full vacuum or a conversion": under_a_client,
    "a tree is too big to come back": too_big,
    "a table of sessions that is not known": after("CREATE TABLE mood (session_id TEXT)"),
    "a foreign key or a trigger": after("CREATE TRIGGER t AFTER DELETE ON part BEGIN SELECT 1; END"),
    "rows of a table or column": unknown_column, "no scheduler is here": no_scheduler,
    "it was interrupted": interrupted,
}


def test_every_row_of_the_table_has_its_run():
    assert [next((one for one in RUNS if what.startswith(one)), what) for _, what, _ in TABLE] == list(RUNS)


@pytest.mark.parametrize(("code", "what", "helps"), TABLE, ids=[what[:30] for _, what, _ in TABLE])
def test_what_the_table_of_refusals_says_is_so(store, tmp_path, code, what, helps):
    before = dump(store)
    ran = next(each for start, each in RUNS.items() if what.startswith(start))(store, tmp_path)
    assert ran.code == int(code) and "Traceback" not in ran.err, ran
    assert ran.err.strip(), "a refusal says why"
    for flag in re.findall(r"--[a-z][a-z-]+", helps):
        if flag not in ("--help", "--out"):
            assert flag in ran.err, (flag, ran.err)
    if int(code) in (2, 73, 75, 78):
        assert {table: rows for table, rows in dump(store).items() if table in before} == before or "column" in what
