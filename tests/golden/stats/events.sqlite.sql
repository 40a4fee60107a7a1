-- Events by type.
SELECT
  n.type,
  COUNT(*) AS tally,
  SUM(n.bytes) AS bytes
FROM lc_note AS n
GROUP BY
  n.type
ORDER BY
  SUM(n.bytes) DESC,
  n.type;
