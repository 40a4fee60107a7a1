-- How much one table holds of each session in the queue: rows, and octets of the counted text columns.
SELECT
  q.place,
  COUNT(*) AS tally,
  COALESCE(SUM(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)), 0) AS bytes
FROM lc_queue AS q
JOIN "part" AS t
  ON t."session_id" = q.id
GROUP BY
  q.place;
