"""Measure stats and a prune of four fifths on a server of a million parts, against hand-written SQL through its shell.

    python tests/benchmark/team.py [--engine=postgres|mariadb] [--sessions=10000] [--runs=3]

Rival and product run by turns, each on a fresh copy of the same database; the best of the runs counts, so that what
else the machine does counts least. Processor seconds are those of the process and of its server together, told
where the server is a private one: it is, unless `TEST_POSTGRES_URL` or `TEST_MYSQL_URL` names another. Both sides must
tell the same figures and leave the same rows, each to the octet. Exit 1 if a limit is broken or the results differ.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

import by_url  # noqa: E402
import private_servers  # noqa: E402
from measure import measure  # noqa: E402

NOW = 1_800_000_000_000
MB = 10**6
RATIO, SLACK, PEAK = 1.5, 0.5, 250 * MB  # the slack is Python starting
AGES = ("0-7 days", "8-30 days", "31-90 days", "91-365 days", "over a year")
FIGURES = {"sessions", "rows", "parts", "events", "reclaimable", "largest", "ages", "goes", "stays", "gone", "spared"}
SERVERS = {
    "postgres": ("TEST_POSTGRES_URL", partial(private_servers.Postgres, shared_buffers="512MB", max_wal_size="4GB")),
    "mariadb": ("TEST_MYSQL_URL", partial(private_servers.MariaDB, innodb_buffer_pool_size="512M",
                                          innodb_log_file_size="1G")),
}
TABLES = ("session", "message", "part", "todo", "session_share", "session_message", "session_input",
          "session_context_epoch", "event", "event_sequence")


@dataclass(frozen=True)
class Run:
    """What one side took, on the clock and of processors, and what came of it."""

    seconds: float
    processor: float
    peak: int
    told: frozenset
    left: tuple


def make(admin: str, sessions: int) -> str:
    url = by_url.create_database(admin)
    subprocess.run([sys.executable, "-m", "invoke", "migrate", f"--to={url}"], cwd=ROOT, check=True,
                   stderr=subprocess.DEVNULL)
    options = given(url, now=NOW, sessions=sessions)
    done = by_url.run_shell(url, script("store", url).read_text(), *options, timeout=3600)
    if done.returncode:
        sys.exit(done.stderr)
    return url


def script(what: str, url: str) -> Path:
    return HERE / f"team_{what}{'' if by_url.is_postgres(url) else '_mysql'}.sql"


def given(url: str, **values: int) -> list[str]:
    """Options of the engine's shell that give a script its values."""
    if by_url.is_postgres(url):
        return [word for name, value in values.items() for word in ("-v", f"{name}={value}")]
    return ["--init-command=SET " + ", ".join(f"@{name} = {value}" for name, value in values.items())]


def copy(admin: str, made: str) -> str:
    """A database with the same rows; on the disk before the clock starts."""
    url = by_url.beside(admin, f"oclt_copy_{os.getpid()}")
    by_url.drop_database(admin, url)
    new, old = urlsplit(url).path[1:], urlsplit(made).path[1:]
    if by_url.is_postgres(url):
        by_url.run_sql(admin, f"CREATE DATABASE {new} TEMPLATE {old}", "CHECKPOINT")
        return url
    by_url.run_sql(admin, f"CREATE DATABASE {new}")
    tables = f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{old}'"
    for (table,) in by_url.run_sql(admin, tables):
        by_url.run_sql(admin, f"CREATE TABLE {new}.{table} LIKE {old}.{table}", "SET unique_checks = 0",
                       f"INSERT INTO {new}.{table} SELECT * FROM {old}.{table}", f"ANALYZE TABLE {new}.{table}")
    return url


def rival(what: str, url: str) -> tuple[list[str], dict]:
    file = script(f"rival_{what}", url)
    quiet = ("-q", "-f", str(file))
    if not by_url.is_postgres(url):
        quiet = ("--batch", "--skip-column-names", f"--execute=source {file}")
    return by_url.shell(url, *given(url, now=NOW), *quiet)


def product(what: str, url: str) -> tuple[list[str], dict]:
    words = {"stats": ["--deep", "--json"], "prune": ["--days=30", "--yes", "--no-export", "--vacuum", "--json"]}[what]
    return [sys.executable, "-m", "invoke", what, f"--store={url}", f"--now={NOW}", *words], dict(os.environ)


def told_by_rival(what: str, output: str) -> Iterator[tuple[str, ...]]:
    for line in output.splitlines():
        kind, *words = line.replace("\t", "|").split("|")
        if kind in FIGURES:
            yield kind, *(sorted(words.pop().split()) if kind == "goes" else ()), *words


def told_by_product(what: str, output: str) -> Iterator[tuple]:
    """The same figures as the rival prints them, word by word."""
    said = json.loads(output)
    if what == "prune":
        for tree in said["remove"]:
            yield "goes", *sorted(tree["sessions"]), tree["root"], tree["title"], tree["last_active"], tree["bytes"]
        yield "stays", *(said["keep"][name] for name in ("trees", "sessions", "bytes"))
        for name, rows in said["applied"]["rows"].items():
            yield "gone", name, rows
        return
    yield "sessions", *(said["sessions"][name] for name in ("total", "root", "child", "archived", "shared", "orphan"))
    for name, rows in said["rows"].items():
        yield "rows", name, rows, said["bytes"][name]
    for kind in ("parts", "events", "reclaimable"):
        for name, found in said[kind].items():
            yield kind, name, found["rows"], found["bytes"]
    for tree in said["largest"]:
        yield "largest", tree["id"], tree["sessions"], tree["bytes"], tree["last_active"]
    for age in said["ages"]:
        yield "ages", AGES.index(age["label"]), age["sessions"], age["bytes"]


def left(url: str) -> tuple:
    """Rows of each table and a digest of all that is in them."""
    return tuple(by_url.run_sql(url, f"SELECT COUNT(*), SUM({digest(url, table)}) FROM {table} AS t")[0]
                 for table in TABLES)


def digest(url: str, table: str) -> str:
    """SQL of a number that tells a row from others."""
    if by_url.is_postgres(url):
        return "hashtextextended(t::text, 0)"
    columns = by_url.run_sql(url, "SELECT column_name FROM information_schema.columns "
                                  f"WHERE table_schema = DATABASE() AND table_name = '{table}'")
    return f"CRC32(CONCAT_WS('|', {', '.join(f'QUOTE({name})' for (name,) in columns)}))"


def server_processor(server: private_servers.Postgres | None, url: str) -> float:
    """Seconds of processor that a private server took until now; those of its processes count once they have ended."""
    if not server or not Path("/proc").exists():
        return 0.0
    while any(serving(url)):
        time.sleep(0.05)
    facts = Path(f"/proc/{server.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, facts[11:15])) / os.sysconf("SC_CLK_TCK")


def serving(url: str) -> Iterator[bool]:
    """Of each Postgres process of this machine, whether it serves the database, or is about to end."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "comm").read_text() == "postgres\n":
                title = (process / "cmdline").read_text()
                yield not title or urlsplit(url).path[1:] in title


def run(what: str, side: Callable, told: Callable, admin: str, made: str, home: str, server) -> Run:
    url = copy(admin, made)
    argv, environment = side(what, url)
    environment |= {f"XDG_{kind}_HOME": f"{home}/{kind}" for kind in ("STATE", "DATA", "CONFIG")}
    try:
        before = server_processor(server, url)
        found = measure(argv, ROOT, environment)
        if found.code:
            said = found.errors[-800:].replace(unquote(urlsplit(url).password or "-"), "...")
            sys.exit(f"{what}: exit {found.code}: {said}")
        processor = found.processor + server_processor(server, url) - before
        words = frozenset(tuple(map(str, figure)) for figure in told(what, found.output))
        return Run(found.seconds, processor, found.peak, words, left(url))
    finally:
        by_url.drop_database(admin, url)


def compared(what: str, theirs: list[Run], ours: list[Run]) -> Iterator[str]:
    """Print a line of the table; what is broken."""
    one, other = (min(one.seconds for one in runs) for runs in (theirs, ours))
    work, effort = (min(one.processor for one in runs) for runs in (theirs, ours))
    peak = max(run.peak for run in ours)
    print(f"{what}: rival {one:.2f} s, product {other:.2f} s, ratio {other / one:.2f}, peak {peak / MB:.0f} MB; "
          f"processor, both with a server of ours: {work:.2f} s, {effort:.2f} s", flush=True)
    # A busy machine is slow to whoever makes many short trips: what is too slow must be so on the clock and in work.
    if other > RATIO * one + SLACK and effort >= RATIO * work + SLACK:
        yield f"{what}: {other:.2f} s, allowed {RATIO * one + SLACK:.2f} s"
    if peak > PEAK:
        yield f"{what}: {peak / MB:.0f} MB of memory, allowed {PEAK / MB:.0f} MB"
    if theirs[-1].left != ours[-1].left:
        yield f"{what}: after the rival {theirs[-1].left}, after the product {ours[-1].left}"
    if apart := sorted(theirs[-1].told ^ ours[-1].told):
        yield f"{what}: only one of both tells {apart[:6]}"


def measured(admin: str, sessions: int, runs: int, server=None) -> list[str]:
    broken = []
    made = make(admin, sessions)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as home:
        for what in ("stats", "prune"):
            theirs, ours = [], []
            for _ in range(runs):
                theirs.append(run(what, rival, told_by_rival, admin, made, home, server))
                ours.append(run(what, product, told_by_product, admin, made, home, server))
            broken += compared(what, theirs, ours)
    by_url.drop_database(admin, made)
    return broken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=SERVERS, default="postgres")
    parser.add_argument("--sessions", type=int, default=10_000, help="100 parts each")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    variable, private = SERVERS[args.engine]
    if named := os.environ.get(variable):
        broken = measured(named, args.sessions, args.runs)
    else:
        with private() as server:
            broken = measured(server.admin_url, args.sessions, args.runs, server)
    print("\n".join(broken), file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
