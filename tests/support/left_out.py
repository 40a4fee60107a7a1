"""What a run of this size leaves out, and how it says so: long tests are marked `whole` or `full`, or lie in LONG.

A test whose file or folder is named on the command line runs, whatever its mark but `full`.
"""

from collections import Counter

import servers
from places import ROOT
from size import FULL, WHOLE

# Folders of tests that take minutes, or need what a laptop may lack: servers, the client, a compiler.
LONG = ("conformance", "mutation", "client", "benchmark", "tsql")
TESTS = ROOT / "tests"
COUNTS = "left_out"
SERVERS = {*servers.__all__}  # whatever asks for a server is long


def named(config):
    """The files and folders that the command line names, but for the whole suite."""
    paths = ((config.invocation_params.dir / str(arg).split("::")[0]).resolve() for arg in config.args)
    return [path for path in paths if path not in (ROOT, TESTS)]


def size_of(item):
    """The size of run that a test belongs to: quick, whole or full."""
    if item.get_closest_marker("full"):  # not a keyword: a folder of that name is one too
        return "full"
    if SERVERS & {*getattr(item, "fixturenames", ())}:
        return "whole"
    folder = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
    return "whole" if folder in LONG or item.get_closest_marker("whole") else "quick"


def take_out(config, items):
    """Take the tests that this run leaves out from `items`; how many by size is kept for the last line."""
    asked = named(config)
    out = []
    for item in items:
        size = size_of(item)
        wanted = WHOLE or any(path == item.path or path in item.path.parents for path in asked)
        if (size == "full" and not FULL) or (size == "whole" and not wanted):
            out.append(item)
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in set(out)]
    return Counter(size_of(item) for item in out)


def sentence(counts):
    """One line for people: what was left out and what runs it."""
    said = []
    if counts.get("whole"):
        said.append(f"{counts['whole']:,} long tests (servers, the client, mutants, kills, memory): LIFECYCLE_WHOLE=1, "
                    "or name their file or folder")
    if counts.get("full"):
        said.append(f"{counts['full']:,} at full size: LIFECYCLE_FULL=1")
    return f"Left out: {'; '.join(said)}. `.ci/run` and `.ci/run full` run them." if said else ""
