"""An export that reads many sessions at once is the file that one session after another makes."""

import gc
import shutil

import command
import drawn
import forests
import nasty
import odd_values
import pytest
from exports_at_hand import *  # noqa: F403
from exports_at_hand import SUFFIXES, document, exported
from forests import Recipe, Row, Session
from hypothesis import given, settings
from hypothesis import strategies as st
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.transfer import export, salvage, streams
from places import STORES
from size import sized


def both_ways(path, folder):
    """The octets of an export by streams, and of one session after another."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(salvage.Salvage, "__init__", refuse)
        at_once = exported(path, folder / "streams.json")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(export, "Streams", salvage.Salvage)
        one_by_one = exported(path, folder / "salvage.json")
    found = [done.path.read_bytes() for done in (at_once, one_by_one)]
    assert at_once.rows == one_by_one.rows
    for done in (at_once, one_by_one):
        done.path.unlink()
    return found


def refuse(reader, source):
    raise AssertionError("the store is not damaged")


@pytest.mark.parametrize("path", sorted(STORES.glob("*.db")), ids=lambda path: path.stem)
def test_the_stores_of_real_clients_come_out_the_same(path, tmp_path):
    at_once, one_by_one = both_ways(shutil.copy(path, tmp_path / "opencode.db"), tmp_path)
    assert at_once == one_by_one


@settings(max_examples=sized(8, 20, 100))
@given(drawn.forests(), drawn.schemas(), st.sampled_from([1, 2, 3, 1_000]))
def test_drawn_forests_come_out_the_same(tmp_path_factory, recipe, schema, most):
    folder = tmp_path_factory.mktemp("s")
    path = forests.build(recipe, folder / "s.db", schema)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(streams, "MOST", most)
        at_once, one_by_one = both_ways(path, folder)
    assert at_once == one_by_one


@pytest.mark.parametrize("span", [1, 1 << 20])
def test_nasty_rows_and_rows_that_have_lost_their_owners_come_out_the_same(tmp_path, monkeypatch, span):
    monkeypatch.setattr(streams, "SPAN", span)
    texts = nasty.RECLAIMABLE + nasty.LEFT_ALONE + nasty.NOT_JSON
    rows = [Row("message", {"id": f"msg_{n}_{id}", "session_id": id}) for n in range(4) for id in ("ses_a", "ses_b")]
    for n, (_, text) in enumerate(texts):
        id = "ses_" + "ab"[n % 2]
        rows.append(Row("part", {"id": f"prt_{n}", "message_id": f"msg_{n % 5}_{id}", "session_id": "ses_b",
                                 "data": text}))
        rows.append(Row("event", {"id": f"evt_{n}", "aggregate_id": id, "seq": n, "data": text}))
    path = forests.build(Recipe([Session("ses_a"), Session("ses_b"), Session("ses_c", parent="ses_a")], rows=rows),
                         tmp_path / "s.db", "1.18.33")
    at_once, one_by_one = both_ways(path, tmp_path)
    assert at_once == one_by_one and at_once.count(b'"prt_') >= len(texts)


def test_sessions_that_are_read_together_are_few_and_small():
    trees = [("a", "aa"), ("b", "b"), ("c", "ccc"), ("d", "d")]
    assert list(streams.spans(trees, [1] * 7)) == [[2, 1, 3, 1]]
    large = [1, streams.SPAN, 1, 1, 1, 1, 1]
    assert list(streams.spans(trees, large)) == [[2], [1, 3, 1]]
    assert list(streams.spans([], [])) == []


def test_the_most_sessions_that_are_read_together_are_of_whole_trees(monkeypatch):
    monkeypatch.setattr(streams, "MOST", 3)
    assert list(streams.spans([("a", "aa"), ("b", "bb"), ("c", "cccc"), ("d", "d")], [0] * 9)) == [[2], [2], [4], [1]]


def test_no_order_has_to_be_made_in_memory_on_a_store_of_this_days_client(tmp_path):
    path = forests.build(Recipe([Session("ses_a")]), tmp_path / "s.db", "1.18.33")
    with store.opened(str(path)) as place:
        reader = streams.Streams(streams.Source(place))
        texts = {**reader._own, **{f"{name} of messages": sql for name, sql in reader._below.items()}}
        plans = {name: [row[3] for row in place.connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
                 for name, sql in texts.items()}
    for name in ("event", "session_message", "message of messages", "part of messages"):
        assert not any("B-TREE" in step for step in plans[name]), (name, plans[name])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_damage_that_is_met_half_way_is_read_around_from_the_start(tmp_path, suffix):
    """The pages of a long text, which nobody looks at before. Nothing of the first start is in the file."""
    text = '{"type":"text","text":"%s"}' % ("x" * 60_000)
    rows = [Row("message", {"id": f"msg_{id}", "session_id": id, "data": odd_values.DONE})
            for id in ("ses_a", "ses_b", "ses_c")]
    rows += [Row("part", {"id": f"prt_{id}", "message_id": f"msg_{id}", "session_id": id, "data": text})
             for id in ("ses_a", "ses_b", "ses_c")]
    path = forests.build(Recipe([Session(id) for id in ("ses_a", "ses_b", "ses_c")], rows=rows), tmp_path / "s.db",
                         "1.18.33")
    broken_chain(path)
    done = exported(path, tmp_path / f"e{suffix}", verify=False)
    gc.collect()
    ((broken, tables),) = done.lost.items()
    found = {one["info"]["id"]: one for one in document(done.path)}
    assert tables == ["part"] and len(found) == 3
    for id, one in found.items():
        assert len(one["messages"][0]["parts"]) == (id != broken)
        assert (one["seal"]["lost"], one["seal"]["importable"]) == (tables if id == broken else [], id != broken)


def broken_chain(path):
    """Let the first page that is nothing but text be followed by a page that is not there."""
    with command.opened(path) as con:
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        con.execute("PRAGMA journal_mode=DELETE")
        (size,) = con.execute("PRAGMA page_size").fetchone()
    octets = bytearray(path.read_bytes())
    at = octets.index(b"x" * (size - 4)) // size * size
    octets[at:at + 4] = (2**31 - 2).to_bytes(4, "big")
    path.write_bytes(octets)
