"""Cases of the archive flag."""

import forests
import product
from case_rows import AGE, MIXED, OLD, changed
from cases_removal import left
from forests import NOW, Recipe, Session
from moments import HOUR
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.retention import archive


def the_archive_flag_of_chosen_roots_is_all_that_changes(folder):
    sessions = [
        Session("ses_1", updated=OLD),
        Session("ses_child", "ses_1", OLD),
        Session("ses_2", updated=NOW - HOUR),
        Session("ses_3", updated=OLD, archived=7),
    ]
    path = forests.build(Recipe(sessions), folder / "s.db", MIXED)
    before = left(path)
    flag(path, True, ["ses_1"], NOW)
    changed(path, f"UPDATE session SET time_archived = NULL WHERE id = 'ses_1' AND time_archived = {NOW}")
    assert left(path) == before
    # In two layouts, archived in one is archived.
    sessions += [Session("ses_4", updated=OLD, home="both", archived=8, v2={"time_archived": None})]
    path = forests.build(Recipe(sessions), folder / "s.db", MIXED)
    before = left(path)
    flag(path, False, ["ses_3", "ses_4"], None)
    changed(
        path,
        "UPDATE session SET time_archived = 7 WHERE id = 'ses_3' AND time_archived IS NULL",
        "UPDATE session SET time_archived = 8 WHERE id = 'ses_4' AND time_archived IS NULL",
    )
    assert left(path) == before
    flag(path, True, ["ses_1", "ses_4"], NOW)
    changed(
        path,
        f"UPDATE session SET time_archived = NULL WHERE id = 'ses_1' AND time_archived = {NOW}",
        f"UPDATE session_v2 SET time_archived = NULL WHERE id = 'ses_4' AND time_archived = {NOW}",
    )
    assert left(path) == before


def flag(path, archived, ids, moment):
    with store.opened(str(path)) as place, product.told(AGE):
        found = archive.choose(place, product.question_of(AGE, NOW), None, archived)
        archive.change(place, moment)
    assert [id for id, *_ in found] == ids


CASES = (the_archive_flag_of_chosen_roots_is_all_that_changes,)
