-- How many of the chosen sessions are of 2.x, where no list looks at the flag.
SELECT
  COUNT(*) AS sessions
FROM lc_unit AS u
WHERE
  u.id = u.root_id AND 1 = 0;
