"""Files beside a store: what goes is of sessions that the store had, lies in an export first, and comes back."""

import json
import os
import sqlite3

import pytest
from command import invoked
from forests import NOW
from opencode_lifecycle.sql import state, store
from opencode_lifecycle.sql.reclamation import execute, originals
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from opencode_lifecycle.sql.reclamation import stray_files as beside
from opencode_lifecycle.sql.reclamation.originals_file import Original
from opencode_lifecycle.sql.refusal import Refusal
from reclaimed import one_session, run, to_reclaim


def laid(folder, *names, days=0):
    """Files with a little content, last changed so many days before NOW."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"sessionID": "ses_1"}')
        os.utime(path, (NOW / 1000 - days * 86_400,) * 2)


def once(path, *sessions):
    """The store as one from which a run of ours removed these."""
    state.remove(str(path.resolve()), sessions)


@pytest.fixture
def path(tmp_path):
    con = sqlite3.connect(found := one_session(tmp_path))
    con.execute("CREATE TABLE IF NOT EXISTS migration (id TEXT PRIMARY KEY, time_completed INTEGER)")
    con.commit()
    con.close()
    return found


GOES = ["storage/session_diff/ses_once.json", "storage/part/msg_1/prt_1.json", "storage/message/ses_1/msg_1.json",
        "storage/session/prj/ses_1.json", "storage/todo/ses_once.json"]
STAYS = ["storage/session_diff/ses_1.json", "storage/session_diff/ses_stranger.json", "storage/session/p/ses_old.json",
         "storage/message/ses_old/msg_2.json", "snapshot/prj_gone/HEAD", "storage/migration", "tool-output/tool_new",
         "plans/1.md", "auth.json", "storage/project/p.json", "storage/message/ses_1/notes.txt"]


def files(folder):
    found = {str(p.relative_to(folder)): p for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: (p.read_bytes(), p.stat().st_mode, p.stat().st_mtime_ns) for name, p in found.items()
            if not name.startswith(path_of_ours)}


path_of_ours = ("s.db", "o.zst", "opencode")


def test_only_files_of_sessions_that_the_store_had_go_and_all_come_back_as_they_were(tmp_path, path):
    laid(tmp_path, *GOES, *STAYS)
    laid(tmp_path, "tool-output/tool_old", days=8)
    (tmp_path / GOES[0]).chmod(0o640)
    once(path, "ses_once")
    before = files(tmp_path)
    blocks = sum((tmp_path / name).stat().st_blocks * 512 for name in [*GOES, "tool-output/tool_old"])
    plan, done = run(path, ("files",), tmp_path / "o.zst")
    assert done.gains == plan.gains == {"files": {"rows": 6, "bytes": blocks}}
    assert set(before) - set(files(tmp_path)) == {*GOES, "tool-output/tool_old"}
    assert run(path, ("files",))[0].empty
    with store.opened(str(path)) as place:
        (tmp_path / "storage" / "todo").mkdir(exist_ok=True)
        (tmp_path / GOES[4]).write_text("mine")
        back = originals.bring_back(place, tmp_path / "o.zst")
        assert (back.rows, back.there) == ({"files": 5}, 1)
        assert (tmp_path / GOES[4]).read_text() == "mine"
    assert {**files(tmp_path), GOES[4]: before[GOES[4]]} == before


def test_the_verb_exports_the_files_and_undo_brings_them_back(tmp_path, path):
    laid(tmp_path, *GOES)
    before = files(tmp_path)
    invoked("reclaim", "--only=files", "--yes", f"--store={path}")
    assert "storage/part/msg_1/prt_1.json" not in files(tmp_path)
    invoked("undo", f"--store={path}")
    assert files(tmp_path) == before


def test_rows_that_a_session_leaves_behind_show_that_the_store_had_it(tmp_path, path):
    con = sqlite3.connect(path)
    con.execute("INSERT INTO todo SELECT 'ses_left', 'c', 's', 'p', 0, 1, 1 WHERE 1")
    con.commit()
    con.close()
    laid(tmp_path, "storage/session_diff/ses_left.json")
    assert [one.session for one in run(path, ("files",))[0].beside] == ["ses_left"]


def test_a_file_with_a_second_name_gives_nothing_back(tmp_path, path):
    laid(tmp_path, GOES[1])
    os.link(tmp_path / GOES[1], tmp_path / "second")
    plan, done = run(path, ("files",), tmp_path / "o.zst")
    assert done.gains == plan.gains == {"files": {"rows": 1, "bytes": 0}}


def test_links_pipes_and_what_cannot_be_read_stay_and_stop_no_other(tmp_path, path):
    laid(tmp_path, "elsewhere/ses_1/msg_9.json", "storage/todo/ses_1.json")
    (tmp_path / "storage" / "message").symlink_to(tmp_path / "elsewhere")
    part = tmp_path / "storage" / "part" / "msg_1"
    part.mkdir(parents=True)
    os.mkfifo(part / "prt_1.json")
    (part / "prt_2.json").symlink_to(tmp_path / "elsewhere" / "ses_1" / "msg_9.json")
    (part / "prt_3.json").symlink_to("nowhere")
    (tmp_path / "storage" / "session").mkdir()
    (tmp_path / "storage" / "session" / "ses_1.json").mkdir()
    plan, _ = run(path, ("files",), tmp_path / "o.zst")
    assert [one.path.name for one in plan.beside] == ["ses_1.json"]
    assert (tmp_path / "elsewhere" / "ses_1" / "msg_9.json").exists()


def test_a_session_that_came_after_the_forecast_keeps_its_diff_and_a_changed_file_stays(tmp_path, path):
    laid(tmp_path, "storage/session_diff/ses_2.json", "storage/todo/ses_1.json")
    once(path, "ses_2")
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(("files",), NOW, 0))
        assert len(plan.beside) == 2
        con = sqlite3.connect(path)
        columns = [row[1] for row in con.execute("PRAGMA table_info(session)") if row[1] != "id"]
        con.execute(f"INSERT INTO session (id, {', '.join(columns)}) SELECT 'ses_2', {', '.join(columns)} FROM session")
        con.commit()
        con.close()
        (tmp_path / "storage" / "todo" / "ses_1.json").write_text(json.dumps({"changed": 1}))
        done = execute.run(place, plan, None, "", lambda _: None)
    assert not done.gains and len(files(tmp_path)) == 2


@pytest.mark.parametrize("name", ("../x.json", "auth.json", "storage/../auth.json", "storage/part/../../x.json",
                                  "/etc/x.json", "tool-output/a/tool_x", "storage/migration", "plans/x.json"))
def test_a_file_from_elsewhere_writes_nowhere_but_where_files_are_taken_from(path, name):
    with store.opened(str(path)) as place, pytest.raises(Refusal):
        beside.put_back(place, Original("files", "", '{"mode": 420, "mtime_ns": 1}', name, b"x"))


def test_no_file_goes_where_another_store_may_need_it(tmp_path):
    path = one_session(tmp_path)
    laid(tmp_path, "storage/session_diff/ses_1.json", "opencode-dev.db")
    assert run(path, ("files",))[0].empty
