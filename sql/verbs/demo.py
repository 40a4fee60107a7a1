"""A sample store of the client's real schema, and a walk through stats, prune and stats on it."""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from ..engines.sqlite.library import sqlite3
from ..words import DAY, program

TOPICS = ("Fix the flaky login test", "Add a dark theme", "Why is the build slow?", "Port the parser to Rust",
          "Upgrade to Python 3.13", "Explain the cache layer", "Write release notes", "Profile the importer")
WORDS = ("cache", "parser", "index", "thread", "socket", "branch", "commit", "query", "buffer", "token", "schema")
PROJECTS = ("global", "5f1c0de5f1c0de5f1c0de5f1c0de5f1c0de5f1c0")
TABLES = ("session", "message", "part", "event_sequence", "event", "todo")
STREAMED = 12     # times that the event log repeats a tool result while it streams


def run(invoke: Callable[..., object], keep: bool) -> None:
    """Build the store, run the verbs on it as a user would, and say how to go on; the folder goes unless `keep`."""
    folder = Path(tempfile.mkdtemp(prefix="opencode-lifecycle-demo-"))
    path = folder / "opencode.db"
    for name in ("STATE", "DATA"):  # the sample leaves no trace in your history and among your exports
        os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())
    try:
        _say(f"$ # a store of the client's own schema, made up of {build(path)} sessions\n")
        for words in (("stats", "--deep", "--top=5"), ("prune", "--days=30", "--dry-run"),
                      ("prune", "--days=30", "--children=14d", "--vacuum", "--yes"), ("stats", "--top=5")):
            _say(f"$ {program()} {' '.join(words)}\n")
            invoke(*words, f"--store={path}")
            _say()
        _say(f"On your own store, which is found by itself:\n\n  {program()} stats\n  {program()} plan --days=90 "
             f"--out=plan.sql\n  {program()} apply plan.sql\n  {program()} vacuum\n")
    finally:
        if keep:
            _say(f"The sample store stays at {path}.")
        else:
            shutil.rmtree(folder)


def _say(text: str = "") -> None:
    """At once, so that it stands before what the next verb says on stderr."""
    print(text, flush=True)


def build(path: Path, trees: int = 60, seed: int = 1) -> int:
    """Write a store of `trees` session trees, some with children, spread over half a year; return its sessions."""
    random.seed(seed)
    connection = sqlite3.connect(str(path), isolation_level=None)
    db = Database(connection)
    db.enable_wal()
    connection.executescript((Path(__file__).parents[1] / "schema" / "client.sql").read_text())
    now = int(time.time() * 1000)
    db.table("project").insert_all(
        {"id": id, "worktree": "/" if id == "global" else "/home/me/project", "vcs": "git",
         "time_created": now - 200 * DAY, "time_updated": now, "sandboxes": "[]"} for id in PROJECTS)
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for number in range(trees):
        active = now - int(DAY * (0.1 + number * 3))
        _session(tables, number * 10, None, TOPICS[number % len(TOPICS)], active)
        for child in range(number % 3):
            _session(tables, number * 10 + child + 1, number * 10, f"Look into part {child + 1} (@general subagent)",
                     active - DAY)
    with db.atomic():
        for name, rows in tables.items():
            db.table(name).insert_all(rows)
    sessions = len(tables["session"])
    db.close()
    return sessions


def _session(tables: dict[str, list[dict[str, Any]]], number: int, parent: int | None, title: str, active: int) -> None:
    id = _id("ses", number)
    times = {"time_created": active - DAY, "time_updated": active}
    tables["session"].append({
        "id": id, "project_id": PROJECTS[number % 2], "parent_id": None if parent is None else _id("ses", parent),
        "slug": f"sample-{number}", "directory": "/home/me/project", "title": title, "version": "1.18.33", **times})
    tables["todo"].append({"session_id": id, "content": "Look at it", "status": "completed", "priority": "high",
                           "position": 0, **times})
    seq = 0
    for turn in range(random.randint(2, 6)):
        for role, parts in (("user", _question(title)), ("assistant", _answer(active))):
            message = _id("msg", number * 100 + turn * 2 + (role == "assistant"))
            data = {"role": role, "time": {"created": active, "completed": active}, "agent": "build"}
            tables["message"].append({"id": message, "session_id": id, "data": json.dumps(data), **times})
            for position, part in enumerate(parts):
                name = f"{message.replace('msg', 'prt')}{position}"
                tables["part"].append({"id": name, "message_id": message, "session_id": id,
                                       "data": json.dumps(part), **times})
                for _ in range(STREAMED if part["type"] == "tool" else 2):
                    tables["event"].append({
                        "id": _id("evt", number * 1_000 + seq), "aggregate_id": id, "seq": seq,
                        "type": "message.part.updated.1",
                        "data": json.dumps({"sessionID": id, "part": part | {"id": name}})})
                    seq += 1
    tables["event_sequence"].append({"aggregate_id": id, "seq": seq - 1})


def _question(title: str) -> Iterator[dict[str, Any]]:
    yield {"type": "text", "text": title}


def _answer(active: int) -> Iterator[dict[str, Any]]:
    output = " ".join(random.choices(WORDS, k=random.randint(200, 2_500)))
    compacted = {"compacted": active} if random.random() < 0.3 else {}
    yield {"type": "reasoning", "text": " ".join(random.choices(WORDS, k=60)), "time": {"start": active}}
    yield {"type": "tool", "callID": "call", "tool": "bash", "state": {
        "status": "completed", "input": {"command": "ls"}, "output": output, "title": "ls",
        "metadata": {"output": output, "exit": 0}, "time": {"start": active, "end": active} | compacted}}
    yield {"type": "text", "text": " ".join(random.choices(WORDS, k=120))}


def _id(prefix: str, number: int) -> str:
    return f"{prefix}_{number:026d}"
