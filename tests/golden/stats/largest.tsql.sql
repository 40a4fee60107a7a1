-- The largest trees.
SELECT
TOP (10)
  r.root_id,
  MAX(CASE WHEN s.id = r.root_id THEN s.title END) AS title,
  COUNT_BIG(*) AS sessions,
  SUM(s.bytes) AS bytes,
  MAX(s.active) AS last_active
FROM #lc_session AS s
JOIN #lc_root AS r
  ON r.id = s.id
GROUP BY
  r.root_id
ORDER BY
  SUM(s.bytes) DESC,
  r.root_id;
