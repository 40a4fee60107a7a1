-- How much one table holds of each session in the queue: rows, and octets of the counted text columns.
SELECT
  q.place,
  COUNT_BIG(*) AS tally,
  COALESCE(SUM(COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)), 0) AS bytes
FROM #lc_queue AS q
JOIN [part] AS t
  ON t.[session_id] = q.id
GROUP BY
  q.place;
