-- Rows that are not JSON, by table, each once whatever kinds looked at it; one of them is named.
SELECT
  b.name,
  COUNT_BIG(*) AS tally,
  MIN(b.id) AS first_id
FROM (
  SELECT
    f.name AS name,
    f.id AS id
  FROM #lc_broken AS f
  GROUP BY
    f.name,
    f.id
) AS b
GROUP BY
  b.name
ORDER BY
  b.name;
