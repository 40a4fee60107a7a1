"""Spans of time in milliseconds, and the first moment that is a clear one."""




HOUR = 3_600_000
DAY = 24 * HOUR
CLEAR_FROM = 10**12
