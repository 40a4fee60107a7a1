INSERT INTO #lc_unit (
  id,
  root_id,
  reason
)
SELECT
  r.id,
  r.root_id,
  'orphan'
FROM #lc_root AS r
JOIN #lc_verdict AS v
  ON v.root_id = r.root_id
JOIN #lc_session AS s
  ON s.id = r.root_id
LEFT JOIN #lc_link AS p
  ON p.id = s.parent_id
WHERE
  v.protection IS NULL AND NOT s.parent_id IS NULL AND p.id IS NULL;
