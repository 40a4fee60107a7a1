-- What stays: trees, each told by its root, and their sessions but those that go as a child subtree.
SELECT
  COALESCE(SUM(CASE WHEN r.id = r.root_id THEN 1 ELSE 0 END), 0) AS trees,
  COUNT(*) AS sessions,
  COALESCE(SUM(s.bytes), 0) AS bytes
FROM lc_session AS s
JOIN lc_root AS r
  ON r.id = s.id
LEFT JOIN lc_unit AS u
  ON u.id = s.id
WHERE
  u.id IS NULL;
