"""What every test stands on: its own folders for state, exports and configuration, and long runs only when asked."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from size import FULL

# Shrinking takes minutes where an example takes tenths of a second; the failing example is printed as it is.
settings.register_profile("quick", max_examples=60, deadline=None, suppress_health_check=list(HealthCheck),
                          phases=[Phase.explicit, Phase.reuse, Phase.generate])
settings.register_profile("full", max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
# For hunting: many examples, no shrinking.
settings.register_profile("hunt", max_examples=400, deadline=None, suppress_health_check=list(HealthCheck),
                          phases=[Phase.explicit, Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("full" if FULL else "quick"))


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew, then read the diff")


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory, monkeypatch):
    """Nothing of a test reaches the user's own state, and nothing of the user's reaches a test."""
    home = tmp_path_factory.mktemp("home")
    for name in ("STATE", "DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    for name in ("OPENCODE_LIFECYCLE_STORE", "OPENCODE_DB"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def say(record_property):
    """Says something below the results, from whatever process the test runs in."""
    return lambda text: record_property("said", text)


def pytest_terminal_summary(terminalreporter):
    reports = (report for found in terminalreporter.stats.values() for report in found)
    for report in (report for report in reports if getattr(report, "when", "") == "call"):
        for text in (text for name, text in report.user_properties if name == "said"):
            terminalreporter.write_line(f"{report.nodeid}: {text}")


def pytest_collection_modifyitems(items):
    if not FULL:
        for item in items:
            if "full" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="at full size: set LIFECYCLE_FULL=1"))
