"""Titles, folders and ids in a plan are text, whatever they would like to be."""

import re
from pathlib import Path

import command
import forests
import moments
import pytest
import store_rows
from command import dump, invoked
from forests import NOW, Recipe, Row, Session
from plans_at_hand import *  # noqa: F403
from plans_at_hand import ASKED, apply, removed, shell

EVIL = (
    "a\n.shell touch OWNED\n",
    "*/ DELETE FROM session; /*",
    "'; DELETE FROM session; --",
    "--\n; DELETE FROM session;",
    "\x1b]0;owned\x07\x1b[2J\x1b[31mred",
    "[bold red]markup[/] [link=file:///etc/passwd]x[/link]",
    "\u2028.shell touch OWNED",
    "\r.shell touch OWNED\r",
    "\\\n.shell touch OWNED",
    "/* -- */ .shell touch OWNED",
    "\u202egnp.exe",
    ";\n.quit\n",
    "\x85.shell touch OWNED",
    "%s %n {0} :id << lc >> <% raw %>",
    "\x00.shell touch OWNED",
    "x" * 5_000,
    "COMMIT;",
    "$(touch OWNED)`touch OWNED`",
)


@pytest.fixture
def evil(tmp_path):
    sessions, rows = (
        [],
        [Row("project", {"id": f"prj_{n}", "worktree": text, "name": text}) for n, text in enumerate(EVIL)],
    )
    for number, text in enumerate(EVIL):
        sessions.append(
            Session(f"ses_{number:02}'\";--*/", None, title=text, directory=text, project=f"prj_{number}")
        )
        sessions.append(Session(f"ses_{number:02}_b", f"ses_{number:02}'\";--*/", title=text))
        sessions.append(Session(f"ses_bad_{number:02}{text}", None, title="an id that is not shown as it is"))
        sessions.append(Session(f"ses_{number:02}_lost", f"ses_gone_{text}", title="nor is a parent that is gone"))
        sessions.append(Session(f"ses_{number:02}_of", None, project=f"prj_{text}", title="nor is a project"))
    sessions.append(Session("ses_young", None, NOW - moments.DAY, title=EVIL[0]))
    (tmp_path / "store").mkdir()
    return forests.build(Recipe(sessions, rows=rows), tmp_path / "store" / "opencode.db", "1.18.33")


def test_no_title_folder_or_id_becomes_anything_but_text(evil, tmp_path):
    ours, gone = command.copy(evil), removed(evil)
    with command.opened(evil) as con:
        wanted = store_rows.survivors(con, gone)
    assert len(gone) > 2 * len(EVIL)
    plan = tmp_path / "plan.sql"
    invoked("plan", *ASKED, f"--out={plan}", f"--store={evil}")
    text = plan.read_bytes().decode("utf-8", "surrogateescape")
    assert not [c for c in text if c != "\n" and not c.isprintable()]
    assert not re.search(r"^\.(?!bail on$|timeout 5000$)", text, re.MULTILINE)
    code, out, errors = shell(evil, text)
    assert (code, errors) == (0, ""), errors
    apply(ours, plan)
    assert dump(evil) == dump(ours) == wanted
    assert not list(Path.cwd().glob("OWNED")) and not list(tmp_path.rglob("OWNED"))


@pytest.mark.parametrize(
    "words",
    (("stats", "--top=100"), ("prune", "--dry-run", *ASKED), ("plan", *ASKED)),
    ids=lambda words: words[0],
)
def test_foreign_text_reaches_a_terminal_as_plain_text(evil, words, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")  # room for titles
    ran = invoked(*words, f"--store={evil}")
    for said in (ran.out, ran.err):
        assert not [c for c in said if c != "\n" and not c.isprintable()]
    assert "[bold red]markup[/]" in ran.out or words[0] == "plan"


def test_explain_and_archive_show_foreign_text_as_plain_text(evil):
    one = "ses_04'\";--*/"
    for words in (
        ("explain", one, *ASKED),
        ("archive", f"--session={one}"),
        ("pin", one),
        ("pins",),
        ("history",),
    ):
        ran = invoked(*words, f"--store={evil}")
        assert not [c for c in ran.out + ran.err if c != "\n" and not c.isprintable()], words
