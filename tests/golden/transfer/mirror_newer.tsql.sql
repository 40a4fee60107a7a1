-- Sessions that changed later in the copy than at the source: an older source does not overwrite them.
SELECT
  c.id
FROM #lc_copy AS c
JOIN #lc_there AS t
  ON t.id = c.id
GROUP BY
  c.id,
  c.newest
HAVING
  MAX(t.newest) > COALESCE(c.newest, 0)
ORDER BY
  c.id;
