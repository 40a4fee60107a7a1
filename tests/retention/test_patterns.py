"""What `[protect]` names stays: titles without case on any engine, folders of Windows, and no hole goes unseen."""

import json
import sqlite3
import sys
import time
import unicodedata

import forests
import protected
import pytest
from command import invoked, refused
from forests import LONG_AGO, NOW, Recipe, Session
from hypothesis import example, given
from hypothesis import strategies as st
from opencode_lifecycle.sql.retention import patterns

SCHEMA = "1.18.33"
TITLES = {
    "ÄRGER mit dem Build": "*ärger*", "ПРОЕКТ важный": "проект*", "keep THIS": "*this*", "Überblick": "ÜBER*",
    "line1\nKEEP me": "*keep me", "abc\0keepnul": "*keepnul", "e\u0301tude": "étude*", "étude": "e\u0301TUDE",
    "İstanbul": "*istanbul*", "DİYARBAKIR": "diyarbakır", "straße": "STRASSE", "STRASSE": "straße",
    "Straße 5": "stra?e ?", b"blobtitle keepblob": "*KEEPBLOB", "ΣΊΣΥΦΟΣ": "σίσυφος", "ﬁne": "FINE",
    "a[b]%_\\c": "A[B]%_\\*", "שלום עולם": "*עולם", "a\u0323\u0307": "ạ̇", "octets \udcff keep": "*KEEP", "": "*",
}


def policy(tmp_path, **protect):
    file = tmp_path / "policy.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in protect.items()]
    file.write_text("\n".join(["[limits]", "max_age = '30d'", "[protect]", *lines, ""]))
    return file


def asked(tmp_path, path, *words, verb="prune", **protect):
    flags = ["--dry-run"] if verb == "prune" else []
    return invoked(verb, f"--store={path}", f"--policy={policy(tmp_path, **protect)}", *words, *flags, "--json",
                   *([] if verb == "policy" else [f"--now={NOW}"]), inside=True)


def gone(ran):
    return {id for unit in ran.json["remove"] for id in unit["sessions"]}


def store_of(tmp_path, *sessions, schema=SCHEMA):
    return forests.build(Recipe(list(sessions)), tmp_path / "store.db", schema)


def titled(tmp_path, *found, schema=SCHEMA):
    return store_of(tmp_path, *(Session(f"ses_{n}", title=title, home="v2") for n, title in enumerate(found)),
                    schema=schema)


@pytest.mark.parametrize("schema", [SCHEMA, "2.0.26-mixed"])
def test_a_title_is_protected_whatever_its_case_and_the_form_of_its_accents(tmp_path, schema):
    for title, pattern in TITLES.items():
        ran = asked(tmp_path, titled(tmp_path, title, "another", schema=schema), titles=[pattern])
        assert gone(ran) == ({"ses_1"} if pattern != "*" else set()), (title, pattern)
        assert ran.json["warnings"] == []


@pytest.mark.parametrize("title, pattern", [
    ("etude", "étude"), ("keeper", "keep"), ("a b", "a*c"), ("Release 10", "release ?"), ("x", "[x]"), ("x", "%"),
    ("x", "_"), ("ab", "a\\b"), ("", "?"), ("keep\n", "keep"), ("я", "Ё"),
])
def test_what_a_title_pattern_does_not_name_goes(tmp_path, title, pattern):
    assert gone(asked(tmp_path, titled(tmp_path, title), titles=[pattern])) == {"ses_0"}


def test_a_session_without_a_title_has_an_empty_one(tmp_path):
    path = titled(tmp_path, None, schema="2.0.25-partial")
    assert gone(asked(tmp_path, path, titles=["*"])) == set()
    assert gone(asked(tmp_path, path, titles=["?*"])) == {"ses_0"}


@given(text=st.text(max_size=20))
@example("i\u0307\u0307").via("a dot that is left over would be taken away the second time")
@example("\u0345α\u0301")
def test_folding_is_one_rule_whatever_the_form_and_the_case(text):
    folded = patterns.fold(text)
    assert patterns.fold(folded) == folded == protected.caseless(text)
    for form in ("NFC", "NFD"):
        assert patterns.fold(unicodedata.normalize(form, text)) == folded
    assert patterns.fold(text.casefold()) == folded


@given(title=st.text(st.sampled_from("aAßéıİ\u0301\u0307*?[]\n"), max_size=8),
       pattern=st.text(st.sampled_from("aAßsé\u0301i*?[]\n"), min_size=1, max_size=6))
def test_the_oracle_matches_the_same_titles(title, pattern):
    test = patterns._test(patterns.ProtectPattern("titles", pattern))
    assert test(patterns.Looks(patterns.titles(title), None, "")) == protected.title_matches(title, pattern)


@given(stored=st.text(st.sampled_from("aA:/\\.é\u0301C?"), max_size=10),
       pattern=st.text(st.sampled_from("aA:/\\.éC"), min_size=1, max_size=6))
def test_the_oracle_finds_the_same_folders(stored, pattern):
    test = patterns._test(patterns.ProtectPattern("directories", pattern))
    assert test(patterns.Looks((), None, patterns.folder(stored))) == protected.is_in_directory(stored, pattern)


WINDOWS = (r"C:\work\acme", r"C:\work\acme\api", "C:/work/acme/api", r"c:\Work\Acme", "c:/WORK/ACME/x/y")
BESIDE = (r"C:\work\acme2", "C:/work", r"D:\work\acme", "/work/acme", "/c/work/acme", "work/acme")


@pytest.mark.parametrize("pattern", [r"C:\work\acme", "C:/work/acme", "c:/work/acme/", r"c:\WORK\acme" + "\\",
                                     "C:\\\\work\\\\acme", r"\\?\C:\work\acme"])
def test_a_folder_of_windows_is_protected_with_all_below_it_however_it_is_written(tmp_path, pattern):
    sessions = [Session(f"in {place}", directory=place) for place in WINDOWS]
    sessions += [Session(f"out {place}", directory=place) for place in BESIDE]
    left = gone(asked(tmp_path, store_of(tmp_path, *sessions), directories=[pattern]))
    assert left == {f"out {place}" for place in BESIDE}


@pytest.mark.parametrize("pattern, kept", [
    ("/work/acme", {"/work/acme", "/work/acme/", "/work/acme/api"}),
    ("/work/acme/", {"/work/acme", "/work/acme/", "/work/acme/api"}),
    ("/", {"/work/acme", "/work/acme/", "/work/acme/api", "/Work/acme", "/work/acme2", "/"}),
    (r"\\srv\share", {r"\\SRV\Share\x", "//srv/share"}),
    (r"\\?\UNC\srv\share", {r"\\SRV\Share\x", "//srv/share"}),
    ("D:", {"d:\\", "D:/x"}),
])
def test_other_folders_keep_their_case_and_shares_of_windows_do_not(tmp_path, pattern, kept):
    places = ("/work/acme", "/work/acme/", "/work/acme/api", "/Work/acme", "/work/acme2", "/", r"\\SRV\Share\x",
              "//srv/share", r"\\srv\share2", "d:\\", "D:/x", "")
    path = store_of(tmp_path, *(Session(f"in {place}", directory=place) for place in places))
    left = gone(asked(tmp_path, path, directories=[pattern]))
    assert {f"in {place}" for place in places} - left == {f"in {place}" for place in kept}


def test_the_home_folder_of_nobody_is_refused(tmp_path):
    path = titled(tmp_path, "x")
    refused(64, "prune", f"--store={path}", f"--policy={policy(tmp_path, directories=['~nosuchuser/x'])}", "--dry-run",
            says=("~nosuchuser/x", "in full"), inside=True)


def test_a_pattern_longer_than_any_title_is_refused(tmp_path):
    refused(64, "policy", f"--policy={policy(tmp_path, titles=['x' * 1001])}", says=("titles", "1,001"), inside=True)


HOLES = {"titles": ["*nobody*", "tit*"], "projects": ["prj_none", "prj_a"], "directories": ["/nowhere", "/work"]}


@pytest.mark.parametrize("verb", ["prune", "plan", "policy"])
def test_a_pattern_that_matches_nothing_is_named(tmp_path, verb):
    path = titled(tmp_path, "title")
    ran = asked(tmp_path, path, verb=verb, **HOLES)
    assert len(ran.json["warnings"]) == 3
    for one, kind in zip(ran.json["warnings"], HOLES, strict=True):
        assert f"[protect] {kind}: {HOLES[kind][0]} " in one and "protects nothing" in one
        assert one in ran.err
    assert asked(tmp_path, path, verb=verb, titles=["tit*"]).json["warnings"] == []


def test_without_json_the_warning_goes_to_stderr_alone(tmp_path):
    path = titled(tmp_path, "title")
    for verb, *more in (("prune", "--dry-run"), ("plan",), ("policy",)):
        ran = invoked(verb, f"--store={path}", f"--policy={policy(tmp_path, titles=['*nobody*'])}", *more, inside=True)
        assert "Warning: [protect] titles: *nobody* " in ran.err and "protects nothing" not in ran.out


def test_a_pattern_of_another_project_is_no_hole(tmp_path):
    path = store_of(tmp_path, Session("ses_1", project="prj_a"), Session("ses_2", project="prj_b", title="keep"))
    assert asked(tmp_path, path, "--project=prj_a", titles=["keep"]).json["warnings"] == []


def test_policy_asks_no_store_that_is_not_there_unless_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nothing"))
    for name in ("OPENCODE_DB", "OPENCODE_LIFECYCLE_STORE"):
        monkeypatch.delenv(name, raising=False)
    file = policy(tmp_path, titles=["*nobody*"])
    assert invoked("policy", f"--policy={file}", "--json", inside=True).json["warnings"] == []
    refused(69, "policy", f"--policy={file}", f"--store={tmp_path / 'none.db'}", says="none.db", inside=True)


def test_a_warning_cannot_speak_to_the_terminal(tmp_path):
    ran = asked(tmp_path, titled(tmp_path, "title"), titles=["\x1b[31m\nkeep\0\u202e"])
    assert len(ran.json["warnings"]) == 1 and ran.err.count("\n") <= 2
    assert not {"\x1b", "\0", "\u202e"} & set(ran.err + ran.json["warnings"][0])


def test_a_title_of_a_million_letters_and_a_pattern_of_many_stars_take_no_time(tmp_path):
    path = titled(tmp_path, "aé" * 500_000 + "keep", "é" * 10**6, "\u0301" * 10**6)
    started = time.monotonic()
    left = gone(asked(tmp_path, path, titles=["*" + "a*é*" * 50 + "x", "*keep", "*" * 900 + "none"]))
    assert left == {"ses_1", "ses_2"} and time.monotonic() - started < 10


def test_a_plan_without_patterns_reads_no_title(tmp_path, monkeypatch):
    monkeypatch.setattr(patterns, "fold", lambda text: sys.exit("folded"))
    assert gone(asked(tmp_path, titled(tmp_path, "ÄRGER"))) == {"ses_0"}


def test_ids_that_are_no_text_are_protected_as_well(tmp_path):
    path = store_of(tmp_path, Session(b"ses_blob", title="keep"), Session("ses_\udcff", title="keep"),
                    Session(None, title="keep"))
    found = invoked("prune", f"--store={path}", f"--now={NOW}", f"--policy={policy(tmp_path, titles=['KEEP'])}",
                    "--yes", "--no-export", "--json", inside=True).json
    assert found["remove"] == [] and found["warnings"] == []
    with sqlite3.connect(path) as con:
        assert con.execute("SELECT COUNT(*) FROM session").fetchone() == (3,)


def test_a_child_that_a_pattern_names_protects_its_tree(tmp_path):
    path = store_of(tmp_path, Session("ses_1"), Session("ses_2", "ses_1", LONG_AGO, title="BEHALTEN ÜBER ALLES"))
    assert gone(asked(tmp_path, path, titles=["behalten über*"])) == set()
