SELECT
  COUNT_BIG(*) AS tally,
  COALESCE(SUM(CAST(DATALENGTH(x.data) AS BIGINT)), 0) AS octets
FROM #lc_chosen AS c
JOIN event AS x
  ON x.id = c.id;
