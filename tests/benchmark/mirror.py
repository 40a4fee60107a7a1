"""Measure a first mirror and one with nothing to bring, against the server's own bulk load of files that lie ready.

    python tests/benchmark/mirror.py [--size=1GB | --parts=1000000] [--engine=postgres]

The bulk load gets what the mirror brought, table by table, into tables with the same keys and indexes. Exit 1 if the
copy is not whole, or from 1 GB on if a limit is broken: twice the load, 2 s with nothing changed, 250 MB. With --parts
the store has so many small ones, a hundred a session: the limits from a million on are 5 s with nothing changed, and
250 MB.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

import by_url  # noqa: E402
import private_servers  # noqa: E402
from engines_here import postgres_folder  # noqa: E402
from make_store import parse_size  # noqa: E402
from measure import Measured, measure  # noqa: E402

RATIO, AGAIN, MANY_AGAIN, PEAK = 2.0, 2.0, 5.0, 250 * 10**6
ENGINES = {"postgres": {}, "mysql": {"max_allowed_packet": "64M"}}  # their settings; a row of the store has 20 MB
OURS = "lifecycle_"


def started(engine: str) -> private_servers.Server:
    """A private server that takes the store's largest row."""
    kind = private_servers.Postgres if engine == "postgres" else private_servers.MariaDB
    return kind(**ENGINES[engine])


def make(store: Path, size: int, parts: int | None) -> None:
    """A store of so many octets, or of so many small parts."""
    what = f"--size={size}B" if parts is None else f"--parts={parts}"
    subprocess.run([sys.executable, HERE / "make_store.py", store, what], check=True, stdout=subprocess.DEVNULL)


def mirror(store: Path, url: str, folder: Path) -> Measured:
    """Run the verb once, with a state of its own."""
    homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("STATE", "DATA", "CONFIG")}
    return measure([sys.executable, "-m", "invoke", "mirror", f"--store={store}", f"--to={url}"], ROOT,
                   os.environ | homes)


def tables(url: str) -> list[str]:
    """The client's tables of a database."""
    schema = "current_schema()" if by_url.is_postgres(url) else "database()"
    found = by_url.run_sql(url, f"SELECT table_name FROM information_schema.tables WHERE table_schema = {schema}")
    return sorted(name for (name,) in found if not name.startswith(OURS))


def copied(url: str, empty: str, folder: Path) -> float:
    """Seconds of `\\copy` from files with the rows of one database into the other."""
    def psql(url: str, *words: str, **more: bytes) -> None:
        subprocess.run([Path(postgres_folder()) / "psql", url, "-q", *words], check=True, stdout=subprocess.DEVNULL,
                       **more)

    made = subprocess.run([Path(postgres_folder()) / "pg_dump", "-s", url], check=True, capture_output=True).stdout
    psql(empty, input=made)
    for name in tables(url):
        psql(url, "-c", f"\\copy \"{name}\" to '{folder / name}'")
    began = time.perf_counter()
    for name in tables(url):
        psql(empty, "-c", f"\\copy \"{name}\" from '{folder / name}'")
    return time.perf_counter() - began


def loaded(url: str, empty: str, folder: Path) -> float:
    """Seconds of LOAD DATA from files with the rows of one database into the other."""
    for name in tables(url):
        made = by_url.run_sql(url, f"SHOW CREATE TABLE `{name}`")[0][1]
        by_url.run_sql(empty, made)
        by_url.run_sql(url, f"SELECT * INTO OUTFILE '{folder / name}' FROM `{name}`")
    began = time.perf_counter()
    for name in tables(url):
        by_url.run_sql(empty, f"LOAD DATA INFILE '{folder / name}' INTO TABLE `{name}`")
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=parse_size, default=10**9)
    parser.add_argument("--parts", type=int)
    parser.add_argument("--engine", choices=ENGINES, default="postgres")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, started(args.engine) as server:
        folder, store = Path(name), Path(name) / "store.db"
        folder.chmod(0o777)  # the server writes here as well
        make(store, args.size, args.parts)
        url, empty = (by_url.create_database(server.admin_url) for _ in range(2))
        first, again = mirror(store, url, folder), mirror(store, url, folder)
        bulk = (copied if by_url.is_postgres(url) else loaded)(url, empty, folder)
    print(f"first: {first.seconds:.1f} s, bulk load {bulk:.1f} s, ratio {first.seconds / bulk:.2f}\n"
          f"nothing changed: {again.seconds:.2f} s, {again.processor:.2f} s of processor\n"
          f"memory: {first.peak / 10**6:.0f} MB, {again.peak / 10**6:.0f} MB")
    if first.code or again.code:
        print(first.errors, again.errors, file=sys.stderr)
    if args.parts is None:
        late = args.size >= 10**9 and (first.seconds > RATIO * bulk or again.seconds > AGAIN)
    else:
        late = args.parts >= 10**6 and again.seconds > MANY_AGAIN
    return int(bool(first.code or again.code or late or max(first.peak, again.peak) > PEAK))


if __name__ == "__main__":
    sys.exit(main())
