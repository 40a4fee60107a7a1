-- Rows and octets of the sessions of the batch that go.
SELECT
  COALESCE(SUM(c.tally), 0) AS tally,
  COALESCE(SUM(c.bytes), 0) AS bytes
FROM #lc_leftover_batch AS c;
