"""Cases of attachments: they move out, come back, and give way to what the client wrote."""

from unittest import mock

import attached
import forests
import reclaim_oracle
from case_rows import OLD, V1, changed, message, part, spoken
from cases_reclamation import WEEK, reclaimed
from forests import NOW, Recipe, Session
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import attachments, execute, originals
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from reclaimed import to_reclaim


def sized(octets):
    """A file part of so many octets."""
    whole = attached.text(attached.file(attached.url(content=b"x" * 2_400)))
    return whole.replace('"filename":"a"', f'"filename":"{"a" * (octets - len(whole) + 1)}"')


def pictured():
    """Sessions with something attached wherever it may be, and beside it what must stay."""
    sessions = [
        Session("ses_idle", updated=NOW - WEEK - 1),
        Session("ses_edge", updated=NOW - WEEK),
        Session("ses_unclear", updated=5),
    ]
    shown = attached.tool(attached.url(), attached.url(), attached.url())
    done = attached.tool(attached.url(), time={"start": 1, "end": 2, "compacted": 1_700_000_000_000})
    parts = {
        "file": attached.file(attached.url()),
        "least": sized(4_096),
        "less": sized(4_095),
        "shown": shown,
        "done": done,
        "broken": attached.text(attached.file(attached.url()))[:-1],
        "text": {"type": "text", "mime": "x", "text": attached.url()},
    }
    rows = [message(one.id, time=forests.LONG_AGO) for one in sessions]
    rows += [part("ses_idle", f"prt_{name}", time=OLD, data=attached.text(data)) for name, data in parts.items()]
    for session in ("ses_edge", "ses_unclear"):
        rows.append(part(session, f"prt_of_{session}", time=OLD, data=attached.text(parts["file"])))
    for n, (type, data) in enumerate(attached.MESSAGES):
        row = spoken("ses_idle", f"smg_{n}", forests.LONG_AGO, attached.text(data), type)
        row.values["seq"] = n
        rows.append(row)
    rows += [spoken(session, None, forests.LONG_AGO, attached.text(attached.MESSAGES[0][1]))
             for session in ("ses_edge", "ses_unclear")]
    rows.append(spoken("ses_idle", "smg_broken", forests.LONG_AGO, attached.text(attached.MESSAGES[0][1])[:-1]))
    rows[-1].values["seq"] = 9
    return Recipe(sessions, rows=rows)


def other(before, after, table):
    return {id for id, data in before[table].items() if after[table][id] != data}


def contents(path):
    store = reclaim_oracle.read(path)
    return {table: {row["id"]: row["data"] for row in store[table].values()} for table in ("part", "session_message")}


def attachments_move_out_and_come_back(folder):
    path = forests.build(pictured(), folder / "s.db", V1)
    before = contents(path)
    plan, done = reclaimed(path, ("compacted", "attachments"))
    after = contents(path)
    assert other(before, after, "part") == {"prt_file", "prt_least", "prt_shown", "prt_done"}
    assert other(before, after, "session_message") == {"smg_0", "smg_1", "smg_2"}
    assert {kind: gain["rows"] for kind, gain in done.gains.items()} == {"compacted": 1, "attachments": 6}
    assert done.gains == plan.gains
    assert plan.broken == {"part": {"rows": 1, "first": "prt_broken"},
                           "session_message": {"rows": 1, "first": "smg_broken"}}
    assert put_back(path, "ses_edge").rows == {}
    assert put_back(path, "ses_idle").attachments == 1 + 1 + 3 + 4
    assert other(before, contents(path), "part") == {"prt_done"}
    assert other(before, contents(path), "session_message") == set()


def put_back(path, session=None):
    with store.opened(str(path)) as place:
        return attachments.put_back(place, session, False)


WRITTEN = (
    "UPDATE part SET time_updated = time_updated + 1 WHERE id = 'prt_file'",
    "UPDATE part SET data = data || ' ' WHERE id = 'prt_shown'",
)


def a_row_that_the_client_wrote_keeps_what_it_wrote(folder):
    path = forests.build(pictured(), folder / "s.db", V1)
    before = contents(path)
    reclaimed(path, ("attachments",), meanwhile=WRITTEN)
    assert other(before, contents(path), "part") == {"prt_least", "prt_shown", "prt_done"}
    assert contents(path)["part"]["prt_shown"] == before["part"]["prt_shown"] + " "
    path = forests.build(pictured(), folder / "s.db", V1)
    (folder / "o.zst").unlink(missing_ok=True)
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(("attachments",), NOW, WEEK))
        originals.write(place, plan, folder / "o.zst")
        execute.run(place, plan, folder / "o.zst", "", lambda _: None)
    changed(path, "UPDATE part SET data = replace(data, '\"filename\":\"a\"', '\"filename\":\"b\"')")
    with store.opened(str(path)) as place:
        assert originals.bring_back(place, folder / "o.zst").rows["part"] == 1
    moved = contents(path)

    def late(place):
        for statement in WRITTEN:
            place.on.execute(place.connection, statement)

    with mock.patch.object(store.Store, "refuse_migration", late):
        put_back(path)
    moved["part"]["prt_shown"] += " "
    assert {"prt_file", "prt_shown"}.isdisjoint(other(moved, contents(path), "part"))
    assert {"prt_done"} <= other(moved, contents(path), "part")
    with store.opened(str(path)) as place:
        assert originals.bring_back(place, folder / "o.zst").rows["part"] == 0


CASES = (a_row_that_the_client_wrote_keeps_what_it_wrote, attachments_move_out_and_come_back)
