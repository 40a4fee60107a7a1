-- The rows that a list names.
SELECT
  t.id,
  1 AS tally
FROM lc_target AS t
WHERE
  t.kind = 'title' AND t.name = 'event' AND t.field = 'data';
