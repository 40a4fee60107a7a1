"""Export, prune, undo on a server: the file is the same, octet for octet, as that of the store it was copied from."""

import command
import pytest
from command import invoked, judge_by

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
    assert "every row was there already" in invoked("undo", f"--store={url}").out
