"""A reclamation as one call: forecast, run, bring back."""

import sqlite3

import forests
import moments
from forests import NOW
from opencode_lifecycle.policies.policy import Policy
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import execute, originals
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from opencode_lifecycle.sql.verbs import common

WEEK = 7 * moments.DAY
KINDS = ("orphans", "events", "compacted", "diffs")
ALL = (*KINDS, "outputs", "reasoning")


def to_reclaim(kinds, now=NOW, idle=WEEK, all_events=False, rules=None):
    """What to reclaim, where a policy protects trees: the one without a limit."""
    return reclaim.ReclaimRequest(tuple(kinds), now, idle, all_events, common.protecting(rules or Policy(), now, ""))


def run(path, kinds=KINDS, export=None, idle=WEEK, all_events=False, now=NOW):
    """Forecast and run; what was foreseen and what was done."""
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(kinds, now, idle, all_events), place.catalog.strangers)
        if export:
            originals.write(place, plan, export)
        return plan, execute.run(place, plan, export, "", lambda _: None)


def undone(path, export):
    with store.opened(str(path)) as place:
        return originals.bring_back(place, export)


def one_session(tmp_path, *rows, schema="1.18.33", **session):
    """A store of one idle session with these rows."""
    recipe = forests.Recipe([forests.Session("ses_1", **session)], rows=list(rows))
    return forests.build(recipe, tmp_path / "s.db", schema)


def part(number, data, **values):
    return forests.Row("part", {"id": f"prt_{number:03}", "message_id": "msg_1", "session_id": "ses_1", "data": data,
                                "time_updated": forests.LONG_AGO} | values)


def message(data='{"role":"user"}', id="msg_1", **values):
    return forests.Row("message", {"id": id, "session_id": "ses_1", "data": data,
                                   "time_updated": forests.LONG_AGO} | values)


def event(seq, data, type="message.part.updated.1", aggregate="ses_1"):
    return forests.Row("event", {"id": f"evt_{seq:04}", "aggregate_id": aggregate, "seq": seq, "type": type,
                                 "data": data})


def change(path, statement, *values):
    con = sqlite3.connect(path)
    with con:
        con.execute(statement, values)
    con.close()
