"""Cases of limits: age, number, size of the file, size of a tree."""

from dataclasses import replace

import drawn
import forests
import oracle
from case_judged import agree
from case_rows import DONE, OLD, V1, event, message, part, sequence
from forests import NOW, Recipe, Session
from judged import unowned
from moments import DAY, HOUR
from oracle import Policy
from sqlite_utils.utils import sqlite3  # as the product has it: two copies let go of each other's locks


def equal_activity_is_ordered_by_id_and_protected_trees_count(folder):
    """Ids that differ in case are two, and come in the order of their bytes."""
    sessions = [
        Session("ses_z", updated=NOW - HOUR),
        *(Session(id, updated=OLD) for id in ("ses_b", "ses_a", "ses_A", "ses_B")),
        Session("ses_old", updated=OLD - 1),
        Session("ses_other", updated=OLD - 2, project="prj_b"),
        Session("ses_next", updated=OLD - 3, project="prj_b"),
        Session("ses_far", "ses_old", updated=OLD - 4, project="prj_o'x"),
        Session("ses_by_message", updated=OLD - 9 * DAY),
    ]
    recipe = Recipe(sessions, rows=[message("ses_by_message", time=OLD + 5)])
    for asked in (
        Policy(max_sessions=4),
        Policy(max_sessions=3, keep_last=4),
        Policy(max_sessions=1, keep_last=1, keep_last_per_project=1),
        Policy(max_sessions=2, project="prj_b"),
        Policy(max_sessions=1, project="prj_b", keep_last_per_project=1),
    ):
        agree(folder, recipe, asked)


def sizes():
    """Trees of 1,000 octets and more, the newest first; rows that belong to none."""
    sessions = [
        Session(
            f"ses_{n}",
            updated=OLD - n,
            columns={"metadata": "x" * size},
            share_url="x" if n == 3 else None,
            project="prj_b" if n in (2, 5) else "prj_a",
        )
        for n, size in enumerate((1_000, 9_000, 1_000, 2_000, 1_200, 1_000, 50))
    ]
    rows = [
        message("ses_0", data=DONE),
        part("ses_0", data='{"type":"text","text":"' + "y" * 200 + '"}'),
        event("ses_0", 1, '"' + "z" * 100 + '"'),
        sequence("ses_0", 1),
        message("ses_gone"),
        event("ses_gone", 1, '"' + "z" * 400 + '"'),
        Session("ses_child", parent="ses_1", updated=OLD),
    ]
    return Recipe(sessions + rows[-1:], rows=rows[:-1])


def what_fits_into_the_file_stays_to_the_octet(folder):
    recipe = sizes()
    path = forests.build(recipe, folder / "s.db", V1)
    con = sqlite3.connect(path)
    base = Policy(max_size=1, row_cost=100, unowned=5_000)
    base = replace(base, unowned=base.unowned + unowned(con, base))
    tight = [drawn.snug(con, base, NOW, choice, short).max_size for choice in (1, 2, 3) for short in (0, 1)]
    con.close()
    for most in {*tight, 1, 12_000, 24_000}:
        agree(folder, recipe, Policy(max_size=most, row_cost=100, unowned=5_000))
    agree(folder, recipe, Policy(max_size=tight[2], max_sessions=2, row_cost=100, unowned=5_000))
    agree(folder, recipe, Policy(max_size=18_000, max_tree_size=3_000, row_cost=100, unowned=5_000))
    agree(folder, recipe, Policy(max_size=2_500, row_cost=100, unowned=5_000, project="prj_b"))
    agree(folder, recipe, Policy(max_size=tight[2], row_cost=100, unowned=5_000, max_age_ms=3 * DAY + 1))


def a_single_tree_over_its_own_limit_goes(folder):
    recipe = sizes()
    path = forests.build(recipe, folder / "s.db", V1)
    con = sqlite3.connect(path)
    verdicts = {v.root: v.size for v in oracle.judge(con, Policy(row_cost=100), NOW)}
    con.close()
    for most in (verdicts["ses_0"], verdicts["ses_1"] - 1):
        agree(folder, recipe, Policy(max_tree_size=most, row_cost=100))
    agree(folder, recipe, Policy(max_tree_size=1_500, max_age_ms=3 * DAY + 4, max_sessions=6, row_cost=100))


def nothing_goes_without_a_limit(folder):
    agree(folder, sizes(), Policy())


CASES = (
    equal_activity_is_ordered_by_id_and_protected_trees_count,
    what_fits_into_the_file_stays_to_the_octet,
    a_single_tree_over_its_own_limit_goes,
    nothing_goes_without_a_limit,
)
