-- The rows that a list names.
SELECT
  s.id,
  s.tally
FROM lc_stray AS s
WHERE
  s.name = 'event';
