-- The last change made to the tables of a server store.
SELECT
  COUNT(*) AS tally,
  COALESCE(MAX(c.number), 0) AS last_number
FROM lifecycle_change AS c;
