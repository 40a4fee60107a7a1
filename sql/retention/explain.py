"""Why a tree stays or goes: every rule's verdict, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..refusal import BAD_VALUE, Refusal
from ..store import Store
from ..words import human, json_text, printable, span, stamp
from .selection import Question, decide

COLUMNS = ("root", "title", "project", "sessions", "active", "newest", "tally", "bytes", "size", "unsafe", "unclear",
           "running", "shared", "pinned", "restored", "matched", "place", "place_in_project", "protection", "over_age",
           "over_count", "over_size", "over_tree_size", "verdict", "reason", "room", "filled", "section", "aged",
           "old_since", "in_project", "max_sessions", "max_tree_size", "child_since")

# What each sign of work under way says of a session (`retention/running`).
SIGNS = {
    "claimed": "a turn has claimed it, and the next start of the client resumes it (time_suspended is set)",
    "inbox": "work is queued for it (session_inbox)",
    "pending": "work is queued for it (session_pending)",
    "compacting": "it is being compacted (time_compacting is set)",
    "message": "an assistant's message has neither completed nor failed",
    "tool": "a tool call has not ended",
}


def refuse_unknown(store: Store, session: str) -> None:
    """Raise `Refusal` 64 for an id that no session of the store has."""
    if not store.one("retention/exists", {"id": session})[0]:
        raise Refusal(f"{printable(session)} is no session of {store.name}.", BAD_VALUE)


def explain(store: Store, question: Question, session: str) -> dict[str, object]:
    """The verdict on the tree of `session` and what each protection and limit says of it."""
    refuse_unknown(store, session)
    decide(store, question)
    (root,) = store.one("retention/whereabouts", {"session": session})
    if not (found := list(store.rows("retention/explain", {"root": root}))):
        raise Refusal(f"{printable(session)} is in no tree that {printable(question.brought_by)} brought.", BAD_VALUE)
    tree = dict(zip(COLUMNS, found[0], strict=True))
    children = [id for id, _ in store.rows("retention/units_of", {"root": root})]
    signs = list(store.rows("retention/running_signs", {"root": root}))
    judged = tree["verdict"] is not None
    return {
        "policy": question.sentence, "now": question.now, "session": session, "root": root,
        "title": json_text(tree["title"]),
        "verdict": tree["verdict"] or "keep", "reason": tree["reason"] or "other-project", "children_go": children,
        "facts": {
            "sessions": tree["sessions"], "last activity": _when(tree["active"], question.now),
            **({"created": _when(tree["aged"] or 0, question.now)} if question.values["by_created"] else {}),
            "newest row": _when(tree["newest"], question.now), "rows": int(tree["tally"]),
            "content": human(int(tree["bytes"])),
            "place in the order": tree["place"] if judged else "not judged: of another project",
        },
        "running": [{"session": id, "sign": sign, "why": SIGNS[sign]} for id, sign in signs],
        "protections": _protections(tree, question) if judged else {},
        "limits": _limits(tree, question, children) if judged else {},
    }


def _protections(tree: dict[str, Any], question: Question) -> dict[str, str]:
    values = question.values
    holds = {
        "unsafe-id": tree["unsafe"], "time-unclear": tree["unclear"], "future": tree["active"] > question.now,
        "running": tree["running"], "shared": tree["shared"], "pinned": tree["pinned"], "restored": tree["restored"],
        "protect": tree["matched"], "grace": tree["active"] > values["grace_since"],
        "keep-last": tree["place"] <= values["keep_last"],
        "keep-last-per-project": tree["place_in_project"] <= values["keep_last_per_project"],
    }
    return {name: ("yes, and it decides" if name == tree["protection"] else "yes") if held else "no"
            for name, held in holds.items()}


def _limits(tree: dict[str, Any], question: Question, children: list[str]) -> dict[str, str]:
    def said(name: str, limit: int | None, over: int, words: Callable[[int], str]) -> str:
        where = _origin(tree, question, name)
        return f"off{where}" if limit is None else f"{'over' if over else 'within'}: {words(int(limit))}{where}"

    place, number = (("place_in_project", "number {} of its project") if tree["in_project"] else ("place", "number {}"))
    return {
        "age": said("active_since", tree["old_since"], tree["over_age"],
                    lambda since: f"{_aged(tree, question)}, the limit is {span(question.now - since)}"),
        "count": said("max_sessions", tree["max_sessions"], tree["over_count"],
                      lambda most: f"{number.format(tree[place])}, the limit is {most}"),
        "size": said("max_size", question.values["max_size"], tree["over_size"], lambda most: _room(tree)),
        "tree-size": said("max_tree_size", tree["max_tree_size"], tree["over_tree_size"],
                          lambda most: f"{human(int(tree['size']))}, the limit is {human(most)}"),
        "child-age": said("child_since", tree["child_since"], len(children),
                          lambda since: f"{len(children)} of its children go, the limit is "
                                        f"{span(question.now - since)}"),
    }


def _origin(tree: dict[str, Any], question: Question, name: str) -> str:
    """Where the limit of this name was set: by a section of the tree's project, the limits of all, or a flag."""
    if tree["section"] is not None and name in (section := question.sections[int(tree["section"])]).said:
        return f" ({section.shown})"
    return f" ({question.origins[name]})" if name in question.origins else ""


def _aged(tree: dict[str, Any], question: Question) -> str:
    if not question.values["by_created"]:
        return f"idle for {span(max(0, question.now - tree['active']))}"
    if tree["aged"] is None:
        return "when it was created is not clear"
    return f"created {span(max(0, question.now - int(tree['aged'])))} ago"


def _room(tree: dict[str, Any]) -> str:
    room = f"{human(max(0, int(tree['room'])))} are left by what is protected or belongs to no tree"
    return f"{room}; filled to {human(int(tree['filled']))} with this tree" if tree["filled"] is not None else room


def _when(moment: int, now: int) -> str:
    if not moment:
        return "unknown"
    return f"{stamp(moment)} UTC, " + (f"{span(now - moment)} ago" if moment <= now else "in the future")
