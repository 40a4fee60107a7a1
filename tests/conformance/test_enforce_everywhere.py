"""`enforce` on every server: archive, reclaim, export and evict; the space is the server's own business."""

import command
import worlds
from forests import NOW
from opencode_lifecycle.sql.words import DAY

POLICY = """
[limits]
max_age = "90d"
[enforce]
archive_after = "1d"
"""


def steps(url, policy, now, *flags):
    ran = command.invoked("enforce", f"--store={url}", f"--policy={policy}", f"--now={now}", "--json", *flags)
    return {step["step"]: step for step in ran.json["steps"]}


def test_a_server_is_kept_small_and_every_step_is_taken_back(url, tmp_path):
    path, policy = command.planted(tmp_path / "opencode.db", trees=12, fresh=6), tmp_path / "policy.toml"
    policy.write_text(POLICY)
    assert not worlds.load(path, url).left
    before = worlds.dump(url)
    command.invoked("enforce", f"--store={url}", f"--policy={policy}", "--check", f"--now={NOW}", code=2)
    first = steps(url, policy, NOW)
    assert (first["archive"]["status"], first["evict"]["status"]) == ("done", "announced")
    assert first["space"]["status"] == "skipped" and "server" in first["space"]["why"]
    command.invoked("enforce", f"--store={url}", f"--policy={policy}", "--check", f"--now={NOW + DAY}", code=2)
    second = steps(url, policy, NOW + DAY)
    assert second["evict"]["status"] == "done" and second["evict"]["sessions"] == 18
    command.invoked("enforce", f"--store={url}", f"--policy={policy}", "--check", f"--now={NOW + 2 * DAY}")
    numbers = [step["run"] for found in (second, first) for step in reversed(found.values()) if step.get("run")]
    for number in numbers:
        command.invoked("undo", f"--run={number}", f"--store={url}", "--yes")
    assert worlds.dump(url) == before
