"""Odd values everywhere: a sentence and an exit code, never a traceback, a password, a control character."""

import itertools
import os

import command
import forests
import pytest
from command import invoke
from flags import FLAGS, words
from opencode_lifecycle.policies.policy import SECTIONS
from opencode_lifecycle.sql.words import masked, printable
from size import sized

SECRET = "hunter2"
URLS = [f"postgresql:u:{SECRET}@h/db", f"postgres:/u:{SECRET}@h/db", f"u:{SECRET}@h", f"postgresql:/u:{SECRET}@h:1/db",
        f"mysql:///u:{SECRET}@h/db", f"u:a@{SECRET}@h/db", f"nosuch://u:{SECRET}@h/db",
        f"postgresql://h/?password={SECRET}", f"postgresql://u:{SECRET}@[h/db", f"./u:p/{SECRET}@h",
        f"host=h user=u password = '{SECRET} {SECRET}' dbname=d", f"Server=h;Pwd={{;{SECRET}}};Database=d",
        f"nosuch://u:{SECRET} {SECRET}@h/db", f"postgres:/u:--{SECRET}\"'/*{SECRET}@h", f"u:{SECRET * 99}@h"]
NAMED = [f"{name}{value}" for value in (SECRET, f"'{SECRET} {SECRET}'", f'"a\\"{SECRET}"', f"a&{SECRET};{SECRET}",
                                        f"{{a;{SECRET} {SECRET}}}", f"'{SECRET} {SECRET}")
         for name in ("--password=", "password=", "x password = ", "PG_PASSWORD=", "sslpassword=", "pass=", "pwd: ",
                      "?passwd=", "my_token=", "api-key=", '"password": ', "--password ")]
LONG = "n" * 5_000
PATHS = ["~nosuchuser/x", LONG, "a\0b", "", os.fsdecode(b"\xff\xfe.db"), "\x1b[31mred\n.db", "/dev/null", "."]
NUMBER = "9" * 400
STORE = [("stats",), ("prune", "--days=1"), ("plan", "--days=1"), ("reclaim",), ("vacuum",), ("checkpoint",),
         ("convert",), ("undo",), ("pins",), ("history",), ("explain", "ses_x"), ("archive", "--session=s")]
FILES = [("restore",), ("apply",)]


@pytest.fixture
def store(tmp_path):
    return command.planted(tmp_path / "opencode.db", trees=2, parts=1, pad=10)


def told(*words, codes=(64, 69, 73, 1), **more):
    ran = invoke(*words, inside=True, **more)
    said = ran.out + ran.err
    assert ran.code in codes and "Traceback" not in said and SECRET not in said and "\x1b" not in said, (words, said)
    return ran


@pytest.mark.parametrize("verb", STORE, ids=lambda verb: verb[0])
def test_no_store_that_cannot_be_is_a_traceback_or_says_a_password(verb):
    for place in [*URLS, *PATHS]:
        told(*verb, f"--store={place}")


@pytest.mark.parametrize(("verb", "place"), itertools.product(FILES, [*URLS, *PATHS]),
                         ids=lambda one: str(one)[:20].encode("unicode_escape").decode())
def test_no_file_that_cannot_be_is_a_traceback_or_says_a_password(store, verb, place):
    told(*verb, f"--file={place}", f"--store={store}")


@pytest.mark.parametrize("url", URLS)
def test_no_target_of_a_copy_says_its_password(store, url):
    for verb in ("mirror", "migrate"):
        told(verb, f"--to={url}", f"--store={store}", codes=(64, 69, 1, 75, 78))


@pytest.mark.parametrize("url", URLS)
def test_no_environment_says_its_password(url):
    for name in ("OPENCODE_LIFECYCLE_STORE", "OPENCODE_DB"):
        told("stats", env=os.environ | {name: url})


@pytest.mark.parametrize("flag", ("--days", "--older-than", "--keep", "--max-size", "--larger-than", "--children",
                                  "--now"))
@pytest.mark.parametrize("value", (NUMBER, "-" + NUMBER, NUMBER + "d", "0001-01-01", "9999-12-31T23:59-23:59"))
def test_a_number_that_no_store_can_reach_is_refused(store, flag, value):
    told("prune", f"{flag}={value}", "--dry-run", f"--store={store}", codes=(0, 64))


ODD = (NUMBER, "-1", "nan", "1e400", "", " ", "~nosuchuser/x", LONG, os.fsdecode(b"\xff\xfe"), "a\0b", "\x1b[31mred\n",
       ".")
# What is odd and can still be: a store or file that is not there or is no plan, a table that nobody has, a file's name.
ALSO = {"store": (69,), "file": (73,), "ignore_table": (0, 2, 69), "out": (0,), "reclaim export": (0,),
        "mirror origin": (69,)}


@pytest.mark.parametrize(("verb", "flag"), FLAGS)
def test_an_odd_value_of_any_flag_is_one_sentence_and_64(store, tmp_path, monkeypatch, verb, flag):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for value in ODD:
        also = ALSO.get(f"{verb} {flag}", ALSO.get(flag, ()))
        ran = told(verb, *words(verb, store, flag, value), codes=(64, *also))
        assert value or ran.code == 64
        if ran.code in (64, 69, 73):
            assert len(ran.err.strip().split("\n")) == 1 and ran.err.rstrip().endswith("."), (value, ran)
            assert len(ran.err) < 700, (value, ran)
        if flag != "out":
            assert list((tmp_path / "here").iterdir()) == [], value


ODD_IN_A_POLICY = (NUMBER, "-1", "-1.5", "nan", "inf", "1e400", '""', "1979-05-27", "{}", "{a = 1}", "[[[]]]", "[1.5]",
                   '["\\u0000"]', '"~nosuchuser"', f'"{NUMBER}d"', f'["{LONG}"]')
KEYS = [(section, key) for section, keys in SECTIONS.items() for key in keys]


@pytest.mark.parametrize(("section", "key"), KEYS)
@pytest.mark.parametrize("value", ODD_IN_A_POLICY[::sized(3, 1, 1)])
def test_an_odd_value_in_a_policy_is_one_sentence(store, tmp_path, section, key, value):
    path = tmp_path / "p.toml"
    path.write_text(f"[{section}]\n{key} = {value}\n")
    ran = told("prune", f"--policy={path}", f"--store={store}", "--dry-run", codes=(0, 64))
    if ran.code:
        assert len(ran.err.strip().split("\n")) == 1 and len(ran.err) < 700, ran


@pytest.mark.parametrize("kind", ("folder", "pipe", "zero", "deep", "large", "binary"))
def test_a_policy_that_is_no_file_or_has_no_end_is_refused_at_once(store, tmp_path, kind):
    path = tmp_path / "p.toml"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "zero":
        path.symlink_to("/dev/zero")
    else:
        path.write_bytes({"deep": b"a = " + b"[" * 100_000, "large": b"#" * (2 << 20), "binary": b"\xff\0"}[kind])
    told("prune", f"--policy={path}", f"--store={store}", codes=(64,))


def test_what_could_be_a_password_is_masked_and_a_plain_path_is_not():
    for one in (*URLS, *NAMED):
        for limit in (len(one), 40, 80, 200):
            said = masked(f"There is no store at /a/b/{printable(one, limit)}; name one.")
            assert SECRET not in said and said.startswith("There is no store at "), (one, said)
    for plain in ("/home/u/opencode.db", "C:\\work\\a.db", "user@host", "12:30 a@b", "--days=30: not a duration.",
                  "postgresql://h:5432/db is busy, says me@host; try again.", "/home/me/pass/opencode.db",
                  'unrecognized token: "x"', "It refused the user or the password of the URL."):
        assert masked(plain) == plain


@pytest.mark.parametrize("typed", [*URLS, *NAMED[:24]])
def test_no_slip_of_the_command_line_says_a_password(store, typed):
    for line in ((typed,), ("stats", typed), (typed, "stats"), ("prune", f"--days={typed}"), ("stats", f"--x={typed}"),
                  ("explain", typed, f"--store={store}"), ("prune", f"--ignore-table={typed}", f"--store={store}")):
        told(*line, codes=(0, 1, 2, 64, 69, 73))


BLOBS = ("UPDATE session SET title = X'00ff5b', slug = X'ff', directory = X'fe'",
         "UPDATE session SET parent_id = CAST(parent_id AS BLOB) WHERE id = 'ses_0001_b'",
         "UPDATE session SET id = CAST(id AS BLOB) WHERE id IN ('ses_0003_a', 'ses_0002_c')",
         "UPDATE todo SET position = X'01' WHERE session_id = 'ses_0000_a'")
JUDGED = f"--now={forests.NOW}"


@pytest.mark.parametrize("number", ["1", "X'0102'"])
def test_blobs_where_texts_and_numbers_are_expected_are_valid_json_or_a_sentence(tmp_path, number):
    """A number of an event that is none stops every removal: no export of such a session could come back."""
    store = command.planted(tmp_path / "opencode.db", trees=5, parts=1, pad=10)
    with command.opened(store) as con:
        for statement in (*BLOBS, f"UPDATE event_sequence SET seq = {number} WHERE aggregate_id = 'ses_0000_a'"):
            con.execute(statement)
    before, none = command.dump(store), number != "1"
    for line in (f"prune --days=30 --dry-run {JUDGED}", f"plan --days=30 {JUDGED}", f"prune --days=30 --yes {JUDGED}"):
        shown = [] if "plan" in line else ["--json"]
        ran = told(*line.split(), f"--store={store}", *shown, codes=(1 if none else 0,))
        assert not none or "ses_0000_a" in ran.err and len(ran.err.split("\n")) == 2 and command.dump(store) == before
        assert none or "plan" in line or ran.json
    for line in ("undo --yes", "stats", "explain ses_0000_a", "explain ses_0001_b", f"reclaim --dry-run {JUDGED}",
                 f"reclaim --all-events --yes {JUDGED}", "undo --yes", "archive --session=ses_0000_a",
                 "archive --older-than=1d --dry-run", "unarchive --session=ses_0000_a", "pins", "history",
                 f"export --output={tmp_path}/e.json", f"export --redact --output={tmp_path}/r.json", "vacuum",
                 "checkpoint", "convert --yes"):
        ran = told(*line.split(), f"--store={store}", "--json", codes=(0, 64) if line == "undo --yes" else (0,))
        assert ran.code or ran.json is not None, ran
