"""A policy is a file of plain data: every key is explained, every mistake is refused by its name."""

import re
import tomllib

import command
import pytest
from opencode_lifecycle.policies import policy
from opencode_lifecycle.sql.refusal import BAD_VALUE, Refusal
from places import ROOT


@pytest.mark.parametrize("name", policy.names())
def test_every_policy_says_in_one_sentence_what_it_does_and_where_it_stands(name):
    said = policy.load(name)[0].sentence()
    assert said.endswith(f"(policies/{name}.toml).") or f"(policies/{name}.toml);" in said
    assert said.startswith("No limit is set" if name == "default" else "Remove ") and "\n" not in said


def test_what_a_policy_sets_is_in_its_sentence():
    rules = policy.Policy(max_age=90 * 86_400_000, max_size=10**9, keep_last=20)
    for said in ("90 days", "1.0 GB", "newest 20"):
        assert said in rules.sentence()


def test_the_default_policy_names_and_explains_every_key_with_its_default():
    text = (ROOT / "policies" / "default.toml").read_text()
    document = tomllib.loads(text)
    assert {section: set(keys) for section, keys in document.items()} == {
        section: set(keys) for section, keys in policy.SECTIONS.items()
    }
    explained = set(re.findall(r"^(\w+) = .*?\s# \S.*$", text, re.MULTILINE))
    assert {key for keys in policy.SECTIONS.values() for key in keys} == explained
    assert policy.load("default")[0] == policy.Policy(source="policies/default.toml")


def test_without_a_file_of_ones_own_the_default_holds(own_folders):
    assert policy.load(None) == (policy.load("default")[0], False)
    own = policy.config_folder() / "policy.toml"
    own.parent.mkdir(parents=True)
    own.write_text("[limits]\nmax_sessions = 3\n")
    assert policy.load(None)[0].max_sessions == 3


@pytest.mark.parametrize("what", ["a link to nowhere", "a link to itself", "a folder"])
def test_a_policy_of_ones_own_that_cannot_be_read_is_not_taken_for_none(own_folders, what):
    """What it protects would be forgotten, and the flags of a run would remove it."""
    own = policy.own_file()
    own.parent.mkdir(parents=True)
    if what == "a folder":
        own.mkdir()
    else:
        own.symlink_to(own if what.endswith("itself") else "/nowhere/policy.toml")
    with pytest.raises(Refusal, match=re.escape(str(own))) as refused:
        policy.load(None)
    assert refused.value.code == BAD_VALUE
    command.refused(64, "prune", "--days=1", "--dry-run", says=str(own), inside=True)


@pytest.mark.parametrize(
    "text, why",
    [
        ("[limits]\nmax_ages = 3", "unknown key limits.max_ages .did you mean max_age"),
        ("[limit]\nmax_age = 3", r"unknown section \[limit\] .did you mean limits"),
        ("limits = 3", r"write \[limits\]"),
        ("[limits]\nmax_age = -3", "limits.max_age=-3: not a duration"),
        ("[limits]\nmax_age = true", "not a duration"),
        ("[limits]\nmax_size = '3 apples'", "limits.max_size=3 apples: not a size"),
        ("[limits]\nmax_sessions = 1.5", "not a whole number"),
        ("[protect]\ntitles = 'x'", "not a list of texts"),
        ("[protect]\ntitles = ['']", "not a list of texts"),
        ("[space]\noverwrite = 1", "neither true nor false"),
        ("[warn]\nsizes = ['x']", "warn.sizes=x: not a size"),
        ("[limits", "is no TOML"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(tmp_path, text, why):
    file = tmp_path / "p.toml"
    file.write_text(text)
    with pytest.raises(Refusal, match=why) as refused:
        policy.load(str(file))
    assert refused.value.code == BAD_VALUE and "\n" not in str(refused.value) and str(file) in str(refused.value)
