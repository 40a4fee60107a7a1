SELECT
  x.id,
  x.time_archived
FROM event AS x
WHERE
  x.id IN (
    SELECT
      u.id
    FROM lc_unit AS u
    WHERE
      u.id = u.root_id
  )
  AND CASE WHEN x.time_archived IS NULL THEN 0 ELSE 1 END <> 1;
