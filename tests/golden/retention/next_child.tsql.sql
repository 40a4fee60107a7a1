-- The same of child sessions: none may go before.
SELECT
  MIN(s.active + (
    1800000000000 - l.child_since
  ) + 1) AS due
FROM #lc_session AS s
JOIN #lc_root AS r
  ON r.id = s.id
JOIN #lc_limit AS l
  ON l.root_id = r.root_id
WHERE
  s.active >= l.child_since AND NOT s.parent_id IS NULL;
