-- How much one table holds of the sessions in the queue: rows, and octets of the counted text columns.
SELECT
  COUNT(*) AS tally,
  COALESCE(SUM(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)), 0) AS bytes
FROM "part" AS t
WHERE
  t."session_id" IN (
    SELECT
      q.id
    FROM lc_queue AS q
  );
