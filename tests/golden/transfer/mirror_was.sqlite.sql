-- Diffs in the copy's rows of session.
INSERT INTO lc_was (
  name,
  id,
  newest,
  summary_diffs,
  revert
)
SELECT
  'session',
  t.id,
  CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END,
  t.summary_diffs,
  t.revert
FROM lc_copy AS c
JOIN session AS t
  ON t.id = c.id
WHERE
  NOT t.summary_diffs IS NULL OR NOT t.revert IS NULL;
