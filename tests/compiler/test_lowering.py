"""How a statement is told to Postgres: JSON beside a row is read once, and only where a CASE comes to it."""

import pytest
import sqlglot
from opencode_lifecycle.sql.compiler.dialects import DIALECTS
from opencode_lifecycle.sql.compiler.lower import lower

READ = "pg_temp.gc_json(p.data)"


def lowered(expression, rest=""):
    tree = sqlglot.parse_one(f"SELECT {expression} FROM part AS p {rest}", read="sqlite")
    return lower(tree, "postgres").sql("postgres")


def condition(sql):
    """On what the text is read beside the row; none: always."""
    reading = sql.split("LATERAL (SELECT ", 1)[1].split(f"{READ}", 1)[0]
    return reading.removeprefix("CASE WHEN ").removesuffix(" THEN ")


PARSED = "CASE WHEN json_valid(p.data) = 1 THEN json_extract(p.data, '$.a') END"


def test_what_is_always_asked_is_always_read():
    sql = lowered(PARSED)
    assert condition(sql) == "" and sql.count(READ) == 1


@pytest.mark.parametrize(
    ("expression", "read"),
    [
        (f"CASE WHEN p.id > 'a' THEN {PARSED} END", "CASE WHEN p.id > 'a' THEN TRUE ELSE FALSE END"),
        (f"CASE WHEN p.id > 'a' THEN NULL ELSE {PARSED} END", "CASE WHEN p.id > 'a' THEN FALSE ELSE TRUE END"),
        (f"CASE WHEN p.id > 'a' THEN 1 WHEN p.id > 'b' THEN {PARSED} END",
         "CASE WHEN p.id > 'a' THEN FALSE WHEN p.id > 'b' THEN TRUE ELSE FALSE END"),
        (f"CASE WHEN p.id > 'a' THEN {PARSED} END, CASE WHEN p.id > 'b' THEN {PARSED} END",
         "CASE WHEN p.id > 'a' THEN TRUE ELSE FALSE END OR CASE WHEN p.id > 'b' THEN TRUE ELSE FALSE END"),
        (f"CASE WHEN p.id > 'a' THEN COALESCE({PARSED}, CASE WHEN p.id > 'b' THEN 1 END) END",
         "CASE WHEN p.id > 'a' THEN TRUE ELSE FALSE END"),
        (f"CASE WHEN p.id > 'a' THEN {PARSED} ELSE {PARSED} END", ""),
        (f"CASE WHEN p.id > 'a' THEN {PARSED} END, {PARSED}", ""),
    ],
)
def test_what_a_case_asks_is_read_only_where_it_comes_to_that(expression, read):
    sql = lowered(expression)
    assert condition(sql) == read and sql.count(READ) == 1


def test_a_query_is_not_asked_twice():
    sql = lowered(f"CASE WHEN EXISTS (SELECT 1 FROM message AS m WHERE m.id = p.message_id) THEN 0 ELSE {PARSED} END")
    assert condition(sql) == "" and sql.count("EXISTS") == 1


def test_what_a_condition_asks_is_read():
    rest = "WHERE json_valid(p.data) = 1 AND CASE WHEN p.id > 'a' THEN json_valid(p.data) ELSE 1 END = 1"
    sql = lowered("p.id", rest)
    assert condition(sql) == ""


def test_what_is_asked_only_where_the_text_gave_no_answer_is_read_there():
    sql = lowered("CASE WHEN p.data LIKE '{%' THEN 1 WHEN json_valid(p.data) = 1 THEN json_extract(p.data, '$.a') END")
    assert "LATERAL" not in sql and sql.count(READ) == 2


def test_what_is_asked_again_later_is_read_once():
    sql = lowered("CASE WHEN p.id > 'a' THEN 0 WHEN json_valid(p.data) = 0 THEN 1 "
                  "WHEN json_extract(p.data, '$.a') = 'b' THEN 2 END")
    assert condition(sql) == "CASE WHEN p.id > 'a' THEN FALSE ELSE TRUE END" and sql.count(READ) == 1


GUARD = "p.data LIKE '%x%'"


@pytest.mark.parametrize(
    ("expression", "searched"),
    [
        (f"CASE WHEN {GUARD} THEN {PARSED} END", 1),
        (f"CASE WHEN p.id > 'a' THEN NULL WHEN {GUARD} THEN {PARSED} END", 1),
        (f"CASE WHEN {GUARD} THEN {PARSED} ELSE 0 END", 2),
        (f"CASE WHEN {GUARD} THEN COALESCE({PARSED}, 0) END", 2),
        (f"CASE WHEN {GUARD} THEN {PARSED} WHEN p.id > 'a' THEN 1 END", 2),
        (f"CASE WHEN {GUARD} THEN {PARSED} END, CASE WHEN p.id > 'b' THEN {PARSED} END", 2),
    ],
)
def test_a_text_is_searched_once_where_finding_no_document_says_the_same(expression, searched):
    assert lowered(expression).count(GUARD) == searched


def test_texts_are_put_together_as_each_engine_says_it():
    tree = sqlglot.parse_one("SELECT s.a || s.b AS c FROM session AS s", read="sqlite")
    said = {dialect: lower(tree.copy(), dialect).sql(dialect=printer) for dialect, printer in DIALECTS.items()}
    assert "||" in said["sqlite"] and "||" in said["postgres"] and "+" in said["tsql"]
    assert "CONCAT(" in said["mysql"] and "CONCAT(" in said["mysql8"]  # where || means OR
