"""Copies for bug reports: structure, ids, times and numbers stay; what people or models wrote does not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from .catalog import Owned
from .element import dumps

# Columns and keys whose texts are the client's own words. All others are replaced, known or not.
WORDS = frozenset({
    "id", "session_id", "message_id", "project_id", "parent_id", "aggregate_id", "fork_session_id", "workspace_id",
    "sessionID", "messageID", "parentID", "projectID", "callID", "sessionId", "parentSessionId", "tail_start_id",
    "type", "role", "status", "priority", "version", "tool", "mode", "agent", "providerID", "modelID", "variant",
    "finish", "reason", "mime", "vcs", "delivery", "idle_outcome", "hash", "snapshot", "strategy",
})
PLAIN_WORD = re.compile(r"[\w.:@+-][\w./:@+-]{0,99}", re.ASCII)
# Below these keys a tool or a server chose the names, so nothing but the client's own ids is known to be harmless.
FREE = frozenset({"input", "output", "metadata", "raw", "structured", "data", "error", "headers"})
OWN_ID = re.compile(r"(ses|msg|prt|evt|tool|per|que|wrk)_[0-9A-Za-z]{4,40}", re.ASCII)
KEY = re.compile(r"[A-Za-z_$][\w$-]{0,63}", re.ASCII)


def redactor(tables: Mapping[str, Owned]) -> Callable[[str, list], list]:
    """A function that replaces the texts in a row of a table."""
    def hide(table: str, row: list) -> list:
        owned = tables[table]
        hidden = [_value(column, value) for column, value in zip(owned.columns, row, strict=False)]
        sound = [None if value is None else 1 for value in
                 (hidden[owned.columns.index(column)] for column in owned.bytes)]
        return hidden + sound
    return hide


def _value(column: str, value: object) -> object:
    if not isinstance(value, (str, bytes, bytearray)):
        return value
    octets = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    if octets[:1] in (b"{", b"["):
        try:
            return bytearray(dumps(_tree(column, json.loads(octets), column == "metadata")).encode())
        except (ValueError, RecursionError):
            pass
    text = octets.decode("utf-8", "replace")
    if _is_word(column, text):
        return bytearray(text.encode())
    mark = _mark(column, text)
    return bytearray((dumps(mark) if column == "data" else mark).encode())


def _tree(key: str, value: object, free: bool) -> object:
    if isinstance(value, dict):
        return {(name if KEY.fullmatch(name) else _mark("key", name)): _tree(name, one, free or name in FREE)
                for name, one in value.items()}
    if isinstance(value, list):
        return [_tree(key, one, free) for one in value]
    if not isinstance(value, str) or OWN_ID.fullmatch(value) or (not free and _is_word(key, value)):
        return value
    return _mark(key, value)


def _is_word(key: str, text: str) -> bool:
    return key in WORDS and bool(PLAIN_WORD.fullmatch(text))


def _mark(kind: str, text: str) -> str:
    return f"[redacted:{kind if KEY.fullmatch(kind) else 'text'}:{len(text)}]"
