"""What takes long says what it is at, on a terminal alone."""

import io
import time
from types import SimpleNamespace

import command
import pytest
from command import invoked
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.transfer import export, read_back
from opencode_lifecycle.sql.verbs import waiting


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


def test_a_stage_is_said_until_it_is_done_and_in_it_only_what_knows_its_own_share(terminal):
    line = waiting.Waiting()
    tell = line.stage("Exporting", "MB")
    with line.begun():
        line.at("transfer/export_rows")
        tell(1, 4)
        line.at("transfer/export_rows")
        assert line._line().startswith("Exporting, 1 of 4 MB, 0 s, 25%, about 0 s left")
        tell(4, 4)
        assert line._line() == "Exporting, 4 of 4 MB, 0 s"
        line.at("Reading the export back", share=lambda: 0.5)
        assert line._line().startswith("Reading the export back, 0 s, 50%, about 0 s left")
        line.at("cascade/guard")
        assert line._line() == "Looking at what goes, 0 s"
        time.sleep(0.2)
    assert "\r\x1b[2KLooking at what goes" in terminal.getvalue() and line._line() == ""


def test_a_stage_that_nobody_can_see_is_not_kept(terminal):
    line = waiting.Waiting()
    line.stage("Exporting", "MB")(1, 4)
    assert line._line() == ""


@pytest.mark.parametrize("long", [0, read_back.LONG], ids=["behind", "afterwards"])
def test_an_export_says_how_far_the_reading_back_is(tmp_path, monkeypatch, long):
    shares, heard, counted = [], [], export._counted
    monkeypatch.setattr(read_back, "LONG", long)
    monkeypatch.setattr(read_back, "TELL_EVERY", 1)
    with store.opened(str(command.planted(tmp_path / "opencode.db", trees=3, parts=2, pad=10))) as place:
        place.told = lambda what, *_, share=None: shares.append((what, share))

        def told(*words):
            tell = counted(*words)
            return lambda rows: (tell(rows), heard.append(shares[-1][1]()))

        monkeypatch.setattr(export, "_counted", told)
        export.write(place, [(id, [id]) for id in ("ses_0000_a", "ses_0001_a")], tmp_path / "x.json", lambda *_: None)
    assert {what for what, share in shares if share} == {"Reading the export back"}
    assert long == 0 or 0 < heard[0] < 0.2 and 0.9 < heard[-1] < 1.2 and heard == sorted(heard)


def test_quiet_is_a_flag_of_every_verb_that_looks_at_a_store(tmp_path):
    path = command.planted(tmp_path / "opencode.db", trees=2, parts=1, pad=10)
    for words in (("stats",), ("prune", "--days=30", "--dry-run"), ("plan", "--days=30"), ("vacuum",)):
        invoked(*words, "--quiet", f"--store={path}")
