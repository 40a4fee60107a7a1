"""Every verb that writes beside a client: how long the client's writes wait. LIFECYCLE_FULL=1 takes 500 MB."""

import os
import time
from contextlib import contextmanager

import beside
import command
import heavy
import pytest
from command import invoked

FULL = bool(os.environ.get("LIFECYCLE_FULL"))
MB = 500 if FULL else 8
TYPICAL, LONGEST = 0.25, 0.5  # seconds that a write may wait, at the 99th percentile and at most
KINDS = ("orphans", "events", "compacted", "diffs", "outputs", "reasoning", "attachments")
TOLD = []


@pytest.fixture(scope="module", autouse=True)
def table():
    """What was measured, for a README."""
    yield
    print("\n| beside a client | writes | p99 | longest |\n|---|---|---|---|")
    print("\n".join(TOLD))


@pytest.fixture(scope="module")
def noise(tmp_path_factory):
    """How long a write waits on this machine where nobody is in its way, in seconds."""
    path = command.planted(tmp_path_factory.mktemp("quiet") / "opencode.db", trees=1)
    with command.opened(path) as con:
        heavy.session(con, beside.SESSION)
    with beside.writer(path) as met:
        time.sleep(3)
    return max(met["waits"])


@pytest.fixture
def store(tmp_path):
    return heavy.planted(tmp_path / "opencode.db", MB)


@pytest.fixture
def calm(store, noise):
    """Run a verb beside a client, which must not notice."""
    @contextmanager
    def watched(name):
        with beside.writer(store) as met:
            yield
            time.sleep(0.2)
        waits = sorted(met["waits"])
        typical, longest = waits[int(len(waits) * 0.99)], waits[-1]
        TOLD.append(f"| `{name}` | {len(waits):,} | {typical * 1000:.0f} ms | {longest * 1000:.0f} ms |")
        print(TOLD[-1], f"alone {noise * 1000:.0f} ms")
        assert met["errors"] == []
        assert typical <= TYPICAL + noise and longest <= LONGEST + noise, TOLD[-1]

    def run(*words, code=0, name=None):
        with watched(name or " ".join(word for word in words if not str(word).startswith("/"))):
            return invoked(*words, f"--store={store}", code=code, timeout=3_000)

    return run


def kept(store):
    with command.opened(store) as con:
        return {table: con.execute(f"SELECT COUNT(*), SUM(LENGTH(CAST({column} AS BLOB))) FROM {table}").fetchone()
                for table, column in (("session", "id"), ("message", "data"), ("part", "data"), ("event", "data"))}


def newest_export():
    return invoked("exports", "--json").json["exports"][0]["file"]


def test_removal_its_undo_and_replacement(store, calm):
    before = kept(store)
    calm("prune", "--days=30", "--yes")
    assert kept(store)["session"][0] == 4
    file = newest_export()
    calm("undo")
    assert kept(store) == before
    with command.opened(store) as con:
        con.execute("UPDATE part SET data = '{}' WHERE id LIKE 'prt_msg_ses_plain%_7'")
    calm("restore", file, "--replace", "--yes", name="restore FILE --replace")
    assert kept(store) == before
    calm("undo", "--yes", name="undo (of the replacement)")


@pytest.mark.parametrize("kind", KINDS)
def test_reclamation_and_its_undo(store, calm, kind):
    before = kept(store)
    calm("reclaim", f"--only={kind}", "--yes")
    assert kept(store) != before
    if kind == "attachments":
        calm("restore", "--attachments")
    elif kind not in ("orphans", "events"):
        calm("undo", name=f"undo (of {kind})")
    assert (kept(store) == before) is (kind not in ("orphans", "events"))


def test_space_is_returned(store, calm):
    calm("convert", "--yes", code=75)
    invoked("convert", "--yes", f"--store={store}", timeout=3_000)
    invoked("prune", "--days=30", "--yes", "--no-export", f"--store={store}", timeout=3_000)
    size = store.stat().st_size
    calm("vacuum", "--method=full", "--yes", code=75)
    calm("vacuum")
    calm("checkpoint")
    assert store.stat().st_size < size / 2


def test_a_plan_and_the_archive_flag(store, calm, tmp_path):
    plan = tmp_path / "plan.sql"
    invoked("plan", "--days=30", f"--out={plan}", f"--store={store}", timeout=3_000)
    calm("archive", "--older-than=30d", "--yes")
    calm("unarchive", "--older-than=30d", "--yes")
    calm("undo", name="undo (of the flag)")
    invoked("undo", "--run=3", f"--store={store}")
    calm("apply", plan, "--yes", name="apply PLAN")
    assert kept(store)["session"][0] == 4
