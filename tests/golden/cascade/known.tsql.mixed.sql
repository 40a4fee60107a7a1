-- How many sessions of the list the store still has.
SELECT
  COUNT_BIG(*) AS known
FROM #lc_planned AS p
LEFT JOIN session AS session_row
  ON session_row.id = p.id
LEFT JOIN session_v2 AS session_v2_row
  ON session_v2_row.id = p.id
WHERE
  NOT (
    session_row.id IS NULL AND session_v2_row.id IS NULL
  );
