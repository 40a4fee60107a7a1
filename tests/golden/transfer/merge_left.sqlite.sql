-- How many there are.
SELECT
  COUNT(*) AS tally
FROM "lc_in_part" AS n;
