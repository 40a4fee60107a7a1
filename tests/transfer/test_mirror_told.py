"""What a mirror, a removal from a copy and a restore say of what they leave, so that somebody finds it again."""

import command
import forests
import pytest
from command import invoked, judge_by, refused
from forests import Recipe, Session
from mirrored import mirror

SCHEMA = "1.18.33"


@pytest.fixture
def store(tmp_path):
    return command.planted(tmp_path / "opencode.db", trees=3, parts=1)


def test_an_id_that_no_copy_takes_is_named_so_that_a_statement_finds_it(tmp_path):
    ids = (b"\x00\xff", b"ses_1", "ses_\udcff", "ses_nul\0", "ses_good")
    path = forests.build(Recipe([Session(id) for id in ids]), tmp_path / "opencode.db", SCHEMA)
    left = mirror(path, tmp_path / "cold.db", code=3)["left"]
    with command.opened(path) as con:
        con.text_factory = bytes
        found = {con.execute(f"SELECT CAST(id AS BLOB) FROM session WHERE id = {name}").fetchone()[0] for name in left}
    assert found == {b"\x00\xff", b"ses_1", b"ses_\xff", b"ses_nul\0"}


def test_a_store_of_which_more_is_gone_than_there_is_may_be_another_and_that_is_said(store, tmp_path):
    invoked("mirror", f"--to={tmp_path}/cold.db", f"--store={store}", "--origin=desk")
    with command.opened(store) as con:
        con.execute("DELETE FROM session WHERE id LIKE 'ses_0000%'")
    told = invoked("mirror", f"--to={tmp_path}/cold.db", f"--store={store}").err
    assert "Gone here, and kept there: 3 sessions" in told and "another store" not in told
    with command.opened(store) as con:
        con.execute("DELETE FROM session WHERE id <> 'ses_0002_a'")
    told = invoked("mirror", f"--to={tmp_path}/cold.db", f"--store={store}").err
    assert "another store than the one that desk was" in told and "--origin" in told


def test_a_prune_of_what_an_origin_brought_says_that_its_next_mirror_brings_it_again(store, tmp_path):
    cold = tmp_path / "cold.db"
    invoked("mirror", f"--to={cold}", f"--store={store}", "--origin=desk")
    words = ("prune", "--days=30", judge_by(), f"--store={cold}", "--yes", "--no-export")
    assert "What desk still has of them its next `mirror` brings back." in invoked(*words, "--origin=desk").err
    assert mirror(store, cold)["sessions"] == 6
    assert "mirror" not in invoked(*words).err


def test_the_hint_of_replace_says_what_was_asked_for(store, tmp_path):
    cold = tmp_path / "cold.db"
    mirror(store, cold)
    with command.opened(store) as con:
        con.execute("UPDATE session SET title = 'another' WHERE id = 'ses_0001_a'")
    refused(3, "restore", cold, f"--store={store}", "--session=ses_0001_c", "--into-project=prj_a",
            says="--session=ses_0001_c --replace --into-project=prj_a`")
