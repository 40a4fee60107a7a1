"""A policy with a slip, an impossible value or a hostile text deletes nothing, whichever verb reads it."""

import os
import sqlite3
import time
from contextlib import closing

import command
import pytest
from command import dump, invoked, judge_by, refused

MOST = "x" * 1_001
MANY = ", ".join(["'x'"] * 10_001)
SLIPS = {
    # Slips of the keyboard: the nearest known word is named.
    "[limits]\nmax_agee = '30d'": ("limits.max_agee", "max_age"),
    "[limits]\nMAX_AGE = '30d'": ("limits.MAX_AGE", "did you mean max_age"),
    "[enforc]\nmax_share = '10%'": ("[enforc]", "did you mean enforce"),
    "[enforce]\nmaxshare = '10%'": ("enforce.maxshare", "did you mean max_share"),
    "[projects.x]\nmax_age = 0": ("[projects]", "did you mean project"),
    "[project.x]\nmax_ages = 0": ('project."x".max_ages', "did you mean max_age"),
    "[project.x]\nmax_size = '1GB'": ('project."x".max_size', "belongs below [limits]"),
    "[project]\nmax_age = 3": ('project."max_age" is no section',),
    "[limits]\narchive_after = '1d'": ("limits.archive_after", "belongs below [enforce]"),
    "max_age = '30d'": ("max_age stands in no section", "belongs below [limits]"),
    "[limits]\nage_by = 'creation'": ("limits.age_by=creation", "activity, created", "did you mean created"),
    "[space]\nmethod = 'vacuum'": ("space.method=vacuum", "incremental"),
    "[limits]\nmax_age = 1\nmax_age = 2": ("no TOML",),
    # What cannot be meant.
    "[limits]\nage_by = 1": ("limits.age_by=1",),
    "[limits]\nmax_age = '9999999999999y'": ("limits.max_age", "larger than any"),
    "[enforce]\nmax_share = 0.5": ("enforce.max_share=0.5",),
    "[enforce]\nmax_share = '0%'": ("enforce.max_share=0%", "nothing could ever go"),
    "[enforce]\nmax_share = '101%'": ("enforce.max_share=101%",),
    "[enforce]\nmax_share = '-5%'": ("enforce.max_share=-5%",),
    "[enforce]\nmax_share = 'nan%'": ("enforce.max_share=nan%",),
    "[enforce]\nannounce = -1": ("enforce.announce=-1",),
    "[enforce]\nmin_interval = 'never'": ("enforce.min_interval=never",),
    "[enforce]\narchive_after = true": ("enforce.archive_after=True",),
    "[space]\nfree = '200%'": ("space.free=200%",),
    "[warn]\nsizes = '1GB'": ("warn.sizes=1GB", "not a list"),
    "[warn]\nsizes = [-1]": ("warn.sizes=-1",),
    "[exports]\nmax_age = -1": ("exports.max_age=-1",),
    "[project.x]\nmax_age = -1": ('project."x".max_age=-1',),
    "[project.x]\nmax_sessions = 1.5": ('project."x".max_sessions=1.5',),
    "[project.'']\nmax_age = 1": ("names no project",),
    # Hostile texts.
    f"[project.{MOST}]\nmax_age = 1": ("names no project", "1,000"),
    f"[protect]\ntitles = ['{MOST}']": ("protect.titles", "1,001"),
    "[protect]\ntitles = ['']": ("protect.titles",),
    "[protect]\ndirectories = ['~nobody-of-that-name/x']": ("protect.directories=~nobody", "no such user"),
    "[project.'~nobody-of-that-name/x']\nmax_age = 1": ("~nobody", "no such user"),
    "[warn]\nnotify = 'echo \"'": ("warn.notify", "no command line"),
    "[warn]\nnotify = \"a\\nb\"": ("warn.notify", "not one line"),
    "[warn]\nnotify = ['a']": ("warn.notify",),
    "[warn]\nnotify = './tell me'": ("warn.notify", "whole path"),
    "[warn]\nnotify = \"'my bin/tell' me\"": ("warn.notify", "whole path"),
    f"[protect]\nprojects = [{MANY}]": ("protect.projects", "10,001"),
    "x = " + "[" * 5_000: ("nested too deeply",),
}
EVICTS = "[limits]\nmax_age = 1\n"


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=6, parts=2, pad=100)


def written(folder, text):
    path = folder / "mine.toml"
    path.write_text(text + "\n")
    return path


@pytest.mark.parametrize("text", SLIPS, ids=lambda text: text[:40])
def test_a_policy_with_a_slip_deletes_nothing(store, tmp_path, text):
    """Beside it stands a limit that would take nearly all there is."""
    before = dump(store)
    whole = text if text.startswith(("max_age", "x =")) else f"[reclaim]\nidle = '1h'\n{text}"
    if "[limits]" in whole and "max_age" not in whole:
        whole = whole.replace("[limits]", EVICTS.strip())
    elif "[limits]" not in whole and not whole.startswith(("max_age", "x =")):
        whole = EVICTS + whole
    path = written(tmp_path, whole)
    for words in (("prune", "--yes", "--no-export", judge_by(), f"--store={store}"),
                  ("enforce", "--yes", judge_by(), f"--store={store}")):
        assert not refused(64, *words, f"--policy={path}", says=SLIPS[text], inside=True).out
        assert dump(store) == before
    refused(64, "policy", f"--check={path}", says=SLIPS[text], inside=True)


def test_without_the_slip_the_same_policy_deletes(store, tmp_path):
    path = written(tmp_path, EVICTS + "[project.x]\nmax_age = 0\n[reclaim]\nidle = '1h'\n")
    refused(64, "policy", "--check=none.toml", says="--check=none.toml", inside=True)
    assert invoked("policy", f"--check={path}", inside=True).out.startswith("Remove session trees")
    ran = invoked("prune", "--yes", "--no-export", "--json", judge_by(), f"--store={store}", f"--policy={path}")
    assert ran.json["applied"]["sessions"] and any("[project.\"x\"]" in said for said in ran.json["warnings"])


def test_a_pattern_made_to_take_long_takes_no_time(store, tmp_path):
    path = written(tmp_path, "[protect]\ntitles = ['" + "*a" * 400 + "b', '" + "*?" * 400 + "']\n" + EVICTS)
    with closing(sqlite3.connect(store)) as con, con:
        con.execute("UPDATE session SET title = ?", ("a" * 5_000,))
    before, started = dump(store), time.monotonic()
    invoked("prune", "--dry-run", judge_by(), f"--store={store}", f"--policy={path}", inside=True)
    assert time.monotonic() - started < 20 and dump(store) == before


def test_two_sections_of_one_project_delete_nothing(store, tmp_path):
    before = dump(store)
    path = written(tmp_path, EVICTS + "[project.'prj_a']\nmax_age = 2\n[project.'/work/a']\nmax_age = 3\n")
    refused(64, "prune", "--yes", "--no-export", judge_by(), f"--store={store}", f"--policy={path}",
            says="mean the same project")
    assert dump(store) == before


def test_a_policy_of_ones_own_is_written_once_and_never_over_another(tmp_path, own_folders):
    home = os.environ | {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    path = tmp_path / "config" / "opencode-lifecycle" / "policy.toml"
    ran = invoked("policy", "--init", "--policy=month", "--json", env=home, inside=True)
    assert ran.json["written"] == str(path) and path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    refused(64, "policy", "--init", env=home, says=("stays as it is", str(path)), inside=True)
    assert path.read_text() == text
    shown = invoked("policy", "--json", env=home, inside=True).json
    assert shown["origins"]["limits.max_age"] == str(path) and "30 days" in shown["policy"]
    assert shown["toml"] == invoked("policy", env=home, inside=True).out
    path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    refused(64, "policy", "--init", env=home, says="take it away", inside=True)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ("default", "month", "small", "small-disk", "team", "tidy"))
def test_every_ready_made_policy_is_sound(name):
    assert invoked("policy", f"--check={name}", inside=True).out
