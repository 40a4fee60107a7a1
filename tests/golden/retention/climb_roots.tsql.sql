-- Every session sets out for its root: one step up, if the parent is there.
INSERT INTO #lc_climb (
  id,
  up,
  [top],
  low,
  fresh
)
SELECT
  s.id,
  p.id,
  COALESCE(p.id, s.id),
  s.id,
  0
FROM #lc_session AS s
LEFT JOIN #lc_link AS p
  ON p.id = s.parent_id;
