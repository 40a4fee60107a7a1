-- How many of the sessions that go are still there.
SELECT
  COUNT_BIG(*) AS tally
FROM #lc_leaving AS d
LEFT JOIN session AS session_row
  ON session_row.id = d.id
WHERE
  NOT (
    session_row.id IS NULL
  );
