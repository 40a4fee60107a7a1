"""Work lists cut into what one transaction, or one look at the store, may hold."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any


def batches(rows: Iterable[tuple[Any, ...]], size: int, most: int = sys.maxsize) -> Iterator[list[tuple[Any, ...]]]:
    """Rows as they come, `most` at a time and no more than `size` by their second column; a larger row stands alone."""
    batch: list[tuple[Any, ...]] = []
    total = 0
    for row in rows:
        if batch and (total + row[1] > size or len(batch) == most):
            yield batch
            batch, total = [], 0
        batch.append(row)
        total += row[1]
    if batch:
        yield batch
