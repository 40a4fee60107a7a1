"""Durations, sizes, counts and moments as people write them."""

import pytest
from opencode_lifecycle.policies import units
from opencode_lifecycle.sql.refusal import BAD_VALUE, Refusal

HOUR, DAY = 3_600_000, 86_400_000
SAID = [
    (units.duration, "30", 30 * DAY),
    (units.duration, 30, 30 * DAY),
    (units.duration, "30d", 30 * DAY),
    (units.duration, "6w", 42 * DAY),
    (units.duration, "12h", 12 * HOUR),
    (units.duration, "3mo", 90 * DAY),
    (units.duration, "1y", 365 * DAY),
    (units.duration, "1.5d", 36 * HOUR),
    (units.duration, " 2 D ", 2 * DAY),
    (units.duration, "0", 0),
    (units.duration, 0, 0),
    (units.duration, "2MO", 60 * DAY),
    (units.size, "5", 5 * 10**6),
    (units.size, 5, 5 * 10**6),
    (units.size, "5b", 5),
    (units.size, "5kB", 5_000),
    (units.size, "500MB", 5 * 10**8),
    (units.size, "2GiB", 2**31),
    (units.size, "1MiB", 2**20),
    (units.size, "1.5 GB", 15 * 10**8),
    (units.size, "1tb", 10**12),
    (units.size, "1TiB", 2**40),
    (units.size, "0", 0),
    (units.count, "20", 20),
    (units.count, 0, 0),
    (units.count, " 7 ", 7),
    (units.moment, "1800000000000", 1_800_000_000_000),
    (units.moment, 1_800_000_000_000, 1_800_000_000_000),
    (units.moment, "2027-01-15", 1_799_971_200_000),
    (units.moment, "2027-01-15T08:00:00Z", 1_800_000_000_000),
    (units.moment, "2027-01-15 09:00+01:00", 1_800_000_000_000),
    (units.moment, "2027-01-15T08:00:00.250", 1_800_000_000_250),
]
UNSAID = [
    *(
        (units.duration, text)
        for text in (
            "",
            "-3",
            "-3d",
            "3m",
            "3min",
            "d",
            "3 4d",
            "1e3",
            "inf",
            "nan",
            "3d3",
            "0x3",
            "三",
            True,
            None,
            "٣d ago",
            "10" * 20,
        )
    ),
    *(
        (units.size, text)
        for text in ("", "-5MB", "5 MBs", "5M", "MB", "1,5GB", "1_000", "5 GB 3", False, "9" * 30)
    ),
    *((units.count, text) for text in ("", "-1", "1.0", "1e3", "+1", "a", True, 1.5, "1 2", "9" * 13)),
    *(
        (units.moment, text)
        for text in ("", "soon", "123", "2027-13-01", "-1800000000000", "18:00", "1" * 16)
    ),
]


@pytest.mark.parametrize("read, text, value", SAID, ids=lambda part: getattr(part, "__name__", str(part)))
def test_what_people_write_is_read(read, text, value):
    assert read(text, "--x") == value


@pytest.mark.parametrize("read, text", UNSAID, ids=lambda part: getattr(part, "__name__", str(part)))
def test_what_cannot_be_meant_is_refused_with_the_flag_and_the_value(read, text):
    with pytest.raises(Refusal) as refused:
        read(text, "--x")
    assert refused.value.code == BAD_VALUE and str(refused.value).startswith(f"--x={text}: ")
