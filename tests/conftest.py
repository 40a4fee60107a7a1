"""What every test stands on: its own folders for state, exports and configuration, and long runs only when asked."""

import os

import left_out
import longest
import pytest
import temporary
from hypothesis import HealthCheck, Phase, settings
from opencode_lifecycle.sql.compiler import kept
from size import sized

temporary.in_memory()
kept.SHAPES = 128  # the tests see stores of every schema: each is printed once a process

# Shrinking takes minutes where an example takes tenths of a second; the failing example is printed as it is.
settings.register_profile("quick", max_examples=6, deadline=None, suppress_health_check=list(HealthCheck),
                          phases=[Phase.explicit, Phase.reuse, Phase.generate])
settings.register_profile("whole", max_examples=12, deadline=None, suppress_health_check=list(HealthCheck),
                          phases=[Phase.explicit, Phase.reuse, Phase.generate])
settings.register_profile("full", max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
# For hunting: many examples, no shrinking.
settings.register_profile("hunt", max_examples=400, deadline=None, suppress_health_check=list(HealthCheck),
                          phases=[Phase.explicit, Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or sized("quick", "whole", "full"))


LEFT_OUT = pytest.StashKey[dict]()


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew, then read the diff")


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory, monkeypatch):
    """Nothing of a test reaches the user's own state, and nothing of the user's reaches a test."""
    home = tmp_path_factory.mktemp("home")
    for name in ("STATE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))  # of printed SQL: all share it
    for name in ("OPENCODE_LIFECYCLE_STORE", "OPENCODE_DB"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def say(record_property):
    """Says something below the results, from whatever process the test runs in."""
    return lambda text: record_property("said", text)


def pytest_collection_modifyitems(config, items):
    config.stash[LEFT_OUT] = left_out.take_out(config, items)
    longest.first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return longest.Files(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_sessionfinish(session, exitstatus):
    """A worker of xdist tells the process that speaks to people."""
    if exitstatus:
        temporary.keep()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[left_out.COUNTS] = dict(session.config.stash.get(LEFT_OUT, {}))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get(left_out.COUNTS, {})


def pytest_terminal_summary(terminalreporter, config):
    reports = (report for found in terminalreporter.stats.values() for report in found)
    for report in (report for report in reports if getattr(report, "when", "") == "call"):
        for text in (text for name, text in report.user_properties if name == "said"):
            terminalreporter.write_line(f"{report.nodeid}: {text}")
    if said := left_out.sentence(config.stash.get(LEFT_OUT, {})):
        terminalreporter.write_line(said)
