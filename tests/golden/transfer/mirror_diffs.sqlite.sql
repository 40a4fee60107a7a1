-- The rows of event that came with fewer diffs than the copy had: dropped, or shrunk without a change of time.
SELECT
  w.id
FROM lc_was AS w
JOIN event AS t
  ON t.id = w.id
WHERE
  w.name = 'event'
  AND (
    t.summary_diffs IS NULL
    AND NOT w.summary_diffs IS NULL
    OR CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END = w.newest
    AND LENGTH(CAST(t.revert AS BLOB)) < LENGTH(CAST(w.revert AS BLOB))
  );
