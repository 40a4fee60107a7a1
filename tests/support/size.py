"""How much is asked of the tests: `.ci/run full` sets LIFECYCLE_FULL=1."""

import os

FULL = os.environ.get("LIFECYCLE_FULL") == "1"
