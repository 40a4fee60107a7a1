"""What tests of unattended runs share: a verb called in this process, at a moment."""

import pytest
from command import invoke, invoked, planted
from forests import NOW
from opencode_lifecycle.sql.words import DAY, HOUR


@pytest.fixture
def nightly(tmp_path):
    """A store, a policy, and `enforce` on them at so many hours after NOW."""
    return Nightly(tmp_path)


class Nightly:
    def __init__(self, folder, **shape):
        self.folder, self.db = folder, folder / "store" / "opencode.db"
        self.db.parent.mkdir()
        self.policy = folder / "policy.toml"
        planted(self.db, **({"trees": 12, "fresh": 6} | shape))
        self.write("[limits]\nmax_age = '90d'\n")

    def write(self, text):
        self.policy.write_text(text)

    def words(self, *flags, hours=0):
        return ("enforce", f"--store={self.db}", f"--policy={self.policy}", f"--now={NOW + hours * HOUR}", *flags)

    def said(self, *flags, hours=0, code=0, **more):
        return invoked(*self.words(*flags, hours=hours), code=code, **({"inside": True} | more))

    def steps(self, *flags, hours=0, code=0, **more):
        """By step, what `--json` says of it."""
        return {one["step"]: one for one in self.said("--json", *flags, hours=hours, code=code, **more).json["steps"]}

    def check(self, hours=0):
        return invoke(*self.words("--check", hours=hours), inside=True)


__all__ = ["DAY", "Nightly"]
