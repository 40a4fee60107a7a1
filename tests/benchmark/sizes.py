"""Measure each verb once on stores of several sizes, and draw what each took as an SVG.

    python tests/benchmark/sizes.py [--sizes=100MB,1GB] [--svg=FILE] [--folder=DIR]

Each verb is a whole process on a fresh store; prune and reclaim get a copy of it. Prints a table: seconds, processor
seconds, memory, and seconds for each gigabyte. --folder is where the stores lie meanwhile, twice the largest size.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cases import MB, deep, export, invoke, prune, reclaim, stats
from forest import NOW
from make_store import parse_size
from measure import Measured, measure

HERE = Path(__file__).parent
GB = 1_000 * MB
FIRST = 10 * MB + 1       # a store that is not told of: the first run of a verb prints its SQL, which is kept


def plan(store: Path) -> list[str]:
    return invoke("plan", "--days=30", f"--store={store}", f"--now={NOW}", "--json")


# Each with whether it changes the store.
VERBS = {"stats": (stats, False), "stats --deep": (deep, False), "plan": (plan, False),
         "export": (export(".json.zst"), False), "reclaim": (reclaim, True), "prune --vacuum": (prune, True)}
COLORS = ("#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377")
WIDTH, HEIGHT, EDGE = 720, 400, 60


def made(folder: Path, size: int) -> Path:
    store = folder / "made.db"
    subprocess.run([sys.executable, HERE / "make_store.py", store, f"--size={size}B"], check=True,
                   stdout=subprocess.DEVNULL)
    return store


def taken(verb: str, store: Path, folder: Path, home: Path) -> Measured:
    command, changes = VERBS[verb]
    if changes:
        store = Path(shutil.copyfile(store, folder / "changed.db"))
    os.sync()
    homes = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("STATE", "DATA", "CONFIG")}
    found = measure(command(store), HERE.parents[1], os.environ | homes)
    if found.code:
        sys.exit(f"{verb}: exit {found.code}, {found.errors[-500:]}")
    for left in (*folder.glob("changed.db*"), *folder.glob("exported*")):
        left.unlink()
    return found


def line(verb: str, size: int, found: Measured) -> str:
    return (f"| {size / GB:g} GB | `{verb}` | {found.seconds:.2f} s | {found.processor:.2f} s | {found.peak // MB} MB "
            f"| {found.seconds / size * GB:.2f} s |")


def drawn(took: dict[str, list[tuple[int, float]]]) -> str:
    """Seconds over gigabytes, a line a verb, on linear scales: what is linear in the size is straight."""
    sizes, seconds = (max(pair[at] for pairs in took.values() for pair in pairs) for at in (0, 1))

    def place(size: int, second: float) -> str:
        right, up = size / sizes * (WIDTH - 3 * EDGE), second / seconds * (HEIGHT - 2 * EDGE)
        return f"{EDGE + right:.1f},{HEIGHT - EDGE - up:.1f}"

    said = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
            'font-size="12">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
            f'<path d="M{EDGE},{EDGE}V{HEIGHT - EDGE}H{WIDTH - 2 * EDGE}" fill="none" stroke="black"/>',
            f'<text x="{EDGE}" y="{EDGE - 10}">{seconds:.0f} s</text>',
            f'<text x="{WIDTH - 2 * EDGE}" y="{HEIGHT - EDGE + 20}" text-anchor="end">{sizes / GB:g} GB</text>']
    for color, (verb, pairs) in zip(COLORS, took.items(), strict=True):
        x, y = place(*pairs[-1]).split(",")
        said += [f'<polyline points="{" ".join(place(*pair) for pair in [(0, 0.0), *pairs])}" fill="none" '
                 f'stroke="{color}" stroke-width="2"/>',
                 f'<text x="{float(x) + 6}" y="{float(y) + 4}" fill="{color}">{verb}</text>']
    return "\n".join([*said, "</svg>\n"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100MB,1GB", type=lambda text: sorted(map(parse_size, text.split(","))))
    parser.add_argument("--svg", type=Path)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    args = parser.parse_args()
    took: dict[str, list[tuple[int, float]]] = {verb: [] for verb in VERBS}
    with tempfile.TemporaryDirectory(dir=args.folder) as home:
        for size in (FIRST, *args.sizes):
            with tempfile.TemporaryDirectory(dir=args.folder) as folder:
                store = made(Path(folder), size)
                for verb in VERBS:
                    found = taken(verb, store, Path(folder), Path(home))
                    if size != FIRST:
                        took[verb].append((size, found.seconds))
                        print(line(verb, size, found), flush=True)
    if args.svg:
        args.svg.write_text(drawn(took))


if __name__ == "__main__":
    main()
