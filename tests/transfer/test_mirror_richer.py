"""A mirror after a reclaim at the source: the copy keeps what it alone still holds, and says so; a flag decides."""

import json

import command
import pytest
import servers
from command import invoked


@pytest.fixture(scope="module", params=[servers.Postgres, servers.MariaDB])
def server(request):
    with servers.engines_wanted(), request.param() as found:
        yield found


def test_a_reclaimed_source_takes_nothing_from_the_copy_unless_asked_to(server, tmp_path):
    store = command.planted(tmp_path / "opencode.db", trees=3, parts=2, pad=200)
    with servers.fresh_database(server.admin_url) as url:
        def copied(*flags):
            return invoked("mirror", f"--to={url}", f"--store={store}", "--json", *flags, inside=True).json

        def figures():
            found = invoked("stats", f"--store={url}", "--json", inside=True).json
            return json.dumps([found["rows"], found["bytes"]], sort_keys=True)

        copied()
        assert copied()["richer"] == []
        full = figures()
        invoked("reclaim", "--only=events", "--all-events", "--yes", f"--store={store}")
        assert len(copied()["richer"]) == 9 and figures() == full
        again = copied("--poorer")
        assert again["richer"] == [] and again["sessions"] == 9 and figures() != full
