-- How many rows a table has.
SELECT
  COUNT(*) AS tally
FROM "event" AS t;
