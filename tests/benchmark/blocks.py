"""Ready-made blocks of text and base64, cut to any length, so that a gigabyte of rows is quick to write.

Text is already escaped for a JSON string: rows are put together from bytes, without `json.dumps`.
"""

import base64
import random
from bisect import bisect_left
from itertools import accumulate

WORDS = tuple("""
    return import const await async function class self def if else for while try except raise None True
    False print value index result error path file line test data config json session message part tool
    output input state status buffer stream request response client server handler parse render build
    update insert delete select where order limit count total size bytes time created updated user model
    token cost cache read write node edge graph tree root child parent branch commit merge rebase diff patch
    """.split())  # noqa: SIM905 - a list of a hundred quoted words is no better to read
# What real outputs are full of: quotes, tabs, colours, and characters of two, three and four bytes.
ODD = (
    b'\\"quoted\\"', b"\\t\\t", b"\\u001b[31mred\\u001b[0m",
    "größe".encode(), "注釈".encode(), "🚀".encode(),
)
LINE_END = b"\\n"
TEXT_BYTES = 8_000_000
BASE64_BYTES = 12_000_000


class Blocks:
    """Two pools, filled from the seed; larger than a compressor's window, so that exports stay honest."""

    def __init__(self, rng: random.Random):
        lines = list(_lines(rng))
        self._text = b"".join(lines)
        self._ends = list(accumulate(map(len, lines)))
        self._base64 = base64.b64encode(rng.randbytes(BASE64_BYTES * 3 // 4))
        self._rng = rng

    def text(self, size: int) -> bytes:
        """About `size` bytes of whole lines (an escape is never cut in two)."""
        pieces, missing = [], size
        while missing > 0:
            first = self._rng.randrange(len(self._ends) - 1)
            start = self._ends[first]
            last = bisect_left(self._ends, start + missing, first + 1, len(self._ends) - 1)
            pieces.append(self._text[start : self._ends[last]])
            missing -= len(pieces[-1])
        return b"".join(pieces)

    def base64(self, size: int) -> bytes:
        """`size` bytes of base64, rounded down to whole groups of four."""
        size -= size % 4
        pieces, missing = [], size
        while missing > 0:
            start = self._rng.randrange(len(self._base64) // 4) * 4
            pieces.append(self._base64[start : start + missing])
            missing -= len(pieces[-1])
        return b"".join(pieces)


def first_lines(text: bytes, size: int) -> bytes:
    """The lines of `text` within its first `size` bytes, as a stream that is still running shows them."""
    if size >= len(text):
        return text
    end = text.rfind(LINE_END, 0, size)
    return text[: end + len(LINE_END)] if end >= 0 else b""


def _lines(rng: random.Random):
    words = [word.encode() for word in WORDS]
    written = 0
    while written < TEXT_BYTES:
        picked = rng.choices(words, k=rng.randint(3, 14))
        if rng.random() < 0.05:
            picked.append(rng.choice(ODD))
        line = b"    " * rng.randint(0, 3) + b" ".join(picked) + LINE_END
        written += len(line)
        yield line
