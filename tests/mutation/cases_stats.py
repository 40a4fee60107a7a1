"""Cases of what `stats --deep` says of one origin among several: what it would if the copy had nothing else."""

# ruff: noqa: E501  a line of a template is as long as it is
from unittest import mock

import forests
from case_rows import V1, event, message, part, sequence
from cases_mirror import mirrored
from cases_reclamation import DIFFS, cleared
from forests import LONG_AGO as OLD
from forests import NOW, Recipe, Session
from moments import DAY
from mutant import of
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import forecast, skeletons
from opencode_lifecycle.sql.reclamation.forecast import ReclaimRequest
from opencode_lifecycle.sql.reclamation.kinds import USUAL
from opencode_lifecycle.sql.stats import deep

SAME = ("parts", "events", "reclaimable", "sessions", "rows", "bytes", "largest", "ages")
HUGE = 2_000  # octets, for this while
NOTE = '{"sessionID":"s","info":{"id":"%s"}}'


def machine(path, name):
    """A tree, and a part and events whose session is gone; what a reclamation takes is a little more for each letter."""
    root, child, gone = (f"ses_{name}_{place}" for place in ("root", "child", "gone"))
    rows = [row for id in (root, child) for row in
            (message(id, time=OLD, data=DIFFS.replace("x", name)), part(id, time=OLD, data=cleared()),
             part(id, f"prt_{id}_huge", time=OLD, data=cleared().replace('"output":"', '"output":"' + name * HUGE)),
             *(event(id, seq, NOTE % name, "message.updated.1") for seq in (0, 1)), sequence(id, 1))]
    rows += [part(gone, message="msg_none", time=OLD, data=cleared()),
             part(gone, f"prt_{gone}_huge", "msg_none", OLD, cleared().replace('"output":"', '"output":"' + name * HUGE)),
             event(gone, 0), sequence(gone, 0)]
    return forests.build(Recipe([Session(root, updated=OLD), Session(child, root, OLD)], rows=rows), path, V1)


def looked(path, origin=None):
    with store.opened(str(path), write=False) as place:
        found = deep.look(place, ReclaimRequest(USUAL, NOW, 7 * DAY), 10, (), lambda done, of: None, origin)
    return {key: found[key] for key in SAME}


def a_deep_look_at_one_origin_is_that_of_a_copy_that_has_nothing_else(folder):
    """Sessions, rows without one, and huge parts, which are looked at whatever session they are of."""
    with mock.patch.multiple(skeletons, HUGE=HUGE), mock.patch.multiple(forecast, HUGE=HUGE), \
            mock.patch.multiple(deep, HUGE=HUGE):
        for copy, names in (("alone", ["desk"]), ("both", ["desk", "laptop"])):
            for name in names:
                path = folder / f"{copy}-{name}.db"
                mirrored(machine(path, name), folder / f"{copy}.db", name)
        alone, both = looked(folder / "alone.db"), looked(folder / "both.db")
        assert looked(folder / "both.db", "desk") == alone
    taken = alone["reclaimable"]
    assert all(taken[kind]["rows"] and taken[kind] != both["reclaimable"][kind]
               for kind in ("compacted", "diffs", "events", "orphans")), taken


def leftovers_of_one_origin_are_those_of_its_own_sessions(folder):
    """Each origin has a session of its own; what is left over of either is known before one of them is asked for."""
    for name in ("desk", "laptop"):
        mirrored(machine(folder / f"{name}.db", name), folder / "copy.db", name)
    with store.opened(str(folder / "copy.db")) as place:
        place.run("reclamation/work")
        place.on.write(place.connection, "lc_leftover", ("number", "id", "gone", "tally", "bytes", "written"),
                       [(1, "ses_desk_root", 0, 1, 1, 0), (2, "ses_laptop_root", 0, 1, 1, 0)])
        place.run("stats/found_of_origin", {"origin": "desk"})
        assert place.connection.execute("SELECT id FROM lc_leftover").fetchall() == [("ses_desk_root",)]


CASES = (a_deep_look_at_one_origin_is_that_of_a_copy_that_has_nothing_else,
         leftovers_of_one_origin_are_those_of_its_own_sessions)

MUTANTS = [
    *of(
        "stats/of_origin.sql",
        ("DELETE FROM lc_usage\nWHERE NOT EXISTS", "DELETE FROM lc_usage\nWHERE EXISTS", "rows of the others count"),
        ("DELETE FROM lc_alone\nWHERE NOT EXISTS", "DELETE FROM lc_alone\nWHERE EXISTS", "parts alone of the others count"),
        ("c.session_id = lc_session.id AND c.origin = :origin", "c.session_id = lc_session.id", "trees of the others count"),
        ("c.session_id = lc_usage.id AND c.origin = :origin", "c.session_id = lc_usage.id", "rows of any origin count"),
    ),
    *of(
        "stats/found_of_origin.sql",
        ("c.session_id = lc_target.session_id AND c.origin = :origin", "c.session_id = lc_target.session_id",
         "what any origin could be rid of counts"),
        ("DELETE FROM lc_target\nWHERE session_id IS NOT NULL\n  AND NOT EXISTS", "DELETE FROM lc_target\nWHERE session_id IS NOT NULL\n  AND EXISTS",
         "what the others could be rid of counts"),
        ("c.session_id = lc_leftover.id AND c.origin = :origin", "c.session_id = lc_leftover.id",
         "leftovers of any origin count"),
        ("DELETE FROM lc_leftover\nWHERE NOT EXISTS", "DELETE FROM lc_leftover\nWHERE EXISTS",
         "leftovers of the others count"),
    ),
    *of(
        "stats/pieces_of_origin.sql",
        ("WHERE c.origin = :origin\n      AND ", "WHERE ", "huge parts of any origin count"),
        ("  WHERE NOT EXISTS", "  WHERE EXISTS", "huge parts of the others count"),
    ),
]
