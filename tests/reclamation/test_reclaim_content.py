"""Reclamation inside the messages of 2.x: entries of a list, of which none may be lost or moved."""

import copy
import json

import content_oracle
import entries
import forests
import moments
import pytest
import reclaim_oracle
from entries import GONE, LONG, call, message, said
from forests import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from nasty import MARKER
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import execute, originals
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from opencode_lifecycle.sql.transfer import mirror
from reclaimed import to_reclaim
from servers import *  # noqa: F403

WEEK = 7 * moments.DAY
KINDS = ("compacted", "outputs", "reasoning")
SCHEMAS = ("v2.0-mixed-simulated", "v2-preview-0.0.0-next-16350", "1.18.33")


def run(path, kinds=KINDS, export=None):
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(kinds, NOW, WEEK))
        if export:
            originals.write(place, plan, export)
        return plan, execute.run(place, plan, export, "", lambda _: None)


@settings(max_examples=settings.default.max_examples // 3)
@given(seed=st.integers(0, 2**30), schema=st.sampled_from(SCHEMAS), kinds=st.sets(st.sampled_from(KINDS), min_size=1))
def test_of_the_entries_of_messages_only_the_named_paths_change_and_they_come_back(
        tmp_path_factory, seed, schema, kinds):
    kinds = tuple(kind for kind in KINDS if kind in kinds)
    folder = tmp_path_factory.mktemp("s")
    path = entries.built(folder / "s.db", seed, schema)
    before = reclaim_oracle.read(path)
    expected = copy.deepcopy(before)
    content_oracle.reclaimed(before, expected, kinds, NOW - WEEK)
    plan, done = run(path, kinds, folder / "o.zst")
    assert reclaim_oracle.differences(expected, reclaim_oracle.read(path)) == []
    assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    assert all(gain["bytes"] > 0 for gain in done.gains.values())
    again, nothing = run(path, kinds)
    assert again.batches == () and nothing.rows == {}
    with store.opened(str(path)) as place:
        assert originals.bring_back(place, folder / "o.zst").changed == 0
    assert reclaim_oracle.differences(before, reclaim_oracle.read(path)) == []


def one_session(tmp_path, *rows):
    recipe = forests.Recipe([forests.Session("ses_1", home="v2")], rows=list(rows))
    return forests.build(recipe, tmp_path / "s.db", SCHEMAS[0])


def test_a_cleared_result_is_a_list_of_one_text_and_its_call_keeps_what_it_links(tmp_path):
    entry = call(LONG, '"subagent"', state=',"metadata":{"sessionID":"ses_2","status":"completed","output":"x"}')
    rows = [message(n, "assistant", said(entry)) for n in range(1, 8)]
    rows += [message(20, "user", "{}"), message(21, "user", "{}")]
    path = one_session(tmp_path, *rows)
    plan, done = run(path, ("outputs",))
    assert done.gains["outputs"]["rows"] == 4, "the newest 160,000 octets stay: three of 45,000"
    found = {row["seq"]: json.loads(row["data"]) for row in reclaim_oracle.read(path)["session_message"].values()}
    assert found[4]["content"][0]["state"] == {
        "status": "completed", "input": {"command": "ls"}, "content": [{"type": "text", "text": MARKER}],
        "metadata": {"sessionID": "ses_2"}}
    assert found[5] == json.loads(said(entry))


def test_the_copy_of_an_output_that_the_move_to_2x_kept_goes(tmp_path):
    row = message(1, "assistant", said(call(GONE, state=',"metadata":{"output":"' + "z" * 30_000 + '","exit":0}')))
    path = one_session(tmp_path, row)
    _, done = run(path, ("compacted",))
    assert done.gains["compacted"]["bytes"] > 30_000
    (found,) = reclaim_oracle.read(path)["session_message"].values()
    assert json.loads(found["data"])["content"][0]["state"]["metadata"] == {}


@pytest.mark.whole
@pytest.mark.parametrize("engine", ["postgres", "mysql"])
def test_a_server_is_left_with_the_same_messages(tmp_path, request, engine):
    url = request.getfixturevalue(f"{engine}_url")
    path = entries.built(tmp_path / "s.db", 7, SCHEMAS[0], strange=False)
    with store.opened(str(path)) as source, store.reached(*store.locate(url), True) as target:
        mirror.mirror(source, target, lambda done, of: None)
    left = []
    for place in (str(path), url):
        with store.opened(place) as target:
            before = content(target)
            plan = reclaim.forecast(target, to_reclaim(KINDS, NOW, WEEK))
            export = tmp_path / f"{len(left)}.zst"
            originals.write(target, plan, export)
            done = execute.run(target, plan, export, "", lambda _: None)
            assert set(done.gains) == set(KINDS)
            assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
            left.append(content(target))
        with store.opened(place) as target:
            assert reclaim.forecast(target, to_reclaim(KINDS, NOW, WEEK)).batches == ()
            assert left[-1] != before
        with store.opened(place) as target:
            originals.bring_back(target, export)
            assert content(target) == before
    assert left[0] == left[1]


def content(place):
    found = place.on.rows(place.connection, "SELECT id, data FROM session_message")
    return {id: as_json(data) for id, data in found}


def as_json(text):
    try:
        return json.loads(text, parse_int=float)
    except ValueError:
        return text
