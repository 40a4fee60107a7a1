"""Cases of rows that go whole and come back: orphans, events, what a move to 2.x left."""

from unittest import mock

import forests
import moved
import reclaim_oracle
from case_rows import V1, changed
from cases_reclamation import WEEK, worn
from forests import NOW
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import execute, originals
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from opencode_lifecycle.sql.retention import pins
from reclaimed import to_reclaim


def rows_that_go_whole_come_back(folder):
    for kinds, all_events in ((("orphans",), False), (("events",), False), (("events",), True)):
        path = forests.build(worn(), folder / "s.db", V1)
        (folder / "o.zst").unlink(missing_ok=True)
        before = reclaim_oracle.read(path)
        with store.opened(str(path)) as place:
            plan = reclaim.forecast(place, to_reclaim(kinds, NOW, WEEK, all_events))
            originals.write(place, plan, folder / "o.zst")
            done = execute.run(place, plan, folder / "o.zst", "", lambda _: None)
        assert done.gains == plan.gains
        after = reclaim_oracle.read(path)
        if kinds == ("events",):
            what_has_gone_on_stays_without(path, folder / "o.zst")
        with store.opened(str(path)) as place:
            back = originals.bring_back(place, folder / "o.zst")
        assert back.changed == back.there == 0 and sum(back.rows.values()) == plan.gains[kinds[0]]["rows"]
        assert reclaim_oracle.rows_of(reclaim_oracle.read(path)) == reclaim_oracle.rows_of(before) != after


def what_has_gone_on_stays_without(path, file):
    """The log is another one now, or its session is gone: its events stay in the file."""
    for change in (
        "UPDATE event_sequence SET seq = 0 WHERE aggregate_id = 'ses_idle'",
        "UPDATE event SET seq = -seq WHERE aggregate_id = 'ses_idle'",
        "DELETE FROM session WHERE id IN ('ses_idle', 'ses_calm')",
    ):
        other = path.with_name("other.db")
        other.write_bytes(path.read_bytes())
        changed(other, change)
        with store.opened(str(other)) as place:
            back = originals.bring_back(place, file)
        assert (back.changed > 0) == ("seq = -seq" not in change), change


def what_the_move_to_2x_left_goes_whole_and_comes_back(folder):
    path = folder / "s.db"
    for seed in (1, 4):  # the move began two days ago, and two months ago
        (folder / "o.zst").unlink(missing_ok=True)
        wanted = moved.leftovers(moved.moved(path, seed, sessions=60))
        before = reclaim_oracle.read(path)
        with store.opened(str(path)) as place:
            plan = reclaim.forecast(place, to_reclaim(("leftovers",), NOW, WEEK))
            originals.write(place, plan, folder / "o.zst")
            done = execute.run(place, plan, folder / "o.zst", "", lambda _: None)
        after = reclaim_oracle.read(path)
        assert ids(before) - ids(after) == wanted
        assert sum(done.rows.values()) == sum(len(before[t]) - len(after[t]) for t in before)
        assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
        with store.opened(str(path)) as place:
            assert originals.bring_back(place, folder / "o.zst").there == 0
        found = reclaim_oracle.read(path)
        assert all(sorted(before[t].values(), key=repr) == sorted(found[t].values(), key=repr) for t in before)


def ids(rows):
    return {row["id"] for row in rows["session"].values()}


def what_the_move_left_stays_once_it_changed_or_is_protected(folder):
    path = folder / "s.db"
    for statement in (
        "UPDATE message SET time_updated = time_updated + 1",
        "UPDATE part SET data = data || ' '",
        "INSERT INTO todo SELECT session_id, content, status, priority, position + 9, 1, 0 FROM todo",
        "DELETE FROM session_v2",
        "UPDATE kv SET value = '{}' WHERE key = 'nothing'",
    ):
        moved.moved(path, 3, troubles=(), sessions=20)
        with store.opened(str(path)) as place:
            plan = reclaim.forecast(place, to_reclaim(("leftovers",), NOW, WEEK))
            changed(path, statement)
            done = execute.run(place, plan, None, "", lambda _: None)
        fewer = done.gains["leftovers"]["rows"] < plan.gains["leftovers"]["rows"]
        assert fewer == ("kv" not in statement), statement
    told = moved.moved(path, 3, troubles=(), sessions=20)
    gone = {one.id for one in told if one.gone and one.id in moved.leftovers(told)}
    with store.opened(str(path)) as place, mock.patch.object(pins, "pinned", lambda _: sorted(gone)):
        plan = reclaim.forecast(place, to_reclaim(("leftovers",), NOW, WEEK))
    assert gone and plan.leftovers[1] == 0


CASES = (
    rows_that_go_whole_come_back,
    what_the_move_to_2x_left_goes_whole_and_comes_back,
    what_the_move_left_stays_once_it_changed_or_is_protected,
)
