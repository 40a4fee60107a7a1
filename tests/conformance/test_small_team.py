"""A team in small: three machines, one server. Each file stays small, the server has everything ever written, and any
session comes back on any machine. At full size a file is held under 200 MB."""

import random
import shutil
from hashlib import md5

import brought
import by_url
import command
import forests
import pytest
from command import invoked, sessions_of
from forests import NOW, Recipe, Row, Session
from moments import DAY, HOUR
from odd_values import DONE
from size import FULL, sized

DAYS = sized(3, 4, 30)
MACHINES = ("desk", "lap", "rack")
FILE = 200_000_000 if FULL else 800_000  # octets that a store and its log never reach
LIMIT = 160_000_000 if FULL else 400_000  # what the policy asks for; between them a day's work has room
TURNS = 75 if FULL else 1
TABLES = {"session": "id", "message": "id", "part": "id", "event": "id", "event_sequence": "aggregate_id"}
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


class Team:
    """The machines' stores, the server, and beside them a file that holds whatever anybody ever wrote."""

    def __init__(self, folder, url, seed=5):
        self.folder, self.url, self.chance, self.number = folder, url, random.Random(seed), 0
        self.policy = folder / "team.toml"
        self.policy.write_text(POLICY.format(limit=LIMIT))
        self.stores = {name: brought.empty(_folder(folder / name) / "opencode.db", "1.18.33") for name in MACHINES}
        self.everything = brought.empty(folder / "everything.db", "1.18.33")
        self.began, self.at = {}, {}  # where each session was begun, and where it is worked on by now
        self.text = self.chance.randbytes(1_000_000).hex()
        self.largest = dict.fromkeys(MACHINES, 0)

    def day(self, day):
        """Each machine begins sessions, goes on with one of its own and one of somebody else's, and enforces."""
        for name in MACHINES:
            moment = NOW + day * DAY - 9 * HOUR
            for part in range(4):
                self.begin(name, f"ses_{name}_{day:03}_{part}", moment + part * HOUR)
            if mine := sorted(id for id in sessions_of(self.stores[name]) if self.at.get(id) == name):
                self.go_on(name, self.chance.choice(mine), moment + 5 * HOUR)
            if others := sorted(id for id, home in self.at.items() if home != name):
                self.bring(name, id := self.chance.choice(others))
                self.go_on(name, id, moment + 6 * HOUR)
            self.small(name)
            self.verb(name, "mirror", f"--to={self.url}", f"--origin={name}")
            self.verb(name, "enforce", f"--policy={self.policy}", f"--now={NOW + day * DAY}", "--yes", "--json")
            self.small(name, LIMIT)

    def begin(self, name, id, at):
        """A session and its child."""
        self.began[id] = self.at[id] = name
        sessions = [Session(id, updated=at, title=f"{name} begins {id}"), Session(f"{id}_sub", id, at)]
        rows = [row for one in sessions for row in (*self.turns(one.id, TURNS if one.parent is None else 1, at),
                                                    Row("event_sequence", {"aggregate_id": one.id, "seq": 10**6}))]
        self.write(name, Recipe(sessions, rows=rows), f"SELECT '{id}'")

    def go_on(self, name, id, at):
        self.at[id] = name
        self.write(name, Recipe(rows=list(self.turns(id, 1 + TURNS // 25, at))),
                   f"UPDATE main.session SET time_updated = {at} WHERE id = '{id}'")

    def turns(self, id, turns, at):
        for _ in range(turns):
            self.number += 1
            owned = {"session_id": id, "time_created": at, "time_updated": at}
            yield Row("message", owned | {"id": f"msg_{self.number:08}", "data": DONE})
            for n in range(4):
                yield Row("part", owned | {"id": f"prt_{self.number:08}_{n}", "message_id": f"msg_{self.number:08}",
                                           "data": self.said()})
            yield Row("event", {"id": f"evt_{self.number:08}", "aggregate_id": id, "seq": self.number,
                                "type": "message.updated.1", "data": self.said(100, 500)})

    def said(self, least=500, most=11_000):
        length, at = self.chance.randrange(least, most), self.chance.randrange(len(self.text) // 2)
        return f'{{"type":"text","text":"{self.text[at:at + length]}"}}'

    def write(self, name, recipe, then):
        """The client writes, on its machine; what it wrote is kept aside."""
        new = forests.build(recipe, self.folder / "new.db", "1.18.33")
        for store in (self.stores[name], self.everything):
            with command.opened(store) as con:
                con.execute("ATTACH ? AS new", [str(new)])
                con.execute("BEGIN")
                for table in TABLES:
                    con.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
                con.execute("INSERT OR IGNORE INTO project SELECT * FROM new.project")
                con.execute(then)
                con.execute("COMMIT")

    def bring(self, name, id):
        """From the server, also where the machine still has it as it was before somebody else went on with it."""
        stale = ("--replace", "--yes") if id in sessions_of(self.stores[name]) else ()
        self.verb(name, "restore", self.url, f"--session={id}", *stale)

    def verb(self, name, *words):
        return invoked(*words, f"--store={self.stores[name]}", inside=True)

    def small(self, name, limit=FILE):
        log = self.stores[name].with_name("opencode.db-wal")
        octets = self.stores[name].stat().st_size + (log.stat().st_size if log.exists() else 0)
        self.largest[name] = max(self.largest[name], octets)
        assert octets <= limit, (name, octets)

    def differing(self, store, only=""):
        """How many rows of what was written, or of it `only` those, a store has not, or has otherwise, to the octet."""
        with command.opened(store) as con:
            con.execute("ATTACH ? AS said", [str(self.everything)])
            found = {}
            for table, key in TABLES.items():
                columns = [row[1] for row in con.execute(f"PRAGMA table_info({table})")]
                same = " AND ".join(f"a.{one} IS b.{one} AND typeof(a.{one}) = typeof(b.{one})" for one in columns)
                owner = {"session": "id", "message": "session_id", "part": "session_id"}.get(table, "aggregate_id")
                chosen = f"a.{owner} IN ('{only}', '{only}_sub')" if only else "TRUE"
                found[table] = con.execute(f"SELECT COUNT(*) FROM said.{table} AS a LEFT JOIN main.{table} AS b "
                                           f"ON b.{key} = a.{key} WHERE {chosen} AND NOT ({same})").fetchone()[0]
            return {table: n for table, n in found.items() if n}

    def said_and_there(self, table):
        """A digest of each row's text, as it was written, and as the server has it."""
        column = "title" if table == "session" else "data"
        with command.opened(self.everything) as con:
            said = {id: md5(text.encode()).hexdigest() for id, text in con.execute(f"SELECT id, {column} FROM {table}")}
        return said, dict(by_url.run_sql(self.url, f"SELECT id, md5({column}) FROM {table}"))


def test_a_team_lives_on_one_server(tmp_path, url, monkeypatch):
    monkeypatch.setenv("COPY_OF_THE_TEAM", url)
    team = Team(tmp_path, url)
    for day in range(DAYS):
        team.day(day)
    written = sessions_of(team.everything)
    assert len(written) == 2 * 3 * 4 * DAYS
    for table in ("session", "message", "part", "event"):
        said, there = team.said_and_there(table)
        assert said == there, table
    for name, store in team.stores.items():
        assert sessions_of(store) < written and len(sessions_of(store)) < 2 * 4 * DAYS, name
        for id in team.chance.sample(sorted(id for id in team.began if id not in sessions_of(store)), sized(1, 1, 5)):
            team.bring(name, id)
            assert team.differing(store, id) == {}, (name, id)
    listed = invoked("restore", url, "--list", "--json", inside=True).json
    assert {one["session"] for one in listed} == set(team.began)
    assert all(team.began[one["session"]] in one["origin"].split(", ") for one in listed)
    new = brought.empty(tmp_path / "new.db", "1.18.33")
    invoked("restore", url, f"--store={new}", inside=True)
    assert team.differing(new) == {} and sessions_of(new) == written
    print(f"\n{team.everything.stat().st_size:,} octets written; each file at most {team.largest}")
    shutil.rmtree(tmp_path)


def _folder(path):
    path.mkdir()
    return path
