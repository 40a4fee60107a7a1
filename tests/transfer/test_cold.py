"""A cold file beside the hot one: every table's rows the same to the last octet, and never in a synced folder."""

import json
import stat
from pathlib import Path

import brought
import command
import drawn
import forests
import pytest
from command import dump, invoked, refused
from hypothesis import assume, given
from opencode_lifecycle.sql.engines.sqlite import synced
from opencode_lifecycle.sql.schema import cold as making
from opencode_lifecycle.sql.store import opened
from opencode_lifecycle.sql.transfer import mirror

SECRETS = {"account", "account_state", "control_account", "credential"}


def public(path):
    return {table: rows for table, rows in dump(path).items()
            if table not in SECRETS and not table.startswith("lifecycle_")}


@pytest.fixture
def grove(tmp_path):
    (tmp_path / "hot").mkdir()
    return command.planted(tmp_path / "hot" / "opencode.db", trees=3, parts=2, pad=100)


@given(drawn.forests(), drawn.schemas())
def test_a_cold_file_holds_the_rows_of_every_table_byte_for_byte(tmp_path_factory, recipe, schema):
    folder = tmp_path_factory.mktemp("cold")
    hot, cold = forests.build(recipe, folder / "opencode.db", schema), folder / "cold.db"
    with opened(str(hot), write=False) as source, making.target(str(cold), source) as target:
        done = mirror.mirror(source, target, lambda *_: None, origin="here")
    assume(not done.left)  # an id that is no text keeps its session out, by name
    assert public(cold) == public(hot)
    with command.opened(cold) as con:
        assert con.execute("PRAGMA auto_vacuum").fetchone() == (2,)
        assert not SECRETS & {name for (name,) in con.execute("SELECT name FROM sqlite_master")}
    with opened(str(hot), write=False) as source, making.target(str(cold), source) as target:
        again = mirror.mirror(source, target, lambda *_: None, origin="here")
    assert (again.sessions, again.stopped) == (0, "")


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_a_store_in_utf_16_has_a_cold_file_in_the_same(tmp_path, grove, encoding):
    wide = tmp_path / "wide.db"
    with command.opened(wide) as con, command.opened(grove) as narrow:
        con.execute(f"PRAGMA encoding = '{encoding}'")
        con.executescript("".join(line if line.endswith(";") else f"{line}\n" for line in narrow.iterdump()))
    invoked("mirror", f"--to={tmp_path}/cold.db", f"--store={wide}")
    with command.opened(tmp_path / "cold.db") as con:
        assert con.execute("PRAGMA encoding").fetchone() == (encoding,)
    assert public(tmp_path / "cold.db") == public(wide)


def test_a_cold_file_is_for_its_owner_alone_says_whose_it_is_and_is_a_store_like_any_other(tmp_path, grove):
    cold = tmp_path / "cold.db"
    invoked("mirror", f"--to={cold}", f"--store={grove}")
    assert stat.S_IMODE(cold.stat().st_mode) == 0o600
    assert cold.read_bytes()[68:72] == b"OCLC"
    assert invoked("stats", f"--store={cold}", "--json").json["sessions"]["total"] == 9
    assert invoked("mirror", f"--to={cold}", f"--store={grove}", "--check", "--json").json["differences"] == []
    with command.opened(grove) as con:
        con.execute("PRAGMA foreign_keys = ON")
        con.execute("DELETE FROM session WHERE id = 'ses_0001_c'")
        con.execute("DELETE FROM event_sequence WHERE aggregate_id = 'ses_0001_c'")
        con.execute("UPDATE part SET data = '{\"a\":1}', time_updated = time_updated + 1 WHERE id = 'prt_ses_0000_a_0'")
    done = invoked("mirror", f"--to={cold}", f"--store={grove}", "--json").json
    assert (done["changed"], done["vanished"], done["rows"]["session"]) == (1, 1, 1)
    found = {one["session"]: one for one in invoked("restore", cold, "--list", "--json").json}
    assert found["ses_0001_a"]["origin"] == done["origin"]


def test_a_cold_store_without_a_source_has_the_clients_own_tables(tmp_path):
    invoked("migrate", f"--to={tmp_path}/cold.db")
    assert dump(tmp_path / "cold.db").keys() >= {"session", "message", "part", "event", "project"}
    assert not SECRETS & dump(tmp_path / "cold.db").keys()
    invoked("migrate", f"--to={tmp_path}/dry.db", "--dry-run")
    assert not (tmp_path / "dry.db").exists()


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("folder, mark, program", [
    ("Dropbox", None, "Dropbox"), ("Dropbox (Work)", None, "Dropbox"), ("box", ".dropbox.cache", "Dropbox"),
    ("OneDrive - Acme", None, "OneDrive"), ("one", ".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"),
    ("Library/Mobile Documents", None, "iCloud Drive"), ("iCloudDrive", None, "iCloud Drive"),
    ("Library/CloudStorage/Box-Box", None, "Box"), ("Google Drive", None, "Google Drive"),
    ("g", ".tmp.drivedownload", "Google Drive"), ("shared", ".stfolder", "Syncthing"),
    ("next", ".nextcloudsync.log", "Nextcloud"),
])
def test_a_folder_that_is_kept_in_step_with_other_machines_is_refused_with_the_reason(
        tmp_path, grove, folder, mark, program):
    below = tmp_path / folder / "deep" / "down"
    below.mkdir(parents=True)
    if mark:
        (tmp_path / folder / mark).mkdir()
    for flags in (("mirror", f"--to={below}/cold.db"), ("prune", "--days=1", "--yes", f"--export-to={below}/cold.db")):
        refused(64, *flags, f"--store={grove}", says=(f"by {program} (", "stays on this machine"), alone=False)
    assert not list(below.iterdir())


def test_a_link_into_a_synced_folder_and_what_programs_tell_of_themselves_are_seen(tmp_path):
    (tmp_path / "Dropbox" / "a").mkdir(parents=True)
    (tmp_path / "plain").symlink_to(tmp_path / "Dropbox" / "a")
    assert synced.keeper(tmp_path / "plain" / "cold.db")[0] == "Dropbox"
    home, own = tmp_path / "home", tmp_path / "my files"
    (home / ".dropbox").mkdir(parents=True)
    (home / ".dropbox" / "info.json").write_text(json.dumps({"personal": {"path": str(own)}}))
    assert synced.keeper(own / "x" / "cold.db", {"HOME": str(home)})[0] == "Dropbox"
    assert synced.keeper(own / "cold.db", {"OneDriveCommercial": str(own)})[0] == "OneDrive"
    (home / ".dropbox" / "info.json").write_text("[]")
    assert synced.keeper(own / "cold.db", {"HOME": str(home)}) is None
    assert synced.keeper(Path("/cold.db"), {}) is None


def test_what_can_be_no_cold_file_is_refused_and_nothing_is_made(tmp_path, grove):
    other = tmp_path / "other.db"
    with command.opened(other) as con:
        con.execute("CREATE TABLE mine (a)")
    refused(78, "mirror", f"--to={other}", f"--store={grove}", says="holds other tables (mine)")
    refused(64, "mirror", f"--to={grove}", f"--store={grove}", says="is the store itself")
    refused(64, "mirror", f"--to={tmp_path}/cold.txt", f"--store={grove}", says="ends in")
    refused(64, "mirror", f"--to={tmp_path}/nowhere/cold.db", f"--store={grove}", says="cannot be made")
    (tmp_path / "text.db").write_text("no database")
    refused(69, "mirror", f"--to={tmp_path}/text.db", f"--store={grove}", says="is not an SQLite database")
    assert not (tmp_path / "cold.txt").exists() and brought.content(grove)
