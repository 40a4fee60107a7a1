"""A file that is measured larger than was reckoned: the run evicts once more, and is one run in all that bounds it."""

import pytest
from command import invoke, invoked, opened, planted, sessions_of, sound
from days import DAY, Days
from forests import NOW
from opencode_lifecycle.sql.refusal import BUSY, Refusal
from opencode_lifecycle.sql.unattended import enforce

TREES, EACH = 20, 100_000         # trees of so many octets, more or less, a day apart
LIMIT = TREES * EACH


@pytest.fixture
def full(tmp_path):
    return Full(tmp_path)


class Full:
    """Trees that take as much as the file may, and beside them what no reckoning of trees sees."""

    def __init__(self, folder):
        (folder / "store").mkdir()
        self.db, self.policy = planted(folder / "store" / "opencode.db", trees=0, fresh=0), folder / "policy.toml"
        place = Days(self.db)
        place.begin(protected=())
        with opened(self.db) as con:
            con.execute("BEGIN")
            for n in range(TREES):
                place.tree(con, f"ses_{n:02}", NOW - (TREES - n + 2) * DAY, EACH // 12_500)
            con.execute("COMMIT")
        self.write()

    def write(self, share="100%", announce="0", size=LIMIT):
        self.policy.write_text(f"[limits]\nmax_size = '{size}B'\n[reclaim]\nevents = false\n[enforce]\n"
                               f"max_share = '{share}'\nannounce = '{announce}'\n")

    def ballast(self, octets):
        with opened(self.db) as con:
            con.execute("CREATE TABLE ballast (data)")
            con.executemany("INSERT INTO ballast VALUES (zeroblob(?))", [(4_000,)] * (octets // 4_096))

    def steps(self, days=0, code=0):
        words = ("enforce", f"--store={self.db}", f"--policy={self.policy}", f"--now={NOW + days * DAY}", "--json")
        return {one["step"]: one for one in invoked(*words, code=code, inside=True).json["steps"]}

    @property
    def size(self):
        return self.db.stat().st_size


def test_after_one_run_the_file_is_under_its_limit_though_it_takes_more_than_was_reckoned(full):
    full.ballast(LIMIT // 5)
    before, digest = sessions_of(full.db), Days(full.db).digest()
    steps = full.steps()
    assert full.size <= LIMIT, steps
    left = sessions_of(full.db)
    evict = steps["evict"]
    assert len(evict["runs"]) == 2 and len(evict["exports"]) == 2 and "in 2 passes" in evict["why"]
    assert evict["sessions"] == len(before - left) and evict["trees"] * 2 == evict["sessions"]
    assert left == set(sorted(before)[-len(left):]) and len(left) >= TREES   # the newest stay: a root and a child each
    assert steps["space"]["returned_bytes"] > evict["bytes"] * 0.8
    sound_but_for_ballast(full.db)
    for command in evict["undo"].split(" && "):
        invoked(*command.split()[1:], "--yes", inside=True)
    assert Days(full.db).digest() == digest


def sound_but_for_ballast(db):
    with opened(db) as con:
        con.execute("DROP TABLE ballast")
    sound(db)


def test_the_next_run_has_learned_from_it_and_needs_one_pass(full):
    full.ballast(LIMIT // 5)
    assert len(full.steps()["evict"]["runs"]) == 2
    place = Days(full.db)
    with opened(full.db) as con:
        con.execute("BEGIN")
        for n in range(4):
            place.tree(con, f"ses_new_{n}", NOW + n, EACH // 12_500)
        con.execute("COMMIT")
    evict = full.steps(days=2)["evict"]
    assert evict["status"] == "done" and len(evict["runs"]) == 1 and full.size <= LIMIT, evict


def test_the_share_of_a_run_is_of_all_its_passes_together(full):
    full.write(share="20%")
    full.ballast(LIMIT // 5)
    evict = full.steps()["evict"]
    assert evict["trees"] <= TREES // 5 and len(evict["runs"]) <= 2
    assert evict["rest"]["trees"] and "left for the next run" in evict["why"] and full.size > LIMIT
    assert invoke("enforce", f"--store={full.db}", f"--policy={full.policy}", f"--now={NOW + 2 * DAY}", "--check",
                  inside=True).code == 2
    full.steps(days=2)
    full.steps(days=4)
    assert full.size <= LIMIT


def test_what_only_the_measure_finds_is_announced_before_it_goes(full):
    full.write(announce="24h", size=LIMIT * 3 // 2)
    assert full.steps()["evict"]["status"] == "nothing"
    full.ballast(LIMIT * 35 // 100)
    before = sessions_of(full.db)
    assert full.size > LIMIT * 3 // 2
    evict = full.steps(days=2)["evict"]
    assert evict["status"] == "announced" and sessions_of(full.db) == before
    evict = full.steps(days=3)["evict"]
    assert evict["status"] == "done" and len(evict["runs"]) == 1 and full.size <= LIMIT * 3 // 2, evict


def test_a_file_full_of_what_is_no_session_costs_a_quarter_at_most_and_comes_to_an_end(full):
    full.ballast(LIMIT * 3)
    steps = full.steps()
    assert len(steps["evict"]["runs"]) <= enforce.PASSES and full.size > LIMIT
    with opened(full.db) as con:
        (octets,) = con.execute("SELECT SUM(LENGTH(data)) FROM part").fetchone()
    assert octets * 3 > LIMIT * 0.45, steps    # tables and indexes take a fifth; a part stands in the log twice
    again = full.steps(days=2)["evict"]
    assert again["status"] == "nothing", again


@pytest.mark.parametrize("why", ["busy", "dry"])
def test_where_space_was_not_given_back_nothing_more_goes(full, monkeypatch, why):
    def busy(*_):
        raise Refusal("A client has it open.", BUSY)

    full.ballast(LIMIT // 5)
    if why == "busy":
        monkeypatch.setitem(enforce.STEPS, "space", busy)
        assert len(full.steps()["evict"]["runs"]) == 1
    else:
        words = ("enforce", f"--store={full.db}", f"--policy={full.policy}", f"--now={NOW}", "--json", "--dry-run")
        assert invoked(*words, inside=True).json["steps"][3]["status"] == "planned"
