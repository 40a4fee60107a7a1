"""A client at work beside a verb: small writes, one after another, each timed; run as a program with a store's path."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager

SESSION = "ses_live"


@contextmanager
def writer(store, pause=0.01):
    """What it met, filled in when it ends: `waits` in seconds from BEGIN to COMMIT, `errors`, ids `written`."""
    met = {}
    with subprocess.Popen([sys.executable, __file__, str(store), str(pause)], stdout=subprocess.PIPE, text=True) as one:
        one.stdout.readline()
        try:
            yield met
        finally:
            one.send_signal(signal.SIGTERM)
            met |= json.loads(one.stdout.read())


def main(store, pause):
    going = [True]
    signal.signal(signal.SIGTERM, lambda *_: going.clear())
    con = sqlite3.connect(store, isolation_level=None, timeout=5)
    for setting in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        con.execute(f"PRAGMA {setting}").fetchall()
    waits, errors, written = [], [], []
    print("ready", flush=True)
    while going:
        started, place, now = time.monotonic(), time.time_ns(), int(time.time() * 1000)
        try:
            con.execute("BEGIN IMMEDIATE")
            con.execute("INSERT INTO todo (session_id, content, status, priority, position, time_created, time_updated)"
                        " VALUES (?, ?, 'pending', 'low', ?, ?, ?)", (SESSION, str(place), place, now, now))
            con.execute("COMMIT")
            written.append(str(place))
        except sqlite3.Error as error:
            errors.append(str(error))
            if con.in_transaction:
                con.execute("ROLLBACK")
        waits.append(time.monotonic() - started)
        time.sleep(pause)
    con.close()
    print(json.dumps({"waits": waits, "errors": errors, "written": written}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
