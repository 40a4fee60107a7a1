-- How many sessions of the list the store still has.
SELECT
  COUNT(*) AS known
FROM lc_planned AS p
LEFT JOIN session AS session_row
  ON session_row.id = p.id
WHERE
  NOT (
    session_row.id IS NULL
  );
