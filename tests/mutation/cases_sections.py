"""Cases of ages that are told by the creation, and of limits that a project has of its own."""

from dataclasses import replace

import forests
import oracle
import product
import pytest
from case_judged import agree
from case_rows import MIXED, OLD, V1
from forests import LONG_AGO, NOW, Recipe, Row, Session
from moments import DAY, HOUR
from opencode_lifecycle.policies.policy import ProjectSection
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.retention import archive, explain, sections, selection
from oracle import Policy


def an_age_by_creation_is_that_of_the_root_and_of_nothing_that_is_unclear(folder):
    """The activity of the tree and the creation of its children are not asked; the time of grace still is."""
    edge = NOW - 30 * DAY
    sessions = [
        Session("ses_used", updated=OLD, created=edge - 1),
        Session("ses_edge", updated=OLD, created=edge),
        Session("ses_grace", updated=NOW - HOUR, created=LONG_AGO),
        Session("ses_new", updated=LONG_AGO, created=NOW),
        Session("ses_child", "ses_new", updated=LONG_AGO, created=LONG_AGO),
        Session("ses_unclear", updated=OLD, created=10**11),
        Session("ses_both", updated=OLD, created=LONG_AGO, home="both", v2={"time_created": NOW}),
    ]
    recipe = Recipe(sessions)
    asked = Policy(max_age_ms=30 * DAY, age_by="created")
    going = [v.root for v in agree(folder, recipe, asked, MIXED) if v.verdict == "remove"]
    assert going == ["ses_used"]
    assert why_of(folder, recipe, asked) == {
        "ses_used": "created 30 days ago, last active 3 days ago, the limit is 30 days"}
    agree(folder, recipe, Policy(max_age_ms=30 * DAY), MIXED)


def projects():
    """Trees of three projects, the newest first; one of them has a child that is older."""
    sessions = [Session(f"ses_{n}", updated=OLD - n * DAY, project=project, columns={"metadata": "x" * size})
                for n, (project, size) in enumerate((
                    ("prj_a", 10), ("prj_b", 10), ("prj_a", 10), ("prj_b", 5_000), ("global", 5_000), ("prj_b", 10)))]
    sessions += [Session("ses_a_child", "ses_0", LONG_AGO), Session("ses_b_child", "ses_1", LONG_AGO),
                 Session("ses_nowhere", updated=LONG_AGO, project=None)]
    return Recipe(sessions)


AGES, COUNTS = {"max_age_ms": 5 * DAY}, {"max_sessions": 1}
SIZES, CHILDREN = {"max_tree_size": 1_000}, {"child_max_age_ms": 30 * DAY}


def a_project_has_the_limits_that_it_names_and_those_of_all_for_the_rest(folder):
    for one in (AGES, COUNTS, SIZES, CHILDREN):
        agree(folder, projects(), Policy(per_project={"prj_b": one}))
        (name,) = one
        agree(folder, projects(), Policy(per_project={"prj_b": {name: 0}}, **one))
        agree(folder, projects(), Policy(per_project={"global": AGES}, **one))
    agree(folder, projects(), Policy(max_sessions=4, per_project={"prj_b": {"max_sessions": 2}, "prj_a": COUNTS}))
    agree(folder, projects(), Policy(max_age_ms=4 * DAY, max_sessions=5, max_tree_size=4_000,
                                     per_project={"prj_b": {"max_age_ms": 400 * DAY}, "global": {"max_tree_size": 0}}))
    agree(folder, projects(), Policy(per_project={"prj_b": AGES | COUNTS | SIZES | CHILDREN}, project="prj_b"))


def a_section_names_a_project_by_its_id_or_its_folder(folder):
    recipe = Recipe(projects().sessions, rows=[Row("project", {"id": "prj_c", "worktree": "/work/c"})])
    recipe.sessions += [Session("ses_c", project="prj_c"), Session("ses_lone", project="prj_lone")]
    for name in ("/work/c", "/work/c/", "/work", "/work/a", "prj_c", "prj_B", "prj_lone", "prj_nowhere"):
        agree(folder, recipe, Policy(per_project={name: AGES}))
    with store.opened(str(forests.build(recipe, folder / "s.db", V1))) as place:
        asked = asked_of(Policy(per_project={"/work/c": AGES, "prj_b": AGES, "prj_nowhere": AGES})).sections
        found = sections.meant(place, asked)
        assert found == {"prj_c": 0, "prj_b": 1}


def two_sections_of_one_project_are_refused(folder):
    path = forests.build(projects(), folder / "s.db", V1)
    with pytest.raises(Refusal, match=r'\[project."prj_b"\] and .*mean the same project'):
        product.decided(path, Policy(per_project={"prj_b": AGES, "/work/a": AGES}), NOW)


def each_reason_names_its_figure_its_limit_and_the_section_that_sets_it(folder):
    own = {"prj_b": AGES, "global": {"max_tree_size": 4_000}, "prj_a": COUNTS | CHILDREN}
    by_section = {
        "ses_3": 'last active 6 days ago, the limit of [project."prj_b"] is 5 days',
        "ses_5": 'last active 8 days ago, the limit of [project."prj_b"] is 5 days',
        "ses_4": 'takes 5.2 kB of file, the limit of [project."global"] is 4.0 kB',
        "ses_2": 'number 2 in the order of its project, the limit of [project."prj_a"] is 1',
        "ses_a_child": 'idle for 400 days, the limit for children of [project."prj_a"] is 30 days',
    }
    assert why_of(folder, projects(), Policy(per_project=own, row_cost=200)) == by_section
    of_all = why_of(folder, projects(), Policy(max_sessions=3, max_age_ms=300 * DAY, per_project={"global": AGES}))
    assert of_all == {
        "ses_nowhere": "last active 400 days ago, the limit is 300 days",
        "ses_3": "number 4 in the order, the limit is 3",
        "ses_5": "number 6 in the order, the limit is 3",
        "ses_4": 'last active 7 days ago, the limit of [project."global"] is 5 days',
    }
    said = explained(folder, "ses_3", Policy(per_project=own, max_sessions=9, row_cost=200))
    assert said == {
        "age": 'over: idle for 6 days, the limit is 5 days ([project."prj_b"])',
        "count": "within: number 4, the limit is 9 ([limits] max_sessions)",
        "size": "off ([limits] max_size)", "tree-size": "off ([limits] max_tree_size)",
        "child-age": "off ([limits] child_max_age)",
    }
    said = explained(folder, "ses_0", Policy(per_project=own, row_cost=200))
    assert said["count"] == 'within: number 1 of its project, the limit is 1 ([project."prj_a"])'
    assert said["child-age"] == 'over: 1 of its children go, the limit is 30 days ([project."prj_a"])'
    said = explained(folder, "ses_4", Policy(per_project=own, row_cost=200))
    assert said["tree-size"] == 'over: 5.2 kB, the limit is 4.0 kB ([project."global"])'


def asked_of(asked):
    return product.question_of(asked, NOW)


def why_of(folder, recipe, asked, schema=MIXED):
    path = forests.build(recipe, folder / "s.db", schema)
    question = asked_of(asked)
    with store.opened(str(path)) as place, product.told(asked):
        selection.decide(place, question)
        chosen = selection.selection(place, "", NOW, question.values, own=question.sections)
    return {unit.root.id: unit.why for unit in chosen.units}


def explained(folder, session, asked):
    path = forests.build(projects(), folder / "s.db", V1)
    with store.opened(str(path)) as place, product.told(asked):
        found = explain.explain(place, asked_of(asked), session)
    return found["limits"]


def protections_tell_no_age_by_creation(folder):
    """Made long ago, and in use: grace, the last ones and the order are told by activity."""
    sessions = [Session(f"ses_{n}", updated=NOW - age, created=LONG_AGO + n)
                for n, age in enumerate((HOUR, 2 * DAY, 3 * DAY, 4 * DAY))]
    verdicts = agree(folder, Recipe(sessions), Policy(max_age_ms=DAY, age_by="created", keep_last=2))
    assert [v.reason for v in verdicts] == ["grace", "keep-last", "age", "age"]
    assert oracle.removed_ids(verdicts) == {"ses_2", "ses_3"}


def what_is_next_over_its_age_is_told_by_the_limits_of_its_project(folder):
    """The earliest of all trees and children that stay, the moment after it has reached its limit."""
    path = forests.build(projects(), folder / "s.db", V1)
    for asked, moment in (
        (Policy(max_age_ms=40 * DAY), OLD - 5 * DAY + 40 * DAY),
        (Policy(max_age_ms=40 * DAY, per_project={"prj_b": {"max_age_ms": 0}}), OLD - 4 * DAY + 40 * DAY),
        (Policy(max_age_ms=40 * DAY, per_project={"prj_a": {"max_age_ms": 20 * DAY}}), OLD - 2 * DAY + 20 * DAY),
        (Policy(per_project={"prj_a": {"child_max_age_ms": 500 * DAY}}), LONG_AGO + 500 * DAY),
        (Policy(max_age_ms=900 * DAY, age_by="created", project="prj_b"), LONG_AGO + 900 * DAY),
    ):
        question = asked_of(asked)
        with store.opened(str(path)) as place, product.told(asked):
            selection.decide(place, question)
            values = {**question.values, "tomorrow": NOW + DAY}
            due = [place.one(f"retention/{template}", values)[0] for template in ("next", "next_child")]
            assert min(filter(None, due)) == moment + 1


def trees_are_archived_by_their_activity_and_the_age_of_their_project(folder):
    """What protects from removal protects here, too; how the ages of removal are told does not matter."""
    path = forests.build(projects(), folder / "s.db", V1)
    asked = Policy(protect_projects=["global"], age_by="created", max_age_ms=1,
                   per_project={"prj_a": {"max_age_ms": 1}, "prj_b": {"max_age_ms": 1}})
    rules = product.policy_of(asked)
    own = (ProjectSection("prj_b", max_age=1, archive_after=7 * DAY), ProjectSection("prj_a", archive_after=0))
    for after, ids in ((0, ["ses_5"]), (4 * DAY, ["ses_nowhere", "ses_5"])):
        idle = replace(rules, archive_after=after, per_project=own).archiving()
        question = selection.Question("", NOW, idle.values(NOW), idle.protect_patterns(), sections=idle.sections(NOW))
        with store.opened(str(path)) as place, product.told(asked):
            assert [id for id, *_ in archive.choose(place, question, None, True)] == ids


CASES = (
    what_is_next_over_its_age_is_told_by_the_limits_of_its_project,
    trees_are_archived_by_their_activity_and_the_age_of_their_project,
    an_age_by_creation_is_that_of_the_root_and_of_nothing_that_is_unclear,
    protections_tell_no_age_by_creation,
    a_project_has_the_limits_that_it_names_and_those_of_all_for_the_rest,
    a_section_names_a_project_by_its_id_or_its_folder,
    two_sections_of_one_project_are_refused,
    each_reason_names_its_figure_its_limit_and_the_section_that_sets_it,
)
