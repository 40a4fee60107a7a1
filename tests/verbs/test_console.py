"""What people see: words that agree with numbers, tables that fit a terminal, nothing that cannot be copied."""

import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import sys
import termios

import pytest
from command import ROOT, invoked, line
from opencode_lifecycle.sql.verbs import console, demo
from opencode_lifecycle.sql.words import DAY, HOUR, many, span

ID = "ses_" + "0" * 23 + "590"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = "a-folder-whose-name-is-longer-than-a-line-of-a-terminal-is-wide"
    path = tmp_path_factory.mktemp("view") / folder / "opencode.db"
    path.parent.mkdir()
    demo.build(path)
    return path


def on_terminal(*words, columns=80):
    """What a verb shows on a terminal of so many columns, without its colours."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    child = subprocess.Popen(line(*words), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
                             env=env | {"TERM": "dumb", "NO_COLOR": "1"})
    os.close(theirs)
    said = bytearray()
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # Linux: the other side is closed
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    assert child.wait(60) in (0, 2)
    return said.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(("said", "number", "thing"), [
    ("1 tree", 1, "tree"), ("0 trees", 0, "tree"), ("1,200 trees", 1_200, "tree"), ("2.5 days", 2.5, "day"),
    ("1 day", 1.0, "day"),
])
def test_a_word_agrees_with_its_number(said, number, thing):
    assert many(number, thing) == said


@pytest.mark.parametrize(("said", "milliseconds"), [
    ("30 days", 30 * DAY), ("1 day", DAY), ("12 hours", 12 * HOUR), ("1 hour", HOUR), ("2.5 days", 60 * HOUR),
    ("47 hours", 47 * HOUR), ("1,503 days", 1_503 * DAY + HOUR), ("0 hours", 0),
])
def test_a_duration_is_said_in_the_unit_people_use(said, milliseconds):
    assert span(milliseconds) == said


def test_a_narrow_terminal_still_shows_whole_ids_sizes_and_reasons(store):
    shown = on_terminal("prune", "--days=90", "--dry-run", f"--store={store}")
    rows = [row for row in shown.splitlines() if row.startswith("ses_")]
    assert rows[0].startswith(ID) and rows[0].rstrip().endswith(" 2.9 MB  age")
    assert len(rows) == 20 and all(len(row) <= 80 for row in rows)


def test_sentences_on_a_terminal_are_broken_between_words_and_never_inside_a_path(store):
    shown = on_terminal("prune", "--days=90", "--dry-run", f"--store={store}")
    sentence = shown[: shown.index("Goes, the oldest first")]
    assert sentence.count("\n") > 1 and all(len(text) <= 80 for text in sentence.splitlines())
    assert str(store) in on_terminal("pins", f"--store={store}")


def test_what_goes_to_a_file_has_no_blanks_at_the_end_of_a_line_and_no_colour(store):
    ran = invoked("stats", f"--store={store}")
    assert "\x1b" not in ran.out + ran.err
    assert not [text for text in ran.out.splitlines() if text != text.rstrip()]


def test_tables_are_as_wide_as_columns_says(store):
    wide = invoked("prune", "--days=90", "--dry-run", f"--store={store}", env=os.environ | {"COLUMNS": "200"})
    narrow = invoked("prune", "--days=90", "--dry-run", f"--store={store}", env=os.environ | {"COLUMNS": "100"})
    assert "the limit is 90 days" in wide.out and "the limit is 90 days" not in narrow.out
    assert max(len(row) for row in narrow.out.splitlines() if row.startswith("ses_")) <= 100


def test_what_stays_and_what_goes_add_up_to_what_there_is(store):
    there = invoked("stats", f"--store={store}", "--json").json["sessions"]["total"]
    plan = invoked("prune", "--days=30", "--children=10d", "--dry-run", f"--store={store}", "--json").json
    assert any(unit["reason"] == "child-age" for unit in plan["remove"])
    assert plan["keep"]["sessions"] + plan["totals"]["sessions"] == there


def test_the_next_command_speaks_of_the_same_store_and_repeats_no_password(store, tmp_path):
    ran = invoked("plan", "--days=90", f"--store={store}", f"--out={tmp_path / 'plan.sql'}")
    assert f"invoke apply {tmp_path / 'plan.sql'} --store={store}" in ran.err


def test_a_flag_that_explain_names_can_be_typed_as_it_stands(store):
    said = invoked("explain", ID, "--days=30", f"--store={store}").out
    assert "the limit is 30 days (--days)" in said and "- -" not in said


def test_json_that_is_written_piece_by_piece_reads_as_if_it_were_written_at_once(capsys):
    rows = [{"id": "a\n\u00e9\"", "of": [1, 2, {}], "none": None}, {}, [], "text"]
    facts = {"before": 1.5, "rows": rows, "empty": [], "in": {"rows": rows, "deep": {"rows": []}}, "after": "\udcff"}
    console.as_json({"before": 1.5, "rows": iter(rows), "empty": iter(()),
                     "in": {"rows": iter(rows), "deep": {"rows": iter([])}}, "after": "\udcff"})
    assert capsys.readouterr().out == json.dumps(facts, indent=2) + "\n"


def test_json_of_very_many_rows_is_written_as_they_come(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)

    def rows():
        for number in range(100):
            assert written.getvalue().count('"number"') == number  # each is out before the next is asked for
            yield {"number": number}

    console.as_json({"rows": rows()})
    assert len(json.loads(written.getvalue())["rows"]) == 100
