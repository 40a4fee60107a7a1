-- Chosen sessions whose flag would change, in either layout: an id in both may have it in one row only.
SELECT
  s.id,
  s.title,
  s.active
FROM lc_unit AS u
JOIN lc_session AS s
  ON s.id = u.id
WHERE
  u.id = u.root_id
  AND (
    EXISTS(
      SELECT
        1
      FROM session AS session_row
      WHERE
        session_row.id = u.id AND CASE WHEN session_row.time_archived IS NULL THEN 0 ELSE 1 END <> 1
    )
  )
ORDER BY
  s.active,
  s.id;
