"""Files made by `opencode export`: one session as an object with info and messages, read as rows of client 1.x."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Any

from ..refusal import BAD_VALUE, FAILED, Refusal
from ..words import printable
from .format import dumps, strictly
from .packing import VALUES, few, reading
from .reader import Opened, Sealed, Stored, about

LARGEST = 2 * 10**9       # octets; the client itself fails long before that
SMALL = 8 << 20           # octets that are read without a look at the size on the disk
SPREAD = 20               # what each octet of a packed file may unpack to: real ones come to less than ten
OCTETS_A_VALUE = 8        # of a real one, and of far more where it has long texts
HALF = re.compile("[\ud800-\udfff]")
TEXTS = {"id": "id", "project_id": "projectID", "slug": "slug", "directory": "directory", "title": "title",
         "version": "version"}
MAYBE = {"workspace_id": "workspaceID", "parent_id": "parentID", "path": "path", "agent": "agent"}
TOKENS = ("input", "output", "reasoning")


def read_foreign(path: Path) -> Iterator[Opened | Stored | Sealed]:
    """Opened, rows, Sealed of the one session in the file.

    What the client does not export (todos, share, events, times of changes) cannot come back; a message or part
    counts as changed when it was made. Raises `Refusal` 64 for a file that is no such export.
    """
    text = _text(path)
    try:
        document = strictly(text)
        del text
        info = document["info"]
        rows = list(_rows(info, document["messages"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        raise Refusal(f"{printable(path, 500)} is no export: neither one of opencode-lifecycle nor one of "
                      "`opencode export`.", BAD_VALUE) from None
    yield Opened("v1", info["id"], info["id"], redacted=False)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.table] = counts.get(row.table, 0) + 1
        yield row
    yield Sealed(*about(info), counts, importable=True)


def _text(path: Path) -> str:
    """The whole text, which has to fit into memory, as the client's own import has it.

    What is small may be what it likes; of what is packed or long no more is read than its size on the disk bears out.
    """
    with reading(path) as file:
        most = min(LARGEST, max(SMALL, path.stat().st_size * SPREAD))
        text = bytearray()
        while len(text) <= most and (piece := file.read(SMALL)):
            text += piece
            if len(text) > SMALL and not text.lstrip().startswith(b"{"):
                break
    if len(text) > most:
        raise Refusal(f"{printable(path, 500)} is too long when unpacked to be read as an export of `opencode "
                      "export`; unpack it first, and restore the plain file.", FAILED)
    try:
        if len(text) > SMALL and not few(text, max(VALUES, path.stat().st_size // OCTETS_A_VALUE)):
            raise ValueError("too many values")
        return text.decode()
    except ValueError:
        raise Refusal(f"{printable(path, 500)} is no export: neither one of opencode-lifecycle nor one of "
                      "`opencode export`.", BAD_VALUE) from None


def _is(value: Any, *kinds: type) -> Any:
    """A value of one of these types; raises `TypeError` for another. A number is no truth value."""
    if type(value) not in kinds:
        raise TypeError("another type is expected")
    return value


def _rows(info: dict[str, Any], messages: list[Any]) -> Iterator[Stored]:
    yield Stored("session", _session(info))
    for message in _is(messages, list):
        made = _message(info["id"], _is(message["info"], dict))
        yield Stored("message", made)
        for part in _is(message["parts"], list):
            yield Stored("part", _part(info["id"], made, _is(part, dict)))


def _session(info: dict[str, Any]) -> dict[str, Any]:
    summary, tokens = _part_of(info, "summary"), _part_of(info, "tokens")
    times, model = _is(info["time"], dict), info.get("model")
    found = {name: _is(info[key], str) for name, key in TEXTS.items()}
    found |= {name: _is(info.get(key), str, NoneType) for name, key in MAYBE.items()}
    found |= {
        "share_url": _is(_part_of(info, "share").get("url"), str, NoneType),
        **{f"summary_{n}": _is(summary.get(n), int, NoneType) for n in ("additions", "deletions", "files")},
        "summary_diffs": _json(summary.get("diffs")), "metadata": _json(info.get("metadata")),
        "revert": _json(info.get("revert")), "permission": _json(info.get("permission")), "model": _json(model),
        "time_created": _is(times["created"], int), "time_updated": _is(times["updated"], int),
        "time_compacting": _is(times.get("compacting"), int, NoneType),
        "time_archived": _is(times.get("archived"), int, float, NoneType),
    }
    if "cost" in info:
        cache = _part_of(tokens, "cache")
        found["cost"] = float(_is(info["cost"], int, float))
        found |= {f"tokens_cache_{n}": _is(cache.get(n, 0), int) for n in ("read", "write")}
        found |= {f"tokens_{n}": _is(tokens.get(n, 0), int) for n in TOKENS}
    return found


def _part_of(info: dict[str, Any], key: str) -> dict[str, Any]:
    part: dict[str, Any] = _is(info.get(key) or {}, dict)
    return part


def _message(session: str, info: dict[str, Any]) -> dict[str, Any]:
    times = _is(info["time"], dict)
    made = _is(times["created"], int)
    data = {key: value for key, value in info.items() if key not in ("id", "sessionID")}
    return {"id": _is(info["id"], str), "session_id": session, "time_created": made,
            "time_updated": _is(times.get("completed") or made, int), "data": _json(data)}


def _part(session: str, message: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    data = {key: value for key, value in part.items() if key not in ("id", "sessionID", "messageID")}
    return {"id": _is(part["id"], str), "message_id": message["id"], "session_id": session,
            "time_created": message["time_created"], "time_updated": message["time_updated"], "data": _json(data)}


def _json(value: object) -> str | None:
    """JSON as it is stored. Half of a surrogate pair, as real outputs hold it, has no octets in UTF-8: it stays the
    escape that it was in the file."""
    return None if value is None else HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", dumps(value))
