"""The oracle on what is left after a removal."""

import sqlite3
from contextlib import closing

import drawn
import forests
import oracle
import size
import store_rows
from forests import NOW, Recipe, Row, Session
from hypothesis import given, settings
from oracle_stores import *  # noqa: F403
from oracle_stores import MIXED, V1, message, part
from test_oracle_children import family


def lost(con, *removed):
    """{table: number of rows that go}, where any do."""
    kept = store_rows.survivors(con, removed)
    numbers = {table: len(rows) - len(kept[table]) for table, rows in store_rows.dump(con).items()}
    return {table: number for table, number in numbers.items() if number}


def test_removing_nothing_leaves_everything(opened):
    con = opened(Recipe(family()))
    assert store_rows.survivors(con, []) == store_rows.dump(con)


def test_an_id_that_begins_like_another_takes_only_its_own_rows(opened):
    ids = ["ses_1", "ses_10", "SES_1", "ses_1 ", "ses__", "ses_%", ""]
    rows = [Row("todo", {"session_id": one}) for one in ids]
    con = opened(Recipe([Session(one) for one in ids], rows=rows))
    for one in ids:
        assert lost(con, one) == {"session": 1, "todo": 1}
    assert lost(con, "ses") == {}


def test_no_row_of_a_removed_session_is_left_in_any_table(opened):
    ids = ("ses_1", "ses_2")
    for schema in forests.schema_names():
        _, tables = forests.template(schema)
        names = {table: {column[0] for column in columns} for table, columns in tables.items()}
        keys = {table: names[table] & {"session_id", "aggregate_id"} for table in names}
        rows = [Row(table, {key: one}) for table in keys for key in keys[table] for one in ids]
        con = opened(Recipe([Session(one, home="both") for one in ids], rows=rows), schema)
        keyed = {row.table for row in rows} | {"session", "session_v2"} & set(tables)
        assert lost(con, "ses_1") == dict.fromkeys(keyed, 1), schema
        assert lost(con, "ses_1", "ses_2") == dict.fromkeys(keyed, 2), schema


def test_a_part_goes_with_its_message_and_by_its_own_session_only_without_one(opened):
    rows = [
        message("ses_1", name="msg_1"),
        message("ses_2", name="msg_2"),
        message("ses_gone", name="msg_3"),
        part("ses_2", of="msg_1", name="prt_1"),  # goes with msg_1
        part("ses_1", of="msg_2", name="prt_2"),  # stays with msg_2
        part("ses_1", of="msg_3", name="prt_3"),  # stays: its message is there, whoever owns that
        part("ses_1", of="msg_gone", name="prt_4"),  # goes
    ]
    con = opened(Recipe([Session("ses_1"), Session("ses_2")], rows=rows))
    kept = store_rows.survivors(con, ["ses_1"])
    place = sorted(column[1] for column in con.execute("PRAGMA table_info(part)")).index("id")
    assert {row[place] for row in kept["part"]} == {"prt_2", "prt_3"}
    assert lost(con, "ses_1") == {"session": 1, "message": 1, "part": 2}


def test_projects_and_all_that_belongs_to_no_session_stay(opened):
    con = opened(Recipe([Session("ses_1")]))
    kept = store_rows.survivors(con, ["ses_1"])
    assert kept["session"] == []
    for table in ("project", "permission", "account", "credential", "workspace", "migration"):
        assert kept[table] == store_rows.dump(con)[table] != []


def test_values_come_back_as_they_are_stored(opened):
    values = ["", "é\udcff", "a\x00b", b"\xd8\x3d", b"", 0.5, 10**13]
    rows = [Row("kv", {"key": f"k{place}", "value": value}) for place, value in enumerate(values)]
    con = opened(Recipe(rows=rows), MIXED)
    stored = {row[0]: row[-1] for row in store_rows.dump(con)["kv"]}
    assert [stored[f"k{place}"] for place in range(5)] == values[:5]
    assert (stored["k5"], stored["k6"]) == ("0.5", str(10**13))  # text affinity
    assert con.text_factory is str


@settings(max_examples=size.sized(20, 60, 60))
@given(recipe=drawn.forests(), policy=drawn.policies())
def test_survivors_equal_what_foreign_keys_and_the_events_rule_leave(tmp_path_factory, recipe, policy):
    """Another road to the same state: let the client's own cascade delete, then events, then stray parts."""
    path = tmp_path_factory.getbasetemp() / "cascade.db"
    with closing(sqlite3.connect(forests.build(recipe, path, V1))) as con:
        removed = oracle.removed_ids(oracle.judge(con, policy, NOW))
        expected = store_rows.survivors(con, removed)
        con.execute("PRAGMA foreign_keys=ON")
        for one in removed:
            con.execute(
                "DELETE FROM part WHERE session_id = :id"
                " AND NOT EXISTS (SELECT 1 FROM message WHERE message.id = part.message_id)",
                {"id": one},
            )
        for table, key in (("session", "id"), ("event", "aggregate_id"), ("event_sequence", "aggregate_id")):
            con.executemany(f"DELETE FROM {table} WHERE {key} = ?", [(one,) for one in removed])
        assert store_rows.dump(con) == expected
