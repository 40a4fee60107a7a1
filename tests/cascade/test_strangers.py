"""Tables that we do not know, a client that moves, a trigger that refuses: a removal does not go past them."""

import command
import forests
import pytest
from command import dump, invoked, judge_by, refused
from forests import NOW
from store_at_hand import *  # noqa: F403
from store_at_hand import PRUNE, at, roots


def test_an_unknown_table_of_sessions_stops_every_deletion_until_it_is_named(store):
    with command.opened(store) as con:
        con.execute("CREATE TABLE session_mood (session_id TEXT, mood TEXT)")
        con.execute("INSERT INTO session_mood VALUES ('ses_0000_a', 'fine')")
    before = dump(store)
    for words in (PRUNE, ("plan", "--days=30", judge_by()), ("prune", "--days=30", "--dry-run", judge_by())):
        ran = refused(78, *words, at(store), says=("session_mood", "--ignore-table=session_mood"))
        assert not ran.out
    assert "session_mood" in invoked("stats", at(store)).out
    assert dump(store) == before
    invoked(*PRUNE, at(store), "--ignore-table=session_mood")
    assert len(roots(store)) == 1
    assert dump(store)["session_mood"] == before["session_mood"]


def test_a_table_that_refers_to_a_session_by_foreign_key_is_a_stranger_too(store, unchanged):
    with command.opened(store) as con:
        con.execute("CREATE TABLE mood (owner TEXT REFERENCES session (id), mood TEXT)")
    try:
        refused(78, *PRUNE, at(store), says=("mood", "--ignore-table=mood"))
    finally:
        with command.opened(store) as con:
            con.execute("DROP TABLE mood")


@pytest.mark.parametrize("value", ('{"phase":"copying"}', "{}", "not json"))
def test_a_client_that_moves_to_its_next_layout_is_not_disturbed(tmp_path, value):
    store = forests.build(command.grove(trees=4), tmp_path / "opencode.db", "v2.0-mixed-simulated")
    with command.opened(store) as con:
        con.execute("DELETE FROM kv WHERE key = 'migration.v1-v2'")
        columns = [row[1] for row in con.execute("PRAGMA table_info(kv)")]
        values = {"key": "migration.v1-v2", "value": value} | {
            c: NOW for c in columns if c.startswith("time_")
        }
        names = ", ".join(values)
        con.execute(
            f"INSERT INTO kv ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values())
        )
    before = dump(store)
    refused(75, *PRUNE, at(store), says="1.x to 2.x", alone=False)
    assert dump(store) == before
    with command.opened(store) as con:
        con.execute("""UPDATE kv SET value = '{"phase":"completed"}' WHERE key = 'migration.v1-v2'""")
    invoked(*PRUNE, at(store))
    assert len(dump(store)["session"]) + len(dump(store).get("session_v2", ())) < len(before["session"])


def test_a_trigger_that_refuses_a_deletion_is_told_in_a_sentence(store, unchanged):
    with command.opened(store) as con:
        con.execute(
            "CREATE TRIGGER hold BEFORE DELETE ON session BEGIN SELECT RAISE(ABORT, 'hands off'); END"
        )
    refused(1, *PRUNE, "--ignore-table=hold", at(store), says=("hands off", str(store)), alone=False)
    with command.opened(store) as con:
        con.execute("DROP TRIGGER hold")
