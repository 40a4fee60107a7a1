-- How many root sessions there are, by the index on the parent; an id in both layouts counts twice.
SELECT
  (
    SELECT
      COUNT_BIG(*)
    FROM session AS session_row
    WHERE
      session_row.parent_id IS NULL
  ) AS roots;
