"""Damage is found by name, in an export and in a store that is exported."""

import random
import sqlite3

import command
import pytest
from command import dump, invoked, refused
from exports_at_hand import *  # noqa: F403
from exports_at_hand import PRUNE, SUFFIXES, document, exported
from opencode_lifecycle.sql.refusal import Refusal
from opencode_lifecycle.sql.transfer import restore
from size import sized


def damage(octets, number, seed=7):
    """So many copies cut short, and as many with one octet flipped."""
    chance = random.Random(seed)
    for _ in range(number):
        yield octets[:chance.randrange(len(octets))]
        at = chance.randrange(len(octets))
        yield octets[:at] + bytes([octets[at] ^ 1 << chance.randrange(8)]) + octets[at + 1:]
    for short in range(1, 12):
        yield octets[:-short]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_export_that_is_damaged_anywhere_is_refused_by_name(grove, tmp_path, suffix):
    whole = exported(grove, tmp_path / f"e{suffix}").path
    held, octets, broken = restore.contents(whole), whole.read_bytes(), tmp_path / f"broken{suffix}"
    for copy in damage(octets, sized(30, 120, 400)):
        broken.write_bytes(copy)
        try:
            found = restore.contents(broken)
        except Refusal as refusal:
            assert str(broken) in str(refusal) and refusal.code in (1, 64, 78)
        else:  # a bit of the packing's head that says nothing about what is packed
            assert suffix != ".json" and len(copy) == len(octets) and found == held


def test_nothing_of_a_damaged_export_is_restored(grove, tmp_path):
    file = exported(grove, tmp_path / "e.json").path
    empty = command.planted(tmp_path / "store" / "empty.db", trees=0)
    before = dump(empty)
    octets = bytearray(file.read_bytes())
    octets[-200] ^= 1
    file.write_bytes(octets)
    refused(1, "restore", file, f"--store={empty}", says=("damaged", str(file)))
    assert dump(empty) == before


@pytest.mark.parametrize("octets", [b"", b"{}", b"[]", b"null", b"[\n", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xff" * 99,
                                    b'[\n{"lifecycle":{"format":1}', b'{"info":{},"messages":[]}'])
def test_garbage_is_refused_by_name(grove, tmp_path, octets):
    file = tmp_path / "garbage.json"
    file.write_bytes(octets)
    with pytest.raises(Refusal, match="garbage.json"):
        restore.contents(file)


def test_a_format_of_a_later_version_is_refused(grove, tmp_path):
    file = exported(grove, tmp_path / "e.json").path
    file.write_bytes(file.read_bytes().replace(b'"format":1', b'"format":2'))
    refused(78, "restore", file, f"--store={grove}", says=("format 2", "update"))


# --- damaged stores ------------------------------------------------------------------------------


@pytest.fixture
def torn(tmp_path):
    """A store with one leaf page of its parts overwritten."""
    (tmp_path / "store").mkdir()
    path = command.planted(tmp_path / "store" / "opencode.db", trees=8, parts=12, pad=900)
    with command.opened(path) as con:
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        con.execute("PRAGMA journal_mode=DELETE")
    octets = path.read_bytes()
    at = octets.index(b"prt_ses_0003_b_7msg_ses_0003_bses_0003_b") // 4096 * 4096
    path.write_bytes(octets[:at] + b"\x0d\x00\x00\xff\xff" * 800 + octets[at + 4000:])
    return path


def test_what_a_damaged_store_still_gives_is_exported_and_the_rest_is_named(torn, tmp_path):
    ran = invoked("export", f"--output={tmp_path}/e.json", "--json", f"--store={torn}", code=3)
    assert ran.json["sessions"] == 24 and "ses_0003_b" in ran.json["unreadable"]
    found = {one["info"]["id"]: one["seal"] for one in document(tmp_path / "e.json")}
    assert found["ses_0003_b"]["lost"] and not found["ses_0003_b"]["importable"]
    assert found["ses_0000_a"] == found["ses_0000_a"] | {"lost": [], "importable": True}


def test_nothing_is_removed_from_a_damaged_store(torn):
    with sqlite3.connect(torn) as con:
        before = con.execute("SELECT COUNT(*) FROM session").fetchall()
    refused(1, *PRUNE, f"--store={torn}", says="damaged", alone=False)
    with sqlite3.connect(torn) as con:
        assert con.execute("SELECT COUNT(*) FROM session").fetchall() == before
