"""A mirror brings what changed, whole trees at a time, and nothing else; on every server engine."""

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import brought
import by_url
import command
import forests
import pytest
import worlds
from command import invoked, refused
from forests import NOW, Recipe, Session
from mirrored import Used, copied, counting, held, mirror, rows_of
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.transfer import carrier, watching
from places import ROOT
from size import sized

SCHEMA = "1.18.33"


@pytest.fixture
def store(tmp_path):
    return command.planted(tmp_path / "opencode.db", trees=4, parts=2, pad=60)


def write(path, *statements):
    with contextlib.closing(sqlite3.connect(path)) as con, con:
        for statement in statements:
            con.execute(statement)


def test_a_second_run_writes_no_row_and_a_changed_tree_brings_its_own_rows_alone(store, url):
    first = mirror(store, url)
    assert (first["sessions"], first["changed"], first["unchanged"], first["vanished"]) == (12, 12, 0, 0)
    with counting(url) as written:
        again = mirror(store, url)
    assert written == {} and (again["changed"], again["unchanged"], again["rows"]) == (0, 12, {})
    write(store, f"UPDATE part SET data = data || ' ', time_updated = {NOW} WHERE id = 'prt_ses_0001_b_0'")
    with counting(url) as written:
        third = mirror(store, url)
    expected = rows_of(store, ["ses_0001_b"])
    assert third["rows"] == {table: n for table, n in expected.items() if n}
    # Each of its rows goes and comes again, and so does the line that tells what was brought; nothing else.
    assert written == {table: 2 * n for table, n in expected.items() if n} | {"lifecycle_copy": 2}
    assert copied(url) == held(store)


def test_a_change_that_moves_no_time_and_no_length_is_found_while_the_clock_could_not_tell(store, url):
    now = int(time.time() * 1000) + 600_000
    write(store, f"UPDATE session SET time_updated = {now} WHERE id = 'ses_0000_a'")
    mirror(store, url)
    assert mirror(store, url)["unchanged"] == 12
    write(store, "UPDATE part SET data = replace(data, 'hello', 'hallo') WHERE id = 'prt_ses_0000_a_0'")
    assert mirror(store, url)["changed"] == 1
    assert copied(url) == held(store)


@pytest.mark.parametrize("seed", range(sized(1, 1, 4)))
def test_random_steps_leave_in_the_copy_what_nothing_had_been_taken_from(tmp_path, url, seed):
    chance = random.Random(seed)
    used = Used(command.planted(tmp_path / "opencode.db", trees=3, parts=1, pad=20), chance)
    for number in range(sized(6, 12, 50)):
        step = used.step()
        mirror(used.path, url)
        assert copied(url) == used.expected(), (seed, number, step)
    with counting(url) as written:
        assert mirror(used.path, url)["changed"] == 0
    assert written == {}


def test_a_session_that_vanished_stays_and_one_that_is_back_is_marked_so(store, url):
    mirror(store, url)
    kept = copied(url)
    rows = command.copy(store)
    write(store, "PRAGMA foreign_keys = ON", "DELETE FROM session WHERE id LIKE 'ses_0002%'",
          "DELETE FROM event WHERE aggregate_id LIKE 'ses_0002%'",
          "DELETE FROM event_sequence WHERE aggregate_id LIKE 'ses_0002%'")
    assert mirror(store, url)["vanished"] == 3
    assert copied(url) == kept and mirror(store, url)["vanished"] == 0
    gone = "SELECT session_id FROM lifecycle_copy WHERE vanished IS NOT NULL ORDER BY session_id"
    assert [id for (id,) in by_url.run_sql(url, gone)] == ["ses_0002_a", "ses_0002_b", "ses_0002_c"]
    shutil.copy(rows, store)
    assert mirror(store, url)["changed"] == 0
    assert by_url.run_sql(url, gone) == [] and copied(url) == kept


def test_what_was_removed_from_the_server_comes_again(store, url):
    mirror(store, url)
    invoked("prune", "--keep=1", f"--now={NOW}", f"--store={url}", "--yes", "--no-export", inside=True)
    assert len(copied(url)["session"]) < 12
    assert mirror(store, url)["changed"] >= 6
    assert copied(url) == held(store)


def test_without_events_the_log_stays_out_and_with_them_it_comes(store, url):
    said = invoked("mirror", f"--to={url}", f"--store={store}", "--without-events", inside=True)
    assert "Without the event log" in said.err and copied(url)["event"] == []
    assert copied(url)["event_sequence"] == held(store)["event_sequence"]
    assert mirror(store, url, "--without-events")["changed"] == 0
    assert mirror(store, url)["changed"] == 12 and copied(url) == held(store)
    mirror(store, url, "--without-events")
    assert copied(url) == held(store), "what was brought before stays"


def test_a_check_names_what_differs_and_writes_nothing(store, url):
    never = mirror(store, url, "--check", code=2)
    assert len(never["differences"]) == 12 and not worlds.tables(url)
    mirror(store, url)
    with counting(url) as written:
        same = mirror(store, url, "--check")
    assert written == {} and same["differences"] == [] and same["unchanged"] == 12
    write(store, f"UPDATE session SET title = 'other', time_updated = {NOW} WHERE id = 'ses_0001_a'",
          "PRAGMA foreign_keys = ON", "DELETE FROM session WHERE id = 'ses_0002_c'")
    by_url.run_sql(url, "UPDATE part SET data = 'altered' WHERE id = 'prt_ses_0003_b_0'")
    with counting(url) as written:
        found = mirror(store, url, "--check", code=2)
    assert written == {}
    assert {one["session"]: one["what"].split()[0] for one in found["differences"]} == {
        "ses_0001_a": "changed", "ses_0002_c": "gone", "ses_0003_b": "its"}
    refused(2, "mirror", "--check", f"--to={url}", f"--store={store}", says="mirror without --check", alone=False,
            inside=True)


def renumbered(path):
    """The same store with ids of its own."""
    write(path, *(f"UPDATE {table} SET {key} = replace({key}, 'ses_', 'ses_two_')" for table, key in (
        ("session", "id"), ("session", "parent_id"), ("message", "session_id"), ("part", "session_id"),
        ("todo", "session_id"), ("event", "aggregate_id"), ("event_sequence", "aggregate_id"))),
        "UPDATE message SET id = replace(id, 'msg_', 'msg_two_')",
        "UPDATE event SET id = replace(id, 'evt_', 'evt_two_')",
        "UPDATE part SET id = replace(id, 'prt_', 'prt_two_'), message_id = replace(message_id, 'msg_', 'msg_two_')")


def two_homes(folder, **later):
    """A store and a copy of it that went on by itself: of the first tree both have another, later state."""
    one = command.planted(folder / "one.db", trees=3, parts=1, pad=20)
    two = folder / "two.db"
    shutil.copy(one, two)
    write(one, f"UPDATE session SET title = 'of one', time_updated = {NOW + 1000} WHERE id = 'ses_0000_a'",
          f"INSERT INTO part SELECT 'prt_one', message_id, session_id, {NOW}, {NOW}, data FROM part WHERE session_id = "
          "'ses_0000_b' LIMIT 1")
    write(two, f"UPDATE session SET title = 'of two', time_updated = {NOW + 2000} WHERE id = 'ses_0000_a'",
          f"UPDATE part SET data = 'of two', time_updated = {NOW + 1} WHERE session_id = 'ses_0000_c'")
    return one, two


@pytest.mark.parametrize("order", ["older first", "newer first"])
def test_of_one_session_from_two_origins_the_newer_tree_wins_whole_and_the_loser_is_told(tmp_path, url, order):
    one, two = two_homes(tmp_path)
    for path, name in ((one, "desk"), (two, "lap")) if order == "older first" else ((two, "lap"), (one, "desk")):
        said = mirror(path, url, f"--origin={name}")
        assert not said["left"] and said["origin"] == name
    assert copied(url) == held(two)
    lost = [{"session": f"ses_0000_{place}", "origin": "lap"} for place in "abc"]
    for _ in range(sized(1, 1, 2)):
        with counting(url) as written:
            told = mirror(one, url, "--origin=desk")
        assert told["newer_there"] == lost and told["changed"] == 0 and written == {}
        assert mirror(two, url, "--origin=lap")["newer_there"] == []
    write(one, f"UPDATE session SET title = 'one again', time_updated = {NOW + 3000} WHERE id = 'ses_0000_b'")
    assert mirror(one, url, "--origin=desk")["newer_there"] == []
    assert copied(url) == held(one)
    assert len(mirror(two, url, "--origin=lap")["newer_there"]) == 3


def test_two_origins_with_the_same_session_share_it_and_each_brings_its_own(tmp_path, url):
    one = command.planted(tmp_path / "one.db", trees=3, parts=1, pad=20)
    two = tmp_path / "two.db"
    shutil.copy(one, two)
    gone = "LIKE 'ses_0001%'"
    write(two, "PRAGMA foreign_keys = ON", f"DELETE FROM session WHERE id {gone}",
          f"DELETE FROM event WHERE aggregate_id {gone}", f"DELETE FROM event_sequence WHERE aggregate_id {gone}",
          f"UPDATE session SET title = 'went on', time_updated = {NOW} WHERE id = 'ses_0002_b'")
    mirror(one, url, "--origin=desk")
    with counting(url) as written:
        assert mirror(two, url, "--origin=lap")["newer_there"] == []
    assert written["part"] == 2 * 3, "the tree that went on came whole, and the one that both have not at all"
    kept = by_url.run_sql(url, "SELECT session_id, MAX(origin) FROM lifecycle_copy WHERE kept = 1 GROUP BY session_id")
    assert {origin for id, origin in kept if id < "ses_0001"} == {"lap"} and len(kept) == len(held(one)["session"]) == 9
    assert [one["session"] for one in mirror(one, url, "--origin=desk")["newer_there"]] == ["ses_0002_b"]


def prompted(path, id, name, at):
    """A turn of the client: a message, its part, and the session's time."""
    write(path, f"INSERT INTO message (id, session_id, time_created, time_updated, data) "
          f"VALUES ('msg_{name}', '{id}', {at}, {at}, '{{}}')",
          f"INSERT INTO part (id, message_id, session_id, time_created, time_updated, data) "
          f"VALUES ('prt_{name}', 'msg_{name}', '{id}', {at}, {at}, '{{}}')",
          f"UPDATE session SET time_updated = {at} WHERE id = '{id}'")


def test_what_the_copy_alone_still_has_is_overwritten_only_by_what_goes_on_from_it(tmp_path, url):
    desk = command.planted(tmp_path / "desk.db", trees=2, parts=1, pad=20)
    lap = tmp_path / "lap.db"
    shutil.copy(desk, lap)
    mirror(desk, url, "--origin=desk")
    prompted(lap, "ses_0000_a", "lap", NOW + 1000)
    mirror(lap, url, "--origin=lap")
    alone = copied(url)
    full = command.copy(lap)
    write(lap, "PRAGMA foreign_keys = ON", "DELETE FROM session WHERE id LIKE 'ses_0000%'")
    mirror(lap, url, "--origin=lap")
    prompted(desk, "ses_0000_a", "desk", NOW + 2000)
    for _ in range(2):
        assert len(mirror(desk, url, "--origin=desk")["newer_there"]) == 3
        assert copied(url) == alone, "the turn of the lap is nowhere else"
    prompted(full, "ses_0000_a", "again", NOW + 3000)
    assert mirror(full, url, "--origin=third")["newer_there"] == []
    assert copied(url) == held(full)
    assert mirror(desk, url, "--origin=desk", "--poorer")["newer"], "older it is, whatever is asked"


def test_a_project_of_two_folders_keeps_the_one_written_to_last_and_the_row_of_each_origin(tmp_path, url):
    paths = []
    for name, later in (("desk", 0), ("lap", 5)):
        path = forests.build(Recipe([Session(f"ses_{name}", project="prj_a", directory=f"/home/{name}/p")]),
                             tmp_path / f"{name}.db", SCHEMA)
        write(path, f"UPDATE project SET worktree = '/home/{name}/p', time_updated = {NOW + later} WHERE id = 'prj_a'")
        paths.append((name, path))
    for _ in range(2):
        for name, path in paths:
            mirror(path, url, f"--origin={name}")
    for name, path in paths:
        with counting(url) as written:
            mirror(path, url, f"--origin={name}")
        assert written == {}, name
    assert by_url.run_sql(url, "SELECT worktree FROM project WHERE id = 'prj_a'")[0][0] == "/home/lap/p"
    found = by_url.run_sql(url, "SELECT origin, worktree FROM lifecycle_project WHERE project_id = 'prj_a' ORDER BY 1")
    assert [tuple(row) for row in found] == [("desk", "/home/desk/p"), ("lap", "/home/lap/p")]
    assert {row[0] for row in by_url.run_sql(url, "SELECT directory FROM session")} == {"/home/desk/p", "/home/lap/p"}
    for flags, at in (((), "lap"), (("--origin=lap",), "lap"), (("--origin=desk",), "desk")):
        new = brought.empty(tmp_path / f"new{len(flags)}{at}.db", SCHEMA)
        invoked("restore", url, f"--store={new}", *flags, inside=True)
        assert brought.content(new)["project"] == [row for row in brought.content(dict(paths)[at])["project"]
                                                   if "prj_a" in row or not flags], "as it is on that machine"


def started(*words):
    return subprocess.Popen([sys.executable, "-m", "invoke", *words], cwd=ROOT, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def test_a_killed_run_leaves_whole_trees_and_the_next_one_completes(tmp_path, url, monkeypatch):
    store = command.planted(tmp_path / "opencode.db", trees=12, parts=6, pad=200)
    monkeypatch.setattr(carrier, "CHUNK_SESSIONS", 3)
    whole, seen = trees_of(held(store)), set()
    for number in range(sized(2, 3, 20)):
        worlds.empty(url)
        killed_within(store, url, random.Random(number))
        there = trees_of(copied(url)) if set(held(store)) <= set(worlds.tables(url)) else {}
        assert all(whole[root] == rows for root, rows in there.items()), "half a tree"
        seen.add(len(there))
    assert any(0 < n < len(whole) for n in seen), seen
    mirror(store, url)
    assert copied(url) == held(store)


def killed_within(store, url, chance):
    """A run in a child of this process, with small transactions, that is killed at some statement."""
    pid = os.fork()
    if not pid:
        last = chance.randrange(10, 500)
        try:
            on = stores.engine_module("postgres" if by_url.is_postgres(url) else "mysql")
            real, counted = on.execute, [0]

            def execute(connection, sql):
                counted[0] += bool(counted[0]) or "DELETE FROM lc_now" in sql  # from when it looked at the sessions
                if counted[0] == last:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(connection, sql)

            on.execute = execute
            worlds.load(store, url)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def trees_of(found):
    """All rows of each tree, by the number in its id."""
    trees = {}
    for table, rows in found.items():
        for row in rows:
            said = next(str(value) for value in row if "ses_" in str(value))
            number = said[said.index("ses_") + 4:][:4]
            trees.setdefault(number, []).append((table, str(row)))
    return {number: sorted(rows) for number, rows in trees.items()}


def test_two_mirrors_and_a_prune_at_once_leave_the_union(tmp_path, url):
    one = command.planted(tmp_path / "one.db", trees=6, parts=2, pad=50)
    two = tmp_path / "two.db"
    shutil.copy(one, two)
    renumbered(two)
    mirror(one, url, "--origin=desk")
    runs = [started("mirror", f"--to={url}", f"--store={path}", f"--origin={name}", "--all")
            for path, name in ((one, "desk"), (two, "lap"))]
    prune = started("prune", "--keep=3", f"--now={NOW}", f"--store={url}", "--yes", "--no-export")
    for run in runs:
        said = run.communicate(timeout=120)
        assert run.returncode == 0, said
    assert prune.communicate(timeout=120) and prune.returncode in (0, 75)
    for path, name in ((one, "desk"), (two, "lap")):
        mirror(path, url, f"--origin={name}")
    found = copied(url)
    for table, rows in found.items():
        assert sorted(map(str, rows)) == sorted(map(str, [*held(one)[table], *held(two)[table]])), table


def test_a_watch_brings_what_is_written_and_ends_when_interrupted(store, url):
    run = started("mirror", f"--to={url}", f"--store={store}", "--watch=1s", "--json")
    try:
        until(lambda: "session" in worlds.tables(url) and len(copied(url)["session"]) == 12)
        write(store, f"UPDATE session SET title = 'watched', time_updated = {NOW} WHERE id = 'ses_0000_a'")
        until(lambda: copied(url) == held(store))
        run.send_signal(signal.SIGINT)
        assert run.wait(30) == 130
    finally:
        run.kill()
        run.communicate()


def until(true):
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_tables_of_a_newer_version_are_left_alone(store, url):
    mirror(store, url)
    by_url.run_sql(url, "INSERT INTO lifecycle_schema (version, moment) VALUES (99, 0)")
    for flags in ((), ("--check",)):
        refused(78, "mirror", f"--to={url}", f"--store={store}", *flags, says="newer opencode-lifecycle", inside=True)


def test_a_name_or_a_time_that_cannot_be_read_is_refused(store):
    for flag in ("--origin=", "--origin=a\x07b", "--watch=5", "--watch=0m", "--watch=soon"):
        refused(64, "mirror", "--to=postgresql://x@localhost/x", f"--store={store}", flag, says=flag.split("=")[0],
                inside=True)
    assert [watching.every(text) for text in ("30s", "5m", "2h", "1d")] == [30, 300, 7200, 86_400]


def test_verbs_look_at_one_origin_or_at_all_and_take_no_tree_of_another(tmp_path, url):
    for name, trees in (("desk", 4), ("lap", 2)):
        path = command.planted(tmp_path / f"{name}.db", trees=trees, parts=1, pad=20)
        if name == "lap":
            renumbered(path)
        mirror(path, url, f"--origin={name}")
    facts = {name: invoked("stats", f"--store={url}", "--json", *flags, inside=True).json
             for name, flags in (("all", ()), ("desk", ("--origin=desk",)), ("lap", ("--origin=lap",)))}
    assert {name: one["sessions"]["total"] for name, one in facts.items()} == {"all": 18, "desk": 12, "lap": 6}
    assert facts["lap"]["rows"]["part"] == 6 and len(facts["lap"]["largest"]) == 2
    for deep in ((), ("--deep",)):
        said = invoked("stats", f"--store={url}", "--origin=lap", *deep, inside=True)
        assert "6 sessions" in said.out and "Only what lap brought, but for the sizes on the disk." in said.err
    told = invoked("history", f"--store={url}", "--json", inside=True).json["origins"]
    assert [(one["origin"], one["sessions"], one["vanished"]) for one in told] == [("desk", 12, 0), ("lap", 6, 0)]
    flags = ("--keep=1", f"--now={NOW}", f"--store={url}", "--origin=lap")
    plan = invoked("plan", *flags, "--json", inside=True).json
    assert [one["root"] for one in plan["remove"]] == ["ses_two_0000_a"] and "that lap brought" in plan["policy"]
    assert invoked("explain", "ses_two_0000_a", *flags, "--json", inside=True).json["verdict"] == "remove"
    refused(64, "explain", "ses_0000_a", *flags, says="in no tree that lap brought", inside=True)
    refused(64, "stats", "--origin=none", f"--store={url}", says="desk, lap", inside=True)
    invoked("prune", *flags, "--yes", "--no-export", inside=True)
    assert len(copied(url)["session"]) == 15
