"""Reclamation on generated stores of every schema, on nasty rows, and on stores of the real client."""

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path
from unittest import mock

import drawn
import forests
import nasty
import product
import pytest
import reclaim_oracle
import wear
from forests import NOW
from hypothesis import given, note
from hypothesis import strategies as st
from opencode_lifecycle.sql import state, store
from opencode_lifecycle.sql.reclamation import execute
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from places import STORES
from reclaim_oracle import CLEARED
from reclaimed import ALL, KINDS, WEEK, change, event, message, one_session, part, run, to_reclaim, undone
from wear import REVERTS, SHOWN, SUMMARIES

CLIENTS = sorted(STORES.glob("*.db"))


@given(recipe=drawn.forests(), seed=st.integers(0, 2**30), schema=drawn.schemas(),
       kinds=st.sets(st.sampled_from(ALL), min_size=1), all_events=st.booleans())
def test_what_is_left_is_what_the_oracle_leaves_and_a_second_run_changes_nothing(
        tmp_path_factory, recipe, seed, schema, kinds, all_events):
    kinds = tuple(kind for kind in ALL if kind in kinds)
    path = forests.build(wear.worn(recipe, seed), tmp_path_factory.mktemp("s") / "s.db", schema)
    expected = reclaim_oracle.reclaimed(reclaim_oracle.read(path), kinds, NOW, WEEK, all_events)
    plan, done = run(path, kinds, all_events=all_events)
    note(f"{schema} {kinds} {plan.gains}")
    assert reclaim_oracle.differences(expected, reclaim_oracle.read(path)) == []
    assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    again, nothing = run(path, kinds, all_events=all_events)
    assert again.batches == () and nothing.rows == {}


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind != "orphans"])
def test_what_the_generated_stores_hold_is_work_for_every_kind(tmp_path, kind):
    found = 0
    for seed in range(24):
        recipe = forests.Recipe([forests.Session(f"ses_{n}") for n in range(4)])
        before = reclaim_oracle.read(forests.build(wear.worn(recipe, seed), tmp_path / "s.db", "1.18.33"))
        found += reclaim_oracle.reclaimed(before, (kind,), NOW, WEEK) != before
    assert found >= 3


@given(recipe=drawn.forests(), seed=st.integers(0, 2**30), asked=drawn.policies(), schema=drawn.schemas())
def test_the_verdict_on_every_tree_is_the_same_before_and_after(
        tmp_path_factory, recipe, seed, asked, schema):
    own = {project: {name: limit for name, limit in said.items() if name != "max_tree_size"}
           for project, said in asked.per_project.items()}          # what is smaller may well fit
    asked = replace(asked, max_size=None, max_tree_size=None, project=None, per_project=own)
    path = forests.build(wear.worn(recipe, seed), tmp_path_factory.mktemp("s") / "s.db", schema)
    before = product.decided(path, asked, NOW)
    for kind in (*ALL, "attachments"):
        run(path, (kind,), all_events=True)
        assert product.decided(path, asked, NOW) == before, kind


@given(recipe=drawn.forests(), seed=st.integers(0, 2**30), schema=drawn.schemas(), all_events=st.booleans(),
       stretch=st.sampled_from((3, 200_000)))
def test_an_undone_reclamation_leaves_every_octet_as_it_was(
        tmp_path_factory, recipe, seed, schema, all_events, stretch):
    folder = tmp_path_factory.mktemp("s")
    path = forests.build(wear.worn(recipe, seed), folder / "s.db", schema)
    before = reclaim_oracle.read(path)
    with mock.patch.object(reclaim, "EVENTS_AT_ONCE", stretch):
        plan, done = run(path, ALL, folder / "originals.zst", all_events=all_events)
    assert not done.left and done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    back = undone(path, folder / "originals.zst")
    assert back.changed == 0
    assert reclaim_oracle.rows_of(reclaim_oracle.read(path)) == reclaim_oracle.rows_of(before)
    assert undone(path, folder / "originals.zst").rows.keys() <= done.rows.keys()
    assert reclaim_oracle.rows_of(reclaim_oracle.read(path)) == reclaim_oracle.rows_of(before)


def column(path, table, name="data"):
    return {row["id"]: row[name] for row in reclaim_oracle.read(path)[table].values()}


ALL_NASTY = [(name, text.decode("utf-8", "surrogateescape")) for name, text in nasty.NASTY + nasty.INVALID_UTF8] + \
    [(name, blob) for name, blob in nasty.BLOBS]
UNCLEAR = {"duplicate output"}  # which of two outputs counts is up to the reader; the first is replaced


def test_of_a_nasty_tool_part_only_the_named_paths_change(tmp_path):
    path = one_session(tmp_path, message(), *(part(n, text) for n, (_, text) in enumerate(ALL_NASTY)))
    before = reclaim_oracle.read(path)
    run(path, ("compacted",))
    found = column(path, "part")
    clearable = {name for name, _ in nasty.RECLAIMABLE} | {"invalid in a reclaimable output", *UNCLEAR}
    for number, (name, text) in enumerate(ALL_NASTY):
        after = found[f"prt_{number:03}"]
        if name in clearable:
            assert json.loads(after)["state"]["output"] in (CLEARED, "second"), name
        else:
            assert after == text and type(after) is type(text), name
    expected = reclaim_oracle.reclaimed(before, ("compacted",), NOW, WEEK)
    wrong = reclaim_oracle.differences(expected, reclaim_oracle.read(path))
    assert {ALL_NASTY[place - 1][0] for _, place, *_ in wrong} <= UNCLEAR


@pytest.mark.parametrize("table", ["message", "event"])
def test_nasty_rows_of_other_tables_stay_as_they_are(tmp_path, table):
    make = {"message": lambda n, text: message(text, id=f"msg_{n}"), "event": event}[table]
    path = one_session(tmp_path, *(make(n, text) for n, (_, text) in enumerate(ALL_NASTY)))
    before = reclaim_oracle.read(path)
    run(path, KINDS)
    assert reclaim_oracle.differences(before, reclaim_oracle.read(path)) == []


def test_rows_that_are_no_json_are_counted_and_named(tmp_path):
    rows = [part(n, text) for n, (_, text) in enumerate(nasty.NOT_JSON)]
    path = one_session(tmp_path, message("{broken"), *rows, event(1, "no json"), columns={"revert": "x"})
    plan, _ = run(path)
    marked = [number for number, (_, text) in enumerate(nasty.NOT_JSON) if '"compacted"' in text]
    assert plan.broken["part"] == {"rows": len(marked), "first": f"prt_{marked[0]:03}"}
    assert plan.broken["message"]["first"] == "msg_1" and plan.broken["event"]["first"] == "evt_0001"
    assert plan.broken["session"] == {"rows": 1, "first": "ses_1"}


def test_the_links_of_a_subagent_and_what_a_provider_wants_back_stay(tmp_path):
    text = ('{"type":"tool","tool":"task","metadata":{"openai":{"id":"x"}},"state":{"status":"completed","input":{},'
            '"output":"long","title":"t","metadata":{"sessionId":"ses_2","parentSessionId":"ses_1","model":{}},'
            '"time":{"start":1,"end":2,"compacted":1700000000000},"attachments":[{"url":"data:,x"}]}}')
    path = one_session(tmp_path, message(), part(1, text))
    run(path)
    (after,) = column(path, "part").values()
    assert json.loads(after) == {
        "type": "tool", "tool": "task", "metadata": {"openai": {"id": "x"}},
        "state": {"status": "completed", "input": {}, "output": CLEARED, "title": "t",
                  "metadata": {"sessionId": "ses_2", "parentSessionId": "ses_1"},
                  "time": {"start": 1, "end": 2, "compacted": 1700000000000}}}


def streamed(lines):
    """The log of one command that streams: each event holds all output so far."""
    for number in range(1, lines + 1):
        output = "".join(f"line {n}\\n" for n in range(number))
        yield event(number, f'{{"sessionID":"ses_1","part":{{"id":"prt_001","output":"{output}"}}}}')


def test_of_a_streamed_output_only_the_newest_event_stays(tmp_path):
    path = one_session(tmp_path, message(), part(1, '{"type":"text"}'), *streamed(400),
                       event(900, '{"info":{"id":"ses_1","title":"a"}}', "session.updated.1"),
                       event(901, '{"info":{"title":"only a change"}}', "session.updated.1"),
                       forests.Row("event_sequence", {"aggregate_id": "ses_1", "seq": 901}))
    before = sum(map(len, column(path, "event").values()))
    plan, done = run(path)
    left = column(path, "event")
    assert set(left) == {"evt_0400", "evt_0900", "evt_0901"}
    assert sum(map(len, left.values())) < before * 0.05
    assert reclaim_oracle.read(path)["event_sequence"][1]["seq"] == 901
    assert plan.gains["events"]["rows"] == done.gains["events"]["rows"] == 399


def by_client(text, end="}}"):
    """An update as the client writes it, with ids of its own length; `end` closes it, or does not."""
    return f'{{"sessionID":"ses_{"s" * 26}","part":{{"id":"prt_{"p" * 26}","text":"{text}"{end}'


def test_a_broken_event_with_the_usual_head_stays_is_named_and_supersedes_nothing(tmp_path):
    path = one_session(tmp_path, event(1, by_client("a")), event(2, by_client("b", "}")), event(3, by_client("c")),
                       event(4, by_client("d", "")))
    plan, done = run(path, ("events",))
    assert set(column(path, "event")) == {"evt_0002", "evt_0003", "evt_0004"}
    assert plan.gains["events"] == done.gains["events"] == {"rows": 1, "bytes": len(by_client("a"))}
    assert plan.broken["event"] == {"rows": 2, "first": "evt_0002"}


def test_a_log_that_another_machine_owns_is_left_alone(tmp_path):
    owned = forests.Row("event_sequence", {"aggregate_id": "ses_1", "seq": 9, "owner_id": "mac_1"})
    gone = forests.Row("event_sequence", {"aggregate_id": "ses_gone", "seq": 9, "owner_id": "mac_1"})
    path = one_session(tmp_path, *streamed(3), owned, gone, event(800, "{}", aggregate="ses_gone"))
    before = reclaim_oracle.read(path)
    run(path, all_events=True)
    assert reclaim_oracle.differences(before, reclaim_oracle.read(path)) == []


def test_a_log_taken_over_after_the_forecast_is_left_alone(tmp_path):
    path = one_session(tmp_path, *streamed(3), forests.Row("event_sequence", {"aggregate_id": "ses_1", "seq": 9}))
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(("events",), NOW, WEEK))
        change(path, "UPDATE event_sequence SET owner_id = 'mac_1'")
        done = execute.run(place, plan, None, "", lambda _: None)
    assert plan.gains["events"]["rows"] == 2
    assert done.gains["events"] == {"rows": 0, "bytes": 0} and len(column(path, "event")) == 3


@pytest.mark.parametrize("statement", [
    "UPDATE part SET data = replace(data, 'old output', 'new output!')",
    "UPDATE part SET time_updated = time_updated + 1",
    "DELETE FROM part",
])
def test_a_part_that_changed_since_the_forecast_is_left_alone(tmp_path, statement):
    path = one_session(tmp_path, message(), part(1, nasty.tool()))
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(("compacted",), NOW, WEEK))
        change(path, statement)
        before = reclaim_oracle.read(path)
        done = execute.run(place, plan, None, "", lambda _: None)
    assert done.gains["compacted"] == {"rows": 0, "bytes": 0}
    assert reclaim_oracle.differences(before, reclaim_oracle.read(path)) == []


@pytest.mark.parametrize("statement", [
    f"UPDATE session SET time_updated = {NOW - WEEK}",
    f"UPDATE message SET time_updated = {NOW - WEEK} WHERE id = 'msg_2'",
])
def test_a_session_that_came_back_to_life_since_the_forecast_keeps_its_diffs(tmp_path, statement):
    path = one_session(tmp_path, message(SUMMARIES[0]), message(id="msg_2"), columns={"summary_diffs": SHOWN[0]})
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(("diffs",), NOW, WEEK))
        assert plan.gains["diffs"]["rows"] == 2
        change(path, statement)
        before = reclaim_oracle.read(path)
        execute.run(place, plan, None, "", lambda _: None)
    assert reclaim_oracle.differences(before, reclaim_oracle.read(path)) == []


@pytest.mark.parametrize("updated, gone", [(NOW - WEEK - 1, True), (NOW - WEEK, False)])
def test_diffs_go_only_from_sessions_idle_for_longer(tmp_path, updated, gone):
    path = one_session(tmp_path, message(SUMMARIES[0]), updated=updated)
    run(path, ("diffs",))
    (data,) = column(path, "message").values()
    assert json.loads(data)["summary"] == {"title": "t", "diffs": [] if gone else [{"file": "a", "patch": "x\0y"}]}


def test_a_pending_revert_keeps_its_message_and_snapshot(tmp_path):
    path = one_session(tmp_path, columns={"revert": REVERTS[0]})
    run(path)
    assert json.loads(column(path, "session", "revert")["ses_1"]) == {"messageID": "msg_1", "snapshot": "abc"}


def test_what_the_client_wrote_after_a_reclamation_is_not_undone(tmp_path):
    path = one_session(tmp_path, message(), part(1, nasty.tool()), part(2, nasty.tool()))
    run(path, ("compacted",), tmp_path / "o.zst")
    change(path, "UPDATE part SET data = '{}' WHERE id = 'prt_001'")
    back = undone(path, tmp_path / "o.zst")
    assert column(path, "part") == {"prt_001": "{}", "prt_002": nasty.tool()}
    assert (back.rows, back.there, back.changed) == ({"part": 1}, 0, 1)
    again = undone(path, tmp_path / "o.zst")
    assert (again.rows, again.there, again.changed) == ({"part": 0}, 1, 1)


def test_an_export_that_was_damaged_is_refused_before_anything_changes(tmp_path):
    path = one_session(tmp_path, message(), part(1, nasty.tool()))
    export = tmp_path / "o.zst"
    run(path, ("compacted",), export)
    before = reclaim_oracle.read(path)
    whole = export.read_bytes()
    for damaged in (whole[:-20], whole[: len(whole) // 2], whole[:60] + bytes([whole[60] ^ 1]) + whole[61:]):
        export.write_bytes(damaged)
        with pytest.raises(store.Refusal):
            undone(path, export)
    assert reclaim_oracle.differences(before, reclaim_oracle.read(path)) == []


def result(number, size, tool="bash"):
    """A tool result of this many octets, in a message of its own."""
    state = f'{{"status":"completed","output":"{"x" * size}","metadata":{{}}}}'
    text = f'{{"type":"tool","tool":"{tool}","state":{state}}}'
    return [message('{"role":"assistant"}', id=f"msg_{number:03}", time_created=number),
            part(number, text, message_id=f"msg_{number:03}")]


def prompts(*numbers):
    return [message('{"role":"user"}', id=f"msg_{number:03}", time_created=number) for number in numbers]


def cleared(path):
    return {id for id, data in column(path, "part").items() if CLEARED in data}


def test_old_outputs_go_beyond_the_last_turns_and_what_the_client_protects(tmp_path):
    # 16 is the second newest prompt: 17 and 18 belong to the last two turns, 12 to 15 are the newest 160,000 octets.
    rows = [row for n in (10, 11, 12, 13, 14, 15, 17, 18) for row in result(n, 40_000)]
    rows += [*result(5, 40_000, "skill"), *prompts(1, 16, 19)]
    path = one_session(tmp_path, *rows)
    run(path, ("outputs",))
    assert cleared(path) == set(), "80,000 octets are not worth it"
    path = one_session(tmp_path, *rows, *result(8, 1))
    run(path, ("outputs",))
    assert cleared(path) == {"prt_008", "prt_010", "prt_011"}
    assert json.loads(column(path, "part")["prt_010"])["state"] == {
        "status": "completed", "output": CLEARED, "metadata": {}}


@pytest.mark.parametrize("columns, updated", [({"revert": '{"messageID":"msg_1"}'}, forests.LONG_AGO), ({}, NOW)])
def test_old_outputs_stay_where_a_revert_is_pending_or_the_session_is_in_use(tmp_path, columns, updated):
    rows = [row for n in range(2, 12) for row in result(n, 40_000)]
    path = one_session(tmp_path, *rows, *prompts(1, 20, 21), columns=columns, updated=updated)
    run(path, ("outputs",))
    assert cleared(path) == set()


def reasoning(number):
    return part(100 + number, '{"type":"reasoning","text":"why","time":{"start":1},"metadata":{"signature":"x"}}',
                message_id=f"msg_{number:03}")


def summary(number, prompt, end='"finish":"stop","time":{"created":1,"completed":2}'):
    return message(f'{{"role":"assistant","summary":true,"parentID":"msg_{prompt:03}",{end}}}', id=f"msg_{number:03}",
                   time_created=number)


def folded(number, tail=""):
    return part(number, f'{{"type":"compaction","auto":true{tail}}}', message_id=f"msg_{number:03}")


def assistants(*numbers):
    return [message('{"role":"assistant"}', id=f"msg_{n:03}", time_created=n) for n in numbers]


@pytest.mark.parametrize("tail, gone", [
    ("", {"prt_101", "prt_102", "prt_103"}),
    (',"tail_start_id":"msg_003"', {"prt_101", "prt_102"}),
    (',"tail_start_id":"msg_lost"', set()),
])
def test_reasoning_goes_only_where_it_is_not_sent_any_more(tmp_path, tail, gone):
    path = one_session(tmp_path, *assistants(1, 2, 3, 6), *prompts(4), folded(4, tail), summary(5, 4),
                       *map(reasoning, (1, 2, 3, 6)))
    run(path, ("reasoning",))
    found = column(path, "part")
    assert {id for id, data in found.items() if "cleared" in data} == gone
    if gone:
        assert json.loads(found["prt_101"]) == {"type": "reasoning", "text": "[Old reasoning cleared]",
                                                "time": {"start": 1}}


@pytest.mark.parametrize("end", [
    '"time":{"created":1}', '"finish":"stop","time":{"created":1,"completed":2},"error":{}'])
def test_an_unfinished_summary_folds_nothing(tmp_path, end):
    path = one_session(tmp_path, *assistants(1), *prompts(4), folded(4), summary(5, 4, end), reasoning(1))
    run(path, ("reasoning",))
    assert not [data for data in column(path, "part").values() if "cleared" in data]


def test_outputs_and_reasoning_come_back_too(tmp_path):
    rows = [row for n in range(2, 12) for row in result(n, 40_000)]
    path = one_session(tmp_path, *rows, *prompts(1, 20, 21), folded(20), summary(22, 20), reasoning(2))
    before = reclaim_oracle.read(path)
    _, done = run(path, ("outputs", "reasoning"), tmp_path / "o.zst")
    assert set(done.gains) == {"outputs", "reasoning"}
    undone(path, tmp_path / "o.zst")
    assert reclaim_oracle.differences(before, reclaim_oracle.read(path)) == []


@pytest.mark.parametrize("source", CLIENTS, ids=lambda path: path.stem)
def test_a_store_of_the_real_client_is_sound_afterwards_and_frees_what_was_foreseen(tmp_path, source):
    path = shutil.copy(source, tmp_path / "s.db")
    before = reclaim_oracle.read(path)
    expected = reclaim_oracle.reclaimed(before, KINDS, NOW, 0)
    plan, done = run(path, idle=0)
    assert reclaim_oracle.differences(expected, reclaim_oracle.read(path)) == []
    assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    con = sqlite3.connect(path)
    assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert con.execute("PRAGMA foreign_key_check").fetchall() == []
    con.close()
    assert state.runs(str(Path(path).resolve()))[-1]["verb"] == "reclaim"
