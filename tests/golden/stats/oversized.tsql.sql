-- Rows so large that the client's move from 1.x to 2.x fails or crawls on them.
SELECT
  h.name,
  SUM(h.tally) AS tally,
  MAX(h.bytes) AS bytes
FROM (
  SELECT
    'part' AS name,
    1 AS tally,
    p.bytes
  FROM #lc_piece AS p
  WHERE
    p.bytes >= 20000000
  UNION ALL
  SELECT
    o.name,
    o.tally,
    o.bytes
  FROM #lc_oversized AS o
) AS h
GROUP BY
  h.name
ORDER BY
  h.name;
