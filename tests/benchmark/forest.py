"""Which sessions a store has, who is whose child, and when: the plan before any row is written."""

import hashlib
import random
import string
from dataclasses import dataclass, field

NOW = 1_795_500_000_000
DAY = 86_400_000
PROJECTS = 4
# The client's own migrations emptied the event log: sessions older than this have rows but no events.
EVENTS_WIPED = NOW - 150 * DAY
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
# Deleted by a script without foreign keys; by a client that was killed between its two transactions.
GHOSTS = {50: "rows", 41: "events"}


@dataclass
class Session:
    """One session to be written. `ghost`: its own row is gone; only its rows or only its events are left."""

    id: bytes
    root: int
    parent: bytes | None
    created: int
    project: bytes
    shared: bool = False
    archived: bool = False
    # When its last message comes, where that is long after the session's own row was touched.
    newest_message: int | None = None
    running: bool = False
    ghost: str = ""
    # Bytes of attachments and of diffs that are megabytes each, and of one row beyond all others.
    big: list[int] = field(default_factory=list)
    big_diffs: int = 0
    giant: int = 0
    # Whether that row is a tool's result which the client has marked as cleared, and not a file.
    cleared: bool = False

    @property
    def logged(self) -> bool:
        return self.created > EVENTS_WIPED


class Ids:
    """Ids as the client makes them: prefix, 48 bits of time and counter, 14 letters; sessions count down."""

    def __init__(self, rng: random.Random):
        self._rng = rng
        self._count = 0

    def __call__(self, prefix: str, time: int) -> bytes:
        self._count += 1
        value = (time * 4096 + self._count % 4096) % 2**48
        if prefix == "ses":
            value = 2**48 - 1 - value
        return f"{prefix}_{value:012x}{''.join(self._rng.choices(BASE62, k=14))}".encode()


def forest(rng: random.Random, ids: Ids, count: int) -> list[Session]:
    """Three quarters are roots. In the order of creation, as the rows stand in a store that has grown."""
    roots = [_root(rng, ids, age) for age in _ages(rng, count * 3 // 4)]
    for number, root in enumerate(roots):
        root.root = number
        _peculiar(root, number)
    children = [_child(rng, ids, rng.choice(roots)) for _ in range(count - len(roots))]
    for child in children[::10]:
        _nest(child, children)
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


def _nest(child: Session, children: list[Session]) -> None:
    """Put `child` below a sibling, where the tree has one."""
    siblings = (other for other in children if other.root == child.root and other is not child)
    sibling = next(siblings, None)
    if sibling and sibling.parent != child.id:
        child.parent = sibling.id


def place_large_rows(rng: random.Random, sessions: list[Session], size: int, largest: int | None) -> None:
    """Attachments and diffs of megabytes, some in trees that stay and some in trees that go."""
    usual = min(20_000_000, size // 20)
    top = usual if largest is None else min(usual, largest)
    whole = [session for session in sessions if not session.ghost]
    for _ in range(max(1, round(size / 10**9))):
        for share in (1, 2, 4, 4, 8, 8, 8, 8):
            # A little less than its share, for the event that repeats it has a head of its own.
            rng.choice(whole).big.append(top // share - 1_000)
        rng.choice(whole).big_diffs = top // 3
    if largest and largest > usual:
        # One in a tree that goes (deleted, exported) and one in a tree that stays (vacuumed, reclaimed).
        whole[0].giant = whole[-1].giant = largest
        whole[-1].cleared = True
