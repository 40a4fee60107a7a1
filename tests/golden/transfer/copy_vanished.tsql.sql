-- Sessions that the origin has no more.
SELECT
  c.session_id
FROM lifecycle_copy AS c
LEFT JOIN #lc_now AS n
  ON n.id = c.session_id
WHERE
  c.origin = 'desk:1f0a' AND c.vanished IS NULL AND n.id IS NULL
ORDER BY
  c.session_id;
