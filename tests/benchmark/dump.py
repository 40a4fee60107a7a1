"""What the sqlite3 shell writes of some tables, until it is on the disk, as an export is when it says so.

    python tests/benchmark/dump.py STORE FILE TABLE ...
"""

import os
import subprocess
import sys
from pathlib import Path


def main() -> None:
    store, name, *tables = sys.argv[1:]
    with Path(name).open("wb") as file:
        subprocess.run(["sqlite3", store, f".dump {' '.join(tables)}"], stdout=file, check=True)
        os.fsync(file.fileno())


if __name__ == "__main__":
    main()
