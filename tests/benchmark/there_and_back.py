"""Reclaim what the client has marked as cleared, with an export, and undo it: as one process to be measured.

    python tests/benchmark/there_and_back.py STORE MILLISECONDS
"""

import subprocess
import sys


def main() -> None:
    store, now = f"--store={sys.argv[1]}", f"--now={sys.argv[2]}"
    for words in (("reclaim", store, now, "--only=compacted", "--yes"), ("undo", store)):
        subprocess.run([sys.executable, "-m", "invoke", *words], check=True)


if __name__ == "__main__":
    main()
