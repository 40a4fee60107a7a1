-- Sessions: all, roots, children, archived, shared, and those whose parent is gone.
SELECT
  COUNT_BIG(*) AS total,
  COUNT_BIG(*) - COUNT_BIG(s.parent_id) AS root,
  COUNT_BIG(s.parent_id) AS child,
  COALESCE(SUM(s.archived), 0) AS archived,
  COALESCE(SUM(s.shared), 0) AS shared,
  COUNT_BIG(s.parent_id) - COUNT_BIG(p.id) AS orphan
FROM #lc_session AS s
LEFT JOIN #lc_link AS p
  ON p.id = s.parent_id;
