"""Make a store as client 1.18.33 would have left it, of any size, always the same for the same size and seed.

    python tests/benchmark/make_store.py PATH --size=1GB [--largest-row=300MB] [--seed=1]
    python tests/benchmark/make_store.py PATH --parts=1000000

1 GB is 1,500 sessions (a quarter of them children) with 50,000 parts; other sizes scale the row counts. About
half of the bytes are the event log: full copies of parts and messages. Seen from `forest.NOW`, `--days=30`
removes about 80 % of the trees. There are shared and archived sessions, trees whose root is old and whose
newest message is not, children without a parent, rows without a session, compacted outputs, diffs,
attachments, reasoning, todos. With --parts there are that many small ones, a hundred a session, and nothing special.
"""

import argparse
import json
import random
import re
import sqlite3
from pathlib import Path

import shapes
from blocks import Blocks
from forest import DAY, NOW, Ids, Session, forest, place_large_rows
from writer import Writer

UNITS = {"": 10**6, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
SCHEMA = Path(__file__).parents[1] / "schemas" / "1.18.33.sql"
SESSIONS_PER_GB = 1_500
PARTS = 100  # of a small session
FEWEST_SESSIONS = 40
# What a session weighs at `bulk` 1: a first guess, which `fill` corrects by what it sees.
TYPICAL_SESSION = 600_000
FIRST_GUESS_FOR = 50
ROWS_AT_ONCE = 4_000
COLUMNS = {
    "event_sequence": "aggregate_id, seq, owner_id",
    "event": "id, aggregate_id, seq, type, data",
    "message": "id, session_id, time_created, time_updated, data",
    "part": "id, message_id, session_id, time_created, time_updated, data",
    "todo": "session_id, content, status, priority, position, time_created, time_updated",
    "session_share": "session_id, id, secret, url, time_created, time_updated",
    "session": "id, project_id, parent_id, slug, directory, path, title, version, share_url, summary_diffs,"
               " cost, tokens_input, tokens_output, revert, permission, agent, model, time_created,"
               " time_updated, time_archived",
    "project": "id, worktree, vcs, time_created, time_updated, sandboxes",
    "migration": "id, time_completed",
}


def parse_size(text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)", text)
    if not found or found[2].upper() not in UNITS:
        raise argparse.ArgumentTypeError(f"cannot read the size {text!r}; write it like 100MB or 1GB")
    return int(float(found[1]) * UNITS[found[2].upper()])


def make(path: Path, size: int, largest: int | None = None, seed: int = 1) -> Writer:
    """Returns what wrote it, which knows the largest row."""
    rng = random.Random(seed)
    ids = Ids(rng)
    sessions = forest(rng, ids, max(FEWEST_SESSIONS, round(size * SESSIONS_PER_GB / 10**9)))
    place_large_rows(rng, sessions, size, largest)
    path.parent.mkdir(parents=True, exist_ok=True)
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    db = create(path)
    insert(db, "project", [(project, shapes.DIRECTORY, b"git", NOW - 400 * DAY, NOW, b"[]")
                           for project in sorted({session.project for session in sessions})])
    writer = Writer(rng, ids, Blocks(rng))
    fill(db, size, sessions, writer)
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    return writer


def make_small(path: Path, script: str, sessions: int) -> None:
    """Many small rows, by SQL alone. The newest session is three weeks old, as the tests' clock has it."""
    path.unlink(missing_ok=True)
    text = "".join(Path(__file__).with_name(name).read_text() for name in ("small_begin.sql", script))
    db = create(path)
    db.executescript(text.replace(":sessions", str(sessions)).replace(":now", str(NOW - 20 * DAY)))
    db.execute("PRAGMA journal_mode = WAL")
    db.close()


def create(path: Path) -> sqlite3.Connection:
    """An empty store with the client's schema and migrations. A crash while it grows is no loss."""
    text = SCHEMA.read_text()
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                     "PRAGMA cache_size = -200000; PRAGMA foreign_keys = OFF;")
    db.executescript(text)
    insert(db, "migration", re.findall(r"^-- migration: (\S+)\|(\d+)$", text, re.MULTILINE))
    return db


def fill(db: sqlite3.Connection, size: int, sessions: list[Session], writer: Writer) -> None:
    """Write all sessions. Before each, `bulk` is set so that the whole comes out at the size asked for."""
    reserved, natural, guess = sum(map(large_bytes, sessions)), 0.0, TYPICAL_SESSION
    for number, session in enumerate(sessions):
        left = size - reserved - writer.octets
        writer.bulk = min(4.0, max(0.25, left / (guess * (len(sessions) - number))))
        before, large, giant = writer.octets, large_bytes(session), session.giant
        writer.session(session)
        writer.octets -= giant
        reserved -= large
        natural += (writer.octets - before - large) / writer.bulk
        if number >= FIRST_GUESS_FOR:
            guess = natural / (number + 1)
        if giant or sum(map(len, writer.rows.values())) > ROWS_AT_ONCE:
            flush(db, writer)
    flush(db, writer)


def large_bytes(session: Session) -> int:
    """Octets of the rows that do not follow `bulk`, with the events that repeat them."""
    return sum(session.big) * (2 if session.logged else 1)


def flush(db: sqlite3.Connection, writer: Writer) -> None:
    db.execute("BEGIN")
    for table in COLUMNS:
        rows = writer.rows.pop(table, [])
        # Text columns may be NULL: one statement for each pattern of them.
        for pattern in sorted({text_columns(row) for row in rows}):
            insert(db, table, [row for row in rows if text_columns(row) == pattern])
    db.execute("COMMIT")


def text_columns(row: tuple) -> tuple[bool, ...]:
    return tuple(isinstance(value, bytes) for value in row)


def insert(db: sqlite3.Connection, table: str, rows: list[tuple]) -> None:
    """SQLite itself casts bytes to text: nothing is decoded and encoded again on the way."""
    places = ", ".join("CAST(? AS TEXT)" if is_text else "?" for is_text in text_columns(rows[0]))
    db.executemany(f"INSERT INTO {table} ({COLUMNS[table]}) VALUES ({places})", rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--size", type=parse_size, default=10**9)
    parser.add_argument("--parts", type=int, help="so many small ones, in place of a size")
    parser.add_argument("--sessions", type=int, help="so many of ten small rows each, in place of a size")
    parser.add_argument("--largest-row", type=parse_size, help="two rows more, of this size")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.parts is not None:
        make_small(args.path, "small_parts.sql", args.parts // PARTS)
        return
    if args.sessions is not None:
        make_small(args.path, "small_sessions.sql", args.sessions)
        return
    writer = make(args.path, args.size, args.largest_row, args.seed)
    print(json.dumps({"bytes": args.path.stat().st_size, "largest_row": writer.largest}))


if __name__ == "__main__":
    main()
