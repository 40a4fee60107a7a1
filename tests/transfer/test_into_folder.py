"""What comes back works in another folder of this machine: its own columns say so, and nothing else of it changes."""

import brought
import command
import forests
import pytest
from command import invoked, refused
from forests import Recipe, Session
from mirrored import mirror

SCHEMA = "1.18.33"


@pytest.fixture
def home(tmp_path):
    """The project as this machine has it, with one of the folders that sessions had inside theirs."""
    (tmp_path / "clone" / "docs" / "en").mkdir(parents=True)
    (tmp_path / "clone" / ".git").mkdir()
    return tmp_path / "clone"


@pytest.fixture
def far(tmp_path):
    """Sessions of another machine: at the top of their project, inside it, and of a client that knew no path."""
    inside = {"ses_top": "", "ses_docs": "docs", "ses_src": "src/a", "ses_out": "../docs", "ses_old": None}
    return forests.build(Recipe([Session(id, directory=f"/work/a/{path or ''}".rstrip("/"), columns={"path": path})
                                 for id, path in inside.items()]), tmp_path / "far.db", SCHEMA)


@pytest.fixture(params=["json.zst", "db"])
def source(far, tmp_path, request):
    """An export of it, or a cold file."""
    name = tmp_path / f"copy.{request.param}"
    if name.suffix == ".db":
        mirror(far, name)
    else:
        invoked("export", f"--output={name}", f"--store={far}")
    return name


@pytest.fixture
def hot(tmp_path):
    return brought.empty(tmp_path / "hot.db", SCHEMA)


def places(store):
    with command.opened(store) as con:
        return {id: (folder, path) for id, folder, path in con.execute("SELECT id, directory, path FROM session")}


def placed(home):
    return {"ses_top": (str(home), ""), "ses_docs": (f"{home}/docs", "docs"), "ses_src": (str(home), ""),
            "ses_out": (str(home), ""), "ses_old": (str(home), None)}


def unplaced(store):
    """Every row, but where sessions work."""
    with command.opened(store) as con:
        con.execute("BEGIN")
        con.execute("UPDATE session SET directory = '', path = NULL")
        con.execute("CREATE TEMP TABLE here AS SELECT * FROM session")
        rows = con.execute("SELECT * FROM here ORDER BY id").fetchall()
        con.execute("ROLLBACK")
    others = brought.content(store)
    return rows, {table: others[table] for table in others if table not in brought.CONTENT | {"session"}}


def test_sessions_work_in_the_folder_and_everything_else_of_them_is_as_it_was(far, source, hot, home):
    ran = invoked("restore", source, f"--store={hot}", f"--into-folder={home}")
    assert places(hot) == placed(home)
    assert unplaced(hot) == unplaced(far)
    assert f"work in {home} from now on" in ran.err and "directory and path are not what they were" in ran.err
    assert "not on this machine" not in ran.err
    again = invoked("restore", source, f"--store={hot}", f"--into-folder={home}", "--json").json
    assert (again["rows"], again["stayed"]) == ({}, {})


def test_a_folder_inside_a_repository_is_told_from_its_top_and_one_in_none_from_the_root(source, hot, home, tmp_path):
    invoked("restore", source, f"--store={hot}", "--session=ses_top", f"--into-folder={home / 'docs' / 'en'}")
    assert places(hot) == {"ses_top": (f"{home}/docs/en", "docs/en")}
    (tmp_path / "plain").mkdir()
    invoked("restore", source, f"--store={hot}", "--session=ses_docs", f"--into-folder={tmp_path}/plain/")
    assert places(hot)["ses_docs"] == (f"{tmp_path}/plain", f"{tmp_path}/plain"[1:])


@pytest.mark.parametrize("name", ["clone", "./clone", "/no/such/folder", "", "{home}/docs/none", "{home}/file"])
def test_a_folder_that_is_not_there_or_not_named_from_the_root_on_is_refused(far, hot, home, name):
    (home / "file").touch()
    before = command.dump(hot)
    refused(64, "restore", far, f"--store={hot}", f"--into-folder={name.format(home=home)}", says="--into-folder")
    assert command.dump(hot) == before


def test_the_run_is_taken_back_though_the_folder_is_gone_by_then(source, hot, home):
    invoked("restore", source, f"--store={hot}", f"--into-folder={home}")
    home.rename(home.with_name("elsewhere"))
    taken = invoked("undo", f"--store={hot}", "--yes", "--json").json
    assert (taken["removed"], taken["stayed"]) == (5, {})
    assert places(hot) == {}
    invoked("undo", f"--store={hot}", "--run=2", "--yes")
    assert places(hot) == placed(home), "what an undo took comes back as it was by then"


def test_a_session_that_was_moved_since_is_not_taken_back(source, hot, home):
    invoked("restore", source, f"--store={hot}", f"--into-folder={home}")
    with command.opened(hot) as con:
        con.execute("UPDATE session SET directory = '/elsewhere' WHERE id = 'ses_top'")
    invoked("undo", f"--store={hot}", "--yes", code=3)
    assert places(hot) == {"ses_top": ("/elsewhere", "")}


def test_what_is_there_already_moves_by_replace_and_back_by_undo(far, source, hot, home):
    invoked("restore", source, f"--store={hot}")
    assert places(hot) == places(far)
    refused(3, "restore", source, f"--store={hot}", f"--into-folder={home}", says="--replace", alone=False)
    assert places(hot) == places(far)
    invoked("restore", source, f"--store={hot}", f"--into-folder={home}", "--replace", "--yes")
    assert places(hot) == placed(home)
    invoked("undo", f"--store={hot}", "--yes")
    assert places(hot) == places(far)


def test_another_project_and_another_folder_go_together(source, hot, home):
    with command.opened(hot) as con:
        con.execute("INSERT INTO project (id, worktree, time_created, time_updated, sandboxes) "
                    "VALUES ('prj_here', ?, 0, 0, '[]')", [str(home)])
    invoked("restore", source, f"--store={hot}", f"--into-folder={home}", f"--into-project={home}")
    assert places(hot) == placed(home)
    with command.opened(hot) as con:
        assert con.execute("SELECT DISTINCT project_id FROM session").fetchall() == [("prj_here",)]
    taken = invoked("undo", f"--store={hot}", "--yes", "--json").json
    assert taken["stayed"] == {} and places(hot) == {}


def test_both_rows_of_a_session_of_two_layouts_are_placed(tmp_path, home):
    far = forests.build(Recipe([Session("ses_both", home="both", columns={"path": "docs"})]), tmp_path / "far.db",
                        "v2.0-mixed-simulated")
    hot = brought.empty(tmp_path / "hot.db", "v2.0-mixed-simulated")
    invoked("restore", far, f"--store={hot}", f"--into-folder={home}")
    with command.opened(hot) as con:
        for table in ("session", "session_v2"):
            assert con.execute(f"SELECT directory, path FROM {table}").fetchall() == [(f"{home}/docs", "docs")], table


def test_a_client_of_before_paths_has_only_the_folder(tmp_path, home):
    far = forests.build(Recipe([Session("ses_old")]), tmp_path / "far.db", "1.2.15")
    hot = brought.empty(tmp_path / "hot.db", "1.2.15")
    invoked("restore", far, f"--store={hot}", f"--into-folder={home}")
    with command.opened(hot) as con:
        assert con.execute("SELECT directory FROM session").fetchall() == [(str(home),)]


def test_what_works_in_a_folder_that_is_not_here_is_told_with_the_flag_that_helps(source, hot, home):
    told = invoked("restore", source, f"--store={hot}", "--session=ses_docs").err
    assert "1 session works in /work/a/docs, which is not on this machine" in told
    assert "--session=ses_docs --replace --into-folder=DIR" in told
    said = invoked("restore", source, f"--store={hot}", "--json").json
    assert set(said["missing_folders"]) == set(said["folders"]) and sum(said["folders"].values()) == 5
    said = invoked("restore", source, f"--store={hot}", f"--into-folder={home}", "--replace", "--yes", "--json").json
    assert said["missing_folders"] == [] and said["folders"] == {str(home): 4, f"{home}/docs": 1}


def test_a_list_names_folders_that_are_not_here(source, home):
    ran = invoked("restore", source, "--list")
    assert "not here" in ran.out and "/work/a/src" in ran.out
    assert "--into-folder=DIR" in ran.err
    assert {one["session"]: one["directory"] for one in invoked("restore", source, "--list", "--json").json} == {
        "ses_top": "/work/a", "ses_docs": "/work/a/docs", "ses_src": "/work/a/src/a", "ses_out": "/work/a/../docs",
        "ses_old": "/work/a"}


def test_a_list_of_what_is_all_at_home_says_nothing_of_folders(tmp_path, home):
    cold = forests.build(Recipe([Session("ses_here", directory=str(home))]), tmp_path / "cold.db", SCHEMA)
    ran = invoked("restore", cold, "--list")
    assert "folder" not in ran.out + ran.err


@pytest.mark.parametrize("folder", ["/work/\udcff", b"/work/a", "", "/work/\n\x1b[2J", "x" * 5_000])
def test_folders_that_no_machine_has_are_told_and_left(tmp_path, hot, home, folder):
    far = forests.build(Recipe([Session("ses_odd", directory=folder, columns={"path": folder})]), tmp_path / "far.db",
                        SCHEMA)
    invoked("export", f"--output={tmp_path}/e.json", f"--store={far}")
    for source in (far, tmp_path / "e.json"):
        invoked("restore", source, "--list")
        assert invoked("restore", source, "--list", "--json").json[0]["session"] == "ses_odd"
    invoked("restore", tmp_path / "e.json", f"--store={hot}")
    assert invoked("restore", tmp_path / "e.json", f"--store={hot}", "--json").json["stayed"] == {}
    assert brought.content(hot)["session"] == brought.content(far)["session"]
    invoked("restore", tmp_path / "e.json", f"--store={hot}", "--replace", f"--into-folder={home}", "--yes")
    assert places(hot) == {"ses_odd": (str(home), "")}


def test_a_mirror_of_what_was_placed_changes_the_copy_only_once_it_goes_on(far, hot, home, tmp_path):
    cold = tmp_path / "cold.db"
    mirror(far, cold, "--origin=far")
    invoked("restore", cold, f"--store={hot}", f"--into-folder={home}")
    mirror(hot, cold, "--origin=here")
    assert places(cold) == places(far), "nothing is newer here: the copy keeps the folder of the one that brought it"
    with command.opened(hot) as con:
        con.execute("UPDATE session SET time_updated = time_updated + 1000 WHERE id = 'ses_docs'")
    mirror(hot, cold, "--origin=here")
    assert places(cold) == places(far) | {"ses_docs": placed(home)["ses_docs"]}
    assert [one["session"] for one in mirror(far, cold, "--origin=far")["newer_there"]] == ["ses_docs"]
