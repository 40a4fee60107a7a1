"""Export, prune, undo on a server: the file is the same, octet for octet, as that of the store it was copied from."""

import command
import pytest
from by_url import run_sql
from command import invoked, judge_by, refused

pytestmark = pytest.mark.whole

OUTPUT = ('{"type":"tool","tool":"bash","callID":"c","state":{"status":"completed","input":{},"output":"' + "O" * 500 +
          '","title":"t","metadata":{"exit":0},"time":{"start":1,"end":2,"compacted":1600000000000}}}')
pytest_plugins = ["servers"]


@pytest.mark.parametrize("kind", ["postgres", "mysql"])
def test_a_server_store_is_exported_pruned_and_undone_like_a_file(request, kind, tmp_path):
    url = request.getfixturevalue(f"{kind}_url")
    (tmp_path / "store").mkdir()
    store = command.planted(tmp_path / "store" / "opencode.db", trees=4, parts=2, pad=100)
    invoked("migrate", f"--to={url}", f"--store={store}")
    invoked("mirror", f"--to={url}", f"--store={store}")

    def exported(place, name):
        invoked("export", f"--output={tmp_path}/{name}.json", f"--store={place}")
        return (tmp_path / f"{name}.json").read_bytes()

    before = exported(url, "before")
    assert before == exported(store, "file")
    done = invoked("prune", "--days=30", judge_by(), "--yes", "--json", f"--store={url}").json["applied"]
    assert done["sessions"] == 9
    assert exported(url, "between") != before
    assert "Restored 9 sessions" in invoked("undo", f"--store={url}").out
    assert exported(url, "after") == before
    refused(64, "undo", f"--store={url}", says="nothing to undo")


@pytest.mark.parametrize("kind", ["postgres", "mysql"])
def test_the_history_of_a_server_store_is_undone_like_that_of_a_file(request, kind, tmp_path):
    """Both ways: of an undo, of a replacement, of the archive flag, of a reclamation."""
    url = request.getfixturevalue(f"{kind}_url")
    (tmp_path / "store").mkdir()
    store = command.planted(tmp_path / "store" / "opencode.db", trees=3, parts=2, pad=100)
    for verb in ("migrate", "mirror"):
        invoked(verb, f"--to={url}", f"--store={store}")
    run_sql(url, f"UPDATE part SET data = '{OUTPUT}' WHERE id = 'prt_ses_0002_a_0'")
    file, at = tmp_path / "mine.json", f"--store={url}"

    def exported():
        (tmp_path / "now.json").unlink(missing_ok=True)
        invoked("export", f"--output={tmp_path}/now.json", at)
        return (tmp_path / "now.json").read_bytes()

    def back_and_forth(number, before):
        after = exported()
        assert after != before
        invoked("undo", f"--run={number}", "--yes", at)
        assert exported() == before
        invoked("undo", f"--run={number + 1}", "--yes", at)
        assert exported() == after

    first = exported()
    invoked("export", f"--output={file}", at)
    invoked("prune", "--days=30", judge_by(), "--yes", at)
    back_and_forth(1, first)
    invoked("undo", "--run=3", at)
    run_sql(url, "UPDATE session SET title = 'renamed' WHERE id = 'ses_0002_b'")
    second = exported()
    invoked("restore", file, "--replace", "--yes", at)
    back_and_forth(5, second)
    third = exported()
    invoked("archive", "--session=ses_0002_a", at)
    back_and_forth(8, third)
    fourth = exported()
    invoked("reclaim", "--only=compacted", "--yes", at)
    back_and_forth(11, fourth)
