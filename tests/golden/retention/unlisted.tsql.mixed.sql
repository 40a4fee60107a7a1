-- How many of the chosen sessions are of 2.x, where no list looks at the flag.
SELECT
  COUNT_BIG(*) AS sessions
FROM #lc_unit AS u
WHERE
  u.id = u.root_id AND EXISTS(
    SELECT
      1
    FROM session_v2 AS s
    WHERE
      s.id = u.id
  );
