"""Cases and changes for what runs beside the rules: what hangs on the tables, what is not what was exported,
values that stand already, a flag that somebody else has set."""

# ruff: noqa: E501  a line of a template is as long as it is
from unittest import mock

import command
import forests
from case_rows import AGE, OLD, V1, changed, event, message, part, sequence
from cases_reclamation import cleared
from forests import NOW, Recipe, Row, Session
from moments import DAY
from mutant import of
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.cascade import execute as carrying
from opencode_lifecycle.sql.cascade import plan_file, removal
from opencode_lifecycle.sql.pace import Pace
from opencode_lifecycle.sql.reclamation import execute, forecast, originals
from opencode_lifecycle.sql.retention import archive
from product import question_of, told
from reclaimed import to_reclaim

HANGING = (
    "CREATE TABLE Mood (id TEXT PRIMARY KEY, owner TEXT REFERENCES SESSION (id))",
    "CREATE TABLE deep (id TEXT PRIMARY KEY, owner TEXT REFERENCES mood (id))",
    "CREATE TABLE deepest (owner TEXT REFERENCES DEEP (id))", "CREATE TABLE island (owner TEXT REFERENCES project (id))",
    "CREATE TRIGGER one AFTER DELETE ON part BEGIN SELECT 1; END", "CREATE TRIGGER two AFTER DELETE ON Mood BEGIN SELECT 1; END",
    "CREATE TRIGGER three AFTER DELETE ON island BEGIN SELECT 1; END",
    "CREATE TRIGGER four AFTER INSERT ON project BEGIN SELECT 1; END")


def what_hangs_on_the_tables_is_found_at_any_depth_and_in_any_case(folder):
    path = forests.build(Recipe([Session("ses_1")]), folder / "s.db", V1)
    changed(path, *HANGING)
    with store.opened(str(path)) as place:
        found = {(one.kind, one.name) for one in place.catalog.triggered()}
        also = {(one.kind, one.name) for one in place.catalog.triggered(also=("project",))}
    assert found == {("key", "Mood"), ("key", "deep"), ("key", "deepest"), ("trigger", "one"), ("trigger", "two")}
    assert also - found == {("trigger", "four")}


def two_trees():
    rows = []
    for id in ("ses_a", "ses_b"):
        rows += [message(id), part(id), part(id, f"prt_{id}_stray", "msg_gone"), sequence(id, 2), event(id, 1), event(id, 2),
                 Row("todo", {"session_id": id})]
    return Recipe([Session("ses_a", updated=OLD), Session("ses_b", updated=OLD)], rows=rows)


ALIKE = (None, "UPDATE part SET data = '{\"type\":\"texu\"}' WHERE id = 'prt_ses_a'",
         "UPDATE part SET data = '{\"type\":\"texu\"}' WHERE id = 'prt_ses_a_stray'",
         "UPDATE message SET data = replace(data, 'user', 'usex'), id = id WHERE session_id = 'ses_a'",
         "UPDATE todo SET content = 'x' WHERE session_id = 'ses_a'", "UPDATE event SET data = '[]' WHERE id = 'evt_ses_a_001'")


def a_tree_that_is_not_what_was_exported_stays_and_no_other(folder):
    for number, change in enumerate(ALIKE):
        path = forests.build(two_trees(), folder / f"{number}.db", V1)
        before, export = command.dump(path), removal.export_plan

        def meanwhile(*words, path=path, change=change, export=export):
            done = export(*words)
            changed(path, *filter(None, [change]))
            return done

        with mock.patch.object(removal, "export_plan", meanwhile):
            ran = command.invoke("prune", "--days=2", f"--now={NOW}", "--yes", "--json", f"--store={path}",
                                 f"--export={folder}/{number}.json", inside=True)
        assert ran.code == 0, ran.err
        if before != command.dump(path) and change:
            assert ran.json["applied"]["spared"] in (["ses_a"], []), ran
        left = command.sessions_of(path)
        assert left == ({"ses_a"} if change and "replace(" not in change else set()), (change, left)
        assert ran.json["applied"]["spared_why"] == dict.fromkeys(left, "changed")


PRUNE = ("prune", "--days=2", f"--now={NOW}", "--yes", "--json")


def a_log_that_goes_ahead_is_held_against_the_export_slice_by_slice(folder):
    """One that is as it was goes; of one in which an event of the second slice changed the first slice went before."""
    for change, stays in ((None, []), ("UPDATE event SET data = '{\"a\":1}' WHERE id = 'evt_ses_a_005'", ["ses_a"])):
        path = forests.build(Recipe([Session("ses_a", updated=OLD)], rows=[
            message("ses_a"), sequence("ses_a", 9), *(event("ses_a", n, '"' + "x" * 100 + '"') for n in range(10))]), folder / "s.db", V1)

        def look(number, path=path, change=change):
            changed(path, *filter(None, [change]))

        whole = removal.carry_out

        def carried(script, place, probe, pins, again, progress, taken, at_once, look=look, whole=whole):
            return whole(script, place, probe, pins, again, look, taken, at_once)

        with mock.patch.multiple(plan_file, BATCH_BYTES=500, SLICE_BYTES=300), \
                mock.patch.object(removal, "carry_out", carried):
            ran = command.invoke(*PRUNE, f"--store={path}", f"--export={folder}/{bool(change)}.json", inside=True)
        (folder / f"{bool(change)}.json").unlink()
        assert ran.code == 0 and ran.json["applied"]["spared"] == stays, ran
        with command.opened(path) as con:
            left = [seq for (seq,) in con.execute("SELECT seq FROM event ORDER BY seq")]
        assert left == ([] if not stays else list(range(left[0], 10))) and (not stays or 0 < left[0] <= 5), left


def a_batch_that_takes_too_long_goes_tree_by_tree_and_what_takes_too_long_then_stays(folder):
    for slow, stays in ((1, set()), (2, {"ses_a"})):  # the batch; then the first of its trees
        path = forests.build(two_trees(), folder / "s.db", V1)
        tried, whole = iter(range(99)), carrying.tries
        with mock.patch.object(carrying, "tries", lambda work, times=1, tried=tried, slow=slow, whole=whole:
                               next(tried) >= slow and whole(work, times)):
            ran = command.invoke(*PRUNE, "--no-export", f"--store={path}", inside=True)
        assert ran.code == (3 if stays else 0) and set(ran.json["applied"]["spared"]) == stays, ran
        assert command.sessions_of(path) == stays, ran


def a_batch_that_is_too_large_beside_a_client_stays_whole_and_no_other(folder):
    """One tree a batch; of the two only the first weighs more than may go while a client is there."""
    rows = [message("ses_a"), part("ses_a", "prt_a", data='"' + "x" * 5_000 + '"')]
    path = forests.build(Recipe([Session(f"ses_{n}", updated=OLD) for n in "ab"], rows=rows), folder / "s.db", V1)
    with mock.patch.object(carrying, "TOO_BIG_WHILE_OPEN", 3_000), mock.patch.object(plan_file, "BATCH_BYTES", 100), \
            mock.patch.object(Pace, "client", lambda pace: True):
        ran = command.invoke(*PRUNE, "--no-export", f"--store={path}", inside=True)
    assert ran.code == 3 and ran.json["applied"]["spared_why"] == {"ses_a": "too-big-while-open"}, ran
    assert command.sessions_of(path) == {"ses_a"}, ran


def values_that_stand_or_were_written_are_told_apart_both_ways(folder):
    """One comes back and goes again; one was written before it could come back, one before it could go again."""
    ids = ("plain", "written", "later")
    path = forests.build(Recipe([Session("ses_a", updated=NOW - 30 * DAY)], rows=[message("ses_a"), *(
        part("ses_a", f"prt_{id}", data=cleared(output=id * 9)) for id in ids)]), folder / "s.db", V1)
    file = folder / "o.zst"
    file.unlink(missing_ok=True)
    with store.opened(str(path)) as place:
        plan = forecast.forecast(place, to_reclaim(("compacted",), NOW, 7 * DAY))
        originals.write(place, plan, file)
        execute.run(place, plan, file, "", lambda _: None)
    changed(path, "UPDATE part SET data = '{}' WHERE id = 'prt_written'")
    for expected in ((2, 0, 1), (0, 2, 1)):
        with store.opened(str(path)) as place:
            done = originals.bring_back(place, file)
        assert (done.rows.get("part", 0), done.there, done.changed) == expected, done
    changed(path, "UPDATE part SET data = '[]' WHERE id = 'prt_later'")
    with store.opened(str(path)) as place:
        originals.reduce_again(place, file, (), done := originals.OriginalsRestored({}))
    assert done.rows == {"part": 1}, done
    with command.opened(path) as con:
        found = dict(con.execute("SELECT id, data FROM part"))
    assert found["prt_written"] == "{}" and found["prt_later"] == "[]" and "plainplain" not in found["prt_plain"]


def a_flag_that_somebody_else_changed_stays(folder):
    path = forests.build(Recipe([Session(f"ses_{n}", updated=OLD) for n in "ab"]), folder / "s.db", V1)
    run = archive._run

    def meanwhile(*words):
        changed(path, "UPDATE session SET time_archived = 5 WHERE id = 'ses_a'")
        return run(*words)

    with store.opened(str(path)) as place, told(AGE), mock.patch.object(archive, "_run", meanwhile):
        archive.choose(place, question_of(AGE, NOW), None, True)
        assert archive.change(place, NOW).sessions == ["ses_b"]
    with command.opened(path) as con:
        assert con.execute("SELECT id, time_archived FROM session ORDER BY id").fetchall() == [
            ("ses_a", 5), ("ses_b", NOW)]


CASES = {
    "engines": (what_hangs_on_the_tables_is_found_at_any_depth_and_in_any_case,),
    "cascade": (a_tree_that_is_not_what_was_exported_stays_and_no_other,
                a_log_that_goes_ahead_is_held_against_the_export_slice_by_slice,
                a_batch_that_takes_too_long_goes_tree_by_tree_and_what_takes_too_long_then_stays,
                a_batch_that_is_too_large_beside_a_client_stays_whole_and_no_other),
    "reclamation": (values_that_stand_or_were_written_are_told_apart_both_ways,),
    "retention": (a_flag_that_somebody_else_changed_stays,),
}

MUTANTS = [
    *of("cascade/sizes.sql",
        ("SUM(t.bytes)", "0", "nothing is too large beside a client"),
        ("SUM(t.bytes)", "1000000", "everything is too large beside a client"),
        ("COUNT(*) AS trees", "1 AS trees", "no batch is taken apart"),
        ("GROUP BY t.batch", "", "all batches are taken for one")),
    *of("cascade/roots.sql",
        ("p.batch = :batch", "p.batch <> :batch", "the trees of another batch stay")),
    *of("cascade/unit_of.sql",
        ("p.id = :id", "p.id <> :id", "another unit than the one that changed is spared")),
    *of("engines/sqlite/side_effects.sql",
        ("  UNION\n  SELECT k.child FROM reached AS r JOIN links AS k ON LOWER(k.parent) = LOWER(r.name)\n", "", "only what hangs on the client's tables themselves is seen"),
        ("JOIN links AS k ON LOWER(k.parent) = LOWER(r.name)\n)", "JOIN links AS k ON k.parent = r.name\n)", "a name in another case is not followed"),
        ("JOIN links AS k ON LOWER(k.parent) = LOWER(r.name)\nUNION", "JOIN links AS k ON k.parent = r.name\nUNION", "a key by a name in another case is not told"),
        ("m.tbl_name IN (SELECT r.name FROM reached AS r) OR ", "", "a trigger on what goes is not seen"),
        (" OR m.tbl_name IN ('beside')", "", "a trigger on what is written beside is not seen")),
    *of("cascade/doomed_rows.sql",
        ("owner.session_id = d.id AND t.<< owned.via.column >> = owner.id", "owner.session_id = d.id AND 1 = 0", "parts are not held against the export"),
        ("WHERE t.<< owned.key >> = d.id\n", "WHERE 1 = 0\n", "rows with a session's key are not held against the export"),
        ("  AND NOT EXISTS (SELECT 1 FROM << owned.via.table >> AS owner WHERE owner.id = t.<< owned.via.column >>)\n", "", "a part with a message is counted as a stray one, too"),
        ("t.seq <= (", "t.seq < (", "the last event of a slice is not held against the export"),
        ("SELECT MAX(b.through)", "SELECT MAX(b.through) + 9", "a slice is held against the events of the next as well"),
        ("SELECT MAX(b.through)", "SELECT MAX(b.through) - 9", "a slice is held against nothing")),
    *of("cascade/doomed_batch.sql",
        ("WHERE p.batch = :batch", "WHERE p.batch <> :batch", "the look ahead of the lock reads another batch")),
    *of("cascade/at.sql", ("SELECT b.number, b.slice", "SELECT b.number, 0 AS slice", "a slice is held against all the rest")),
    *of("cascade/part.sql",
        ("WHERE root_id = :root_id", "WHERE root_id <> :root_id", "what takes too long goes with all the others"),
        ("SET batch = :batch", "SET batch = batch", "no tree gets a transaction of its own")),
    *of("cascade/spare.sql",
        ("\nDELETE FROM lc_doomed\nWHERE id IN (SELECT p.id FROM lc_planned AS p WHERE p.root_id = :root_id);\n", "", "a tree that is not what was exported goes"),
        ("VALUES (:root_id, 'changed')", "VALUES (:root_id, 'gone')", "it is told of otherwise")),
    *of("reclamation/redo_chosen.sql", (" AND x.<< field >> = o.value", "", "what the client wrote since is shrunk again")),
    *of("reclamation/undo_standing.sql", (" AND x.<< field >> = o.value", "", "what the client wrote since counts as standing")),
    *of("retention/flag_chosen.sql", (" AND COALESCE(x.time_archived, 0) = COALESCE(f.was, 0)", "", "a flag that somebody else has set is overwritten")),
]
