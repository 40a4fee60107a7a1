-- Chosen sessions whose flag would change.
SELECT
  s.id,
  s.title,
  s.active
FROM lc_unit AS u
JOIN lc_session AS s
  ON s.id = u.id
WHERE
  u.id = u.root_id AND s.archived <> 1
ORDER BY
  s.active,
  s.id;
