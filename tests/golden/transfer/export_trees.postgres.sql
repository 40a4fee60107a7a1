-- Whole trees: of all projects or of one, of any age or idle since a moment, or the one that a session is in.
SELECT
  r.root_id,
  s.id,
  s.parent_id
FROM lc_root AS r
JOIN lc_session AS s
  ON s.id = r.id
JOIN lc_home AS h
  ON h.id = r.root_id
WHERE
  (
    NULL IS NULL OR h.project_id = NULL
  )
  AND (
    1799395200000 IS NULL OR h.active < 1799395200000
  )
  AND (
    'ses_e08bc50f1ffeEjVqoN0steH3Gl' IS NULL OR r.root_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
  )
ORDER BY
  r.root_id,
  s.id;
