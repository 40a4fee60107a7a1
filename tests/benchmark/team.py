"""Measure stats and a prune of four fifths on a Postgres of a million parts, against hand-written SQL through psql.

    python tests/benchmark/team.py [--sessions=10000] [--runs=3]

Rival and product run by turns, each on a fresh copy of the same database. A private Postgres unless
`TEST_POSTGRES_URL` names one. Exit 1 if a limit is broken or the results differ.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent)]

import servers  # noqa: E402
from measure import measure  # noqa: E402

NOW = 1_800_000_000_000
MB = 10**6
RATIO, SLACK, PEAK = 1.5, 0.5, 250 * MB


def make(admin: str, sessions: int) -> str:
    url = servers.create_database(admin)
    subprocess.run([sys.executable, "-m", "invoke", "migrate", f"--to={url}"], cwd=ROOT, check=True,
                   stderr=subprocess.DEVNULL)
    options = ("-v", f"now={NOW}", "-v", f"sessions={sessions}")
    done = servers.run_shell(url, (HERE / "team_store.sql").read_text(), *options, timeout=900)
    if done.returncode:
        sys.exit(done.stderr)
    return url


def copy(admin: str, made: str) -> str:
    """A database with the same files; on the disk before the clock starts."""
    url = servers.beside(admin, f"oclt_copy_{os.getpid()}")
    servers.drop_database(admin, url)
    servers.run_sql(admin, f"CREATE DATABASE {urlsplit(url).path[1:]} TEMPLATE {urlsplit(made).path[1:]}", "CHECKPOINT")
    return url


def rival(what: str, url: str) -> tuple[list[str], dict]:
    argv, environment = servers.shell(url, "-v", f"now={NOW}", "-q", "-f", str(HERE / f"rival_team_{what}.sql"))
    return argv, environment


def product(what: str, url: str) -> tuple[list[str], dict]:
    words = {"stats": ["--json"], "prune": ["--days=30", "--yes", "--no-export", "--vacuum", "--json"]}[what]
    return [sys.executable, "-m", "invoke", what, f"--store={url}", f"--now={NOW}", *words], dict(os.environ)


def left(url: str) -> tuple:
    return tuple(servers.run_sql(url, f"SELECT COUNT(*) FROM {table}")[0][0]
                 for table in ("session", "message", "part", "event", "event_sequence"))


def run(what: str, side, admin: str, made: str, home: str):
    url = copy(admin, made)
    argv, environment = side(what, url)
    environment |= {f"XDG_{kind}_HOME": f"{home}/{kind}" for kind in ("STATE", "DATA", "CONFIG")}
    try:
        found = measure(argv, ROOT, environment)
        if found.code:
            said = found.errors[-800:].replace(unquote(urlsplit(url).password or "-"), "...")
            sys.exit(f"{what}: exit {found.code}: {said}")
        return found, left(url)
    finally:
        servers.drop_database(admin, url)


def measured(admin: str, sessions: int, runs: int) -> list[str]:
    """Lines of the table are printed as they come; what is broken is returned."""
    broken = []
    made = make(admin, sessions)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as home:
        for what in ("stats", "prune"):
            sides = {rival: [], product: []}
            for _ in range(runs):
                for side in (rival, product):
                    sides[side].append(run(what, side, admin, made, home))
            one, other = (statistics.median(found.seconds for found, _ in sides[side]) for side in (rival, product))
            peak = max(found.peak for found, _ in sides[product])
            print(f"{what}: rival {one:.2f} s, product {other:.2f} s, ratio {other / one:.2f}, peak {peak / MB:.0f} MB",
                  flush=True)
            if other > RATIO * one + SLACK:
                broken.append(f"{what}: {other:.2f} s, allowed {RATIO * one + SLACK:.2f} s")
            if peak > PEAK:
                broken.append(f"{what}: {peak / MB:.0f} MB of memory, allowed {PEAK / MB:.0f} MB")
            if sides[rival][-1][1] != sides[product][-1][1]:
                broken.append(f"{what}: {sides[rival][-1][1]} rows after the rival, {sides[product][-1][1]} after ours")
    servers.drop_database(admin, made)
    return broken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=10_000, help="100 parts each")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    if given := os.environ.get("TEST_POSTGRES_URL"):
        broken = measured(given, args.sessions, args.runs)
    else:
        with servers.Postgres(shared_buffers="512MB", max_wal_size="4GB") as server:
            broken = measured(server.admin_url, args.sessions, args.runs)
    print("\n".join(broken), file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
