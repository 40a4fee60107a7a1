-- Events by type.
SELECT
  t.type,
  SUM(t.tally) AS tally,
  SUM(t.bytes) AS bytes
FROM lc_type AS t
GROUP BY
  t.type
ORDER BY
  SUM(t.bytes) DESC,
  t.type;
