"""Cases of copies: what is newer in one, and what stays in it though the source gave it up."""

from unittest import mock

import forests
from case_rows import MIXED, OLD, changed, event, message, part, sequence, spoken
from cases_reclamation import cleared
from forests import NOW, Recipe, Session
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.transfer import carried_rows, marks, richer
from opencode_lifecycle.sql.transfer import folder as into


def only_what_the_copy_has_in_a_later_state_is_newer_there(folder):
    """The session's own row, a message, its part, a part without one, and a turn of the other layout make it newer."""
    later = {"ses_row": (), "ses_message": (message("ses_message", time=NOW),),
             "ses_part": (message("ses_part"), part("ses_part", time=NOW)),
             "ses_stray": (part("ses_stray", message="msg_gone", time=NOW),),
             "ses_turn": (spoken("ses_turn", time=NOW),)}
    same = ("ses_same", "ses_unclear")
    recipe = Recipe([Session(id, updated=NOW if id == "ses_row" else OLD) for id in (*later, *same)],
                    rows=[*(row for rows in later.values() for row in rows), message("ses_same"),
                          message("ses_unclear", time=5), event("ses_same", 1), sequence("ses_same", 1)])
    path = forests.build(recipe, folder / "s.db", MIXED)
    with store.opened(str(path)) as place:
        place.run("transfer/mirror_work")
        for id in (*later, "ses_same"):
            at_hand(place, id, OLD)
        at_hand(place, "ses_unclear", None)
        place.run("transfer/mirror_there")
        assert [id for (id,) in place.rows("transfer/mirror_newer")] == sorted((*later, "ses_unclear"))


def what_a_reclamation_left_is_richer_in_the_copy(folder):
    """Of each session something was taken at the source, or nothing was, or something else happened there."""
    made, later = OLD + 1, OLD + 2
    ids = ("ses_less", "ses_later", "ses_same", "ses_anew", "ses_even", "ses_gone", "ses_diff", "ses_done", "ses_few")
    rows = [message(id, time=OLD) for id in ids]
    rows += [part(id, time=OLD, data=cleared()) for id in ids]
    rows += [part("ses_less", "prt_stray", "msg_none", OLD), sequence("ses_less", 9), sequence("ses_anew", 9)]
    rows += [event(id, seq) for id in ("ses_less", "ses_anew") for seq in (1, 2, 3)] + [event("ses_few", 1, "")]
    diffs = {"summary_diffs": "[1]", "revert": '{"messageID":"m","diff":"d"}'}
    moved_on = [Session("ses_early", home="both"), Session("ses_both", home="both")]
    recipe = Recipe([*(Session(id, updated=OLD, columns=dict(diffs) if id.startswith("ses_d") else {}) for id in ids),
                     *moved_on], rows=[*rows, message("ses_early"), part("ses_early"), part("ses_both")])
    copy, path = forests.build(recipe, folder / "copy.db", MIXED), forests.build(recipe, folder / "s.db", MIXED)
    shrunk = "UPDATE part SET data = '{}' WHERE session_id"
    changed(path, f"{shrunk} = 'ses_less'", "DELETE FROM part WHERE id = 'prt_stray'",
            "DELETE FROM event WHERE aggregate_id = 'ses_less' AND seq < 3 OR aggregate_id = 'ses_few'",
            f"UPDATE part SET data = '{{}}', time_updated = {made} WHERE session_id = 'ses_later'",
            "DELETE FROM event WHERE aggregate_id = 'ses_anew' AND seq > 1",
            "UPDATE event SET id = 'evt_anew', data = '{ }' WHERE aggregate_id = 'ses_anew'",
            "UPDATE event_sequence SET seq = 2 WHERE aggregate_id = 'ses_anew'",
            f"{shrunk} = 'ses_even'", "UPDATE message SET data = data || '"
            + " " * (len(cleared()) - 2) + f"', time_updated = {made} WHERE id = 'msg_ses_even'",
            "DELETE FROM message WHERE id = 'msg_ses_gone'", "DELETE FROM part WHERE id = 'prt_ses_gone'",
            "UPDATE session SET summary_diffs = NULL, revert = '{\"messageID\":\"m\"}' WHERE id = 'ses_diff'",
            f"UPDATE session SET revert = '{{}}', time_updated = {later} WHERE id = 'ses_done'",
            "DELETE FROM part WHERE session_id = 'ses_early'", "DELETE FROM message WHERE session_id = 'ses_early'",
            "DELETE FROM session WHERE id = 'ses_early'", "DELETE FROM session WHERE id = 'ses_both'")
    with store.opened(str(path)) as source, store.opened(str(copy)) as target:
        found = compared(source, target)
        assert found.rows == {"ses_less": {"part": 2, "event": 2}, "ses_anew": {"event": 1}, "ses_even": {"part": 1},
                              "ses_few": {"event": 1},
                              "ses_early": {"session": 1}, "ses_diff": {"session": 1}}
        assert found.shrunk == {("part", "prt_ses_less"), ("part", "prt_ses_even")}


def compared(source, target):
    """What of the copy stays; and, the source's rows being taken for in the place of the others, which diffs do."""
    for place in (source, target):
        place.run("transfer/mirror_work")
    for name in ("transfer/mirror_richer_work", "cascade/work"):
        target.run(name)
    marked, _ = marks.take(source, events=True)

    def choose(place, ids):
        place.run("transfer/mirror_none")
        for id in ids:
            at_hand(place, id, marked[id].newest)

    found = richer.find(source, target, marked, target.catalog.owned, True, choose)
    choose(target, marked)
    came = {(name, row[0]) for name in ("part", "message", "session") for row in
            sent(target, name, ["id"], apart=True)}
    assert not {(name, "ses_early") for name in ("part", "message", "session")} & came
    assert ("part", "ses_less") not in came and ("part", "ses_later") in came
    for _, *values in list(sent(source, "session", ["time_updated", "summary_diffs", "revert", "id"], apart=False)):
        target.connection.execute(
            "UPDATE session SET time_updated = ?, summary_diffs = ?, revert = ? WHERE id = ?", values)
    richer.put_diffs_back(target, found)
    return found


def at_hand(place, id, newest):
    place.on.write(place.connection, "lc_copy", ("id", "root_id", "newest", "tally", "bytes"), [(id, id, newest, 1, 0)])


def sent(place, name, columns, apart):
    table = next(one for one in place.catalog.owned if one.name == name)
    return place.rows("transfer/mirror_rows", owned=table, by_itself=False, columns=columns, apart=apart,
                      digested=(), long=())


def what_comes_into_another_folder_works_there_or_as_deep_inside_as_it_did(folder):
    """In a repository, of which a subfolder is told, and in none; and a row that knows no path."""
    (folder / "clone" / ".git").mkdir(parents=True)
    (folder / "clone" / "docs").mkdir()
    clone = str((folder / "clone").resolve())
    with store.opened(str(forests.build(Recipe(), folder / "s.db", MIXED))) as place:
        for name, path, expected in (("clone", "docs", ("clone/docs", "docs")), ("clone", "src", ("clone", "")),
                                     ("clone/docs", "", ("clone/docs", "docs")), ("clone", None, ("clone", None))):
            found = into.named(str(folder / name)).placed(place, {"id": "ses", "directory": "/far", "path": path})
            assert found == {"id": "ses", "directory": clone + expected[0].removeprefix("clone"), "path": expected[1]}


def a_long_text_of_a_file_comes_by_itself_and_whole(folder):
    """Of as many octets as is long, or one more, in fewer letters."""
    texts = {"prt_empty": "", "prt_even": "\u00e9" * 10, "prt_long": "\u00e9" * 10 + "x", "prt_longer": "y" * 99}
    path = forests.build(Recipe([Session("ses_1")], rows=[message("ses_1"), *(
        part("ses_1", id, time=OLD, data=text) for id, text in texts.items())]), folder / "s.db", MIXED)
    with store.opened(str(path)) as place, mock.patch.object(carried_rows, "HUGE", 20), place.octets():
        place.run("transfer/mirror_work")
        at_hand(place, "ses_1", OLD)
        table = next(one for one in place.catalog.owned if one.name == "part")
        found = list(carried_rows.carried_rows(place, table, ["id", "data"], by_itself=False, huge=True))
        assert {id.decode(): data.decode() for _, id, data in found} == texts


CASES = (only_what_the_copy_has_in_a_later_state_is_newer_there, what_a_reclamation_left_is_richer_in_the_copy,
         what_comes_into_another_folder_works_there_or_as_deep_inside_as_it_did,
         a_long_text_of_a_file_comes_by_itself_and_whole)
