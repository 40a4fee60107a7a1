-- How many of the units that go are child subtrees of trees that stay, and all sessions that go.
SELECT
  COALESCE(SUM(CASE WHEN u.id = u.root_id AND u.reason = 'child-age' THEN 1 ELSE 0 END), 0) AS children,
  COUNT_BIG(*) AS sessions
FROM #lc_unit AS u;
