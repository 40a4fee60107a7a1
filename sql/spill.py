"""Sequences that spill: of what there may be as much as a store has sessions, most lies on the disk."""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, Generic, TypeVar

from .files import cause, temporary_folder
from .refusal import FAILED, Refusal

T = TypeVar("T")
TOGETHER = 500            # of them are written and read at once
HELD = 4 << 20            # octets that stay in memory


class Spilled(Generic[T]):
    """Read from the front, as often as needed. `plain` makes of each what `marshal` takes, numbers, texts and tuples of
    them, and `again` makes it what it was. Raises `Refusal` 1 where the disk does not take them."""

    def __init__(self, found: Iterable[T], plain: Callable[[T], Any], again: Callable[[Any], T]):
        self._again, self._length, self._ends = again, 0, list[int]()
        folder, waiting = temporary_folder(), iter(found)
        self._file = tempfile.SpooledTemporaryFile(max_size=HELD, dir=str(folder))  # noqa: SIM115  gone with it
        while some := [plain(one) for one in islice(waiting, TOGETHER)]:
            try:
                self._file.write(marshal.dumps(some))
                self._file.flush()
            except OSError as error:
                with suppress(OSError):
                    self._file.close()
                raise Refusal(f"What is being worked with does not fit into {folder}: {cause(error)}; free some space "
                              "there, or name another folder in TMPDIR.", FAILED) from None
            self._ends.append(self._file.tell())
            self._length += len(some)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        start = 0
        for end in self._ends:
            self._file.seek(start)
            yield from map(self._again, marshal.loads(self._file.read(end - start)))
            start = end
