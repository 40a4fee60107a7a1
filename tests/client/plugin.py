"""Our plugin as `install` lists it in the client's folders, and what stands in for the tool and its news."""

from __future__ import annotations

import json
from pathlib import Path

from client import Client


def ours(client: Client) -> Path:
    return client.home / "state" / "opencode-lifecycle"


def entry(client: Client) -> tuple[Path, str, dict]:
    """The file that lists the plugin, and the plugin's options."""
    file = client.home / "config" / "opencode" / "tui.jsonc"
    text = file.read_text()
    ((path, options),) = json.loads(text[text.index("{"):])["plugin"]
    return file, path, options


def options(client: Client, **more: object) -> None:
    file, path, found = entry(client)
    file.write_text(json.dumps({"plugin": [[path, found | more]]}))


def news(client: Client) -> None:
    facts = {"moment": 1, "file_bytes": 130_200_000, "free_bytes": 0, "per_day": 2_000_000,
             "warnings": ["The store takes 130.2 MB, over the mark of 100.0 MB."],
             "evicted": {"run": 7, "sessions": 12, "bytes": 3_000_000, "moment": 5, "undo": "tool undo --run=7"},
             "announced": None, "outcome": "done", "command": "tool history"}
    ours(client).mkdir(parents=True, exist_ok=True)
    (ours(client) / "status.json").write_text(json.dumps({"stores": {entry(client)[2]["store"]: facts}}))


def script(folder: Path, name: str, body: str) -> list[str]:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return [str(file)]
