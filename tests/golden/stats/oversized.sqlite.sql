-- Rows so large that the client's move from 1.x to 2.x fails or crawls on them.
SELECT
  h.name,
  COUNT(*) AS tally,
  MAX(h.bytes) AS bytes
FROM (
  SELECT
    'part' AS name,
    p.bytes
  FROM lc_piece AS p
  WHERE
    p.bytes >= 20000000
  UNION ALL
  SELECT
    'event' AS name,
    n.bytes
  FROM lc_note AS n
  WHERE
    n.bytes >= 20000000
) AS h
GROUP BY
  h.name
ORDER BY
  h.name;
