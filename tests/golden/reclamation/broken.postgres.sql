-- Rows that are not JSON, by table; one of them is named.
SELECT
  b.name,
  COUNT(*) AS tally,
  MIN(b.id) AS first_id
FROM lc_broken AS b
GROUP BY
  b.name
ORDER BY
  b.name;
