"""The table of kinds is what policies, history and templates say of them."""

import pytest
from forests import NOW
from opencode_lifecycle.policies import policy
from opencode_lifecycle.policies.policy import Policy
from opencode_lifecycle.sql import history
from opencode_lifecycle.sql.compiler import render
from opencode_lifecycle.sql.reclamation import kinds
from opencode_lifecycle.sql.reclamation.forecast import ReclaimRequest
from opencode_lifecycle.sql.reclamation.kinds import KINDS, USUAL
from places import ROOT


def test_what_is_on_by_default_is_so_without_a_policy_file_and_in_the_default_one():
    assert Policy().reclaims == USUAL == policy.read(ROOT / "policies/default.toml").reclaims


def test_the_history_knows_the_kinds_whose_undo_cannot_be_taken_back():
    assert {kind.name for kind in KINDS.values() if not kind.again} == history.NOT_AGAIN


def test_every_template_of_the_table_is_there_and_is_of_one_kind():
    named = [name for kind in KINDS.values() for name in (
        kind.work, *(one.name for one in (kind.find, kind.find_v2, kind.broken, *kind.others) if one),
        *(edit.template for edit in kind.edits)) if name]
    assert set(named) <= set(render.names()) and len(named) == len(set(named))


def test_values_that_come_back_have_a_column_and_what_goes_whole_has_none():
    assert {kind.name for kind in KINDS.values() if kind.edits} == \
        {kind.name for kind in KINDS.values() if kind.back == "values"}
    assert kinds.back("no kind") == ""


def test_nothing_is_judged_without_what_protects_it():
    assert ReclaimRequest(USUAL, NOW, 0).judged_by is None
    with pytest.raises(ValueError, match="nobody says which trees are protected"):
        assert ReclaimRequest(("leftovers",), NOW, 0).judged_by
