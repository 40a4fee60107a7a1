"""What tests of unattended runs share: a verb called in this process, at a moment; a machine with schedulers."""

import pytest
from command import invoke, invoked, planted, refused
from forests import NOW
from machine import PROGRAMS, Machine
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


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "opencode.db"
    planted(path)
    return str(path)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path, *PROGRAMS)


@pytest.fixture
def at(machine, store, monkeypatch):
    """Run schedule on the machine: the words, and the exit code that it must have."""
    monkeypatch.setattr("sys.platform", "linux")

    def run(verb, *words, code=0, **more):
        given = [f"--store={store}"] if verb == "schedule" and "--show" not in words else []
        return (refused if code else invoked)(*((code,) if code else ()), verb, *words, *given, env=machine.env, **more)
    return run


__all__ = ["DAY", "Nightly"]
