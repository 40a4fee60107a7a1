"""The plan file in the engine's own shell, and in our runner: what stops it leaves whole trees."""

import shutil
import sqlite3
import subprocess
from pathlib import Path
from unittest import mock

import command
import faulty
import product
import store_rows
from command import dump
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.cascade import plan_read
from opencode_lifecycle.sql.cascade import removal as prune
from opencode_lifecycle.sql.refusal import Refusal
from plans_at_hand import *  # noqa: F403
from plans_at_hand import apply, pieces, removed, shell
from sqlite_utils.utils import sqlite3 as library


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
        done = prune.run(place, plan_read.read(text, "plan"), probe, "apply", "", lambda _: None).outcome
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

        def transact(*words, carry=carrying._Carrier._transact, broken=broken):
            with mock.patch.object(engine, "execute", broken):
                return carry(*words)

        with mock.patch.object(carrying._Carrier, "_transact", transact):
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
