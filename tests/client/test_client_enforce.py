"""The real client answers prompts while `enforce` evicts and reclaims around them: it never hears of us."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from client import Client
from lifecycle import must
from test_client_pace import STREAM, again_and_again, heavy_client, told

__all__ = ["heavy_client"]
pytestmark = pytest.mark.alone

POLICY = """
[limits]
max_age = "30d"
[enforce]
announce = 0
max_share = "100%"
min_interval = 0
[space]
free = "0%"
"""
P99 = 0.25                # seconds


def logged(client: Client) -> str:
    """All that the client has written to its log."""
    return "\n".join(path.read_text(errors="replace") for path in sorted(client.data.rglob("*.log")))


def test_prompts_end_well_and_the_list_answers_while_enforce_evicts_and_reclaims(
        heavy_client: Client, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY)
    with heavy_client.serve() as server:
        first, second = server.create("first"), server.create("second")
        with again_and_again(lambda: server.get("/session")) as took, \
                again_and_again(lambda: server.prompt(first, STREAM)) as prompts, \
                again_and_again(lambda: server.prompt(second, "Say hello.")) as short:
            time.sleep(6)
            took.clear()
            report = must(heavy_client, "enforce", f"--policy={policy}", "--json", timeout=3_000)
            time.sleep(1)
        told("GET /session beside `enforce`", took)
        left = {session["id"] for session in server.get("/session")}
    steps = {step["step"]: step for step in json.loads(report.out)["steps"]}
    assert steps["evict"]["status"] == "done" and steps["evict"]["sessions"] >= 5, steps
    assert steps["reclaim"]["status"] == "done", steps
    assert "locked" not in logged(heavy_client).lower()
    assert prompts and short and {first, second} <= left      # one that failed would have been raised
    assert sorted(took)[int(len(took) * 0.99)] <= P99, sorted(took)[-5:]
