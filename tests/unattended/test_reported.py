"""The report that this project began with (32716), made again: 1.25 GB, one session with 263 MB of PDFs, 52,000 parts,
152 MB of base64. LIFECYCLE_FULL=1 makes it in full."""

import base64
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import Ran, invoked, opened, planted, sessions_of, sound
from days import DAY, Days, at
from forests import NOW
from opencode_lifecycle.policies import policy as policies
from size import sized

PART = sized(50, 10, 1)                                     # the size of all by so much
MB = 10**6 // PART
PARTS, PDFS, BASE64, TOTAL = 52_000 // PART, 263 * MB, 152 * MB, 1_250 * MB
MARKS, LIMIT = (100 * MB, 500 * MB, 1_000 * MB), 200 * MB
TREES = 150
WATCH = "[reclaim]\n" + "".join(f"{kind} = false\n" for kind in ("orphans", "events", "compacted", "diffs"))
BIG = "ses_pdfs"


@pytest.fixture
def reported(tmp_path):
    (tmp_path / "store").mkdir()
    return planted(tmp_path / "store" / "opencode.db", trees=0, fresh=0)


def small_disk(folder):
    """The ready-made policy, with sizes of this run's part."""
    text = (Path(policies.__file__).parent / "small-disk.toml").read_text()
    path = folder / "small-disk.toml"
    path.write_text(text.replace('"200MB"', f'"{LIMIT}B"') + f'\n[warn]\nsizes = {[f"{mark}B" for mark in MARKS]}\n')
    return path


def grown(store, first, last):
    """Trees number `first` to `last`, the oldest first, of 20 to 0.1 days ago; the PDFs are in one in the middle."""
    parts = PARTS // TREES
    place, rest = Days(store), TOTAL - PDFS
    octets = rest // TREES // parts // 2 - 400                # half of it is the log
    with opened(store) as con:
        con.execute("BEGIN")
        for n in range(first, last):
            id, moment = f"ses_{n:04}", NOW - round((TREES - n) * 20 / TREES * DAY) - DAY * 2
            place.insert(con, "session", [session(id, moment)])
            place.insert(con, "message", [message(id, moment)])
            said = [json.dumps({"type": "text", "text": f"{id} {k} " + "word " * (octets // 5)}) for k in range(parts)]
            place.insert(con, "part", [part(id, k, data, moment) for k, data in enumerate(said)])
            place.insert(con, "event_sequence", [{"aggregate_id": id, "seq": parts}])
            place.insert(con, "event", [event(id, k, data) for k, data in enumerate(said)])
        if first <= TREES // 3 < last:
            pdfs(con, place)
        con.execute("COMMIT")


def pdfs(con, place):
    """Files as a prompt brings them, and the log of a session that named them again and again."""
    random.seed(1)
    moment, number = NOW - 15 * DAY, 11
    place.insert(con, "session", [session(BIG, moment)])
    place.insert(con, "message", [message(BIG, moment)])
    files = [json.dumps({"type": "file", "mime": "application/pdf", "filename": f"{n}.pdf",
                         "url": "data:application/pdf;base64,"
                                + base64.b64encode(random.randbytes(BASE64 // number * 3 // 4)).decode()})
             for n in range(number)]
    place.insert(con, "part", [part(BIG, n, data, moment) for n, data in enumerate(files)])
    place.insert(con, "event_sequence", [{"aggregate_id": BIG, "seq": number}])
    named = files[:(PDFS - BASE64) * number // BASE64]
    place.insert(con, "event", [event(BIG, n, data) for n, data in enumerate(named)])


def session(id, moment):
    return {"id": id, "project_id": "p", "slug": "s", "directory": "/w", "title": id, "version": "1"} | at(moment)


def message(id, moment):
    return {"id": f"msg_{id}", "session_id": id, "data": '{"role":"user"}'} | at(moment)


def part(id, n, data, moment):
    return {"id": f"prt_{id}_{n}", "message_id": f"msg_{id}", "session_id": id, "data": data} | at(moment)


def event(id, n, data):
    return {"id": f"evt_{id}_{n}", "aggregate_id": id, "seq": n, "type": "message.part.updated.1",
            "data": json.dumps({"part": {"id": f"prt_{id}_{n}"} | json.loads(data)})}


def timed(*words):
    """A process to its end; seconds of a processor, and by the clock."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, timeout=600)
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(done.returncode, done.stdout, done.stderr), used, took


def quickest(*words):
    """The installed program as cron starts it, the least of three; and the seconds of a processor that it may take.

    Half a second where nothing else runs, which is two and a half imports of Invoke. Other tests share cores and
    caches with this one, so an import is measured by turns with it.
    """
    script = Path(sys.executable).with_name("opencode-lifecycle")
    found, empty = [], []
    for _ in range(3):
        found.append(timed(script, *words))
        empty.append(timed(sys.executable, "-c", "import invoke"))
    assert {ran.code for ran, *_ in found} == {0}, found
    used, took = min(used for _, used, _ in found), min(took for *_, took in found)
    return used, took, max(0.5, 2.5 * min(used for _, used, _ in empty))


@pytest.mark.whole
def test_the_reported_store_is_small_in_two_nights_and_nothing_is_lost(reported, tmp_path, say):
    watch, policy, place = tmp_path / "watch.toml", small_disk(tmp_path), Days(reported)
    watch.write_text(WATCH + f"[warn]\nsizes = {[f'{mark}B' for mark in MARKS]}\n")
    with opened(reported) as con:
        place.insert(con, "project", [{"id": "p", "worktree": "/w", "sandboxes": "[]"} | at(NOW)])

    def enforce(rules, now, *flags):
        return invoked("enforce", f"--store={reported}", f"--policy={rules}", f"--now={now}", "--json", *flags,
                       inside=True).json

    warned = []
    for stage, (first, last) in enumerate(((0, 18), (18, 62), (62, TREES))):
        grown(reported, first, last)
        warned += [one["mark"] for one in enforce(watch, NOW - (5 - stage) * DAY)["steps"][0]["crossed"]]
    assert warned == list(MARKS)                             # once each, while it grew
    size = reported.stat().st_size
    assert TOTAL * 0.95 < size < TOTAL * 1.15, size
    before, sessions = place.digest(), sessions_of(reported)

    first = enforce(policy, NOW)
    assert first["announced"] and sessions_of(reported) == sessions
    second = enforce(policy, NOW + DAY)
    steps = {step["step"]: step for step in second["steps"]}
    after = reported.stat().st_size
    assert steps["evict"]["status"] == "done" and after <= LIMIT, steps
    left = sessions_of(reported)
    newest = sorted(sessions - {BIG}, reverse=True)[:len(left)]
    assert left == set(newest) and len(left) >= 10           # the newest stay, one after another
    sound(reported)

    used, took, allowed = quickest("enforce", f"--store={reported}", f"--policy={policy}", f"--now={NOW + DAY + 1}")
    say(f"{size:,} octets are {after:,}; {len(sessions)} sessions are {len(left)}, in {len(steps['evict']['runs'])} "
        f"passes; a second enforce took {used:.2f} s of a processor, {took:.2f} s by the clock")
    assert used <= allowed
    done = [step for report in (first, second) for step in report["steps"]]
    for number in [run for step in reversed(done) for run in reversed(step.get("runs") or [step.get("run")]) if run]:
        invoked("undo", f"--run={number}", f"--store={reported}", "--yes", inside=True)
    assert place.digest() == before                          # every row, to the octet


@pytest.mark.whole
def test_a_check_of_a_large_store_without_work_is_quick(reported, tmp_path, say):
    watch, place = tmp_path / "watch.toml", Days(reported)
    watch.write_text("[limits]\nmax_age = '60d'\nmax_sessions = 1000\nmax_size = '5GB'\n[space]\n")
    with opened(reported) as con:
        place.insert(con, "project", [{"id": "p", "worktree": "/w", "sandboxes": "[]"} | at(NOW)])
    grown(reported, 0, TREES)
    words = ("enforce", f"--store={reported}", f"--policy={watch}")
    invoked(*words, f"--now={NOW}", inside=True)
    used, took, allowed = quickest(*words, f"--now={NOW + DAY}", "--check")
    say(f"enforce --check of {reported.stat().st_size:,} octets: {used:.2f} s of a processor, {took:.2f} s by the "
        "clock")
    assert used <= allowed
