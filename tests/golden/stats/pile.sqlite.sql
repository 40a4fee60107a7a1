-- The sessions that have parts, in the order in which they are read. (One may have some by their messages, and others
-- that name it themselves.)
INSERT INTO lc_pile (
  number,
  id,
  bytes
)
SELECT
  ROW_NUMBER() OVER (ORDER BY u.id),
  u.id,
  SUM(u.bytes)
FROM lc_usage AS u
WHERE
  u.name = 'part' AND NOT u.id IS NULL
GROUP BY
  u.id;
