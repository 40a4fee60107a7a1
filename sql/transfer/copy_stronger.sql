-- Which tree wins, whole: the one with the newer row; of two as new the one with more rows, or more octets. 2: the other
-- origin's stays; 1: both are as large and as new; 0: the source's comes in its place.
SELECT
  m.root_id,
  MAX(CASE
    WHEN m.newest IS NULL AND f.newest IS NOT NULL OR f.newest > m.newest THEN 2
    WHEN f.newest IS NULL AND m.newest IS NOT NULL OR f.newest < m.newest THEN 0
    WHEN f.tally > m.tally OR f.tally = m.tally AND f.bytes > m.bytes THEN 2
    WHEN f.tally = m.tally AND f.bytes = m.bytes THEN 1
    ELSE 0
  END) AS standing
FROM (
  SELECT c.root_id, MAX(c.newest) AS newest, SUM(c.tally) AS tally, SUM(c.bytes) AS bytes
  FROM lc_copy AS c
  GROUP BY c.root_id
) AS m
JOIN lc_foreign AS f ON f.root_id = m.root_id
GROUP BY m.root_id
ORDER BY m.root_id;
