"""A mirror with rows that are far larger than all others: a server takes them as it comes; what memory that costs."""

import json

import by_url
import command
import forests
import mirrored
import pytest
from by_url import fresh_database
from engines_here import engines_wanted
from forests import LONG_AGO, Recipe, Row, Session
from opencode_lifecycle.sql.transfer.sums import HUGE
from peaks import peak
from private_servers import MariaDB, Postgres
from size import sized

MB = 10**6
ROW = sized(36, 36, 300) * MB
BESIDE = 90 * MB
LINE = 'a "line" of what a tool said \N{EM DASH}\n'
KINDS = {"postgres": Postgres, "mysql": MariaDB}


@pytest.fixture(params=KINDS)
def place(request):
    """A database of a server as it comes, whose longest packet of MariaDB is 16 MB."""
    with engines_wanted(), KINDS[request.param]() as server, fresh_database(server.admin_url) as url:
        yield url


def stored(path, size, number=1):
    """A session with results of so many octets, one of them of no letters but those of ASCII."""
    rows = []
    for at in range(number):
        line = LINE if at % 2 == 0 else "a line\n"
        repeated = size // (len(json.dumps(line, ensure_ascii=False).encode()) - 2)
        text = json.dumps({"type": "text", "text": line * repeated}, ensure_ascii=False)
        ids = {"session_id": "ses_1", "time_updated": LONG_AGO}
        rows += [Row("message", ids | {"id": f"msg_{at}", "data": '{"role":"user"}'}),
                 Row("part", ids | {"id": f"prt_{at}", "message_id": f"msg_{at}", "data": text})]
    return forests.build(Recipe([Session("ses_1")], rows=rows), path, "1.18.33")


def test_texts_about_as_long_as_a_server_tells_by_their_digest_are_the_same_there(tmp_path, place):
    for number, size in enumerate((HUGE - 1, HUGE, HUGE + 1)):
        folder = tmp_path / str(number)
        folder.mkdir()
        store = stored(folder / "s.db", 100)
        with command.opened(store) as con:
            con.execute(f"UPDATE part SET time_updated = {number}, data = ?", ["\N{EM DASH}" + "x" * (size - 3)])
        done = mirrored.mirror(store, place, "--origin=here", "--poorer")
        assert done["left"] == {} and mirrored.copied(place) == mirrored.held(store)
        assert mirrored.mirror(store, place, "--origin=here", "--check")["differences"] == []
        same = "substr(data, 1, 9) || 'y' || substr(data, 11)" if by_url.is_postgres(place) else \
            "INSERT(data, 10, 1, 'y')"
        by_url.run_sql(place, f"UPDATE part SET data = {same}")
        found = mirrored.mirror(store, place, "--origin=here", "--check", code=2)["differences"]
        assert [one["session"] for one in found] == ["ses_1"]


@pytest.mark.whole
def test_a_mirror_takes_no_more_than_twice_the_largest_row(tmp_path, place, say):
    store = stored(tmp_path / "s.db", ROW, 2)
    base, _ = peak(tmp_path, "policy", "--json")
    found, done = peak(tmp_path, "mirror", f"--store={store}", f"--to={place}", "--json")
    again, unchanged = peak(tmp_path, "mirror", f"--store={store}", f"--to={place}", "--json")
    say(f"{place.split(':')[0]}, rows of {ROW / MB:.0f} MB: a first mirror took {(found - base) / MB:.0f} MB beside "
        f"{base / MB:.0f} MB, one with nothing to bring {(again - base) / MB:.0f} MB")
    assert done["left"] == {} and (done["rows"]["part"], unchanged["rows"]) == (2, {})
    length = by_url.run_sql(place, "SELECT MAX(octet_length(data)) FROM part")[0][0]
    assert ROW * 0.9 < length < ROW * 1.1
    assert found - base < 2 * ROW + BESIDE and again - base < BESIDE
