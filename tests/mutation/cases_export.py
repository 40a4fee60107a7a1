"""Cases of an export that reads many sessions at once, each in its order, and the single changes that they notice."""

import json
from unittest import mock

import forests
from case_rows import MIXED, event, message, part, spoken
from forests import PROJECTS, Recipe, Session
from mutant import of
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.transfer import export, salvage, session_rows, streams


def an_export_holds_each_session_with_its_rows_in_their_order(folder):
    """Two sessions at a time of five; messages whose order is not that of their ids; parts without a message."""
    ids = ["ses_a", "ses_b", "ses_c", "ses_d", "ses_e"]
    rows = [message(id, f"msg_{id}_{n}", time=forests.LONG_AGO - n) for id in ids for n in (1, 2)]
    for row in rows:
        row.values["time_created"] = row.values["time_updated"]
    rows += [part(id, f"prt_{id}_{n}", f"msg_{id}_{1 + n % 2}") for id in reversed(ids) for n in (4, 3, 2, 1)]
    rows += [part("ses_b", "prt_lost", "msg_gone"), spoken("ses_d"), event("ses_d", 2), event("ses_d", 1)]
    homes = {"ses_b": "both", "ses_d": "v2"}
    recipe = Recipe([Session(id, project=PROJECTS[n], home=homes.get(id, "v1")) for n, id in enumerate(ids)], rows=rows)
    path = forests.build(recipe, folder / "s.db", MIXED)
    careful = mock.patch.object(salvage.Salvage, "__init__", side_effect=AssertionError)
    with mock.patch.object(streams, "MOST", 2), careful:
        at_once = written(path, folder / "streams.json")
    with mock.patch.object(export, "Streams", salvage.Salvage):
        assert written(path, folder / "salvage.json") == at_once
    found = {one["lifecycle"]["session"]: one for one in json.loads(at_once)}
    assert list(found) == ids
    assert [one["info"]["id"] for one in found["ses_a"]["messages"]] == ["msg_ses_a_2", "msg_ses_a_1"]
    assert [one["id"] for one in found["ses_a"]["messages"][0]["parts"]] == ["prt_ses_a_1", "prt_ses_a_3"]
    listed = {id: one["lifecycle"]["rows"] for id, one in found.items()}
    assert [id for id in ids if "part" in listed[id]] == ["ses_b"]
    assert [one["row"]["seq"] for one in listed["ses_d"]["event"]] == [1, 2]
    assert [listed[id]["project"][0]["row"]["id"] for id in ids] == list(PROJECTS)


def written(path, file):
    with store.opened(str(path)) as place:
        session_rows.find_trees(place)
        export.write(place, session_rows.trees(place), file, lambda done, of: None)
    return file.read_bytes()


CASES = (an_export_holds_each_session_with_its_rows_in_their_order,)

MUTANTS = [
    *of("transfer/streams_span.sql",
        ("BETWEEN :first AND :last", "BETWEEN :first AND :first", "only the first of the sessions is read"),
        ("DELETE FROM lc_span;", "", "the sessions before are read once more"),
        ("DELETE FROM lc_span_message;", "", "the messages before are read once more"),
        ("s.place, m.time_created, m.id)", "s.place, m.id)", "messages stand in the order of their ids"),
        ("OVER (ORDER BY s.place, ", "OVER (ORDER BY ", "messages stand without regard to their sessions")),
    *of("transfer/streams_rows.sql",
        ("AND NOT EXISTS", "AND EXISTS", "parts with a message stand in the list of those without"),
        ("ORDER BY s.place", "ORDER BY s.place DESC", "sessions are passed over"),
        ('("seq", "position", "time_created", "id")', '("id", )', "rows stand in the order of their ids")),
    *of("transfer/streams_below.sql",
        ("= m.id", "= ''", "messages are left out"),
        ('"place, m.session_place"', '"session_place, m.place"', "messages are taken for those of other sessions"),
        ('t.<< name.quoted("id") >>;', 't.<< name.quoted("id") >> DESC;', "parts stand against their order")),
    *of("transfer/streams_project.sql",
        ("COALESCE(two.project_id, one.project_id)", "one.project_id", "sessions of 2.x have no project"),
        ("COALESCE(two.project_id, one.project_id)", "two.project_id", "sessions of 1.x have no project"),
        ("ORDER BY s.place", "ORDER BY s.place DESC", "projects are passed over")),
]
