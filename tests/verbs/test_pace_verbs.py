"""Every verb that writes beside a client: how long the client's writes wait. LIFECYCLE_FULL=1 takes 500 MB."""

import time

import beside
import command
import heavy
import pytest
from command import invoked
from size import FULL

pytestmark = pytest.mark.whole

MB = 500 if FULL else 8
TYPICAL, LONGEST = 0.25, 0.5  # seconds that a write may wait, at the 99th percentile and at most
KINDS = ("orphans", "events", "compacted", "diffs", "outputs", "reasoning", "attachments")
FINAL = ("orphans", "events", "orphans,events")  # what they take is said elsewhere
TOLD = []


@pytest.fixture(scope="module", autouse=True)
def table():
    """What was measured, for a README."""
    yield
    print("\n| beside a client | writes | p99 | longest |\n|---|---|---|---|")
    print("\n".join(TOLD))


@pytest.fixture
def quiet(tmp_path):
    """A store that nobody else touches: what a write waits for there is the machine."""
    (tmp_path / "quiet").mkdir()
    path = command.planted(tmp_path / "quiet" / "opencode.db", trees=1)
    with command.opened(path) as con:
        heavy.session(con, beside.SESSION)
    return path


@pytest.fixture
def store(tmp_path):
    return heavy.planted(tmp_path / "opencode.db", MB)


@pytest.fixture
def calm(quiet):
    """Run a verb beside a client, which must not notice."""
    def run(store, *words, codes=(0,), name=None):
        with beside.writer(quiet) as alone, beside.writer(store) as met:
            ran = command.invoke(*words, f"--store={store}", timeout=3_000)
            time.sleep(0.2)
        told(name or " ".join(word for word in words if word != "--yes"), met, max(alone["waits"]))
        assert ran.code in codes and "Traceback" not in ran.err, ran
        return ran

    return run


def told(name, met, noise):
    waits = sorted(met["waits"])
    typical, longest = waits[int(len(waits) * 0.99)], waits[-1]
    TOLD.append(f"| `{name}` | {len(waits):,} | {typical * 1000:.0f} ms | {longest * 1000:.0f} ms |")
    print(TOLD[-1], f"alone {noise * 1000:.0f} ms")
    assert met["errors"] == []
    assert typical <= TYPICAL + noise and longest <= LONGEST + noise, TOLD[-1]


def kept(store):
    with command.opened(store) as con:
        return {table: con.execute(f"SELECT COUNT(*), SUM(LENGTH(CAST({column} AS BLOB))) FROM {table}").fetchone()
                for table, column in (("session", "id"), ("message", "data"), ("part", "data"), ("event", "data"))}


def newest_export():
    return invoked("exports", "--json").json["exports"][0]["file"]


def test_removal_its_undo_and_replacement(store, calm):
    before = kept(store)
    calm(store, "prune", "--days=30", "--yes")
    assert kept(store)["session"][0] == 4
    file = newest_export()
    calm(store, "undo")
    assert kept(store) == before
    with command.opened(store) as con:
        con.execute("UPDATE part SET data = '{}' WHERE id LIKE 'prt_msg_ses_plain%_7'")
    calm(store, "restore", file, "--replace", "--yes", name="restore FILE --replace")
    assert kept(store) == before
    calm(store, "undo", "--yes", name="undo (of the replacement)")


@pytest.mark.parametrize("kind", KINDS if FULL else ("orphans,events", "compacted,diffs,reasoning", "attachments"))
def test_reclamation_and_its_undo(store, calm, kind):
    before = kept(store)
    calm(store, "reclaim", f"--only={kind}", "--yes")
    assert kept(store) != before
    if kind == "attachments":
        calm(store, "restore", "--attachments")
    elif kind not in FINAL:
        calm(store, "undo", name=f"undo (of {kind})")
    assert (kept(store) == before) is (kind not in FINAL)


def test_space_is_returned(store, calm):
    calm(store, "convert", "--yes", codes=(75,))
    invoked("convert", "--yes", f"--store={store}", timeout=3_000)
    invoked("prune", "--days=30", "--yes", "--no-export", f"--store={store}", timeout=3_000)
    size = store.stat().st_size
    calm(store, "vacuum", "--method=full", "--yes", codes=(75,))
    calm(store, "vacuum")
    calm(store, "checkpoint")
    assert store.stat().st_size < size / 2


def test_a_plan_and_the_archive_flag(store, calm, tmp_path):
    plan = tmp_path / "plan.sql"
    invoked("plan", "--days=30", f"--out={plan}", f"--store={store}", timeout=3_000)
    calm(store, "archive", "--older-than=30d", "--yes")
    calm(store, "unarchive", "--older-than=30d", "--yes")
    calm(store, "undo", name="undo (of the flag)")
    invoked("undo", "--run=3", f"--store={store}")
    calm(store, "apply", plan, "--yes", name="apply PLAN")
    assert kept(store)["session"][0] == 4


def test_rows_of_1x_that_2x_has_left_behind(tmp_path, calm):
    store = heavy.left(tmp_path / "opencode.db", MB)
    before = kept(store)
    calm(store, "reclaim", "--only=leftovers", "--yes")
    assert kept(store)["part"][0] < before["part"][0] // 2
    calm(store, "undo", name="undo (of leftovers)")
    assert kept(store) == before


@pytest.mark.parametrize(("sessions", "chain"), [(20_000, False), (100_000, False), (5_000, True)] if FULL else
                         [(1_000, False), (300, True)])
def test_a_tree_of_many_sessions(tmp_path, calm, sessions, chain):
    store = heavy.forest(tmp_path / "opencode.db", sessions, chain)
    before, shape = kept(store), f"{'a chain' if chain else 'a tree'} of {sessions:,} sessions"
    calm(store, "archive", "--older-than=30d", "--yes", name=f"archive ({shape})")
    calm(store, "unarchive", "--older-than=30d", "--yes", name=f"unarchive ({shape})")
    calm(store, "prune", "--days=30", "--yes", codes=(0, 3), name=f"prune ({shape})")
    invoked("prune", "--days=30", "--yes", f"--store={store}", timeout=3_000)
    assert kept(store)["session"][0] == before["session"][0] - sessions
    ran = calm(store, "undo", codes=(0, 75), name=f"undo ({shape})")
    assert (kept(store) == before) is (ran.code == 0)
    if ran.code:
        invoked("undo", f"--store={store}", timeout=3_000)
    assert kept(store) == before
