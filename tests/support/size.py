"""How much is asked of the tests: `.ci/run` sets LIFECYCLE_WHOLE=1, `.ci/run full` LIFECYCLE_FULL=1."""

import os

FULL = os.environ.get("LIFECYCLE_FULL") == "1"
WHOLE = FULL or os.environ.get("LIFECYCLE_WHOLE") == "1"


def sized(quick, whole, full):
    """How many examples, files or kills a run of this size makes."""
    return full if FULL else whole if WHOLE else quick
