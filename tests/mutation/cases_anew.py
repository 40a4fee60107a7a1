"""Cases and changes of what writes a store anew in the place of deletions."""

# ruff: noqa: E501  a line of a template is as long as it is
import shutil
from contextlib import ExitStack
from unittest import mock

import forests
import product
from case_rows import AGE, OLD, V1, changed, event, message, part, sequence
from forests import NOW, Recipe, Row, Session
from mutant import of
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.cascade import anew, plan_file, removal
from opencode_lifecycle.sql.engines.sqlite import anew as file
from opencode_lifecycle.sql.engines.sqlite import client_probe
from opencode_lifecycle.sql.engines.sqlite.library import sqlite3
from store_rows import quoted


def rows():
    """Two trees go and one stays: parts that name another session than their message's, parts without a message."""
    found = []
    for id, time in (("ses_a", OLD), ("ses_b", OLD), ("ses_c", NOW)):
        found += [message(id, time=time), part(id), part(id, f"prt_{id}_stray", "msg_gone"), sequence(id, 2),
                  event(id, 1), event(id, 2), Row("todo", {"session_id": id})]
    return [*found, part("ses_a", "prt_lent", "msg_ses_c"), part("ses_c", "prt_borrowed", "msg_ses_a"),
            message("ses_gone"), Row("todo", {"session_id": "ses_gone"})]


def made(folder, name="s.db"):
    sessions = [Session("ses_a", updated=OLD), Session("ses_b", updated=OLD), Session("ses_c", updated=NOW)]
    path = forests.build(Recipe(sessions, rows=rows()), folder / name, V1)
    changed(path, "CREATE TABLE own (a)", "INSERT INTO own (rowid, a) VALUES (7, 'x'), (3, 'y')",
            "CREATE INDEX own_a ON own (a)", "PRAGMA user_version = 5", "PRAGMA application_id = 6")
    con = sqlite3.connect(path)
    con.execute("PRAGMA journal_mode = WAL")
    con.close()
    return path


def content(path):
    con = sqlite3.connect(path)
    names = [name for (name,) in con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    found = {name: con.execute(f"SELECT rowid, * FROM {quoted(name)}").fetchall() for name in names}
    found["schema"] = sorted(con.execute("SELECT type, name, sql FROM sqlite_schema").fetchall(), key=repr)
    found["header"] = [con.execute(f"PRAGMA {name}").fetchall() for name in ("user_version", "application_id", "foreign_keys")]
    con.close()
    return found


def run(path, whole=True, meanwhile=(), progress=lambda batch: None):
    with store.opened(str(path)) as place, product.told(AGE), client_probe.watching(place.path) as probe:
        _, script = removal.plan(place, product.question_of(AGE, NOW))
        changed(path, *meanwhile)
        done = removal.run(place, script, probe, "prune", "", progress, whole=whole).outcome
        keys = place.connection.execute("PRAGMA foreign_keys").fetchone()[0]
        rules = place.connection.execute("PRAGMA ignore_check_constraints").fetchone()[0]
    assert (keys, rules) == (1, 0), "the connection is as it was"
    return done


def a_store_written_anew_is_what_batches_leave(folder):
    path = made(folder)
    other = shutil.copy(path, folder / "other.db")
    done, batches = run(path), run(other, whole=False)
    assert done.anew and not batches.anew, done.instead
    assert (done.rows, done.sessions) == (batches.rows, batches.sessions) and content(path) == content(other)


def a_tree_that_changed_since_the_plan_stays_in_a_store_written_anew(folder):
    path = made(folder)
    done = run(path, meanwhile=["UPDATE session SET title = 'other' WHERE id = 'ses_b'"])
    assert (done.anew, done.spared, done.sessions) == (True, {"ses_b": "changed"}, 1), done
    assert done.rows["event"] == 2 and {row[1] for row in content(path)["session"]} == {"ses_b", "ses_c"}


HARMS = ("DELETE FROM anew.own WHERE a = 'x'", "UPDATE anew.own SET a = 'z' WHERE a = 'y'", "UPDATE anew.own SET a = 'X' WHERE a = 'x'",
         "DELETE FROM anew.part WHERE id = 'prt_lent'", "UPDATE anew.own SET rowid = 9 WHERE a = 'y'")


def a_new_file_with_a_row_that_is_another_takes_no_place(folder):
    for number, harm in enumerate(HARMS):
        path, fill = made(folder, f"{number}.db"), file.fill

        def harmed(connection, *words, fill=fill, harm=harm):
            fill(connection, *words)
            connection.execute(harm)

        with mock.patch.object(file, "fill", harmed):
            done = run(path)
        assert not done.anew and "were to go" in done.instead and done.sessions == 2, (harm, done)


def what_was_spared_before_the_batches_is_looked_at_again(folder):
    """A pin that is gone by then spares nothing."""
    path, pins = made(folder), [["ses_a"], ["ses_a"], []]

    def harmed(*words):
        raise file.Unlike("it is not")

    with mock.patch.object(file, "fill", harmed), store.opened(str(path)) as place, product.told(AGE), \
            client_probe.watching(place.path) as probe:
        _, script = removal.plan(place, product.question_of(AGE, NOW))
        with mock.patch.object(removal.pins, "pinned", lambda _: pins.pop(0) if pins else []):
            done = removal.run(place, script, probe, "prune", "", lambda _: None, whole=True).outcome
    assert (done.anew, done.spared, done.sessions) == (False, {}, 2), done


def batches_are_looked_at_together_and_come_one_by_one_where_that_is_in_vain(folder):
    """Their numbers stand again as in the plan: each takes its own tree alone."""
    for number, (most, harmed) in enumerate(((1, False), (2, False), (2, True), (20_000, True))):
        path, seen = made(folder, f"{number}.db"), []

        def look(batch, path=path, seen=seen):
            seen.append((batch, {row[1] for row in content(path)["session"]}))

        with ExitStack() as patched:
            patched.enter_context(mock.patch.object(plan_file, "BATCH_SESSIONS", 1))
            patched.enter_context(mock.patch.object(anew, "SESSIONS", most))
            if harmed:
                patched.enter_context(mock.patch.object(file, "fill", mock.Mock(side_effect=file.Unlike("it is not"))))
            done = run(path, progress=look)
        assert (done.anew, done.sessions, done.rows["event"]) == (not harmed, 2, 4), (most, done)
        assert seen == ([(1, {"ses_b", "ses_c"}), (2, {"ses_c"})] if harmed else []), (most, seen)
        assert {row[1] for row in content(path)["session"]} == {"ses_c"}


def an_error_after_the_switch_does_not_hide_it_and_one_before_does(folder):
    for number, late in enumerate((True, False)):
        path, switch = made(folder, f"{number}.db"), file.switch

        def stopped(*words, switch=switch, late=late):
            if late:
                switch(*words)
            else:
                changed(words[1], "UPDATE own SET a = 'new' WHERE a = 'x'")
            raise file.Unlike("it was stopped")

        with mock.patch.object(file, "switch", stopped):
            done = run(path)
        assert done.anew == late and done.sessions == 2, done


def both_ways_are_reckoned_by_what_goes_and_what_stays(folder):
    path = made(folder)
    with store.opened(str(path)) as place, product.told(AGE):
        removal.plan(place, product.question_of(AGE, NOW))
        found = {}
        for name in anew.COSTS:
            asked = dict.fromkeys(anew.COSTS, 0) | {name: 1}
            found[name] = tuple(map(int, place.one("cascade/ways", asked)))
        con = place.connection
        octets = {ids: sum(con.execute(f"SELECT COALESCE(SUM(octet_length(data)), 0) FROM {table} WHERE {key}").fetchone()[0] for table, key in (
            ("message", f"session_id {ids}"), ("event", f"aggregate_id {ids}"),
            ("part", f"COALESCE((SELECT m.session_id FROM message AS m WHERE m.id = message_id), session_id) {ids}")))
            + con.execute(f"SELECT COALESCE(SUM(COALESCE(octet_length(summary_diffs), 0) + COALESCE(octet_length(metadata), 0) + COALESCE(octet_length(revert), 0) + COALESCE(octet_length(permission), 0) + COALESCE(octet_length(model), 0)), 0) FROM session WHERE id {ids}").fetchone()[0]
            for ids in ("IN ('ses_a', 'ses_b')", "NOT IN ('ses_a', 'ses_b')")}
    goes, stays = octets.values()
    rows_go, rows_stay = 2 * 8 + 1, 8 + 1 + 2
    assert {value[2] for value in found.values()} == {stays}
    assert found["batch_octet"][:2] == (goes, 0) and found["vacuum_octet"][:2] == (stays, 0)
    assert found["anew_octet"][:2] == (0, stays) and found["anew_fixed"][:2] == (0, 1)
    gone, left = found["batch_row"][0], found["vacuum_row"][0]
    assert found["guard_row"][:2] == (0, gone) and found["anew_row"][:2] == (0, left)
    assert found["look_row"][:2] == (0, gone + left) and (gone, left) == (rows_go, rows_stay), (gone, left)


CASES = (a_store_written_anew_is_what_batches_leave,
         a_tree_that_changed_since_the_plan_stays_in_a_store_written_anew, a_new_file_with_a_row_that_is_another_takes_no_place,
         what_was_spared_before_the_batches_is_looked_at_again,
         batches_are_looked_at_together_and_come_one_by_one_where_that_is_in_vain, an_error_after_the_switch_does_not_hide_it_and_one_before_does,
         both_ways_are_reckoned_by_what_goes_and_what_stays)

MUTANTS = [
    *of("engines/sqlite/anew_rows.sql",
        ("INSERT INTO anew.target (rowid, columns)\nSELECT rowid, columns\nFROM main.target;", "INSERT INTO anew.target (columns)\nSELECT columns\nFROM main.target;", "rows lose their numbers"),
        ("WHERE (own_key IN (SELECT d.id FROM lc_leaving AS d)) IS NOT TRUE", "WHERE NOT (own_key IN (SELECT d.id || 'x' FROM lc_leaving AS d))", "rows of sessions that go stay"),
        ("WHERE (own_key IN (SELECT d.id FROM lc_leaving AS d)) IS NOT TRUE", "WHERE own_key IN (SELECT d.id FROM lc_leaving AS d)", "rows of sessions that go stay, and no others"),
        ("d.id = owner.session_id", "d.id = owner.id", "parts of what goes stay"),
        ("OR t.own_key IN", "OR 1 = 0 AND t.own_key IN", "parts without a message stay"),
        ("    AND NOT EXISTS (SELECT 1 FROM main.owner_table AS owner WHERE owner.id = t.owner_key)\n", "", "a part goes that another session's message has")),
    *of("engines/sqlite/anew_same.sql",
        ("(SELECT COUNT(*) FROM main.target) AS before", "(SELECT COUNT(*) FROM anew.target) AS before", "rows that lack are not missed"),
        ("(SELECT COUNT(*) FROM anew.target) AS after", "(SELECT COUNT(*) FROM main.target) AS after", "rows that lack are counted as there"),
        (" COLLATE BINARY IS m.field", " COLLATE NOCASE IS m.field", "a value in another case counts as the same"),
        ("a.field COLLATE BINARY IS m.field", "a.field IS a.field", "values are not held against the store"),
        ("m.rowid = a.rowid AND", "m.rowid >= a.rowid AND", "rows may come under other numbers")),
    *of("engines/sqlite/anew_born.sql",
        ("PRAGMA user_version = :user_version;", "PRAGMA user_version;", "the version of the schema is lost"),
        ("PRAGMA application_id = :application_id;", "PRAGMA application_id;", "whose file it is gets lost")),
    *of("engines/sqlite/anew_detach.sql",
        ("PRAGMA ignore_check_constraints = OFF;", "PRAGMA ignore_check_constraints = ON;", "rules of tables are off afterwards"),
        ("PRAGMA foreign_keys = ON;", "PRAGMA foreign_keys = OFF;", "foreign keys are off afterwards")),
    *of("cascade/leaving.sql", ("FROM lc_doomed AS d", "FROM lc_seen AS d", "what a guard spares goes")),
    *of("cascade/leaving_rows.sql",
        ("JOIN lc_doomed AS d ON d.id = c.id", "JOIN lc_doomed AS d ON d.id <> c.id", "rows are counted of others"),
        ("SUM(c.tally)", "MAX(c.tally)", "not all rows that go are counted")),
    *of("cascade/leaving_log.sql", ("e.aggregate_id = d.id", "e.aggregate_id <> d.id", "events are counted of others")),
    *of("cascade/together.sql",
        ("batch >= :first", "batch > :first", "a batch is not looked at"),
        ("SET batch = :last", "SET batch = :first", "batches are not looked at")),
    *of("cascade/leaving_none.sql",
        ("DELETE FROM lc_planned;\n\n", "", "the list cannot be had anew"),
        ("\n\nDELETE FROM lc_spared;", "", "what was spared before the batches is told although it went")),
    *of("cascade/leaving_left.sql", ("WHERE NOT (", "WHERE (", "a store that was not switched counts as switched")),
    *of("cascade/ways.sql",
        ("WHEN w.id IS NULL THEN 0 ELSE u.tally END", "WHEN w.id IS NULL THEN u.tally ELSE 0 END", "rows that stay are reckoned as going"),
        ("WHEN w.id IS NULL THEN 0 ELSE u.bytes END", "WHEN w.id IS NULL THEN u.bytes ELSE 0 END", "octets that stay are reckoned as going"),
        (" + :anew_fixed", "", "what each new file takes is not reckoned"),
        ("g.all_bytes - g.goes_bytes AS stays", "g.all_bytes AS stays", "room is asked for what goes")),
]
