"""What comes back into another folder works there in a server store as well, and by a run that is taken back."""

import by_url
import forests
from command import invoked
from forests import Recipe, Session
from mirrored import mirror

SCHEMA = "1.18.33"


def test_sessions_come_into_another_folder_of_a_server_and_go_again(tmp_path, url):
    (tmp_path / "it's" / ".git").mkdir(parents=True)
    (tmp_path / "it's" / "d\\ocs").mkdir()
    mirror(forests.build(Recipe([Session("ses_here")]), tmp_path / "here.db", SCHEMA), url)
    far = forests.build(Recipe([Session("ses_top", columns={"path": ""}), Session("ses_in", columns={"path": "d\\ocs"}),
                                Session("ses_old", columns={"path": None})]), tmp_path / "far.db", SCHEMA)
    home = f"{tmp_path}/it's"
    invoked("restore", far, f"--store={url}", f"--into-folder={home}")
    said = "SELECT id, directory, path FROM session ORDER BY id"
    here = ("ses_here", "/work/a", by_url.run_sql(url, said)[0][2])
    assert [tuple(row) for row in by_url.run_sql(url, said)] == [
        here, ("ses_in", f"{home}/d\\ocs", "d\\ocs"), ("ses_old", home, None), ("ses_top", home, "")]
    invoked("undo", f"--store={url}", "--yes")
    assert [tuple(row) for row in by_url.run_sql(url, said)] == [here]
