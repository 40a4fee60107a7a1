DELETE FROM lc_flagged;

-- A flag that somebody has set or cleared since it was looked at stays.
INSERT INTO lc_flagged (
  id
)
SELECT
  f.id
FROM lc_flag AS f
CROSS JOIN event AS x
WHERE
  x.id = f.id AND COALESCE(x.time_archived, 0) = COALESCE(f.was, 0);
