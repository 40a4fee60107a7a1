-- Rows and octets of each table with sessions' rows, and of its largest row.
SELECT
  u.name,
  SUM(u.tally) AS tally,
  SUM(u.bytes) AS bytes,
  MAX(u.largest) AS largest
FROM #lc_usage AS u
GROUP BY
  u.name
ORDER BY
  SUM(u.bytes) DESC,
  u.name;
