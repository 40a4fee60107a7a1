"""Removal of child sessions whose parent is gone: trees of their own, by the same plan, guard and export as any."""

from __future__ import annotations

from collections.abc import Collection

from ..retention.selection import Question, Selection, decide, selection
from ..store import Store
from .plan_file import Script, compose

SENTENCE = "Remove trees whose first session names a parent that is gone; keep what the policy protects."


def removal(store: Store, question: Question, ignored: Collection[str], export: str) -> tuple[Selection, Script]:
    """What goes, and the script for it; `question` is one without limits, of what is protected.

    Raises `Refusal` 78 for a table with a session key that nobody knows.
    """
    store.catalog.refuse_strangers(ignored)
    unmet = decide(store, question)
    store.run("reclamation/orphan_units")
    store.run("retention/unit_order")
    chosen = selection(store, question.sentence, question.now, question.values, unmet, question.sections)
    return chosen, compose(store, chosen, export, question.overwrite)
