"""Cases of reclamation: each kind takes what it names, and nothing that changed since the forecast."""

import forests
import reclaim_oracle
from case_rows import MIXED, OLD, V1, changed, event, message, part, sequence, tool
from forests import NOW, Recipe, Row, Session
from moments import DAY
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import execute
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from opencode_lifecycle.sql.reclamation.kinds import back
from reclaim_oracle import CLEARED
from reclaimed import to_reclaim

KINDS = ("orphans", "events", "compacted", "diffs")
WEEK = 7 * DAY


def cleared(compacted="1700000000000", status="completed", output="old", rest="", type="tool"):
    return (
        f'{{"type":"{type}","state":{{"status":"{status}","output":"{output}"{rest},'
        f'"time":{{"start":1,"compacted":{compacted}}}}}}}'
    )


DIFFS = '{"role":"user","summary":{"title":"t","diffs":[{"file":"a","patch":"x"}]}}'


def worn():
    """Every kind has something to take, and something close to it that it must leave."""
    sessions = [
        Session(
            "ses_idle",
            updated=NOW - WEEK - 1,
            columns={"summary_diffs": "[1]", "revert": '{"messageID":"m","diff":"d"}'},
        ),
        Session(
            "ses_edge",
            updated=NOW - WEEK,
            columns={"summary_diffs": "[1]", "revert": '{"messageID":"m","diff":"d"}'},
        ),
        Session("ses_broken", columns={"summary_diffs": "no json", "revert": '{"diff":"d"'}),
        Session("ses_unclear", updated=5, columns={"summary_diffs": "[1]"}),
        Session("ses_calm", columns={"revert": '{"messageID":"m"}'}),
    ]
    rows = [
        message("ses_edge", data=DIFFS, time=forests.LONG_AGO),
        message("ses_idle", data=DIFFS, time=forests.LONG_AGO),
        message("ses_calm", data='{"summary":{"diffs":[]}}', time=forests.LONG_AGO),
        message("ses_broken", data=DIFFS[:-1], time=forests.LONG_AGO),
        message("ses_unclear", data=DIFFS, time=forests.LONG_AGO),
    ]
    rows += [part("ses_edge", f"prt_{n:02}", time=OLD, data=data) for n, data in enumerate(results())]
    sessions.append(Session("ses_owned"))
    return Recipe(sessions, rows=[*rows, *nobodys(), *logs()])


def results():
    """Parts of tools: cleared by the client, and what looks like it."""
    return [
        cleared(),
        cleared(compacted="0"),
        cleared(compacted="null"),
        cleared(status="error"),
        cleared(type="subtask"),
        cleared(rest=',"attachments":[1]', output=CLEARED),
        cleared(output=CLEARED),
        cleared(output=CLEARED, rest=',"metadata":{"sessionId":"s"}'),
        cleared(output=CLEARED, rest=',"metadata":{"sessionId":"s","x":1}'),
        cleared()[:-1],
        tool("completed"),
        cleared(rest=',"attachments":[1]'),
    ]


def nobodys():
    """What nobody owns, and what looks like it."""
    return [
        message("ses_gone"),
        part("ses_gone", "prt_of_gone"),
        part("ses_idle", "prt_claimed", "msg_ses_gone"),
        part("ses_gone", "prt_kept", "msg_ses_idle"),
        part("ses_gone", "prt_lost", "msg_none"),
        part("ses_idle", "prt_spent", "msg_none", NOW - WEEK - 1),
        part("ses_idle", "prt_recent", "msg_none", NOW - WEEK),
        part("ses_idle", "prt_open", "msg_none", 10**12, tool("running")),
        part("ses_idle", "prt_timeless", "msg_none", 5),
        Row("todo", {"session_id": "ses_gone"}),
        Row("todo", {"session_id": "ses_idle"}),
        sequence("ses_gone", 1),
        event("ses_gone", 1),
        sequence("ses_owned_gone", 1, "mac"),
        event("ses_owned_gone", 1),
    ]


def logs():
    """Events: of the same row again and again, of no row, of a log that another owns."""
    about = {
        "message.part.updated.1": '{"part":{"id":"p%s"}}',
        "message.updated.1": '{"info":{"id":"m%s"}}',
        "session.updated.1": '{"info":{"id":"s%s"}}',
        "session.other.1": '{"info":{"id":"s%s"}}',
    }
    number, rows = 0, []
    for session in ("ses_idle", "ses_calm", "ses_owned"):
        for type, data in about.items():
            for one in (1, 2, 1, 2, 2):
                number += 1
                rows.append(event(session, number, data % one, type))
        rows += [event(session, number + n, "{}") for n in (500, 501)]
    return rows + [
        sequence("ses_idle", 1_000),
        *(event("ses_idle", seq, '{"part":{"id":"p1"}}', "message.part.updated.1") for seq in (1_001, 1_002)),
        sequence("ses_owned", 1_000, "mac"),
        event("ses_idle", 900, '{"part":{"id":"p1"}'),
        event("ses_calm", 901, BY_CLIENT + "}}"),
        event("ses_calm", 902, BY_CLIENT + "}"),
    ]


# As the client begins an update, with ids of its length.
BY_CLIENT = f'{{"sessionID":"{"s" * 30}","part":{{"id":"{"p" * 30}"'


def reclaimed(path, kinds=KINDS, all_events=False, meanwhile=()):
    """Forecast, let something happen, run; what is found afterwards is what the words of the kinds leave."""
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(kinds, NOW, WEEK, all_events))
        changed(path, *meanwhile)
        return plan, execute.run(place, plan, None, "", lambda _: None)


def only_what_a_kind_names_is_taken(folder):
    for schema in (V1, MIXED):
        for kinds, all_events in ((KINDS, False), (("events",), True), (("orphans",), False)):
            path = forests.build(worn(), folder / "s.db", schema)
            before = reclaim_oracle.read(path)
            wanted = reclaim_oracle.reclaimed(before, kinds, NOW, WEEK, all_events)
            plan, done = reclaimed(path, kinds, all_events)
            assert reclaim_oracle.differences(wanted, reclaim_oracle.read(path)) == []
            assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
            gone = sum(len(rows) - len(wanted[table]) for table, rows in before.items())
            assert gone == sum(gain["rows"] for kind, gain in plan.gains.items() if back(kind) == "rows")


def what_changed_since_the_forecast_is_not_reclaimed(folder):
    """Whatever makes a row worth keeping after all: the forecast saw it otherwise."""
    keeps = {
        "part": (
            "UPDATE part SET time_updated = time_updated + 1 WHERE id = 'prt_00'",
            "UPDATE part SET data = replace(data, 'old', 'older') WHERE id = 'prt_11'",
            "UPDATE part SET data = replace(data, 'pleted', 'plete!') WHERE id = 'prt_05'",
            "UPDATE part SET data = data || ' ' WHERE id IN ('prt_lost', 'prt_of_gone')",
        ),
        "log": ("UPDATE event SET data = data || ' ' WHERE id = 'evt_ses_gone_001'",),
        "session": (f"UPDATE session SET time_updated = {NOW - WEEK} WHERE id = 'ses_idle'",),
        "event": (
            "UPDATE event_sequence SET owner_id = 'mac' WHERE aggregate_id IN ('ses_idle', 'ses_gone')",
        ),
        "todo": (
            "INSERT INTO session "
            "(id, project_id, slug, directory, title, version, time_created, time_updated) "
            "SELECT 'ses_gone', project_id, slug, directory, title, version, time_created, time_updated "
            "FROM session WHERE id = 'ses_idle'",
        ),
    }
    for kind, statements in keeps.items():
        path = forests.build(worn(), folder / "s.db", V1)
        before = keyed(path)
        reclaimed(path, meanwhile=statements)
        after = keyed(path)
        for table, ids in STAYS[kind].items():
            assert {id: after[table].get(id) for id in ids} == {
                id: dict(before[table][id]) | CHANGES.get((table, id), {}) for id in ids
            }


def an_orphan_that_came_since_the_forecast_keeps_all_of_its_session(folder):
    path = forests.build(worn(), folder / "s.db", V1)
    more = "INSERT INTO todo SELECT session_id, content, status, priority, position + 9, 1, 1 FROM todo"
    reclaimed(path, ("orphans",), meanwhile=(more,))
    assert len(reclaim_oracle.read(path)["todo"]) == 4


def keyed(path):
    store = reclaim_oracle.read(path)
    return {
        table: {row.get("id", row.get("aggregate_id")): row for row in store[table].values()}
        for table in ("part", "session", "event", "message", "event_sequence")
    }


IDLE_EVENTS = [f"evt_ses_idle_{n:03}" for n in (1, 2, 3, 4, 5)]
STAYS = {
    "part": {"part": ("prt_00", "prt_11", "prt_05", "prt_lost"), "message": ("msg_ses_gone",)},
    "log": {"event_sequence": ("ses_gone",)},
    "session": {"session": ("ses_idle",), "message": ("msg_ses_idle",)},
    "event": {"event": (*IDLE_EVENTS, "evt_ses_gone_001")},
    "todo": {
        "message": ("msg_ses_gone",),
        "part": ("prt_of_gone", "prt_claimed"),
        "event": ("evt_ses_gone_001",),
    },
}
CHANGES = {
    ("part", "prt_00"): {"time_updated": OLD + 1},
    ("part", "prt_11"): {"data": cleared(rest=',"attachments":[1]', output="older")},
    ("part", "prt_05"): {
        "data": cleared(rest=',"attachments":[1]', output=CLEARED).replace("pleted", "plete!")
    },
    ("part", "prt_lost"): {"data": '{"type":"text"} '},
    ("session", "ses_idle"): {"time_updated": NOW - WEEK},
}


CASES = (
    only_what_a_kind_names_is_taken,
    what_changed_since_the_forecast_is_not_reclaimed,
    an_orphan_that_came_since_the_forecast_keeps_all_of_its_session,
)
