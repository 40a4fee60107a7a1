"""Durations and sizes, as people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ..sql.refusal import BAD_VALUE, Refusal
from ..sql.words import printable

HOUR = 3_600_000
DAY = 24 * HOUR
DURATIONS = {"h": HOUR, "d": DAY, "w": 7 * DAY, "mo": 30 * DAY, "y": 365 * DAY, "": DAY}
SIZES = {"": 10**6, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
         "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}
NUMBER = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)\s*", re.IGNORECASE)


def duration(text: str | int, name: str) -> int:
    """Milliseconds of `30`, `30d`, `6w`, `12h`, `3mo` (30 days each) or `1y` (365 days); a bare number is days."""
    return _amount(text, name, DURATIONS, "a duration such as 30d, 6w, 12h, 3mo or 1y")


def size(text: str | int, name: str) -> int:
    """Bytes of `500MB` (10^6), `2GiB` (2^30) and the like; a bare number is MB."""
    return _amount(text, name, SIZES, "a size such as 500MB or 2GiB")


def count(text: str | int, name: str) -> int:
    """A whole number of 0 or more; raises `Refusal` 64 for anything else."""
    if isinstance(text, bool) or not re.fullmatch(r"\s*[0-9]{1,12}\s*", str(text)):
        raise Refusal(f"{name}={printable(text)}: not a whole number of 0 or more.", BAD_VALUE)
    return int(text)


def moment(text: str | int, name: str = "--now") -> int:
    """Milliseconds since 1970 of epoch milliseconds or an ISO 8601 time (UTC unless it says otherwise)."""
    if re.fullmatch(r"\s*[0-9]{12,15}\s*", str(text)):
        return int(text)
    try:
        when = datetime.fromisoformat(str(text).strip())
    except ValueError:
        raise Refusal(f"{name}={printable(text)}: neither epoch milliseconds nor an ISO 8601 time.",
                      BAD_VALUE) from None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    try:
        return int(when.timestamp() * 1000)
    except (OverflowError, ValueError):
        raise Refusal(f"{name}={printable(text)}: no moment that can be reckoned with.", BAD_VALUE) from None


def _amount(text: str | int, name: str, units: dict[str, int], expected: str) -> int:
    match = None if isinstance(text, bool) else NUMBER.fullmatch(str(text))
    if not match or match[2].lower() not in units:
        raise Refusal(f"{name}={printable(text)}: not {expected}.", BAD_VALUE)
    if len(match[1]) > 30:
        raise Refusal(f"{name}={printable(text)}: larger than any store or time.", BAD_VALUE)
    amount = round(float(match[1]) * units[match[2].lower()])
    if amount > 10**17:
        raise Refusal(f"{name}={printable(text)}: larger than any store or time.", BAD_VALUE)
    return amount
