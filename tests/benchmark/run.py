"""Measure the product against the fastest hand-written SQL, on the same data, in the same run.

    python tests/benchmark/run.py [--size=1GB] [--runs=3] [--only=prune,stats] [--json]

Rival and product run by turns, each as a whole process. A ratio of two figures from one run means something
on any machine; seconds alone do not. Exit 1 if a limit is broken (of time: from 1 GB on) or the results differ.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from cases import MB, Case, Command, Side, Spec, cases
from make_store import parse_size
from measure import measure

ROOT = Path(__file__).parents[2]
MAKE_STORE = Path(__file__).with_name("make_store.py")
USUAL_ROW = 20 * MB
JUDGED_FROM = 1_000 * MB  # on smaller stores starting Python outweighs the work: seconds are printed, not judged


class Failed(Exception):
    """A command that should have worked did not."""


@dataclass(frozen=True)
class Store:
    path: Path
    largest_row: int


@dataclass
class Result:
    case: Case
    largest_row: int = 0
    rival: list[Side] = field(default_factory=list)
    product: list[Side] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def limit(self) -> float | None:
        """Seconds that the product may take."""
        if not self.rival:
            return None
        return self.case.ratio * median(self.rival) + self.case.slack

    @property
    def peak_limit(self) -> int | None:
        if not self.case.memory:
            return None
        return self.case.peak + (self.case.copies * self.largest_row if self.largest_row > USUAL_ROW else 0)


class Bench:
    """A folder for stores and for the product's own state, and the runs in it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.made: dict[Spec, Store] = {}
        # Nothing of the user's: no store, no policy, no history, no pins.
        clean = {name: value for name, value in os.environ.items() if not name.startswith("OPENCODE")}
        homes = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("STATE", "DATA", "CONFIG")}
        self.env = clean | homes

    def store(self, spec: Spec) -> Store:
        """The store as generated; made once."""
        if spec not in self.made:
            path = self.folder / f"made-{len(self.made)}.db"
            say(f"making a store of {spec.size / MB:,.0f} MB")
            largest = [f"--largest-row={spec.largest_row}B"] if spec.largest_row else []
            done = subprocess.run([sys.executable, MAKE_STORE, path, f"--size={spec.size}B", *largest],
                                  check=True, capture_output=True, text=True)
            self.made[spec] = Store(path, json.loads(done.stdout)["largest_row"])
        return self.made[spec]

    def run(self, case: Case, command: Command, side: str) -> Side:
        store = self.store(case.store).path if case.store else None
        if store and case.changes:
            store = fresh_copy(store, self.folder / f"{side}.db")
        argv = command(store)
        measured = measure(argv, ROOT, self.env)
        say(f"{case.name}: {side} {measured.seconds:.2f} s, {measured.peak / MB:.0f} MB")
        if measured.code != 0:
            raise Failed(f"{' '.join(argv)}: exit {measured.code}: {measured.errors.strip()[-400:]}")
        return Side(store, measured)

    def case(self, case: Case, runs: int) -> Result:
        result = Result(case, self.store(case.store).largest_row if case.store else 0)
        try:
            for _ in range(runs):
                if case.rival:
                    result.rival.append(self.run(case, case.rival, "rival"))
                result.product.append(self.run(case, case.product, "product"))
            if case.rival:
                result.broken += case.differences(result.rival[-1], result.product[-1])
                result.notes += case.notes(result.rival[-1], result.product[-1])
        except Failed as failure:
            result.broken.append(str(failure))
        else:
            result.broken += over_limits(result)
        return result


def over_limits(result: Result) -> list[str]:
    seconds, limit = median(result.product), result.limit
    highest, peak_limit = max(side.measured.peak for side in result.product), result.peak_limit
    broken = []
    judged = result.case.store is None or result.case.store.size >= JUDGED_FROM
    if limit is not None and judged and seconds > limit:
        broken.append(f"{seconds:.2f} s, allowed {limit:.2f} s")
    if result.case.processor is not None and judged and used(result.product) > result.case.processor:
        broken.append(f"{used(result.product):.2f} s of processor, allowed {result.case.processor:.2f} s")
    if peak_limit is not None and highest > peak_limit:
        broken.append(f"{highest / MB:.0f} MB of memory, allowed {peak_limit / MB:.0f} MB")
    return broken


def median(sides: list[Side]) -> float:
    return statistics.median(side.measured.seconds for side in sides)


def used(sides: list[Side]) -> float:
    return statistics.median(side.measured.processor for side in sides)


def fresh_copy(store: Path, to: Path) -> Path:
    """A copy that is on the disk before the clock starts: nobody pays for writing it back. What else is in memory of
    large stores makes way for it, or whoever comes second reads it from the disk."""
    for old in to.parent.glob(to.name + "*"):
        old.unlink()
    shutil.copyfile(store, to)
    with to.open("rb+") as file:
        os.fsync(file.fileno())
    for other in to.parent.glob("*.db"):
        with other.open("rb") as file:
            if other != to:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return to


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# ---- what is printed

def span(sides: list[Side], value: Callable[[Side], float], form: str = "{:.2f}") -> str:
    if not sides:
        return "-"
    values = [value(side) for side in sides]
    return f"{form.format(statistics.median(values))} ({form.format(min(values))}-{form.format(max(values))})"


def table(results: list[Result]) -> str:
    head = ("case", "rival s", "product s", "ratio", "allowed s", "processor", "peak MB", "allowed MB", "")
    lines = [head] + [_line(result) for result in results]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    form = "  ".join(f"{{:{width}}}" for width in widths)
    text = [form.format(*line).rstrip() for line in lines]
    text += [f"{result.case.name}: {what}" for result in results for what in result.broken]
    text += [f"{result.case.name}, to be noted: {what}" for result in results for what in result.notes]
    return "\n".join(text)


def _line(result: Result) -> tuple[str, ...]:
    ratio = processor = "-"
    if result.rival and result.product:
        ratio = f"{median(result.product) / median(result.rival):.2f}"
        processor = f"{used(result.product) / used(result.rival):.2f}"
    limit, peak = result.limit, result.peak_limit
    return (
        result.case.name,
        span(result.rival, lambda side: side.measured.seconds),
        span(result.product, lambda side: side.measured.seconds),
        ratio,
        "-" if limit is None else f"{limit:.2f}",
        processor,
        span(result.product, lambda side: side.measured.peak / MB, "{:.0f}"),
        "-" if peak is None else f"{peak / MB:.0f}",
        "BROKEN" if result.broken else "ok",
    )


def record(result: Result) -> dict:
    """For machines: every single run, and the limits."""
    sides = {"rival": result.rival, "product": result.product}
    return {
        "case": result.case.name, "allowed_seconds": result.limit, "allowed_bytes": result.peak_limit,
        "largest_row": result.largest_row, "broken": result.broken, "notes": result.notes,
        **{name: [{"seconds": side.measured.seconds, "processor": side.measured.processor,
                   "peak": side.measured.peak} for side in runs] for name, runs in sides.items()},
    }


def chosen(args: argparse.Namespace) -> list[Case]:
    every = cases(args.size, args.huge_row)
    unknown = set(args.only) - {case.name for case in every}
    if unknown:
        known = ", ".join(case.name for case in every)
        sys.exit(f"no such case: {', '.join(sorted(unknown))}; there are {known}")
    picked = [case for case in every if not args.only or case.name in args.only]
    if args.rival_only:
        # The harness itself, without the product: two runs of the same thing must come out alike.
        return [replace(case, product=case.rival, memory=False, notes=lambda rival, product: [])
                for case in picked if case.rival]
    return picked


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=parse_size, default=10**9)
    parser.add_argument("--huge-row", type=parse_size, default=300 * MB, help="of the cases named *-huge-row")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], help="names of cases")
    parser.add_argument("--folder", type=Path, help="where the stores go; a temporary folder unless given")
    parser.add_argument("--rival-only", action="store_true", help="the rival against itself")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.folder:
        args.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir=args.folder) as folder:
        bench = Bench(Path(folder))
        results = [bench.case(case, args.runs) for case in chosen(args)]
    print(json.dumps([record(result) for result in results], indent=2) if args.json else table(results))
    return 1 if any(result.broken for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
