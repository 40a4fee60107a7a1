-- What the sessions of the queue are called, which project they are of, where they work, and when they were last changed.
SELECT
  q.place,
  session_row.title AS title,
  session_row.project_id AS project_id,
  session_row.directory AS directory,
  CASE
    WHEN TYPEOF(session_row.time_updated) = 'integer' AND session_row.time_updated >= 1000000000000
    THEN session_row.time_updated
  END AS time_updated
FROM lc_queue AS q
LEFT JOIN session AS session_row
  ON session_row.id = q.id
ORDER BY
  q.place;
