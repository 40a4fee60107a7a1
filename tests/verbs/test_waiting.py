"""What takes long says what it is at, on a terminal alone."""

import io
import sys
import time
from types import SimpleNamespace

import command
import pytest
from command import invoked
from opencode_lifecycle.sql.verbs import console, waiting


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """A terminal, and a line that shows soon."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(waiting, "QUIET", 0.05)
    monkeypatch.setattr(waiting, "EVERY", 0.01)
    monkeypatch.setattr(waiting, "sys", SimpleNamespace(stderr=Terminal()))
    return waiting.sys.stderr


def test_a_silent_step_is_said_and_wiped_when_it_is_over(terminal):
    line = waiting.Waiting()
    with line.begun():
        line.at("retention/usage", 2, 12)
        time.sleep(0.3)
    assert "\r\x1b[2KCounting the rows of each session, step 3 of 12, 0 s" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[2K")


def test_how_much_is_done_and_left_is_said_where_it_is_known(terminal):
    line = waiting.Waiting()
    with line.begun():
        line.at("Writing the file anew", share=lambda: 0.75)
        time.sleep(0.2)
    assert "Writing the file anew, 0 s, 75%, about 0 s left" in terminal.getvalue()


def test_nothing_is_drawn_while_the_terminal_is_somebody_elses(terminal):
    line = waiting.Waiting()
    with line.begun(), line.hidden():
        line.at("stats/piece")
        time.sleep(0.2)
    assert terminal.getvalue() == ""


def test_nothing_is_drawn_of_what_is_quick(terminal, monkeypatch):
    monkeypatch.setattr(waiting, "QUIET", 5)
    line = waiting.Waiting()
    with line.begun():
        line.at("stats/piece")
        time.sleep(0.1)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("how", ["quiet", "dumb", "piped"])
def test_nobody_who_did_not_ask_sees_it(terminal, monkeypatch, how):
    line = waiting.Waiting()
    line.quiet = how == "quiet"
    if how == "dumb":
        monkeypatch.setenv("TERM", "dumb")
    if how == "piped":
        monkeypatch.setattr(waiting, "sys", SimpleNamespace(stderr=io.StringIO()))
    with line.begun():
        line.at("stats/piece")
        time.sleep(0.2)
    assert terminal.getvalue() == ""


def test_the_words_of_a_template_are_those_of_its_room(terminal):
    line = waiting.Waiting()
    with line.begun():
        for name, said in (("stats/note", "Reading events"), ("stats/tables", "Counting"), ("other/x", "other/x")):
            line.at(name)
            assert line._line().startswith(said + ", ")


def test_bars_are_drawn_once_something_is_told(monkeypatch):
    said = Terminal()
    monkeypatch.setattr(sys, "stderr", said)
    monkeypatch.setattr(console, "talk", console.Speech("stderr"))
    with console.stages(("Exporting", "MB"), ("Removing", "batches")) as (exporting, _):
        assert said.getvalue() == ""
        exporting(1, 4)
        time.sleep(0.2)
    assert "Exporting" in said.getvalue() and "Removing" not in said.getvalue()


def test_quiet_is_a_flag_of_every_verb_that_looks_at_a_store(tmp_path):
    path = command.planted(tmp_path / "opencode.db", trees=2, parts=1, pad=10)
    for words in (("stats",), ("prune", "--days=30", "--dry-run"), ("plan", "--days=30"), ("vacuum",)):
        invoked(*words, "--quiet", f"--store={path}")
