"""MariaDB takes rows by LOAD DATA, from what is at hand and from no file, and by INSERT where it does not take that."""

import contextlib
import itertools
import shutil
from urllib.parse import quote

import command
import forests
import mirrored
import nasty
import pytest
import worlds
from by_url import fresh_database, run_sql
from command import invoked
from forests import Recipe, Row, Session
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.engines import server
from opencode_lifecycle.sql.engines.mysql import bulk
from opencode_lifecycle.sql.refusal import Refusal
from private_servers import MariaDB

TABLE = ("CREATE TABLE rows_here (id VARCHAR(20) COLLATE utf8mb4_nopad_bin PRIMARY KEY, number BIGINT, "
         "data LONGTEXT NOT NULL, note TEXT) CHARACTER SET utf8mb4")
NAMES = ("id", "number", "data", "note")
MARKS = ("\\", "\\N", "\\n", "N", "NULL", "", " ", "a ", "\t", "\n", "\r\n", "'", '"', "\0", "\x1a", "\b", "%", ",",
         "\u00e9", "\u2028", "\U0001f600", "\U0010ffff")
TEXTS = [*MARKS, *map("".join, itertools.product(MARKS, repeat=2)), *(text for _, text in nasty.RECLAIMABLE),
         "x" * 700_000, "\U0001f600\\\t" * 200_000]


@pytest.fixture
def place(mysql_url):
    run_sql(mysql_url, TABLE)
    with stores.reached("mysql", mysql_url) as store:
        yield store


def write(store, *rows):
    return store.on.write(store.connection, "rows_here", NAMES, iter(rows))


def held(store):
    store.connection.buffer_rest()
    return {id: rest for id, *rest in store.on.rows(store.connection, "SELECT id, number, data, note FROM rows_here")}


@pytest.mark.parametrize("loads", [True, False])
def test_every_text_arrives_octet_by_octet(place, loads):
    assert place.connection.loads
    place.connection.loads = loads
    rows = [(f"r{at}", number, text, None if at % 2 else text[:9]) for (at, text), number in zip(
        enumerate(TEXTS), itertools.cycle((0, -1, (1 << 63) - 1, -(1 << 63), None)))]
    octets = [(id, number, *(text and bytearray(text.encode()) for text in texts)) for id, number, *texts in rows]
    for sent in (rows, octets):
        assert write(place, *sent) == len(rows)
        assert held(place) == {id: rest for id, *rest in rows}
        place.on.execute(place.connection, "DELETE FROM rows_here")


@pytest.mark.parametrize("loads", [True, False])
@pytest.mark.parametrize(("row", "conflict"), [
    (("a", 1, "again", None), True), (("b", 1, None, None), True), (("b" * 21, 1, "x", None), False),
    (("b", 1 << 63, "x", None), False), (("b", "word", "x", None), False), (("b", 1, bytearray(b"\xff"), None), False)])
def test_a_row_that_would_be_changed_or_left_out_is_an_error_and_none_stays(place, loads, row, conflict):
    write(place, ("a", 1, "first", None))
    place.connection.loads = loads
    place.engine_run("begin")
    with pytest.raises((place.on.Error, UnicodeDecodeError)) as raised:
        write(place, ("c", 1, "before", None), row, ("d", 1, "after", None))
    assert isinstance(raised.value, place.on.Conflict) == conflict
    place.roll_back()
    assert held(place) == {"a": [1, "first", None]}


@pytest.mark.parametrize("size", [1, 2_000_000])
def test_rows_that_break_off_leave_a_connection_that_goes_on(place, size):
    def broken():
        yield "a", 1, "x" * size, None
        raise Refusal("it broke off", 1)

    place.engine_run("begin")
    with pytest.raises(Refusal, match="broke off"):
        place.on.write(place.connection, "rows_here", NAMES, broken())
    place.roll_back()
    assert held(place) == {} and write(place, ("b", 1, "y", None)) == 1 and held(place) == {"b": [1, "y", None]}


def test_no_file_is_sent_whatever_a_server_asks_for(place, tmp_path, monkeypatch):
    secret = tmp_path / "secret"
    secret.write_text("s\t1\tsecret\t\\N\n")
    with pytest.raises(place.on.Error, match="asks for a file"):
        place.on.execute(place.connection, f"LOAD DATA LOCAL INFILE '{secret}' INTO TABLE rows_here")
    with stores.reached("mysql", run_url(place)) as store:
        assert held(store) == {}
        # In answer to our own statement it may name what it likes: it gets the rows.
        named = type(server.engine_sql("mysql", "load")[0])(server.engine_sql("mysql", "load")[0].sql.replace(
            "'rows'", f"'{secret}'"))
        monkeypatch.setattr(bulk, "engine_sql", lambda *_: [named])
        write(store, ("a", 1, "x", None))
        assert held(store) == {"a": [1, "x", None]}


def run_url(store):
    to = store.connection.to
    user, password = quote(to.user, safe=""), quote(to.password, safe="")
    return f"mysql://{user}:{password}@{to.host}:{to.port}/{to.database}"


def test_a_blob_is_refused_where_a_text_belongs(place):
    with pytest.raises(Refusal, match="BLOB"):
        write(place, ("a", 1, b"x", None))


@contextlib.contextmanager
def refusing(url):
    run_sql(url, "SET GLOBAL local_infile = 0")
    try:
        yield
    finally:
        run_sql(url, "SET GLOBAL local_infile = 1")


def test_a_server_that_takes_no_load_gets_the_same_rows_by_insert_and_the_user_is_told(tmp_path, mysql_server):
    store = command.planted(tmp_path / "opencode.db", trees=3, parts=2, pad=60)
    with fresh_database(mysql_server.admin_url) as loaded, fresh_database(mysql_server.admin_url) as inserted:
        said = invoked("mirror", f"--to={loaded}", f"--store={store}", inside=True)
        assert "INSERT" not in said.err
        with refusing(mysql_server.admin_url):
            said = invoked("mirror", f"--to={inserted}", f"--store={store}", inside=True)
            assert "local_infile=ON" in said.err
            assert mirrored.mirror(store, inserted)["changed"] == 0
        assert mirrored.copied(loaded) == mirrored.copied(inserted) == mirrored.held(store)


def test_a_server_that_refuses_only_once_it_is_asked_gets_them_too(place, mysql_server):
    with refusing(mysql_server.admin_url):
        assert place.connection.loads and write(place, ("a", 1, "x", None)) == 1
        assert not place.connection.loads and held(place) == {"a": [1, "x", None]}


def test_a_row_above_the_longest_packet_arrives_and_comes_back(tmp_path):
    text = '{"type":"text","text":"' + "a\\n\N{EM DASH}" * 700_000 + '"}'
    recipe = Recipe([Session("ses_1")], rows=[
        Row("message", {"id": "msg_1", "session_id": "ses_1", "data": '{"role":"user"}'}),
        Row("part", {"id": "prt_1", "message_id": "msg_1", "session_id": "ses_1", "data": text})])
    store = forests.build(recipe, tmp_path / "s.db", "1.18.33")
    back = tmp_path / "back.db"
    shutil.copy(forests.build(Recipe([]), tmp_path / "none.db", "1.18.33"), back)
    with MariaDB(max_allowed_packet="1M") as small, fresh_database(small.admin_url) as url:
        assert mirrored.mirror(store, url)["left"] == {}
        assert mirrored.copied(url) == mirrored.held(store)
        invoked("restore", url, f"--store={back}", "--yes", "--no-pin", inside=True)
        assert worlds.file_dump(back)["part"] == worlds.file_dump(store)["part"]
        run_sql(small.admin_url, "SET GLOBAL local_infile = 0")
        with fresh_database(small.admin_url) as other:
            assert "max_allowed_packet" in mirrored.mirror(store, other, code=3)["left"]["ses_1"]
