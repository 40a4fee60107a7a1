"""A policy is shown as TOML that reads back as the same policy, and a file to begin with explains each key."""

import re
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencode_lifecycle.policies import keys, policy, shown, units
from opencode_lifecycle.policies.policy import Policy, ProjectSection

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
NUMBERS = st.integers(0, 2**50)
VALUES = {units.duration: NUMBERS, units.size: NUMBERS, units.count: st.integers(0, 10**12 - 1),
          keys.flag: st.booleans(), keys.texts: st.lists(TEXTS, max_size=3).map(tuple),
          keys.sizes: st.sets(NUMBERS, max_size=3).map(sorted).map(tuple),
          keys.share: st.integers(0, 10**8).map(lambda n: n / 10**6 / 100),
          keys.some_share: st.integers(1, 10**8).map(lambda n: n / 10**6 / 100)}
WORDS = {"age_by": st.sampled_from(keys.AGES), "method": st.sampled_from(keys.METHODS),
         "notify": st.sampled_from(("", "notify-send 'a \"b\" c'", "é\u202e \\x")),
         "to": st.sampled_from(("", "postgresql://me@db.example/opencode", "env:COPY", "~/cold.db"))}


@st.composite
def drawn(draw):
    values = {keys.field(section, key): draw(WORDS[key] if key in WORDS else VALUES[read])
              for section, known in keys.SECTIONS.items() for key, read in known.items()}
    own = {key: draw(st.none() | VALUES[read]) for key, read in keys.OF_PROJECT.items()}
    return Policy(**values, per_project=(ProjectSection(draw(TEXTS), **own),))


@given(rules=drawn())
def test_every_value_reads_back_as_it_was(tmp_path_factory, rules):
    path = tmp_path_factory.mktemp("p") / "p.toml"
    own = rules.per_project[0]
    said = tuple(one for one in (own,) if any(getattr(own, key) is not None for key in keys.OF_PROJECT))
    for text in (shown.effective(rules), shown.commented(rules)):
        path.write_text(text, encoding="utf-8")
        found = replace(policy.read(path), source="")
        assert all(letter.isprintable() or letter == "\n" for letter in text)
        assert found == rules if said else replace(found, per_project=()) == replace(rules, per_project=())


def test_each_value_says_where_it_was_set(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('[limits]\nmax_age = "60d"\nmax_sessions = 9\n[project."prj_b"]\nmax_age = 0\n')
    rules = policy.with_flags(*policy.load(str(file)), {"max_age": "30"})
    lines = [re.sub(" +", " ", line) for line in shown.effective(rules).splitlines()]
    assert lines[0] == f"# {rules.sentence()}"
    assert {'max_age = "30d" # --days', f"max_sessions = 9 # {file}", "max_size = 0 # default",
            '[project."prj_b"]', f"max_age = 0 # {file}"} <= set(lines)


def test_flags_without_a_chosen_policy_leave_no_other_limit(tmp_path, own_folders):
    own = policy.config_folder() / "policy.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[limits]\nmax_sessions = 9\nage_by = "created"\n[project."prj_b"]\nmax_age = 1\n[protect]\n'
                   'keep_last = 3\n')
    rules = policy.with_flags(*policy.load(None), {"max_age": "30"})
    assert (rules.max_sessions, rules.age_by, rules.per_project, rules.keep_last) == (0, "activity", (), 3)
    assert rules.origins == {"limits.max_age": "--days", "protect.keep_last": str(own)}


@pytest.mark.parametrize("name", policy.names())
def test_a_file_to_begin_with_explains_each_key_and_has_the_values_of_the_policy(name, tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(shown.commented(policy.load(name)[0]))
    assert replace(policy.read(path), source="") == replace(policy.load(name)[0], source="")
    explained = re.findall(r"^(\w+) = .*?\s# \S.*$", path.read_text(), re.MULTILINE)
    assert sorted(explained) == sorted(key for known in keys.SECTIONS.values() for key in known)
    assert {name: set(known) for name, known in tomllib.loads(path.read_text()).items()} == {
        name: set(known) for name, known in keys.SECTIONS.items()}
