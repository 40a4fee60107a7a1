"""Cases of what is taken out of messages: old results, thoughts, entries of 2.x."""

import content_oracle
import entries
import forests
import reclaim_oracle
from case_rows import DONE, MIXED, V1, message, part
from cases_reclamation import WEEK, keyed, reclaimed
from forests import NOW, Recipe, Session
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import execute, originals
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from reclaim_oracle import CLEARED
from reclaimed import to_reclaim


def turn(session, place, data, *parts):
    """A message, by its place in the session, and its parts."""
    id = f"msg_{session}_{place}"
    row = message(session, id, forests.LONG_AGO, data)
    row.values["time_created"] = place
    rows = [
        part(session, f"prt_{session}_{place}_{n}", id, forests.LONG_AGO, text)
        for n, text in enumerate(parts)
    ]
    return [row, *rows]


USER = '{"role":"user"}'


def result(octets=40_000, tool="bash", status="completed"):
    return f'{{"type":"tool","tool":"{tool}","state":{{"status":"{status}","output":"{"x" * octets}"}}}}'


def old_results_go_beyond_the_last_turns_and_what_the_client_protects(folder):
    """Of results of 10,000 tokens four are protected; the rest is more than 20,000 only with the seventh."""
    gone = {"revert": '{"messageID":"m"}'}
    sessions = [
        Session("ses_a"), Session("ses_b"), Session("ses_c", columns=gone),
        Session("ses_d", updated=NOW - WEEK), Session("ses_e"),
    ]  # fmt: skip
    rows = []
    for session in sessions:
        results = [result()] * (6 if session.id == "ses_b" else 7)
        rows += turn(session.id, 1, USER)
        rows += turn(session.id, 2, DONE, *results, result(900_000, "skill"), result(900_000, status="error"))
        if session.id != "ses_e":
            rows += turn(session.id, 3, USER)
        rows += [
            *turn(session.id, 4, DONE, result(900_000)),
            *turn(session.id, 5, USER),
            *turn(session.id, 6, DONE),
        ]
    path = forests.build(Recipe(sessions, rows=rows), folder / "s.db", V1)
    before = keyed(path)["part"]
    plan, _ = reclaimed(path, ("outputs",))
    assert plan.gains["outputs"]["rows"] == 3
    after = keyed(path)["part"]
    assert {id for id in before if after[id] != before[id]} == {f"prt_ses_a_2_{n}" for n in (0, 1, 2)}
    assert {after[f"prt_ses_a_2_{n}"]["data"] for n in (0, 1, 2)} == {result().replace("x" * 40_000, CLEARED)}
    for meanwhile in (
        "UPDATE session SET revert = '{}' WHERE id = 'ses_a'",
        f"UPDATE session SET time_updated = {NOW - WEEK} WHERE id = 'ses_a'",
        f"UPDATE message SET time_updated = {NOW - WEEK} WHERE id = 'msg_ses_a_6'",
    ):
        forests.build(Recipe(sessions, rows=rows), path, V1)
        reclaimed(path, ("outputs",), meanwhile=(meanwhile,))
        assert keyed(path)["part"] == before


def reasoning_goes_from_what_a_compaction_stands_for(folder):
    """Thoughts before the first message that is still sent: the tail of the compaction, or the compaction."""
    ends = '{"role":"assistant","summary":true,"parentID":"msg_%s_5","finish":"stop","time":{"completed":2}}'
    begins = {
        "ses_a": '{"type":"compaction","tail_start_id":"msg_ses_a_3"}', "ses_b": '{"type":"compaction"}',
        "ses_c": '{"type":"compaction"}', "ses_d": '{"type":"compaction","tail_start_id":"msg_gone"}',
        "ses_e": '{"type":"text"}', "ses_f": '{"type":"compaction"}', "ses_g": '{"type":"compaction"}',
        "ses_h": '{"type":"compaction","tail_start_id":"msg_ses_h_7"}', "ses_i": '{"type":"compaction"}',
        "ses_j": '{"type":"text"}',
    }  # fmt: skip
    answered = {"ses_i": "ses_none", "ses_j": "ses_i"}  # a summary answers a prompt of its own session only
    thought = '{"type":"reasoning","text":"hm","metadata":{"signature":"x"}}'
    rows = []
    for id, begin in begins.items():
        end = ends % answered.get(id, id)
        if id == "ses_c":
            end = end.replace('"finish":"stop",', "")
        rows += [
            *turn(id, 1, USER),
            *turn(id, 2, DONE, thought, '{"type":"text","text":"hm"}'),
            *turn(id, 3, USER),
        ]
        rows += [*turn(id, 4, DONE, thought), *turn(id, 5, USER, begin), *turn(id, 6, end)]
        rows += [*turn(id, 7, USER), *turn(id, 8, DONE, thought)]
    sessions = [Session(id) for id in begins]
    sessions[5].columns, sessions[6].updated = {"revert": '{"messageID":"m"}'}, NOW - WEEK
    path = forests.build(Recipe(sessions, rows=rows), folder / "s.db", V1)
    before = keyed(path)["part"]
    plan, _ = reclaimed(path, ("reasoning",))
    assert plan.gains["reasoning"]["rows"] == 3
    after = keyed(path)["part"]
    changes = {id: after[id]["data"] for id in before if after[id] != before[id]}
    cleared_thought = '{"type":"reasoning","text":"[Old reasoning cleared]"}'
    assert changes == dict.fromkeys(("prt_ses_a_2_0", "prt_ses_b_2_0", "prt_ses_b_4_0"), cleared_thought)


def entries_of_2x_messages_are_emptied_and_filled_again(folder):
    kinds = ("compacted", "outputs", "reasoning")
    path = entries.told(folder / "s.db", MIXED)
    (folder / "o.zst").unlink(missing_ok=True)
    before = reclaim_oracle.read(path)
    left = {table: {at: dict(row) for at, row in rows.items()} for table, rows in before.items()}
    content_oracle.reclaimed(before, left, kinds, NOW - WEEK)
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(kinds, NOW, WEEK))
        originals.write(place, plan, folder / "o.zst")
        done = execute.run(place, plan, folder / "o.zst", "", lambda _: None)
    assert set(done.gains) == set(kinds)
    assert reclaim_oracle.differences(left, reclaim_oracle.read(path)) == []
    assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    with store.opened(str(path)) as place:
        assert reclaim.forecast(place, to_reclaim(kinds, NOW, WEEK)).batches == ()
    with store.opened(str(path)) as place:
        assert originals.bring_back(place, folder / "o.zst").changed == 0
    assert reclaim_oracle.differences(before, reclaim_oracle.read(path)) == []


CASES = (
    old_results_go_beyond_the_last_turns_and_what_the_client_protects,
    reasoning_goes_from_what_a_compaction_stands_for,
    entries_of_2x_messages_are_emptied_and_filled_again,
)
