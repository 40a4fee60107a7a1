-- The rows of << table >> that came with fewer diffs than the copy had: dropped, or shrunk without a change of time.
SELECT w.id
FROM lc_was AS w
JOIN << table >> AS t ON t.id = w.id
WHERE w.name = '<< table >>'
  AND (
    t.summary_diffs IS NULL AND w.summary_diffs IS NOT NULL
    OR clean_time(t.time_updated) = w.newest AND octet_length(t.revert) < octet_length(w.revert)
  );
