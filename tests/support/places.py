"""Where things lie in the checkout."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
STORES = ROOT / "tests" / "stores"
SCHEMAS = ROOT / "tests" / "schemas"
GOLDEN = ROOT / "tests" / "golden"
SUPPORT = ROOT / "tests" / "support"
