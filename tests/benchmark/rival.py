"""Run a hand-written script on a store, in a process that starts as plainly as can be; print its figures.

    python tests/benchmark/rival.py prune|stats|deep|reclaim STORE --now=MILLISECONDS [--days=30] [--dump=FILE]

It opens the store as the product does: the same library, and the pragmas of the product's own
`sql/engines/sqlite/open.sql` (cache size, secure_delete, foreign keys), so that a ratio compares nothing but the SQL.
With --dump the store is written to a file first, as one does by hand: `sqlite3 STORE .dump | zstd > FILE`.
"""

import argparse
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import pysqlite3 as sqlite3
except ImportError:
    import sqlite3

HERE = Path(__file__).parent
OPEN = HERE.parents[1] / "sql" / "engines" / "sqlite" / "open.sql"
DAY = 86_400_000
MARK = "-- figure: "
OLDEST = (3, 43, 0)  # octet_length() reads the header of a row, not the row


def statements(path: Path) -> Iterator[tuple[str, str]]:
    """Each statement of a script, with the name of its figure or an empty one."""
    name, text = "", ""
    for line in path.read_text().splitlines(keepends=True):
        if line.startswith(MARK):
            name = line.removeprefix(MARK).strip()
        text += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(text):
            yield name, text
            name, text = "", ""


def connect(store: str):
    db = sqlite3.connect(store, isolation_level=None)
    db.row_factory = sqlite3.Row
    for _, pragma in statements(OPEN):
        db.execute(pragma).fetchall()
    return db


def run(db, script: Path, values: dict[str, int]) -> dict:
    figures = {}
    for name, sql in statements(script):
        cursor = db.execute(sql, values)
        found = [dict(row) for row in cursor.fetchall()]
        if name:
            figures[name] = found or max(cursor.rowcount, 0)
    return figures


def dump(store: str, name: Path) -> None:
    """All that the shell writes of a store, packed, until it is on the disk. Nothing of it is read back."""
    with name.open("wb") as file:
        with subprocess.Popen(["sqlite3", store, ".dump"], stdout=subprocess.PIPE) as shell:
            subprocess.run(["zstd", "-q"], stdin=shell.stdout, stdout=file, check=True)
        if shell.returncode:
            raise subprocess.CalledProcessError(shell.returncode, shell.args)
        os.fsync(file.fileno())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("prune", "stats", "deep", "reclaim"))
    parser.add_argument("store")
    parser.add_argument("--now", type=int, required=True)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--dump", type=Path)
    args = parser.parse_args()
    if sqlite3.sqlite_version_info < OLDEST:
        parser.exit(1, f"SQLite {sqlite3.sqlite_version} is too old; install pysqlite3-binary\n")
    began = time.perf_counter()
    if args.dump:
        dump(args.store, args.dump)
    db = connect(args.store)
    values = {"now": args.now, "cutoff": args.now - args.days * DAY}
    figures = run(db, HERE / f"rival_{args.what}.sql", values)
    db.close()
    print(json.dumps(figures | {"seconds": round(time.perf_counter() - began, 3)}))


if __name__ == "__main__":
    main()
