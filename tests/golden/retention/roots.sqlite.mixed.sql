-- How many root sessions there are, by the index on the parent; an id in both layouts counts twice.
SELECT
  (
    SELECT
      COUNT(*)
    FROM session AS session_row
    WHERE
      session_row.parent_id IS NULL
  ) + (
    SELECT
      COUNT(*)
    FROM session_v2 AS session_v2_row
    WHERE
      session_v2_row.parent_id IS NULL
  ) AS roots;
