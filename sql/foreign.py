"""Files made by `opencode export`: one session as an object with info and messages, read as rows of client 1.x."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from .element import dumps
from .intake import Opened, Sealed, Stored
from .packing import reading
from .refusal import BAD_VALUE, Refusal

LARGEST = 2 * 10**9       # octets; the client itself fails long before that
TOKENS = ("input", "output", "reasoning")


def read_foreign(path: Path) -> Iterator[Opened | Stored | Sealed]:
    """Opened, rows, Sealed of the one session in the file.

    What the client does not export (todos, share, events, times of changes) cannot come back; a message or part
    counts as changed when it was made. Raises `Refusal` 64 for a file that is no such export.
    """
    with reading(path) as file:
        text = file.read(LARGEST + 1)
    try:
        if len(text) > LARGEST:
            raise ValueError("too long")
        document = json.loads(text)
        info = document["info"]
        rows = list(_rows(info, document["messages"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refusal(f"{path} is no export: neither one of opencode-lifecycle nor one of `opencode export`.",
                      BAD_VALUE) from None
    yield Opened("v1", info["id"], info["id"], redacted=False)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.table] = counts.get(row.table, 0) + 1
        yield row
    yield Sealed(info, counts, importable=True)


def _rows(info: dict, messages: list) -> Iterator[Stored]:
    yield Stored("session", _session(info))
    for message in messages:
        yield Stored("message", _message(info["id"], message["info"]))
        for part in message["parts"]:
            yield Stored("part", _part(info["id"], message["info"], part))


def _session(info: dict) -> dict:
    summary, tokens, times = info.get("summary") or {}, info.get("tokens") or {}, info["time"]
    found = {
        "id": info["id"], "project_id": info["projectID"], "workspace_id": info.get("workspaceID"),
        "parent_id": info.get("parentID"), "slug": info["slug"], "directory": info["directory"],
        "path": info.get("path"), "title": info["title"], "version": info["version"],
        "share_url": (info.get("share") or {}).get("url"), "summary_additions": summary.get("additions"),
        "summary_deletions": summary.get("deletions"), "summary_files": summary.get("files"),
        "summary_diffs": _json(summary.get("diffs")), "metadata": _json(info.get("metadata")),
        "revert": _json(info.get("revert")), "permission": _json(info.get("permission")),
        "agent": info.get("agent"), "model": _json(info.get("model")),
        "time_created": times["created"], "time_updated": times["updated"],
        "time_compacting": times.get("compacting"), "time_archived": times.get("archived"),
    }
    if "cost" in info:
        cache = tokens.get("cache") or {}
        found |= {"cost": float(info["cost"]), "tokens_cache_read": cache.get("read", 0),
                  "tokens_cache_write": cache.get("write", 0)} | {f"tokens_{n}": tokens.get(n, 0) for n in TOKENS}
    return found


def _message(session: str, info: dict) -> dict:
    made = info["time"]["created"]
    data = {key: value for key, value in info.items() if key not in ("id", "sessionID")}
    return {"id": info["id"], "session_id": session, "time_created": made,
            "time_updated": info["time"].get("completed") or made, "data": dumps(data)}


def _part(session: str, info: dict, part: dict) -> dict:
    made = info["time"]["created"]
    data = {key: value for key, value in part.items() if key not in ("id", "sessionID", "messageID")}
    return {"id": part["id"], "message_id": info["id"], "session_id": session, "time_created": made,
            "time_updated": info["time"].get("completed") or made, "data": dumps(data)}


def _json(value: object) -> str | None:
    return None if value is None else dumps(value)
