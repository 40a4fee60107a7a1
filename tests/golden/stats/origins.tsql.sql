-- What each origin brought: sessions that are here, those of them that it has no more, those of which another origin's
-- later state stands here, their octets, the newest time of a row, and when it was last looked at.
SELECT
  c.origin,
  COUNT_BIG(*) AS sessions,
  SUM(CASE WHEN c.vanished IS NULL THEN 0 ELSE 1 END) AS vanished,
  SUM(CASE WHEN c.kept = 0 THEN 1 ELSE 0 END) AS outdone,
  SUM(c.bytes) AS bytes,
  MAX(c.newest) AS newest,
  MAX(c.seen) AS seen
FROM lifecycle_copy AS c
LEFT JOIN session AS session_row
  ON session_row.id = c.session_id
WHERE
  NOT (
    session_row.id IS NULL
  )
GROUP BY
  c.origin
ORDER BY
  c.origin;
