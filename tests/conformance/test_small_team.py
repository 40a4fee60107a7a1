"""A team in small: three machines, one server. Each file stays small, the server has everything ever written, and any
session comes back on any machine."""

import random

import brought
import by_url
import command
import forests
import odd_values
import pytest
from command import invoked, sessions_of
from forests import NOW, Recipe, Row, Session
from moments import DAY
from size import sized

DAYS = sized(3, 4, 30)
MACHINES = ("desk", "lap", "rack")
LIMIT = 400_000
POLICY = """
[limits]
max_size = "{limit}b"
[protect]
grace = 0
[enforce]
announce = 0
min_interval = 0
max_share = "100%"
[space]
free = "0%"
[exports]
to = "env:COPY_OF_THE_TEAM"
"""

pytestmark = pytest.mark.whole


def session(machine, number, at, chance):
    """What a day's work leaves: a session of some 20 to 60 kB."""
    id = f"ses_{machine}_{number:03}"
    rows = [Row("message", {"id": f"msg_{id}", "session_id": id, "time_updated": at, "data": odd_values.DONE})]
    rows += [Row("part", {"id": f"prt_{id}_{n}", "message_id": f"msg_{id}", "session_id": id, "time_updated": at,
                          "data": odd_values.PARTS[0]}, 10_000) for n in range(chance.randrange(2, 6))]
    return Recipe([Session(id, updated=at, title=f"{machine} on day {number}")], rows=rows)


def work(store, machine, number, at, chance):
    """The client writes a day's session."""
    day = store.with_name("day.db")
    forests.build(session(machine, number, at, chance), day, "1.18.33")
    with command.opened(store) as con:
        con.execute("ATTACH ? AS day", [str(day)])
        for table in ("session", "message", "part"):
            con.execute(f"INSERT INTO {table} SELECT * FROM day.{table}")
        con.execute("INSERT OR IGNORE INTO project SELECT * FROM day.project")


def test_a_team_lives_on_one_server(tmp_path, url, monkeypatch):
    monkeypatch.setenv("COPY_OF_THE_TEAM", url)
    policy, chance, written = tmp_path / "team.toml", random.Random(5), {}
    policy.write_text(POLICY.format(limit=LIMIT))
    stores = {name: brought.empty(_folder(tmp_path / name) / "opencode.db", "1.18.33") for name in MACHINES}
    for day in range(DAYS):
        now = NOW + day * DAY
        for name, store in stores.items():
            for part in range(4):
                work(store, name, 10 * day + part, now - DAY + part, chance)
            written |= dict.fromkeys(sessions_of(store), name)
            invoked("mirror", f"--to={url}", f"--store={store}", f"--origin={name}", inside=True)
            invoked("enforce", f"--policy={policy}", f"--now={now}", "--yes", "--json", f"--store={store}", inside=True)
            assert store.stat().st_size <= LIMIT, (day, name)
    there = {id for (id,) in by_url.run_sql(url, "SELECT id FROM session")}
    assert there == set(written) and len(there) == 3 * 4 * DAYS
    assert all(len(sessions_of(store)) < 4 * DAYS for store in stores.values())
    for name, store in stores.items():
        id = chance.choice(sorted(one for one, home in written.items() if home != name))
        invoked("restore", url, f"--session={id}", f"--store={store}", inside=True)
        assert id in sessions_of(store)
    listed = invoked("restore", url, "--list", "--json", inside=True).json
    assert {one["session"]: one["origin"] for one in listed} == written
    new = brought.empty(tmp_path / "new.db", "1.18.33")
    invoked("restore", url, f"--store={new}", inside=True)
    assert sessions_of(new) == there


def _folder(path):
    path.mkdir()
    return path
