"""What an export holds is read back from the disk before anything relies on it: where it is long by a process of its
own, while the rest is still being written; else once it is there."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, BinaryIO

from ..refusal import FAILED, Refusal
from ..spill import Spilled
from .compare import digest
from .packing import Lane, drop_page_cache, reading
from .reader import Chain, Opened, Sealed, Stored, read

LONG = 64 << 20           # octets of rows from which on a process of its own is worth its start
TELL_EVERY = 2_000        # rows
ROUND = 1 << 64
AT_ONCE = 1_000           # sums that the other process says in a line
Total = tuple[str, int, int]  # a session, a slice of its event log (0: everything but the slices), the sum of its rows


@dataclass(frozen=True)
class Summed:
    """What is to be summed up of the rows: the columns of each table, tables that are logs, and for each session whose
    log goes ahead up to which event each slice goes, and the slices' numbers."""

    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    logs: Collection[str] = ()
    cuts: Mapping[str, Sequence[Sequence[int]]] = field(default_factory=dict)


NOTHING = Summed()


@dataclass
class ReadBack:
    """What was read: sessions, rows by table, the digest of all digests, and the sums that were asked for."""

    sessions: int
    rows: dict[str, int]
    chain: str
    sums: Iterable[Total]


# --- what is read ----------------------------------------------------------------------------------------------------


def adding(asked: Summed) -> Callable[[Opened | Stored | Sealed | None], list[Total]]:
    """A function to hear what is read of sessions, one after the other, and None at the end; it gives the sums of each
    session once another one begins."""
    sums: dict[int, int] = {}
    columns, logs, cuts = asked.columns, frozenset(asked.logs), asked.cuts
    session: str | None = None

    def hear(item: Opened | Stored | Sealed | None) -> list[Total]:
        nonlocal session, sums
        if isinstance(item, Stored):
            if session is not None and item.table in columns:
                through, numbers = cuts.get(session, ((), ())) if item.table in logs else ((), ())
                number = _slice(item.values.get("seq"), through, numbers)
                mark = row_mark(item.table, map(item.values.get, columns[item.table]))
                sums[number] = (sums.get(number, 0) + mark) % ROUND
            return []
        if isinstance(item, Sealed):
            return []
        found = [(session, number, total) for number, total in sums.items()] if session is not None else []
        session, sums = item.session if item else None, {}
        return found

    return hear


def _slice(seq: object, through: Sequence[int], numbers: Sequence[int]) -> int:
    at = bisect_left(through, seq) if isinstance(seq, (int, float)) else len(through)
    return numbers[at] if at < len(numbers) else 0


def row_mark(table: str, values: Iterable[object]) -> int:
    """A number for a row, which adds up to those of others whatever their order; below `ROUND`."""
    return int.from_bytes(digest((table, *values))[:8], "big")


def summed(items: Iterable[Opened | Stored | Sealed], chain: Chain, asked: Summed,
           tell: Callable[[int], object]) -> ReadBack:
    """Read to the end; `tell` hears from time to time how many rows it were so far."""
    found, hear = ReadBack(0, {}, "", ()), adding(asked)

    def sums() -> Iterator[Total]:
        done = 0
        for item in items:
            yield from hear(item)
            if isinstance(item, Stored):
                done += 1
                if done % TELL_EVERY == 0:
                    tell(done)
            elif isinstance(item, Sealed):
                found.sessions += 1
                for table, number in item.rows.items():
                    found.rows[table] = found.rows.get(table, 0) + number
            del item  # before the next is read: a row may be huge
        yield from hear(None)

    found.sums = Spilled(sums(), tuple, tuple)
    found.chain = chain.hexdigest()
    return found


# --- who reads it ----------------------------------------------------------------------------------------------------


class Afterwards:
    """Reads a file once it is there."""

    def __init__(self, part: Path, handle: int, asked: Summed) -> None:
        self._part, self._handle, self._asked = part, handle, asked

    def reaches(self, octets: int) -> None:
        """So much of the file is written."""
        drop_page_cache(self._handle)

    def end(self, tell: Callable[[int], object]) -> ReadBack:
        """Read what is written; `tell` hears how many rows it were so far. Raises `Refusal` as `read` does."""
        chain = Chain()
        return summed(read(self._part, chain), chain, self._asked, tell)

    def close(self) -> None:
        """Nothing is read any more."""


class Behind:
    """The same by another process, as far as the file is on the disk; what is read comes from there."""

    def __init__(self, part: Path, handle: int, asked: Summed) -> None:
        self._handle = handle
        self._child = subprocess.Popen([sys.executable, "-P", "-m", __name__], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
        self._flushing = Lane(self._flush)
        self._say({"part": str(part)} | asdict(asked))

    def reaches(self, octets: int) -> None:
        self._flushing.take([octets])

    def _flush(self, batch: list[Any]) -> None:
        flush = getattr(os, "fdatasync", os.fsync)
        flush(self._handle)
        drop_page_cache(self._handle)
        self._say(batch[-1])

    def _say(self, what: object) -> None:
        with suppress(OSError):  # it has ended; why is what it said last
            assert self._child.stdin
            self._child.stdin.write(json.dumps(what).encode() + b"\n")
            self._child.stdin.flush()

    def end(self, tell: Callable[[int], object]) -> ReadBack:
        self._flushing.end()
        if self._flushing.failure:
            raise self._flushing.failure
        self._say(None)
        found: dict[str, Any] = {}
        sums = Spilled(self._heard(tell, found), tuple, tuple)
        if not found:
            raise Refusal(f"The process that reads the export back ended with {self._child.wait()}; nothing was "
                          "removed. Run it again.", FAILED)
        return ReadBack(**found, sums=sums)

    def _heard(self, tell: Callable[[int], object], found: dict[str, Any]) -> Iterator[Total]:
        """The sums that the other process says; `found` is what it says at the end."""
        assert self._child.stdout
        for line in self._child.stdout:
            said = json.loads(line)
            if isinstance(said, int):
                tell(said)
            elif isinstance(said, list):
                yield from map(tuple, said)
            elif "refused" in said:
                raise Refusal(said["refused"], said["code"])
            else:
                found |= said

    def close(self) -> None:
        self._child.kill()
        self._flushing.end()
        with suppress(OSError):
            self._child.communicate()


@contextmanager
def begun(file: BinaryIO, octets: int, asked: Summed) -> Iterator[Afterwards | Behind]:
    """Whoever reads a file back that has just been made and takes so many octets of rows."""
    part = Path(file.name)
    reader: Afterwards | Behind = Afterwards(part, file.fileno(), asked)
    if octets >= LONG:
        with suppress(OSError):  # no process to be had: then afterwards
            reader = Behind(part, file.fileno(), asked)
    try:
        yield reader
    finally:
        reader.close()


# --- the other process -----------------------------------------------------------------------------------------------


class _Growing(io.RawIOBase):
    """A file that can be read as far as it is said to be on the disk, and then waited for."""

    def __init__(self, raw: Any, told: IO[bytes]) -> None:
        self._raw, self._told = raw, told
        self._at = self._reach = 0
        self.whole = False

    def readable(self) -> bool:
        return True

    def seek(self, at: int, whence: int = os.SEEK_SET) -> int:
        self._at = int(self._raw.seek(at, whence))
        return self._at

    def readinto(self, target: Any) -> int:
        while self._at >= self._reach and not self.whole:
            self._hear()
        room = memoryview(target)
        got = int(self._raw.readinto(room if self.whole else room[:self._reach - self._at]))
        self._at += got
        return got

    def _hear(self) -> None:
        line = self._told.readline()
        if not line:
            raise SystemExit(FAILED)  # whoever writes it is gone
        said = json.loads(line)
        self.whole, self._reach = said is None, said or self._reach


def _follow(part: Path, asked: Summed, told: IO[bytes], put: Callable[[object], object]) -> ReadBack:
    """What is read of a growing file; how many rows it were so far is put once it is whole, when somebody listens."""
    chain = Chain()
    with part.open("rb", buffering=0) as raw:
        growing = _Growing(raw, told)
        items = read(part, chain, lambda path: reading(path, lambda _: nullcontext(growing)))
        return summed(items, chain, asked, lambda rows: growing.whole and put(rows))


def main() -> None:
    """Read what stdin names, as far as it says; what came of it goes to stdout."""
    told = sys.stdin.buffer
    given = json.loads(told.readline())

    def put(what: object) -> None:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()

    try:
        found = _follow(Path(given.pop("part")), Summed(**given), told, put)
    except Refusal as error:
        put({"refused": str(error), "code": error.code})
    else:
        sums = iter(found.sums)
        while some := list(islice(sums, AT_ONCE)):
            put(some)
        put({"sessions": found.sessions, "rows": found.rows, "chain": found.chain})


if __name__ == "__main__":
    main()
