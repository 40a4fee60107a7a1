-- How many of the sessions that go are still there.
SELECT
  COUNT(*) AS tally
FROM lc_leaving AS d
LEFT JOIN session AS session_row
  ON session_row.id = d.id
LEFT JOIN session_v2 AS session_v2_row
  ON session_v2_row.id = d.id
WHERE
  NOT (
    session_row.id IS NULL AND session_v2_row.id IS NULL
  );
