-- What the sessions of the queue are called, which project they are of, where they work, and when they were last changed.
SELECT
  q.place,
  CASE WHEN session_v2_row.id IS NULL THEN session_row.title ELSE session_v2_row.title END AS title,
  CASE WHEN session_v2_row.id IS NULL THEN session_row.project_id ELSE session_v2_row.project_id END AS project_id,
  CASE WHEN session_v2_row.id IS NULL THEN session_row.directory ELSE session_v2_row.directory END AS directory,
  CASE
    WHEN TYPEOF(CASE WHEN session_v2_row.id IS NULL THEN session_row.time_updated ELSE session_v2_row.time_updated END) = 'integer'
    AND CASE WHEN session_v2_row.id IS NULL THEN session_row.time_updated ELSE session_v2_row.time_updated END >= 1000000000000
    THEN CASE WHEN session_v2_row.id IS NULL THEN session_row.time_updated ELSE session_v2_row.time_updated END
  END AS time_updated
FROM lc_queue AS q
LEFT JOIN session AS session_row
  ON session_row.id = q.id
LEFT JOIN session_v2 AS session_v2_row
  ON session_v2_row.id = q.id
ORDER BY
  q.place;
