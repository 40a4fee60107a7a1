"""Microsoft's parser, as built here, tells right T-SQL from wrong."""

import pytest
from tsql import tsql_parser
from tsql.tsql_parser import errors, without_sqlcmd

RIGHT = """:on error exit
SET XACT_ABORT ON;
GO
CREATE TABLE #gc_doomed (id NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY);
INSERT INTO #gc_doomed (id) VALUES (N'ses_é'); -- a title: ':on error exit'
BEGIN TRANSACTION;
DELETE p FROM part AS p JOIN #gc_doomed AS d ON d.id = p.session_id;
COMMIT;
GO
"""


def test_a_right_script_passes():
    assert errors(("plan.sql", RIGHT)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "DELETE FROM t AS p",
        "DELETE FROM t WHERE (a, b) IN (SELECT a, b FROM u)",
        "DELETE FROM t LIMIT 5",
        "INSERT INTO t (id) VALUES (1) ON CONFLICT DO NOTHING",
        "CREATE TABLE t (id NVARCHAR(9) NOT NULL PRIMARY KEY COLLATE Latin1_General_BIN2 1)",
        "SELECT CASE WHEN ISJSON(x) THEN 1 END FROM t",
        "SELECT 'open",
        ":r other.sql",
        "!!dir",
    ],
)
def test_a_wrong_one_does_not(wrong):
    assert errors(wrong)


def test_an_error_names_file_line_and_column(tmp_path):
    file = tmp_path / "wrong.sql"
    file.write_text(RIGHT + "DELETE FROM t AS p\n", encoding="utf-8")
    assert errors(file) == [f"{file}: 10, 15: Incorrect syntax near AS."]


def test_many_scripts_at_once_keep_their_names():
    found = errors([("first", "SELECT 1"), ("second", "SELECT"), "DELETE FROM t AS p", ("é", "SELECT FROM")])
    assert [error.partition(":")[0] for error in found] == ["second", "sql 3", "é"]


def test_a_string_that_looks_like_a_command_stays_a_string():
    assert errors("SELECT N'one\n:on error exit\ntwo'; SELECT 1;") == []
    assert errors("SELECT N'one\n:on error exit'; DELETE FROM t AS p;") != []


def test_lines_for_sqlcmd_leave_the_numbers_of_the_others():
    assert without_sqlcmd(":on error exit\nSELECT 1\n  :setvar a b\nGO\n") == "\nSELECT 1\n\nGO\n"


def test_a_run_that_was_cut_short_is_no_clean_bill(monkeypatch):
    errors("SELECT 1")  # so that the checker is built
    monkeypatch.setattr(tsql_parser, "program", lambda *_: "true")
    with pytest.raises(RuntimeError, match="the T-SQL parser ended"):
        errors("SELECT 1")


def test_a_missing_parser_is_a_skip(monkeypatch):
    monkeypatch.delenv("REQUIRE_ENGINES", raising=False)
    monkeypatch.setattr("engines_here.on_path", lambda *_: None)
    with pytest.raises(pytest.skip.Exception, match="mono"):
        errors("SELECT 1")


def test_a_missing_parser_is_a_failure_where_engines_are_required(monkeypatch):
    monkeypatch.setenv("REQUIRE_ENGINES", "1")
    monkeypatch.setattr("engines_here.on_path", lambda *_: None)
    with pytest.raises(pytest.fail.Exception, match="mono"):
        errors("SELECT 1")
