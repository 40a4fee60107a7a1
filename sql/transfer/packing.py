"""Files that hold exports: packed by their suffix, read by content.

`.json` is plain, `.json.gz` and `.json.zst` are packed; a file is recognised by its first bytes, whatever its name.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import queue
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from ..refusal import BAD_VALUE, FAILED, Refusal

BATCH = 1 << 20          # octets handed over to the writing thread at once
HUGE = 2 << 20           # pieces that are as large together travel one by one, and are waited for
SLICE = 4 << 20          # octets packed in one go
SPREAD = 16 << 20        # octets after which the kernel is asked to begin writing them out
WINDOW = 1 << 25         # octets of what came before that a packed file may refer to; ours are packed with a sixteenth
HARMLESS, RATIO = 1 << 30, 5_000  # octets that any file may unpack to, and how many each octet of it may beyond
VALUES = 500_000         # of one JSON text that is read at once
OCTETS = frozenset((bytes, bytearray, memoryview))  # anything else is huge, and comes in slices
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class Sink:
    """Takes pieces of a file, joins and hashes them in one thread, and packs and writes them in another.

    What fails there is raised by the next `put`, or by `close`.
    """

    def __init__(self, out: Any) -> None:
        self._out = out
        self._batch: list[Any] = []
        self._sealed: list[list[Any]] = []  # runs of pieces, each with a seal after it
        self._size = 0
        self._digest, self._chain = hashlib.sha256(), hashlib.sha256()
        self._writing = Lane(self._write)
        self._hashing = Lane(self._hash)

    def put(self, pieces: list[Any]) -> int:
        """Append pieces of bytes; how many octets they are."""
        size = sum(map(len, pieces))
        if size >= HUGE:
            self._hand_over()  # what is small travels together, before it
        self._batch += pieces
        self._size += size
        if self._size >= BATCH:
            self._hand_over()
        return size

    def seal(self) -> None:
        """Append the digest of all that came since the last seal."""
        self._sealed.append(self._batch)
        self._batch = []

    def close(self) -> None:
        """Write what is left."""
        self._hand_over()
        self._wait()
        self._end()

    @property
    def chain(self) -> str:
        """The digest of all digests, once the sink is closed."""
        return self._chain.hexdigest()

    def abandon(self) -> None:
        """Stop without writing more."""
        self._writing.failure = self._writing.failure or InterruptedError()
        self._end()

    def _hand_over(self) -> None:
        self._raise()
        runs, size = [*self._sealed, self._batch], self._size
        self._sealed, self._batch, self._size = [], [], 0
        if size < HUGE and all(OCTETS.issuperset(map(type, run)) for run in runs):
            self._hashing.take(runs)
            return
        for run in runs[:-1]:
            self._alone(run)
            self._hashing.take([[], []])
        self._alone(runs[-1])
        self._wait()

    def _alone(self, run: list[Any]) -> None:
        """One piece after another; the slices of a huge value are read here, in the thread of its connection."""
        for piece in run:
            for octets in (piece,) if type(piece) in OCTETS else piece:
                self._hashing.take([[octets]])

    def _wait(self) -> None:
        self._hashing.wait()
        self._writing.wait()
        self._raise()

    def _raise(self) -> None:
        if failure := self._writing.failure or self._hashing.failure:
            raise failure

    def _end(self) -> None:
        self._hashing.end()
        self._writing.end()

    def _hash(self, runs: list[list[Any]]) -> None:
        """Runs of pieces, between which a seal stands."""
        found: list[Any] = []
        for number, run in enumerate(runs):
            if number:
                found.append(self._digest.hexdigest().encode())
                self._chain.update(found[-1])
                self._digest = hashlib.sha256()
            octets = run[0] if len(run) == 1 else b"".join(run)
            self._digest.update(octets)
            found.append(octets)
        self._writing.take(found if len(found) == 1 else [b"".join(found)])

    def _write(self, batch: list[Any]) -> None:
        for piece in batch:
            view = memoryview(piece)
            for start in range(0, len(view), SLICE):
                self._out.write(view[start:start + SLICE])


class Lane:
    """Work in a thread of its own, a batch at a time, in their order; nothing more is done after a failure."""

    def __init__(self, work: Callable[[list[Any]], None]) -> None:
        self.failure: BaseException | None = None
        self._work = work
        self._waiting: queue.Queue[Any] = queue.Queue(2)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def take(self, batch: list[Any]) -> None:
        """Do this next; waits where too much is waiting already."""
        self._waiting.put(batch)

    def wait(self) -> None:
        """Until all is done that was taken."""
        self._waiting.join()

    def end(self) -> None:
        """Do what was taken, and stop."""
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def _run(self) -> None:
        while True:
            batch = self._waiting.get()
            try:
                if batch is None:
                    return
                if not self.failure:
                    self._work(batch)
            except Exception as error:  # noqa: BLE001 - told to the thread that gives the work
                self.failure = error
            finally:
                batch = None
                self._waiting.task_done()


class _File(io.RawIOBase):
    """A file that is being written out while it grows, so that flushing it at the end takes little; `reaches` hears
    how much is in it."""

    def __init__(self, handle: int, reaches: Callable[[int], object]):
        self._handle, self._reaches, self._written, self._told = handle, reaches, 0, 0
        self._left = False

    def leave(self) -> None:
        """Whatever is still written, as a packer that is let go of does, is nobody's: the file may be begun anew."""
        self._left = True

    def writable(self) -> bool:
        return True

    def write(self, octets: Any) -> int:
        view = memoryview(b"" if self._left else octets)
        while view:
            done = os.write(self._handle, view)
            view, self._written = view[done:], self._written + done
        if self._written - self._told > SPREAD:
            self._reaches(self._written)
            self._told = self._written
        return len(octets)


def drop_page_cache(handle: int) -> None:
    """Ask the kernel to write a file out and forget it; what is read afterwards comes from the disk."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def packed(file: BinaryIO, path: Path, reaches: Callable[[int], object] | None = None) -> Iterator[Sink]:
    """A sink that fills a new file, packed as the suffix of `path` says; written out once the block ends well. What
    `reaches` hears from time to time is how much is written."""
    out = _File(file.fileno(), reaches or (lambda octets: drop_page_cache(file.fileno())))
    packer = _packer(path, out)
    sink = Sink(packer)
    try:
        yield sink
        sink.close()
        packer.close()
        os.fsync(file.fileno())
        drop_page_cache(file.fileno())
    except BaseException:
        sink.abandon()
        out.leave()
        raise


def _packer(path: Path, file: Any) -> Any:
    if path.name.endswith(".zst"):
        return zstandard.ZstdCompressor(compression_params=_zstd()).stream_writer(file, closefd=False)
    if path.name.endswith(".gz"):
        return gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6)
    if path.name.endswith(".json"):
        return file
    raise Refusal(f"{path}: the name of an export ends in .json, .json.gz or .json.zst.", BAD_VALUE)


def _zstd() -> zstandard.ZstdCompressionParameters:
    """The quickest level, but with a window and a table as large as two levels above, which an event log needs: as
    small as that one, in two thirds of its time."""
    return zstandard.ZstdCompressionParameters.from_level(1, window_log=21, hash_log=17, write_checksum=True)


def _opened(path: Path) -> AbstractContextManager[Any]:
    return path.open("rb", buffering=0)


@contextmanager
def reading(path: Path, opened: Callable[[Path], AbstractContextManager[Any]] = _opened) -> Iterator[io.BufferedReader]:
    """The unpacked content of a file; what is cut short or damaged inside the packing is refused by name."""
    try:
        with opened(path) as raw:
            head = raw.read(4)
            raw.seek(0)
            inner: Any
            if head.startswith(GZIP):
                inner = gzip.GzipFile(fileobj=io.BufferedReader(raw, SLICE))
            elif head == ZSTD:
                inner = _Zstd(raw, path)
            else:
                inner = raw
            yield io.BufferedReader(inner, BATCH)
    except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
        raise Refusal(f"{path} is damaged or cut short: {error}.", FAILED) from None
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.", BAD_VALUE) from None


class _Zstd(io.RawIOBase):
    """Unpacks one Zstandard frame a block at a time, so that what unpacks to far more than it seems stays harmless:
    128 KiB at once, and not without end. The layout of a frame is that of RFC 8878, section 3.1.1."""

    LARGEST_HEADER, BLOCK_HEADER, RUN, CHECKSUM = 18, 3, 1, 4

    def __init__(self, raw: Any, path: Path) -> None:
        self._path = path
        self._raw, self._ready = io.BufferedReader(raw, BATCH), memoryview(b"")
        self._unpack = zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj()
        head = self._raw.peek(self.LARGEST_HEADER)[:self.LARGEST_HEADER]
        self._sealed = zstandard.get_frame_parameters(head).has_checksum
        self._packed = self._unpacked = 0
        self._feed(zstandard.frame_header_size(head))

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        while not self._ready:
            if self._unpack.eof:
                if self._raw.read(1):
                    raise zstandard.ZstdError("something follows its end")
                return 0
            self._block()
        size = min(len(target), len(self._ready))
        target[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def _block(self) -> None:
        head = int.from_bytes(self._feed(self.BLOCK_HEADER), "little")
        last, kind, size = head & 1, head >> 1 & 3, head >> 3
        self._feed(1 if kind == self.RUN else size)
        if last and self._sealed:
            self._feed(self.CHECKSUM)
        if self._unpacked > max(HARMLESS, self._packed * RATIO):
            raise Refusal(f"{self._path} unpacks to more than {RATIO:,} times its size; unpack it first "
                          "(zstd -d) if you trust it, and use the plain file.", FAILED)

    def _feed(self, size: int) -> bytes:
        """Hand over so many octets of the file, and keep what they unpack to."""
        packed = self._raw.read(size)
        if len(packed) < size:
            raise EOFError("its end is missing")
        found = self._unpack.decompress(packed) if packed else b""
        self._ready = memoryview(bytes(self._ready) + found) if self._ready else memoryview(found)
        self._packed, self._unpacked = self._packed + size, self._unpacked + len(found)
        return packed


STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)


def few(text: bytes | bytearray, most: int = VALUES) -> bool:
    """Whether a JSON text has so few values that what it becomes in memory is in proportion: half a million in what
    is over a megabyte, beside its texts."""
    if len(text) <= BATCH:
        return True
    marks = STRING.sub(b"", text)
    return sum(map(marks.count, (b"[", b"{", b","))) <= most
