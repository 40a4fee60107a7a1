"""One suite for all engines: the same stores give the same verdicts, counts and end state as the oracle says."""

import json
import shutil
import sqlite3
from dataclasses import replace

import by_url
import drawn
import forests
import moments
import nasty
import odd_values
import oracle
import product
import pytest
import store_rows
import worlds
from forests import NOW, Recipe, Row, Session
from hypothesis import currently_in_test_context, given, note, settings
from hypothesis import strategies as st
from judged import POLICIES, expected, unowned, weighed
from places import STORES
from size import sized
from verbs import invoke

FEW = settings(max_examples=sized(4, 10, 400))


@FEW
@given(recipe=drawn.forests(portable=True), asked=POLICIES, schema=drawn.schemas(), choice=st.integers(0, 9),
       short=st.sampled_from((0, 1)))
def test_the_verdict_and_reason_of_every_tree_are_the_oracles(
        tmp_path_factory, shared_url, recipe, asked, schema, choice, short):
    judge_alike(tmp_path_factory.mktemp("s") / "s.db", shared_url, recipe, asked, schema, choice, short)


def test_what_2x_is_busy_with_and_what_a_pattern_names_is_protected_alike(tmp_path, shared_url):
    marks = ({"time_suspended": 1}, {"time_compacting": 1}, {})
    sessions = [Session(f"ses_b{n}", home="v2", columns=columns) for n, columns in enumerate((*marks, *marks))]
    sessions += [Session(f"ses_t{n}", title=title, home="both") for n, title in enumerate(odd_values.TITLES)]
    sessions += [Session(f"ses_d{n}", directory=place) for n, place in enumerate(odd_values.DIRECTORIES)]
    rows = [Row(table, {"session_id": id}) for table, id in zip(odd_values.QUEUES, ("ses_b2", "ses_b5"), strict=True)]
    for titles, folders in ((["проект*", "?COLE", "stra?e"], ["c:/work"]), (["*keep*"], ["/work/a", r"\\SRV\share"])):
        asked = oracle.Policy(max_age_ms=moments.DAY, protect_titles=titles, protect_directories=folders)
        judge_alike(tmp_path / "s.db", shared_url, Recipe(sessions, rows=rows), asked, "2.0.26-mixed", 0, 0)


@pytest.mark.parametrize("said", ["a\ue001b", r"a\ue001b", r"\u0000", "a\ue001b\\u0000", "a\ue001\ue002b\\u0000",
                                  r"a\uE001b\ud83d"], ids=ascii)
def test_a_turn_that_has_not_ended_is_seen_whatever_letters_its_text_has(tmp_path, shared_url, said):
    days = NOW - 3 * moments.DAY
    recipe = Recipe([Session("ses_a", updated=days, home="v2")], rows=[Row("session_message", {
        "id": "smg_a", "session_id": "ses_a", "type": "assistant", "seq": 1, "time_updated": days,
        "data": f'{{"text":"{said}","time":{{"created":1}}}}'})])
    judge_alike(tmp_path / "s.db", shared_url, recipe, oracle.Policy(max_age_ms=moments.DAY), "2.0.26-mixed", 0, 0)


def judge_alike(path, url, recipe, asked, schema, choice, short):
    forests.build(recipe, path, schema)
    con = sqlite3.connect(path)
    asked, fixed = weighed(con, asked, choice, short)
    wanted = expected(con, asked)
    con.close()
    if currently_in_test_context():
        note(f"{schema} {asked}")
    worlds.empty(url)
    assert not worlds.load(path, url).left
    assert worlds.dump(url) == worlds.file_dump(path)
    if recipe.sessions or recipe.chain.depth:
        assert product.decided(url, asked, NOW, fixed) == wanted


@FEW
@given(recipe=drawn.forests(portable=True), asked=POLICIES, schema=drawn.schemas(), shell=st.booleans())
def test_what_survives_is_what_the_oracle_leaves_and_a_second_run_removes_nothing(
        tmp_path_factory, shared_url, recipe, asked, schema, shell):
    prune_alike(tmp_path_factory.mktemp("s") / "s.db", shared_url, recipe, asked, schema, shell)


def prune_alike(path, url, recipe, asked, schema, shell):
    forests.build(recipe, path, schema)
    con = sqlite3.connect(path)
    asked = replace(asked, unowned=unowned(con, asked))
    removed = oracle.removed_ids(oracle.judge(con, asked, NOW))
    wanted = worlds.public(store_rows.survivors(con, removed))
    con.close()
    note(f"{schema} {asked}")
    worlds.empty(url)
    assert not worlds.load(path, url).left
    chosen, _, text = product.planned(url, asked, NOW)
    assert {s.id for unit in chosen.units for s in unit.sessions} == removed
    if shell:
        run_in_shell(url, text)
    else:
        done = product.applied(url, text, asked.pins)
        assert not done.outcome.spared and done.outcome.sessions == len(removed)
    assert worlds.dump(url) == wanted
    assert not [name for name in worlds.tables(url) if name.startswith("lc_")]
    again, _, _ = product.planned(url, asked, NOW)
    assert not again.units


def run_in_shell(url, text):
    done = by_url.run_shell(url, text)
    assert (done.returncode, done.stderr) == (0, "")


SCHEMA = "1.18.33"


def nasty_store(path, texts=nasty.PORTABLE):
    """A session for every nasty text that a server can hold, and one for every nasty title."""
    sessions, rows = [], []
    for number, (_, text) in enumerate(texts):
        id = f"ses_nasty_{number:03}"
        sessions.append(Session(id, title=nasty.TITLES[number % len(nasty.TITLES)]))
        rows += [Row("message", {"id": f"msg_{number:03}", "session_id": id, "time_updated": forests.LONG_AGO,
                                 "data": odd_values.DONE}),
                 Row("part", {"id": f"prt_{number:03}", "message_id": f"msg_{number:03}", "session_id": id,
                              "time_updated": forests.LONG_AGO, "data": text.decode()}),
                 Row("event", {"id": f"evt_{number:03}", "aggregate_id": id, "seq": 0, "data": text.decode()})]
    for twin in ("ses_twin", "ses_TWIN", "ses_twin ", "ses_tw\u00edn", "ses_twi\u0301n"):
        sessions.append(Session(twin))
    return forests.build(Recipe(sessions, rows=rows), path, SCHEMA)


def test_every_nasty_row_arrives_byte_for_byte_and_goes_with_its_session(tmp_path, url):
    path = nasty_store(tmp_path / "s.db")
    assert not worlds.load(path, url).left
    assert worlds.dump(url) == worlds.file_dump(path)
    _, _, text = product.planned(url, oracle.Policy(max_age_ms=30 * moments.DAY), NOW)
    run_in_shell(url, text)
    left = worlds.dump(url)
    assert not left["session"] and not left["part"] and not left["event"] and left["project"]


def test_a_row_of_50_mb_arrives_and_goes(tmp_path, url):
    text = '{"type":"text","text":"' + "é\\u0000\\" + '\\"' * 12_000_000 + "é" * 12_000_000 + '"}'
    recipe = Recipe([Session("ses_big")], rows=[
        Row("message", {"id": "msg_1", "session_id": "ses_big", "data": odd_values.DONE}),
        Row("part", {"id": "prt_1", "message_id": "msg_1", "session_id": "ses_big", "data": text})])
    path = forests.build(recipe, tmp_path / "s.db", SCHEMA)
    assert not worlds.load(path, url).left
    ((data,),) = by_url.run_sql(url, "SELECT data FROM part")
    assert data == text
    chosen, _, plan = product.planned(url, oracle.Policy(max_age_ms=30 * moments.DAY), NOW)
    assert next(iter(chosen.units)).bytes > 48_000_000
    done = product.applied(url, plan)
    assert done.outcome.sessions == 1 and not worlds.dump(url)["part"]


UNFIT = {
    "a NUL in a text": ('{"type":"text","text":"a\x00b"}', "holds a NUL character"),
    "octets that are no UTF-8": ("caf\udce9", "holds octets that are no UTF-8"),
    "a BLOB": (b"\x00\x01", "holds a BLOB"),
}


@pytest.mark.parametrize("what", UNFIT)
def test_a_session_with_a_row_that_no_server_can_hold_stays_out_whole_and_by_name(tmp_path, url, what):
    data, why = UNFIT[what]
    recipe = Recipe([Session("ses_good"), Session("ses_bad"), Session("ses_child", parent="ses_bad")], rows=[
        Row("message", {"id": f"msg_{id}", "session_id": id, "data": odd_values.DONE}) for id in ("ses_good", "ses_bad")
    ] + [Row("part", {"id": "prt_1", "message_id": "msg_ses_bad", "session_id": "ses_bad", "data": data})])
    path = forests.build(recipe, tmp_path / "s.db", SCHEMA)
    before = path.read_bytes()
    done = worlds.load(path, url)
    assert done.left == {"ses_bad": f"part.data {why}"}
    left = worlds.dump(url)
    assert {row[left_column(path, "session", "id")] for row in left["session"]} == {"ses_good", "ses_child"}
    assert len(left["message"]) == 1 and not left["part"]
    assert path.read_bytes() == before


def test_a_row_longer_than_the_packets_of_mariadb_keeps_its_session_out_by_name_where_no_load_is_taken(
        tmp_path, mysql_url):
    admin = mysql_url
    ((before, loads),) = by_url.run_sql(admin, "SELECT @@GLOBAL.max_allowed_packet, @@GLOBAL.local_infile")
    texts = {"ses_fits": "x" * 700_000, "ses_long": '"' * 500_000, "ses_short": "x"}
    recipe = Recipe([Session(id) for id in texts], rows=[
        row for id, text in texts.items() for row in (
            Row("message", {"id": f"msg_{id}", "session_id": id, "data": odd_values.DONE}),
            Row("part", {"id": f"prt_{id}", "message_id": f"msg_{id}", "session_id": id, "data": text}))])
    path = forests.build(recipe, tmp_path / "s.db", SCHEMA)
    by_url.run_sql(admin, "SET GLOBAL max_allowed_packet = 1048576, GLOBAL local_infile = 0")
    try:
        done = worlds.load(path, mysql_url)
    finally:
        by_url.run_sql(admin, f"SET GLOBAL max_allowed_packet = {before}, GLOBAL local_infile = {loads}")
    assert list(done.left) == ["ses_long"] and "max_allowed_packet" in done.left["ses_long"]
    assert len(worlds.dump(mysql_url)["part"]) == 2


def left_column(path, table, column):
    con = sqlite3.connect(path)
    names = sorted(row[1] for row in con.execute(f"PRAGMA table_info({table})"))
    con.close()
    return names.index(column)


def test_a_second_mirror_brings_what_changed_and_leaves_what_only_the_copy_has(tmp_path, url):
    one = forests.build(Recipe([Session("ses_a", title="old"), Session("ses_gone")]), tmp_path / "1.db", SCHEMA)
    two = forests.build(Recipe([Session("ses_a", title="new"), Session("ses_b")]), tmp_path / "2.db", SCHEMA)
    worlds.load(one, url)
    worlds.load(two, url)
    place = left_column(one, "session", "title")
    key = left_column(one, "session", "id")
    assert {row[key]: row[place] for row in worlds.dump(url)["session"]} == \
        {"ses_a": "new", "ses_b": "a title", "ses_gone": "a title"}


def test_an_older_source_never_overwrites_a_newer_copy_of_a_session(tmp_path, url):
    def recipe(title, *changed):
        """Three sessions; the row of one and the part of another are as new as `changed` says."""
        ids, times = ("ses_row", "ses_part", "ses_same"), dict.fromkeys(("row", "part"), forests.LONG_AGO)
        times |= dict(changed)
        return Recipe([Session(id, title=title, updated=times["row"] if id == "ses_row" else forests.LONG_AGO)
                       for id in ids], rows=[row for id in ids for row in (
            Row("message", {"id": f"msg_{id}", "session_id": id, "data": odd_values.DONE,
                            "time_updated": forests.LONG_AGO}),
            Row("part", {"id": f"prt_{id}", "message_id": f"msg_{id}", "session_id": id, "data": odd_values.PARTS[0],
                         "time_updated": times["part"] if id == "ses_part" else forests.LONG_AGO}))])

    newer = forests.build(recipe("new", ("row", NOW), ("part", NOW)), tmp_path / "newer.db", SCHEMA)
    older = forests.build(recipe("old"), tmp_path / "older.db", SCHEMA)
    key, place = left_column(newer, "session", "id"), left_column(newer, "session", "title")
    assert not worlds.load(newer, url).newer
    done = worlds.load(older, url)
    assert done.newer == ["ses_part", "ses_row"] and done.sessions == 1 and not done.left
    assert {row[key]: row[place] for row in worlds.dump(url)["session"]} == \
        {"ses_row": "new", "ses_part": "new", "ses_same": "old"}
    said = invoke("mirror", f"--store={older}", f"--to={url}")
    assert said.returncode == 0 and "Newer in the copy, and left as they are there: 2 sessions." in said.stderr
    assert worlds.load(newer, url).sessions == 3
    assert worlds.dump(url) == worlds.file_dump(newer)


@pytest.mark.parametrize("client", sorted(file.stem for file in STORES.glob("*.db")))
def test_a_store_of_a_real_client_is_copied_whole_and_again(tmp_path, url, client):
    path = tmp_path / "s.db"
    shutil.copy(STORES / f"{client}.db", path)
    for _ in range(2):
        done = worlds.load(path, url)
        assert not done.left and not done.newer and done.sessions + done.unchanged
        assert worlds.dump(url) == worlds.file_dump(path)


def test_tokens_are_never_copied(tmp_path, url):
    path = forests.build(Recipe([Session("ses_a")]), tmp_path / "s.db", SCHEMA)
    con = sqlite3.connect(path)
    assert con.execute("SELECT COUNT(*) FROM account").fetchone()[0]
    con.close()
    worlds.load(path, url)
    assert not set(worlds.SECRETS) & set(worlds.tables(url))


def test_a_reclaim_clears_what_it_clears_on_sqlite_and_keeps_every_other_row_as_it_was(tmp_path, postgres_url):
    path = nasty_store(tmp_path / "s.db")
    worlds.load(path, postgres_url)
    before = parts_of(path)
    words = ("reclaim", "--only=compacted", "--yes", "--no-export", f"--now={NOW}")
    for where in (path, postgres_url):
        done = invoke(*words, f"--store={where}")
        assert done.returncode == 0, done.stderr
    here, there = parts_of(path), dict(by_url.run_sql(postgres_url, "SELECT id, data FROM part"))
    by_engine = {f"prt_{n:03}" for n, (name, _) in enumerate(nasty.PORTABLE) if name in dict(nasty.BY_ENGINE)}
    changed = {id for id in here if here[id] != before[id]} - by_engine
    assert len(changed) > 20
    for id in set(here) - by_engine:
        if id in changed:
            assert meaning(there[id]) == meaning(here[id]), id
        else:
            assert there[id] == before[id], id


def parts_of(path):
    con = sqlite3.connect(path)
    found = dict(con.execute("SELECT id, data FROM part"))
    con.close()
    return found


def meaning(text):
    return json.loads(text, parse_int=float)  # 1e400 comes back with all its digits
