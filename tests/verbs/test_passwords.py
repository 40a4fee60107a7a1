"""A password in a URL comes back from no verb: not in talk or data, a plan, the history, or Invoke's own errors."""

import os
from urllib.parse import unquote, urlsplit

import command
import pytest
from command import invoke, judge_by
from flags import FLAGS, VERBS, words

pytest_plugins = ["servers"]
SECRET = "hunter2"
URL = f"postgresql://u:{SECRET}@h/db"
SCRIPT = ("-c", "from opencode_lifecycle.tasks import program; program.run()")

# Every verb on a server store, each of which does something.
RUNS = (
    "migrate --to={url} --store={store}", "mirror --to={url} --store={store}",
    "mirror --to={url} --store={store} --json",
    "stats {at}", "stats --json {at}", "policy {at}", "policy --json {at}", "explain ses_0000_a {at}",
    "prune --days=30 --dry-run {now} {at}", "prune --days=30 {now} {at}", "plan --days=30 {now} {at}",
    "plan --days=30 {now} --out={folder}/plan.sql {at}", "pin ses_0001_a {at}", "pins {at}", "pins --json {at}",
    "unpin ses_0001_a {at}", "archive --session=ses_0001_a {at}", "unarchive --session=ses_0001_a {at}",
    "export --output={folder}/mine.json {at}", "export --output={folder}/mine2.json --json {at}",
    "apply {folder}/plan.sql --yes {at}", "undo --yes {at}", "prune --days=30 --yes --vacuum {now} {at}",
    "undo --yes --json {at}", "prune --days=30 --yes --json {now} {at}", "restore {folder}/mine.json {at}",
    "restore {folder}/mine.json --dry-run {at}", "restore {folder}/mine.json --list --store={store}",
    "reclaim --all-events --yes {now} {at}", "reclaim --json {now} {at}", "reclaim --orphan-children {now} {at}",
    "prune --days=30 --yes {now} --export-to={url} --store={store}", "history --store={store}",
    "undo --yes --from={url} --store={store}", "restore {url} --list", "restore {url} --list --json",
    "restore {url} --session=ses_none --store={store}", "restore {url} --json --store={store}",
    "vacuum {at}", "vacuum --json {at}", "checkpoint {at}", "convert {at}", "exports", "exports --json",
    "history {at}", "history --all", "history --all --json", "enforce --check {at}", "enforce --yes --json {now} {at}",
    "install {at}", "install --remove", "schedule --with=windows {at}", "unschedule --with=windows",
)


def silent(text):
    assert SECRET not in text, text


@pytest.mark.whole
@pytest.mark.parametrize("kind", ["postgres", "mysql"])
def test_no_verb_on_a_server_says_or_keeps_the_password(request, kind, tmp_path, own_folders):
    url = request.getfixturevalue(f"{kind}_url")
    coded = urlsplit(url).password
    assert coded and unquote(coded) != coded
    (tmp_path / "store").mkdir()
    store, folder = command.planted(tmp_path / "store" / "opencode.db", trees=4, parts=2, pad=100), tmp_path
    given = {"url": url, "store": store, "at": f"--store={url}", "folder": folder, "now": judge_by()}
    for run in RUNS:
        ran = invoke(*run.format(**given).split(" "), inside=True)
        assert ran.code in (0, 2, 64, 75, 78) and "Traceback" not in ran.err, (run, ran)
        assert coded not in ran.out + ran.err and unquote(coded) not in ran.out + ran.err, (run, ran)
    kept = [file for place in (own_folders, folder) for file in place.rglob("*") if file.is_file()]
    assert {"plan.sql", "state.db"} <= {file.name for file in kept}
    for file in kept:
        held = file.read_bytes()
        assert coded.encode() not in held and unquote(coded).encode() not in held, file


def test_every_verb_is_among_them():
    assert {run.split()[0] for run in RUNS} | {"check", "demo", "render"} == set(VERBS)


WRONG = (f"--stroe={URL}", f"--dayz={URL}", f"--yes={URL}", f"--json={URL}", URL, f"postgres:/u:{SECRET}@h/db",
         f"--store={URL} --nosuch={URL}", f"--store {URL} {URL}")


@pytest.mark.parametrize("program", [("-m", "invoke"), SCRIPT], ids=["invoke", "script"])
@pytest.mark.parametrize("wrong", WRONG)
def test_what_invoke_cannot_read_is_said_without_the_password(wrong, program):
    ran = invoke("history", *wrong.split(), program=program)
    silent(ran.out + ran.err)
    assert ran.code and ran.err.strip() and "Traceback" not in ran.err, ran


@pytest.mark.parametrize("verb", VERBS)
def test_no_flag_that_a_verb_does_not_have_says_the_password(verb):
    for wrong in WRONG:
        ran = invoke(verb, *wrong.split(), inside=True, env=os.environ | {"OPENCODE_LIFECYCLE_STORE": URL})
        silent(ran.out + ran.err)
        assert "Traceback" not in ran.err, ran


@pytest.mark.parametrize(("verb", "flag"), FLAGS, ids=lambda word: word)
def test_a_url_in_any_flag_is_said_and_kept_without_its_password(verb, flag, tmp_path, own_folders, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = command.planted(tmp_path / "opencode.db", trees=2, parts=1, pad=10)
    for more in ((), ("--yes",), ("--json",)):
        ran = invoke(verb, *words(verb, store, flag, URL), *more, inside=True)
        silent(ran.out + ran.err)
        assert "Traceback" not in ran.err, ran
    for file in own_folders.rglob("*"):
        assert SECRET not in file.name and (file.is_dir() or SECRET.encode() not in file.read_bytes()), file


@pytest.mark.parametrize("words", [
    ("stats", "--store=postgresql://[x"), ("stats", "--store=mysql://h:abc/x"), ("stats", "--store=mssql://h"),
    ("migrate", "--to=cold.db", "--revert"),
], ids=" ".join)  # fmt: skip
def test_the_shape_of_a_url_that_is_hinted_at_is_not_masked(words):
    assert "***" not in command.refused(64, *words, says="HOST").err
