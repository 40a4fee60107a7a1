"""Make a store as client 1.18.33 would have left it, of any size, always the same for the same size and seed.

    python tests/benchmark/make_store.py PATH --size=1GB [--largest-row=300MB] [--seed=1]

1 GB is 1,500 sessions (a quarter of them children) with 50,000 parts; other sizes scale the row counts. About half of
the bytes are the event log: full copies of parts and messages. Seen from NOW, `--days=30` removes about 80 % of the
trees. There are shared and archived sessions, trees whose root is old and whose newest message is not, children
without a parent, rows without a session, compacted outputs, diffs, attachments, reasoning and todos.
"""

import argparse
import hashlib
import random
import re
import sqlite3
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import shapes
from blocks import WORDS, Blocks

NOW = 1_795_500_000_000
DAY = 86_400_000
UNITS = {"": 10**6, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
SCHEMA = Path(__file__).parents[1] / "schemas" / "1.18.33.sql"
SESSIONS_PER_GB = 1_500
PROJECTS = 4
# The client's own migrations emptied the event log once: sessions older than this have rows but no events.
EVENTS_WIPED = NOW - 150 * DAY
# Deleted by a script without foreign keys; deleted by a client that was killed between its two transactions.
GHOSTS = {50: "rows", 41: "events"}
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
PAGE = 4_096
# Multiples of it fill 0 to 1 evenly at every length, so that small stores have the same mix of lengths as large ones.
GOLDEN = 0.618034
# What a row takes beside its data: keys and indexes; a row longer than a page wastes half of its last page as well.
INDEXED = 230
# What a session weighs on average at bulk 1: the first guess of the control in `fill`, which then follows the bytes.
TYPICAL_SESSION = 600_000


@dataclass
class Session:
    """One session to be written. `ghost`: its own row is gone, and only its rows or only its events are left."""

    id: bytes
    root: int
    parent: bytes | None
    created: int
    project: bytes
    shared: bool = False
    archived: bool = False
    newest_message: int | None = None
    running: bool = False
    ghost: str = ""
    big: list[int] = field(default_factory=list)
    big_diffs: int = 0
    giant: int = 0

    @property
    def logged(self) -> bool:
        return self.created > EVENTS_WIPED


def parse_size(text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)", text)
    if not found or found[2].upper() not in UNITS:
        raise argparse.ArgumentTypeError(f"cannot read the size {text!r}; write it like 100MB or 1GB")
    return int(float(found[1]) * UNITS[found[2].upper()])


class Ids:
    """Ids as the client makes them: prefix, 48 bits of time and counter, 14 letters; descending for sessions."""

    def __init__(self, rng: random.Random):
        self._rng = rng
        self._count = 0

    def __call__(self, prefix: str, time: int) -> bytes:
        self._count += 1
        value = (time * 4096 + self._count % 4096) % 2**48
        if prefix == "ses":
            value = 2**48 - 1 - value
        return f"{prefix}_{value:012x}{''.join(self._rng.choices(BASE62, k=14))}".encode()


# ---- the forest: who is whose child, and when

def forest(rng: random.Random, ids: Ids, count: int) -> list[Session]:
    roots = [_root(rng, ids, number) for number in _ages(rng, count * 3 // 4)]
    for number, root in enumerate(roots):
        root.root = number
        _peculiar(root, number)
    children = [_child(rng, ids, rng.choice(roots)) for _ in range(count - len(roots))]
    for child in children[::10]:
        _nest(rng, ids, child, children)
    for child in children[3::60]:
        child.parent = ids("ses", child.created - DAY)
    return sorted(roots + children, key=lambda session: session.created)


def _ages(rng: random.Random, count: int) -> list[int]:
    """A sixth lies within 30 days (some more trees do by a late message or child); the newest first."""
    recent = [int(rng.uniform(0.1, 27) * DAY) for _ in range(count // 6)]
    old = [int((33 + 330 * rng.random() ** 2) * DAY) for _ in range(count - len(recent))]
    return sorted(recent) + sorted(old)


def _root(rng: random.Random, ids: Ids, age: int) -> Session:
    created = NOW - age
    project = hashlib.sha1(b"%d" % rng.randrange(PROJECTS)).hexdigest().encode()
    return Session(ids("ses", created), 0, None, created, project)


def _peculiar(root: Session, number: int) -> None:
    """The cases that a hasty script gets wrong, spread evenly so that every size has some of each."""
    old = root.created < NOW - 30 * DAY
    root.running = number == 0
    root.shared = number % 50 == 30
    root.archived = number % 12 == 5
    if old and number % 40 == 11:
        root.newest_message = NOW - 5 * DAY
    elif old and number % 60 in GHOSTS:
        root.ghost = GHOSTS[number % 60]


def _child(rng: random.Random, ids: Ids, root: Session) -> Session:
    created = root.created + rng.randrange(60_000, DAY // 8)
    # Some children are resumed long after their root: the tree is as young as its youngest session.
    if root.created < NOW - 60 * DAY and rng.random() < 0.01:
        created = NOW - 9 * DAY
    return Session(ids("ses", created), root.root, root.id, created, root.project)


def _nest(rng: random.Random, ids: Ids, child: Session, children: list[Session]) -> None:
    """Put `child` below a sibling, where the tree has one."""
    sibling = next((other for other in children if other.root == child.root and other is not child), None)
    if sibling and sibling.parent and sibling.parent != child.id:
        child.parent = sibling.id


def place_large_rows(rng: random.Random, sessions: list[Session], size: int, largest: int | None) -> None:
    """Attachments and diffs of megabytes, some in trees that stay and some in trees that go."""
    usual = min(20_000_000, size // 20)
    top = usual if largest is None else min(usual, largest)
    whole = [session for session in sessions if not session.ghost]
    for _ in range(max(1, round(size / 10**9))):
        for share in (1, 2, 4, 4, 8, 8, 8, 8):
            rng.choice(whole).big.append(top // share - 1_000)
        rng.choice(whole).big_diffs = top // 3
    if largest and largest > usual:
        # One in a tree that goes (deleted, exported) and one in a tree that stays (vacuumed, reclaimed).
        whole[0].giant = whole[-1].giant = largest


# ---- one session's rows

class Writer:
    """Collects the rows of one session after another, in the order in which the client would have written them."""

    def __init__(self, rng: random.Random, ids: Ids, blocks: Blocks):
        self.rng, self.ids, self.blocks = rng, ids, blocks
        self.rows: dict[str, list[tuple]] = {}
        self.octets = self.written = 0
        self.bulk = 1.0

    def session(self, session: Session) -> None:
        self.now, self.seq, self.logged = session.created, 0, session.logged or session.ghost == "events"
        self.current = session
        self.title = " ".join(("Look into", *self.rng.choices(WORDS, k=3))).encode()
        self._session_event("created")
        self.written += 1
        turns = min(40, int((1 - self.written * GOLDEN % 1) ** (-1 / 1.55)))
        for turn in range(turns):
            self._turn(last=turn == turns - 1)
        self._session_rows()
        if self.seq:
            self._add("event_sequence", (session.id, self.seq - 1, None))

    def _turn(self, *, last: bool) -> None:
        session = self.current
        if last and session.newest_message:
            self.now = session.newest_message
        user, created = self.ids("msg", self.now), self.now
        diffs = self._diffs()
        self._event("message.updated.1", shapes.message_event(session.id, user, shapes.user_message(created)))
        self._parts(user, created, self._user_parts(user))
        steps = self.rng.randint(1, 6)
        for step in range(steps):
            self._step(user, running=last and session.running and step == steps - 1)
        self._message(user, created, shapes.user_message(created, diffs), copies=3 if diffs else 1)

    def _step(self, user: bytes, *, running: bool) -> None:
        message, created = self.ids("msg", self._tick()), self.now
        self._event("message.updated.1",
                    shapes.message_event(self.current.id, message, shapes.assistant_message(user, created, None)))
        self._parts(message, created, self._step_parts(message, running))
        completed = None if running else self._tick()
        self._message(message, created, shapes.assistant_message(user, created, completed), copies=2)
        self._session_event("updated")

    def _diffs(self) -> bytes:
        size = self._size(9.9, 1.2, 900_000) if self.rng.random() < 0.06 else 0
        if self.current.big_diffs:
            size, self.current.big_diffs = self.current.big_diffs, 0
        return shapes.file_diff(b"src/app.py", self.blocks.text(size)) if size else b""

    def _user_parts(self, message: bytes) -> Iterator[list[bytes]]:
        yield [shapes.text_part(self.blocks.text(self._size(5.5, 1, 8_000)))]
        if self.rng.random() < 0.015:
            yield [self._file(self._size(12.0, 0.9, 1_500_000))]
        while self.current.big:
            yield [self._file(self.current.big.pop())]
        if self.current.giant:
            # As `opencode import` writes it: a row, and no event.
            logged, self.logged = self.logged, False
            yield [self._file(self.current.giant)]
            self.logged, self.current.giant = logged, 0

    def _file(self, size: int) -> bytes:
        return shapes.file_part(b"image/png", b"screen.png", self.blocks.base64(size - 84))

    def _step_parts(self, message: bytes, running: bool) -> Iterator[list[bytes]]:
        """Each item is one part as the list of its states; the last state is the row."""
        rng, snapshot = self.rng, b"%040x" % self.rng.getrandbits(160)
        yield [shapes.step_start_part(snapshot)]
        if rng.random() < 0.4:
            text, signature = self.blocks.text(self._size(6.8, 0.8, 20_000)), self.blocks.base64(400)
            yield [shapes.reasoning_part(b"", self.now, None, signature),
                   shapes.reasoning_part(text, self.now, self.now + 900, signature)]
        if rng.random() < 0.35:
            text = self.blocks.text(self._size(6.2, 1, 20_000))
            yield [shapes.streamed_text_part(b"", self.now, None),
                   shapes.streamed_text_part(text, self.now, self.now + 500)]
        for _ in range(rng.choices((0, 1, 2, 3), (2, 12, 2, 1))[0]):
            states = self._tool(message)
            yield states[:-1] if running else states
        if not running:
            yield [shapes.step_finish_part(snapshot)]
        if rng.random() < 0.15:
            yield [shapes.patch_part(snapshot, b"src/app.py")]

    def _tool(self, message: bytes) -> list[bytes]:
        rng, start = self.rng, self.now
        end = start + rng.randrange(20, 4_000)
        cleared = b',"compacted":%d' % (end + 600_000) if rng.random() < 0.25 else b""
        time = b'{"start":%d,"end":%d%b}' % (start, end, cleared)
        plain = b'{"start":%d,"end":%d}' % (start, end)
        kind = rng.choices(("bash", "read", "edit", "write", "grep", "glob", "todowrite", "task"),
                           (35, 28, 12, 7, 8, 3, 5, 2))[0]
        text, call = self.blocks.text, b"%d_0" % rng.getrandbits(60)
        match kind:
            case "bash":
                states = shapes.bash(text(self._size(8.0, 1.3, 30_000)), start, time, rng.randint(1, 4))
            case "read":
                attachment = self._attachment(message) if rng.random() < 0.02 else b""
                states = shapes.read(text(self._size(8.5, 1.1, 50_000)), b"src/app.py", start, time, attachment)
            case "edit":
                states = shapes.edit(text(self._size(7.0, 1.1, 30_000)), b"src/app.py", start, plain)
            case "write":
                states = shapes.write(text(self._size(8.0, 1.0, 50_000)), b"src/new.py", start, plain)
            case "grep":
                states = shapes.grep(text(self._size(7.8, 1.0, 50_000)), start, time)
            case "glob":
                states = shapes.failed(start, plain)
            case "todowrite":
                states = shapes.todowrite(self._todos(), start, plain)
            case "task":
                child = self.ids("ses", start)
                states = shapes.task(text(self._size(6.5, 0.8, 9_000)), self.current.id, child, start, plain)
        return shapes.tool_states(kind.encode(), call, states)

    def _attachment(self, message: bytes) -> bytes:
        ids = (self.ids("prt", self.now), self.current.id, message)
        return b'{"id":"%b","sessionID":"%b","messageID":"%b",' % ids + self._file(self._size(11.5, 0.7, 900_000))[1:]

    def _todos(self) -> bytes:
        items = [b'{"content":"Step %d","status":"pending","priority":"high"}' % number
                 for number in range(self.rng.randint(2, 6))]
        self.rows["todo"] = [row for row in self.rows.get("todo", []) if row[0] != self.current.id]
        for position in range(len(items)):
            self._add("todo", (self.current.id, b"Step %d" % position, "pending", "high", position, self.now, self.now))
        return b"[%b]" % b",".join(items)

    def _parts(self, message: bytes, created: int, parts: Iterator[list[bytes]]) -> None:
        for states in parts:
            part, start = self.ids("prt", self._tick()), self.now
            for data in states:
                event = (self.current.id, message, part, data, self._tick(200))
                self._event("message.part.updated.1", event)
            self._data("part", (part, message, self.current.id, start, self.now), states[-1])

    def _message(self, message: bytes, created: int, data: bytes, copies: int) -> None:
        for _ in range(copies):
            self._event("message.updated.1", shapes.message_event(self.current.id, message, data))
        self._data("message", (message, self.current.id, created, self.now), data)

    def _session_event(self, what: str) -> None:
        now = self.current
        self._event(f"session.{what}.1", shapes.session_event(now.id, now.project, self.title, now.created, self.now))

    def _session_rows(self) -> None:
        now, rng = self.current, self.rng
        if now.ghost:
            return
        # The client moves this stamp now and then only: the newest message is the better witness, so both count.
        updated = now.created + 60_000 if now.newest_message else self.now
        url = b"https://share.example/s/" + now.id[-8:] if now.shared else None
        diffs = b"[%b]" % shapes.file_diff(b"a.py", self.blocks.text(40_000)) if rng.random() < 0.03 else None
        revert = b'{"messageID":"%b","snapshot":"%040x","diff":"%b"}' % (
            self.ids("msg", self.now), rng.getrandbits(160), self.blocks.text(9_000)) if rng.random() < 0.01 else None
        denied = b'[{"permission":"task","pattern":"*","action":"deny"}]' if now.parent else None
        archived = updated + 1_000 if now.archived else None
        self._add("session", (
            now.id, now.project, now.parent, b"witty-wizard", shapes.DIRECTORY, b"", self.title, b"1.18.33", url,
            diffs, 0.05, 1_900, 190, revert, denied, b"build", b'{"id":"m","providerID":"mock"}',
            now.created, updated, archived))
        if url:
            self._add("session_share", (now.id, now.id[-8:], b"00000000-secret", url, now.created, now.created))

    def _event(self, kind: str, data: bytes | tuple) -> None:
        if not self.logged:
            return
        # A part's copy comes as its pieces and is put together here only: most of the work where there is a log.
        whole = data if isinstance(data, bytes) else shapes.part_event(*data)
        self._data("event", (self.ids("evt", self.now), self.current.id, self.seq, kind), whole)
        self.seq += 1

    def _data(self, table: str, row: tuple, data: bytes) -> None:
        if self.current.ghost == "events" and table != "event":
            return
        self._add(table, (*row, data))
        self.octets += len(data) + (INDEXED if len(data) < PAGE else INDEXED + PAGE // 2)

    def _add(self, table: str, row: tuple) -> None:
        if self.current.ghost == "events" and not table.startswith("event"):
            return
        self.rows.setdefault(table, []).append(row)

    def _tick(self, longest: int = 20_000) -> int:
        self.now += self.rng.randrange(1, longest)
        return self.now

    def _size(self, mu: float, sigma: float, largest: int) -> int:
        """Log-normal, as sizes of outputs are: many small, few large. `bulk` steers the whole towards its size."""
        return max(20, int(min(largest, self.rng.lognormvariate(mu, sigma)) * self.bulk))


# ---- the file

COLUMNS = {
    "event_sequence": "aggregate_id, seq, owner_id",
    "event": "id, aggregate_id, seq, type, data",
    "message": "id, session_id, time_created, time_updated, data",
    "part": "id, message_id, session_id, time_created, time_updated, data",
    "todo": "session_id, content, status, priority, position, time_created, time_updated",
    "session_share": "session_id, id, secret, url, time_created, time_updated",
    "session": "id, project_id, parent_id, slug, directory, path, title, version, share_url, summary_diffs, cost,"
               " tokens_input, tokens_output, revert, permission, agent, model, time_created, time_updated,"
               " time_archived",
    "project": "id, worktree, vcs, time_created, time_updated, sandboxes",
    "migration": "id, time_completed",
}


def insert(db: sqlite3.Connection, table: str, rows: list[tuple]) -> None:
    """Bytes are cast to text by SQLite itself: nothing is decoded and encoded again on the way."""
    places = ", ".join("CAST(? AS TEXT)" if isinstance(value, bytes) else "?" for value in rows[0])
    db.executemany(f"INSERT INTO {table} ({COLUMNS[table]}) VALUES ({places})", rows)


def create(path: Path, schema: Path) -> sqlite3.Connection:
    text = schema.read_text()
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                     "PRAGMA cache_size = -200000; PRAGMA foreign_keys = OFF;")
    db.executescript(text)
    insert(db, "migration", re.findall(r"^-- migration: (\S+)\|(\d+)$", text, re.MULTILINE))
    return db


def fill(db: sqlite3.Connection, size: int, sessions: list[Session], writer: Writer) -> None:
    """Write all sessions. Before each, `bulk` is set anew so that the rest comes out at the size asked for."""
    reserved, natural, guess = sum(map(_large_bytes, sessions)), 0.0, TYPICAL_SESSION
    for number, session in enumerate(sessions):
        left = size - reserved - writer.octets
        writer.bulk = min(4.0, max(0.25, left / (guess * (len(sessions) - number))))
        before, large, giant = writer.octets, _large_bytes(session), session.giant
        writer.session(session)
        writer.octets -= giant
        reserved -= large
        natural += (writer.octets - before - large) / writer.bulk
        if number >= 50:
            guess = natural / (number + 1)
        if giant or sum(map(len, writer.rows.values())) > 4_000:
            flush(db, writer)
    flush(db, writer)


def _large_bytes(session: Session) -> int:
    return sum(session.big) * (2 if session.logged else 1)


def flush(db: sqlite3.Connection, writer: Writer) -> None:
    db.execute("BEGIN")
    for table in COLUMNS:
        rows = writer.rows.pop(table, None)
        # The client leaves some text columns NULL: one statement per shape of row.
        for shape in {tuple(isinstance(value, bytes) for value in row) for row in rows or ()}:
            insert(db, table, [row for row in rows if tuple(isinstance(value, bytes) for value in row) == shape])
    db.execute("COMMIT")


def make(path: Path, size: int, largest: int | None = None, seed: int = 1, schema: Path = SCHEMA) -> None:
    rng = random.Random(seed)
    ids = Ids(rng)
    sessions = forest(rng, ids, max(40, round(size * SESSIONS_PER_GB / 10**9)))
    place_large_rows(rng, sessions, size, largest)
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob(path.name + "*"):
        old.unlink()
    db = create(path, schema)
    insert(db, "project", sorted({(session.project, shapes.DIRECTORY, b"git", NOW - 400 * DAY, NOW, b"[]")
                                  for session in sessions}))
    fill(db, size, sessions, Writer(rng, ids, Blocks(rng)))
    db.execute("PRAGMA journal_mode = WAL")
    db.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--size", type=parse_size, default=10**9)
    parser.add_argument("--largest-row", type=parse_size, default=None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--schema", type=Path, default=SCHEMA)
    args = parser.parse_args()
    make(args.path, args.size, args.largest_row, args.seed, args.schema)
    print(f"{args.path}: {args.path.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
