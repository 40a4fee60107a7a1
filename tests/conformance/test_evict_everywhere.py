"""Evicted into a server and brought back from it: complete there before anything goes, whatever fails on the way."""

import random
import shutil

import brought
import by_url
import command
import drawn
import forests
import mirrored
import pytest
import worlds
from command import dump, invoked, judge_by, refused, sessions_of
from forests import LONG_AGO, Recipe, Row, Session
from hypothesis import assume, given, settings
from opencode_lifecycle.sql.cascade import shipment
from opencode_lifecycle.sql.transfer import carrier
from places import STORES
from size import sized

PRUNE = ("prune", "--days=30", judge_by(), "--yes")
FRESH = {"ses_0003_a", "ses_0003_b", "ses_0003_c"}


@pytest.fixture
def hot(tmp_path):
    (tmp_path / "hot").mkdir()
    return command.planted(tmp_path / "hot" / "opencode.db", trees=4, parts=3, pad=200)


def evict(hot, url, *flags, code=0):
    return invoked(*PRUNE, f"--export-to={url}", f"--store={hot}", *flags, code=code, inside=True)


def counted(url):
    return {table: by_url.run_sql(url, f"SELECT COUNT(*) FROM {table}")[0][0] for table in ("session", "part", "event")}


def test_what_goes_stands_on_the_server_and_comes_back_from_there(hot, url, monkeypatch):
    before = dump(hot)
    done = evict(hot, url, "--json").json["applied"]
    assert (done["sessions"], done["spared"]) == (9, []) and sessions_of(hot) == FRESH
    assert counted(url) == {"session": 9, "part": 27, "event": 18}
    assert [bool(name) for (name,) in by_url.run_sql(url, "SELECT DISTINCT origin FROM lifecycle_project")] == [True]
    (run,) = invoked("history", "--json", f"--store={hot}", inside=True).json["runs"]
    assert "@" not in run["export"] and run["can_undo"]
    invoked("undo", f"--from={url}", f"--store={hot}", inside=True)
    assert dump(hot) == before
    evict(hot, url)
    monkeypatch.setenv("OPENCODE_LIFECYCLE_COPY", url)
    invoked("undo", f"--store={hot}", inside=True)
    assert dump(hot) == before
    by_url.run_sql(url, "DELETE FROM part WHERE session_id = 'ses_0001_b'")
    evict(hot, url)
    invoked("restore", url, "--session=ses_0001_b", f"--store={hot}", inside=True)
    assert {row for row in dump(hot)["part"] if "ses_0001" in str(row)} == \
        {row for row in before["part"] if "ses_0001" in str(row)}, "a new shipment is whole, whatever stood there"


def test_what_stands_there_as_it_is_here_is_not_written_again_and_all_else_is(hot, url):
    invoked("mirror", f"--to={url}", f"--store={hot}", inside=True)
    with mirrored.counting(url) as written:
        assert evict(hot, url, "--json").json["applied"]["sessions"] == 9
    assert written == {"lifecycle_copy": 9}, "that they go is noted, and nothing is sent"
    invoked("undo", f"--from={url}", f"--store={hot}", inside=True)
    with command.opened(hot) as con:  # of this nothing but a digest tells: no time, no length, no number is another
        con.execute("UPDATE part SET data = replace(data, 'hello', 'hallo') WHERE id = 'prt_ses_0000_b_0'")
    by_url.run_sql(url, "UPDATE part SET data = 'altered' WHERE session_id = 'ses_0001_a'")
    with mirrored.counting(url) as written:
        assert evict(hot, url, "--json").json["applied"]["sessions"] == 9
    brought = mirrored.rows_of(hot_again(hot, url), ["ses_0000_b", "ses_0001_a"])
    assert written == {table: 2 * n for table, n in brought.items() if n} | {"lifecycle_copy": 9 + 2 * 2}


def hot_again(hot, url):
    """What was evicted, back in the store."""
    invoked("undo", f"--from={url}", f"--store={hot}", inside=True)
    return hot


def test_what_the_server_cannot_hold_or_has_newer_stays_with_its_tree_and_is_named(hot, url):
    invoked("mirror", f"--to={url}", f"--store={hot}", inside=True)
    with command.opened(hot) as con:
        con.execute("UPDATE todo SET content = CAST(x'610062' AS TEXT) WHERE session_id = 'ses_0000_c'")
        con.execute("UPDATE todo SET content = CAST(x'80' AS TEXT) WHERE session_id = 'ses_0002_a'")
    by_url.run_sql(url, "UPDATE message SET time_updated = time_updated + 9 WHERE session_id = 'ses_0001_a'")
    done = evict(hot, url, "--json").json["applied"]
    assert done["sessions"] == 0 and set(done["spared_why"]) == {"ses_0000_a", "ses_0001_a", "ses_0002_a"}
    assert "holds a NUL" in done["spared_why"]["ses_0000_a"]
    assert "later state" in done["spared_why"]["ses_0001_a"]
    assert "no UTF-8" in done["spared_why"]["ses_0002_a"]
    assert len(sessions_of(hot)) == 12


@pytest.mark.parametrize("name", sized(["1.2.15", "1.18.33"], ["1.2.15", "1.18.33"],
                                       ["1.2.15", "1.3.2", "1.15.13", "1.18.33"]))
def test_stores_that_clients_made_come_back_from_a_server_whole(tmp_path, url, name):
    """The server has the columns of the newest client: what an older one lacked stands there as NULL."""
    for file in STORES.glob(f"{name}.db*"):
        shutil.copy(file, tmp_path / file.name.replace(name, "cold"))
    invoked("migrate", f"--to={url}", inside=True)
    invoked("mirror", f"--to={url}", f"--store={tmp_path}/cold.db", "--origin=desk", inside=True)
    hot = brought.empty(tmp_path / "opencode.db", name)
    invoked("restore", url, f"--store={hot}", inside=True)
    assert brought.content(hot) == brought.content(tmp_path / "cold.db")
    new = brought.empty(tmp_path / "new.db", "1.18.33")
    invoked("restore", url, f"--store={new}", inside=True)
    assert sessions_of(new) == sessions_of(hot)
    found = invoked("restore", url, "--list", "--origin=desk", "--json", inside=True).json
    assert {one["origin"] for one in found} == {"desk"} and all(one["bytes"] for one in found)


@settings(max_examples=sized(3, 3, 150))
@given(drawn.forests(), drawn.schemas())
def test_generated_stores_come_back_from_a_server_byte_for_byte(tmp_path_factory, shared_url, recipe, schema):
    """All that a server can hold; what it cannot is named, and only that is missing."""
    folder = tmp_path_factory.mktemp("there")
    store = forests.build(recipe, folder / "there.db", schema)
    hot = brought.empty(folder / "back.db", schema, recipe.loose)
    worlds.empty(shared_url)
    left = worlds.load(store, shared_url).left
    assume(not any("'" in name for name in left))  # told by their look, not by an id that rows could be found by
    invoked("restore", shared_url, f"--store={hot}", inside=True)
    wanted, found = brought.content(store, left), brought.content(hot)
    tables = {name for name in wanted if not [said for said in left if said.endswith((f"of {name}", f"table {name}"))]}
    assert {name: found.get(name) for name in tables} == {name: wanted[name] for name in tables}, left
    assert found.keys() <= wanted.keys() | brought.CONTENT


def test_a_copy_of_several_origins_says_whose_each_tree_is_and_since_when_it_is_gone_there(hot, url, tmp_path):
    invoked("mirror", f"--to={url}", f"--store={hot}", "--origin=desk", inside=True)
    rows = [Row("message", {"id": "msg_l", "session_id": "ses_lap", "time_updated": LONG_AGO, "data": "{}"})]
    lap = forests.build(Recipe([Session("ses_lap", title="On the train")], rows=rows), tmp_path / "lap.db", "1.18.33")
    invoked("mirror", f"--to={url}", f"--store={lap}", "--origin=lap", inside=True)
    with command.opened(lap) as con:
        con.execute("DELETE FROM message")
        con.execute("DELETE FROM session")
    invoked("mirror", f"--to={url}", f"--store={lap}", "--origin=lap", inside=True)
    (one,) = invoked("restore", url, "--list", "--search=TRAIN", "--json", inside=True).json
    assert (one["session"], one["origin"], bool(one["vanished"])) == ("ses_lap", "lap", True)
    assert len(invoked("restore", url, "--list", "--origin=desk", "--json", inside=True).json) == 4
    refused(64, "restore", url, "--list", "--origin=elsewhere", says=("desk", "lap"), inside=True)
    invoked("restore", url, "--session=ses_lap", f"--store={hot}", inside=True)
    assert "ses_lap" in sessions_of(hot)


SENDS = 30  # tables of three trees, or fewer: of which one the server dies
MOMENTS = [("_record", 1), ("_carried", 0), *(("_send", n) for n in random.Random(7).sample(range(1, SENDS), 8))]


@pytest.mark.parametrize("step, number", MOMENTS[:sized(1, 2, 10)])
def test_a_server_that_is_killed_while_it_is_shipped_to_costs_nothing(hot, durable, monkeypatch, step, number):
    """In the midst of a transaction on the copy, which is never committed, or before it is read back."""
    url, before = by_url.create_database(durable.admin_url), dump(hot)
    monkeypatch.setattr(carrier, "CHUNK_SESSIONS", 1)
    place = shipment if step == "_carried" else carrier.Carrier
    usual, left = getattr(place, step), [number]

    def then(*given):
        done = usual(*given) if step == "_carried" else None
        left[0] -= 1
        if left[0] == -1:
            durable.kill()
        return done or usual(*given)
    monkeypatch.setattr(place, step, then)
    ran = command.invoke(*PRUNE, f"--export-to={url}", f"--store={hot}", inside=True)
    assert ran.code in (69, 75) and ran.sentence.endswith(".") and "Traceback" not in ran.err, ran
    assert dump(hot) == before
    monkeypatch.setattr(place, step, usual)
    durable.start()
    there = counted(url)["session"]
    assert there == 9 if step == "_carried" else there in (0, 3, 6), "no half tree"
    assert evict(hot, url, "--json").json["applied"]["sessions"] == 9
    assert counted(url) == {"session": 9, "part": 27, "event": 18}
