"""Attachments leave a server store for the same folder, and leave the same rows behind, as on SQLite."""

import attached
import moments
import pytest
from attached import BROKEN, MOVES, NASTY, STAYS
from forests import NOW
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import attachment_files, attachments, execute, originals
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from opencode_lifecycle.sql.transfer import mirror
from reclaimed import to_reclaim
from servers import *  # noqa: F403

pytestmark = pytest.mark.whole

WEEK = 7 * moments.DAY
# What an engine takes for no JSON stays there: for MariaDB half of a surrogate pair, and deep nesting.
ODD = {"mysql": ("lone", "wrong order", "nesting 40", "nesting 200"), "postgres": ()}


def content(place):
    return {(table, id): (data, stamp) for table in ("part", "session_message")
            for id, data, stamp in place.on.rows(place.connection, f"SELECT id, data, time_updated FROM {table}")}


def run(place, export=None):
    plan = reclaim.forecast(place, to_reclaim(("attachments",), NOW, WEEK))
    if export:
        originals.write(place, plan, export)
    done = execute.run(place, plan, export, "", lambda _: None)
    assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    return plan


@pytest.mark.parametrize("engine", ["postgres", "mysql"])
def test_a_server_is_left_with_the_same_octets_and_gets_them_all_back(tmp_path, request, engine):
    url = request.getfixturevalue(f"{engine}_url")
    path = attached.store(tmp_path / "s.db", MOVES, NASTY, STAYS, BROKEN)
    with store.opened(str(path)) as source, store.reached(*store.locate(url), True) as target:
        mirror.mirror(source, target, lambda done, of: None)
    with store.opened(url) as target:
        before = content(target)
        plan = run(target, tmp_path / "o.zst")
        files = sorted(one.name for one in attachment_files.folder().rglob("*"))
    with store.opened(str(path)) as source:
        wanted_plan = run(source)
        wanted = content(source)
    with store.opened(url) as target:
        found = content(target)
        assert reclaim.forecast(target, to_reclaim(("attachments",), NOW, WEEK)).batches == ()
    odd = {key for key in wanted if any(mark in key[1] for mark in ODD[engine])}
    assert {key for key in wanted if wanted[key] != found[key]} <= odd
    assert {key for key in odd if found[key] != before[key]} == set()
    assert plan.stays == wanted_plan.stays
    assert set(files) <= {one.name for one in attachment_files.folder().rglob("*")}
    moved = sum(found[key] != before[key] for key in before)
    with store.opened(url) as target:
        assert originals.bring_back(target, tmp_path / "o.zst").changed == 0
        assert content(target) == before
    with store.opened(url) as target:
        run(target)
    with store.opened(url) as target:
        assert attachments.put_back(target, "ses_1", False).rows == {"part": moved - 3, "session_message": 3}
        assert content(target) == before
    with store.opened(url) as target:
        assert attachments.put_back(target, None, False).rows == {}
