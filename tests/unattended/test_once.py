"""The part of the plugin that needs no client, by Node's own test runner."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest


def test_the_shared_part_of_the_plugin_does_what_its_own_tests_say(tmp_path, say):
    node = shutil.which("node")
    if not node:
        if os.environ.get("REQUIRE_CLIENT") == "1":
            pytest.fail("node is required")
        pytest.skip("node is not installed")
    done = subprocess.run([node, "--test", Path(__file__).with_name("once.test.mjs")], capture_output=True, text=True,
                          timeout=120, env=os.environ | {"TMPDIR": str(tmp_path)})
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-1000:]
    passed = int(re.findall(r"^# pass (\d+)", done.stdout, re.MULTILINE)[0])
    assert passed >= 16
    say(f"{passed} tests of the plugin passed")
