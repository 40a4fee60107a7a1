"""The pages are held against the product: what they say of verbs, flags, keys, codes and output is so."""

import os
import re
import shlex
import subprocess
import sys
import tomllib

import pytest
from command import invoked
from opencode_lifecycle.policies import policy as policies
from opencode_lifecycle.sql import refusal
from opencode_lifecycle.sql.reclamation.kinds import KINDS as EVERY_KIND
from opencode_lifecycle.sql.verbs import demo
from opencode_lifecycle.tasks import namespace
from places import ROOT

README = (ROOT / "README.md").read_text()
PAGES = [ROOT / name for name in ("README.md", "policies/README.md", "sql/README.md", "sql/verbs/README.md",
                                  "sql/unattended/README.md",
                                  "tests/README.md", ".github/CONTRIBUTING.md", ".github/CHANGELOG.md")]
WHOLE = "\n".join(page.read_text() for page in PAGES)
HOME = "/home/me/.local"
OMITTED = ("...", "-- ...")
FLAG = re.compile(r"--[a-z][a-z-]*")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def section(heading):
    """The text below a heading of the second level, of whichever page has it."""
    return re.split(r"\n##? ", WHOLE.split(f"\n## {heading}\n", 1)[1], maxsplit=1)[0]


def rows(text):
    """The cells of each row of the tables in a text, without their headings."""
    tables = re.findall(r"^\|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))]
            for table in tables for row in table.splitlines()]


def blocks(language):
    return [text for name, text in FENCE.findall(WHOLE) if name == language]


def selection():
    """The flags that the README's word *selection* stands for."""
    return set(FLAG.findall(section("Verbs").split("*Selection* stands for", 1)[1].split(".\n", 1)[0]))


def documented():
    """What the table of the command line says of each verb: its positional arguments and its flags."""
    found = {}
    for verb, flags, *_ in rows(section("Verbs")):
        for words in re.findall(r"`([a-z]+[^`]*)`", verb):
            name, *arguments = words.split()
            chosen = set(FLAG.findall(flags)) | (selection() if "*selection*" in flags else set())
            found[name] = ({word.strip("[]").split("=")[0].lstrip("-").lower() for word in arguments}, chosen)
    return found


def existing():
    """The same of the tasks there are, as Invoke reads them."""
    found = {}
    for context in namespace().to_contexts():
        positional = {one.name for one in context.positional_args}
        # Every verb that looks at a store takes --quiet, which the page says once; that of `enforce` says more.
        common = {"--quiet"} if "--store" in context.flags and context.name != "enforce" else set()
        assert common <= set(context.flags)
        found[context.name] = (positional, set(context.flags) - {f"--{name}" for name in positional} - common)
    return found


def commands():
    """Every command of ours in the pages: in its blocks and in its text."""
    text = FENCE.sub("", WHOLE)
    told = [line.removeprefix("$ ") for _, block in FENCE.findall(WHOLE) for line in block.splitlines()]
    told += [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", text)]
    return [line for line in told if re.match(r"invoke [a-z]", line)]


def alike(text):
    """A line without what differs from day to day: the digits of a store in a file's name, numbers, and how wide they
    make a column."""
    text = re.sub(r"-[0-9a-f]{8}-(?=\d{8}-)", "-", text)
    return re.sub(r"\s+", " ", re.sub(r"\d[\d,.]*", "0", text)).strip()


def missing(shown, real):
    """The first line that is shown and does not stand in the real text behind those before it."""
    left = iter([alike(line) for line in real.splitlines()])
    for line in shown:
        if line.strip() and line.strip() not in OMITTED and alike(line) not in left:
            return line
    return None


# --- commands ------------------------------------------------------------------------------------


def test_the_readme_has_two_commands_that_a_machine_can_pick_out():
    picked = [line for name, block in FENCE.findall(README) if name == "sh" for line in block.splitlines()]
    first, second = [line for line in picked if line.startswith("python3 -m venv .venv && .venv/bin/pip install ")]
    assert first.endswith("-e . && .venv/bin/invoke demo")
    assert "test" in second and second.endswith(" && .venv/bin/pytest")


def test_every_verb_is_in_the_pages_with_exactly_its_flags():
    assert documented() == existing()


def test_every_verb_is_in_the_first_table_of_the_readme():
    assert {row[1].strip("`") for row in rows(section("The verbs"))} == set(existing())


def test_the_readme_is_what_a_user_needs_on_the_first_day():
    assert len(README.encode()) < 12_500


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_every_verb_is_in_the_list_and_says_what_it_does():
    listed = dict(re.findall(r"^  (\S+) +(\S.*)$", invoked("--list").out, re.MULTILINE))
    assert set(listed) == set(documented())


@pytest.mark.parametrize("context", namespace().to_contexts(), ids=lambda context: context.name)
def test_every_flag_of_a_verb_has_a_help_text(context):
    for argument in context.args.values():
        assert argument.help and argument.help[0].isupper(), argument.name
        assert argument.help.count("`") % 2 == 0


@pytest.mark.parametrize("context", namespace().to_contexts(), ids=lambda context: context.name)
def test_no_verb_has_a_short_flag_that_means_something_else_elsewhere(context):
    assert not [name for argument in context.args.values() for name in argument.names if len(name) == 1]


@pytest.mark.parametrize("line", commands())
def test_a_command_of_the_readme_can_be_typed(line):
    name, *words = shlex.split(line, comments=True)[1:]
    positional, flags = existing()[name]
    assert {word.split("=")[0] for word in words if word.startswith("-")} <= flags | {f"--{p}" for p in positional}
    assert len([word for word in words if not word.startswith("-")]) <= len(positional)


def test_a_command_of_the_readme_takes_exactly_what_it_says():
    assert len(commands()) > 25
    assert {line.split()[1] for line in commands()} >= {"stats", "plan", "apply", "prune", "undo", "reclaim"}


# --- rules, policy, codes ------------------------------------------------------------------------


def test_the_policy_file_of_the_readme_is_the_default_policy():
    (block,) = blocks("toml")
    assert block == (policies.HERE / "default.toml").read_text()


def test_every_key_of_a_policy_is_in_the_readme():
    document = tomllib.loads(blocks("toml")[0])
    assert {name: set(keys) for name, keys in document.items()} == {
        name: set(keys) for name, keys in policies.SECTIONS.items()}


def test_the_reason_codes_of_the_readme_are_those_of_the_sql():
    verdict = (ROOT / "sql" / "retention" / "verdict.sql").read_text()
    unit = (ROOT / "sql" / "retention" / "unit.sql").read_text()
    codes = re.findall(r"THEN '([a-z-]+)'", verdict) + re.findall(r"'(child-age)'", unit)
    rules = rows(section("What goes and what stays"))
    told = {code.strip("`") for row in rules for code in (row[0], row[-1])}
    assert set(codes) - {"remove"} <= told
    limits = {row[0].strip("`"): row[1] for row in rules if len(row) == 4}
    assert set(limits) == set(policies.LIMITS)
    for limit, flag in policies.FLAGS.items():
        assert f"`--{flag}`" in limits[limit]


def test_the_exit_codes_of_the_readme_are_those_of_the_product():
    constants = {value for name, value in vars(refusal).items() if name.isupper()}
    assert {int(row[0]) for row in rows(section("Exit codes"))} == {0} | constants


def test_every_kind_of_reclamation_is_in_the_readme():
    assert [row[0].strip("`") for row in rows(section("Reclaim"))] == list(EVERY_KIND)


# --- output --------------------------------------------------------------------------------------

RUN = "from opencode_lifecycle.tasks import program; program.run()"


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """The README's session on a sample store: each command, what it shows of it, what it really says; the plan."""
    home = tmp_path_factory.mktemp("me")
    env = os.environ | {"COLUMNS": "100", "XDG_DATA_HOME": f"{home}/share", "XDG_STATE_HOME": f"{home}/state",
                        "XDG_CONFIG_HOME": f"{home}/config"}
    for name in ("OPENCODE_LIFECYCLE_STORE", "OPENCODE_DB"):
        env.pop(name, None)
    (home / "share" / "opencode").mkdir(parents=True)
    demo.build(home / "share" / "opencode" / "opencode.db")
    found = []
    for piece in re.split(r"^\$ ", blocks("console")[0], flags=re.MULTILINE)[1:]:
        line, shown = piece.split("\n", 1)
        words = [sys.executable, "-c", RUN, *shlex.split(line)[1:]]
        done = subprocess.run(words, cwd=home, env=env, text=True, timeout=120, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        found.append((line, shown.splitlines(), done.stdout.replace(str(home), HOME)))
    return found, (home / "plan.sql").read_text().replace(str(home), HOME)


def test_the_session_of_the_readme_says_what_the_verbs_say(session):
    runs, _ = session
    assert [line.split()[1] for line, *_ in runs] == ["stats", "plan", "prune", "vacuum"]
    for line, shown, real in runs:
        assert any(text.strip() not in OMITTED for text in shown)
        assert missing(shown, real) is None, (line, real)


def test_the_plan_of_the_readme_is_what_the_templates_render(session):
    _, plan = session
    (block,) = blocks("sql")
    assert len(block.splitlines()) > 20 and "INSERT INTO lc_planned" in block and "DELETE FROM part" in block
    assert missing(block.splitlines(), plan) is None


def test_what_is_shown_of_a_run_has_no_line_of_its_own():
    assert missing(["one 1", "...", "two 2"], "one 7\nx\ntwo 8") is None
    assert missing(["two 2", "one 1"], "one 7\ntwo 8") == "one 1"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / "opencode.db"
    demo.build(path, trees=6)
    return path


def told(verb):
    """The keys that the README names for the JSON of a verb; those of what a run did stand apart."""
    (line,) = re.findall(rf"^- `{verb}`: (.*?)(?=^- |\n\n)", section("JSON"), re.MULTILINE | re.DOTALL)
    return [set(re.findall(r"`(\w+)`", part)) for part in line.split("also `applied` with")]


@pytest.mark.parametrize(("verb", "words"), [
    ("stats", ()), ("prune", ("--days=10", "--yes")), ("reclaim", ("--yes",)), ("vacuum", ()),
    ("explain", ("ses_00000000000000000000000020",)), ("export", ("--output=x.json",)),
])
def test_the_keys_of_the_json_are_in_the_readme(sample, verb, words):
    words = [word.replace("x.json", str(sample.with_name("x.json"))) for word in words]
    found = invoked(verb, *words, f"--store={sample}", "--json").json
    applied = [set(found["applied"])] if "applied" in found else []
    assert told(verb) == [set(found) - {"applied"}, *applied]


# --- the README itself ---------------------------------------------------------------------------


def test_the_pages_name_no_place_of_the_machine_they_were_written_on():
    assert not re.findall(r"/(?:work|tmp|root|opt|usr|var|mnt|srv|Users)/\S*", WHOLE)
    assert set(re.findall(r"/home/\w+", WHOLE)) <= {"/home/me"}


def test_the_pages_hold_no_emoji_and_no_mark_that_was_left_to_fill():
    assert not [c for c in WHOLE if ord(c) > 0x2fff]
    assert "<<" not in re.sub(r"`[^`]*`", "", FENCE.sub("", WHOLE)) and "TODO" not in WHOLE


def test_the_demo_shows_every_step_and_leaves_nothing_behind(own_folders, tmp_path):
    ran = invoked("demo", env=os.environ | {"TMPDIR": str(tmp_path)})
    assert [line.split()[2] for line in ran.out.splitlines() if line.startswith("$ invoke ")] == [
        "stats", "prune", "prune", "stats"]
    assert "returned to the disk" in ran.out and "On your own store" in ran.out
    assert not list(tmp_path.iterdir()) and not list(own_folders.rglob("*"))
