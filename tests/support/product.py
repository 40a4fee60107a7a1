"""The product as a test calls it: in this process, with an oracle's policy in place of a policy file."""

from contextlib import ExitStack, contextmanager, suppress
from unittest import mock

from opencode_lifecycle.policies.policy import Policy, ProjectSection
from opencode_lifecycle.sql import state, store
from opencode_lifecycle.sql.cascade import plan_read
from opencode_lifecycle.sql.cascade import removal as prune
from opencode_lifecycle.sql.engines import ENGINES, engine_module
from opencode_lifecycle.sql.engines.sqlite import client_probe as live
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.retention import selection
from oracle import Policy as Asked


def section_of(project: str, said: dict[str, int]) -> ProjectSection:
    return ProjectSection(project, **{name.removesuffix("_ms"): value for name, value in said.items()})


def policy_of(asked: Asked) -> Policy:
    return Policy(
        max_age=asked.max_age_ms or 0, max_sessions=asked.max_sessions or 0, max_size=asked.max_size or 0,
        max_tree_size=asked.max_tree_size or 0, child_max_age=asked.child_max_age_ms or 0,
        titles=tuple(asked.protect_titles), projects=tuple(asked.protect_projects),
        directories=tuple(asked.protect_directories), grace=asked.grace_ms or 0, keep_last=asked.keep_last or 0,
        keep_last_per_project=asked.keep_last_per_project or 0, age_by=asked.age_by,
        per_project=tuple(section_of(*one) for one in asked.per_project.items()),
    )


def question_of(asked: Asked, now: int) -> selection.Question:
    rules = policy_of(asked)
    return selection.Question(rules.sentence(), now, rules.values(now), rules.protect_patterns(), asked.project,
                              sections=rules.sections(now), origins=rules.limit_origins())


@contextmanager
def told(asked: Asked, fixed: int = 0):
    """Inside, pins, restored sessions and the cost of a row are the oracle's."""
    facts = {"row_cost": asked.row_cost, "fixed_size": fixed}
    with (ExitStack() as stack,
          mock.patch.object(selection.pins, "pinned", lambda _: sorted(asked.pins)),
          mock.patch.object(state, "restored", lambda *_: asked.restored)):
        for engine in engines():
            stack.enter_context(mock.patch.object(engine, "size_facts", lambda *_: facts))
        yield


def engines():
    """The modules of all engines whose driver is here."""
    for name in ENGINES:
        with suppress(Refusal):
            yield engine_module(name)


def decided(path, asked: Asked, now: int, fixed: int = 0) -> dict[str, tuple[str, str, tuple]]:
    """Verdict, reason and sessions by root, and by topmost session for child units."""
    with store.opened(str(path)) as place, told(asked, fixed):
        question = question_of(asked, now)
        plain = selection.nothing_goes(place, question)
        selection.decide(place, question)
        members: dict[str, list] = {}
        for id, root in rows(place, "members"):
            members.setdefault(root, []).append(id)
        found = {root: (verdict, reason, tuple(sorted(members[root], key=repr)))
                 for root, verdict, reason in rows(place, "verdicts")}
        units: dict[str, list] = {}
        for id, root in rows(place, "children"):
            units.setdefault(root, []).append(id)
    assert not plain or (not units and all(verdict != "remove" for verdict, *_ in found.values()))
    return found | {("child", root): ("remove", "child-age", tuple(sorted(ids, key=repr)))
                    for root, ids in units.items()}


LOOKS = {
    "members": "SELECT id, root_id FROM lc_root",
    "verdicts": "SELECT t.root_id, COALESCE(v.verdict, 'keep'), COALESCE(v.reason, 'other-project') "
                "FROM lc_tree AS t LEFT JOIN lc_verdict AS v ON v.root_id = t.root_id",
    "children": "SELECT id, root_id FROM lc_unit WHERE reason = 'child-age'",
}


def rows(place, name):
    return list(place.on.rows(place.connection, LOOKS[name]))


def planned(path, asked: Asked, now: int) -> tuple:
    """The selection, its script and the script's text."""
    with store.opened(str(path)) as place, told(asked):
        chosen, plan = prune.plan(place, question_of(asked, now))
        pieces: list[str] = []
        plan.write(place.catalog, pieces.append)
    return chosen, plan, "".join(pieces)


def applied(path, text: str, pins=()):
    """Carry out a plan's text through our runner."""
    with (store.opened(str(path)) as place, live.watching(place.path) as probe,
          mock.patch.object(selection.pins, "pinned", lambda _: sorted(pins))):
        plan = plan_read.read(text, "plan.sql")
        prune.refuse_foreign(plan, place)
        plan_read.verify(plan, place.catalog, text, "plan.sql", edited=True)
        return prune.run(place, plan, probe, "apply", "", lambda _: None)
