"""When the world is in the way: an exit code, one sentence, and a store that is as it was."""

import resource
import shutil
import sqlite3
import time
from pathlib import Path
from threading import Timer

import command
import forests
import pytest
import store_rows
from command import dump, invoked, judge_by, nothing_beside, refused
from forests import NOW
from opencode_lifecycle.sql.words import human

PRUNE = ("prune", "--days=30", judge_by(), "--yes", "--no-export")


@pytest.fixture
def store(tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    return command.planted(folder / "opencode.db")


@pytest.fixture
def unchanged(store):
    """What the store holds is the same afterwards, and nothing of ours lies beside it."""
    before = dump(store)
    yield
    assert dump(store) == before
    command.sound(store)


def at(store):
    return f"--store={store}"


def roots(store):
    return {id for id in command.sessions_of(store) if id.endswith("_a")}


# --- others at work on the store -----------------------------------------------------------------


def test_a_reader_with_a_snapshot_sees_what_it_saw_while_a_prune_goes_through(store):
    before = dump(store)
    con = sqlite3.connect(store, isolation_level=None)
    con.execute("BEGIN")
    assert store_rows.dump(con) == before
    invoked(*PRUNE, at(store))
    assert store_rows.dump(con) == before
    con.close()
    assert len(roots(store)) == 1
    command.sound(store)


def test_a_prune_with_vacuum_under_a_reader_removes_and_says_why_no_space_comes_back(store):
    with command.reader(store):
        ran = invoked(*PRUNE, "--vacuum", "--json", at(store), code=75)
    assert ran.json["applied"]["sessions"] == 33 and ran.json["applied"]["returned_bytes"] == 0
    assert "has the store open" in ran.sentence
    assert len(roots(store)) == 1
    command.sound(store)


def test_a_reader_with_a_snapshot_delays_only_the_shrinking_of_the_file(store):
    invoked("convert", at(store))
    size = store.stat().st_size
    with command.reader(store):
        ran = invoked(*PRUNE, "--vacuum", at(store))
        assert store.stat().st_size == size
        assert "reads an older state" in ran.err or "keeps its size" in ran.err
    invoked("checkpoint", at(store))
    assert store.stat().st_size < size / 2
    command.sound(store)


def test_without_a_wal_a_reader_is_waited_for_and_then_the_prune_gives_way(store, unchanged):
    with command.opened(store) as con:
        con.execute("PRAGMA journal_mode=DELETE")
    with command.reader(store):
        refused(75, *PRUNE, at(store), says=("locked", str(store)), alone=False)


def test_a_writer_that_holds_the_lock_for_three_seconds_is_waited_for(store):
    con = sqlite3.connect(store, isolation_level=None, check_same_thread=False)
    con.execute("BEGIN IMMEDIATE")
    timer = Timer(3, con.rollback)
    timer.start()
    started = time.monotonic()
    invoked(*PRUNE, at(store))
    assert time.monotonic() - started > 2.5
    timer.join()
    con.close()
    assert len(roots(store)) == 1
    command.sound(store)


def test_a_writer_that_holds_the_lock_for_longer_is_given_way_to(store, unchanged):
    with command.writer(store):
        refused(75, *PRUNE, at(store), says=("locked", str(store)), alone=False)


def test_a_writer_that_takes_the_lock_between_batches_stops_the_run_with_work_left(store, tmp_path):
    original = command.copy(store)
    run = command.Stepped(tmp_path / "marks", *PRUNE, "--json", at(store), wait=[4])
    run.reached(4)
    with command.writer(store):
        run.go_on(4)
        ran = run.ended()
    assert ran.code == 3 and "locked" in ran.sentence and "Traceback" not in ran.err
    assert ran.json["applied"]["sessions"] == 9
    assert len(command.whole_trees(original, store)) == 9
    command.sound(store)
    invoked(*PRUNE, at(store))
    assert len(roots(store)) == 1


def test_a_full_vacuum_and_a_conversion_give_way_to_a_writer(store, unchanged):
    with command.opened(store) as con:
        con.execute("PRAGMA journal_mode=DELETE")  # so that the probe sees nobody, and SQLite says it
    with command.writer(store):
        refused(75, "vacuum", "--method=full", at(store), says="locked")
        refused(75, "convert", at(store), says="locked")


def test_a_live_client_keeps_full_vacuum_and_convert_away_and_nothing_else(store):
    with command.client(store) as other:
        refused(75, "vacuum", "--method=full", at(store), says=(str(other.pid), "close OpenCode"))
        refused(75, "convert", at(store), "--yes", says=(str(other.pid), "convert"))
        invoked(*PRUNE, at(store))
        invoked("checkpoint", at(store))
    assert len(roots(store)) == 1
    command.sound(store)


def free(store):
    with command.opened(store) as con:
        return con.execute("PRAGMA freelist_count").fetchone()[0]


def test_a_live_client_lets_space_come_back_in_steps(store):
    invoked("convert", at(store))
    with command.client(store):
        invoked(*PRUNE, at(store))
        assert free(store) > 10
        ran = invoked("vacuum", "--json", at(store))
        assert ran.json["method"] == "incremental" and free(store) == 0
    command.sound(store)


def test_a_second_run_of_ours_is_told_to_wait(store, tmp_path):
    run = command.Stepped(tmp_path / "marks", *PRUNE, at(store), wait=[2])
    run.reached(2)
    half = dump(store)
    for words in (PRUNE, ("vacuum",), ("convert",), ("checkpoint",)):
        refused(75, *words, at(store), says=("Another run", str(store)))
    assert dump(store) == half
    invoked("stats", at(store))  # who only looks may look
    run.go_on(2)
    assert run.ended().code == 0
    assert len(roots(store)) == 1


# --- a place that cannot be written --------------------------------------------------------------


def test_a_file_that_is_mounted_by_itself_and_read_only_is_refused(store):
    before = dump(store)
    with command.read_only(store):
        refused(1, *PRUNE, at(store), says=("mounted", str(store)), alone=False)
        refused(1, "convert", at(store), says=("mounted", str(store)))
        invoked("stats", at(store))
    assert dump(store) == before
    nothing_beside(store)


def test_a_read_only_folder_is_refused(store):
    before = dump(store)
    with command.read_only(store.parent):
        for words in (PRUNE, ("convert",), ("vacuum", "--method=full"), ("checkpoint",)):
            refused(1, *words, at(store), says=str(store), alone=False)
    assert dump(store) == before
    nothing_beside(store)


def test_a_state_folder_that_cannot_be_written_stops_a_run_before_it_begins(store, own_folders, unchanged):
    state = own_folders / "state"
    state.mkdir()
    with command.read_only(state):
        refused(1, *PRUNE, at(store), says=("state", "XDG_STATE_HOME"), alone=False)
        refused(1, "pin", "ses_0000_a", at(store), says="XDG_STATE_HOME")


def test_what_is_ours_is_for_our_own_eyes(store, own_folders):
    invoked(*PRUNE, at(store))
    ours = [own_folders / "state" / "opencode-lifecycle", *(own_folders / "state" / "opencode-lifecycle").rglob("*")]
    assert len(ours) >= 4
    assert {path.stat().st_mode & 0o777 for path in ours if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in ours if path.is_file()} == {0o600}


# --- a disk that is full -------------------------------------------------------------------------


@pytest.fixture
def tight(tmp_path):
    """A store on a small disk of its own; temporary files are there as well."""
    with command.small_disk(tmp_path / "disk", "8m") as disk:
        folder = disk / "store"
        folder.mkdir()
        yield command.planted(folder / "opencode.db", trees=40, pad=4_000)


def test_a_disk_that_is_full_stops_a_prune_before_it_changes_anything(tight):
    before = dump(tight)
    command.fill(tight.parent.parent)
    ran = refused(1, *PRUNE, at(tight), says=str(tight), alone=False)
    assert "full" in ran.sentence or "disk I/O" in ran.sentence
    (tight.parent.parent / "filler").unlink()
    assert dump(tight) == before
    command.sound(tight)


def test_a_disk_that_fills_during_a_prune_leaves_whole_trees(tight, tmp_path):
    (tmp_path / "else").mkdir()
    original = tmp_path / "else" / "original.db"
    shutil.copy(tight, original)
    run = command.Stepped(tmp_path / "marks", *PRUNE, "--json", at(tight), wait=[3])
    run.reached(3)
    command.fill(tight.parent.parent)
    run.go_on(3)
    ran = run.ended()
    assert ran.code == 3 and "Traceback" not in ran.err and "full" in ran.sentence, ran
    (tight.parent.parent / "filler").unlink()
    gone = command.whole_trees(original, tight)
    assert 6 <= len(gone) < 117 and ran.json["applied"]["sessions"] == len(gone)
    command.sound(tight)
    invoked(*PRUNE, at(tight))
    assert len(roots(tight)) == 1


def test_a_full_vacuum_and_a_conversion_ask_for_room_before_they_write(tight, monkeypatch):
    before, size = dump(tight), tight.stat().st_size
    with command.opened(tight) as con:
        used = (
            con.execute("PRAGMA page_count").fetchone()[0]
            - con.execute("PRAGMA freelist_count").fetchone()[0]
        )
    command.fill(tight.parent.parent, leave=100_000)
    for words in (("vacuum", "--method=full"), ("convert",)):
        monkeypatch.setenv("SQLITE_TMPDIR", str(tight.parent))  # all of it on one disk: twice the data
        refused(1, *words, at(tight), says=(f"needs {human(2 * used * 4096)} free", "nothing was changed"))
        monkeypatch.delenv("SQLITE_TMPDIR")
        refused(1, *words, at(tight), says=(f"needs {human(used * 4096)} free", "nothing was changed"))
    assert tight.stat().st_size == size and dump(tight) == before
    command.sound(tight)


def test_room_that_is_short_of_what_a_full_vacuum_needs_by_a_page_is_refused_and_just_enough_is_enough(
    tight, monkeypatch
):
    """The figure is the true one: with it the vacuum goes through."""
    before = dump(tight)
    with command.opened(tight) as con:
        needed = 2 * 4096 * con.execute("PRAGMA page_count").fetchone()[0]
        con.execute("PRAGMA journal_mode=DELETE")
        con.execute("PRAGMA journal_mode=WAL")
    monkeypatch.setenv("SQLITE_TMPDIR", str(tight.parent))
    room = shutil.disk_usage(tight).free
    if room < needed + 200_000:
        with command.opened(tight) as con:
            con.execute("DELETE FROM event")
            con.execute("VACUUM")
            con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            needed = 2 * 4096 * con.execute("PRAGMA page_count").fetchone()[0]
        before = dump(tight)
    command.fill(tight.parent.parent, leave=needed + 200_000)  # the shared memory and the frames' headers
    invoked("convert", at(tight))
    assert dump(tight) == before
    command.sound(tight)


def test_a_disk_that_fills_in_the_middle_of_a_full_vacuum_leaves_the_store_as_it_was(tight):
    """Somebody else took the room after it was asked for."""
    before, size = dump(tight), tight.stat().st_size
    command.fill(tight.parent.parent, leave=300_000)
    careless = (
        "-c",
        "import sys; from opencode_lifecycle.sql import space; space._refuse_without_room = print\n"
        "from opencode_lifecycle import tasks; tasks.program.run(['invoke', *sys.argv[1:]])",
    )
    for words in (("vacuum", "--method=full"), ("convert",)):
        ran = refused(1, *words, at(tight), says=str(tight), program=careless)
        assert "full" in ran.sentence or "disk I/O" in ran.sentence
    (tight.parent.parent / "filler").unlink()
    assert tight.stat().st_size == size and dump(tight) == before
    command.sound(tight)


@pytest.mark.parametrize("limit", (20_000, 60_000))
def test_a_limit_on_what_a_file_may_hold_stops_a_prune_whole(store, tmp_path, limit):
    """A quota, where nothing can be mounted: no file may grow beyond this."""
    (tmp_path / "other").mkdir()
    original = shutil.copy(store, tmp_path / "other" / "original.db")
    invoked("history", at(store))  # our own state is there

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    ran = command.invoke(*PRUNE, at(store), preexec_fn=limited)
    assert ran.code == 1 and "Traceback" not in ran.err and str(store) in ran.sentence, ran
    assert not command.whole_trees(original, store)
    command.sound(store)


# --- what is no store ----------------------------------------------------------------------------

VERBS = (
    PRUNE,
    ("stats", "--json"),
    ("vacuum",),
    ("convert",),
    ("checkpoint",),
    ("plan", "--days=30"),
    ("pins",),
)


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
def test_what_is_no_store_is_refused_and_left_alone(tmp_path, words):
    folder = tmp_path / "folder"
    folder.mkdir()
    things = {"empty.db": b"", "text.db": b"not a database\n" * 500, "short.db": b"SQLite", "a.db": None}
    for name, octets in things.items():
        if octets is None:
            (folder / name).mkdir()
        else:
            (folder / name).write_bytes(octets)
    for name, octets in things.items():
        ran = refused(69, *words, at(folder / name), says=str(folder / name), inside=True)
        assert not ran.out
        assert octets is None or (folder / name).read_bytes() == octets
    assert {p.name for p in folder.iterdir()} == set(things)


def test_a_database_without_sessions_is_no_store(tmp_path):
    path = tmp_path / "other.db"
    with command.opened(path) as con:
        con.execute("CREATE TABLE note (id INTEGER)")
    octets = path.read_bytes()
    refused(69, *PRUNE, at(path), says=("neither a table session", str(path)))
    assert path.read_bytes() == octets


@pytest.mark.parametrize("kept", (0.9, 0.5, 0.02))
@pytest.mark.parametrize("words", VERBS[:4], ids=lambda words: words[0])
def test_a_store_that_is_cut_short_is_refused_and_left_alone(tmp_path, words, kept):
    store = command.planted(tmp_path / "opencode.db")
    octets = store.read_bytes()[: int(kept * store.stat().st_size)]
    store.write_bytes(octets)
    refused(1, *words, at(store), says=("cut short", str(store)), inside=True)
    assert store.read_bytes() == octets
    nothing_beside(store)


@pytest.mark.parametrize("words", VERBS[:4], ids=lambda words: words[0])
def test_a_damaged_store_is_refused_and_not_made_worse(tmp_path, words):
    store = command.planted(tmp_path / "opencode.db")
    octets = bytearray(store.read_bytes())
    for page in range(8, len(octets) // 4096, 2):
        octets[page * 4096 : page * 4096 + 2_000] = b"\xa5" * 2_000
    store.write_bytes(octets)
    ran = command.invoke(*words, at(store))
    assert "Traceback" not in ran.err and ran.code == 1, ran
    assert "damaged" in ran.sentence
    assert store.read_bytes() == bytes(octets)
    nothing_beside(store)


# --- what must not be gone past ------------------------------------------------------------------


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


def test_a_store_may_lie_anywhere(tmp_path):
    for number, name in enumerate(
        ("a b's.db", 'say "x".db', "50%.db", "a#b?c.db", "ünïcode.db", "mode=ro&x.db")
    ):
        folder = tmp_path / f"odd {number} #?%"
        folder.mkdir()
        store = command.planted(folder / name, trees=3, parts=1, pad=10)
        invoked(*PRUNE, "--vacuum", at(store))
        assert len(roots(store)) == 1
        command.sound(store)


def test_a_link_to_a_store_is_the_store(tmp_path, store):
    link = tmp_path / "link.db"
    link.symlink_to(store)
    invoked("pin", "ses_0003_a", at(link))
    invoked(*PRUNE, at(link))
    assert roots(store) == {"ses_0003_a", "ses_0011_a"}
    assert link.is_symlink() and {p.name for p in tmp_path.iterdir()} == {"link.db", "store"}


def test_an_empty_wal_beside_a_store_is_no_matter(store):
    Path(f"{store}-wal").touch()
    invoked(*PRUNE, at(store))
    assert len(roots(store)) == 1


def test_what_is_still_in_the_wal_is_seen_and_a_killed_client_is_no_hindrance(store):
    with command.another(
        store,
        "PRAGMA wal_autocheckpoint=0",
        f"UPDATE session SET time_updated = {NOW - 1000} WHERE id = 'ses_0005_a'",
    ) as other:
        other.kill()
        other.wait()
    assert Path(f"{store}-wal").stat().st_size > 0
    invoked(*PRUNE, at(store), "--vacuum")
    assert roots(store) == {"ses_0005_a", "ses_0011_a"}
    command.sound(store)
