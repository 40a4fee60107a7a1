"""The plan file: what is read is what runs, in the engine's own shell as well, and nothing else runs."""

import re
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path
from unittest import mock

import command
import faulty
import forests
import moments
import oracle
import product
import pytest
import store_rows
from command import dump, invoked, judge_by, refused, sessions_of
from forests import NOW, Recipe, Row, Session
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.cascade import plan_file as script
from opencode_lifecycle.sql.cascade import removal as prune
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.retention import selection
from sqlite_utils.utils import (
    sqlite3 as library,
)  # one library to a store in a process, or their locks are lost

SECOND = "BEGIN IMMEDIATE; INSERT INTO lc_batch (number, slice, through) VALUES (2, "
MONTH = oracle.Policy(max_age_ms=30 * moments.DAY)
ASKED = ("--days=30", judge_by())


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=4, parts=2, pad=10)


@pytest.fixture
def plan(store, tmp_path):
    """A plan of three batches, a tree to each."""
    with mock.patch.object(script, "BATCH_SESSIONS", 3):
        path = tmp_path / "plan.sql"
        path.write_text(product.planned(store, MONTH, NOW)[2])
    assert "VALUES (3, 0, NULL)" in path.read_text()
    return path


def shell(store, text):
    """Run a script in the engine's own shell, in a folder of its own."""
    there = Path(store).parent.parent / "shell"
    there.mkdir(exist_ok=True)
    done = subprocess.run(
        ["sqlite3", str(store)], input=text.encode("utf-8", "surrogateescape"), capture_output=True, cwd=there
    )
    assert not list(there.iterdir())
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def apply(store, plan, *words, code=0):
    return invoked("apply", plan, "--yes", "--no-export", *words, f"--store={store}", code=code)


def pieces(store, text):
    """The statements of a plan: text, and whether there is a statement in it."""
    with stores.opened(str(store)) as place:
        return list(faulty.pieces(script.read(text, "plan"), place.catalog))


def removed(store):
    with command.opened(store) as con:
        return oracle.removed_ids(oracle.judge(con, MONTH, NOW))


# --- the shell -----------------------------------------------------------------------------------


def test_a_plan_piped_through_the_shell_and_one_applied_give_the_same_store(store, plan):
    ours, gone = command.copy(store), removed(store)
    with command.opened(store) as con:
        wanted = store_rows.survivors(con, gone)
    code, _, errors = shell(store, plan.read_text())
    assert (code, errors) == (0, "")
    apply(ours, plan)
    assert dump(store) == dump(ours) == wanted
    command.sound(store)


def test_a_plan_carried_out_twice_removes_nothing_more(store, plan):
    ours = command.copy(store)
    for run in (lambda: shell(store, plan.read_text()), lambda: apply(ours, plan)):
        run()
        once = dump(store), dump(ours)
        run()
        assert (dump(store), dump(ours)) == once


def test_a_statement_that_fails_anywhere_in_the_shell_leaves_whole_trees_only(store, plan, tmp_path):
    steps = pieces(store, plan.read_text())
    places = [number for number, (_, statement) in enumerate(steps) if statement]
    met = set()
    for place in places:
        one = tmp_path / "store" / "one.db"
        shutil.copy(store, one)
        texts = [text for text, _ in steps]
        texts.insert(place + 1, "SELECT no_such_function();\n")
        code, _, errors = shell(one, "".join(texts))
        assert code and "no_such_function" in errors, place
        met.add(len(command.whole_trees(store, one)))
        assert integrity(one)
        for end in command.OURS:
            Path(f"{one}{end}").unlink(missing_ok=True)
    assert met == {0, 3, 6, 9} and len(places) > 45


def test_a_statement_that_fails_anywhere_inside_a_procedure_leaves_whole_trees_only(store, plan, tmp_path):
    """In the second batch, in the shell and by our runner: what it had deleted comes back, the first batch stays."""
    texts, reached = list(faulty.broken(plan.read_text(), faulty.FAULTS["sqlite"])), 0
    for text in texts:
        outcomes = []
        for run in (in_shell, by_us):
            one = tmp_path / "store" / "one.db"
            shutil.copy(store, one)
            stopped = run(one, text)
            gone = command.whole_trees(store, one)
            assert integrity(one) and len(gone) == (3 if stopped else 9)
            outcomes.append(stopped)
            for end in command.OURS:
                Path(f"{one}{end}").unlink(missing_ok=True)
        assert outcomes[0] == outcomes[1]
        reached += outcomes[0]
    assert reached > 45 and len(texts) - reached < 12  # of a slice of a log, and after the last statement


def in_shell(store, text):
    """Whether the fault stopped the shell."""
    code, _, errors = shell(store, text)
    assert (code != 0) == (faulty.FAULT in errors)
    return code != 0


def by_us(store, text):
    """Whether the fault stopped our runner."""
    with stores.opened(str(store)) as place, product.live.watching(place.path) as probe, faulty.carried_out(text):
        done = prune.run(place, script.read(text, "plan"), probe, "apply", "", lambda _: None).outcome
    assert (done.code == 3) == (faulty.FAULT in done.left)
    return done.code == 3


def integrity(path):
    with command.opened(path) as con:
        names = {name for (name,) in con.execute("SELECT name FROM sqlite_master")}
        return con.execute("PRAGMA integrity_check").fetchall() == [("ok",)] and not any(
            name.startswith("lc_") for name in names
        )


def test_a_lock_taken_before_any_statement_in_the_shell_leaves_whole_trees_only(store, plan, tmp_path):
    """Another program takes the write lock wherever it can; inside a batch it cannot."""
    steps = pieces(store, plan.read_text().replace(".timeout 5000", ".timeout 20"))
    steps = [(text.replace(".timeout 5000", ".timeout 20"), statement) for text, statement in steps]
    places = [number for number, (_, statement) in enumerate(steps) if statement]
    met, held = set(), 0
    for place in places:
        one = tmp_path / "store" / "one.db"
        shutil.copy(store, one)
        child = subprocess.Popen(
            ["sqlite3", str(one)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
        )
        child.stdin.write("".join(text for text, _ in steps[:place]).encode() + b".shell echo here\n")
        child.stdin.flush()
        while child.stdout.readline() not in (b"here\n", b""):
            pass
        other = sqlite3.connect(one, isolation_level=None, timeout=0)
        try:
            other.execute("BEGIN IMMEDIATE")
            held += 1
        except sqlite3.OperationalError:
            assert b"BEGIN" in "".join(text for text, _ in steps[:place]).encode()
        _, errors = child.communicate("".join(text for text, _ in steps[place:]).encode())
        other.close()
        assert (child.returncode == 0) == (errors == b""), (place, errors)
        assert errors == b"" or b"locked" in errors, errors
        met.add(len(command.whole_trees(store, one)))
        assert integrity(one)
        for end in command.OURS:
            Path(f"{one}{end}").unlink(missing_ok=True)
    assert met == {0, 3, 6, 9} and held > 20


def test_a_statement_that_fails_anywhere_in_our_runner_leaves_whole_trees_only(store, plan, tmp_path):
    """The same by our own runner: raised before the first commit, told with exit code 3 after it."""
    text, met, number = plan.read_text(), set(), 0
    while True:
        number += 1
        one = tmp_path / "store" / "one.db"
        shutil.copy(store, one)
        from opencode_lifecycle.sql.cascade import execute as carrying
        from opencode_lifecycle.sql.engines.sqlite import driver as engine

        run, count = engine.execute, iter(range(1, 10_000))

        def broken(connection, sql, run=run, count=count, number=number):
            if next(count) == number:
                raise library.OperationalError("database or disk is full")
            return run(connection, sql)

        def transact(*words, carry=carrying._transact, broken=broken):
            with mock.patch.object(engine, "execute", broken):
                carry(*words)

        with mock.patch.object(carrying, "_transact", transact):
            try:
                done = product.applied(one, text).outcome
            except Refusal as refusal:
                assert refusal.code == 1 and "full" in str(refusal)
                done = None
        gone = command.whole_trees(store, one)
        assert integrity(one)
        for end in command.OURS:
            Path(f"{one}{end}").unlink(missing_ok=True)
        met.add(len(gone))
        if done is None:
            assert not gone
        elif done.code:
            assert done.code == 3 and 0 < len(gone) == done.sessions and "full" in done.left
        else:
            break
    assert met == {0, 3, 6, 9} and number == 3 * 5 + 1


# --- text that would like to be more ---------------------------------------------------------------

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


# --- the store went on -----------------------------------------------------------------------------

TOUCHES = {
    "prompted": "INSERT INTO message (id, session_id, time_created, time_updated, data) "
    f"VALUES ('msg_new', '{{id}}', {NOW}, {NOW}, '{{{{}}}}')",
    "a part more": "INSERT INTO part (id, message_id, session_id, time_created, time_updated, data) "
    "VALUES ('prt_new', 'msg_{id}', '{id}', 1, 1, '{{}}')",
    "a part rewritten": f"UPDATE part SET time_updated = {NOW} WHERE message_id = 'msg_{{id}}'",
    "an event more": "UPDATE event_sequence SET seq = seq + 1 WHERE aggregate_id = '{id}'",
    "time moved": "UPDATE session SET time_updated = time_updated + 100 WHERE id = '{id}'",
    "shared": "UPDATE session SET share_url = 'https://opncd.ai/s/x' WHERE id = '{id}'",
    "shared by a row": "INSERT INTO session_share (session_id, id, secret, url, time_created, time_updated) "
    "VALUES ('{id}', 'x', 'y', 'z', 1, 1)",
    "archived": f"UPDATE session SET time_archived = {NOW} WHERE id = '{{id}}'",
    "a child more": "INSERT INTO session (id, parent_id, project_id, slug, directory, title, version, "
    f"time_created, time_updated) VALUES ('ses_new', '{{id}}', 'prj_a', '', '', '', '', 1, {NOW})",
    "moved to another project": "UPDATE session SET project_id = 'prj_b' WHERE id = '{id}'",
    "a child less": "UPDATE session SET parent_id = NULL WHERE id = 'ses_0001_b'",
    "removed in part": "DELETE FROM session WHERE id = 'ses_0001_c'",
}


def touch(store, name, id):
    con = library.connect(str(store), isolation_level=None)
    con.execute("PRAGMA foreign_keys=ON")
    con.execute(TOUCHES[name].format(id=id))
    con.close()


@pytest.mark.parametrize("id", ("ses_0001_a", "ses_0001_c"))
@pytest.mark.parametrize("name", TOUCHES)
def test_a_tree_that_went_on_after_the_plan_is_spared_and_told(store, plan, name, id):
    touch(store, name, id)
    if id in sessions_of(store):
        touched = dump(store)
        done = product.applied(store, plan.read_text()).outcome
        assert list(done.spared) == ["ses_0001_a"] and done.code == 0 and done.sessions == 6
        for table, rows in dump(store).items():
            assert [row for row in touched[table] if "ses_0001" in repr(row)] == [
                row for row in rows if "ses_0001" in repr(row)
            ]


@pytest.mark.parametrize("name", TOUCHES)
def test_a_tree_that_goes_on_between_two_batches_is_spared_in_the_shell_and_by_us(store, plan, name):
    shells = command.copy(store)
    with stores.opened(str(store)) as place, product.live.watching(place.path) as probe:
        run = prune.run(
            place,
            script.read(plan.read_text(), "plan"),
            probe,
            "apply",
            "",
            lambda batch: touch(store, name, "ses_0001_a") if batch == 1 else None,
        )
    assert list(run.outcome.spared) == ["ses_0001_a"] and run.outcome.code == 0
    text = plan.read_text()
    at = text.index(SECOND)
    code, out, errors = shell(shells, text[:at] + TOUCHES[name].format(id="ses_0001_a") + ";\n" + text[at:])
    assert (code, errors) == (0, "") and "ses_0001_a" in out
    assert dump(shells) == dump(store)
    assert {id[:8] for id in sessions_of(store)} >= {"ses_0001", "ses_0003"}
    assert not [id for id in sessions_of(store) if id[:8] in ("ses_0000", "ses_0002")]


def test_a_pin_set_after_the_plan_or_between_two_batches_spares_the_tree(store, plan, tmp_path):
    invoked("pin", "ses_0000_c", f"--store={store}")
    run = command.Stepped(
        tmp_path / "marks", "apply", plan, "--yes", "--no-export", "--json", f"--store={store}", wait=[2]
    )
    run.reached(2)
    invoked("pin", "ses_0002_b", f"--store={store}")
    run.go_on(2)
    ran = run.ended()
    assert ran.code == 0 and ran.json["applied"]["spared"] == ["ses_0000_a", "ses_0002_a"]
    assert {id[:8] for id in sessions_of(store)} == {"ses_0000", "ses_0002", "ses_0003"}


def test_spared_trees_are_told_and_the_command_ends_well(store, plan):
    touch(store, "prompted", "ses_0001_b")
    ran = apply(store, plan)
    assert "Spared ses_0001_a" in ran.err and "changed" in ran.err


# --- the file is held against its own list --------------------------------------------------------


def lines_of(plan, mark):
    return [
        number
        for number, text in enumerate(plan.read_text().split("\n"))
        if mark in text and text.startswith("INSERT INTO lc_planned")
    ]


def struck(plan, mark):
    """The plan without the first line of its list that holds this."""
    lines = plan.read_text().split("\n")
    del lines[lines_of(plan, mark)[0]]
    other = plan.with_name("struck.sql")
    other.write_text("\n".join(lines))
    return other


@pytest.mark.parametrize("mark", ("'ses_0001_a', 'ses_0001_a'", "'ses_0001_b', 'ses_0001_a'", "'ses_0001_c'"))
def test_a_line_that_is_struck_out_spares_its_tree_when_that_is_meant(store, plan, mark):
    edited, before = struck(plan, mark), dump(store)
    refused(73, "apply", edited, "--yes", "--no-export", f"--store={store}", says="--edited")
    assert dump(store) == before
    shells = command.copy(store)
    ran = apply(store, edited, "--edited")
    assert {id[:8] for id in sessions_of(store)} == {"ses_0001", "ses_0003"}
    assert ran.err.count("Spared") <= 1
    assert shell(shells, edited.read_text())[0] == 0
    assert dump(shells) == dump(store)


def test_all_lines_of_a_tree_may_be_struck_out(store, plan):
    edited = plan
    for mark in ("'ses_0001_a', 'ses_0001_a'", "'ses_0001_b', 'ses_0001_a'", "'ses_0001_c', 'ses_0001_a'"):
        edited = struck(edited, mark) if edited == plan else _again(edited, mark)
    apply(store, edited, "--edited")
    assert {id[:8] for id in sessions_of(store)} == {"ses_0001", "ses_0003"}


def _again(plan, mark):
    lines = plan.read_text().split("\n")
    del lines[lines_of(plan, mark)[0]]
    plan.write_text("\n".join(lines))
    return plan


def altered(text):
    """Plans that say something else than they did, each by one change."""
    lines = text.split("\n")
    for number, was in enumerate(lines):
        if was and number % 6 == 0:
            yield (
                number,
                was,
                "\n".join(
                    [*lines[:number], was[:-1] + ("x" if was[-1] != "x" else "y"), *lines[number + 1 :]]
                ),
            )
        if number % 14 == 0:
            yield number, "more", "\n".join([*lines[:number], "DELETE FROM session;", *lines[number:]])
        if was and number % 10 == 0 and not was.startswith("INSERT INTO lc_planned"):
            yield number, "less", "\n".join([*lines[:number], *lines[number + 1 :]])


def test_any_change_but_a_struck_line_is_refused_even_where_edits_are_allowed(store, plan):
    text, before, tried = plan.read_text(), dump(store), 0
    with stores.opened(str(store)) as place:
        for number, was, other in altered(text):
            with pytest.raises(Refusal) as refusal:
                read = script.read(other, "plan.sql")
                prune.refuse_foreign(read, place)
                script.verify(read, place.catalog, other, "plan.sql", edited=True)
            assert refusal.value.code == 73, (number, was)
            tried += 1
    assert dump(store) == before
    assert tried > 50
    for was, now in (
        (r"('ses_0001_b', 'ses_0001_a', 'ses_0001_a', 'prj_a', 0, 0), \d+", r"\1, 999"),
        (r"('ses_0001_b', 'ses_0001_a', 'ses_0001_a', 'prj_a', 0, 0), \d+", r"\1, " + "9" * 5_000),
        (r" -- tree 1 \|", " -- trea 1 |"),
        (r"(.*'ses_0001_b', 'ses_0001_a'.*\n)", r"\1\1"),
        (r"(.*'ses_0001_b', 'ses_0001_a'.*\n)(.*\n)", r"\2\1"),
        (r"'ses_0002_c', ", "'ses_0003_c', "),
        (r"-- Policy: .*", "-- Policy:    Remove nothing."),
        (r"(-- Marks: \w{7}).", r"\1x"),
        (r"BEGIN IMMEDIATE; INSERT INTO lc_batch .*VALUES \(2, .*\n", ""),
        (r"(BEGIN IMMEDIATE; INSERT INTO lc_batch .*\n)", r"\1\1"),
        (r"VALUES \(2, 0, NULL\)", "VALUES (2, 1, 9)"),
        (r"VALUES \(2, 0, NULL\)", "VALUES (1, 0, NULL)"),
        (r"VALUES \('lc_guard'\); INSERT", "VALUES ('lc_remove'); INSERT"),
        (r"COMMIT;", "COMMIT; DELETE FROM session;"),
    ):
        bumped = re.sub(was, now, text, count=1)
        assert bumped != text, was
        plan.write_text(bumped)
        for words in ((), ("--edited",)):
            refused(73, "apply", plan, "--yes", *words, f"--store={store}", says="altered")
    plan.write_text(text + "DROP TABLE session;\n")
    refused(73, "apply", plan, "--yes", "--edited", f"--store={store}", says="altered")
    plan.write_text(text.replace("plan, format 2", "plan, format 1", 1))
    refused(73, "apply", plan, "--yes", "--edited", f"--store={store}", says="format 1")
    plan.write_text("SELECT 1;\n")
    refused(73, "apply", plan, "--yes", f"--store={store}", says="not a plan")
    plan.write_bytes(b"\xff\xfe\x00")
    refused(73, "apply", plan, "--yes", f"--store={store}", says="not a plan")
    plan.write_text("")
    refused(73, "apply", plan, "--yes", f"--store={store}", says="not a plan")
    refused(64, "apply", plan.with_name("none.sql"), "--yes", f"--store={store}", says="none.sql")
    refused(64, "apply", plan.parent, "--yes", f"--store={store}", says=str(plan.parent))


def test_a_plan_of_another_store_is_refused(plan, tmp_path):
    (tmp_path / "other").mkdir()
    recipe = Recipe([Session("ses_x"), Session("ses_y")])
    other = forests.build(recipe, tmp_path / "other" / "opencode.db", "1.18.33")
    before = dump(other)
    refused(73, "apply", plan, "--yes", "--no-export", f"--store={other}", says="another store", alone=False)
    old = forests.build(command.grove(trees=2), tmp_path / "other" / "old.db", "1.2.15")
    refused(73, "apply", plan, "--yes", "--no-export", f"--store={old}", says="tables")
    assert dump(other) == before
    foreign = plan.read_text().replace("-- Engine:    sqlite", "-- Engine:    postgres")
    (tmp_path / "foreign.sql").write_text(foreign)
    refused(73, "apply", tmp_path / "foreign.sql", "--yes", f"--store={other}", says="postgres")


@pytest.mark.parametrize(
    "change",
    (
        "CREATE TABLE session_mood (session_id TEXT)",
        "ALTER TABLE message ADD COLUMN mood TEXT",
        "CREATE TABLE mood (owner TEXT REFERENCES session (id))",
        "DROP TABLE todo",
    ),
)
def test_a_plan_is_stale_once_a_table_with_a_session_key_changed(store, plan, change):
    with command.opened(store) as con:
        con.execute(change)
    before = dump(store)
    refused(73, "apply", plan, "--yes", "--no-export", f"--store={store}", says="make the plan again")
    assert dump(store) == before


def test_twenty_thousand_sessions_are_written_in_two_seconds(tmp_path):
    sessions = [
        Session(f"ses_{n:05}", f"ses_{n - n % 4:05}" if n % 4 else None, title=f"title of {n}")
        for n in range(20_000)
    ]
    path = forests.build(Recipe(sessions), tmp_path / "many.db", "1.18.33")
    with stores.opened(str(path)) as place, product.told(MONTH):
        started = time.monotonic()
        selection.decide(place, product.question_of(MONTH, NOW))
        judged = time.monotonic()
        chosen = selection.selection(place, "", NOW, product.question_of(MONTH, NOW).values)
        written, cpu = time.monotonic(), time.process_time()
        count = 0

        def out(text):
            nonlocal count
            count += len(text)

        script.compose(place, chosen, "none", False).write(place.catalog, out)
        ended, spent = time.monotonic(), time.process_time() - cpu
    print(
        f"judged in {judged - started:.2f} s, read in {written - judged:.2f} s, "
        f"written in {ended - written:.2f} s "
        f"({spent:.2f} s of processor): {count:,} characters"
    )
    assert sum(len(u.sessions) for u in chosen.units) == 20_000
    assert spent <= 2  # the processor's time: a busy machine takes longer by the clock
