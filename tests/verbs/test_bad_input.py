"""A value that cannot be meant: nothing is removed, one sentence says why, and 0 is off, never everything."""

import os
import pty
import shutil
import signal
import subprocess
import time

import command
import pytest
from command import dump, invoked, judge_by, refused
from forests import NOW

JUDGED = ("prune", "--yes", "--no-export", "--json", judge_by())


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return command.planted(tmp_path / "store" / "opencode.db", trees=6, parts=2, pad=100)


@pytest.fixture
def unchanged(store):
    before = dump(store)
    yield
    assert dump(store) == before
    command.sound(store)


DURATIONS = (
    "abc",
    "-1",
    "1e3",
    "",
    " ",
    "30 days",
    "1d2h",
    "0x10",
    "1.5.2",
    "٣0",
    "9" * 40,
    "nan",
    "inf",
    "+3",
)
SIZES = ("abc", "-5", "5XB", "", "MB", "1e9", "nan", "9" * 40)
BAD = [
    *(("--days", value) for value in DURATIONS),
    *(("--older-than", value) for value in ("abc", "-6w", "", "6x")),
    *(("--children", value) for value in ("abc", "-1", "")),
    *(("--max-size", value) for value in SIZES),
    *(("--larger-than", value) for value in ("abc", "-5", "")),
    *(("--keep", value) for value in ("abc", "-1", "1.5", "", "1e3", "9" * 40)),
    *(("--now", value) for value in ("abc", "", "yesterday", "-1", "2026-13-01", "9" * 30)),
]


@pytest.mark.parametrize(("flag", "value"), BAD)
def test_a_value_that_cannot_be_read_is_refused_by_flag_and_value(store, unchanged, flag, value):
    rest = [word for word in JUDGED if not (flag == "--now" and word.startswith("--now"))]
    more = ["--days=30"] if flag in ("--now", "--children") else []
    ran = refused(64, *rest, *more, f"{flag}={value}", f"--store={store}", says=flag, inside=True)
    assert value[:20] in ran.sentence and not ran.out


@pytest.mark.parametrize(
    "flag", ("--days", "--keep", "--max-size", "--larger-than", "--older-than", "--children")
)
@pytest.mark.parametrize("zero", ("0", "00", "0.0"))
def test_zero_is_off_and_never_everything(store, unchanged, flag, zero):
    if flag == "--keep" and zero == "0.0":
        pytest.skip("a count is a whole number")
    ran = invoked(*JUDGED, f"{flag}={zero}", f"--store={store}", inside=True)
    assert not ran.json["remove"] and "nothing removed" in ran.json["policy"]


def test_without_any_limit_nothing_is_removed_and_that_is_no_failure(store, unchanged):
    ran = invoked("prune", "--yes", judge_by(), f"--store={store}")
    assert "No limit is set, nothing removed" in ran.err
    assert invoked("plan", "--check", judge_by(), f"--store={store}").code == 0
    text = invoked("plan", judge_by(), f"--store={store}").out
    assert text.startswith("-- opencode-lifecycle plan") and "INSERT INTO lc_planned" not in text


def test_days_and_older_than_together_are_refused(store, unchanged):
    refused(64, *JUDGED, "--days=30", "--older-than=6w", f"--store={store}", says=("--days", "--older-than"))


POLICIES = {
    "[limits]\nmax_agee = '30d'\n": ("limits.max_agee", "max_age"),
    "[limit]\nmax_age = '30d'\n": ("[limit]", "limits"),
    "[limits]\nmax_age = -1\n": ("max_age", "-1"),
    "[limits]\nmax_age = true\n": ("max_age",),
    "[limits]\nmax_age = [1]\n": ("max_age",),
    "[limits]\nmax_age = 'soon'\n": ("max_age", "soon"),
    "[limits]\nmax_age = nan\n": ("max_age", "nan"),
    "[limits]\nmax_age = inf\n": ("max_age", "inf"),
    "[limits]\nmax_age = 2026-01-01\n": ("max_age", "2026-01-01"),
    "[limits]\nmax_sessions = 1.5\n": ("max_sessions", "1.5"),
    "[limits]\nmax_size = 'x'\n": ("max_size", "x"),
    "[protect]\ntitles = 'keep'\n": ("titles", "keep"),
    "[protect]\ntitles = [1]\n": ("titles",),
    "[space]\noverwrite = 'yes'\n": ("overwrite", "yes"),
    "max_age = '30d'\n": ("max_age",),
    "[limits\n": ("TOML",),
    "limits = 3\n": ("limits",),
}


@pytest.mark.parametrize("text", POLICIES)
def test_a_policy_that_cannot_be_is_refused_by_key_and_value(store, unchanged, tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    ran = refused(64, *JUDGED, f"--policy={path}", f"--store={store}", says=POLICIES[text], inside=True)
    assert not ran.out
    own = tmp_path / "config"
    (own / "opencode-lifecycle").mkdir(parents=True)
    shutil.copy(path, own / "opencode-lifecycle" / "policy.toml")
    for words in ((*JUDGED, "--days=30"), ("stats",), ("policy",)):
        more = [f"--store={store}"] if words[0] != "policy" else []
        refused(
            64,
            *words,
            *more,
            says=POLICIES[text],
            env=os.environ | {"XDG_CONFIG_HOME": str(own)},
            inside=True,
        )


@pytest.mark.parametrize("octets", (b"", b"# nothing\n", b"[limits]\n"))
def test_an_empty_policy_removes_nothing(store, unchanged, tmp_path, octets):
    path = tmp_path / "empty.toml"
    path.write_bytes(octets)
    ran = invoked(*JUDGED, f"--policy={path}", f"--store={store}")
    assert not ran.json["remove"] and "nothing removed" in ran.json["policy"]


def test_a_policy_that_is_not_there_or_no_text_is_refused(store, unchanged, tmp_path):
    refused(64, *JUDGED, "--policy=none", f"--store={store}", says=("--policy=none", "tidy"))
    refused(64, *JUDGED, f"--policy={tmp_path}", f"--store={store}", says=str(tmp_path))
    refused(64, *JUDGED, "--policy=", f"--store={store}", says="--policy")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    refused(64, *JUDGED, f"--policy={tmp_path}/bytes.toml", f"--store={store}", says="bytes.toml")


def test_beside_a_named_policy_a_flag_replaces_only_its_own_key(store, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[limits]\nmax_age = '90d'\nmax_sessions = 3\n[protect]\nkeep_last = 1\n")
    words = ("prune", "--dry-run", "--json", judge_by(), f"--store={store}")
    said = invoked(*words, f"--policy={path}", "--days=45").json["policy"]
    assert "45 d" in said and "newest 3" in said and "90 d" not in said and "--days" in said
    off = invoked(*words, f"--policy={path}", "--days=0").json
    assert {tree["reason"] for tree in off["remove"]} == {"count"}
    (tmp_path / "opencode-lifecycle").mkdir()
    shutil.copy(path, tmp_path / "opencode-lifecycle" / "policy.toml")
    own = os.environ | {"XDG_CONFIG_HOME": str(tmp_path)}
    said = invoked(*words, "--days=45", env=own).json["policy"]
    assert "45 d" in said and "beyond" not in said and "the newest 1" in said  # limits go, protections stay
    assert "newest 3" in invoked(*words, env=own).json["policy"]


def test_an_unknown_project_or_session_or_pin_is_refused_by_name(store, unchanged):
    refused(64, *JUDGED, "--days=30", "--project=prj_none", f"--store={store}", says="--project=prj_none")
    refused(64, *JUDGED, "--days=30", "--project=", f"--store={store}", says="--project is empty")
    for verb in ("explain", "pin", "unpin"):
        refused(64, verb, "ses_none", f"--store={store}", says="ses_none")
    refused(64, "explain", "ses_\x1b[31m\n", f"--store={store}", says="ses_\\u{1b}[31m\\u{a}")
    refused(64, "archive", "--session=ses_none", f"--store={store}", says="ses_none")
    refused(64, "archive", f"--store={store}", says="--session")
    refused(64, "vacuum", "--method=fast", f"--store={store}", says="--method=fast")
    refused(64, "stats", "--top=many", f"--store={store}", says="--top=many")


def test_an_unknown_flag_or_verb_is_invokes_own_error(store, unchanged):
    for words in (("prune", "--dayz=30"), ("prun",)):
        ran = command.invoke(*words, f"--store={store}")
        assert ran.code == 1 and "Traceback" not in ran.err


# --- finding the store ---------------------------------------------------------------------------


def test_an_unknown_kind_of_store_is_refused(unchanged):
    refused(64, *JUDGED, "--days=30", "--store=oracle://host/base", says="oracle://")


def test_a_store_that_is_not_there_is_refused_and_not_made(tmp_path):
    for path in (tmp_path / "none.db", tmp_path / "no" / "folder.db"):
        refused(69, *JUDGED, "--days=30", f"--store={path}", says=(str(path), "--store"))
        refused(69, *JUDGED, "--days=30", f"--store=sqlite://{path}", says=str(path))
    refused(69, *JUDGED, "--days=30", says="opencode.db")
    refused(64, *JUDGED, "--days=30", "--store=", says="--store", env=os.environ | {"OPENCODE_DB": "none.db"})
    assert not list(tmp_path.iterdir())


def test_several_stores_in_the_clients_folder_are_named_and_none_is_chosen(store, tmp_path):
    data = tmp_path / "data"
    (data / "opencode").mkdir(parents=True)
    there = os.environ | {"XDG_DATA_HOME": str(data)}
    words = ("stats", "--json", judge_by())
    shutil.copy(store, data / "opencode" / "opencode-next.db")
    assert invoked(*words, env=there).json["store"].endswith("opencode-next.db")
    shutil.copy(store, data / "opencode" / "opencode-local.db")
    refused(64, *words, env=there, says=("opencode-next.db", "opencode-local.db", "--store"))
    shutil.copy(store, data / "opencode" / "opencode.db")
    found = invoked(*words, env=there).json
    assert found["store"].endswith("opencode.db")
    assert any("opencode-next.db" in text and "opencode-local.db" in text for text in found["warnings"])


def test_the_environment_names_the_store_in_the_clients_own_way(store, tmp_path):
    data = tmp_path / "data"
    (data / "opencode" / "deep").mkdir(parents=True)
    shutil.copy(store, data / "opencode" / "deep" / "mine.db")
    shutil.copy(store, tmp_path / "ours.db")
    there = os.environ | {"XDG_DATA_HOME": str(data)}
    words = ("stats", "--json", judge_by())

    def found(*more, **names):
        return invoked(*words, *more, env=there | names).json["store"]

    assert found(OPENCODE_DB="deep/mine.db") == str(data / "opencode" / "deep" / "mine.db")
    assert found(OPENCODE_DB=str(store)) == str(store)
    assert found(OPENCODE_DB="deep/mine.db", OPENCODE_LIFECYCLE_STORE=str(tmp_path / "ours.db")).endswith(
        "ours.db"
    )
    assert found(f"--store={store}", OPENCODE_LIFECYCLE_STORE="none.db", OPENCODE_DB="none.db") == str(store)
    refused(69, *words, env=there | {"OPENCODE_DB": "none.db"}, says=str(data / "opencode" / "none.db"))


# --- asking --------------------------------------------------------------------------------------


def test_without_a_terminal_and_without_yes_the_summary_is_shown_and_nothing_changes(store, unchanged):
    words = ("prune", "--days=30", judge_by(), f"--store={store}")
    ran = refused(2, *words, says=("Nothing was changed", "--yes"), alone=False)
    assert "ses_0000_a" in ran.out and "message" in ran.out
    ran = refused(2, *words, "--json", says="--yes", alone=False)
    assert len(ran.json["remove"]) == 5 and "applied" not in ran.json
    refused(2, *words, stdin="y\n", says="--yes", alone=False)


def test_a_check_tells_by_its_exit_code_whether_anything_would_go(store, unchanged):
    refused(
        2,
        "plan",
        "--check",
        "--days=30",
        judge_by(),
        f"--store={store}",
        says="5 trees would be removed",
        alone=False,
    )
    invoked("plan", "--check", "--days=3000", judge_by(), f"--store={store}")
    ran = invoked("plan", "--check", "--json", "--days=30", judge_by(), f"--store={store}", code=2)
    assert len(ran.json["remove"]) == 5


def test_a_dry_run_changes_nothing_and_exits_well(store, unchanged):
    ran = invoked("prune", "--dry-run", "--json", "--days=30", judge_by(), f"--store={store}")
    assert len(ran.json["remove"]) == 5 and "applied" not in ran.json


def on_a_terminal(*words, say=b"", interrupt=False):
    """Run a verb on a terminal of its own; its exit code, stdout, and what the terminal showed."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        command.line(*words),
        cwd=command.ROOT,
        stdin=theirs,
        stderr=theirs,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    ends = time.monotonic() + 60
    while b"[y/N]" not in shown and time.monotonic() < ends:
        try:
            shown += os.read(ours, 4_096)
        except OSError:
            break
    if interrupt:
        child.send_signal(signal.SIGINT)
    else:
        os.write(ours, say)
    out = child.stdout.read().decode()
    try:
        while more := os.read(ours, 4_096):
            shown += more
    except OSError:
        pass
    os.close(ours)
    assert b"Traceback" not in shown, shown
    return child.wait(60), out, shown.decode()


@pytest.mark.parametrize("answer", (b"n\n", b"\n", b"yess\n", b"\x04"))
def test_no_and_anything_but_yes_is_no(store, unchanged, answer):
    code, _, shown = on_a_terminal("prune", "--days=30", judge_by(), f"--store={store}", say=answer)
    assert code == 2 and "Nothing was changed" in shown


def test_an_interrupt_at_the_question_exits_130_and_changes_nothing(store, unchanged):
    code, _, shown = on_a_terminal("prune", "--days=30", judge_by(), f"--store={store}", interrupt=True)
    assert code == 130 and "Interrupted." in shown


def test_yes_is_yes_and_json_stays_one_document(store):
    import json

    code, out, _ = on_a_terminal("prune", "--days=30", "--json", judge_by(), f"--store={store}", say=b"y\n")
    assert code == 0 and json.loads(out)["applied"]["sessions"] == 15
    assert len(command.sessions_of(store)) == 3


def test_an_interrupt_while_it_works_out_the_plan_exits_130(store, unchanged, tmp_path):
    child = subprocess.Popen(
        command.line("prune", "--days=30", judge_by(), f"--store={store}", "--yes"),
        cwd=command.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with command.writer(store):  # it will wait for the lock
        time.sleep(2)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=60)
    if child.returncode == 0:
        pytest.skip("it was done before it could be interrupted")
    assert child.returncode == 130 and "Traceback" not in err, err


VERBS = (
    ("stats",),
    ("plan", "--days=30"),
    ("prune", "--days=30", "--dry-run"),
    ("explain", "ses_0000_a", "--days=30"),
    ("pins",),
    ("history",),
    ("archive", "--session=ses_0000_a", "--dry-run"),
    ("vacuum",),
    ("checkpoint",),
    ("convert",),
    ("reclaim", "--dry-run"),
)


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
def test_json_is_one_clean_document_on_stdout(store, words):
    judged = [judge_by()] if words[0] in ("stats", "plan", "prune", "explain", "archive", "reclaim") else []
    ran = invoked(*words, *judged, "--json", f"--store={store}")
    assert isinstance(ran.json, (dict, list))
    assert ran.out.isascii()


def test_a_reader_of_the_output_that_goes_away_is_no_traceback(store):
    done = subprocess.run(
        [
            "bash",
            "-c",
            " ".join(command.line("plan", "--days=30", f"--now={NOW}", f"--store={store}")) + " | head -1",
        ],
        cwd=command.ROOT,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr
