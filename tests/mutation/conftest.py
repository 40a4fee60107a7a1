from pathlib import Path

import pytest

pytest.register_assert_rewrite(*(path.stem for path in Path(__file__).parent.glob("case*.py")))
