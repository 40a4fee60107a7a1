"""Cases of a mirror between files: what is brought, what only vanished, and whose tree stands where two have it."""

import contextlib
import shutil

import forests
from case_rows import V1, changed, event, message, part, sequence, sqlite3
from forests import LONG_AGO as OLD
from forests import NOW, Recipe, Session
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.schema import cold
from opencode_lifecycle.sql.transfer import mirror

LAP = '{"type":"text","text":"lap"}'
MORE = "INSERT INTO part SELECT 'prt_more', message_id, session_id, time_created, time_updated, data FROM part " \
       "WHERE id = 'prt_ses_ab'"


def planted(path, *ids):
    """A root with a child, and a session alone, each with a message, a part and an event."""
    return forests.build(Recipe(
        [Session("ses_a", updated=OLD), Session("ses_ab", "ses_a", OLD), Session("ses_c", updated=OLD)],
        rows=[row for id in ("ses_a", "ses_ab", "ses_c") for row in
              (message(id, time=OLD), part(id, time=OLD, data=LAP.replace("lap", "one")), event(id, 0),
               sequence(id, 0))]), path, V1)


def mirrored(path, copy, origin="desk", **more):
    with store.opened(str(path), write=False) as source, cold.target(str(copy), source) as target:
        done = mirror.mirror(source, target, lambda *_: None, origin=origin, **more)
    assert not done.left and not done.stopped, done
    return done


def asked(path, sql):
    with contextlib.closing(sqlite3.connect(path)) as con:
        return con.execute(sql).fetchall()


def vanished(copy):
    return asked(copy, "SELECT session_id, vanished FROM lifecycle_copy WHERE vanished IS NOT NULL ORDER BY session_id")


def a_mirror_brings_what_changed_alone_and_keeps_what_vanished(folder):
    path, copy = planted(folder / "s.db"), folder / "cold.db"
    assert mirrored(path, copy).changed == 3 and mirrored(path, copy).changed == 0
    for said in (f"UPDATE session SET time_updated = {OLD + 1} WHERE id = 'ses_c'",
                 "UPDATE session SET title = 'a tilte' WHERE id = 'ses_c'",
                 "UPDATE part SET data = data || ' ' WHERE id = 'prt_ses_c'",
                 "UPDATE session SET parent_id = NULL WHERE id = 'ses_ab'"):
        changed(path, said)
        assert (mirrored(path, copy).changed, mirrored(path, copy).changed) == (1, 0), said
    changed(path, "UPDATE session SET parent_id = 'ses_a' WHERE id = 'ses_ab'")
    assert mirrored(path, copy).changed == 1
    changed(path, "UPDATE part SET data = replace(data, 'one', 'two') WHERE id = 'prt_ses_c'")
    assert mirrored(path, copy).changed == 0, "no time, no length: --check tells it"
    changed(path, f"UPDATE session SET time_updated = {NOW * 2} WHERE id = 'ses_c'")
    mirrored(path, copy)
    changed(path, "UPDATE part SET data = replace(data, 'two', 'six') WHERE id = 'prt_ses_c'")
    assert mirrored(path, copy).changed == 1, "the time is as new as the look"
    changed(copy, "DELETE FROM session WHERE id = 'ses_ab'")
    assert mirrored(path, copy).changed == 1 and len(asked(copy, "SELECT id FROM session")) == 3
    kept = shutil.copy(path, folder / "kept.db")
    changed(path, "DELETE FROM part WHERE session_id = 'ses_ab'", "DELETE FROM message WHERE session_id = 'ses_ab'",
            "DELETE FROM session WHERE id = 'ses_ab'")  # its events are left
    assert mirrored(path, copy).vanished == 1
    gone = vanished(copy)
    assert [id for id, _ in gone] == ["ses_ab"] and len(asked(copy, "SELECT id FROM part")) == 3
    assert mirrored(path, copy).vanished == 0 and vanished(copy) == gone
    assert mirrored(kept, copy).changed == 0 and vanished(copy) == []


def of_two_origins_one_tree_stands_whole(folder):
    desk, copy = planted(folder / "desk.db"), folder / "cold.db"
    lap = shutil.copy(desk, folder / "lap.db")
    mirrored(desk, copy)
    assert mirrored(lap, copy, "lap").rows == {} and mirrored(desk, copy).newer == [], "both have the same"
    changed(lap, f"UPDATE part SET data = '{LAP}', time_updated = {OLD + 5} WHERE id = 'prt_ses_ab'")
    changed(desk, f"UPDATE session SET title = 'of desk', time_updated = {OLD + 4} WHERE id = 'ses_a'")
    assert mirrored(lap, copy, "lap").newer_there == {}
    assert set(mirrored(desk, copy).newer_there.values()) == {"lap"}
    assert titled(copy, "ses_a") == "a title" and spoken(copy, "prt_ses_ab") == LAP, "nothing of the older tree"
    changed(desk, f"UPDATE session SET time_updated = {OLD + 5} WHERE id = 'ses_a'")
    mirrored(desk, copy)
    assert titled(copy, "ses_a") == "a title", "as new, and no larger"
    changed(desk, MORE)
    assert mirrored(desk, copy).newer_there == {} and titled(copy, "ses_a") == "of desk", "as new, and larger"
    assert spoken(copy, "prt_ses_ab") != LAP and set(mirrored(lap, copy, "lap").newer_there.values()) == {"desk"}
    changed(desk, "DELETE FROM part WHERE message_id IN (SELECT id FROM message WHERE session_id = 'ses_a')",
            "DELETE FROM message WHERE session_id = 'ses_a'", "DELETE FROM session WHERE id = 'ses_a'")
    assert mirrored(desk, copy).vanished == 1
    changed(lap, "UPDATE part SET id = 'prt_other' WHERE session_id = 'ses_a'",
            f"UPDATE session SET time_updated = {OLD + 9}, title = 'late' WHERE id = 'ses_a'")
    assert "ses_a" in mirrored(lap, copy, "lap").newer and titled(copy, "ses_a") == "of desk", "nobody else has it"
    changed(lap, "UPDATE part SET id = 'prt_ses_a' WHERE id = 'prt_other'",
            MORE)
    mirrored(lap, copy, "lap")
    assert titled(copy, "ses_a") == "late", "it goes on from what was there"


def titled(path, id):
    return asked(path, f"SELECT title FROM session WHERE id = '{id}'")[0][0]


def spoken(path, id):
    return asked(path, f"SELECT data FROM part WHERE id = '{id}'")[0][0]


CASES = (a_mirror_brings_what_changed_alone_and_keeps_what_vanished, of_two_origins_one_tree_stands_whole)
