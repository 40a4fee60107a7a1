"""What is no store, or a damaged one, is refused and left alone; one that lies in an odd place is a store."""

from pathlib import Path

import command
import pytest
from command import invoked, nothing_beside, refused
from forests import NOW
from store_at_hand import *  # noqa: F403
from store_at_hand import PRUNE, at, roots

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
