"""Copies for bug reports: structure, ids, times and counts stay; what people, models or plugins wrote does not.

What stays is a closed list of the client's own words, by key. Everything else is replaced, known or not: texts, keys
of objects below which a tool or a server chose the names, numbers there, ids that are not of the client's own form.
An id is replaced by the same one wherever it stands, so that rows still refer to each other.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

from ..catalog import Owned
from .format import dumps


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


AGENTS = _words("build plan general explore scout compaction title summary")
# By key or column: the only texts that stay as they are.
WORDS = {
    "type": _words("text reasoning file tool step-start step-finish snapshot patch agent subtask retry compaction "
                   "symbol resource user assistant system synthetic shell agent-switched model-switched "
                   "json_schema object"),
    "role": _words("user assistant system"),
    "status": _words("pending running completed error in_progress cancelled streaming added deleted modified"),
    "priority": _words("high medium low"),
    "tool": _words("bash read write edit multiedit patch apply_patch glob grep list ls task todowrite todoread "
                   "webfetch websearch codesearch question skill lsp invalid batch plan_enter plan_exit"),
    "mode": AGENTS, "agent": AGENTS,
    "providerID": _words("anthropic openai google google-vertex amazon-bedrock azure openrouter opencode "
                         "github-copilot groq mistral xai deepseek ollama lmstudio"),
    "variant": _words("none minimal low medium high xhigh max default"),
    "finish": _words("stop length tool-calls content-filter error other unknown"),
    "reason": _words("stop length tool-calls content-filter error other unknown"),
    "mime": _words("text/plain text/html text/markdown text/csv image/png image/jpeg image/gif image/webp "
                   "image/svg+xml application/pdf application/json application/x-directory application/octet-stream"),
    "vcs": _words("git"), "delivery": _words("steer queue"),
    "idle_outcome": _words("completed error interrupted"),
}
IDS = _words("id session_id message_id project_id parent_id aggregate_id fork_session_id workspace_id sessionID "
             "messageID parentID projectID partID callID workspaceID sessionId parentSessionId tail_start_id owner_id")
# Keys of the client's own objects; what stands below one of FREE was named by others.
KEYS = IDS | frozenset(WORDS) | _words(
    "time created updated completed start end compacted archived compacting initialized cost tokens input output "
    "reasoning cache read write total path cwd root summary title body diffs file files before after patch additions "
    "deletions error name data message system tools model modelID text synthetic ignored metadata url filename source "
    "value snapshot hash prompt description command attempt auto overflow state raw attachments info part parts format "
    "structured sandboxes commands permission pattern action revert diff share secret version slug directory todos "
    "content position headers responseBody isRetryable statusCode")
FREE = _words("input output metadata raw structured data error headers tools commands")
OWN_ID = re.compile(r"(?:ses|msg|prt|evt|tool|per|que|pty|usr|wrk|inp)_[0-9a-f]{12}[0-9A-Za-z]{14}", re.ASCII)
PREFIX = re.compile(r"(ses|msg|prt|evt|tool|per|que|pty|usr|wrk|inp)_", re.ASCII)
PROJECT = re.compile(r"global|[0-9a-f]{40}", re.ASCII)
HASH = re.compile(r"[0-9a-f]{40}", re.ASCII)
VERSION = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}", re.ASCII)
EVENT = re.compile(r"(?:session|message|message\.part)\.(?:created|updated|removed|deleted)\.[0-9]{1,2}", re.ASCII)


class Redactor:
    """Replaces texts; the same id by the same other one, which nobody can find out without this object."""

    def __init__(self, tables: Mapping[str, Owned]):
        self._tables, self._salt = tables, secrets.token_bytes(16)

    def __call__(self, table: str, row: list[Any]) -> list[Any]:
        """A row of a table, and which of its counted columns hold something."""
        owned = self._tables[table]
        hidden = [self.value(column, value) for column, value in zip(owned.columns, row, strict=False)]
        sound = [None if value is None else 1 for value in
                 (hidden[owned.columns.index(column)] for column in owned.bytes)]
        return hidden + sound

    def value(self, column: str, value: object) -> object:
        """A column's value as the copy has it."""
        if not isinstance(value, (str, bytes, bytearray)):
            return value
        octets = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
        if octets[:1] in (b"{", b"["):
            try:
                return bytearray(dumps(self.tree(column, json.loads(octets), column in FREE - {"data"})).encode())
            except (ValueError, RecursionError):
                pass
        shown = self.text(column, octets.decode("utf-8", "replace"))
        own = column != "data" or shown == octets.decode("utf-8", "replace")
        return bytearray((shown if own else dumps(shown)).encode())

    def tree(self, key: str, value: object, free: bool) -> object:
        if isinstance(value, dict):
            return {self._key(name): self.tree(name, one, free or name in FREE) for name, one in value.items()}
        if isinstance(value, list):
            return [self.tree(key, one, free) for one in value]
        if isinstance(value, str):
            return self.text(key, value, free)
        return 0 if free and isinstance(value, (int, float)) and not isinstance(value, bool) else value

    def text(self, key: str, text: str, free: bool = False) -> str:
        """A text, an id or one of the client's words under a key."""
        if OWN_ID.fullmatch(text) or key in IDS and not (free and key == "id"):
            return self.id(text)
        if not free and (text in WORDS.get(key, ()) or self._formed(key, text)):
            return text
        return f"[redacted:{key if key in KEYS else 'text'}:{len(text)}]"

    def _formed(self, key: str, text: str) -> bool:
        form = {"hash": HASH, "snapshot": HASH, "version": VERSION, "type": EVENT}.get(key)
        return bool(form and form.fullmatch(text))

    def id(self, text: str) -> str:
        """An id of the client's own form as it is; of any other, always the same in its place."""
        if OWN_ID.fullmatch(text) or PROJECT.fullmatch(text):
            return text
        prefix = PREFIX.match(text)
        return (prefix[0] if prefix else "id_") + self._digest(text)[:26]

    def _key(self, name: str) -> str:
        return name if name in KEYS else f"[redacted:key:{self._digest(name)[:12]}]"

    def _digest(self, text: str) -> str:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._salt).hexdigest()
