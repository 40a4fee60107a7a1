"""A protection is said once, and counts wherever a tree, a child or what 1.x left behind is judged."""

import re

import jinja2
import pytest
from opencode_lifecycle.sql.compiler import portable
from opencode_lifecycle.sql.verbs import templates

RULES = ("retention/verdict", "retention/child", "reclamation/find_leftovers")
LIST = "retention/_protections.sql"


def flags(table):
    """The columns of a work table that are 1 or 0, but for the client's own flag of sessions that it has put away."""
    text = text_of("schema/work").split(f"CREATE TEMPORARY TABLE {table} (")[1].split(");")[0]
    return set(re.findall(r"(\w+) INT NOT NULL", text)) - {"archived"}


def text_of(name, partials=()):
    """A template as Jinja leaves it, with other partials than its own."""
    plain = portable.templates()
    there = plain.overlay(loader=jinja2.ChoiceLoader([jinja2.DictLoader(dict(partials)), plain.loader]))
    return there.get_template(f"{name}.sql").render({"store": templates.catalog("mixed"), **templates.STRUCTURE})


def test_whatever_is_known_to_protect_a_tree_holds_it_and_its_children():
    verdict, child = text_of("retention/verdict"), text_of("retention/child")
    assert len(flags("lc_tree")) == 7
    for flag in flags("lc_tree"):
        assert f"WHEN p.{flag} = 1 THEN '" in verdict and f"t.{flag} = 0" in child


def test_whatever_a_session_says_for_itself_keeps_its_leftovers():
    said = flags("lc_session") & flags("lc_tree")
    assert said == {"unsafe", "unclear", "shared"}
    assert all(f"f.{flag} = 0" in text_of("reclamation/find_leftovers") for flag in said)


@pytest.mark.parametrize("name", RULES)
def test_a_protection_that_is_added_to_the_list_is_in_every_rule(name):
    loader = portable.templates().loader
    text, _, _ = loader.get_source(portable.templates(), LIST)
    more = text.replace('("protect", "matched"),', '("protect", "matched"), ("sacred", "blessed"),').replace(
        '"shared") -%>', '"shared", "blessed") -%>')
    assert "blessed" not in text_of(name) and more.count("blessed") == 2
    assert re.search(r"\w\.blessed = [01]", text_of(name, {LIST: more}))
