-- What the events that go come to.
INSERT INTO #lc_repeated (
  tally,
  bytes
)
SELECT
  COUNT_BIG(*),
  COALESCE(SUM(s.bytes), 0)
FROM #lc_superseded AS s;
